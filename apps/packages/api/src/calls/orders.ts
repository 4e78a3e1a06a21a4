/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Orders that a person must decide about, the first placed first. */
export const decisionList = (filter?: Filter<"decision_list">) =>
  http.get<Answer<"decision_list">>("/decisions", filter);

/** What places are asked to serve, the longest waiting first. */
export const fulfilmentList = (filter?: Filter<"fulfilment_list">) =>
  http.get<Answer<"fulfilment_list">>("/fulfilments", filter);

/** The signed-in member's orders of every channel, the newest first. */
export const myOrderList = (filter?: Filter<"my_order_list">) =>
  http.get<Answer<"my_order_list">>("/me/orders", filter);

/** Add a guest's order to the signed-in member's account. */
export const orderJoin = (id: string, body: Body<"order_join">, intent?: Intent) =>
  http.post<Answer<"order_join">>(`/me/orders/${id}/join`, body, intent);

/** Orders, the newest first. */
export const orderList = (filter?: Filter<"order_list">) =>
  http.get<Answer<"order_list">>("/orders", filter);

/** One order. */
export const orderGet = (id: string, filter?: Filter<"order_get">) =>
  http.get<Answer<"order_get">>(`/orders/${id}`, filter);

/** Give an order up. */
export const orderCancel = (
  id: string,
  body: Body<"order_cancel">,
  filter?: Filter<"order_cancel">,
  intent?: Intent,
) => http.post<Answer<"order_cancel">>(`/orders/${id}/cancel`, body, intent, filter);

/** Change a placed order. */
export const orderChange = (
  id: string,
  body: Body<"order_change">,
  filter?: Filter<"order_change">,
  intent?: Intent,
) => http.post<Answer<"order_change">>(`/orders/${id}/changes`, body, intent, filter);

/** Withdraw a change that waits for its payment. */
export const orderChangeWithdraw = (
  id: string,
  filter?: Filter<"order_change_withdraw">,
  intent?: Intent,
) =>
  http.delete<Answer<"order_change_withdraw">>(`/orders/${id}/changes`, undefined, intent, filter);

/** What a change of a placed order would come to. */
export const orderChangePreview = (
  id: string,
  body: Body<"order_change_preview">,
  filter?: Filter<"order_change_preview">,
  intent?: Intent,
) =>
  http.post<Answer<"order_change_preview">>(`/orders/${id}/changes/preview`, body, intent, filter);

/** Decide what becomes of an order that nobody can serve as it is. */
export const orderDecide = (id: string, body: Body<"order_decide">, intent?: Intent) =>
  http.post<Answer<"order_decide">>(`/orders/${id}/decision`, body, intent);
