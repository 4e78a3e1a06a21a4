/**
 * The design language: tokens and the components that shop, store app, till and console share.
 *
 * Owns: looks, access (names, focus, contrast), the five states of a view. Never does: fetch,
 * know a route, hold words of a particular app.
 */
export { AheadCard } from "./ahead.tsx";
export * from "./button.tsx";
export * from "./content.tsx";
export { useDelayed } from "./delayed.ts";
export * from "./dialog.tsx";
export * from "./feedback.tsx";
export * from "./field.tsx";
export * from "./goods.tsx";
export { Icon, type IconName } from "./icons.tsx";
export { KitParts } from "./kit.tsx";
export * from "./layout.tsx";
export { A, type AnchorProps, LinkProvider } from "./link.tsx";
export { MarkedName } from "./marked.tsx";
export { Main, SkipLink } from "./main.tsx";
export { lazyPage } from "./pages.tsx";
export { QrCode } from "./qr.tsx";
export * from "./query-view.tsx";
export { type Topic, useStateWords, useTopicWord } from "./state-words.ts";
export * from "./states.tsx";
export * from "./theme.ts";
export { toast, Toaster } from "./toast.tsx";
