/**
 * Every operation of the API as a function, named noun first like the route, the permission and
 * the operation id, so that one search finds the stack.
 */
import { http, type Intent, type Query, queryString, API_BASE } from "./client.ts";
import type * as T from "./types.ts";

type Paging = { cursor?: string | undefined; limit?: number | undefined };
type Filter<K extends string> = { [P in K]?: string | undefined } & Paging;
const list = <R>(path: string, filter: Query = {}) => http.get<T.Page<R>>(path, filter);

/** A guest proves that an order is theirs by the token they were given with it. */
type GuestProof = { token?: string | undefined };
const proof = (intent?: GuestProof) => queryString({ token: intent?.token });

// ---------- access ----------
export const staffSessionCreate = (body: { login: string; password: string; totp?: string }) =>
  http.post<T.StaffSession>("/staff/session", body);
export const staffSessionGet = () => http.get<T.StaffSession>("/staff/session");
export const staffSessionDelete = () => http.delete<void>("/staff/session");
export const staffTotpStart = () =>
  http.post<{ secret: string; otpauth_url: string }>("/staff/totp");
export const staffTotpConfirm = (code: string) => http.post<void>("/staff/totp/confirm", { code });
export const staffTotpDelete = (code: string) => http.delete<void>("/staff/totp", { code });
export const staffList = (filter: Filter<"q"> = {}) => list<T.Staff>("/staff", filter);
export const staffGet = (id: string) => http.get<T.Staff>(`/staff/${id}`);
export const staffCreate = (
  body: Pick<T.Staff, "login" | "name" | "locale" | "roles"> & {
    password: string;
    email?: string;
    home_place_id?: string;
  },
  intent?: Intent,
) => http.post<T.Staff>("/staff", body, intent);
export const staffUpdate = (
  id: string,
  body: Partial<Omit<T.Staff, "id" | "version" | "totp_enabled">> & { password?: string },
  intent?: Intent,
) => http.patch<T.Staff>(`/staff/${id}`, body, intent);
export const apiKeyList = (filter: Paging = {}) => list<T.ApiKey>("/api-keys", filter);
export const apiKeyCreate = (
  body: Pick<T.ApiKey, "name" | "permissions" | "scope"> & { expires_at?: T.Time },
  intent?: Intent,
) => http.post<T.ApiKey & { secret: string }>("/api-keys", body, intent);
export const apiKeyDelete = (id: string) => http.delete<void>(`/api-keys/${id}`);
export const auditList = (filter: Filter<"actor" | "action"> = {}) =>
  list<T.AuditEntry>("/audit", filter);
export const auditVerify = () => http.get<T.AuditProof>("/audit/verify");

// ---------- places ----------
export const placeList = (
  filter: Filter<"q" | "region" | "near"> & { kind?: T.PlaceKind; service?: T.Service } = {},
) => list<T.PlaceNear>("/places", filter);
export const placeGet = (id: string) => http.get<T.Place>(`/places/${id}`);
export const placeCreate = (body: Omit<T.Place, "id" | "version">, intent?: Intent) =>
  http.post<T.Place>("/places", body, intent);
export const placeUpdate = (
  id: string,
  body: Partial<Omit<T.Place, "id" | "version">>,
  intent?: Intent,
) => http.patch<T.Place>(`/places/${id}`, body, intent);

// ---------- catalogue ----------
export const productList = (
  filter: Filter<"q" | "category"> & { status?: T.ProductStatus | undefined } = {},
) => list<T.ProductSummary>("/products", filter);
export const productGet = (id: string) => http.get<T.Product>(`/products/${id}`);
export const productCreate = (body: unknown, intent?: Intent) =>
  http.post<T.Product>("/products", body, intent);
export const productUpdate = (id: string, body: unknown, intent?: Intent) =>
  http.patch<T.Product>(`/products/${id}`, body, intent);
export const categoryList = () => http.get<T.Items<T.Category>>("/categories");
export const skuList = (filter: { code?: string; barcode?: string; ids?: string[] }) =>
  http.get<T.Items<T.SkuWithProduct>>("/skus", { ...filter, ids: filter.ids?.join(",") });

// ---------- stock ----------
export const stockLevelList = (filter: Filter<"sku" | "place" | "product" | "q"> = {}) =>
  list<T.StockLevel>("/stock/levels", filter);
export const stockMove = (body: T.MovementIn, intent?: Intent) =>
  http.post<T.Items<T.Movement>>("/stock/movements", body, intent);
export const stockMovementList = (filter: Filter<"sku" | "place" | "source"> = {}) =>
  list<T.Movement>("/stock/movements", filter);
export const stockDriftGet = () => http.get<T.Drift>("/stock/drift");
export const stockDriftRepair = () => http.post<T.Drift>("/stock/drift/repair");
export const availabilityGet = (skus: string[], near?: string) =>
  http.get<T.Availabilities>("/availability", { sku: skus, near });

// ---------- carts, orders, fulfilment, payment ----------
export const cartCreate = (body: T.CartIn, intent?: Intent) =>
  http.post<T.Cart>("/carts", body, intent);
export const cartGet = (id: string) => http.get<T.Cart>(`/carts/${id}`);
export const cartLineSet = (id: string, skuId: string, quantity: number, intent?: Intent) =>
  http.put<T.Cart>(`/carts/${id}/lines/${skuId}`, { quantity }, intent);
export const cartUpdate = (
  id: string,
  body: { fulfilment?: T.FulfilmentChoice; contact?: T.Contact },
  intent?: Intent,
) => http.patch<T.Cart>(`/carts/${id}`, body, intent);
export const cartCheckout = (id: string, paymentMethod: T.PaymentMethod, intent?: Intent) =>
  http.post<T.Order>(`/carts/${id}/checkout`, { payment_method: paymentMethod }, intent);
export const paymentSandbox = (
  id: string,
  outcome: "approve" | "decline",
  intent?: Intent & GuestProof,
) => http.post<T.Order>(`/payments/${id}/sandbox${proof(intent)}`, { outcome }, intent);
export const orderPaymentCreate = (
  orderId: string,
  paymentMethod: T.PaymentMethod,
  intent?: Intent & GuestProof,
) =>
  http.post<T.Payment>(
    `/orders/${orderId}/payments${proof(intent)}`,
    { payment_method: paymentMethod },
    intent,
  );
export const orderList = (
  filter: Filter<"state" | "channel" | "place" | "member" | "q" | "since"> = {},
) => list<T.OrderSummary>("/orders", filter);
export const orderGet = (id: string, token?: string) =>
  http.get<T.Order>(`/orders/${id}`, { token });
export const orderCancel = (id: string, reason: string, intent?: Intent & GuestProof) =>
  http.post<T.Order>(`/orders/${id}/cancel${proof(intent)}`, { reason }, intent);
export const fulfilmentList = (
  filter: Filter<"place"> & { state?: T.FulfilmentState[] | undefined } = {},
) => list<T.Fulfilment>("/fulfilments", { ...filter, state: filter.state?.join(",") });
export const fulfilmentPick = (id: string, intent?: Intent) =>
  http.post<T.Fulfilment>(`/fulfilments/${id}/pick`, {}, intent);
export const fulfilmentReject = (
  id: string,
  body: {
    reason: T.RejectReason;
    lines?: { order_line_id: string; quantity: number }[];
    note?: string;
  },
  intent?: Intent,
) =>
  http.post<{ fulfilment: T.Fulfilment; order: T.Order }>(
    `/fulfilments/${id}/reject`,
    body,
    intent,
  );
export const fulfilmentHandOver = (id: string, pickupCode: string, intent?: Intent) =>
  http.post<T.Fulfilment>(`/fulfilments/${id}/hand-over`, { pickup_code: pickupCode }, intent);
export const fulfilmentShip = (
  id: string,
  body: { carrier: string; tracking_number: string },
  intent?: Intent,
) => http.post<T.Fulfilment>(`/fulfilments/${id}/ship`, body, intent);
export const fulfilmentDeliver = (id: string, intent?: Intent) =>
  http.post<T.Fulfilment>(`/fulfilments/${id}/deliver`, {}, intent);
export const returnCreate = (body: T.ReturnIn, intent?: Intent) =>
  http.post<T.ReturnDoc>("/returns", body, intent);
export const returnList = (filter: Filter<"place"> = {}) => list<T.ReturnDoc>("/returns", filter);

// ---------- members, loyalty, messages ----------
export const memberOtpSend = (phone: string, intent?: Intent) =>
  http.post<T.OtpSent>("/member/otp", { phone }, intent);
export const memberSessionCreate = (body: T.MemberSignIn, intent?: Intent) =>
  http.post<T.MemberSession>("/member/session", body, intent);
export const memberSessionDelete = () => http.delete<void>("/member/session");
export const meGet = () => http.get<T.Member>("/me");
export const meUpdate = (
  body: Partial<Pick<T.Member, "name" | "locale" | "birthday">>,
  intent?: Intent,
) => http.patch<T.Member>("/me", body, intent);
export const meConsentSet = (
  purpose: T.ConsentPurpose,
  body: { granted: boolean; policy_version: string },
  intent?: Intent,
) => http.put<T.Member>(`/me/consents/${purpose}`, body, intent);
export const meCodeGet = () => http.get<T.MemberCode>("/me/code");
export const mePointsGet = (filter: Paging = {}) => http.get<T.Points>("/me/points", filter);
export const meOrderList = (filter: Paging = {}) => list<T.OrderSummary>("/me/orders", filter);
export const meTimelineList = (filter: Paging = {}) => list<T.TimelineItem>("/me/timeline", filter);
export const meMessageList = (filter: Paging = {}) => list<T.Message>("/me/messages", filter);
export const meVoiceList = (filter: Paging = {}) => list<T.MyVoice>("/me/issues", filter);
export const meFeedbackCreate = (
  body: { text: string; order_id?: string; score?: number },
  intent?: Intent,
) => http.post<T.Feedback>("/me/feedback", body, intent);
export const memberList = (filter: Filter<"q"> = {}) => list<T.MemberRow>("/members", filter);
export const memberGet = (id: string) => http.get<T.Member>(`/members/${id}`);
export const memberUpdate = (
  id: string,
  body: { notes?: string; tags?: string[] },
  intent?: Intent,
) => http.patch<T.Member>(`/members/${id}`, body, intent);
export const memberTimelineList = (id: string, filter: Paging = {}) =>
  list<T.TimelineItem>(`/members/${id}/timeline`, filter);
export const memberPointsGet = (id: string, filter: Paging = {}) =>
  http.get<T.Points>(`/members/${id}/points`, filter);
export const messageList = (filter: Filter<"to" | "channel"> = {}) =>
  list<T.Message>("/messages", filter);

// ---------- voice ----------
export const surveyGet = (token: string) => http.get<T.Survey>(`/surveys/${token}`);
export const surveyAnswer = (token: string, body: T.SurveyAnswer, intent?: Intent) =>
  http.post<unknown>(`/surveys/${token}/answers`, body, intent);
export const feedbackList = (
  filter: Filter<"state" | "place" | "product" | "issue" | "topic" | "q"> & {
    score_max?: number | undefined;
  } = {},
) => list<T.Feedback>("/feedback", filter);
export const feedbackGet = (id: string) => http.get<T.Feedback>(`/feedback/${id}`);
export const feedbackCreate = (body: T.FeedbackIn, intent?: Intent) =>
  http.post<T.Feedback>("/feedback", body, intent);
export const feedbackDismiss = (id: string, reason: string, intent?: Intent) =>
  http.post<T.Feedback>(`/feedback/${id}/dismiss`, { reason }, intent);
export const feedbackGroupList = () => http.get<T.Items<T.FeedbackGroup>>("/feedback/groups");
export const issueList = (filter: Filter<"state" | "owner"> = {}) =>
  list<T.Issue>("/issues", filter);
export const issueGet = (id: string) => http.get<T.Issue>(`/issues/${id}`);
export const issueCreate = (
  body: {
    title: string;
    feedback_ids: string[];
    priority: T.IssuePriority;
    owner_id: string;
    due_on: T.DateOnly;
  },
  intent?: Intent,
) => http.post<T.Issue>("/issues", body, intent);
export const issueUpdate = (
  id: string,
  body: Partial<Pick<T.Issue, "title" | "priority" | "owner_id" | "due_on" | "cause">>,
  intent?: Intent,
) => http.patch<T.Issue>(`/issues/${id}`, body, intent);
export const issueFeedbackAdd = (id: string, feedbackIds: string[], intent?: Intent) =>
  http.post<T.Issue>(`/issues/${id}/feedback`, { feedback_ids: feedbackIds }, intent);
export const issueActionCreate = (
  id: string,
  body: { title: string; owner_id: string; due_on: T.DateOnly },
  intent?: Intent,
) => http.post<T.Issue>(`/issues/${id}/actions`, body, intent);
export const issueActionDone = (id: string, actionId: string, intent?: Intent) =>
  http.post<T.Issue>(`/issues/${id}/actions/${actionId}/done`, {}, intent);
export const issueProofCompute = (
  id: string,
  body: {
    metric: T.ProofMetric;
    product_id?: string;
    place_id?: string;
    before: { from: T.Time; to: T.Time };
    after: { from: T.Time; to: T.Time };
  },
  intent?: Intent,
) => http.post<T.Issue>(`/issues/${id}/proof`, body, intent);
export const issueClose = (
  id: string,
  body: { answer: T.Text; waive_reason?: string },
  intent?: Intent,
) => http.post<T.Issue>(`/issues/${id}/close`, body, intent);

// ---------- home, live ----------
export const homeGet = () => http.get<T.Home>("/home");
export const staffStreamUrl = (topics: ("home" | "orders" | "fulfilments" | "stock")[]) =>
  `${API_BASE}/stream${queryString({ topics: topics.join(",") })}`;
export const meStreamUrl = () => `${API_BASE}/me/stream`;
