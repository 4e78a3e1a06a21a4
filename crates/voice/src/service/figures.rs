//! Figures over many voices, for the home screen and for evidence.

use base::{PlaceId, ProductId, Result, Time};
use db::Reader;

use crate::proof::Counts;
use crate::service::today;
use crate::stats::{Interval, mean_of_scores, median, share, wilson};
use crate::store;

/// Answers looked at for the median from word to answer.
const MEDIAN_MOST: i64 = 20_000;
const HOUR_MICROS: f64 = 3_600_000_000.0;

/// How satisfied people are with what they received.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Csat {
    /// Answers.
    pub n: i64,
    /// Mean score, 1 to 5.
    pub mean: Option<f64>,
    /// The 95 % interval of the mean.
    pub interval: Option<Interval>,
    /// The share with a score of 4 or 5.
    pub share_satisfied: Option<f64>,
    /// The 95 % interval of that share.
    pub share_interval: Option<Interval>,
}

/// Satisfaction by answers in a period.
///
/// # Errors
/// Those of the store.
pub async fn csat_in(reader: &Reader, from: Time, to: Time) -> Result<Csat> {
    let counts = store::figures::scores(reader, from, to).await?;
    let (n, satisfied) = (counts.iter().sum(), counts[3] + counts[4]);
    let (mean, interval) = mean_of_scores(counts).unzip();
    Ok(Csat {
        n,
        mean,
        interval,
        share_satisfied: share(satisfied, n),
        share_interval: wilson(satisfied, n),
    })
}

/// Answers in a period and those with a score of 1 or 2; see [`crate::Metric::LowScoreShare`].
///
/// # Errors
/// Those of the store.
pub async fn low_scores_in(
    reader: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<Counts> {
    store::figures::low_scores(reader, product, place, from, to).await
}

/// Orders about which something other than praise was heard in a period; see
/// [`crate::Metric::FeedbackPer100Orders`].
///
/// # Errors
/// Those of the store.
pub async fn orders_spoken_of_in(
    reader: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<i64> {
    store::figures::orders_spoken_of(reader, product, place, from, to).await
}

/// Orders about which a complaint was brought unasked in a period: a displeased voice from anywhere but a
/// survey.
///
/// # Errors
/// Those of the store.
pub async fn orders_complained_of_in(reader: &Reader, from: Time, to: Time) -> Result<i64> {
    store::figures::orders_complained_of(reader, from, to).await
}

/// The median of the hours from a word to its answer, of answers given in a period, and how many there were.
///
/// # Errors
/// Those of the store.
pub async fn hours_word_to_answer_in(reader: &Reader, from: Time, to: Time) -> Result<(Option<f64>, i64)> {
    let took = store::figures::word_to_answer(reader, from, to, MEDIAN_MOST).await?;
    let hours: Vec<f64> = took.iter().map(|micros| *micros as f64 / HOUR_MICROS).collect();
    Ok((median(&hours), i64::try_from(hours.len()).unwrap_or(i64::MAX)))
}

/// What waits in the inbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Inbox {
    /// Voices heard since the instant asked about.
    pub heard: i64,
    /// Open voices that are no praise.
    pub waiting: i64,
    /// Of those, the ones heard before the second instant.
    pub stale: i64,
}

/// What waits in the inbox.
///
/// # Errors
/// Those of the store.
pub async fn inbox_in(reader: &Reader, since: Time, stale_before: Time) -> Result<Inbox> {
    let (heard, waiting, stale) = store::figures::inbox(reader, since, stale_before).await?;
    Ok(Inbox {
        heard,
        waiting,
        stale,
    })
}

/// Where open issues stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OpenIssues {
    /// All of them.
    pub all: i64,
    /// Nothing is being done yet.
    pub understood: i64,
    /// No cause is known, and they were opened before the instant asked about.
    pub puzzling: i64,
    /// Past their day.
    pub overdue: i64,
}

/// Where open issues stand.
///
/// # Errors
/// Those of the store.
pub async fn issues_open_in(reader: &Reader, stale_before: Time) -> Result<OpenIssues> {
    let [all, understood, puzzling, overdue] =
        store::figures::issues_open(reader, today(reader.now()), stale_before).await?;
    Ok(OpenIssues {
        all,
        understood,
        puzzling,
        overdue,
    })
}
