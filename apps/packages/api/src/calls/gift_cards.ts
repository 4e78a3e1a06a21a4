/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** Gift cards, the newest first. */
export const giftCardList = (filter?: Filter<"gift_card_list">) =>
  http.get<Answer<"gift_card_list">>("/gift_cards", filter);

/** Make gift cards. */
export const giftCardIssue = (body: Body<"gift_card_issue">, intent?: Intent) =>
  http.post<Answer<"gift_card_issue">>("/gift_cards", body, intent);

/** What is owed on gift cards, and where it came from. */
export const giftCardAccounts = () =>
  http.get<Answer<"gift_card_accounts">>("/gift_cards/accounts");

/** What is on a gift card. */
export const giftCardBalance = (body: Body<"gift_card_balance">, intent?: Intent) =>
  http.post<Answer<"gift_card_balance">>("/gift_cards/balance", body, intent);

/** The gift card somebody shows. */
export const giftCardFind = (body: Body<"gift_card_find">, intent?: Intent) =>
  http.post<Answer<"gift_card_find">>("/gift_cards/find", body, intent);

/** One gift card with what happened to its money. */
export const giftCardGet = (id: string) => http.get<Answer<"gift_card_get">>(`/gift_cards/${id}`);

/** Put more on a gift card. */
export const giftCardLoad = (id: string, body: Body<"gift_card_load">, intent?: Intent) =>
  http.post<Answer<"gift_card_load">>(`/gift_cards/${id}/load`, body, intent);

/** Stop a gift card, or let it pay again. */
export const giftCardSetState = (id: string, body: Body<"gift_card_set_state">, intent?: Intent) =>
  http.put<Answer<"gift_card_set_state">>(`/gift_cards/${id}/state`, body, intent);
