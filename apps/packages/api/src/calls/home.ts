/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer } from "../wire.ts";

/** The loop at a glance. */
export const homeGet = () => http.get<Answer<"home_get">>("/home");
