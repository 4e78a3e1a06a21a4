/** Line icons on a 24-pixel grid, drawn for this project: paths only, one stroke width. */
const PATHS = {
  alert:
    "M12 8v5M12 16.5v.01M10.3 4.2 2.8 17.5A2 2 0 0 0 4.5 20.5h15a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z",
  back: "M15 5l-7 7 7 7",
  bag: "M5 8h14l1 12H4L5 8ZM9 8V6.5a3 3 0 0 1 6 0V8",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16ZM10 20.5h4",
  box: "M4 8l8-4 8 4v8l-8 4-8-4V8ZM4 8l8 4 8-4M12 12v8",
  calendar: "M4 6h16v14H4V6ZM4 10h16M8 3.5V6M16 3.5V6",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4V8ZM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M9 5l7 7-7 7",
  circle: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
  close: "M6 6l12 12M18 6L6 18",
  cross: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 9l6 6M15 9l-6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19l-4 1ZM14 7l3 3",
  external: "M9 6H5v13h13v-4M13 5h6v6M19 5l-8 8",
  filter: "M4 6h16M7 12h10M10 18h4",
  gift: "M4 12h16v8H4v-8ZM3 8h18v4H3V8ZM12 8v12M12 8C9 8 7.5 7 7.5 5.5S11 3.5 12 8ZM12 8c3 0 4.5-1 4.5-2.5S13 3.5 12 8Z",
  globe:
    "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17Z",
  home: "M4 11l8-7 8 7v9h-5.5v-5.5h-5V20H4v-9Z",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5.5M12 7.8v.01",
  list: "M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01",
  lock: "M6 11h12v9H6v-9ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  message: "M4 5h16v11.5h-8.5L7 20v-3.5H4V5Z",
  minus: "M5 12h14",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  offline:
    "M3 4l18 17M5 12.5a10 10 0 0 1 4.5-2.6M8.5 16a5 5 0 0 1 5-1M13.5 9.6A10 10 0 0 1 19 12.5M12 19.5v.01",
  percent:
    "M6 18L18 6M8 9.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM16 18.1a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  phone: "M8 3.5h8v17H8v-17ZM11 17.8h2",
  pin: "M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 6.5-6.5 11ZM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  plus: "M12 5v14M5 12h14",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7v-6Z",
  qr: "M4 4h6v6H4V4ZM14 4h6v6h-6V4ZM4 14h6v6H4v-6ZM14 14h2.5v2.5H14V14ZM18.5 18.5H20V20h-1.5v-1.5ZM14 19.5v.01M19.5 14v.01",
  refresh: "M19 7v4h-4M5 17v-4h4M6.3 9A6.5 6.5 0 0 1 18.5 10.5M17.7 15A6.5 6.5 0 0 1 5.5 13.5",
  return: "M9 5L4.5 9.5 9 14M5 9.5h9a5 5 0 0 1 0 10h-4",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5L20 20",
  settings:
    "M4 7h9M17 7h3M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM4 17h3M11 17h9M9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  shield:
    "M12 3.5l7.5 3V12c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6.5l7.5-3ZM8.5 12l2.5 2.5 4.5-4.5",
  star: "M12 4l2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8L12 4Z",
  store: "M4 10v10h16V10M3 10l2-6h14l2 6H3ZM9.5 20v-5.5h5V20",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M5.6 18.4l1-1M17.4 6.6l1-1",
  tag: "M4 4h8l8.5 8.5-8 8L4 12V4ZM8.2 8.2v.01",
  trash: "M5 7h14M10 7V4.5h4V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  truck:
    "M3 6h11v10H3V6ZM14 10h4l3 3v3h-7v-6ZM7 18.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM17.5 18.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z",
  undo: "M8 5L4 9l4 4M4.5 9H14a5 5 0 0 1 0 10H9",
  up: "M12 19V5M6 11l6-6 6 6",
  user: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
  users:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M15.5 4.3a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5",
  voice: "M4 10.5v3h3l6 4.5V6l-6 4.5H4ZM16.5 9a4.5 4.5 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a word. It is silent for screen readers: the word, or the button's label, speaks. */
export function Icon({ name, size }: { name: IconName; size?: number }) {
  return (
    <svg
      className="sl-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={size ? { width: size, height: size } : undefined}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
