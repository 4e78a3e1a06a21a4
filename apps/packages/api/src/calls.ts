/**
 * Every operation of the API as a function with the name of the operation, so that one search
 * finds the stack. Arguments are the parts of the path, then the body, then the filter.
 *
 * Written from docs/openapi.json by `npm run generate`; do not change it by hand.
 */
import { address, http, type Intent } from "./client.ts";
import type { Answer, Body, Filter } from "./wire.ts";

/** Lists living keys, oldest first. */
export const apiKeyList = (filter?: Filter<"api_key_list">) =>
  http.get<Answer<"api_key_list">>("/api-keys", filter);

/** Makes a key. Its secret is in this answer and nowhere else. */
export const apiKeyCreate = (body: Body<"api_key_create">, intent?: Intent) =>
  http.post<Answer<"api_key_create">>("/api-keys", body, intent);

/** Ends a key at once. */
export const apiKeyRevoke = (id: string, intent?: Intent) =>
  http.delete<Answer<"api_key_revoke">>(`/api-keys/${id}`, undefined, intent);

/** Lists the audit trail, newest first. */
export const auditList = (filter?: Filter<"audit_list">) =>
  http.get<Answer<"audit_list">>("/audit", filter);

/** Checks the whole audit trail against tampering. */
export const auditVerify = (filter?: Filter<"audit_verify">) =>
  http.get<Answer<"audit_verify">>("/audit/verify", filter);

/** What can be had, where, and from when. */
export const availabilityGet = (filter?: Filter<"availability_get">) =>
  http.get<Answer<"availability_get">>("/availability", filter);

/** Open a cart. */
export const cartCreate = (body: Body<"cart_create">, intent?: Intent) =>
  http.post<Answer<"cart_create">>("/carts", body, intent);

/** A cart, with the prices and the availability of this moment. */
export const cartGet = (id: string) => http.get<Answer<"cart_get">>(`/carts/${id}`);

/** Say how and to whom. */
export const cartChange = (id: string, body: Body<"cart_change">, intent?: Intent) =>
  http.patch<Answer<"cart_change">>(`/carts/${id}`, body, intent);

/** Order what is in the cart. */
export const cartCheckout = (id: string, body: Body<"cart_checkout">, intent?: Intent) =>
  http.post<Answer<"cart_checkout">>(`/carts/${id}/checkout`, body, intent);

/** Want so many of a SKU. */
export const cartSetLine = (
  id: string,
  skuId: string,
  body: Body<"cart_set_line">,
  intent?: Intent,
) => http.put<Answer<"cart_set_line">>(`/carts/${id}/lines/${skuId}`, body, intent);

/** Lists all categories, siblings in order. */
export const categoryList = () => http.get<Answer<"category_list">>("/categories");

/** Orders that a person must decide about, the first placed first. */
export const decisionList = (filter?: Filter<"decision_list">) =>
  http.get<Answer<"decision_list">>("/decisions", filter);

/** List what people said. */
export const feedbackList = (filter?: Filter<"feedback_list">) =>
  http.get<Answer<"feedback_list">>("/feedback", filter);

/** Note what somebody said. */
export const feedbackRecord = (body: Body<"feedback_record">, intent?: Intent) =>
  http.post<Answer<"feedback_record">>("/feedback", body, intent);

/** Group what people say. */
export const feedbackGroupList = () => http.get<Answer<"feedback_group_list">>("/feedback/groups");

/** Read what one person said. */
export const feedbackGet = (id: string) => http.get<Answer<"feedback_get">>(`/feedback/${id}`);

/** Set a voice aside. */
export const feedbackDismiss = (id: string, body: Body<"feedback_dismiss">, intent?: Intent) =>
  http.post<Answer<"feedback_dismiss">>(`/feedback/${id}/dismiss`, body, intent);

/** What places are asked to serve, the longest waiting first. */
export const fulfilmentList = (filter?: Filter<"fulfilment_list">) =>
  http.get<Answer<"fulfilment_list">>("/fulfilments", filter);

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

/** The loop at a glance. */
export const homeGet = () => http.get<Answer<"home_get">>("/home");

/** List issues. */
export const issueList = (filter?: Filter<"issue_list">) =>
  http.get<Answer<"issue_list">>("/issues", filter);

/** Open an issue. */
export const issueOpen = (body: Body<"issue_open">, intent?: Intent) =>
  http.post<Answer<"issue_open">>("/issues", body, intent);

/** See an issue. */
export const issueGet = (id: string) => http.get<Answer<"issue_get">>(`/issues/${id}`);

/** Change an issue. */
export const issueChange = (id: string, body: Body<"issue_change">, intent?: Intent) =>
  http.patch<Answer<"issue_change">>(`/issues/${id}`, body, intent);

/** Add a step to an issue's plan. */
export const issueActionAdd = (id: string, body: Body<"issue_action_add">, intent?: Intent) =>
  http.post<Answer<"issue_action_add">>(`/issues/${id}/actions`, body, intent);

/** Say that a step is done. */
export const issueActionDone = (id: string, actionId: string, intent?: Intent) =>
  http.post<Answer<"issue_action_done">>(
    `/issues/${id}/actions/${actionId}/done`,
    undefined,
    intent,
  );

/** Close an issue and answer everybody who raised it. */
export const issueClose = (id: string, body: Body<"issue_close">, intent?: Intent) =>
  http.post<Answer<"issue_close">>(`/issues/${id}/close`, body, intent);

/** File further voices with an issue. */
export const issueFeedbackAdd = (id: string, body: Body<"issue_feedback_add">, intent?: Intent) =>
  http.post<Answer<"issue_feedback_add">>(`/issues/${id}/feedback`, body, intent);

/** Compute whether it helped. */
export const issueProofFile = (id: string, body: Body<"issue_proof_file">, intent?: Intent) =>
  http.post<Answer<"issue_proof_file">>(`/issues/${id}/proof`, body, intent);

/** Who I am. */
export const meGet = () => http.get<Answer<"me_get">>("/me");

/** Change who I am. */
export const meChange = (body: Body<"me_change">, intent?: Intent) =>
  http.patch<Answer<"me_change">>("/me", body, intent);

/** Show my member code. */
export const memberCodeShow = () => http.get<Answer<"member_code_show">>("/me/code");

/** Give or withdraw a consent. */
export const myConsentSet = (purpose: string, body: Body<"my_consent_set">, intent?: Intent) =>
  http.put<Answer<"my_consent_set">>(`/me/consents/${purpose}`, body, intent);

/** Tell the chain something. */
export const myFeedbackRecord = (body: Body<"my_feedback_record">, intent?: Intent) =>
  http.post<Answer<"my_feedback_record">>("/me/feedback", body, intent);

/** My words and what became of them. */
export const myIssueList = (filter?: Filter<"my_issue_list">) =>
  http.get<Answer<"my_issue_list">>("/me/issues", filter);

/** Messages to me. */
export const myMessageList = (filter?: Filter<"my_message_list">) =>
  http.get<Answer<"my_message_list">>("/me/messages", filter);

/** The signed-in member's orders of every channel, the newest first. */
export const myOrderList = (filter?: Filter<"my_order_list">) =>
  http.get<Answer<"my_order_list">>("/me/orders", filter);

/** My points. */
export const myPointsGet = (filter?: Filter<"my_points_get">) =>
  http.get<Answer<"my_points_get">>("/me/points", filter);

/** Live events of the member's own orders. */
export const myStreamFollow = () => address("/me/stream");

/** My whole story. */
export const myTimelineList = (filter?: Filter<"my_timeline_list">) =>
  http.get<Answer<"my_timeline_list">>("/me/timeline", filter);

/** A picture's bytes. The address never changes its content, so it may be kept for a year. */
export const mediaGet = (id: string) => address(`/media/${id}`);

/** Ask for a one-time code. */
export const memberOtpStart = (body: Body<"member_otp_start">, intent?: Intent) =>
  http.post<Answer<"member_otp_start">>("/member/otp", body, intent);

/** Sign in with a code. */
export const memberSignIn = (body: Body<"member_sign_in">, intent?: Intent) =>
  http.post<Answer<"member_sign_in">>("/member/session", body, intent);

/** Sign out. */
export const memberSignOut = (intent?: Intent) =>
  http.delete<Answer<"member_sign_out">>("/member/session", undefined, intent);

/** Find members. */
export const memberList = (filter?: Filter<"member_list">) =>
  http.get<Answer<"member_list">>("/members", filter);

/** See a member. */
export const memberGet = (id: string) => http.get<Answer<"member_get">>(`/members/${id}`);

/** Note and tag a member. */
export const memberChange = (id: string, body: Body<"member_change">, intent?: Intent) =>
  http.patch<Answer<"member_change">>(`/members/${id}`, body, intent);

/** A member's points. */
export const memberPointsGet = (id: string, filter?: Filter<"member_points_get">) =>
  http.get<Answer<"member_points_get">>(`/members/${id}/points`, filter);

/** A member's whole story. */
export const memberTimelineList = (id: string, filter?: Filter<"member_timeline_list">) =>
  http.get<Answer<"member_timeline_list">>(`/members/${id}/timeline`, filter);

/** Messages to people. */
export const messageList = (filter?: Filter<"message_list">) =>
  http.get<Answer<"message_list">>("/messages", filter);

/** Orders, the newest first. */
export const orderList = (filter?: Filter<"order_list">) =>
  http.get<Answer<"order_list">>("/orders", filter);

/** One order. */
export const orderGet = (id: string, filter?: Filter<"order_get">) =>
  http.get<Answer<"order_get">>(`/orders/${id}`, filter);

/** Give an order up. */
export const orderCancel = (
  id: string,
  body: Body<"order_cancel">,
  filter?: Filter<"order_cancel">,
  intent?: Intent,
) => http.post<Answer<"order_cancel">>(`/orders/${id}/cancel`, body, intent, filter);

/** Decide what becomes of an order that nobody can serve as it is. */
export const orderDecide = (id: string, body: Body<"order_decide">, intent?: Intent) =>
  http.post<Answer<"order_decide">>(`/orders/${id}/decision`, body, intent);

/** Start another payment for an order that waits for its money. */
export const paymentStart = (
  id: string,
  body: Body<"payment_start">,
  filter?: Filter<"payment_start">,
  intent?: Intent,
) => http.post<Answer<"payment_start">>(`/orders/${id}/payments`, body, intent, filter);

/** Our books beside the providers', the newest first. */
export const matchList = (filter?: Filter<"match_list">) =>
  http.get<Answer<"match_list">>("/payments/matches", filter);

/** Decide about a difference. */
export const matchDecide = (id: string, body: Body<"match_decide">, intent?: Intent) =>
  http.post<Answer<"match_decide">>(`/payments/matches/${id}/decision`, body, intent);

/** How somebody may pay here. */
export const paymentMethodList = () => http.get<Answer<"payment_method_list">>("/payments/methods");

/** What a provider tells unasked. */
export const paymentNotify = (provider: string) => address(`/payments/notify/${provider}`);

/** Refunds that their providers gave up. */
export const refundFailedList = () =>
  http.get<Answer<"refund_failed_list">>("/payments/refunds/failed");

/** Ask anew for a refund that its provider gave up. */
export const refundRetry = (id: string, intent?: Intent) =>
  http.post<Answer<"refund_retry">>(`/payments/refunds/${id}/retry`, undefined, intent);

/** The providers' accounts of days, the newest first. */
export const statementList = (filter?: Filter<"statement_list">) =>
  http.get<Answer<"statement_list">>("/payments/statements", filter);

/** Bring a provider's account of a day in and compare it with our books. */
export const statementLoad = (body: Body<"statement_load">, intent?: Intent) =>
  http.post<Answer<"statement_load">>("/payments/statements", body, intent);

/** Let the payer come to the payment's provider. */
export const paymentOpen = (id: string, body: Body<"payment_open">, intent?: Intent) =>
  http.post<Answer<"payment_open">>(`/payments/${id}/open`, body, intent);

/** Press a button on the sandbox's pay page. */
export const paymentSandbox = (
  id: string,
  body: Body<"payment_sandbox">,
  filter?: Filter<"payment_sandbox">,
  intent?: Intent,
) => http.post<Answer<"payment_sandbox">>(`/payments/${id}/sandbox`, body, intent, filter);

/** Lists places, by code or nearest first. */
export const placeList = (filter?: Filter<"place_list">) =>
  http.get<Answer<"place_list">>("/places", filter);

/** Opens a place. */
export const placeCreate = (body: Body<"place_create">, intent?: Intent) =>
  http.post<Answer<"place_create">>("/places", body, intent);

/** Reads one place. */
export const placeGet = (id: string) => http.get<Answer<"place_get">>(`/places/${id}`);

/** Changes a place. */
export const placeChange = (id: string, body: Body<"place_change">, intent?: Intent) =>
  http.patch<Answer<"place_change">>(`/places/${id}`, body, intent);

/** The checks of the pickup codes of what waits at a place, for a till that goes offline. */
export const fulfilmentCounterCodes = (id: string) =>
  http.get<Answer<"fulfilment_counter_codes">>(`/places/${id}/pickup-checks`);

/** List price lists, by code. */
export const priceListList = (filter?: Filter<"price_list_list">) =>
  http.get<Answer<"price_list_list">>("/price_lists", filter);

/** Create a price list. */
export const priceListCreate = (body: Body<"price_list_create">, intent?: Intent) =>
  http.post<Answer<"price_list_create">>("/price_lists", body, intent);

/** Read one price list. */
export const priceListGet = (id: string) =>
  http.get<Answer<"price_list_get">>(`/price_lists/${id}`);

/** Decide anew about a price list. */
export const priceListChange = (id: string, body: Body<"price_list_change">, intent?: Intent) =>
  http.put<Answer<"price_list_change">>(`/price_lists/${id}`, body, intent);

/** Remove a price list with its prices. */
export const priceListRemove = (id: string, intent?: Intent) =>
  http.delete<Answer<"price_list_remove">>(`/price_lists/${id}`, undefined, intent);

/** List the prices of a price list. */
export const priceEntryList = (id: string, filter?: Filter<"price_entry_list">) =>
  http.get<Answer<"price_entry_list">>(`/price_lists/${id}/entries`, filter);

/** Set and take away prices. */
export const priceEntryPut = (id: string, body: Body<"price_entry_put">, intent?: Intent) =>
  http.put<Answer<"price_entry_put">>(`/price_lists/${id}/entries`, body, intent);

/** Say what a cart would cost and why. */
export const pricePreview = (body: Body<"price_preview">, intent?: Intent) =>
  http.post<Answer<"price_preview">>("/price_preview", body, intent);

/** Read what holds for all prices. */
export const priceSettingsGet = () => http.get<Answer<"price_settings_get">>("/price_settings");

/** Decide anew what holds for all prices. */
export const priceSettingsChange = (body: Body<"price_settings_change">, intent?: Intent) =>
  http.put<Answer<"price_settings_change">>("/price_settings", body, intent);

/** Lists or searches products. */
export const productList = (filter?: Filter<"product_list">) =>
  http.get<Answer<"product_list">>("/products", filter);

/** Creates a product. */
export const productCreate = (body: Body<"product_create">, intent?: Intent) =>
  http.post<Answer<"product_create">>("/products", body, intent);

/** Reads one product with its SKUs. */
export const productGet = (id: string) => http.get<Answer<"product_get">>(`/products/${id}`);

/** Changes a product. */
export const productChange = (id: string, body: Body<"product_change">, intent?: Intent) =>
  http.patch<Answer<"product_change">>(`/products/${id}`, body, intent);

/** List promotions, by code. */
export const promotionList = (filter?: Filter<"promotion_list">) =>
  http.get<Answer<"promotion_list">>("/promotions", filter);

/** Create a promotion. */
export const promotionCreate = (body: Body<"promotion_create">, intent?: Intent) =>
  http.post<Answer<"promotion_create">>("/promotions", body, intent);

/** Read one promotion. */
export const promotionGet = (id: string) => http.get<Answer<"promotion_get">>(`/promotions/${id}`);

/** Decide anew about a promotion. */
export const promotionChange = (id: string, body: Body<"promotion_change">, intent?: Intent) =>
  http.put<Answer<"promotion_change">>(`/promotions/${id}`, body, intent);

/** Remove a promotion. */
export const promotionRemove = (id: string, intent?: Intent) =>
  http.delete<Answer<"promotion_remove">>(`/promotions/${id}`, undefined, intent);

/** Returns, the newest first. */
export const returnList = (filter?: Filter<"return_list">) =>
  http.get<Answer<"return_list">>("/returns", filter);

/** Take goods back. */
export const returnTake = (body: Body<"return_take">, intent?: Intent) =>
  http.post<Answer<"return_take">>("/returns", body, intent);

/** Finds products. */
export const productSearch = (filter?: Filter<"product_search">) =>
  http.get<Answer<"product_search">>("/search/products", filter);

/** Suggests while somebody types. */
export const suggestionList = (filter?: Filter<"suggestion_list">) =>
  http.get<Answer<"suggestion_list">>("/search/suggestions", filter);

/** Looks SKUs up by one of code, barcode or identifiers. */
export const skuList = (filter?: Filter<"sku_list">) =>
  http.get<Answer<"sku_list">>("/skus", filter);

/** Replays, the newest first. */
export const sourcingReplayList = (filter?: Filter<"sourcing_replay_list">) =>
  http.get<Answer<"sourcing_replay_list">>("/sourcing/replays", filter);

/** Replay past orders under changed rules. */
export const sourcingReplay = (body: Body<"sourcing_replay">, intent?: Intent) =>
  http.post<Answer<"sourcing_replay">>("/sourcing/replays", body, intent);

/** A replay, with what it found so far. */
export const sourcingReplayGet = (id: string) =>
  http.get<Answer<"sourcing_replay_get">>(`/sourcing/replays/${id}`);

/** The orders that would be served otherwise. */
export const sourcingReplayOrderList = (
  id: string,
  filter?: Filter<"sourcing_replay_order_list">,
) => http.get<Answer<"sourcing_replay_order_list">>(`/sourcing/replays/${id}/orders`, filter);

/** Stop a replay. */
export const sourcingReplayStop = (id: string, intent?: Intent) =>
  http.post<Answer<"sourcing_replay_stop">>(`/sourcing/replays/${id}/stop`, undefined, intent);

/** The rules in force. */
export const sourcingRulesGet = () => http.get<Answer<"sourcing_rules_get">>("/sourcing/rules");

/** Put rules into force. */
export const sourcingRulesReplace = (body: Body<"sourcing_rules_replace">, intent?: Intent) =>
  http.put<Answer<"sourcing_rules_replace">>("/sourcing/rules", body, intent);

/** Every version of the rules, the newest first. */
export const sourcingRulesList = (filter?: Filter<"sourcing_rules_list">) =>
  http.get<Answer<"sourcing_rules_list">>("/sourcing/rules/versions", filter);

/** What would this order do. */
export const sourcingTry = (body: Body<"sourcing_try">, intent?: Intent) =>
  http.post<Answer<"sourcing_try">>("/sourcing/try", body, intent);

/** Lists staff in the order they were taken on. */
export const staffList = (filter?: Filter<"staff_list">) =>
  http.get<Answer<"staff_list">>("/staff", filter);

/** Takes somebody on. */
export const staffCreate = (body: Body<"staff_create">, intent?: Intent) =>
  http.post<Answer<"staff_create">>("/staff", body, intent);

/** Changes the caller's own password; their other sessions end. */
export const staffPasswordChange = (body: Body<"staff_password_change">, intent?: Intent) =>
  http.post<Answer<"staff_password_change">>("/staff/password", body, intent);

/** Tells who is signed in and what they may do. */
export const staffSessionGet = () => http.get<Answer<"staff_session_get">>("/staff/session");

/** Signs a member of staff in. Sets the cookie `storeloop_staff`. */
export const staffSignIn = (body: Body<"staff_sign_in">, intent?: Intent) =>
  http.post<Answer<"staff_sign_in">>("/staff/session", body, intent);

/** Signs out; the session ends at once. */
export const staffSignOut = (intent?: Intent) =>
  http.delete<Answer<"staff_sign_out">>("/staff/session", undefined, intent);

/** Begins to set up the caller's authenticator; it counts once confirmed. */
export const staffTotpEnrol = (intent?: Intent) =>
  http.post<Answer<"staff_totp_enrol">>("/staff/totp", undefined, intent);

/** Switches the authenticator off, against a code of it. */
export const staffTotpDisable = (body: Body<"staff_totp_disable">, intent?: Intent) =>
  http.delete<Answer<"staff_totp_disable">>("/staff/totp", body, intent);

/** Switches the authenticator on, once a code proves that the app has the secret. */
export const staffTotpConfirm = (body: Body<"staff_totp_confirm">, intent?: Intent) =>
  http.post<Answer<"staff_totp_confirm">>("/staff/totp/confirm", body, intent);

/** Reads one member of staff. */
export const staffGet = (id: string) => http.get<Answer<"staff_get">>(`/staff/${id}`);

/** Changes somebody. What takes rights away takes effect at once. */
export const staffUpdate = (id: string, body: Body<"staff_update">, intent?: Intent) =>
  http.patch<Answer<"staff_update">>(`/staff/${id}`, body, intent);

/** Lists counts, newest first. */
export const countList = (filter?: Filter<"count_list">) =>
  http.get<Answer<"count_list">>("/stock/counts", filter);

/** Begins a count. */
export const countCreate = (body: Body<"count_create">, intent?: Intent) =>
  http.post<Answer<"count_create">>("/stock/counts", body, intent);

/** Reads a count. */
export const countGet = (id: string) => http.get<Answer<"count_get">>(`/stock/counts/${id}`);

/** Agrees to what was found and posts it. */
export const countApprove = (id: string, body: Body<"count_approve">, intent?: Intent) =>
  http.post<Answer<"count_approve">>(`/stock/counts/${id}/approve`, body, intent);

/** Gives a count up; the book stays as it is. */
export const countCancel = (id: string, intent?: Intent) =>
  http.post<Answer<"count_cancel">>(`/stock/counts/${id}/cancel`, undefined, intent);

/** Count what RFID readers saw. */
export const countRead = (id: string, body: Body<"count_read">, intent?: Intent) =>
  http.post<Answer<"count_read">>(`/stock/counts/${id}/epcis`, body, intent);

/** Lists the lines of a count, by SKU. A blind count keeps what it expects to itself while people count. */
export const countLineList = (id: string, filter?: Filter<"count_line_list">) =>
  http.get<Answer<"count_line_list">>(`/stock/counts/${id}/lines`, filter);

/** Has lines counted once more. */
export const countRecount = (id: string, body: Body<"count_recount">, intent?: Intent) =>
  http.post<Answer<"count_recount">>(`/stock/counts/${id}/recount`, body, intent);

/** Hands a count in. Small differences are posted at once, large ones wait for approval. */
export const countSubmit = (id: string, body: Body<"count_submit">, intent?: Intent) =>
  http.post<Answer<"count_submit">>(`/stock/counts/${id}/submit`, body, intent);

/** Say what was found. */
export const countTake = (id: string, body: Body<"count_take">, intent?: Intent) =>
  http.post<Answer<"count_take">>(`/stock/counts/${id}/takes`, body, intent);

/** Compares every balance with the ledger and the holds. */
export const driftCheck = () => http.get<Answer<"drift_check">>("/stock/drift");

/** Brings balances back to what the ledger and the holds say, and answers what was mended. */
export const driftRepair = (intent?: Intent) =>
  http.post<Answer<"drift_repair">>("/stock/drift/repair", undefined, intent);

/** Holds stock for a while. */
export const holdPlace = (body: Body<"hold_place">, intent?: Intent) =>
  http.post<Answer<"hold_place">>("/stock/holds", body, intent);

/** Reads a hold. */
export const holdGet = (id: string) => http.get<Answer<"hold_get">>(`/stock/holds/${id}`);

/** Gives a hold back; one that is over stays so. */
export const holdRelease = (id: string, intent?: Intent) =>
  http.post<Answer<"hold_release">>(`/stock/holds/${id}/release`, undefined, intent);

/** Lists what is where. */
export const levelList = (filter?: Filter<"level_list">) =>
  http.get<Answer<"level_list">>("/stock/levels", filter);

/** Lists the ledger, newest first. */
export const movementList = (filter?: Filter<"movement_list">) =>
  http.get<Answer<"movement_list">>("/stock/movements", filter);

/** Records a movement. A transfer out sets goods on their way to `to_place_id`; a transfer in there takes them off the road. */
export const movementRecord = (body: Body<"movement_record">, intent?: Intent) =>
  http.post<Answer<"movement_record">>("/stock/movements", body, intent);

/** Lists transfers, newest first. */
export const transferList = (filter?: Filter<"transfer_list">) =>
  http.get<Answer<"transfer_list">>("/stock/transfers", filter);

/** Asks for goods of another place. */
export const transferRequest = (body: Body<"transfer_request">, intent?: Intent) =>
  http.post<Answer<"transfer_request">>("/stock/transfers", body, intent);

/** Reads a transfer with all that was done to it. */
export const transferGet = (id: string) =>
  http.get<Answer<"transfer_get">>(`/stock/transfers/${id}`);

/** Agrees to a transfer, whole or in part, and keeps the goods for it. */
export const transferApprove = (id: string, body: Body<"transfer_approve">, intent?: Intent) =>
  http.post<Answer<"transfer_approve">>(`/stock/transfers/${id}/approve`, body, intent);

/** Gives a transfer up. Goods on the road turn around or are written off. */
export const transferCancel = (id: string, body: Body<"transfer_cancel">, intent?: Intent) =>
  http.post<Answer<"transfer_cancel">>(`/stock/transfers/${id}/cancel`, body, intent);

/** Says what was packed; what was agreed to and not packed is free again. */
export const transferPick = (id: string, body: Body<"transfer_pick">, intent?: Intent) =>
  http.post<Answer<"transfer_pick">>(`/stock/transfers/${id}/pick`, body, intent);

/** The goods arrive. What is missing stays on the road until somebody says what became of it. */
export const transferReceive = (id: string, body: Body<"transfer_receive">, intent?: Intent) =>
  http.post<Answer<"transfer_receive">>(`/stock/transfers/${id}/receive`, body, intent);

/** Says what became of pieces that did not arrive with the rest. */
export const transferSettle = (id: string, body: Body<"transfer_settle">, intent?: Intent) =>
  http.post<Answer<"transfer_settle">>(`/stock/transfers/${id}/settle`, body, intent);

/** The goods leave. */
export const transferShip = (id: string, body: Body<"transfer_ship">, intent?: Intent) =>
  http.post<Answer<"transfer_ship">>(`/stock/transfers/${id}/ship`, body, intent);

/** Live events for staff screens. */
export const streamFollow = (filter?: Filter<"stream_follow">) => address("/stream", filter);

/** Read a survey. */
export const surveyGet = (token: string) => http.get<Answer<"survey_get">>(`/surveys/${token}`);

/** Answer a survey, once. */
export const surveyAnswer = (token: string, body: Body<"survey_answer">, intent?: Intent) =>
  http.post<Answer<"survey_answer">>(`/surveys/${token}/answers`, body, intent);
