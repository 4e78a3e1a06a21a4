/**
 * The wire types of /api/v1, as screens read them. `contract.ts` holds them to schema.ts, which is
 * generated from docs/openapi.json by `npm run generate`.
 */

/** An RFC 3339 instant in UTC. */
export type Time = string;
/** A calendar date, `2026-11-30`. */
export type DateOnly = string;
export type Text = { zh: string; en: string };
export type Money = { amount_minor: number; currency: string };
export type Page<T> = { items: T[]; next: string | null };
export type Items<T> = { items: T[] };

// ---------- access ----------
export type Role =
  | "admin"
  | "head_office"
  | "area_manager"
  | "store_manager"
  | "associate"
  | "service_agent"
  | "marketer"
  | "experience_manager"
  | "data"
  | "auditor";
export type Scope = { kind: "all" | "region" | "place" | "brand"; id: string | null };
export type RoleGrant = { role: Role; scope: Scope };
export type Staff = {
  id: string;
  login: string;
  name: string;
  email: string | null;
  locale: "zh" | "en";
  active: boolean;
  totp_enabled: boolean;
  roles: RoleGrant[];
  home_place_id: string | null;
  version: number;
};
export type StaffSession = {
  staff: Staff;
  permissions: string[];
  token?: string | null;
  expires_at: Time;
};
export type ApiKey = {
  id: string;
  name: string;
  permissions: string[];
  scope: Scope;
  created_at: Time;
  expires_at: Time | null;
  last_used_at?: Time | null;
};
export type AuditEntry = {
  seq: number;
  at: Time;
  actor: string;
  action: string;
  object: string;
  facts: Record<string, unknown>;
  hash: string;
};
export type AuditProof = { ok: boolean; entries: number; head: string; broken_at: number | null };

// ---------- places ----------
export type PlaceKind = "store" | "warehouse" | "dark_store" | "pickup_point";
export type Service = "collect" | "ship" | "return" | "deliver_local";
export type Address = {
  country: string;
  province: Text;
  city: Text;
  district: Text | null;
  line: Text;
  postcode: string | null;
};
export type Place = {
  id: string;
  code: string;
  kind: PlaceKind;
  name: Text;
  region: string;
  address: Address;
  latitude: number;
  longitude: number;
  timezone: string;
  area_m2: number | null;
  phone: string | null;
  hours: { weekday: number; opens: string; closes: string }[];
  services: Service[];
  prep_minutes: number;
  daily_order_capacity: number | null;
  active: boolean;
  version: number;
};
export type PlaceNear = Place & { distance_m: number | null };

// ---------- catalogue ----------
export type Category = {
  id: string;
  code: string;
  parent_id: string | null;
  name: Text;
  position: number;
};
export type Media = { url: string; alt: Text; width: number; height: number };
export type ProductStatus = "draft" | "active" | "archived";
export type ProductSummary = {
  id: string;
  code: string;
  name: Text;
  brand: Text;
  category_id: string;
  image: Media | null;
  price: Money;
  sku_count: number;
  status: ProductStatus;
};
export type Sku = {
  id: string;
  product_id: string;
  code: string;
  barcodes: string[];
  option: Text;
  price: Money;
  tracked: boolean;
  active: boolean;
};
export type Product = ProductSummary & {
  description: Text;
  media: Media[];
  attributes: { key: string; label: Text; value: Text }[];
  skus: Sku[];
  version: number;
};
export type SkuWithProduct = Sku & { product: ProductSummary };

// ---------- stock ----------
export type StockLevel = {
  sku_id: string;
  place_id: string;
  on_hand: number;
  reserved: number;
  quarantined: number;
  in_transit: number;
  safety_stock: number;
  available: number;
  updated_at: Time;
};
export type MovementKind =
  | "receipt"
  | "sale"
  | "return"
  | "transfer_out"
  | "in_transit"
  | "transfer_in"
  | "count"
  | "damage"
  | "adjustment"
  | "quarantine"
  | "release";
export type Movement = {
  id: string;
  kind: MovementKind;
  sku_id: string;
  place_id: string;
  quantity: number;
  reason: string | null;
  source: string | null;
  note: string | null;
  actor: string;
  occurred_at: Time;
  recorded_at: Time;
};
export type MovementIn = {
  kind: MovementKind | "transfer";
  sku_id: string;
  place_id: string;
  quantity: number;
  to_place_id?: string;
  expected_on_hand?: number;
  reason?: string;
  note?: string;
};
export type Drift = {
  rows: number;
  items: { sku_id: string; place_id: string; field: string; ledger: number; balance: number }[];
  checked_at: Time;
};
export type Availability = {
  sku_id: string;
  total: number;
  online: number;
  places: {
    place_id: string;
    name: Text;
    distance_m: number | null;
    available: number;
    ready_at: Time;
    ready_in_minutes: number;
  }[];
};
export type Availabilities = { items: Availability[]; as_of: Time };

// ---------- carts, orders, fulfilment, payment ----------
export type Channel = "web" | "app" | "mini_program" | "store" | "pos" | "marketplace";
export type DeliveryAddress = {
  name: string;
  phone: string;
  province: string;
  city: string;
  district: string;
  line: string;
};
export type FulfilmentChoice =
  { method: "collect"; place_id: string } | { method: "delivery"; address: DeliveryAddress };
export type Contact = { name: string; phone: string };
export type CartLine = {
  sku_id: string;
  product_id: string;
  name: Text;
  option: Text;
  image: Media | null;
  quantity: number;
  unit_price: Money;
  total: Money;
  available: number | null;
};
export type Totals = {
  goods: Money;
  discount: Money;
  shipping: Money;
  tax_included: Money;
  total: Money;
};
export type Cart = {
  id: string;
  channel: Channel;
  currency: string;
  lines: CartLine[];
  fulfilment: FulfilmentChoice | null;
  contact: Contact | null;
  member_id: string | null;
  /** The order it became; it can no longer be changed then. */
  order_id: string | null;
  points_to_earn: number;
  totals: Totals;
  version: number;
  updated_at: Time;
};
export type CartIn = {
  channel: Channel;
  lines?: { sku_id: string; quantity: number }[];
  fulfilment?: FulfilmentChoice;
  contact?: Contact;
};
export type PaymentMethod = "sandbox" | "pay_in_store";
export type PaymentState =
  "pending" | "authorised" | "captured" | "declined" | "voided" | "refunded" | "partly_refunded";
export type Payment = {
  id: string;
  provider: "sandbox" | "cash" | "external";
  state: PaymentState;
  amount: Money;
  refunded: Money;
  created_at: Time;
};
export type OrderState =
  | "pending_payment"
  | "paid"
  | "allocated"
  | "ready"
  | "shipped"
  | "collected"
  | "delivered"
  | "closed"
  | "cancelled"
  | "expired"
  | "needs_decision"
  | "returned"
  | "partly_returned";
export type OrderLine = {
  id: string;
  sku_id: string;
  product_id: string;
  name: Text;
  option: Text;
  image: Media | null;
  quantity: number;
  quantity_returned: number;
  quantity_cancelled: number;
  unit_price: Money;
  discount: Money;
  total: Money;
};
export type FulfilmentMethod = "collect" | "delivery";
export type FulfilmentState =
  | "requested"
  | "picking"
  | "ready"
  | "handed_over"
  | "shipped"
  | "delivered"
  | "rejected"
  | "cancelled";
export type SourcingWhy = {
  objective: Text;
  candidates: {
    place_id: string;
    name: Text;
    available_all: boolean;
    distance_m: number | null;
    cost_minor: number;
    parts: { label: Text; cost_minor: number }[];
    excluded: Text | null;
    chosen: boolean;
  }[];
};
export type FulfilmentLine = {
  order_line_id: string;
  sku_id: string;
  name: Text;
  option: Text;
  image: Media | null;
  barcode: string | null;
  quantity: number;
};
export type Fulfilment = {
  id: string;
  order_id: string;
  order_number: string;
  method: FulfilmentMethod;
  place_id: string;
  place_name: Text;
  state: FulfilmentState;
  lines: FulfilmentLine[];
  promised_at: Time | null;
  contact_name: string;
  carrier: string | null;
  tracking_number: string | null;
  created_at: Time;
  why: SourcingWhy | null;
};
export type RejectReason = "not_in_stock" | "damaged" | "mismatch";
export type TimelineItem = {
  at: Time;
  kind: string;
  text: Text;
  actor: string | null;
  facts: Record<string, unknown>;
};
export type ReturnReason =
  "defective" | "wrong_item" | "not_as_described" | "changed_mind" | "damaged_in_transit" | "other";
export type ReturnCondition = "sellable" | "inspect" | "damaged";
export type ReturnDoc = {
  id: string;
  order_id: string;
  order_number: string;
  place_id: string;
  place_name: Text;
  lines: {
    order_line_id: string;
    sku_id: string;
    name: Text;
    quantity: number;
    reason: ReturnReason;
    condition: ReturnCondition;
    refund: Money;
  }[];
  refund: Money;
  points_reversed: number;
  note: string | null;
  actor: string;
  created_at: Time;
};
export type ReturnIn = {
  order_id: string;
  place_id: string;
  lines: {
    order_line_id: string;
    quantity: number;
    reason: ReturnReason;
    condition: ReturnCondition;
  }[];
  note?: string;
};
export type Order = {
  id: string;
  number: string;
  state: OrderState;
  channel: Channel;
  currency: string;
  member_id: string | null;
  contact: Contact;
  method: FulfilmentMethod;
  address: DeliveryAddress | null;
  placed_at: Time;
  hold_expires_at: Time | null;
  place_id: string | null;
  place_name: Text | null;
  lines: OrderLine[];
  totals: Totals;
  fulfilments: Fulfilment[];
  payments: Payment[];
  returns: ReturnDoc[];
  timeline: TimelineItem[];
  pickup_code: string | null;
  points_earned: number;
  access_token?: string | null;
  version: number;
};
export type OrderSummary = {
  id: string;
  number: string;
  state: OrderState;
  channel: Channel;
  place_id: string | null;
  place_name: Text | null;
  member_id: string | null;
  contact_name: string;
  total: Money;
  item_count: number;
  first_image: Media | null;
  placed_at: Time;
  fulfilment_method: FulfilmentMethod | null;
};

// ---------- members, loyalty, messages ----------
export type OtpSent = { expires_at: Time; resend_after_s: number };
export type ConsentPurpose = "service" | "marketing_sms" | "marketing_email" | "personalisation";
export type Consent = {
  purpose: ConsentPurpose;
  granted: boolean;
  policy_version: string;
  at: Time;
};
export type Tier = "member" | "silver" | "gold" | "platinum";
export type Member = {
  id: string;
  number: string;
  name: string | null;
  phone: string;
  locale: "zh" | "en";
  birthday: DateOnly | null;
  tier: Tier;
  points: number;
  consents: Consent[];
  notes: string | null;
  tags: string[];
  home_place_id: string | null;
  joined_at: Time;
  version: number;
};
export type MemberRow = Member & { order_count: number; spent: Money; last_order_at: Time | null };
export type MemberSignIn = {
  phone: string;
  code: string;
  name?: string;
  consents?: { marketing_sms?: boolean };
  policy_version?: string;
};
export type MemberSession = { member: Member; new: boolean; token: string };
export type MemberCode = { payload: string; number: string; expires_at: Time };
export type PointsEntry = {
  id: string;
  at: Time;
  kind: "earn" | "burn" | "reverse" | "expire" | "adjust";
  points: number;
  balance_after: number;
  source: string | null;
  text: Text;
};
export type Points = { balance: number; pending: number; entries: Page<PointsEntry> };
export type Message = {
  id: string;
  channel: "sms" | "email" | "push" | "inbox";
  to: string;
  template: string;
  subject: string | null;
  body: string;
  locale: string;
  purpose: string;
  state: "queued" | "sent" | "failed" | "suppressed";
  suppressed_reason: string | null;
  created_at: Time;
  sent_at: Time | null;
};

// ---------- voice ----------
export type Survey = {
  id: string;
  kind: "csat";
  state: "open" | "answered" | "closed";
  question: Text;
  order_number: string;
  place_name: Text | null;
  product_names: Text[];
  answered: { score: number; text: string | null } | null;
};
export type SurveyAnswer = { score: number; text?: string; topics?: string[] };
export type FeedbackSource = "survey" | "counter" | "chat" | "review" | "member";
export type Feedback = {
  id: string;
  source: FeedbackSource;
  score: number | null;
  text: string;
  language: "zh" | "en" | "unknown";
  sentiment: "negative" | "neutral" | "positive" | "unknown";
  topics: string[];
  state: "new" | "grouped" | "answered" | "dismissed";
  place_id: string | null;
  place_name: Text | null;
  order_id: string | null;
  order_number: string | null;
  member_id: string | null;
  member_name: string | null;
  product_id: string | null;
  product_name: Text | null;
  issue_id: string | null;
  created_at: Time;
};
export type FeedbackIn = {
  source: FeedbackSource;
  text: string;
  score?: number;
  place_id?: string;
  order_id?: string;
  product_id?: string;
  member_id?: string;
};
export type FeedbackGroup = {
  key: string;
  title: Text;
  topic: string;
  product_id: string | null;
  product_name: Text | null;
  count: number;
  cities: number;
  first_at: Time;
  last_at: Time;
  usual_rate: number | null;
  ratio: number | null;
  feedback_ids: string[];
  sample: string[];
};
export type Sample = { from: Time; to: Time; n: number; k: number; value: number | null };
export type ProofMetric = "low_score_share" | "return_rate" | "feedback_per_100_orders";
export type Proof = {
  metric: ProofMetric;
  product_id: string | null;
  place_id: string | null;
  before: Sample;
  after: Sample;
  difference: number;
  interval: [number, number];
  verdict: "better" | "no_evidence" | "worse";
  computed_at: Time;
};
export type IssueState = "open" | "cause_found" | "acting" | "proving" | "closed";
export type IssuePriority = "low" | "normal" | "high" | "urgent";
export type IssueAction = {
  id: string;
  title: string;
  owner_id: string;
  owner_name: string;
  due_on: DateOnly;
  done_at: Time | null;
};
export type Issue = {
  id: string;
  number: number;
  title: string;
  state: IssueState;
  priority: IssuePriority;
  owner_id: string;
  owner_name: string;
  due_on: DateOnly;
  cause: string | null;
  feedback_count: number;
  actions: IssueAction[];
  proof: Proof | null;
  answer: Text | null;
  answers: { sent: number; suppressed: number; waived: number } | null;
  created_at: Time;
  closed_at: Time | null;
  timeline: TimelineItem[];
  version: number;
};
export type MyVoice = {
  feedback_id: string;
  text: string;
  created_at: Time;
  state: "heard" | "being_fixed" | "answered";
  /** In the language of the request. */
  answer: string | null;
  answered_at: Time | null;
};

// ---------- home, live ----------
export type LoopStage = { flowing: number; stuck: number; link: string };
export type Kpi = {
  key: string;
  label: Text;
  value: number | null;
  unit: "percent" | "money" | "hours" | "count" | "ratio";
  target: number | null;
  direction: "up" | "down";
  n: number;
  period: Text;
};
export type Home = {
  as_of: Time;
  ring: { hear: LoopStage; understand: LoopStage; act: LoopStage; fix: LoopStage };
  orders_by_state: { state: OrderState; count: number }[];
  orders_by_channel: { channel: Channel; count: number; revenue: Money }[];
  revenue_by_day: { date: DateOnly; amount: Money; orders: number }[];
  stock_drift: { rows: number; checked_at: Time };
  open_issues: number;
  overdue_issues: number;
  csat: {
    mean: number | null;
    share_satisfied: number | null;
    n: number;
    interval: [number, number] | null;
    previous: number | null;
  };
  hours_word_to_answer: { median: number | null; n: number };
  kpis: Kpi[];
  work: { label: Text; count: number; link: string }[];
  attention: { text: Text; link: string; severity: "info" | "warn" | "alert" }[];
};
/** One line of a live stream: something happened to an aggregate. */
export type LiveEvent = { kind: string; aggregate: string; at: Time; place_id: string | null };
