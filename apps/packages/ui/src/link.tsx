import { type AnchorHTMLAttributes, createContext, type ReactNode, useContext } from "react";

export type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** How an app follows a link without loading a page; a plain anchor until it says so. */
const LinkContext = createContext((props: AnchorProps): ReactNode => <a {...props} />);

/** Once per app: `<LinkProvider value={routerLink}>`, where `routerLink` draws the router's link. */
export const LinkProvider = LinkContext.Provider;

/** A link inside the app. Addresses of other apps and hosts stay plain `<a>`. */
export function A(props: AnchorProps) {
  return useContext(LinkContext)(props);
}
