import {
  type Feedback,
  feedbackRecord,
  productGet,
  feedbackDismiss,
  type FeedbackGroup,
  feedbackGroupList,
  type FeedbackIn,
  feedbackList,
  type FeedbackSource,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Badge,
  Button,
  Card,
  DateTime,
  Dialog,
  EmptyState,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Stack,
  Tabs,
  Tag,
  TextArea,
  TextInput,
  toast,
  type Tone,
  useStateWords,
  useTopicWord,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { Door } from "../parts/door.tsx";
import { IssueForm } from "../parts/issue-form.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { PlacePicker, ProductPicker, usePlaces } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

type View = "groups" | "all";

export default function InboxPage() {
  const t = useWords();
  const { may } = useSession();
  const [params, setParams] = useSearchParams();
  const [recording, setRecording] = useState(false);
  // A link that carries filters means the list.
  const view: View = params.get("view") === "groups" || params.size === 0 ? "groups" : "all";
  return (
    <>
      <PageHeader
        title={t.inbox.title}
        end={
          may("feedback.write") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setRecording(true)}>
              {t.inbox.record}
            </Button>
          )
        }
      />
      <Tabs
        label={t.inbox.title}
        current={view}
        onChange={(next: View) => setParams({ view: next }, { replace: true })}
        tabs={[
          { key: "groups", label: t.inbox.groups, panel: <Groups /> },
          {
            key: "all",
            label: t.inbox.all,
            panel: (
              <Stack>
                <VoiceList />
              </Stack>
            ),
          },
        ]}
      />
      <Dialog title={t.inbox.record} open={recording} onClose={() => setRecording(false)}>
        <RecordForm onDone={() => setRecording(false)} />
      </Dialog>
    </>
  );
}

const RISING = 1.5;

function Groups() {
  const t = useWords();
  const groups = useQuery({ queryKey: ["feedback", "groups"], queryFn: feedbackGroupList });
  const [chosen, setChosen] = useState<FeedbackGroup | null>(null);
  const { text } = useI18n();
  return (
    <QueryView
      query={groups}
      empty={(data) =>
        data.items.length === 0 ? (
          <EmptyState icon="voice" title={t.inbox.noGroups}>
            {t.inbox.noGroupsText}
          </EmptyState>
        ) : null
      }
    >
      {(data) => (
        <Stack>
          {data.items.map((group) => (
            <GroupCard key={group.key} group={group} onIssue={() => setChosen(group)} />
          ))}
          <Dialog title={t.issues.new} open={chosen !== null} onClose={() => setChosen(null)}>
            {chosen && <IssueForm title={text(chosen.title)} feedbackIds={chosen.feedback_ids} />}
          </Dialog>
        </Stack>
      )}
    </QueryView>
  );
}

/** The filters that show the voices of a group, and their like of other times. */
function rowsOf(group: FeedbackGroup): Record<string, string> {
  const { topic, product_id: product } = group;
  return { view: "all", topic, ...(product ? { product } : {}) };
}

function GroupCard({ group, onIssue }: { group: FeedbackGroup; onIssue: () => void }) {
  const t = useWords();
  const topicWord = useTopicWord();
  const { text, number } = useI18n();
  const { may } = useSession();
  const digits = { maximumFractionDigits: 1 };
  return (
    <Card
      title={
        <>
          {text(group.title)}{" "}
          {group.ratio !== null && group.ratio >= RISING && (
            <Tag tone="warning" icon="up">
              {t.inbox.rising}
            </Tag>
          )}
        </>
      }
      end={
        may("issue.manage") && (
          <Button size="small" kind="primary" onClick={onIssue}>
            {t.inbox.groupIssue}
          </Button>
        )
      }
    >
      <Stack gap={2}>
        <Row>
          <Badge>{topicWord(group.topic)}</Badge>
          {group.product_id && (
            <Door href={`/products/${group.product_id}`}>{text(group.product_name)}</Door>
          )}
          <Door href={`/inbox?${new URLSearchParams(rowsOf(group)).toString()}`}>
            {t.inbox.count(number(group.count), number(group.cities))}
          </Door>
          <span className="sl-muted">
            {t.inbox.since} <DateTime value={group.first_at} as="date" />
          </span>
          {group.ratio !== null && group.usual_rate !== null && (
            <span className="sl-muted">
              {t.inbox.ratio(number(group.ratio, digits), number(group.usual_rate, digits))}
            </span>
          )}
        </Row>
        {group.sample.map((words) => (
          <blockquote key={words} className="console-sample">
            {words}
          </blockquote>
        ))}
      </Stack>
    </Card>
  );
}

const STATE_TONE: Record<Feedback["state"], Tone> = {
  new: "warning",
  grouped: "info",
  answered: "success",
  dismissed: "neutral",
};
const STATES = ["new", "grouped", "answered", "dismissed"] as const;

function ProductName({ id }: { id: string }) {
  const { text } = useI18n();
  const product = useQuery({ queryKey: ["object", id], queryFn: () => productGet(id) });
  return <Door href={`/products/${id}`}>{text(product.data?.name)}</Door>;
}

function VoiceList() {
  const t = useWords();
  const states = useStateWords();
  const { text } = useI18n();
  const { may } = useSession();
  const places = usePlaces().data?.items ?? [];
  const [chosen, setChosen] = useState<Feedback[]>([]);
  const [acting, setActing] = useState<"issue" | "dismiss" | null>(null);
  const open = chosen.filter((row) => row.state === "new");
  return (
    <>
      {open.length > 0 && may("issue.manage") && (
        <Row>
          <Button size="small" kind="primary" onClick={() => setActing("issue")}>
            {t.inbox.makeIssue(open.length)}
          </Button>
          <Button size="small" onClick={() => setActing("dismiss")}>
            {t.inbox.dismiss}
          </Button>
        </Row>
      )}
      <ListView
        embedded
        name="feedback"
        title={t.inbox.title}
        columns={useVoiceColumns()}
        filters={[
          { key: "q", kind: "search", label: t.inbox.search },
          {
            key: "state",
            kind: "choice",
            label: t.inbox.state,
            options: STATES.map((value) => ({ value, label: t.inbox.states[value] })),
          },
          {
            key: "score_max",
            kind: "choice",
            label: t.inbox.score,
            options: [{ value: "2", label: t.inbox.low }],
          },
          {
            key: "place",
            kind: "choice",
            label: t.stock.place,
            options: places.map((place) => ({ value: place.id, label: text(place.name) })),
          },
          {
            key: "topic",
            kind: "choice",
            label: t.inbox.topics,
            options: Object.entries(states.topic).map(([value, label]) => ({ value, label })),
          },
          {
            key: "product",
            kind: "given",
            label: t.issues.product,
            name: (id) => <ProductName id={id} />,
          },
        ]}
        load={({ score_max, ...filters }, cursor) =>
          feedbackList({
            ...filters,
            score_max: score_max ? Number(score_max) : undefined,
            cursor,
          })
        }
        rowKey={(row) => row.id}
        selection={{ selected: chosen.map((row) => row.id), onChange: setChosen }}
      />
      <Dialog title={t.issues.new} open={acting === "issue"} onClose={() => setActing(null)}>
        <IssueForm title="" feedbackIds={open.map((row) => row.id)} />
      </Dialog>
      <Dialog title={t.inbox.dismiss} open={acting === "dismiss"} onClose={() => setActing(null)}>
        <DismissForm
          ids={open.map((row) => row.id)}
          onDone={() => {
            setActing(null);
            setChosen([]);
          }}
        />
      </Dialog>
    </>
  );
}

function useVoiceColumns(): Column<Feedback>[] {
  const t = useWords();
  const topicWord = useTopicWord();
  const { text, number, dateTime } = useI18n();
  const about = (row: Feedback) =>
    [row.order_number, text(row.product_name), text(row.place_name)].filter(Boolean).join(" · ");
  return [
    {
      key: "text",
      title: t.inbox.text,
      width: 420,
      render: (row) => (
        <span className="console-clip" title={row.text}>
          {row.text || "—"}
        </span>
      ),
      text: (row) => row.text,
    },
    {
      key: "score",
      title: t.inbox.score,
      align: "right",
      render: (row) => number(row.score),
      text: (row) => (row.score === null ? "" : String(row.score)),
    },
    {
      key: "sentiment",
      title: t.inbox.sentiment,
      render: (row) => t.inbox.sentiments[row.sentiment],
      text: (row) => t.inbox.sentiments[row.sentiment],
    },
    {
      key: "topics",
      title: t.inbox.topics,
      render: (row) => (
        <Row>
          {row.topics.map((topic) => (
            <Badge key={topic}>{topicWord(topic)}</Badge>
          ))}
        </Row>
      ),
      text: (row) => row.topics.map(topicWord).join(" "),
    },
    {
      key: "about",
      title: t.inbox.about,
      render: (row) => (
        <div className="console-about">
          {row.product_id && (
            <Door href={`/products/${row.product_id}`}>{text(row.product_name)}</Door>
          )}
          <div className="sl-caption console-dots">
            {row.order_id && (
              <Door href={`/orders/${row.order_id}`}>
                <span className="sl-mono">{row.order_number}</span>
              </Door>
            )}
            {row.member_id && (
              <Door href={`/members/${row.member_id}`}>{row.member_name ?? t.orders.customer}</Door>
            )}
            {row.place_id && <Door href={`/places/${row.place_id}`}>{text(row.place_name)}</Door>}
          </div>
        </div>
      ),
      text: about,
    },
    {
      key: "source",
      title: t.inbox.source,
      render: (row) => t.inbox.sources[row.source],
      text: (row) => t.inbox.sources[row.source],
    },
    {
      key: "state",
      title: t.inbox.state,
      render: (row) => (
        <Stack gap={1}>
          <Tag tone={STATE_TONE[row.state]}>{t.inbox.states[row.state]}</Tag>
          {row.issue_id && <Door href={`/issues/${row.issue_id}`}>{t.inbox.openIssue}</Door>}
        </Stack>
      ),
      text: (row) => t.inbox.states[row.state],
    },
    {
      key: "at",
      title: t.inbox.at,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => dateTime(row.created_at),
    },
  ];
}

function DismissForm({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const dismiss = useAction(
    (why: string) => Promise.all(ids.map((id) => feedbackDismiss(id, { reason: why }))),
    {
      onSuccess: () => {
        toast(t.inbox.dismissed);
        onDone();
        return queries.invalidateQueries({ queryKey: ["feedback"] });
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        dismiss.mutate(reason.trim());
      }}
    >
      <TextInput
        label={t.inbox.dismissReason}
        value={reason}
        onChange={setReason}
        required
        maxLength={200}
      />
      <ProblemNotice error={dismiss.error} />
      <Button kind="primary" type="submit" busy={dismiss.isPending}>
        {t.inbox.dismiss}
      </Button>
    </form>
  );
}

const SOURCES: FeedbackSource[] = ["counter", "chat", "review"];

function RecordForm({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [source, setSource] = useState<FeedbackSource>("counter");
  const [words, setWords] = useState("");
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [productId, setProductId] = useState<string | null>(null);
  const record = useAction((body: FeedbackIn, intent) => feedbackRecord(body, intent), {
    onSuccess: () => {
      toast(t.inbox.recorded);
      onDone();
      return queries.invalidateQueries({ queryKey: ["feedback"] });
    },
  });
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate({
          source,
          text: words.trim(),
          ...(placeId ? { place_id: placeId } : {}),
          ...(productId ? { product_id: productId } : {}),
        });
      }}
    >
      <Select
        label={t.inbox.source}
        value={source}
        onChange={setSource}
        options={SOURCES.map((value) => ({ value, label: t.inbox.sources[value] }))}
      />
      <TextArea
        label={t.inbox.recordText}
        value={words}
        onChange={setWords}
        required
        maxLength={5000}
      />
      <PlacePicker optional label={t.stock.place} value={placeId} onChange={setPlaceId} />
      <ProductPicker optional label={t.issues.product} value={productId} onChange={setProductId} />
      <ProblemNotice error={record.error} />
      <Button kind="primary" type="submit" busy={record.isPending}>
        {t.inbox.record}
      </Button>
    </form>
  );
}
