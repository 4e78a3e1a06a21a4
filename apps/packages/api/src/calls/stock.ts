/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Compares every balance with the ledger and the holds. */
export const driftCheck = () => http.get<Answer<"drift_check">>("/stock/drift");

/** Brings balances back to what the ledger and the holds say, and answers what was mended. */
export const driftRepair = (intent?: Intent) =>
  http.post<Answer<"drift_repair">>("/stock/drift/repair", undefined, intent);

/** Holds stock for a while. */
export const holdPlace = (body: Body<"hold_place">, intent?: Intent) =>
  http.post<Answer<"hold_place">>("/stock/holds", body, intent);

/** Reads a hold. */
export const holdGet = (id: string) => http.get<Answer<"hold_get">>(`/stock/holds/${id}`);

/** Gives a hold back; one that is over stays so. */
export const holdRelease = (id: string, intent?: Intent) =>
  http.post<Answer<"hold_release">>(`/stock/holds/${id}/release`, undefined, intent);

/** Lists what is where. */
export const levelList = (filter?: Filter<"level_list">) =>
  http.get<Answer<"level_list">>("/stock/levels", filter);

/** Lists the ledger, newest first. */
export const movementList = (filter?: Filter<"movement_list">) =>
  http.get<Answer<"movement_list">>("/stock/movements", filter);

/** Records a movement. A transfer out sets goods on their way to `to_place_id`; a transfer in there takes them off the road. */
export const movementRecord = (body: Body<"movement_record">, intent?: Intent) =>
  http.post<Answer<"movement_record">>("/stock/movements", body, intent);

/** Reads whether and how many of a SKU are sold before they are there. */
export const presaleGet = (skuId: string) =>
  http.get<Answer<"presale_get">>(`/stock/presales/${skuId}`);

/** Says whether and how many of a SKU are sold before they are there. */
export const presaleSet = (skuId: string, body: Body<"presale_set">, intent?: Intent) =>
  http.put<Answer<"presale_set">>(`/stock/presales/${skuId}`, body, intent);

/** Says what is kept back of SKUs at places. */
export const safetyStockSet = (body: Body<"safety_stock_set">, intent?: Intent) =>
  http.put<Answer<"safety_stock_set">>("/stock/safety", body, intent);

/** Lists what places keep back of every SKU of which nothing else is said; places that are not listed keep nothing. */
export const safetyDefaultList = () =>
  http.get<Answer<"safety_default_list">>("/stock/safety_defaults");

/** Says what a place keeps back of every SKU of which nothing else is said, those that come later included. */
export const safetyDefaultSet = (
  placeId: string,
  body: Body<"safety_default_set">,
  intent?: Intent,
) => http.put<Answer<"safety_default_set">>(`/stock/safety_defaults/${placeId}`, body, intent);
