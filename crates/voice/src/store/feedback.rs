//! Voices.

use std::collections::HashMap;

use base::{FeedbackId, IssueId, MemberId, PageSize, PlaceId, ProductId, Result, Time};
use db::{Reader, Row, Tx, Value, params};

use super::{Conditions, marks, optional_text, phone, score};
use crate::grouping::{OpenVoice, Rate};
use crate::model::{About, Feedback, FeedbackFilter, FeedbackState, MyVoice, MyVoiceState, Names};

const COLUMNS: &str = "f.id, f.source, f.score, f.text, f.language, f.sentiment, f.sentiment_by, f.conflicting, \
                       f.topics_json, f.state, f.place_id, f.order_id, f.member_id, f.contact_phone, f.product_id, \
                       f.issue_id, f.survey_id, f.about_json, f.heard_at";

fn feedback(row: &Row) -> Result<Feedback> {
    let names: Names = row.json(17)?;
    Ok(Feedback {
        id: row.get(0)?,
        source: row.get(1)?,
        score: score(row, 2)?,
        text: row.get(3)?,
        language: row.get(4)?,
        sentiment: row.get(5)?,
        basis: row.get(6)?,
        conflicting: row.get(7)?,
        topics: row.json(8)?,
        state: row.get(9)?,
        about: About {
            place_id: row.get(10)?,
            place_name: names.place,
            city: names.city,
            order_id: row.get(11)?,
            order_number: names.order_number,
            product_id: row.get(14)?,
            product_name: names.product,
            member_id: row.get(12)?,
            contact_phone: phone(row, 13)?,
        },
        issue_id: row.get(15)?,
        survey_id: row.get(16)?,
        heard_at: row.get(18)?,
    })
}

fn row_of(feedback: &Feedback, actor: &str) -> Result<Vec<Value>> {
    let about = &feedback.about;
    let names = Names {
        place: about.place_name.clone(),
        city: about.city.clone(),
        order_number: about.order_number.clone(),
        product: about.product_name.clone(),
    };
    Ok(params![
        feedback.id,
        feedback.source.as_str(),
        feedback.score.map(i64::from),
        feedback.text,
        feedback.language.as_str(),
        feedback.sentiment.as_str(),
        feedback.basis.as_str(),
        feedback.conflicting,
        feedback
            .topics
            .first()
            .map_or(crate::lexicon::OTHER, String::as_str),
        db::json(&feedback.topics)?,
        feedback.state.as_str(),
        about.place_id,
        about.order_id,
        about.member_id,
        about.contact_phone.as_ref().map(members::Phone::as_str),
        about.product_id,
        feedback.issue_id,
        feedback.survey_id,
        db::json(&names)?,
        actor,
        feedback.heard_at
    ]
    .to_vec())
}

/// Keeps voices; those that are there already are left out. Tells how many were kept.
pub(crate) async fn feedback_add(tx: &Tx, voices: &[Feedback], actor: &str) -> Result<u64> {
    let rows = voices
        .iter()
        .map(|v| row_of(v, actor))
        .collect::<Result<Vec<_>>>()?;
    let kept = tx
        .insert_many(
            "voice_feedback (id, source, score, text, language, sentiment, sentiment_by, conflicting, topic, \
             topics_json, state, place_id, order_id, member_id, contact_phone, product_id, issue_id, survey_id, \
             about_json, actor, heard_at)",
            &rows,
            "ON CONFLICT DO NOTHING",
        )
        .await?;
    let topics: Vec<Vec<Value>> = voices
        .iter()
        .flat_map(|v| v.topics.iter().map(|topic| params![topic, v.id].to_vec()))
        .collect();
    tx.insert_many(
        "voice_feedback_topic (topic, feedback_id)",
        &topics,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(kept)
}

pub(crate) async fn feedback_find(reader: &Reader, id: FeedbackId) -> Result<Option<Feedback>> {
    let sql = format!("SELECT {COLUMNS} FROM voice_feedback f WHERE f.id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(feedback)
        .transpose()
}

pub(crate) async fn feedback_of(reader: &Reader, ids: &[FeedbackId]) -> Result<Vec<Feedback>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(PageSize::MAX) {
        let sql = format!(
            "SELECT {COLUMNS} FROM voice_feedback f WHERE f.id IN ({})",
            marks(1, chunk.len())
        );
        let keys: Vec<Value> = chunk.iter().map(|id| (*id).into()).collect();
        for row in reader.query(&sql, &keys).await? {
            found.push(feedback(&row)?);
        }
    }
    Ok(found)
}

pub(crate) async fn feedback_of_issue(reader: &Reader, issue: IssueId) -> Result<Vec<Feedback>> {
    let sql = format!("SELECT {COLUMNS} FROM voice_feedback f WHERE f.issue_id = $1");
    reader
        .query(&sql, params![issue])
        .await?
        .iter()
        .map(feedback)
        .collect()
}

/// A pattern that means the text itself, whatever is in it.
fn pattern(words: &str) -> String {
    format!("%{}%", words.to_lowercase().replace(['%', '_', '\\'], ""))
}

/// Newest first; `places` limits the list to what the reader may see.
pub(crate) async fn feedback_list(
    reader: &Reader,
    filter: &FeedbackFilter,
    places: Option<&[PlaceId]>,
    after: Option<(Time, FeedbackId)>,
    size: PageSize,
) -> Result<Vec<Feedback>> {
    let mut wanted = Conditions::new(format!("SELECT {COLUMNS} FROM voice_feedback f WHERE TRUE"));
    if let Some(state) = filter.state {
        wanted.and("f.state =", params![state.as_str()]);
    }
    if let Some(most) = filter.score_max {
        wanted.and("f.score <=", params![i64::from(most)]);
    }
    if let Some(place) = filter.place {
        wanted.and("f.place_id =", params![place]);
    }
    if let Some(product) = filter.product {
        wanted.and("f.product_id =", params![product]);
    }
    if let Some(issue) = filter.issue {
        wanted.and("f.issue_id =", params![issue]);
    }
    if let Some(topic) = &filter.topic {
        let number = wanted.values.len() + 1;
        wanted.values.push(topic.as_str().into());
        wanted.sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM voice_feedback_topic t WHERE t.topic = ${number} AND t.feedback_id = f.id)"
        ));
    }
    if let Some(words) = &filter.words {
        wanted.and("lower(f.text) LIKE", params![pattern(words)]);
    }
    if let Some(places) = places {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<Value> = places.iter().map(|p| (*p).into()).collect();
        wanted.and("f.place_id IN", &places);
    }
    if let Some((at, id)) = after {
        wanted.and("(f.heard_at, f.id) <", params![at, id]);
    }
    wanted.order("f.heard_at DESC, f.id DESC", size.with_surplus());
    reader
        .query(&wanted.sql, &wanted.values)
        .await?
        .iter()
        .map(feedback)
        .collect()
}

/// A member's voices, newest first, with the answer where there is one.
pub(crate) async fn my_voices(
    reader: &Reader,
    member: MemberId,
    after: Option<(Time, FeedbackId)>,
    size: PageSize,
) -> Result<Vec<MyVoice>> {
    let mut wanted = Conditions::new(
        "SELECT f.id, f.text, f.heard_at, f.state, i.answer_json, f.answered_at FROM voice_feedback f \
         LEFT JOIN voice_issue i ON i.id = f.issue_id AND i.closed_at IS NOT NULL WHERE TRUE"
            .to_owned(),
    );
    wanted.and("f.member_id =", params![member]);
    if let Some((at, id)) = after {
        wanted.and("(f.heard_at, f.id) <", params![at, id]);
    }
    wanted.order("f.heard_at DESC, f.id DESC", size.with_surplus());
    let rows = reader.query(&wanted.sql, &wanted.values).await?;
    rows.iter()
        .map(|row| {
            let state = match row.get::<FeedbackState>(3)? {
                FeedbackState::Grouped => MyVoiceState::BeingFixed,
                FeedbackState::Answered => MyVoiceState::Answered,
                FeedbackState::New | FeedbackState::Dismissed => MyVoiceState::Heard,
            };
            Ok(MyVoice {
                feedback_id: row.get(0)?,
                text: row.get(1)?,
                heard_at: row.get(2)?,
                state,
                answer: optional_text(row, 4)?,
                answered_at: row.get(5)?,
            })
        })
        .collect()
}

/// Sets an open voice aside; false when it was not open.
pub(crate) async fn feedback_dismiss(tx: &Tx, id: FeedbackId, reason: &str) -> Result<bool> {
    let done = tx
        .execute(
            "UPDATE voice_feedback SET state = 'dismissed', dismiss_reason = $2 WHERE id = $1 AND state = 'new'",
            params![id, reason],
        )
        .await?;
    Ok(done == 1)
}

/// Makes open voices part of an issue; tells how many were open.
pub(crate) async fn feedback_group(tx: &Tx, issue: IssueId, ids: &[FeedbackId]) -> Result<u64> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| params![issue, id].to_vec()).collect();
    tx.execute_many(
        "UPDATE voice_feedback SET state = 'grouped', issue_id = $1 WHERE id = $2 AND state = 'new'",
        &rows,
    )
    .await
}

/// The voices of a past issue, whatever their state said.
pub(crate) async fn feedback_group_past(
    tx: &Tx,
    issue: IssueId,
    ids: &[FeedbackId],
    answered_at: Option<Time>,
) -> Result<u64> {
    let state = if answered_at.is_some() {
        FeedbackState::Answered
    } else {
        FeedbackState::Grouped
    };
    let rows: Vec<Vec<Value>> = ids
        .iter()
        .map(|id| params![issue, id, state.as_str(), answered_at].to_vec())
        .collect();
    tx.execute_many(
        "UPDATE voice_feedback SET state = $3, issue_id = $1, answered_at = $4, dismiss_reason = NULL WHERE id = $2",
        &rows,
    )
    .await
}

/// Every voice of an issue has its answer.
pub(crate) async fn feedback_answered(tx: &Tx, issue: IssueId) -> Result<()> {
    tx.execute(
        "UPDATE voice_feedback SET state = 'answered', answered_at = $2 WHERE issue_id = $1 AND state = 'grouped'",
        params![issue, tx.now()],
    )
    .await?;
    Ok(())
}

/// Open voices since an instant that are no praise, newest first.
pub(crate) async fn open_voices(
    reader: &Reader,
    since: Time,
    places: Option<&[PlaceId]>,
    most: i64,
) -> Result<Vec<OpenVoice>> {
    let mut wanted = Conditions::new(
        "SELECT f.id, f.text, f.topic, f.product_id, f.about_json, f.heard_at FROM voice_feedback f \
         WHERE f.state = 'new' AND f.sentiment <> 'positive'"
            .to_owned(),
    );
    wanted.and("f.heard_at >", params![since]);
    if let Some(places) = places {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<Value> = places.iter().map(|p| (*p).into()).collect();
        wanted.and("f.place_id IN", &places);
    }
    wanted.order("f.heard_at DESC, f.id DESC", most);
    let rows = reader.query(&wanted.sql, &wanted.values).await?;
    rows.iter()
        .map(|row| {
            let names: Names = row.json(4)?;
            Ok(OpenVoice {
                id: row.get(0)?,
                text: row.get(1)?,
                topic: row.get(2)?,
                product_id: row.get(3)?,
                product_name: names.product,
                city: names.city,
                heard_at: row.get(5)?,
            })
        })
        .collect()
}

/// How often each topic and product was spoken of other than in praise, before and since an instant.
pub(crate) async fn rates(
    reader: &Reader,
    from: Time,
    recent_from: Time,
) -> Result<HashMap<(String, Option<ProductId>), Rate>> {
    let rows = reader
        .query(
            "SELECT topic, product_id, COUNT(*) FILTER (WHERE heard_at > $2), COUNT(*) FILTER (WHERE heard_at <= $2) \
             FROM voice_feedback WHERE heard_at > $1 AND sentiment <> 'positive' GROUP BY topic, product_id",
            params![from, recent_from],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                (row.get(0)?, row.get(1)?),
                Rate {
                    recent: row.get(2)?,
                    earlier: row.get(3)?,
                },
            ))
        })
        .collect()
}
