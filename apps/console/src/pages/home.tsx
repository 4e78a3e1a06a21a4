import { type Home, homeGet, type Kpi, type OrderState } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  A,
  Card,
  DateTime,
  EmptyState,
  Icon,
  List,
  ListItem,
  Loading,
  PageHeader,
  QueryView,
  Skeleton,
  Stack,
  Tag,
  useStateWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { Redirect } from "wouter";
import { Bars } from "../parts/bars.tsx";
import { MENU } from "../menu.ts";
import { LoopRing, type Stage, STAGES } from "../parts/loop-ring.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const Chart = lazy(() => import("../parts/chart.tsx"));

/** Days the figures look back, as the server counts them. */
const DAYS = "30";

export default function HomePage() {
  const { may } = useSession();
  const home = useQuery({
    queryKey: ["home"],
    queryFn: homeGet,
    refetchInterval: 60_000,
    enabled: may("home.read"),
  });
  if (!may("home.read")) return <Redirect to={firstPlace(may)} />;
  return (
    <QueryView query={home} skeleton={<HomeSkeleton />}>
      {(data) => <Body home={data} />}
    </QueryView>
  );
}

/** Where somebody starts who does not see the chain as a whole. */
function firstPlace(may: (permission: string) => boolean): string {
  const items = MENU.flatMap((group) => group.items);
  return items.find((item) => !item.permission || may(item.permission))?.href ?? "/me";
}

/** Addresses from the server lie in the console. */
const inside = (link: string) => link.replace(/^\/console(?=\/|$)/, "") || "/";

function HomeSkeleton() {
  const t = useWords();
  return (
    <Loading>
      <div className="sl-stack">
        <PageHeader title={t.home.title} />
        <div className="console-loop">
          <Skeleton height="15rem" />
          <Skeleton height="15rem" />
        </div>
        <div className="console-tiles">
          {["1", "2", "3", "4", "5"].map((key) => (
            <Skeleton key={key} height="8rem" />
          ))}
        </div>
        <Skeleton height="20rem" />
      </div>
    </Loading>
  );
}

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
      <div className="console-loop">
        <Stack>
          <Loop ring={home.ring} />
          <Attention items={home.attention} />
        </Stack>
        <Work items={home.work} />
      </div>
      <section className="sl-stack sl-stack--2">
        <h2>{t.home.kpis}</h2>
        <div className="console-tiles">
          {home.kpis.map((kpi) => (
            <KpiTile key={kpi.key} kpi={kpi} csat={home.csat} />
          ))}
        </div>
      </section>
      <House home={home} />
      <Charts home={home} />
    </>
  );
}

function Loop({ ring }: { ring: Home["ring"] }) {
  const t = useWords();
  const { number } = useI18n();
  const sum = (key: "flowing" | "stuck") =>
    STAGES.reduce((all, stage) => all + ring[stage][key], 0);
  return (
    <section className="sl-card console-loop__card" aria-label={t.home.ring.title}>
      <div className="console-loop__picture">
        <LoopRing ring={ring} />
        <div className="console-loop__sum">
          <strong>{number(sum("flowing"))}</strong>
          <span className="sl-caption">{t.home.ring.inFlow}</span>
        </div>
      </div>
      <ol className="console-loop__stages">
        {STAGES.map((stage) => (
          <li key={stage}>
            <StageDoor name={stage} stage={ring[stage]} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function StageDoor({ name, stage }: { name: Stage; stage: Home["ring"][Stage] }) {
  const t = useWords();
  const { number } = useI18n();
  return (
    <A className="console-loop__stage" href={inside(stage.link)}>
      <span>
        <strong>{t.home.ring[name]}</strong>
        <span className="sl-caption">{t.home.ring.of[name]}</span>
      </span>
      <span className="console-loop__counts">
        {t.home.ring.flowing(number(stage.flowing))}
        {stage.stuck > 0 && <Tag tone="warning">{t.home.ring.stuck(number(stage.stuck))}</Tag>}
      </span>
      <Icon name="chevron" />
    </A>
  );
}

/** The rows behind a key figure. */
const KPI_DOORS: Record<string, string> = {
  csat_share: "/inbox?view=all",
  csat_mean: "/inbox?view=all",
  complaint_rate: "/inbox?view=all&score_max=2",
  return_rate: "/returns",
  store_conversion: "/visits",
  hours_word_to_answer: "/issues?state=closed",
};

const FEW = 30;

function KpiTile({ kpi, csat }: { kpi: Kpi; csat: Home["csat"] }) {
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
  const details = [
    kpi.target === null
      ? t.home.noTarget
      : t.home.target(`${kpi.direction === "up" ? "≥" : "≤"} ${write(kpi.target)}`),
    text(kpi.period),
    t.home.n(number(kpi.n)),
  ];
  if (kpi.key === "csat_mean") {
    const { interval, previous } = csat;
    if (interval) details.push(t.home.interval(write(interval[0]), write(interval[1])));
    if (previous !== null) details.push(t.home.previous(write(previous)));
  }
  if (kpi.n < FEW) details.push(t.home.indicative);
  const href = KPI_DOORS[kpi.key];
  return (
    <Tile label={text(kpi.label)} value={write(kpi.value)} {...(href ? { href } : {})}>
      {kpi.value !== null && kpi.target !== null && (
        <Tag tone={reached ? "success" : "warning"}>
          {reached ? t.home.onTarget : t.home.offTarget}
        </Tag>
      )}
      <span className="sl-caption">{details.join(" · ")}</span>
    </Tile>
  );
}

type TileProps = { label: string; value: string; href?: string; children?: ReactNode };

function Tile({ label, value, href, children }: TileProps) {
  const inner = (
    <>
      <span className="console-tile__label">{label}</span>
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

/** What keeps the house honest: the books agree, and what was promised is on time. */
function House({ home }: { home: Home }) {
  const t = useWords();
  const { number } = useI18n();
  const { stock_drift: drift, open_issues: open, overdue_issues: overdue } = home;
  return (
    <div className="console-house">
      <A href="/issues" className="console-house__fact">
        <span>{t.home.openIssues}</span>
        <strong>{number(open)}</strong>
        <Tag tone={overdue > 0 ? "warning" : "success"}>
          {overdue > 0 ? t.home.overdue(number(overdue)) : t.home.onTime}
        </Tag>
      </A>
      <A href="/stock" className="console-house__fact">
        <span>{t.home.drift}</span>
        <strong>{number(drift.rows)}</strong>
        <Tag tone={drift.rows === 0 ? "success" : "danger"}>
          {drift.rows === 0 ? t.home.driftNone : t.home.driftText(number(drift.rows))}
        </Tag>
        <span className="sl-caption">
          {t.stock.checked} <DateTime value={drift.checked_at} />
        </span>
      </A>
    </div>
  );
}

/** The way an order goes, so that the bars read like its life. */
const LIFE: OrderState[] = [
  "pending_payment",
  "paid",
  "allocated",
  "needs_decision",
  "ready",
  "shipped",
  "collected",
  "delivered",
  "closed",
  "partly_returned",
  "returned",
  "cancelled",
  "expired",
];

function Charts({ home }: { home: Home }) {
  const t = useWords();
  const states = useStateWords();
  const { number, money, date, shortDate } = useI18n();
  const currency = home.revenue_by_day[0]?.amount.currency ?? "CNY";
  const revenue = (minor: number) => money({ amount_minor: minor, currency }, { whole: true });
  const total = home.revenue_by_day.reduce((sum, day) => sum + day.amount.amount_minor, 0);
  const sold = home.revenue_by_day.reduce((sum, day) => sum + day.orders, 0);
  const orders = home.orders_by_state.reduce((sum, one) => sum + one.count, 0);
  const channels = home.orders_by_channel
    .slice()
    .sort((one, other) => other.revenue.amount_minor - one.revenue.amount_minor);
  return (
    <div className="console-columns">
      <Stack>
        {home.revenue_by_day.length > 0 && (
          <Card
            title={t.home.byDay}
            end={
              <span className="sl-caption">
                {revenue(total)} · {t.home.n(number(sold))}
              </span>
            }
          >
            <Suspense fallback={<Skeleton height="15rem" />}>
              <Chart
                label={`${t.home.byDay}: ${revenue(total)}`}
                format={revenue}
                points={home.revenue_by_day.map((day) => ({
                  label: date(`${day.date}T00:00:00Z`, "UTC"),
                  short: shortDate(`${day.date}T00:00:00Z`, "UTC"),
                  value: day.amount.amount_minor,
                }))}
              />
            </Suspense>
          </Card>
        )}
        {channels.length > 0 && (
          <Card title={t.home.byChannel}>
            <Bars
              label={t.home.byChannel}
              bars={channels.map((one) => ({
                key: one.channel,
                label: states.channel[one.channel],
                value: one.revenue.amount_minor,
                shown: `${revenue(one.revenue.amount_minor)} · ${t.home.n(number(one.count))}`,
                href: `/orders?channel=${one.channel}&since=${DAYS}`,
              }))}
            />
          </Card>
        )}
      </Stack>
      <Card
        title={t.home.byState}
        end={<span className="sl-caption">{t.home.n(number(orders))}</span>}
      >
        <Bars
          label={t.home.byState}
          bars={home.orders_by_state
            .slice()
            .sort((one, other) => LIFE.indexOf(one.state) - LIFE.indexOf(other.state))
            .map((one) => ({
              key: one.state,
              label: states.order[one.state],
              value: one.count,
              shown: number(one.count),
              href: `/orders?state=${one.state}`,
            }))}
        />
      </Card>
    </div>
  );
}

const SEVERITY = { info: "info", warn: "warning", alert: "danger" } as const;
const SEVERITY_ICON = { info: "info", warn: "alert", alert: "alert" } as const;

function Attention({ items }: { items: Home["attention"] }) {
  const t = useWords();
  const { text } = useI18n();
  if (items.length === 0) return null;
  return (
    <section className="sl-stack sl-stack--2">
      <h2>{t.home.attention}</h2>
      <List label={t.home.attention}>
        {items.map((item) => (
          <ListItem
            key={item.link + item.text.en}
            href={inside(item.link)}
            start={
              <span className={`console-tone console-tone--${SEVERITY[item.severity]}`}>
                <Icon name={SEVERITY_ICON[item.severity]} />
              </span>
            }
            title={text(item.text)}
          />
        ))}
      </List>
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
              title={text(item.label)}
              end={<strong>{number(item.count)}</strong>}
            />
          ))}
        </List>
      )}
    </section>
  );
}
