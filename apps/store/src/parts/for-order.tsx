import type { TransferSummary } from "@storeloop/api";
import { PlaceTime, Tag } from "@storeloop/ui";
import { useWords } from "../words/index.ts";

/** Whose goods a transfer carries, and by when they should be there. */
export function ForOrder({
  transfer,
}: {
  transfer: Pick<TransferSummary, "for_order" | "promised" | "due_at" | "to_place_id" | "state">;
}) {
  const { goods: t } = useWords();
  const order = transfer.for_order;
  if (!order) return null;
  if (transfer.promised === 0) return <Tag>{t.forOrderNoMore(order.order_number)}</Tag>;
  const comes = ["approved", "picked", "shipped"].includes(transfer.state);
  return (
    <>
      <Tag tone="info" icon="bag">
        {t.forOrder(order.order_number)}
      </Tag>
      {comes && transfer.due_at && (
        <>
          {" "}
          {t.thereBy} <PlaceTime place={transfer.to_place_id} value={transfer.due_at} as="day" />
        </>
      )}
    </>
  );
}
