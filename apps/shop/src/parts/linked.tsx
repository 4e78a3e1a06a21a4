import { A } from "@storeloop/ui";

/** An address of this shop inside a message, with or without the host it was written for. */
const SHOP_LINK = /((?:https?:\/\/[^\s/]+)?\/shop\/[\w/?=&.%-]+)/g;

/** A message as text, its links into this shop made to press; other addresses stay text. */
export function Linked({ text }: { text: string }) {
  return text.split(SHOP_LINK).map((part, index) => {
    // Splitting by a group leaves the matches at odd places.
    if (index % 2 === 0) return part;
    const path = part.slice(part.indexOf("/shop/") + "/shop".length);
    return (
      <A key={index} href={path}>
        {part}
      </A>
    );
  });
}
