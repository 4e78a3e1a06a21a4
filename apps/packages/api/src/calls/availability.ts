/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer, Filter } from "../wire.ts";

/** What can be had, where, and from when. */
export const availabilityGet = (filter?: Filter<"availability_get">) =>
  http.get<Answer<"availability_get">>("/availability", filter);
