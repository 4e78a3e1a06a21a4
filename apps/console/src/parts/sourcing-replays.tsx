/** Past orders sourced again by the rules on the page: start one, watch it, find it again. */
import {
  sourcingReplay,
  sourcingReplayList,
  sourcingReplayStop,
  type SourcingReplay,
  type SourcingRules,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  EmptyState,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Stack,
  Tag,
  TextInput,
  toast,
  useNow,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";

const DAY_MS = 24 * 3_600_000;
const PERIODS = ["7", "30", "90"] as const;
/** How often a running replay is looked at. */
export const LOOK_MS = 1_500;

const TONES = { running: "info", done: "success", stopped: "neutral" } as const;

export function ReplayStateTag({ state }: { state: SourcingReplay["state"] }) {
  const { sourcing: t } = useWords();
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

/** How far a replay is, how fast, and how long it still takes. */
export function ReplayProgress({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const { number, duration } = useI18n();
  const seconds = (Date.parse(replay.updated_at) - Date.parse(replay.created_at)) / 1_000;
  const rate = seconds > 0 ? replay.orders_done / seconds : null;
  const left = replay.orders_total - replay.orders_done;
  return (
    <Stack gap={1}>
      <progress
        className="sourcing-progress"
        aria-label={t.ordersDone(number(replay.orders_done), number(replay.orders_total))}
        max={Math.max(1, replay.orders_total)}
        value={replay.orders_done}
      />
      <span className="sl-caption">
        {t.ordersDone(number(replay.orders_done), number(replay.orders_total))}
        {rate !== null && rate > 0 && ` · ${t.perSecond(number(Math.round(rate)))}`}
        {rate !== null &&
          rate > 0 &&
          left > 0 &&
          ` · ${t.remaining(duration(Math.max(1, Math.ceil(left / rate / 60))))}`}
      </span>
    </Stack>
  );
}

export function StopReplay({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const queries = useQueryClient();
  const { may } = useSession();
  const stop = useAction((_: null, intent) => sourcingReplayStop(replay.id, intent), {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sourcing"] }),
  });
  if (replay.state !== "running" || !may("sourcing.manage")) return null;
  return (
    <>
      <Button size="small" busy={stop.isPending} onClick={() => stop.mutate(null)}>
        {t.stop}
      </Button>
      <ProblemNotice error={stop.error} />
    </>
  );
}

export function ReplaysCard({ rules }: { rules: SourcingRules | null }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const replays = useQuery({
    queryKey: ["sourcing", "replays"],
    queryFn: () => sourcingReplayList({ limit: 10 }),
    refetchInterval: (query) =>
      query.state.data?.items.some((one) => one.state === "running") ? LOOK_MS : false,
  });
  return (
    <Card title={t.replays}>
      <Stack>
        <p className="sl-muted">{t.replaysText}</p>
        {may("sourcing.manage") && <StartForm rules={rules} />}
        <QueryView
          query={replays}
          empty={(data) =>
            data.items.length > 0 ? null : (
              <EmptyState icon="refresh" title={t.noReplays}>
                {t.noReplaysText}
              </EmptyState>
            )
          }
        >
          {(data) => (
            <Stack gap={2}>
              {data.items.map((one) => (
                <Stack gap={1} key={one.id}>
                  <Row between>
                    <Door href={`/sourcing/replays/${one.id}`}>
                      {one.note ?? <DateTime value={one.created_at} as="day" />}
                    </Door>
                    <ReplayStateTag state={one.state} />
                  </Row>
                  {one.state === "running" ? (
                    <ReplayProgress replay={one} />
                  ) : (
                    <span className="sl-caption">
                      <DateTime value={one.from} as="date" /> –{" "}
                      <DateTime value={one.to} as="date" /> ·{" "}
                      {t.changedOf(number(one.result.changed), number(one.orders_done))}
                    </span>
                  )}
                  <StopReplay replay={one} />
                </Stack>
              ))}
            </Stack>
          )}
        </QueryView>
      </Stack>
    </Card>
  );
}

function StartForm({ rules }: { rules: SourcingRules | null }) {
  const { sourcing: t } = useWords();
  const queries = useQueryClient();
  const now = useNow();
  const [, go] = useLocation();
  const [days, setDays] = useState<(typeof PERIODS)[number]>("30");
  const [note, setNote] = useState("");
  const start = useAction(sourcingReplay, {
    onSuccess: (replay) => {
      toast(t.started);
      void queries.invalidateQueries({ queryKey: ["sourcing", "replays"] });
      go(`/sourcing/replays/${replay.id}`);
    },
  });
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!rules) return;
        start.mutate({
          rules,
          from: new Date(now - Number(days) * DAY_MS).toISOString(),
          to: new Date(now).toISOString(),
          note: note.trim() || null,
        });
      }}
    >
      <Select
        label={t.period}
        value={days}
        onChange={setDays}
        options={PERIODS.map((value) => ({ value, label: t.lastDays(value) }))}
      />
      <TextInput
        label={t.note}
        placeholder={t.notePlaceholder}
        optional
        maxLength={500}
        value={note}
        onChange={setNote}
      />
      <ProblemNotice error={start.error} />
      <Button type="submit" busy={start.isPending} disabled={rules === null}>
        {t.replay}
      </Button>
    </form>
  );
}
