/** Why so many: every figure a proposal was made of. */
import type { ReplenishmentProposal, ReplenishmentWhy } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Card, Facts, Stack } from "@storeloop/ui";
import { useWords } from "../words/index.ts";
import { Bars } from "./bars.tsx";

function useFigures() {
  const { number } = useI18n();
  return {
    whole: number,
    one: (value: number) => number(Math.round(value * 10) / 10),
    two: (value: number) => number(Math.round(value * 100) / 100),
    percent: (value: number) => `${(Math.round(value * 10) / 10).toFixed(1)} %`,
  };
}

/** From what is missing to what is proposed. */
export function StepsCard({ proposal }: { proposal: ReplenishmentProposal }) {
  const { replenishment: t } = useWords();
  const { whole } = useFigures();
  const { why } = proposal;
  const p = why.position;
  const counted =
    p.on_hand -
    p.reserved -
    p.quarantined -
    p.kept_back -
    p.asked_of_it +
    p.in_transit +
    p.coming +
    p.ordered;
  const words = (because: ReplenishmentWhy["steps"][number]["because"], pieces: number) =>
    ({
      missing: t.steps.missing(whole(why.plan.order_up_to), whole(counted)),
      packs: t.steps.packs(whole(why.terms.pack)),
      minimum: t.steps.minimum(whole(why.terms.minimum)),
      room: t.steps.room(whole(why.terms.capacity ?? 0)),
      spare: t.steps.spare(whole(pieces)),
    })[because];
  return (
    <Card title={t.why}>
      <Facts
        items={why.steps.map((step, at) => ({
          label: words(step.because, step.pieces),
          value: t.pieces(whole(step.pieces)),
          total: at === why.steps.length - 1,
        }))}
      />
    </Card>
  );
}

const SIGNS = {
  on_hand: 1,
  reserved: -1,
  quarantined: -1,
  kept_back: -1,
  asked_of_it: -1,
  in_transit: 1,
  coming: 1,
  ordered: 1,
} as const;

export function PositionCard({ position }: { position: ReplenishmentWhy["position"] }) {
  const { replenishment: t } = useWords();
  const { whole } = useFigures();
  const parts = (Object.entries(SIGNS) as [keyof typeof SIGNS, 1 | -1][]).filter(
    ([key]) => key === "on_hand" || position[key] !== 0,
  );
  const total = parts.reduce((sum, [key, sign]) => sum + sign * position[key], 0);
  return (
    <Card title={t.position}>
      <Facts
        items={[
          ...parts.map(([key, sign]) => ({
            label: t.positions[key],
            value: sign < 0 ? `−${whole(position[key])}` : whole(position[key]),
          })),
          { label: t.total, value: whole(total), total: true },
        ]}
      />
    </Card>
  );
}

export function NeedCard({ why }: { why: ReplenishmentWhy }) {
  const { replenishment: t } = useWords();
  const { whole, one, percent } = useFigures();
  const { plan, terms } = why;
  return (
    <Card title={t.needed}>
      <Facts
        items={[
          {
            label: t.protected(whole(terms.lead_days + terms.review_days)),
            value: one(plan.protected.mean),
          },
          { label: t.spread, value: one(Math.sqrt(plan.protected.variance)) },
          { label: t.safety, value: whole(plan.safety) },
          { label: t.reorderRow, value: whole(plan.reorder_at), total: true },
          { label: t.coverRow(whole(terms.cover_days)), value: one(plan.cover) },
          { label: t.upToRow, value: whole(plan.order_up_to), total: true },
        ]}
      />
      <p className="sl-caption">
        {t.serviceRow} {t.servedFill(percent(plan.fill_percent))} ·{" "}
        {t.servedCycle(percent(plan.cycle_percent))}
      </p>
    </Card>
  );
}

export function ForecastCard({ forecast }: { forecast: ReplenishmentWhy["forecast"] }) {
  const { replenishment: t } = useWords();
  const { whole, one, two } = useFigures();
  const { locale } = useI18n();
  const { shape, profile } = forecast;
  // The second of January 2023 was a Monday.
  const weekday = (nth: number) =>
    new Intl.DateTimeFormat(locale === "zh" ? "zh-CN" : "en-GB", {
      weekday: "short",
      timeZone: "UTC",
    }).format(Date.UTC(2023, 0, 2 + nth));
  return (
    <Card title={t.forecast}>
      <Stack gap={2}>
        <Facts
          items={[
            { label: t.rate, value: two(forecast.rate) },
            { label: t.pattern, value: t.patterns[shape.pattern] },
            {
              label: t.method,
              value: `${t.methods[forecast.method]} · ${t.alpha(two(forecast.alpha))}`,
            },
            { label: t.dispersion, value: two(forecast.dispersion) },
            { label: t.inflation, value: `× ${two(forecast.inflation)}` },
            { label: t.promotion, value: `× ${two(profile.promotion)}` },
          ]}
        />
        <p className="sl-caption">
          {t.patternText(one(shape.every_days), two(shape.variation), whole(shape.days))}
        </p>
        {forecast.tried.length > 1 && (
          <Facts
            items={[
              { label: t.tried, value: "" },
              ...forecast.tried.map((tried) => ({
                label: t.methods[tried.method],
                value: two(tried.error),
              })),
            ]}
          />
        )}
        <Bars
          label={t.week}
          bars={profile.weekday.map((value, nth) => ({
            key: String(nth),
            label: weekday(nth),
            value,
            shown: two(value),
          }))}
        />
      </Stack>
    </Card>
  );
}

export function TermsCard({ terms }: { terms: ReplenishmentWhy["terms"] }) {
  const { replenishment: t } = useWords();
  const { whole, one } = useFigures();
  return (
    <Card title={t.terms}>
      <Facts
        items={[
          {
            label: t.termWords.service,
            value: `${t.measures[terms.measure]} ${terms.service_percent} %`,
          },
          {
            label: t.termWords.lead,
            value: t.daysSd(whole(terms.lead_days), one(terms.lead_sd_days)),
          },
          { label: t.termWords.review, value: t.days(whole(terms.review_days)) },
          { label: t.termWords.cover, value: t.days(whole(terms.cover_days)) },
          { label: t.termWords.pack, value: whole(terms.pack) },
          { label: t.termWords.minimum, value: whole(terms.minimum) },
          { label: t.termWords.display, value: whole(terms.display) },
          {
            label: t.termWords.capacity,
            value: terms.capacity === null ? t.noLimit : whole(terms.capacity),
          },
        ]}
      />
    </Card>
  );
}
