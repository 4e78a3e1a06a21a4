/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Capture jobs, the newest first. */
export const epcisCaptureList = (filter?: Filter<"epcis_capture_list">) =>
  http.get<Answer<"epcis_capture_list">>("/epcis/capture", filter);

/** Capture events. */
export const epcisCapture = (body: Body<"epcis_capture">, intent?: Intent) =>
  http.post<Answer<"epcis_capture">>("/epcis/capture", body, intent);

/** A capture job. */
export const epcisCaptureGet = (id: string) =>
  http.get<Answer<"epcis_capture_get">>(`/epcis/capture/${id}`);

/** Captured events, the newest first. */
export const epcisEventList = (filter?: Filter<"epcis_event_list">) =>
  http.get<Answer<"epcis_event_list">>("/epcis/events", filter);
