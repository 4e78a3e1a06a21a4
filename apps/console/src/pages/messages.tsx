import { type Message, messageList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, Tag, type Tone, useStateWords } from "@storeloop/ui";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useWords } from "../words/index.ts";

const TONE: Record<Message["state"], Tone> = {
  queued: "info",
  sent: "success",
  failed: "danger",
  suppressed: "neutral",
};

export default function MessagesPage() {
  const t = useWords();
  const states = useStateWords();
  const { dateTime } = useI18n();
  const columns: Column<Message>[] = [
    {
      key: "at",
      title: t.messages.at,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => dateTime(row.created_at),
    },
    {
      key: "channel",
      title: t.messages.channel,
      render: (row) => states.messageChannel[row.channel],
      text: (row) => states.messageChannel[row.channel],
    },
    {
      key: "to",
      title: t.messages.to,
      render: (row) => <span className="sl-mono">{row.to}</span>,
      text: (row) => row.to,
    },
    {
      key: "body",
      title: t.messages.body,
      width: 520,
      render: (row) => (
        <>
          {row.subject && <strong>{row.subject} </strong>}
          {row.body}
        </>
      ),
      text: (row) => row.body,
    },
    {
      key: "state",
      title: t.messages.state,
      render: (row) => (
        <>
          <Tag tone={TONE[row.state]}>{t.messages.states[row.state]}</Tag>
          {row.suppressed_reason && <div className="sl-caption">{row.suppressed_reason}</div>}
        </>
      ),
      text: (row) => t.messages.states[row.state],
    },
    {
      key: "template",
      title: t.messages.template,
      render: (row) => <span className="sl-mono">{row.template}</span>,
      text: (row) => row.template,
      optional: true,
    },
    {
      key: "purpose",
      title: t.messages.purpose,
      render: (row) => row.purpose,
      text: (row) => row.purpose,
      optional: true,
    },
  ];
  return (
    <ListView
      name="messages"
      title={t.messages.title}
      intro={<p className="sl-muted">{t.messages.intro}</p>}
      columns={columns}
      filters={[
        { key: "to", kind: "search", label: t.messages.search },
        {
          key: "channel",
          kind: "choice",
          label: t.messages.channel,
          options: (["sms", "email", "push", "inbox"] as const).map((value) => ({
            value,
            label: states.messageChannel[value],
          })),
        },
      ]}
      load={(filters, cursor) => messageList({ ...filters, cursor })}
      rowKey={(row) => row.id}
    />
  );
}
