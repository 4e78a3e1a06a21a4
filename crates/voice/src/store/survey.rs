//! Surveys.

use base::{MemberId, ProductId, Result, SurveyId, Time};
use db::{Reader, Row, Tx, Value, params};

use super::{json_or_null, optional_text, phone, score};
use crate::model::{NewSurvey, Survey, SurveyAnswer};

const COLUMNS: &str = "id, order_id, order_number, member_id, contact_phone, locale, place_id, place_name_json, \
                       city_json, products_json, invited_at, closes_at, answered_at, score, text";

fn survey(row: &Row) -> Result<Survey> {
    let answered_at: Option<Time> = row.get(12)?;
    let text: Option<String> = row.get(14)?;
    let answered = answered_at.zip(score(row, 13)?);
    Ok(Survey {
        id: row.get(0)?,
        about: NewSurvey {
            order_id: row.get(1)?,
            order_number: row.get(2)?,
            member_id: row.get(3)?,
            contact_phone: phone(row, 4)?,
            locale: row.get(5)?,
            place_id: row.get(6)?,
            place_name: optional_text(row, 7)?,
            city: optional_text(row, 8)?,
            products: row.json(9)?,
        },
        invited_at: row.get(10)?,
        closes_at: row.get(11)?,
        answered: answered.map(|(at, score)| SurveyAnswer {
            score,
            text: text.unwrap_or_default(),
            at,
        }),
    })
}

/// Keeps surveys; those whose id or order is there already are left out. Tells how many were kept.
pub(crate) async fn survey_add(tx: &Tx, surveys: &[(Survey, Vec<u8>)]) -> Result<u64> {
    let mut rows = Vec::with_capacity(surveys.len());
    for (survey, token_hash) in surveys {
        let about = &survey.about;
        rows.push(
            params![
                survey.id,
                token_hash,
                "csat",
                about.order_id,
                about.order_number,
                about.member_id,
                about.contact_phone.as_ref().map(members::Phone::as_str),
                about.locale,
                about.place_id,
                json_or_null(about.place_name.as_ref())?,
                json_or_null(about.city.as_ref())?,
                db::json(&about.products)?,
                survey.invited_at,
                survey.closes_at,
                survey.answered.as_ref().map(|a| a.at),
                false,
                survey.answered.as_ref().map(|a| i64::from(a.score)),
                survey.answered.as_ref().map(|a| a.text.as_str())
            ]
            .to_vec(),
        );
    }
    tx.insert_many(
        "voice_survey (id, token_hash, kind, order_id, order_number, member_id, contact_phone, locale, place_id, \
         place_name_json, city_json, products_json, invited_at, closes_at, answered_at, late, score, text)",
        &rows,
        "ON CONFLICT DO NOTHING",
    )
    .await
}

pub(crate) async fn survey_products_add(tx: &Tx, rows: &[(SurveyId, ProductId)]) -> Result<()> {
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|(survey, product)| params![product, survey].to_vec())
        .collect();
    tx.insert_many(
        "voice_survey_product (product_id, survey_id)",
        &rows,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

pub(crate) async fn surveys_present(reader: &Reader, ids: &[SurveyId]) -> Result<Vec<SurveyId>> {
    let mut present = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(base::PageSize::MAX) {
        let sql = format!(
            "SELECT id FROM voice_survey WHERE id IN ({})",
            super::marks(1, chunk.len())
        );
        let keys: Vec<Value> = chunk.iter().map(|id| (*id).into()).collect();
        for row in reader.query(&sql, &keys).await? {
            present.push(row.get(0)?);
        }
    }
    Ok(present)
}

pub(crate) async fn survey_by_token(reader: &Reader, token_hash: &[u8]) -> Result<Option<Survey>> {
    let sql = format!("SELECT {COLUMNS} FROM voice_survey WHERE token_hash = $1");
    reader
        .query_opt(&sql, params![token_hash])
        .await?
        .as_ref()
        .map(survey)
        .transpose()
}

/// Whether the member was asked about anything since an instant.
pub(crate) async fn invited_since(reader: &Reader, member: MemberId, since: Time) -> Result<bool> {
    let row = reader
        .query_one(
            "SELECT COUNT(*) FROM voice_survey WHERE member_id = $1 AND invited_at > $2",
            params![member, since],
        )
        .await?;
    Ok(row.get::<i64>(0)? > 0)
}

/// Files an answer; true for exactly one of any number.
pub(crate) async fn survey_answer(tx: &Tx, id: SurveyId, score: u8, text: &str, late: bool) -> Result<bool> {
    let filed = tx
        .execute(
            "UPDATE voice_survey SET answered_at = $2, score = $3, text = $4, late = $5 \
             WHERE id = $1 AND answered_at IS NULL",
            params![id, tx.now(), i64::from(score), text, late],
        )
        .await?;
    Ok(filed == 1)
}
