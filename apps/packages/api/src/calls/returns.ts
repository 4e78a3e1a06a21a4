/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Take goods back and hand others out for them. */
export const exchangeTake = (body: Body<"exchange_take">, intent?: Intent) =>
  http.post<Answer<"exchange_take">>("/exchanges", body, intent);

/** What an exchange would come to. */
export const exchangePreview = (body: Body<"exchange_preview">, intent?: Intent) =>
  http.post<Answer<"exchange_preview">>("/exchanges/preview", body, intent);

/** Returns, the newest first. */
export const returnList = (filter?: Filter<"return_list">) =>
  http.get<Answer<"return_list">>("/returns", filter);

/** Take goods back. */
export const returnTake = (body: Body<"return_take">, intent?: Intent) =>
  http.post<Answer<"return_take">>("/returns", body, intent);
