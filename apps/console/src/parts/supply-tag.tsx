import type { SupplyState } from "@storeloop/api";
import { Tag } from "@storeloop/ui";
import { useWords } from "../words/index.ts";

/** Where expected supply stands. */
export function SupplyTag({ state }: { state: SupplyState }) {
  const { supplies: t } = useWords();
  const look = {
    expected: { tone: "info", icon: "truck" },
    received: { tone: "success", icon: "check" },
    cancelled: { tone: "neutral", icon: "close" },
  } as const;
  return <Tag {...look[state]}>{t.states[state]}</Tag>;
}
