/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body } from "../wire.ts";

/** The parcel reached the door. */
export const fulfilmentDeliver = (id: string, intent?: Intent) =>
  http.post<Answer<"fulfilment_deliver">>(`/fulfilments/${id}/deliver`, undefined, intent);

/** Hand the goods over to whoever shows the pickup code. */
export const fulfilmentHandOver = (
  id: string,
  body: Body<"fulfilment_hand_over">,
  intent?: Intent,
) => http.post<Answer<"fulfilment_hand_over">>(`/fulfilments/${id}/hand-over`, body, intent);

/** Everything is packed; the customer is told. */
export const fulfilmentPick = (id: string, intent?: Intent) =>
  http.post<Answer<"fulfilment_pick">>(`/fulfilments/${id}/pick`, undefined, intent);

/** The place cannot serve it. */
export const fulfilmentReject = (id: string, body: Body<"fulfilment_reject">, intent?: Intent) =>
  http.post<Answer<"fulfilment_reject">>(`/fulfilments/${id}/reject`, body, intent);

/** The carrier has the parcel. */
export const fulfilmentShip = (id: string, body: Body<"fulfilment_ship">, intent?: Intent) =>
  http.post<Answer<"fulfilment_ship">>(`/fulfilments/${id}/ship`, body, intent);

/** Let a locked pickup code be tried again. */
export const fulfilmentUnlock = (id: string, body: Body<"fulfilment_unlock">, intent?: Intent) =>
  http.post<Answer<"fulfilment_unlock">>(`/fulfilments/${id}/unlock`, body, intent);

/** The checks of the pickup codes of what waits at a place, for a till that goes offline. */
export const fulfilmentCounterCodes = (id: string) =>
  http.get<Answer<"fulfilment_counter_codes">>(`/places/${id}/pickup-checks`);
