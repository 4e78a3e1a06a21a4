import { A } from "@storeloop/ui";
import type { ReactNode } from "react";

/** A name or number that leads to what it names. */
export function Door({ href, children }: { href: string; children: ReactNode }) {
  return (
    <A className="console-door" href={href}>
      {children}
    </A>
  );
}
