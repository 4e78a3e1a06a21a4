/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer, Filter } from "../wire.ts";

/** How many of those who came into each store bought something. */
export const conversionGet = (filter?: Filter<"conversion_get">) =>
  http.get<Answer<"conversion_get">>("/figures/conversion", filter);

/** The loop at a glance. */
export const homeGet = () => http.get<Answer<"home_get">>("/home");
