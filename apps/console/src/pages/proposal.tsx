import { type ReplenishmentProposal, replenishmentProposalGet } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Facts,
  Notice,
  PageHeader,
  QueryView,
  Row,
  Stack,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { Door } from "../parts/door.tsx";
import { Actor } from "../parts/names.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { DismissDialog, ProposalStateTag, TakeDialog } from "../parts/proposal-decide.tsx";
import {
  ForecastCard,
  NeedCard,
  PositionCard,
  StepsCard,
  TermsCard,
} from "../parts/proposal-why.tsx";
import "../replenishment.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const Chart = lazy(() => import("../parts/replenishment-chart.tsx"));

/** Days of history drawn beside the days to come. */
const DRAWN_DAYS = 70;

export default function ProposalPage({ id }: { id: string }) {
  const proposal = useQuery({
    queryKey: ["object", id],
    queryFn: () => replenishmentProposalGet(id),
  });
  return <QueryView query={proposal}>{(data) => <Body proposal={data} />}</QueryView>;
}

function Body({ proposal }: { proposal: ReplenishmentProposal }) {
  const { replenishment: t } = useWords();
  const { text, number } = useI18n();
  const { may } = useSession();
  const placeName = usePlaceName();
  const [doing, setDoing] = useState<"take" | "dismiss" | null>(null);
  const name = [text(proposal.name), text(proposal.option)].filter(Boolean).join(" · ");
  const from = proposal.from_place_id
    ? placeName(proposal.from_place_id)
    : (proposal.supplier ?? t.supplier);
  const mayDecide = proposal.state === "open" && may("replenishment.decide");
  return (
    <>
      <PageHeader
        back="/replenishment"
        title={name}
        end={
          <Row>
            <ProposalStateTag state={proposal.state} />
            {mayDecide && (
              <>
                <Button size="small" kind="primary" onClick={() => setDoing("take")}>
                  {t.accept}
                </Button>
                <Button size="small" onClick={() => setDoing("dismiss")}>
                  {t.dismiss}
                </Button>
              </>
            )}
          </Row>
        }
      />
      <Stack>
        {proposal.state !== "open" && <Decided proposal={proposal} />}
        <div className="replenish-columns">
          <Card>
            <Facts
              items={[
                {
                  label: t.article,
                  value: <span className="sl-mono">{proposal.sku_code}</span>,
                },
                {
                  label: t.place,
                  value: (
                    <Door href={`/places/${proposal.place_id}`}>
                      {placeName(proposal.place_id)}
                    </Door>
                  ),
                },
                { label: t.from, value: from },
                {
                  label: t.lasts,
                  value:
                    proposal.lasts_days === null
                      ? t.enough
                      : number(Math.floor(proposal.lasts_days * 10) / 10),
                },
                {
                  label: t.expected,
                  value: <DateTime value={proposal.expected_at} as="date" />,
                },
                { label: t.quantity, value: t.pieces(number(proposal.quantity)), total: true },
              ]}
            />
          </Card>
          <StepsCard proposal={proposal} />
        </div>
        <Charts proposal={proposal} />
        <div className="replenish-columns">
          <PositionCard position={proposal.why.position} />
          <NeedCard why={proposal.why} />
          <ForecastCard forecast={proposal.why.forecast} />
          <TermsCard terms={proposal.why.terms} />
        </div>
      </Stack>
      <TakeDialog
        rows={doing === "take" ? [proposal] : null}
        onClose={() => setDoing(null)}
        onDone={() => setDoing(null)}
      />
      <DismissDialog id={proposal.id} open={doing === "dismiss"} onClose={() => setDoing(null)} />
    </>
  );
}

function Decided({ proposal }: { proposal: ReplenishmentProposal }) {
  const { replenishment: t } = useWords();
  const { number } = useI18n();
  const taken = proposal.state === "accepted";
  return (
    <Notice
      tone={taken ? "success" : "info"}
      title={
        taken
          ? `${t.states.accepted} · ${t.pieces(number(proposal.accepted ?? 0))}`
          : `${t.states.dismissed} · ${proposal.reason ? t.reasons[proposal.reason] : ""}`
      }
    >
      <Row>
        {proposal.actor && <Actor id={proposal.actor} />}
        {proposal.decided_at && <DateTime value={proposal.decided_at} />}
        {proposal.transfer_id && (
          <Door href={`/transfers/${proposal.transfer_id}`}>{t.toTransfer}</Door>
        )}
        {proposal.supply_id && <Door href={`/supplies/${proposal.supply_id}`}>{t.toSupply}</Door>}
      </Row>
      {proposal.note && <p>{proposal.note}</p>}
    </Notice>
  );
}

function Charts({ proposal }: { proposal: ReplenishmentProposal }) {
  const { replenishment: t } = useWords();
  const { why } = proposal;
  const drawn = useMemo(() => {
    const skipped = Math.max(0, why.history.length - DRAWN_DAYS);
    const history = why.history.slice(skipped);
    const first = Date.parse(`${why.history_from}T00:00:00Z`);
    const day = (nth: number) => new Date(first + nth * 86_400_000).toISOString().slice(5, 10);
    const before = history.map((_, at) => day(skipped + at));
    const after = why.ahead.map((one) => one.date.slice(5));
    const gap = (count: number): null[] => Array.from({ length: count }, () => null);
    return {
      days: [...before, ...after],
      sold: [...history, ...gap(after.length)],
      expected: [...gap(before.length), ...why.ahead.map((one) => one.expected)],
      low: [...gap(before.length), ...why.ahead.map((one) => one.low)],
      high: [...gap(before.length), ...why.ahead.map((one) => one.high)],
      ahead: after,
      left: why.ahead.map((one) => one.left),
      leftWith: why.ahead.map((one) => one.left_with),
      level: why.ahead.map(() => why.plan.reorder_at),
    };
  }, [why]);
  const sales = useMemo(
    () => [
      { name: t.sold, values: drawn.sold },
      { name: t.expectedSold, values: drawn.expected },
    ],
    [drawn, t],
  );
  const band = useMemo(() => ({ name: t.band, low: drawn.low, high: drawn.high }), [drawn, t]);
  const stock = useMemo(
    () => [
      { name: t.leftWith, values: drawn.leftWith, step: true },
      { name: t.left, values: drawn.left, step: true },
      { name: t.reorderAt, values: drawn.level, dashed: true },
    ],
    [drawn, t],
  );
  const waiting = <div className="replenish-chart" />;
  return (
    <div className="replenish-columns">
      <Card title={t.salesChart}>
        <p className="sl-caption">{t.salesChartText}</p>
        <Suspense fallback={waiting}>
          <Chart label={t.salesChart} days={drawn.days} series={sales} band={band} />
        </Suspense>
      </Card>
      <Card title={t.stockChart}>
        <Suspense fallback={waiting}>
          <Chart label={t.stockChart} days={drawn.ahead} series={stock} />
        </Suspense>
      </Card>
    </div>
  );
}
