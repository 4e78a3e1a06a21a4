/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http } from "../client.ts";
import type { Answer, Filter } from "../wire.ts";

/** Messages to me. */
export const myMessageList = (filter?: Filter<"my_message_list">) =>
  http.get<Answer<"my_message_list">>("/me/messages", filter);

/** Messages to people. */
export const messageList = (filter?: Filter<"message_list">) =>
  http.get<Answer<"message_list">>("/messages", filter);
