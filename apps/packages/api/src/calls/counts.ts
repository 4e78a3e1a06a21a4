/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Lists counts, newest first. */
export const countList = (filter?: Filter<"count_list">) =>
  http.get<Answer<"count_list">>("/stock/counts", filter);

/** Begins a count. */
export const countCreate = (body: Body<"count_create">, intent?: Intent) =>
  http.post<Answer<"count_create">>("/stock/counts", body, intent);

/** Reads a count. */
export const countGet = (id: string) => http.get<Answer<"count_get">>(`/stock/counts/${id}`);

/** Agrees to what was found and posts it. */
export const countApprove = (id: string, body: Body<"count_approve">, intent?: Intent) =>
  http.post<Answer<"count_approve">>(`/stock/counts/${id}/approve`, body, intent);

/** Gives a count up; the book stays as it is. */
export const countCancel = (id: string, intent?: Intent) =>
  http.post<Answer<"count_cancel">>(`/stock/counts/${id}/cancel`, undefined, intent);

/** Count what RFID readers saw. */
export const countRead = (id: string, body: Body<"count_read">, intent?: Intent) =>
  http.post<Answer<"count_read">>(`/stock/counts/${id}/epcis`, body, intent);

/** Lists the lines of a count, by SKU. A blind count keeps what it expects to itself while people count. */
export const countLineList = (id: string, filter?: Filter<"count_line_list">) =>
  http.get<Answer<"count_line_list">>(`/stock/counts/${id}/lines`, filter);

/** Has lines counted once more. */
export const countRecount = (id: string, body: Body<"count_recount">, intent?: Intent) =>
  http.post<Answer<"count_recount">>(`/stock/counts/${id}/recount`, body, intent);

/** Hands a count in. Small differences are posted at once, large ones wait for approval. */
export const countSubmit = (id: string, body: Body<"count_submit">, intent?: Intent) =>
  http.post<Answer<"count_submit">>(`/stock/counts/${id}/submit`, body, intent);

/** Say what was found. */
export const countTake = (id: string, body: Body<"count_take">, intent?: Intent) =>
  http.post<Answer<"count_take">>(`/stock/counts/${id}/takes`, body, intent);
