/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { address } from "../client.ts";
import type { Filter } from "../wire.ts";

/** Live events of the member's own orders. */
export const myStreamFollow = () => address("/me/stream");

/** Live events for staff screens. */
export const streamFollow = (filter?: Filter<"stream_follow">) => address("/stream", filter);
