//! The loop at a glance. Every figure is counted from the live tables by an indexed query when it is asked for,
//! and kept for a second; docs/kpis.md says what each one means.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use base::{Ctx, Money, Permission, PlaceId, Resource, Result, Text, Time};
use db::Reader;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use orders::OrderState;
use orders::figures::{ChannelFigure, DayFigure};
use stock::DriftReport;
use voice::{Csat, Group, Inbox, OpenIssues};
use web::{Caller, Json, Reply, State};

use crate::conversion::{self, Conversion};
use crate::home_wire::{
    AttentionOut, ChannelOut, CsatOut, DayOut, Direction, DriftOut, HomeOut, HoursOut, KpiOut, Ring, Rings,
    Severity, StateCount, Unit, WorkOut,
};
use crate::member_parts::People;

/// See the home screen.
pub const HOME_READ: Permission = Permission::new("home.read");

/// Every right the flows around people ask for themselves.
pub const PEOPLE_PERMISSIONS: &[Permission] = &[HOME_READ];

/// How long figures are kept.
const FRESH: Duration = Duration::from_secs(1);
/// How long groups of voices and the visits to stores are kept: they take the most work and change the least.
const GROUPS_FRESH: Duration = Duration::from_secs(30);
/// Days the figures look back.
const DAYS: i64 = 30;
/// Days of a week.
const WEEK_DAYS: i64 = 7;
/// A voice that waits longer is stuck, and so is an issue whose cause is unknown longer.
const STUCK_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Voices from which a group is worth attention, when they are this many times the usual.
const RISING_FROM: usize = 5;
const RISING_RATIO: f64 = 1.5;
/// Where days begin for the home screen.
const ZONE: &str = "Asia/Shanghai";

/// Figures kept for a moment.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    home: Option<(Instant, HomeOut)>,
    groups: Option<(Instant, Vec<Group>)>,
    conversion: Option<(Instant, Conversion)>,
}

/// What one snapshot of the store says.
struct Counted {
    now: Time,
    today: Date,
    by_state: Vec<(OrderState, i64)>,
    by_channel: Vec<ChannelFigure>,
    by_day: Vec<DayFigure>,
    inbox: Inbox,
    issues: OpenIssues,
    csat: Csat,
    previous: Csat,
    hours: (Option<f64>, i64),
    complained_of: i64,
    sold: orders::figures::Sold,
    conversion: Conversion,
}

/// Visits to stores: counted a moment ago, or to be counted in these.
#[derive(Clone)]
enum Stores {
    Counted(Conversion),
    ToCount(Vec<PlaceId>),
}

async fn count(reader: &Reader, currency: base::Currency, stores: Stores) -> Result<Counted> {
    let now = reader.now();
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let today = now.timestamp().to_zoned(zone.clone()).date();
    let midnight = |days_ago: i64| midnight(today, days_ago, &zone);
    let (first_day, before) = (midnight(DAYS - 1), midnight(2 * DAYS - 1));
    let soon = Time::from_micros(now.micros().saturating_add(1));
    let (week, stuck) = (midnight(WEEK_DAYS - 1), now.before(STUCK_AFTER));
    Ok(Counted {
        now,
        today,
        by_state: orders::figures::order_count_in(reader).await?,
        by_channel: orders::figures::sales_by_channel_in(reader, currency, first_day, soon).await?,
        by_day: orders::figures::sales_by_day_in(reader, currency, first_day, soon).await?,
        inbox: voice::inbox_in(reader, week, stuck).await?,
        issues: voice::issues_open_in(reader, stuck).await?,
        csat: voice::csat_in(reader, first_day, soon).await?,
        previous: voice::csat_in(reader, before, first_day).await?,
        hours: voice::hours_word_to_answer_in(reader, first_day, soon).await?,
        complained_of: voice::orders_complained_of_in(reader, first_day, soon).await?,
        sold: orders::figures::sold_in(reader, None, None, first_day, soon).await?,
        conversion: match stores {
            Stores::Counted(conversion) => conversion,
            Stores::ToCount(stores) => conversion::count_in(reader, &stores, first_day, soon).await?.0,
        },
    })
}

pub(crate) fn midnight(today: Date, days_ago: i64, zone: &TimeZone) -> Time {
    let day = today.saturating_sub(Span::new().days(days_ago));
    let start = day.to_zoned(zone.clone()).map(|z| z.timestamp());
    start.unwrap_or(Timestamp::UNIX_EPOCH).into()
}

impl People {
    async fn home(&self, ctx: &Ctx) -> Result<HomeOut> {
        ctx.require(HOME_READ, &Resource::Somewhere)?;
        if let Some(home) = self.kept(|kept| fresh(kept.home.as_ref(), FRESH)) {
            return Ok(for_eyes(ctx, home));
        }
        let currency = self.parts.currency;
        let stores = match self.kept(|kept| fresh(kept.conversion.as_ref(), GROUPS_FRESH)) {
            Some(conversion) => Stores::Counted(conversion),
            None => Stores::ToCount(conversion::stores(&*self.parts.places.book().await?, |_| true)),
        };
        let is_known = matches!(stores, Stores::Counted(_));
        let counted = self
            .parts
            .db
            .read(async move |reader: &Reader| count(reader, currency, stores.clone()).await)
            .await?;
        if !is_known {
            self.kept(|kept| kept.conversion = Some((Instant::now(), counted.conversion.clone())));
        }
        let drift = self.parts.stock.drift_latest(&ctx.elevated()).await?;
        let groups = self.groups(ctx).await?;
        let home = compose(&counted, &drift, &groups, currency);
        self.kept(|kept| kept.home = Some((Instant::now(), home.clone())));
        Ok(for_eyes(ctx, home))
    }

    async fn groups(&self, ctx: &Ctx) -> Result<Vec<Group>> {
        if let Some(groups) = self.kept(|kept| fresh(kept.groups.as_ref(), GROUPS_FRESH)) {
            return Ok(groups);
        }
        let groups = self.parts.voice.feedback_groups(&ctx.elevated()).await?;
        self.kept(|kept| kept.groups = Some((Instant::now(), groups.clone())));
        Ok(groups)
    }

    fn kept<T>(&self, f: impl FnOnce(&mut crate::home::Kept) -> T) -> T {
        f(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the chain takes is for those who see the whole chain; somebody of one store or region sees the rest.
fn for_eyes(ctx: &Ctx, mut home: HomeOut) -> HomeOut {
    if ctx.places(HOME_READ).is_some() {
        home.orders_by_channel.clear();
        home.revenue_by_day.clear();
    }
    home
}

fn fresh<T: Clone>(kept: Option<&(Instant, T)>, life: Duration) -> Option<T> {
    kept.filter(|(since, _)| since.elapsed() < life)
        .map(|(_, value)| value.clone())
}

fn compose(counted: &Counted, drift: &DriftReport, groups: &[Group], currency: base::Currency) -> HomeOut {
    let of = |states: &[OrderState]| -> i64 {
        counted
            .by_state
            .iter()
            .filter(|(s, _)| states.contains(s))
            .map(|(_, n)| n)
            .sum()
    };
    let serving = of(&[
        OrderState::Paid,
        OrderState::Allocated,
        OrderState::Ready,
        OrderState::Shipped,
    ]);
    let undecided = of(&[OrderState::NeedsDecision]);
    let (inbox, issues) = (counted.inbox, counted.issues);
    let ring = |flowing, stuck, link: &str| Ring {
        flowing,
        stuck,
        link: link.to_owned(),
    };
    HomeOut {
        as_of: counted.now,
        ring: Rings {
            hear: ring(inbox.heard, inbox.stale, "/console/inbox"),
            understand: ring(issues.understood, issues.puzzling, "/console/issues?state=open"),
            act: ring(serving, undecided, "/console/orders?state=needs_decision"),
            fix: ring(issues.all - issues.understood, issues.overdue, "/console/issues"),
        },
        orders_by_state: counted
            .by_state
            .iter()
            .map(|(state, count)| StateCount {
                state: *state,
                count: *count,
            })
            .collect(),
        orders_by_channel: counted
            .by_channel
            .iter()
            .map(|c| ChannelOut {
                channel: c.channel,
                count: c.orders,
                revenue: c.revenue,
            })
            .collect(),
        revenue_by_day: days(counted, currency),
        stock_drift: DriftOut {
            rows: drift.rows,
            checked_at: drift.checked_at,
        },
        open_issues: issues.all,
        overdue_issues: issues.overdue,
        csat: CsatOut {
            mean: counted.csat.mean,
            share_satisfied: counted.csat.share_satisfied,
            n: counted.csat.n,
            interval: counted.csat.interval,
            previous: counted.previous.mean,
            indicative: counted.csat.n < voice::FEW,
        },
        hours_word_to_answer: HoursOut {
            median: counted.hours.0,
            n: counted.hours.1,
        },
        kpis: kpis(counted),
        work: work(inbox, issues, of(&[OrderState::Allocated]), undecided),
        attention: attention(drift, issues, undecided, groups),
    }
}

/// Every one of the last 30 days, also those without sales.
fn days(counted: &Counted, currency: base::Currency) -> Vec<DayOut> {
    (0..DAYS)
        .map(|day| {
            let date = counted.today.saturating_sub(Span::new().days(DAYS - 1 - day));
            let sold = counted.by_day.iter().find(|d| d.day == day);
            DayOut {
                date: date.to_string(),
                amount: sold.map_or(Money::zero(currency), |d| d.revenue),
                orders: sold.map_or(0, |d| d.orders),
            }
        })
        .collect()
}

fn kpis(counted: &Counted) -> Vec<KpiOut> {
    let month = || Text::new("近 30 天", "Last 30 days");
    let kpi = |key: &str, label: Text, value: Option<f64>, unit, target, direction, n| KpiOut {
        key: key.to_owned(),
        label,
        value,
        unit,
        target,
        direction,
        n,
        period: month(),
    };
    let (sold, csat) = (counted.sold, counted.csat);
    let complaints = voice::share(counted.complained_of.min(sold.orders), sold.orders);
    vec![
        kpi(
            "csat_share",
            Text::new("满意率（4–5 分）", "Satisfied (4 or 5)"),
            csat.share_satisfied,
            Unit::Percent,
            Some(0.85),
            Direction::Up,
            csat.n,
        ),
        kpi(
            "csat_mean",
            Text::new("满意度均分", "Mean satisfaction"),
            csat.mean,
            Unit::Ratio,
            Some(4.2),
            Direction::Up,
            csat.n,
        ),
        kpi(
            "complaint_rate",
            Text::new("投诉率", "Complaint rate"),
            complaints,
            Unit::Percent,
            Some(0.005),
            Direction::Down,
            sold.orders,
        ),
        kpi(
            "return_rate",
            Text::new("退货率（件）", "Return rate (pieces)"),
            voice::share(sold.pieces_returned, sold.pieces),
            Unit::Percent,
            None,
            Direction::Down,
            sold.pieces,
        ),
        kpi(
            "store_conversion",
            Text::new("进店转化率", "Bought of those who came in"),
            counted.conversion.rate,
            Unit::Percent,
            Some(0.08),
            Direction::Up,
            counted.conversion.visits,
        ),
        kpi(
            "hours_word_to_answer",
            Text::new("从声音到答复（小时，中位数）", "Word to answer (median hours)"),
            counted.hours.0,
            Unit::Hours,
            None,
            Direction::Down,
            counted.hours.1,
        ),
    ]
}

fn work(inbox: Inbox, issues: OpenIssues, to_pick: i64, undecided: i64) -> Vec<WorkOut> {
    let item = |zh: &str, en: &str, count: i64, link: &str| WorkOut {
        label: Text::new(zh, en),
        count,
        link: link.to_owned(),
    };
    [
        item(
            "待人工决定的订单",
            "Orders that need a decision",
            undecided,
            "/console/orders?state=needs_decision",
        ),
        item(
            "待备货的订单",
            "Orders to pick",
            to_pick,
            "/console/orders?state=allocated",
        ),
        item(
            "待处理的声音",
            "Voices that wait",
            inbox.waiting,
            "/console/inbox",
        ),
        item(
            "逾期的问题",
            "Issues past their day",
            issues.overdue,
            "/console/issues",
        ),
        item("进行中的问题", "Open issues", issues.all, "/console/issues"),
    ]
    .into_iter()
    .filter(|work| work.count > 0)
    .collect()
}

fn attention(drift: &DriftReport, issues: OpenIssues, undecided: i64, groups: &[Group]) -> Vec<AttentionOut> {
    let mut notices = Vec::new();
    let mut notice = |severity, link: &str, zh: String, en: String| {
        notices.push(AttentionOut {
            text: Text::new(zh, en),
            link: link.to_owned(),
            severity,
        });
    };
    if drift.rows > 0 {
        let rows = drift.rows;
        let (zh, en) = (
            format!("{rows} 处库存与台账不符"),
            format!("{rows} stock balances differ from the ledger"),
        );
        notice(Severity::Alert, "/console/ledger", zh, en);
    }
    if undecided > 0 {
        let (zh, en) = (
            format!("{undecided} 个订单需要人工决定"),
            format!("{undecided} orders need a decision"),
        );
        notice(Severity::Warn, "/console/orders?state=needs_decision", zh, en);
    }
    if issues.overdue > 0 {
        let overdue = issues.overdue;
        let (zh, en) = (
            format!("{overdue} 个问题已逾期"),
            format!("{overdue} issues are past their day"),
        );
        notice(Severity::Warn, "/console/issues", zh, en);
    }
    let rising = groups.iter().filter(|g| {
        g.feedback_ids.len() >= RISING_FROM && g.ratio().is_none_or(|ratio| ratio >= RISING_RATIO)
    });
    for group in rising.take(3) {
        let (count, cities) = (group.feedback_ids.len(), group.cities);
        let (usual_zh, usual_en) = match group.ratio() {
            Some(ratio) => (
                format!("，近 7 天 {} 条，是平时的 {ratio:.1} 倍", group.rate.recent),
                format!("; {} in 7 days, {ratio:.1} times the usual", group.rate.recent),
            ),
            None => ("，平时没有".to_owned(), "; none are usual".to_owned()),
        };
        let zh = format!("{}：{count} 条声音，{cities} 个城市{usual_zh}", group.title.zh);
        let en = format!("{}: {count} voices in {cities} cities{usual_en}", group.title.en);
        notice(Severity::Warn, "/console/inbox", zh, en);
    }
    notices
}

/// The loop at a glance
#[utoipa::path(get, path = "/home", tag = "home", security(("staff" = ["home.read"])),
    responses((status = 200, body = HomeOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn home_get(State(people): State<People>, Caller(ctx): Caller) -> Reply<HomeOut> {
    Ok(Json(people.home(&ctx).await?))
}
