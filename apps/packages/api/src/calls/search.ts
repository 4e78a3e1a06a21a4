/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer, Filter } from "../wire.ts";

/** Finds products. */
export const productSearch = (filter?: Filter<"product_search">) =>
  http.get<Answer<"product_search">>("/search/products", filter);

/** Suggests while somebody types. */
export const suggestionList = (filter?: Filter<"suggestion_list">) =>
  http.get<Answer<"suggestion_list">>("/search/suggestions", filter);
