import {
  type Cart,
  cartChange,
  cartCreate,
  cartGet,
  cartSetLine,
  isProblem,
  type Money,
  useAction,
} from "@storeloop/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { stored } from "./stored.ts";

const cartId = stored<string | null>("storeloop.cart", null, (raw) =>
  typeof raw === "string" ? raw : undefined,
);

const cartKey = (id: string | null) => ["cart", id] as const;

/** Whether a bag can no longer be filled: unknown by now, or an order already. */
function isGone(error: unknown): boolean {
  return isProblem(error) && (error.status === 404 || error.code === "cart.already_ordered");
}

/** The bag of this device; `null` while there is none. */
export function useCart() {
  const id = cartId.use();
  return useQuery({
    queryKey: cartKey(id),
    queryFn: async (): Promise<Cart | null> => {
      if (id === null) return null;
      const cart = await cartGet(id).catch((error: unknown) => {
        if (isGone(error)) return null;
        throw error;
      });
      if (cart && cart.order_id === null) return cart;
      // Checked out on another tab, or swept away: start with an empty bag.
      if (cartId.get() === id) cartId.set(null);
      return null;
    },
  });
}

/** How many pieces are in a bag. */
export function countPieces(cart: Cart | null | undefined): number {
  return cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
}

/** Keeps an answer of the server as the bag of this device. */
export function useRememberCart(): (cart: Cart) => void {
  const client = useQueryClient();
  return (cart) => {
    client.setQueryData(cartKey(cart.id), cart);
    cartId.set(cart.id);
  };
}

/** An ordered bag is done; the next piece starts a new one. */
export function forgetCart(): void {
  cartId.set(null);
}

type LineChange = { sku_id: string; quantity: number };

/** Sets the quantity of one SKU (0 removes it), making the bag when there is none yet. */
export function useSetLine() {
  const remember = useRememberCart();
  return useAction(
    async (change: LineChange, intent) => {
      const id = cartId.get();
      const fresh = () =>
        cartCreate({ channel: "web", lines: [change] }, { key: `${intent.key}n` });
      if (id === null) return fresh();
      try {
        return await cartSetLine(id, change.sku_id, { quantity: change.quantity }, intent);
      } catch (error) {
        if (!isGone(error) || change.quantity === 0) throw error;
        return fresh();
      }
    },
    { onSuccess: remember },
  );
}

type Reservation = { sku_id: string; place_id: string };

/** One piece to collect at a store: into the bag if it is not there yet, and on to the checkout. */
export function useReserve() {
  const client = useQueryClient();
  const remember = useRememberCart();
  const [, go] = useLocation();
  return useAction(
    async ({ sku_id, place_id }: Reservation, intent) => {
      const id = cartId.get();
      const known = id === null ? null : client.getQueryData<Cart | null>(cartKey(id));
      const fulfilment = { method: "collect" as const, place_id };
      if (!known) {
        const lines = [{ sku_id, quantity: 1 }];
        return cartCreate({ channel: "web", lines, fulfilment }, intent);
      }
      if (!known.lines.some((line) => line.sku_id === sku_id)) {
        await cartSetLine(known.id, sku_id, { quantity: 1 }, { key: `${intent.key}l` });
      }
      return cartChange(known.id, { fulfilment }, intent);
    },
    {
      onSuccess: (cart) => {
        remember(cart);
        go("/checkout");
      },
    },
  );
}

/** Whether an amount is nothing to pay. */
export function isFree(amount: Money): boolean {
  return amount.amount_minor === 0;
}
