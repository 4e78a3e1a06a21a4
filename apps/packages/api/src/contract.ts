/**
 * Holds the wire types to the server's own description: a field that went, or changed its kind, is
 * a type error here. What the description calls optional because it may be null is always sent.
 */
import type { components } from "./schema.ts";
import type * as T from "./types.ts";

/** An answer as it is sent: every field is there; the numbers of an interval are two. */
type Sent<A> = A extends number[]
  ? [number, number]
  : A extends (infer Item)[]
    ? Sent<Item>[]
    : A extends object
      ? { [K in keyof A]-?: Sent<Exclude<A[K], undefined>> }
      : A;
type Schemas = components["schemas"];
type Fits<Name extends keyof Schemas, Mine> = Sent<Schemas[Name]> extends Mine ? true : Name;

/** Every entry must be `true`; anything else is the name of what does not fit. */
export const CONTRACT: [
  Fits<"ApiKey", T.ApiKey>,
  Fits<"AuditEntry", T.AuditEntry>,
  Fits<"AuditVerdict", T.AuditProof>,
  Fits<"Availability", T.Availability>,
  Fits<"Cart", T.Cart>,
  Fits<"Category", T.Category>,
  Fits<"DriftReport", T.Drift>,
  Fits<"Feedback", T.Feedback>,
  Fits<"FeedbackGroup", T.FeedbackGroup>,
  Fits<"Fulfilment", T.Fulfilment>,
  Fits<"Home", T.Home>,
  Fits<"Issue", T.Issue>,
  Fits<"Level", T.StockLevel>,
  Fits<"MemberRow", T.MemberRow>,
  Fits<"MemberSessionOut", T.MemberSession>,
  Fits<"MemberTimelineItem", T.TimelineItem>,
  Fits<"Message", T.Message>,
  Fits<"Movement", T.Movement>,
  Fits<"MyVoice", T.MyVoice>,
  Fits<"Order", T.Order>,
  Fits<"OrderSummary", T.OrderSummary>,
  Fits<"OtpOut", T.OtpSent>,
  Fits<"PlaceListed", T.PlaceNear>,
  Fits<"Points", T.Points>,
  Fits<"Product", T.Product>,
  Fits<"ReturnDoc", T.ReturnDoc>,
  Fits<"SkuWithProduct", T.SkuWithProduct>,
  Fits<"Staff", T.Staff>,
  Fits<"StaffSession", T.StaffSession>,
  Fits<"Survey", T.Survey>,
] extends true[]
  ? true
  : never = true;
