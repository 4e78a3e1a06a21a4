/**
 * The client of the HTTP API.
 *
 * Owns: the wire types, one function per operation, problems as errors, live streams, the rules
 * of repeating a call. Never does: show anything, keep state beyond the query cache.
 */
export * from "./calls/index.ts";
export {
  actAs,
  type ActAs,
  type Intent,
  newIdempotencyKey,
  type Query,
  queryString,
  request,
} from "./client.ts";
export * from "./hooks.ts";
export {
  type ChangeBody,
  changeBody,
  type ChangeLine,
  changeLines,
  lacking,
  useChangePreview,
} from "./order-change.ts";
export { parsePickup, type Pickup, pickupPayload } from "./pickup.ts";
export { type LiveState, useLive } from "./live.ts";
export {
  type FieldProblem,
  isProblem,
  localProblem,
  NO_ANSWER,
  NOT_UNDERSTOOD,
  type Problem,
  ProblemError,
} from "./problem.ts";
export { STAFF_SESSION_KEY, staffSignedOut, useStaffSession } from "./staff-session.ts";
export type * from "./types.ts";
export type { Answer, Body, Filter } from "./wire.ts";
