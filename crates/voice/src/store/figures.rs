//! Sums over many voices.

use base::{PlaceId, ProductId, Result, Time};
use db::{Reader, params};
use jiff::civil::Date;

use super::Conditions;
use crate::proof::Counts;

/// How often each score was given by answers in a period.
pub(crate) async fn scores(reader: &Reader, from: Time, to: Time) -> Result<[i64; 5]> {
    let rows = reader
        .query(
            "SELECT score, COUNT(*) FROM voice_survey WHERE answered_at >= $1 AND answered_at < $2 GROUP BY score",
            params![from, to],
        )
        .await?;
    let mut counts = [0; 5];
    for row in rows {
        let score: usize = usize::from(row.get::<u8>(0)?);
        if let Some(count) = score.checked_sub(1).and_then(|at| counts.get_mut(at)) {
            *count = row.get(1)?;
        }
    }
    Ok(counts)
}

/// Answers in a period, and those with a score of 1 or 2.
pub(crate) async fn low_scores(
    reader: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<Counts> {
    let mut wanted = Conditions::new(
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE s.score <= 2) FROM voice_survey s WHERE TRUE".to_owned(),
    );
    wanted.and("s.answered_at >=", params![from]);
    wanted.and("s.answered_at <", params![to]);
    if let Some(place) = place {
        wanted.and("s.place_id =", params![place]);
    }
    if let Some(product) = product {
        wanted.and(
            "s.id IN (SELECT p.survey_id FROM voice_survey_product p WHERE p.product_id =",
            params![product],
        );
        wanted.sql.push(')');
    }
    let row = reader.query_one(&wanted.sql, &wanted.values).await?;
    Ok(Counts {
        n: row.get(0)?,
        k: row.get(1)?,
    })
}

/// Orders about which something other than praise was heard in a period.
pub(crate) async fn orders_spoken_of(
    reader: &Reader,
    product: Option<ProductId>,
    place: Option<PlaceId>,
    from: Time,
    to: Time,
) -> Result<i64> {
    let mut wanted = Conditions::new(
        "SELECT COUNT(DISTINCT f.order_id) FROM voice_feedback f WHERE f.sentiment <> 'positive' AND f.order_id IS NOT NULL"
            .to_owned(),
    );
    wanted.and("f.heard_at >=", params![from]);
    wanted.and("f.heard_at <", params![to]);
    if let Some(place) = place {
        wanted.and("f.place_id =", params![place]);
    }
    if let Some(product) = product {
        wanted.and("f.product_id =", params![product]);
    }
    reader.query_one(&wanted.sql, &wanted.values).await?.get(0)
}

/// Orders about which a complaint was brought unasked in a period.
pub(crate) async fn orders_complained_of(reader: &Reader, from: Time, to: Time) -> Result<i64> {
    let row = reader
        .query_one(
            "SELECT COUNT(DISTINCT order_id) FROM voice_feedback WHERE heard_at >= $1 AND heard_at < $2 \
             AND sentiment = 'negative' AND source <> 'survey' AND order_id IS NOT NULL",
            params![from, to],
        )
        .await?;
    row.get(0)
}

/// Microseconds from word to answer of every voice answered in a period, shortest first.
pub(crate) async fn word_to_answer(reader: &Reader, from: Time, to: Time, most: i64) -> Result<Vec<i64>> {
    let rows = reader
        .query(
            "SELECT answered_at - heard_at AS took FROM voice_feedback WHERE answered_at >= $1 AND answered_at < $2 \
             ORDER BY took LIMIT $3",
            params![from, to, most],
        )
        .await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Voices heard since an instant; open ones that are no praise; of those, the ones open since before another
/// instant.
pub(crate) async fn inbox(reader: &Reader, since: Time, stale_before: Time) -> Result<(i64, i64, i64)> {
    let heard = reader
        .query_one(
            "SELECT COUNT(*) FROM voice_feedback WHERE heard_at >= $1",
            params![since],
        )
        .await?
        .get(0)?;
    let row = reader
        .query_one(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE heard_at < $1) FROM voice_feedback \
             WHERE state = 'new' AND sentiment <> 'positive'",
            params![stale_before],
        )
        .await?;
    Ok((heard, row.get(0)?, row.get(1)?))
}

/// Open issues: all, without a known cause, of those the ones opened before an instant, and past their day.
pub(crate) async fn issues_open(reader: &Reader, today: Date, stale_before: Time) -> Result<[i64; 4]> {
    let row = reader
        .query_one(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE state IN ('open', 'cause_found')), \
             COUNT(*) FILTER (WHERE state = 'open' AND created_at < $2), COUNT(*) FILTER (WHERE due_on < $1) \
             FROM voice_issue WHERE closed_at IS NULL",
            params![today.to_string(), stale_before],
        )
        .await?;
    Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
}
