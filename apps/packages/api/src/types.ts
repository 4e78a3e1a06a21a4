/**
 * The wire types of /api/v1 under the names screens use: the server's own, with their noun where
 * the bare word says too little on a screen. What is sent is `Wire`; what is taken, where a null
 * may stay away, is the description itself.
 */
import type { components } from "./schema.ts";
import type { Wire } from "./wire.ts";

type Schemas = components["schemas"];

/** A calendar date, `2026-11-30`. */
export type DateOnly = string;
export type Time = Wire<"Time">;
export type Text = Wire<"Text">;
export type Money = Wire<"Money">;
export type Page<T> = { items: T[]; next: string | null };

// ---------- access ----------
export type Role = Wire<"Role">;
export type Scope = Wire<"Scope">;
export type RoleGrant = Wire<"RoleAssignment">;
export type Staff = Wire<"Staff">;
export type StaffSession = Wire<"StaffSession">;
export type ApiKey = Wire<"ApiKey">;
export type AuditEntry = Wire<"AuditEntry">;
export type AuditProof = Wire<"AuditVerdict">;

// ---------- places ----------
export type PlaceKind = Wire<"PlaceKind">;
export type Service = Wire<"Service">;
export type Address = Wire<"Address">;
export type Place = Wire<"Place">;
export type PlaceNear = Wire<"PlaceListed">;

// ---------- catalogue ----------
export type Category = Wire<"Category">;
export type Media = Wire<"Media">;
export type ProductStatus = Wire<"ProductStatus">;
export type ProductSummary = Wire<"ProductSummary">;
export type Sku = Wire<"Sku">;
export type Product = Wire<"Product">;
export type SkuWithProduct = Wire<"SkuWithProduct">;

// ---------- search ----------
export type NameParts = Wire<"NameParts">;
export type ProductFacets = Wire<"ProductFacets">;
export type ProductHit = Wire<"ProductHit">;
export type ProductResults = Wire<"ProductSearchResults">;
export type ProductSort = Wire<"ProductSort">;
export type Suggestion = Wire<"Suggestion">;

// ---------- stock ----------
export type StockLevel = Wire<"Level">;
export type MovementKind = Wire<"MovementKind">;
export type Movement = Wire<"Movement">;
export type MovementIn = Schemas["MovementIn"];
export type Drift = Wire<"DriftReport">;
export type Availability = Wire<"Availability">;
export type Count = Wire<"Count">;
export type CountIn = Schemas["CountIn"];
export type CountLine = Wire<"CountLine">;
export type CountReason = Wire<"CountReason">;
export type CountScope = Wire<"CountScope">;
export type CountState = Wire<"CountState">;
export type Supply = Wire<"Supply">;
export type SupplyIn = Schemas["SupplyIn"];
export type SupplyState = Wire<"SupplyState">;
export type SupplySummary = Wire<"SupplySummary">;
export type PlaceComing = Wire<"PlaceComing">;
export type AheadOffer = Wire<"AheadOffer">;
export type AwaitedPieces = Wire<"AwaitedPieces">;
export type SentPieces = Wire<"SentPieces">;
export type CollectOffer = Wire<"CollectOffer">;
export type Presale = Wire<"Presale">;
export type PresaleMode = Wire<"PresaleMode">;
export type ShortReason = Wire<"ShortReason">;
export type Transfer = Wire<"Transfer">;
export type TransferIn = Schemas["TransferIn"];
export type TransferLine = Wire<"TransferLine">;
export type TransferOutcome = Wire<"Outcome">;
export type TransferState = Wire<"TransferState">;
export type TransferStepKind = Wire<"StepKind">;
export type TransferSummary = Wire<"TransferSummary">;

// ---------- carts, orders, fulfilment, payment ----------
export type OrderLineComponent = Wire<"OrderLineComponent">;
export type Channel = Wire<"Channel">;
export type DeliveryAddress = Wire<"DeliveryAddress">;
export type FulfilmentChoice = Schemas["FulfilmentChoice"];
export type Contact = Wire<"Contact">;
export type CartLine = Wire<"CartLine">;
export type Totals = Wire<"Totals">;
export type Cart = Wire<"Cart">;
export type CartIn = Schemas["CartIn"];
export type PaymentMethod = Wire<"PaymentMethod">;
export type PaymentState = Wire<"PaymentState">;
export type Payment = Wire<"Payment">;
export type GiftCard = Wire<"GiftCard">;
export type GiftCardHistory = Wire<"GiftCardHistory">;
export type GiftCardIssued = Wire<"GiftCardIssued">;
export type GiftCardSource = Wire<"GiftCardSource">;
export type PaymentOffer = Wire<"PaymentMethodOffer">;
export type PaymentWay = Wire<"PaymentWay">;
export type PaymentAction = Wire<"PaymentAction">;
export type PaymentStatement = Wire<"PaymentStatement">;
export type PaymentMatch = Wire<"PaymentMatch">;
export type MatchOutcome = Wire<"MatchOutcome">;
export type MatchDecision = Wire<"MatchDecision">;
export type FailedRefund = Wire<"FailedRefund">;
export type OrderChange = Wire<"OrderChange">;
export type OrderChangePreview = Wire<"OrderChangePreview">;
export type OrderState = Wire<"OrderState">;
export type OrderLine = Wire<"OrderLine">;
export type FulfilmentMethod = Wire<"Method">;
export type FulfilmentState = Wire<"FulfilmentState">;
export type SourcingWhy = Wire<"SourcingWhy">;
export type SourcingRules = Wire<"SourcingRules">;
export type SourcingTierRule = Wire<"SourcingTierRule">;
export type SourcingRulesVersion = Wire<"SourcingRulesVersion">;
export type ChannelTerms = Wire<"ChannelTerms">;
export type ChannelTermsVersion = Wire<"ChannelTermsVersion">;
export type SourcingReplay = Wire<"SourcingReplay">;
export type SourcingReplayedOrder = Wire<"SourcingReplayedOrder">;

// ---------- EPCIS ----------
export type Conversion = Wire<"Conversion">;
export type EpcisEvent = Wire<"EpcisStoredEvent">;

// ---------- replenishment ----------
export type ReplenishmentRun = Wire<"ReplenishmentRun">;
export type ReplenishmentProposal = Wire<"ReplenishmentProposal">;
export type ReplenishmentSummary = Wire<"ReplenishmentProposalSummary">;
export type ReplenishmentReason = Wire<"ReplenishmentReason">;
export type ReplenishmentWhy = Wire<"ReplenishmentWhy">;
export type ReplenishmentSetting = Wire<"ReplenishmentSetting">;
export type ReplenishmentSubject = Wire<"ReplenishmentSubject">;
export type ReplenishmentSaid = Partial<Wire<"ReplenishmentSaid">>;
export type FulfilmentLine = Wire<"FulfilmentLine">;
export type Fulfilment = Wire<"Fulfilment">;
export type DecisionChoice = Wire<"DecisionChoice">;
export type OpenDecision = Wire<"OpenDecision">;
export type UndecidedOrder = Wire<"UndecidedOrder">;
export type RejectReason = Wire<"RejectReason">;
/** One moment of an order, a member, an issue. */
export type TimelineItem = Wire<"MemberTimelineItem">;
export type ReturnReason = Wire<"ReturnReason">;
export type ReturnCondition = Wire<"Condition">;
export type ReturnDoc = Wire<"ReturnDoc">;
export type ReturnIn = Schemas["ReturnIn"];
export type Exchange = Wire<"Exchange">;
export type ExchangeIn = Schemas["ExchangeIn"];
export type ExchangePreview = Wire<"ExchangePreview">;
export type CounterTender = Wire<"CounterTender">;
export type Order = Wire<"Order">;
export type OrderSummary = Wire<"OrderSummary">;

// ---------- prices ----------
export type CartTax = Wire<"CartTax">;
export type PriceStep = Wire<"PriceStep">;
export type PriceList = Wire<"PriceList">;
export type PriceListIn = Schemas["PriceListIn"];
export type PriceEntry = Wire<"PriceEntry">;
export type Audience = Wire<"Audience">;
export type PromotionEffect = Wire<"Effect">;
export type PromotionGoods = Wire<"Goods">;
export type Promotion = Wire<"Promotion">;
export type PromotionIn = Schemas["PromotionIn"];
export type PricePreview = Wire<"PricePreview">;
export type PricePreviewIn = Schemas["PricePreviewIn"];
export type PriceSettings = Wire<"PriceSettingsRead">;
export type PriceSettingsIn = Schemas["PriceSettings"];
export type TaxRule = Wire<"TaxRule">;

// ---------- members, loyalty, messages ----------
export type OtpSent = Wire<"OtpOut">;
export type ConsentPurpose = Wire<"Purpose">;
export type Consent = Wire<"ConsentState">;
export type Tier = Wire<"Tier">;
export type Member = Wire<"Member">;
export type MemberRow = Wire<"MemberRow">;
export type MemberSignIn = Schemas["MemberSessionIn"];
export type MemberSession = Wire<"MemberSessionOut">;
export type MemberCode = Wire<"MemberCodeOut">;
export type PointsEntry = Wire<"PointsEntry">;
export type Points = Wire<"Points">;
export type Message = Wire<"Message">;

// ---------- voice ----------
export type Survey = Wire<"Survey">;
export type SurveyAnswer = Wire<"SurveyAnswer">;
export type FeedbackSource = Wire<"Source">;
export type Feedback = Wire<"Feedback">;
export type FeedbackIn = Schemas["FeedbackIn"];
export type FeedbackGroup = Wire<"FeedbackGroup">;
export type Sample = Wire<"Sample">;
export type ProofMetric = Wire<"Metric">;
export type Proof = Wire<"Proof">;
export type IssueState = Wire<"IssueState">;
export type IssuePriority = Wire<"Priority">;
export type IssueAction = Wire<"IssueAction">;
export type Issue = Wire<"Issue">;
export type MyVoice = Wire<"MyVoice">;

// ---------- home, live ----------
export type LoopStage = Wire<"Ring">;
export type Kpi = Wire<"KpiOut">;
export type Home = Wire<"Home">;
/** One line of a live stream: something happened to an aggregate. */
export type LiveEvent = { kind: string; aggregate: string; at: Time; place_id: string | null };
