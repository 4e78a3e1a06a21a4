/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer, Filter } from "../wire.ts";

/** My points. */
export const myPointsGet = (filter?: Filter<"my_points_get">) =>
  http.get<Answer<"my_points_get">>("/me/points", filter);

/** A member's points. */
export const memberPointsGet = (id: string, filter?: Filter<"member_points_get">) =>
  http.get<Answer<"member_points_get">>(`/members/${id}/points`, filter);
