/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** What holds when nobody has said anything. */
export const replenishmentDefaultList = () =>
  http.get<Answer<"replenishment_default_list">>("/replenishment/defaults");

/** Proposals, those that run out first ahead. */
export const replenishmentProposalList = (filter?: Filter<"replenishment_proposal_list">) =>
  http.get<Answer<"replenishment_proposal_list">>("/replenishment/proposals", filter);

/** Take proposals. */
export const replenishmentProposalAccept = (
  body: Body<"replenishment_proposal_accept">,
  intent?: Intent,
) =>
  http.post<Answer<"replenishment_proposal_accept">>(
    "/replenishment/proposals/accept",
    body,
    intent,
  );

/** A proposal with every figure behind it. */
export const replenishmentProposalGet = (id: string) =>
  http.get<Answer<"replenishment_proposal_get">>(`/replenishment/proposals/${id}`);

/** Dismiss a proposal. */
export const replenishmentProposalDismiss = (
  id: string,
  body: Body<"replenishment_proposal_dismiss">,
  intent?: Intent,
) =>
  http.post<Answer<"replenishment_proposal_dismiss">>(
    `/replenishment/proposals/${id}/dismiss`,
    body,
    intent,
  );

/** Runs over the assortment, the newest first. */
export const replenishmentRunList = (filter?: Filter<"replenishment_run_list">) =>
  http.get<Answer<"replenishment_run_list">>("/replenishment/runs", filter);

/** Make proposals anew. */
export const replenishmentRunStart = (intent?: Intent) =>
  http.post<Answer<"replenishment_run_start">>("/replenishment/runs", undefined, intent);

/** A run, with what it found so far. */
export const replenishmentRunGet = (id: string) =>
  http.get<Answer<"replenishment_run_get">>(`/replenishment/runs/${id}`);

/** What was said about articles, places and suppliers. */
export const replenishmentSettingList = (filter?: Filter<"replenishment_setting_list">) =>
  http.get<Answer<"replenishment_setting_list">>("/replenishment/settings", filter);

/** Say what holds for a subject. */
export const replenishmentSettingPut = (body: Body<"replenishment_setting_put">, intent?: Intent) =>
  http.put<Answer<"replenishment_setting_put">>("/replenishment/settings", body, intent);
