/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { address, http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Pay with a gift card. */
export const orderGiftCardPay = (
  id: string,
  body: Body<"order_gift_card_pay">,
  filter?: Filter<"order_gift_card_pay">,
  intent?: Intent,
) => http.post<Answer<"order_gift_card_pay">>(`/orders/${id}/gift_cards`, body, intent, filter);

/** Take a gift card out of an order that is not paid. */
export const orderGiftCardTakeOut = (
  id: string,
  payment: string,
  filter?: Filter<"order_gift_card_take_out">,
  intent?: Intent,
) =>
  http.delete<Answer<"order_gift_card_take_out">>(
    `/orders/${id}/gift_cards/${payment}`,
    undefined,
    intent,
    filter,
  );

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
