import { type Home, homeGet, type Kpi, type LoopStage } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  A,
  Card,
  DateTime,
  EmptyState,
  Icon,
  List,
  ListItem,
  PageHeader,
  QueryView,
  Ring,
  Skeleton,
  Stack,
  Tag,
  useStateWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useWords } from "../words/index.ts";

const Chart = lazy(() => import("../parts/chart.tsx"));

export default function HomePage() {
  const home = useQuery({ queryKey: ["home"], queryFn: homeGet, refetchInterval: 60_000 });
  return (
    <QueryView query={home} skeleton={<Skeleton lines={10} height="3rem" />}>
      {(data) => <Body home={data} />}
    </QueryView>
  );
}

/** Addresses from the server lie in the console. */
const inside = (link: string) => link.replace(/^\/console(?=\/|$)/, "") || "/";

function Body({ home }: { home: Home }) {
  const t = useWords();
  return (
    <>
      <PageHeader
        title={t.home.title}
        end={
          <span className="sl-caption">
            {t.home.asOf} <DateTime value={home.as_of} as="time" />
          </span>
        }
      />
      <div className="console-rings">
        {(["hear", "understand", "act", "fix"] as const).map((stage) => (
          <Stage key={stage} name={t.home.ring[stage]} stage={home.ring[stage]} />
        ))}
      </div>
      <section className="sl-stack sl-stack--2">
        <h2>{t.home.kpis}</h2>
        <div className="console-tiles">
          <Satisfaction csat={home.csat} />
          <WordToAnswer value={home.hours_word_to_answer} />
          {home.kpis.map((kpi) => (
            <KpiTile key={kpi.key} kpi={kpi} />
          ))}
          <Issues open={home.open_issues} overdue={home.overdue_issues} />
          <Drift drift={home.stock_drift} />
        </div>
      </section>
      <div className="console-columns">
        <Stack>
          <Charts home={home} />
        </Stack>
        <Stack>
          <Attention items={home.attention} />
          <Work items={home.work} />
        </Stack>
      </div>
    </>
  );
}

function Stage({ name, stage }: { name: string; stage: LoopStage }) {
  const t = useWords();
  const { number } = useI18n();
  const all = stage.flowing + stage.stuck;
  const label = t.home.ring.label(name, number(stage.flowing), number(stage.stuck));
  return (
    <A href={inside(stage.link)}>
      <Ring
        value={all === 0 ? null : stage.flowing / all}
        label={label}
        size={72}
        tone={stage.stuck > 0 ? "warning" : "accent"}
      >
        {name}
      </Ring>
      <span className="sl-stack sl-stack--1" aria-hidden="true">
        <strong>{t.home.ring.flowing(number(stage.flowing))}</strong>
        <span className="sl-muted">{t.home.ring.stuck(number(stage.stuck))}</span>
      </span>
    </A>
  );
}

type TileProps = {
  label: string;
  value: string;
  href?: string;
  children?: ReactNode;
};

function Tile({ label, value, href, children }: TileProps) {
  const inner = (
    <>
      <span className="sl-caption">{label}</span>
      <span className="console-tile__value">{value}</span>
      {children}
    </>
  );
  if (href === undefined) return <div className="console-tile">{inner}</div>;
  return (
    <A className="console-tile" href={href}>
      {inner}
    </A>
  );
}

const FEW = 30;

function KpiTile({ kpi }: { kpi: Kpi }) {
  const t = useWords();
  const { text, number, percent, money } = useI18n();
  const write = (value: number | null) => {
    if (value === null) return "—";
    switch (kpi.unit) {
      case "percent":
        return percent(value);
      case "money":
        return money({ amount_minor: value, currency: "CNY" }, { whole: true });
      case "hours":
        return t.home.hours(number(value, { maximumFractionDigits: 1 }));
      default:
        return number(value, { maximumFractionDigits: 2 });
    }
  };
  const reached =
    kpi.value !== null &&
    kpi.target !== null &&
    (kpi.direction === "up" ? kpi.value >= kpi.target : kpi.value <= kpi.target);
  return (
    <Tile label={text(kpi.label)} value={write(kpi.value)}>
      {kpi.value !== null && kpi.target !== null && (
        <Tag tone={reached ? "success" : "warning"} icon={kpi.direction === "up" ? "up" : "down"}>
          {reached ? t.home.onTarget : t.home.offTarget}
        </Tag>
      )}
      <span className="sl-caption">
        {kpi.target === null ? t.home.noTarget : t.home.target(write(kpi.target))} ·{" "}
        {text(kpi.period)} · {t.home.n(number(kpi.n))}
        {kpi.n < FEW && ` · ${t.home.indicative}`}
      </span>
    </Tile>
  );
}

const TWO_DIGITS = { maximumFractionDigits: 2 };

function Satisfaction({ csat }: { csat: Home["csat"] }) {
  const t = useWords();
  const { number, percent } = useI18n();
  const interval = csat.interval;
  return (
    <Tile label={t.home.csat} value={percent(csat.share_satisfied)} href="/inbox">
      <span className="sl-caption">
        {t.home.csatOf(number(csat.n))}
        {csat.mean !== null && ` · ${number(csat.mean, TWO_DIGITS)} / 5`}
        {/* The interval is that of the mean, on its scale of one to five. */}
        {interval &&
          ` · ${t.home.interval(number(interval[0], TWO_DIGITS), number(interval[1], TWO_DIGITS))}`}
        {csat.n < FEW && ` · ${t.home.indicative}`}
      </span>
    </Tile>
  );
}

function WordToAnswer({ value }: { value: Home["hours_word_to_answer"] }) {
  const t = useWords();
  const { number } = useI18n();
  const shown =
    value.median === null ? "—" : t.home.hours(number(value.median, { maximumFractionDigits: 1 }));
  return (
    <Tile label={t.home.answered} value={shown} href="/issues?state=closed">
      <span className="sl-caption">{t.home.n(number(value.n))}</span>
    </Tile>
  );
}

function Issues({ open, overdue }: { open: number; overdue: number }) {
  const t = useWords();
  const { number } = useI18n();
  return (
    <Tile label={t.home.openIssues} value={number(open)} href="/issues">
      {overdue > 0 && <Tag tone="warning">{t.home.overdue(number(overdue))}</Tag>}
    </Tile>
  );
}

function Drift({ drift }: { drift: Home["stock_drift"] }) {
  const t = useWords();
  const { number } = useI18n();
  return (
    <Tile label={t.home.drift} value={number(drift.rows)} href="/stock">
      <Tag tone={drift.rows === 0 ? "success" : "danger"}>
        {drift.rows === 0 ? t.home.driftNone : t.home.driftText(number(drift.rows))}
      </Tag>
      <span className="sl-caption">
        <DateTime value={drift.checked_at} />
      </span>
    </Tile>
  );
}

function Charts({ home }: { home: Home }) {
  const t = useWords();
  const states = useStateWords();
  const { number, money, date } = useI18n();
  const blank = <Skeleton height="15rem" />;
  const revenue = (value: number) =>
    money(
      { amount_minor: value, currency: home.revenue_by_day[0]?.amount.currency ?? "CNY" },
      { whole: true },
    );
  return (
    <>
      <Card title={t.home.byDay}>
        <Suspense fallback={blank}>
          <Chart
            kind="line"
            label={t.home.byDay}
            format={revenue}
            points={home.revenue_by_day.map((day) => ({
              label: date(`${day.date}T00:00:00Z`, "UTC"),
              value: day.amount.amount_minor,
            }))}
          />
        </Suspense>
      </Card>
      <Card title={t.home.byState}>
        <Suspense fallback={blank}>
          <Chart
            kind="bar"
            label={t.home.byState}
            format={(value) => number(value)}
            points={home.orders_by_state.map((one) => ({
              label: states.order[one.state],
              value: one.count,
            }))}
          />
        </Suspense>
      </Card>
      <Card title={t.home.byChannel}>
        <Suspense fallback={blank}>
          <Chart
            kind="bar"
            label={t.home.byChannel}
            format={revenue}
            points={home.orders_by_channel.map((one) => ({
              label: `${states.channel[one.channel]} · ${number(one.count)}`,
              value: one.revenue.amount_minor,
            }))}
          />
        </Suspense>
      </Card>
    </>
  );
}

const SEVERITY = { info: "info", warn: "warning", alert: "danger" } as const;

function Attention({ items }: { items: Home["attention"] }) {
  const t = useWords();
  const { text } = useI18n();
  return (
    <section className="sl-stack sl-stack--2">
      <h2>{t.home.attention}</h2>
      {items.length === 0 ? (
        <EmptyState icon="check" title={t.home.noAttention} />
      ) : (
        <List label={t.home.attention}>
          {items.map((item) => (
            <ListItem
              key={item.link + item.text.en}
              href={inside(item.link)}
              start={
                <Tag tone={SEVERITY[item.severity]}>
                  <span className="sl-visually-hidden">{item.severity}</span>
                </Tag>
              }
              title={text(item.text)}
            />
          ))}
        </List>
      )}
    </section>
  );
}

function Work({ items }: { items: Home["work"] }) {
  const t = useWords();
  const { text, number } = useI18n();
  const open = items.filter((item) => item.count > 0);
  return (
    <section className="sl-stack sl-stack--2">
      <h2>{t.home.work}</h2>
      {open.length === 0 ? (
        <EmptyState icon="check" title={t.home.noWork} />
      ) : (
        <List label={t.home.work}>
          {open.map((item) => (
            <ListItem
              key={item.link + item.label.en}
              href={inside(item.link)}
              start={<Icon name="list" />}
              title={text(item.label)}
              end={<strong>{number(item.count)}</strong>}
            />
          ))}
        </List>
      )}
    </section>
  );
}
