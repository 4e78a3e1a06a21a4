/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Lists places, by code or nearest first. */
export const placeList = (filter?: Filter<"place_list">) =>
  http.get<Answer<"place_list">>("/places", filter);

/** Opens a place. */
export const placeCreate = (body: Body<"place_create">, intent?: Intent) =>
  http.post<Answer<"place_create">>("/places", body, intent);

/** Reads one place. */
export const placeGet = (id: string) => http.get<Answer<"place_get">>(`/places/${id}`);

/** Changes a place. */
export const placeChange = (id: string, body: Body<"place_change">, intent?: Intent) =>
  http.patch<Answer<"place_change">>(`/places/${id}`, body, intent);

/** Keeps what door counters tell of people who came in. */
export const visitsRecord = (body: Body<"visits_record">, intent?: Intent) =>
  http.post<Answer<"visits_record">>("/visits", body, intent);
