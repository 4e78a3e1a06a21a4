//! SQL of places. No decisions.

use base::{PlaceId, Result, Text, Time};
use db::{Reader, Row, Tx, Value, params};

use crate::model::{Place, PlaceIn, PlaceKind, ValidPlace};

const COLUMNS: &str = "id, code, kind, name_zh, name_en, region, address_json, latitude, longitude, timezone, \
     area_m2, phone, hours_json, special_days_json, services_json, prep_minutes, daily_order_capacity, active, \
     version";

fn place(row: &Row) -> Result<Place> {
    let details = PlaceIn {
        code: row.get(1)?,
        kind: PlaceKind::parse(row.text(2)?)?,
        name: Text {
            zh: row.get(3)?,
            en: row.get(4)?,
        },
        region: row.get(5)?,
        address: row.json(6)?,
        latitude: row.get(7)?,
        longitude: row.get(8)?,
        timezone: row.get(9)?,
        area_m2: row.get(10)?,
        phone: row.get(11)?,
        hours: row.json(12)?,
        special_days: row.json(13)?,
        services: row.json(14)?,
        prep_minutes: row.get(15)?,
        daily_order_capacity: row.get(16)?,
        active: row.get(17)?,
    };
    Ok(Place::new(row.get(0)?, ValidPlace::stored(details), row.get(18)?))
}

fn values(place: &Place, now: Time) -> Result<Vec<Value>> {
    Ok(vec![
        place.id.into(),
        Value::from(place.code.as_str()),
        place.kind.as_str().into(),
        place.name.zh.as_str().into(),
        place.name.en.as_str().into(),
        place.region.as_str().into(),
        db::json(&place.address)?,
        place.latitude.into(),
        place.longitude.into(),
        place.timezone.as_str().into(),
        place.area_m2.into(),
        place.phone.as_deref().into(),
        db::json(&place.hours)?,
        db::json(&place.special_days)?,
        db::json(&place.services)?,
        i64::from(place.prep_minutes).into(),
        place.daily_order_capacity.map(i64::from).into(),
        place.active.into(),
        place.search_text().into(),
        place.version.into(),
        now.into(),
    ])
}

pub(crate) async fn place_get(reader: &Reader, id: PlaceId) -> Result<Option<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places_place WHERE id = $1");
    reader
        .query_opt(&sql, params![id])
        .await?
        .as_ref()
        .map(place)
        .transpose()
}

pub(crate) async fn place_by_code(reader: &Reader, code: &str) -> Result<Option<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places_place WHERE code = $1");
    reader
        .query_opt(&sql, params![code])
        .await?
        .as_ref()
        .map(place)
        .transpose()
}

/// Every place, by code.
pub(crate) async fn place_all(reader: &Reader) -> Result<Vec<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places_place ORDER BY code");
    reader.query(&sql, params![]).await?.iter().map(place).collect()
}

/// What a list is narrowed to; `None` and an empty text narrow nothing.
pub(crate) struct ListQuery<'a> {
    pub(crate) kind: Option<&'a str>,
    pub(crate) region: Option<&'a str>,
    pub(crate) service: Option<&'a str>,
    pub(crate) search: &'a str,
    pub(crate) inactive_too: bool,
    pub(crate) after_code: &'a str,
    pub(crate) limit: i64,
}

pub(crate) async fn place_list(reader: &Reader, query: &ListQuery<'_>) -> Result<Vec<Place>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM places_place \
         WHERE code > $1 AND (active OR $2) AND ($3 = '' OR kind = $3) AND ($4 = '' OR region = $4) \
         AND services_json LIKE $5 AND search LIKE $6 ESCAPE '!' \
         ORDER BY code LIMIT $7"
    );
    let service = query
        .service
        .map_or_else(|| "%".to_owned(), |s| format!("%\"{s}\"%"));
    let search = format!("%{}%", escape_like(query.search));
    let params = params![
        query.after_code,
        query.inactive_too,
        query.kind.unwrap_or_default(),
        query.region.unwrap_or_default(),
        service,
        search,
        query.limit,
    ];
    reader.query(&sql, params).await?.iter().map(place).collect()
}

fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Inserts places; a place whose code is taken is left out of the count.
pub(crate) async fn place_insert(tx: &Tx, places: &[Place]) -> Result<u64> {
    let rows = places
        .iter()
        .map(|p| values(p, tx.now()))
        .collect::<Result<Vec<_>>>()?;
    let table = format!(
        "places_place ({})",
        COLUMNS.replace("version", "search, version, updated_at")
    );
    tx.insert_many(&table, &rows, "ON CONFLICT (code) DO NOTHING")
        .await
}

/// Writes a place whose stored version is one less; false when it is not.
pub(crate) async fn place_update(tx: &Tx, place: &Place) -> Result<bool> {
    let mut params = values(place, tx.now())?;
    params.push((place.version - 1).into());
    let sql = "UPDATE places_place SET code = $2, kind = $3, name_zh = $4, name_en = $5, region = $6, \
               address_json = $7, latitude = $8, longitude = $9, timezone = $10, area_m2 = $11, phone = $12, \
               hours_json = $13, special_days_json = $14, services_json = $15, prep_minutes = $16, \
               daily_order_capacity = $17, active = $18, search = $19, version = $20, updated_at = $21 \
               WHERE id = $1 AND version = $22";
    Ok(tx.execute(sql, &params).await? == 1)
}
