import { itemsOf, myMessageList, type Message, pages } from "@storeloop/api";
import {
  Badge,
  Card,
  DateTime,
  EmptyState,
  PageHeader,
  QueryView,
  ShowMore,
  Stack,
  Tag,
  useStateWords,
} from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Linked } from "../parts/linked.tsx";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function MyMessagesPage() {
  const t = useWords();
  useTitle(t.messages.title);
  const messages = useInfiniteQuery(
    pages([...ME, "messages"], (cursor) => myMessageList({ cursor, limit: 20 })),
  );
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.messages.title} back="/me" />
        <QueryView
          query={messages}
          signIn={<SignInButton />}
          empty={(data) =>
            itemsOf(data).length > 0 ? null : (
              <EmptyState icon="message" title={t.messages.emptyTitle}>
                {t.messages.emptyText}
              </EmptyState>
            )
          }
        >
          {(data) => (
            <Stack gap={2}>
              {itemsOf(data).map((message) => (
                <MessageCard key={message.id} message={message} />
              ))}
              <ShowMore query={messages} />
            </Stack>
          )}
        </QueryView>
      </Stack>
    </div>
  );
}

function MessageCard({ message }: { message: Message }) {
  const t = useWords();
  const states = useStateWords();
  return (
    <Card>
      <Stack gap={2}>
        <div className="sl-row sl-row--between">
          <span className="sl-row">
            <Badge>{states.messageChannel[message.channel]}</Badge>
            {message.state === "suppressed" && <Tag>{t.messages.suppressed}</Tag>}
            {message.state === "failed" && <Tag tone="danger">{t.messages.failed}</Tag>}
          </span>
          <span className="sl-caption">
            <DateTime value={message.sent_at ?? message.created_at} />
          </span>
        </div>
        {message.subject && <p className="sl-strong">{message.subject}</p>}
        <p className="shop-prose">
          <Linked text={message.body} />
        </p>
      </Stack>
    </Card>
  );
}
