/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Lists transfers, newest first. */
export const transferList = (filter?: Filter<"transfer_list">) =>
  http.get<Answer<"transfer_list">>("/stock/transfers", filter);

/** Asks for goods of another place. */
export const transferRequest = (body: Body<"transfer_request">, intent?: Intent) =>
  http.post<Answer<"transfer_request">>("/stock/transfers", body, intent);

/** Reads a transfer with all that was done to it. */
export const transferGet = (id: string) =>
  http.get<Answer<"transfer_get">>(`/stock/transfers/${id}`);

/** Agrees to a transfer, whole or in part, and keeps the goods for it. */
export const transferApprove = (id: string, body: Body<"transfer_approve">, intent?: Intent) =>
  http.post<Answer<"transfer_approve">>(`/stock/transfers/${id}/approve`, body, intent);

/** Gives a transfer up. Goods on the road turn around or are written off. */
export const transferCancel = (id: string, body: Body<"transfer_cancel">, intent?: Intent) =>
  http.post<Answer<"transfer_cancel">>(`/stock/transfers/${id}/cancel`, body, intent);

/** Says by when goods on the road arrive. */
export const transferDueSet = (id: string, body: Body<"transfer_due_set">, intent?: Intent) =>
  http.put<Answer<"transfer_due_set">>(`/stock/transfers/${id}/due`, body, intent);

/** Says what was packed; what was agreed to and not packed is free again. */
export const transferPick = (id: string, body: Body<"transfer_pick">, intent?: Intent) =>
  http.post<Answer<"transfer_pick">>(`/stock/transfers/${id}/pick`, body, intent);

/** The goods arrive. What is missing stays on the road until somebody says what became of it. */
export const transferReceive = (id: string, body: Body<"transfer_receive">, intent?: Intent) =>
  http.post<Answer<"transfer_receive">>(`/stock/transfers/${id}/receive`, body, intent);

/** Says what became of pieces that did not arrive with the rest. */
export const transferSettle = (id: string, body: Body<"transfer_settle">, intent?: Intent) =>
  http.post<Answer<"transfer_settle">>(`/stock/transfers/${id}/settle`, body, intent);

/** The goods leave. */
export const transferShip = (id: string, body: Body<"transfer_ship">, intent?: Intent) =>
  http.post<Answer<"transfer_ship">>(`/stock/transfers/${id}/ship`, body, intent);
