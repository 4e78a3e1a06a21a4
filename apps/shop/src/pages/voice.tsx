import {
  myFeedbackRecord,
  myOrderList,
  myIssueList,
  itemsOf,
  type MyVoice,
  pages,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  EmptyState,
  Notice,
  PageHeader,
  ProblemNotice,
  QueryView,
  Select,
  ShowMore,
  Stack,
  Tag,
  TextArea,
  ViewState,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "wouter";
import { ScoreInput } from "../parts/score-input.tsx";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME, useMember } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function VoicePage() {
  const t = useWords();
  const { data: member, isPending } = useMember();
  useTitle(t.voice.title);
  return (
    <Stack>
      <PageHeader title={t.voice.title} />
      <p className="sl-muted">{t.voice.lead}</p>
      {member ? (
        <div className="shop-two shop-two--even">
          <VoiceForm />
          <MyVoices />
        </div>
      ) : (
        !isPending && <ViewState icon="voice" title={t.voice.signIn} action={<SignInButton />} />
      )}
    </Stack>
  );
}

function VoiceForm() {
  const t = useWords();
  const { text } = useI18n();
  const client = useQueryClient();
  const [params] = useSearchParams();
  const [orderId, setOrderId] = useState(params.get("order") ?? "none");
  const [score, setScore] = useState<number | null>(null);
  const [words, setWords] = useState("");
  const [tried, setTried] = useState(false);
  const orders = useQuery({
    queryKey: [...ME, "orders", "first"],
    queryFn: () => myOrderList({ limit: 10 }),
  });
  const send = useAction(
    (body: { text: string; order_id?: string; score?: number }, intent) =>
      myFeedbackRecord(body, intent),
    {
      onSuccess: () => {
        setWords("");
        setScore(null);
        setTried(false);
        void client.invalidateQueries({ queryKey: [...ME, "voices"] });
      },
    },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!words.trim()) return;
    send.mutate({
      text: words.trim(),
      ...(orderId !== "none" ? { order_id: orderId } : {}),
      ...(score !== null ? { score } : {}),
    });
  }

  return (
    <Card>
      <form onSubmit={submit} noValidate>
        <Stack>
          {send.isSuccess && words === "" && (
            <Notice tone="success" live title={t.voice.sent}>
              {t.voice.sentText}
            </Notice>
          )}
          <TextArea
            label={t.voice.text}
            placeholder={t.voice.placeholder}
            maxLength={2_000}
            value={words}
            error={tried && !words.trim() ? t.voice.needText : undefined}
            onChange={setWords}
          />
          <ScoreInput label={t.voice.score} value={score} onChange={setScore} />
          <Select
            label={t.voice.aboutOrder}
            value={orderId}
            onChange={setOrderId}
            options={[
              { value: "none", label: t.voice.noOrder },
              ...(orders.data?.items ?? []).map((order) => ({
                value: order.id,
                label: `${order.number}${order.place_name ? ` · ${text(order.place_name)}` : ""}`,
              })),
            ]}
          />
          <ProblemNotice error={send.error} />
          <Button kind="primary" block type="submit" icon="voice" busy={send.isPending}>
            {t.voice.send}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function MyVoices() {
  const t = useWords();
  // The answer comes in the language it is asked for in.
  const { locale } = useI18n();
  const voices = useInfiniteQuery(
    pages([...ME, "voices", locale], (cursor) => myIssueList({ cursor })),
  );
  return (
    <Stack gap={2}>
      <h2>{t.voice.mine}</h2>
      <QueryView
        query={voices}
        empty={(data) =>
          itemsOf(data).length > 0 ? null : (
            <EmptyState icon="voice" title={t.voice.emptyTitle}>
              {t.voice.emptyText}
            </EmptyState>
          )
        }
      >
        {(data) => (
          <Stack gap={2}>
            {itemsOf(data).map((voice) => (
              <VoiceCard key={voice.feedback_id} voice={voice} />
            ))}
            <ShowMore query={voices} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}

const LOOK = { heard: "neutral", being_fixed: "info", answered: "success" } as const;

function VoiceCard({ voice }: { voice: MyVoice }) {
  const t = useWords();
  return (
    <Card>
      <Stack gap={2}>
        <div className="sl-row sl-row--between">
          <Tag tone={LOOK[voice.state]}>{t.voice.states[voice.state]}</Tag>
          <span className="sl-caption">
            <DateTime value={voice.created_at} />
          </span>
        </div>
        <blockquote className="shop-quote">{voice.text}</blockquote>
        {voice.answer && (
          <div className="shop-answer">
            <p className="sl-strong">{t.voice.answer}</p>
            <p className="shop-prose">{voice.answer}</p>
            {voice.answered_at && (
              <p className="sl-caption">
                <DateTime value={voice.answered_at} as="exact" />
              </p>
            )}
          </div>
        )}
      </Stack>
    </Card>
  );
}
