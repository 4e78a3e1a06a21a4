import { describe, expect, test } from "vitest";
import { chartDark, chartLight, dark, light, type Palette, tokensCss } from "./tokens.ts";

test("the style sheet says what the tokens say", async () => {
  await expect(tokensCss()).toMatchFileSnapshot("./css/tokens.css");
});

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2 contrast ratio. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

type Name = keyof Palette;

const GROUNDS: Name[] = ["paper", "surface", "sunken"];
const INKS: Name[] = ["ink", "ink-2", "ink-3", "accent", "success", "warning", "danger", "info"];
const PAIRS: [Name, Name][] = [
  ...INKS.flatMap((ink) => GROUNDS.map((ground): [Name, Name] => [ink, ground])),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-danger", "danger"],
  ["on-danger", "danger-hover"],
  ["accent", "accent-soft"],
  ["ink", "accent-soft"],
  ["ink-2", "accent-soft"],
  ["success", "success-soft"],
  ["warning", "warning-soft"],
  ["danger", "danger-soft"],
  ["info", "info-soft"],
  ["ink", "warning-soft"],
  ["ink", "danger-soft"],
  ["ink", "info-soft"],
];

describe.each([
  ["light", light, chartLight],
  ["dark", dark, chartDark],
] as const)("%s", (_, palette, chart) => {
  test.each(PAIRS)("%s is readable on %s", (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(GROUNDS)("a control can be seen on %s", (ground) => {
    expect(contrast(palette["line-strong"], palette[ground])).toBeGreaterThanOrEqual(3);
  });

  test("a line of a chart can be seen", () => {
    for (const colour of chart) {
      expect(contrast(colour, palette.surface)).toBeGreaterThanOrEqual(3);
    }
  });
});
