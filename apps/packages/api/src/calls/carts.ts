/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Open a cart. */
export const cartCreate = (body: Body<"cart_create">, intent?: Intent) =>
  http.post<Answer<"cart_create">>("/carts", body, intent);

/** A cart, with the prices and the availability of this moment. */
export const cartGet = (id: string) => http.get<Answer<"cart_get">>(`/carts/${id}`);

/** Say how and to whom, and type a promotion code. */
export const cartChange = (id: string, body: Body<"cart_change">, intent?: Intent) =>
  http.patch<Answer<"cart_change">>(`/carts/${id}`, body, intent);

/** Order what is in the cart. */
export const cartCheckout = (id: string, body: Body<"cart_checkout">, intent?: Intent) =>
  http.post<Answer<"cart_checkout">>(`/carts/${id}/checkout`, body, intent);

/** Where all of a cart can be collected, and from when. */
export const cartCollectList = (id: string, filter?: Filter<"cart_collect_list">) =>
  http.get<Answer<"cart_collect_list">>(`/carts/${id}/collect`, filter);

/** Want so many of a SKU. */
export const cartSetLine = (
  id: string,
  skuId: string,
  body: Body<"cart_set_line">,
  intent?: Intent,
) => http.put<Answer<"cart_set_line">>(`/carts/${id}/lines/${skuId}`, body, intent);
