/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Lists all of a SKU that is due, goods on the road between places included. */
export const dueList = (filter?: Filter<"due_list">) =>
  http.get<Answer<"due_list">>("/stock/dues", filter);

/** Lists expected supply, what is due first first. */
export const supplyList = (filter?: Filter<"supply_list">) =>
  http.get<Answer<"supply_list">>("/stock/supplies", filter);

/** Enters what is due at a place. */
export const supplyEnter = (body: Body<"supply_enter">, intent?: Intent) =>
  http.post<Answer<"supply_enter">>("/stock/supplies", body, intent);

/** Reads expected supply with all that was done to it. */
export const supplyGet = (id: string) => http.get<Answer<"supply_get">>(`/stock/supplies/${id}`);

/** Has supply come on another day, or in other numbers. */
export const supplyChange = (id: string, body: Body<"supply_change">, intent?: Intent) =>
  http.patch<Answer<"supply_change">>(`/stock/supplies/${id}`, body, intent);

/** What is still to come does not come. */
export const supplyCancel = (id: string, body: Body<"supply_cancel">, intent?: Intent) =>
  http.post<Answer<"supply_cancel">>(`/stock/supplies/${id}/cancel`, body, intent);

/** Goods arrive and are on the book. */
export const supplyReceive = (id: string, body: Body<"supply_receive">, intent?: Intent) =>
  http.post<Answer<"supply_receive">>(`/stock/supplies/${id}/receive`, body, intent);
