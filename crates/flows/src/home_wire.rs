//! The home screen as sent.

use base::{Money, Text, Time};
use orders::OrderState;
use serde::Serialize;
use utoipa::ToSchema;

/// How much of a stage flows and how much is stuck.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Ring {
    /// On its way.
    pub(crate) flowing: i64,
    /// Waiting too long.
    pub(crate) stuck: i64,
    /// Where to see them.
    pub(crate) link: String,
}

/// The four stages of the loop.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Rings {
    /// Voices.
    pub(crate) hear: Ring,
    /// Issues whose cause is sought.
    pub(crate) understand: Ring,
    /// Orders being served.
    pub(crate) act: Ring,
    /// Issues being mended and proven.
    pub(crate) fix: Ring,
}

/// Orders in one state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StateCount {
    /// The state.
    pub(crate) state: OrderState,
    /// How many.
    pub(crate) count: i64,
}

/// Sales of one channel in the last 30 days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChannelOut {
    /// The channel.
    pub(crate) channel: orders::Channel,
    /// Orders.
    pub(crate) count: i64,
    /// Paid and kept.
    pub(crate) revenue: Money,
}

/// Sales of one day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DayOut {
    /// YYYY-MM-DD.
    pub(crate) date: String,
    /// Paid and kept.
    pub(crate) amount: Money,
    /// Orders.
    pub(crate) orders: i64,
}

/// Whether stock agrees with its ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DriftOut {
    /// Balances that differ; anything but zero is our fault.
    pub(crate) rows: i64,
    /// When it was checked.
    pub(crate) checked_at: Time,
}

/// How satisfied people are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CsatOut {
    /// Mean score of the last 30 days, 1 to 5.
    pub(crate) mean: Option<f64>,
    /// The share with a score of 4 or 5.
    pub(crate) share_satisfied: Option<f64>,
    /// Answers.
    pub(crate) n: i64,
    /// The 95 % interval of the mean.
    #[schema(value_type = Option<[f64; 2]>)]
    pub(crate) interval: Option<[f64; 2]>,
    /// The mean of the 30 days before.
    pub(crate) previous: Option<f64>,
    /// Whether there are too few answers to rely on.
    pub(crate) indicative: bool,
}

/// Median hours from a word to its answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HoursOut {
    /// The median of answers given in the last 30 days.
    pub(crate) median: Option<f64>,
    /// How many.
    pub(crate) n: i64,
}

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(
    dead_code,
    reason = "the wire's closed list; money figures are shown by revenue_by_day for now"
)]
pub(crate) enum Unit {
    /// A share of one.
    Percent,
    /// Minor units.
    Money,
    /// Hours.
    Hours,
    /// Pieces.
    Count,
    /// A plain number.
    Ratio,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// A figure against its target; docs/kpis.md defines each key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct KpiOut {
    /// Its name for programs.
    pub(crate) key: String,
    /// Its name for people.
    pub(crate) label: Text,
    /// The figure; absent when nothing was counted.
    pub(crate) value: Option<f64>,
    /// What it is counted in.
    pub(crate) unit: Unit,
    /// What the chain aims at.
    pub(crate) target: Option<f64>,
    /// Which way is good.
    pub(crate) direction: Direction,
    /// What it rests on.
    pub(crate) n: i64,
    /// Over which time.
    pub(crate) period: Text,
}

/// Something to do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WorkOut {
    /// What.
    pub(crate) label: Text,
    /// How many.
    pub(crate) count: i64,
    /// Where.
    pub(crate) link: String,
}

/// How pressing a notice is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "the wire's closed list")]
pub(crate) enum Severity {
    /// Good to know.
    Info,
    /// Look at it today.
    Warn,
    /// Look at it now.
    Alert,
}

/// Something to notice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AttentionOut {
    /// What.
    pub(crate) text: Text,
    /// Where to see it.
    pub(crate) link: String,
    /// How pressing.
    pub(crate) severity: Severity,
}

/// The loop at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Home)]
pub(crate) struct HomeOut {
    /// When the figures were counted.
    pub(crate) as_of: Time,
    /// The four stages.
    pub(crate) ring: Rings,
    /// Orders now.
    pub(crate) orders_by_state: Vec<StateCount>,
    /// Sales of the last 30 days.
    pub(crate) orders_by_channel: Vec<ChannelOut>,
    /// Sales of each of the last 30 days, today last.
    pub(crate) revenue_by_day: Vec<DayOut>,
    /// Whether stock agrees with its ledger.
    pub(crate) stock_drift: DriftOut,
    /// Issues not closed.
    pub(crate) open_issues: i64,
    /// Those past their day.
    pub(crate) overdue_issues: i64,
    /// How satisfied people are.
    pub(crate) csat: CsatOut,
    /// Hours from a word to its answer.
    pub(crate) hours_word_to_answer: HoursOut,
    /// Figures against their targets.
    pub(crate) kpis: Vec<KpiOut>,
    /// What waits for people.
    pub(crate) work: Vec<WorkOut>,
    /// What stands out.
    pub(crate) attention: Vec<AttentionOut>,
}
