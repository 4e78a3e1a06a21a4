/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

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

/** My whole story. */
export const myTimelineList = (filter?: Filter<"my_timeline_list">) =>
  http.get<Answer<"my_timeline_list">>("/me/timeline", filter);

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

/** A member's whole story. */
export const memberTimelineList = (id: string, filter?: Filter<"member_timeline_list">) =>
  http.get<Answer<"member_timeline_list">>(`/members/${id}/timeline`, filter);
