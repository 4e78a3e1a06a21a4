/** What somebody would like a placed order to become, and what that would come to. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { orderChangePreview } from "./calls/index.ts";
import { isProblem } from "./problem.ts";
import type { FulfilmentChoice, Order, Text } from "./types.ts";

/** An article of the order as it is to be. */
export type ChangeLine = { sku_id: string; name: Text; option: Text; quantity: number };

/** What the server is asked for: only what is to be other than it is. */
export type ChangeBody = {
  lines?: { sku_id: string; quantity: number }[];
  fulfilment?: FulfilmentChoice;
};

type Lines = Pick<
  Order["lines"][number],
  "sku_id" | "name" | "option" | "quantity" | "quantity_cancelled"
>;

/** What is wanted of an order now, one entry an article. */
export function changeLines(order: { lines: Lines[] }): ChangeLine[] {
  const wanted = new Map<string, ChangeLine>();
  for (const line of order.lines) {
    const quantity = line.quantity - line.quantity_cancelled;
    if (quantity <= 0) continue;
    const before = wanted.get(line.sku_id)?.quantity ?? 0;
    const { sku_id, name, option } = line;
    wanted.set(sku_id, { sku_id, name, option, quantity: before + quantity });
  }
  return [...wanted.values()];
}

/** What to ask for, or `null` while nothing is other than it is, or nothing would be left. */
export function changeBody(
  order: { lines: Lines[] },
  lines: ChangeLine[],
  fulfilment: FulfilmentChoice | null,
): ChangeBody | null {
  const before = new Map(changeLines(order).map((line) => [line.sku_id, line.quantity]));
  const now = lines.filter((line) => line.quantity > 0);
  const isOther =
    now.length !== before.size || now.some((line) => before.get(line.sku_id) !== line.quantity);
  if (now.length === 0 || (!isOther && fulfilment === null)) return null;
  return {
    ...(isOther ? { lines: now.map(({ sku_id, quantity }) => ({ sku_id, quantity })) } : {}),
    ...(fulfilment ? { fulfilment } : {}),
  };
}

/** The article there is too little of, where that is why it cannot be so. */
export function lacking(error: unknown, lines: ChangeLine[]): ChangeLine | undefined {
  if (!isProblem(error, "stock.insufficient")) return undefined;
  return lines.find((line) => line.sku_id === error.factText("sku_id"));
}

/** What a change would come to at this moment. */
export function useChangePreview(order: Order, body: ChangeBody | null, token?: string) {
  return useQuery({
    queryKey: ["order-change", order.id, order.version, body],
    queryFn: () => orderChangePreview(order.id, body ?? {}, token === undefined ? {} : { token }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}
