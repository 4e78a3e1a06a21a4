/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

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
