/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** List price lists, by code. */
export const priceListList = (filter?: Filter<"price_list_list">) =>
  http.get<Answer<"price_list_list">>("/price_lists", filter);

/** Create a price list. */
export const priceListCreate = (body: Body<"price_list_create">, intent?: Intent) =>
  http.post<Answer<"price_list_create">>("/price_lists", body, intent);

/** Read one price list. */
export const priceListGet = (id: string) =>
  http.get<Answer<"price_list_get">>(`/price_lists/${id}`);

/** Decide anew about a price list. */
export const priceListChange = (id: string, body: Body<"price_list_change">, intent?: Intent) =>
  http.put<Answer<"price_list_change">>(`/price_lists/${id}`, body, intent);

/** Remove a price list with its prices. */
export const priceListRemove = (id: string, intent?: Intent) =>
  http.delete<Answer<"price_list_remove">>(`/price_lists/${id}`, undefined, intent);

/** List the prices of a price list. */
export const priceEntryList = (id: string, filter?: Filter<"price_entry_list">) =>
  http.get<Answer<"price_entry_list">>(`/price_lists/${id}/entries`, filter);

/** Set and take away prices. */
export const priceEntryPut = (id: string, body: Body<"price_entry_put">, intent?: Intent) =>
  http.put<Answer<"price_entry_put">>(`/price_lists/${id}/entries`, body, intent);

/** Say what a cart would cost and why. */
export const pricePreview = (body: Body<"price_preview">, intent?: Intent) =>
  http.post<Answer<"price_preview">>("/price_preview", body, intent);

/** Read what holds for all prices. */
export const priceSettingsGet = () => http.get<Answer<"price_settings_get">>("/price_settings");

/** Decide anew what holds for all prices. */
export const priceSettingsChange = (body: Body<"price_settings_change">, intent?: Intent) =>
  http.put<Answer<"price_settings_change">>("/price_settings", body, intent);

/** List promotions, by code. */
export const promotionList = (filter?: Filter<"promotion_list">) =>
  http.get<Answer<"promotion_list">>("/promotions", filter);

/** Create a promotion. */
export const promotionCreate = (body: Body<"promotion_create">, intent?: Intent) =>
  http.post<Answer<"promotion_create">>("/promotions", body, intent);

/** Read one promotion. */
export const promotionGet = (id: string) => http.get<Answer<"promotion_get">>(`/promotions/${id}`);

/** Decide anew about a promotion. */
export const promotionChange = (id: string, body: Body<"promotion_change">, intent?: Intent) =>
  http.put<Answer<"promotion_change">>(`/promotions/${id}`, body, intent);

/** Remove a promotion. */
export const promotionRemove = (id: string, intent?: Intent) =>
  http.delete<Answer<"promotion_remove">>(`/promotions/${id}`, undefined, intent);
