/**
 * The design language in numbers: the one place where a colour, a size or a duration is decided.
 * `css/tokens.css` is generated from here (`npm run tokens`); a test holds both together and
 * checks the contrast of every pair that carries text.
 */

/** The colours of one theme. */
export type Palette = Record<
  | "paper" // the page
  | "surface" // cards, sheets, fields
  | "sunken" // wells, skeletons, zebra
  | "line" // hairlines that only order
  | "line-strong" // borders that show where a control is
  | "ink" // text
  | "ink-2" // secondary text
  | "ink-3" // captions, placeholders
  | "accent" // action, selection, focus
  | "accent-hover"
  | "on-accent" // text on accent
  | "accent-soft" // selected rows, quiet buttons
  | "success"
  | "success-soft"
  | "warning"
  | "warning-soft"
  | "danger"
  | "danger-hover"
  | "on-danger"
  | "danger-soft"
  | "info"
  | "info-soft"
  | "scrim",
  string
>;

export const light: Palette = {
  paper: "#faf9f6",
  surface: "#ffffff",
  sunken: "#f1efea",
  line: "#e4e1d9",
  "line-strong": "#8a867b",
  ink: "#1c1b18",
  "ink-2": "#55524a",
  "ink-3": "#6b675d",
  accent: "#3145b5",
  "accent-hover": "#25368f",
  "on-accent": "#ffffff",
  "accent-soft": "#eceefa",
  success: "#17673a",
  "success-soft": "#e3f2e8",
  warning: "#855000",
  "warning-soft": "#fbf0dc",
  danger: "#b3261e",
  "danger-hover": "#8f1d17",
  "on-danger": "#ffffff",
  "danger-soft": "#fbe9e7",
  info: "#1c5a90",
  "info-soft": "#e5eff8",
  scrim: "rgb(28 27 24 / 0.45)",
};

export const dark: Palette = {
  paper: "#141412",
  surface: "#1e1e1b",
  sunken: "#272622",
  line: "#34332e",
  "line-strong": "#858178",
  ink: "#f2f0ea",
  "ink-2": "#c0bcb2",
  "ink-3": "#a19d92",
  accent: "#aab6ff",
  "accent-hover": "#c5cdff",
  "on-accent": "#151a3d",
  "accent-soft": "#282d4d",
  success: "#84d3a5",
  "success-soft": "#183125",
  warning: "#ebba6c",
  "warning-soft": "#362a10",
  danger: "#ffa99e",
  "danger-hover": "#ffc4bc",
  "on-danger": "#3d0f0a",
  "danger-soft": "#42211d",
  info: "#97c7f0",
  "info-soft": "#172b3c",
  scrim: "rgb(0 0 0 / 0.6)",
};

/** Series colours of charts: told apart by colour-blind readers, in this order. */
export const chartLight = ["#3145b5", "#c2571a", "#11806a", "#8c3f8f", "#7a6a00", "#4a4a48"];
export const chartDark = ["#aab6ff", "#f2a065", "#5fd0b6", "#dc9be0", "#d9c64a", "#b9b7b0"];

/** Font sizes in pixels: caption, small, body, heading, title. */
export const TYPE_SCALE = [12, 14, 16, 20, 28] as const;

/** Everything that does not depend on the theme. */
export const shape = {
  "font-sans":
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Inter, "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei UI", "Noto Sans SC", "Noto Sans CJK SC", sans-serif',
  "font-mono": 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace',
  "text-12": "0.75rem",
  "text-14": "0.875rem",
  "text-16": "1rem",
  "text-20": "1.25rem",
  "text-28": "1.75rem",
  "space-1": "0.25rem",
  "space-2": "0.5rem",
  "space-3": "0.75rem",
  "space-4": "1rem",
  "space-5": "1.25rem",
  "space-6": "1.5rem",
  "space-8": "2rem",
  "space-10": "2.5rem",
  "space-12": "3rem",
  "radius-1": "0.375rem",
  "radius-2": "0.625rem",
  "radius-3": "1rem",
  // What a finger needs: 44 px, at a till 56 px.
  touch: "2.75rem",
  "touch-till": "3.5rem",
  "motion-fast": "120ms",
  "motion-slow": "220ms",
  ease: "cubic-bezier(0.2, 0, 0, 1)",
  "shadow-1": "0 1px 2px rgb(28 27 24 / 0.06)",
  "shadow-2": "0 8px 28px rgb(28 27 24 / 0.16)",
};

function block(selector: string, values: Record<string, string>, extra = ""): string {
  const lines = Object.entries(values).map(([name, value]) => `  --sl-${name}: ${value};`);
  return `${selector} {\n${extra}${lines.join("\n")}\n}\n`;
}

function series(colours: string[]): Record<string, string> {
  return Object.fromEntries(colours.map((colour, index) => [`chart-${index + 1}`, colour]));
}

function indent(css: string): string {
  return css.replace(/^(?=.)/gm, "  ");
}

/** The text of `css/tokens.css`. */
export function tokensCss(): string {
  const lightBlock = { ...light, ...series(chartLight) };
  const darkBlock = { ...dark, ...series(chartDark) };
  const auto = block(':root:not([data-theme="light"])', darkBlock, "  color-scheme: dark;\n");
  return [
    "/* Generated from tokens.ts by `npm run tokens`; do not edit. */",
    block(":root", { ...shape, ...lightBlock }, "  color-scheme: light;\n"),
    `@media (prefers-color-scheme: dark) {\n${indent(auto)}}\n`,
    block(':root[data-theme="dark"]', darkBlock, "  color-scheme: dark;\n"),
    "@media (prefers-reduced-motion: reduce) {\n  :root {\n    --sl-motion-fast: 0.01ms;\n    --sl-motion-slow: 0.01ms;\n  }\n}\n",
  ].join("\n");
}
