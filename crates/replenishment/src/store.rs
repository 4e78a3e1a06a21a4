//! SQL only: what is kept, not what is decided.

use base::{Error, PlaceId, Result, SkuId, SupplyId, Text, Time, TransferId};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{ProposalId, ProposalState, ProposalSummary, Reason, Run, RunId, RunState, Stored, Why};
use crate::settings::{Setting, Subject};

/// Parameters of one list.
const CHUNK: usize = 200;

// ---- settings --------------------------------------------------------------------------------------------------

pub(crate) async fn setting_put(tx: &Tx, setting: &Setting) -> Result<()> {
    let sql = "INSERT INTO replenishment_setting (subject, sku_id, said_json, actor, set_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject) DO UPDATE SET said_json = excluded.said_json, \
        actor = excluded.actor, set_at = excluded.set_at";
    let values = vec![
        setting.subject.key().into(),
        setting.subject.sku().into(),
        db::json(&setting.said)?,
        setting.actor.as_str().into(),
        setting.set_at.into(),
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

pub(crate) async fn setting_delete(tx: &Tx, subject: &Subject) -> Result<()> {
    let sql = "DELETE FROM replenishment_setting WHERE subject = $1";
    tx.execute(sql, params![subject.key()]).await?;
    Ok(())
}

pub(crate) async fn settings_after(reader: &Reader, after: &str, limit: i64) -> Result<Vec<Setting>> {
    let sql = "SELECT subject, said_json, actor, set_at FROM replenishment_setting WHERE subject > $1 \
        ORDER BY subject LIMIT $2";
    let rows = reader.query(sql, params![after, limit]).await?;
    rows.iter().map(setting).collect()
}

/// What was said in general, and about these SKUs.
pub(crate) async fn settings_of(reader: &Reader, skus: &[SkuId]) -> Result<Vec<Setting>> {
    let sql = "SELECT subject, said_json, actor, set_at FROM replenishment_setting WHERE sku_id IS NULL \
        ORDER BY subject";
    let mut rows = reader.query(sql, params![]).await?;
    for chunk in skus.chunks(CHUNK) {
        let (list, values) = listed(1, chunk);
        let sql = format!(
            "SELECT subject, said_json, actor, set_at FROM replenishment_setting WHERE sku_id IN ({list}) \
             ORDER BY subject"
        );
        rows.extend(reader.query(&sql, &values).await?);
    }
    rows.iter().map(setting).collect()
}

fn setting(row: &Row) -> Result<Setting> {
    Ok(Setting {
        subject: Subject::parse(row.text(0)?)?,
        said: row.json(1)?,
        actor: row.get(2)?,
        set_at: row.get(3)?,
    })
}

fn listed(first: usize, skus: &[SkuId]) -> (String, Vec<Value>) {
    let names: Vec<String> = (first..first + skus.len()).map(|nth| format!("${nth}")).collect();
    (names.join(", "), skus.iter().map(|sku| (*sku).into()).collect())
}

// ---- runs ------------------------------------------------------------------------------------------------------

const RUN: &str = "id, state, actor, skus_total, skus_done, series, proposals, pieces, created_at, updated_at, \
    finished_at";

fn run(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        state: RunState::parse(row.text(1)?)?,
        actor: row.get(2)?,
        skus_total: row.get(3)?,
        skus_done: row.get(4)?,
        series: row.get(5)?,
        proposals: row.get(6)?,
        pieces: row.get(7)?,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
        finished_at: row.get(10)?,
    })
}

/// Adds a run; false when another is under way.
pub(crate) async fn run_add(tx: &Tx, run: &Run) -> Result<bool> {
    let sql = "INSERT INTO replenishment_run (id, state, actor, skus_total, skus_done, series, proposals, pieces, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, 0, 0, 0, 0, $5, $5) ON CONFLICT DO NOTHING";
    let values = params![
        run.id,
        run.state.as_str(),
        run.actor,
        run.skus_total,
        run.created_at
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

pub(crate) async fn run_get(reader: &Reader, id: RunId) -> Result<Option<Run>> {
    let sql = format!("SELECT {RUN} FROM replenishment_run WHERE id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(run)
        .transpose()
}

pub(crate) async fn run_running(reader: &Reader) -> Result<Option<Run>> {
    let sql = format!("SELECT {RUN} FROM replenishment_run WHERE state = 'running'");
    reader
        .query_opt(&sql, params![])
        .await?
        .as_ref()
        .map(run)
        .transpose()
}

pub(crate) async fn runs(reader: &Reader, before: Option<(Time, RunId)>, limit: i64) -> Result<Vec<Run>> {
    let (at, id) = before.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let sql = format!(
        "SELECT {RUN} FROM replenishment_run WHERE (CAST($1 AS BIGINT) IS NULL OR (created_at, id) < ($1, $2)) \
         ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    let rows = reader.query(&sql, params![at, id, limit]).await?;
    rows.iter().map(run).collect()
}

/// The SKU a run has come to; none when it has not begun, or is over.
pub(crate) async fn run_cursor(reader: &Reader, id: RunId) -> Result<Option<Option<SkuId>>> {
    let sql = "SELECT cursor_sku_id FROM replenishment_run WHERE id = $1 AND state = 'running'";
    let row = reader.query_opt(sql, params![id]).await?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) async fn run_stop(tx: &Tx, id: RunId) -> Result<()> {
    let sql = "UPDATE replenishment_run SET state = 'stopped', finished_at = $2, updated_at = $2 \
        WHERE id = $1 AND state = 'running'";
    tx.execute(sql, params![id, tx.now()]).await?;
    Ok(())
}

/// How far a batch brought a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) from: Option<SkuId>,
    pub(crate) to: Option<SkuId>,
    pub(crate) skus: i64,
    pub(crate) series: i64,
    pub(crate) proposals: i64,
    pub(crate) pieces: i64,
}

/// Moves a run on; false when somebody else has, or it is over.
pub(crate) async fn run_advance(tx: &Tx, id: RunId, by: Progress) -> Result<bool> {
    let sql = "UPDATE replenishment_run SET cursor_sku_id = COALESCE($3, cursor_sku_id), skus_done = skus_done + $4, \
        skus_total = CASE WHEN skus_done + $4 > skus_total THEN skus_done + $4 ELSE skus_total END, \
        series = series + $5, proposals = proposals + $6, pieces = pieces + $7, state = $8, finished_at = $9, \
        updated_at = $10 WHERE id = $1 AND state = 'running' AND cursor_sku_id IS NOT DISTINCT FROM $2";
    let (state, finished) = match by.to {
        Some(_) => (RunState::Running, None),
        None => (RunState::Done, Some(tx.now())),
    };
    let values = params![
        id,
        by.from,
        by.to,
        by.skus,
        by.series,
        by.proposals,
        by.pieces,
        state.as_str(),
        finished,
        tx.now()
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

// ---- proposals -------------------------------------------------------------------------------------------------

pub(crate) async fn proposals_forget(tx: &Tx, skus: &[SkuId]) -> Result<()> {
    for chunk in skus.chunks(CHUNK) {
        let (list, values) = listed(1, chunk);
        let sql = format!("DELETE FROM replenishment_proposal WHERE state = 'open' AND sku_id IN ({list})");
        tx.execute(&sql, &values).await?;
    }
    Ok(())
}

pub(crate) async fn proposals_add(tx: &Tx, proposals: &[Stored]) -> Result<()> {
    let rows: Vec<Vec<Value>> = proposals
        .iter()
        .map(|one| {
            Ok(vec![
                one.id.into(),
                one.run_id.into(),
                one.state.as_str().into(),
                one.sku_id.into(),
                one.place_id.into(),
                one.from_place_id.into(),
                one.supplier.as_deref().into(),
                one.words.as_str().into(),
                one.quantity.into(),
                one.lasts_days.into(),
                one.expected_at.into(),
                db::json(&one.why)?,
                one.created_at.into(),
            ])
        })
        .collect::<Result<_>>()?;
    let table = "replenishment_proposal (id, run_id, state, sku_id, place_id, from_place_id, supplier, words, quantity, \
        lasts_days, expected_at, why_json, created_at)";
    tx.insert_many(table, &rows, "").await?;
    Ok(())
}

const PROPOSAL: &str = "id, run_id, state, sku_id, place_id, from_place_id, supplier, words, quantity, accepted, \
    lasts_days, expected_at, why_json, transfer_id, reason, note, actor, created_at, decided_at, supply_id";

fn proposal(row: &Row) -> Result<Stored> {
    let reason: Option<String> = row.get(14)?;
    Ok(Stored {
        id: row.get(0)?,
        run_id: row.get(1)?,
        state: ProposalState::parse(row.text(2)?)?,
        sku_id: row.get(3)?,
        place_id: row.get(4)?,
        from_place_id: row.get(5)?,
        supplier: row.get(6)?,
        words: row.get(7)?,
        quantity: row.get(8)?,
        accepted: row.get(9)?,
        lasts_days: row.get(10)?,
        expected_at: row.get(11)?,
        why: row.json(12)?,
        transfer_id: row.get(13)?,
        reason: reason.as_deref().map(Reason::parse).transpose()?,
        note: row.get(15)?,
        actor: row.get(16)?,
        created_at: row.get(17)?,
        decided_at: row.get(18)?,
        supply_id: row.get(19)?,
    })
}

pub(crate) async fn proposal_get(reader: &Reader, id: ProposalId) -> Result<Stored> {
    let sql = format!("SELECT {PROPOSAL} FROM replenishment_proposal WHERE id = $1");
    let row = reader.query_opt(&sql, params![id]).await?;
    proposal(&row.ok_or_else(|| Error::not_found("proposal", id))?)
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) state: ProposalState,
    pub(crate) places: Option<Vec<PlaceId>>,
    /// Only from our own places, or only from suppliers.
    pub(crate) from_places: Option<bool>,
    pub(crate) sku: Option<SkuId>,
    pub(crate) words: Option<String>,
    pub(crate) after: Option<(f64, ProposalId)>,
    pub(crate) limit: i64,
}

/// Proposals, those that run out first ahead.
pub(crate) async fn proposals(reader: &Reader, query: &Query) -> Result<Vec<Stored>> {
    let mut values: Vec<Value> = vec![query.state.as_str().into()];
    let mut filter = String::from("state = $1");
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    match query.from_places {
        Some(true) => filter.push_str(" AND from_place_id IS NOT NULL"),
        Some(false) => filter.push_str(" AND from_place_id IS NULL"),
        None => {}
    }
    if let Some(sku) = query.sku {
        filter.push_str(&format!(" AND sku_id = ${}", bind(sku.into())));
    }
    if let Some(words) = &query.words {
        filter.push_str(&format!(" AND words LIKE ${}", bind(format!("%{words}%").into())));
    }
    if let Some(places) = &query.places {
        let names: Vec<String> = places
            .iter()
            .map(|place| format!("${}", bind((*place).into())))
            .collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        filter.push_str(&format!(" AND place_id IN ({})", names.join(", ")));
    }
    if let Some((lasts, id)) = query.after {
        let (lasts, id) = (bind(lasts.into()), bind(id.into()));
        filter.push_str(&format!(" AND (lasts_days, id) > (${lasts}, ${id})"));
    }
    let limit = bind(query.limit.into());
    let sql = format!(
        "SELECT {PROPOSAL} FROM replenishment_proposal WHERE {filter} ORDER BY lasts_days, id LIMIT ${limit}"
    );
    reader.query(&sql, &values).await?.iter().map(proposal).collect()
}

/// Takes an open proposal; false when it is open no more.
pub(crate) async fn proposal_accept(
    tx: &Tx,
    id: ProposalId,
    quantity: i64,
    (transfer, supply): (Option<TransferId>, Option<SupplyId>),
    actor: &str,
) -> Result<bool> {
    let sql = "UPDATE replenishment_proposal SET state = 'accepted', accepted = $2, transfer_id = $3, supply_id = $4, \
        actor = $5, decided_at = $6 WHERE id = $1 AND state = 'open'";
    Ok(tx
        .execute(sql, params![id, quantity, transfer, supply, actor, tx.now()])
        .await?
        == 1)
}

/// Dismisses an open proposal; false when it is open no more.
pub(crate) async fn proposal_dismiss(
    tx: &Tx,
    id: ProposalId,
    (reason, note): (Reason, Option<&str>),
    quiet_until: Time,
    actor: &str,
) -> Result<bool> {
    let sql = "UPDATE replenishment_proposal SET state = 'dismissed', reason = $2, note = $3, quiet_until_at = $4, \
        actor = $5, decided_at = $6 WHERE id = $1 AND state = 'open'";
    let values = params![id, reason.as_str(), note, quiet_until, actor, tx.now()];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Articles at places nobody wants to hear of now.
pub(crate) async fn quiet(reader: &Reader, skus: &[SkuId]) -> Result<Vec<(SkuId, PlaceId)>> {
    let mut found = Vec::new();
    for chunk in skus.chunks(CHUNK) {
        let (list, mut values) = listed(2, chunk);
        values.insert(0, reader.now().into());
        let sql = format!(
            "SELECT DISTINCT sku_id, place_id FROM replenishment_proposal WHERE state = 'dismissed' \
             AND quiet_until_at > $1 AND sku_id IN ({list}) ORDER BY sku_id, place_id"
        );
        for row in reader.query(&sql, &values).await? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

impl Stored {
    /// As lists show it, with the article's names.
    pub(crate) fn summary(&self, (sku_code, name, option): (String, Text, Text)) -> ProposalSummary {
        let Why {
            position,
            plan,
            forecast,
            ..
        } = &self.why;
        ProposalSummary {
            id: self.id,
            run_id: self.run_id,
            state: self.state,
            sku_id: self.sku_id,
            sku_code,
            name,
            option,
            place_id: self.place_id,
            from_place_id: self.from_place_id,
            supplier: self.supplier.clone(),
            quantity: self.quantity,
            accepted: self.accepted,
            available: position.free(),
            on_the_way: position.in_transit + position.coming + position.ordered,
            reorder_at: plan.reorder_at,
            order_up_to: plan.order_up_to,
            rate: forecast.rate,
            lasts_days: (forecast.rate > 0.0).then_some(self.lasts_days),
            expected_at: self.expected_at,
            transfer_id: self.transfer_id,
            supply_id: self.supply_id,
            reason: self.reason,
            note: self.note.clone(),
            actor: self.actor.clone(),
            created_at: self.created_at,
            decided_at: self.decided_at,
        }
    }
}
