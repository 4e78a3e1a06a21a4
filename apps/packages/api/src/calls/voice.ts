/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

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

/** Tell the chain something. */
export const myFeedbackRecord = (body: Body<"my_feedback_record">, intent?: Intent) =>
  http.post<Answer<"my_feedback_record">>("/me/feedback", body, intent);

/** My words and what became of them. */
export const myIssueList = (filter?: Filter<"my_issue_list">) =>
  http.get<Answer<"my_issue_list">>("/me/issues", filter);

/** Read a survey. */
export const surveyGet = (token: string) => http.get<Answer<"survey_get">>(`/surveys/${token}`);

/** Answer a survey, once. */
export const surveyAnswer = (token: string, body: Body<"survey_answer">, intent?: Intent) =>
  http.post<Answer<"survey_answer">>(`/surveys/${token}/answers`, body, intent);
