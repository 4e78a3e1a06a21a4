/** Written from docs/openapi.json by `npm run generate`; do not change it by hand. */
import { http, type Intent } from "../client.ts";
import type { Answer, Body, Filter } from "../wire.ts";

/** From where each channel sells, and what it leaves there. */
export const channelList = () => http.get<Answer<"channel_list">>("/channels");

/** From where a channel sells, and what it leaves there. */
export const channelGet = (channel: string) =>
  http.get<Answer<"channel_get">>(`/channels/${channel}`);

/** Say from where a channel sells, and what it leaves there. */
export const channelReplace = (channel: string, body: Body<"channel_replace">, intent?: Intent) =>
  http.put<Answer<"channel_replace">>(`/channels/${channel}`, body, intent);

/** What a channel sees of an article. */
export const channelPreview = (channel: string, body: Body<"channel_preview">, intent?: Intent) =>
  http.post<Answer<"channel_preview">>(`/channels/${channel}/preview`, body, intent);

/** Every version of a channel's terms, the newest first. */
export const channelVersionList = (channel: string, filter?: Filter<"channel_version_list">) =>
  http.get<Answer<"channel_version_list">>(`/channels/${channel}/versions`, filter);
