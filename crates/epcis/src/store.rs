//! SQL only: what is kept, not what is decided.

use base::{Result, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Behaviour, Capture, CaptureId, Event};
use crate::rules::Read;

const CAPTURE: &str = "id, behaviour, success, events, stored, duplicates, errors_json, actor, captured_at";

pub(crate) async fn capture_add(tx: &Tx, capture: &Capture) -> Result<()> {
    let sql = "INSERT INTO epcis_capture (id, behaviour, success, events, stored, duplicates, errors_json, actor, \
        captured_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = vec![
        capture.id.into(),
        capture.capture_error_behaviour.as_str().into(),
        capture.success.into(),
        capture.events.into(),
        capture.stored.into(),
        capture.duplicates.into(),
        db::json(&capture.errors)?,
        capture.actor.as_str().into(),
        capture.created_at.into(),
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

/// Sets right how many of its events a document has brought.
pub(crate) async fn capture_count(tx: &Tx, capture: &Capture) -> Result<()> {
    let sql = "UPDATE epcis_capture SET stored = $2, duplicates = $3 WHERE id = $1";
    tx.execute(sql, params![capture.id, capture.stored, capture.duplicates])
        .await?;
    Ok(())
}

fn capture(row: &Row) -> Result<Capture> {
    let at: Time = row.get(8)?;
    Ok(Capture {
        id: row.get(0)?,
        created_at: at,
        finished_at: at,
        running: false,
        success: row.get(2)?,
        capture_error_behaviour: match row.text(1)? {
            "proceed" => Behaviour::Proceed,
            _ => Behaviour::Rollback,
        },
        errors: row.json(6)?,
        events: row.get(3)?,
        stored: row.get(4)?,
        duplicates: row.get(5)?,
        actor: row.get(7)?,
    })
}

pub(crate) async fn capture_get(reader: &Reader, id: CaptureId) -> Result<Option<Capture>> {
    let sql = format!("SELECT {CAPTURE} FROM epcis_capture WHERE id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(capture)
        .transpose()
}

pub(crate) async fn captures(
    reader: &Reader,
    before: Option<(Time, CaptureId)>,
    limit: i64,
) -> Result<Vec<Capture>> {
    let (at, id) = before.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let sql = format!(
        "SELECT {CAPTURE} FROM epcis_capture WHERE (CAST($1 AS BIGINT) IS NULL OR (captured_at, id) < ($1, $2)) \
         ORDER BY captured_at DESC, id DESC LIMIT $3"
    );
    let rows = reader.query(&sql, params![at, id, limit]).await?;
    rows.iter().map(capture).collect()
}

/// Keeps an event unless it is known; answers whether it was new.
pub(crate) async fn event_add(
    tx: &Tx,
    capture: &Capture,
    read: &Read,
    place: Option<base::PlaceId>,
) -> Result<bool> {
    let sql = "INSERT INTO epcis_event (id, capture_id, kind, action, happened_at, biz_step, location, place_id, tags, \
        event_json, captured_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        read.id.as_str().into(),
        capture.id.into(),
        read.kind.as_str().into(),
        read.action.as_deref().into(),
        read.happened_at.into(),
        read.biz_step.as_deref().into(),
        read.location.as_deref().into(),
        place.into(),
        (read.tags.len() as i64).into(),
        db::json(&read.event)?,
        capture.created_at.into(),
    ];
    if tx.execute(sql, &values).await? == 0 {
        return Ok(false);
    }
    let rows: Vec<Vec<Value>> = read
        .tags
        .iter()
        .map(|tag| vec![tag.as_str().into(), read.id.as_str().into()])
        .collect();
    tx.insert_many(
        "epcis_event_tag (tag, event_id)",
        &rows,
        "ON CONFLICT (tag, event_id) DO NOTHING",
    )
    .await?;
    Ok(true)
}

/// What a list of events is narrowed to.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) tag: Option<String>,
    pub(crate) places: Option<Vec<base::PlaceId>>,
    pub(crate) kind: Option<String>,
    pub(crate) before: Option<(Time, String)>,
    pub(crate) limit: i64,
}

/// Events, newest first.
pub(crate) async fn events(reader: &Reader, query: &Query) -> Result<Vec<Event>> {
    let mut values: Vec<Value> = Vec::new();
    let mut filter = String::from("e.id <> ''");
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    if let Some(tag) = &query.tag {
        let tag = bind(tag.as_str().into());
        filter.push_str(&format!(
            " AND e.id IN (SELECT event_id FROM epcis_event_tag WHERE tag = ${tag})"
        ));
    }
    if let Some(kind) = &query.kind {
        filter.push_str(&format!(" AND e.kind = ${}", bind(kind.as_str().into())));
    }
    if let Some(places) = &query.places {
        let names: Vec<String> = places
            .iter()
            .map(|place| format!("${}", bind((*place).into())))
            .collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        filter.push_str(&format!(" AND e.place_id IN ({})", names.join(", ")));
    }
    if let Some((at, id)) = &query.before {
        let (at, id) = (bind((*at).into()), bind(id.as_str().into()));
        filter.push_str(&format!(" AND (e.happened_at, e.id) < (${at}, ${id})"));
    }
    let limit = bind(query.limit.into());
    let sql = format!(
        "SELECT e.id, e.kind, e.action, e.happened_at, e.biz_step, e.location, e.place_id, e.tags, e.capture_id, \
         e.captured_at, e.event_json FROM epcis_event e WHERE {filter} ORDER BY e.happened_at DESC, e.id DESC \
         LIMIT ${limit}"
    );
    reader.query(&sql, &values).await?.iter().map(event).collect()
}

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        id: row.get(0)?,
        kind: row.get(1)?,
        action: row.get(2)?,
        happened_at: row.get(3)?,
        biz_step: row.get(4)?,
        location: row.get(5)?,
        place_id: row.get(6)?,
        tags: row.get(7)?,
        capture_id: row.get(8)?,
        captured_at: row.get(9)?,
        event: row.json(10)?,
    })
}
