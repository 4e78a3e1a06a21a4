/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

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
