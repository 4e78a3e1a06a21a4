import { itemsOf, myTimelineList, pages, type TimelineItem } from "@storeloop/api";
import { Card, EmptyState, PageHeader, QueryView, ShowMore, Stack, Timeline } from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** Everything between the person and the shops, newest first. */
/** Where a moment leads: to the order, to the words and what became of them, to the message. */
function doorOf(item: TimelineItem): string | null {
  const order = item.facts["order_id"];
  if (typeof order === "string") return `/o/${order}`;
  if (item.kind === "feedback" || item.kind === "issue") return "/voice";
  return item.kind === "message" ? "/me/messages" : null;
}

export default function MyTimelinePage() {
  const t = useWords();
  useTitle(t.me.timeline);
  const timeline = useInfiniteQuery(
    pages([...ME, "timeline"], (cursor) => myTimelineList({ cursor, limit: 30 })),
  );
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.me.timeline} back="/me" />
        <QueryView
          query={timeline}
          signIn={<SignInButton />}
          empty={(data) =>
            itemsOf(data).length > 0 ? null : (
              <EmptyState icon="clock" title={t.me.timelineEmpty}>
                {t.me.timelineEmptyText}
              </EmptyState>
            )
          }
        >
          {(data) => (
            <Stack gap={2}>
              <Card>
                <Timeline items={itemsOf(data)} hrefOf={doorOf} />
              </Card>
              <ShowMore query={timeline} />
            </Stack>
          )}
        </QueryView>
      </Stack>
    </div>
  );
}
