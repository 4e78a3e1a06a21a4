//! Keyset lists. The filters make the text; every value is a parameter.

use base::{Money, PlaceId, Result, Time};
use db::{Reader, Row, Value};

use super::{fulfilment, json_opt, order, placeholders, returns};
use crate::model::{Channel, Fulfilment, Method, OrderHead, Return};
use crate::number::OrderNumber;
use crate::service::{FulfilmentFilter, OrderFilter};
use crate::state::OrderState;
use crate::wire::OrderSummary;

/// A statement under construction: conditions and their parameters.
struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    const fn new() -> Self {
        Self {
            conditions: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds a parameter and answers its placeholder.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds a list of parameters and answers their placeholders; a list of none matches nothing.
    fn bind_all(&mut self, values: impl IntoIterator<Item = Value>) -> String {
        let from = self.values.len() + 1;
        self.values.extend(values);
        if self.values.len() < from {
            return "NULL".to_owned();
        }
        placeholders(from, self.values.len() + 1 - from)
    }

    fn and(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    fn text(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.conditions.join(" AND "))
        }
    }
}

/// The key after which a page goes on: when, and which one of that instant.
pub(crate) type Key = (i64, String);

/// The same form in SQL as [`crate::service::plain_phone`] makes.
const PLAIN_PHONE: &str = "replace(replace(replace(replace(replace(replace(contact_phone, ' ', ''), '-', ''), \
    '(', ''), ')', ''), '+86', ''), '0086', '')";

const SUMMARY_COLUMNS: &str = "id, number, state, channel, place_id, place_name_json, member_id, contact_name, \
    total_minor, currency, item_count, image_json, placed_at, method";

fn summary(row: &Row) -> Result<OrderSummary> {
    Ok(OrderSummary {
        id: row.get(0)?,
        number: OrderNumber::stored(row.get(1)?),
        state: OrderState::parse(row.text(2)?)?,
        channel: Channel::parse(row.text(3)?)?,
        place_id: row.get(4)?,
        place_name: json_opt(row, 5)?,
        member_id: row.get(6)?,
        contact_name: row.get(7)?,
        total: Money::new(row.get(8)?, row.get(9)?),
        item_count: row.get(10)?,
        first_image: json_opt(row, 11)?,
        placed_at: row.get(12)?,
        fulfilment_method: Method::parse(row.text(13)?)?,
    })
}

/// Orders, the newest first.
pub(crate) async fn orders(
    r: &Reader,
    wanted: &OrderFilter,
    scope: Option<&[PlaceId]>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<OrderSummary>> {
    let mut filter = Filter::new();
    if !wanted.states.is_empty() {
        let states = filter.bind_all(wanted.states.iter().map(|s| s.as_str().into()));
        filter.and(format!("state IN ({states})"));
    }
    if let Some(channel) = wanted.channel {
        let channel = filter.bind(channel.as_str());
        filter.and(format!("channel = {channel}"));
    }
    if let Some(place) = wanted.place {
        let place = filter.bind(place);
        filter.and(format!("place_id = {place}"));
    }
    if let Some(member) = wanted.member {
        let member = filter.bind(member);
        filter.and(format!("member_id = {member}"));
    }
    if let Some(since) = wanted.since {
        let since = filter.bind(since);
        filter.and(format!("placed_at >= {since}"));
    }
    if let Some(prefix) = &wanted.number_prefix {
        // A range, not LIKE: it uses the unique index on both engines.
        let (from, to) = (filter.bind(prefix.as_str()), filter.bind(format!("{prefix}~")));
        filter.and(format!("number >= {from} AND number < {to}"));
    }
    if let Some(phone) = &wanted.phone {
        let phone = filter.bind(phone.as_str());
        filter.and(format!("{PLAIN_PHONE} = {phone}"));
    }
    if let Some(places) = scope {
        let own = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        let served = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        filter.and(format!(
            "(place_id IN ({own}) OR id IN (SELECT order_id FROM orders_fulfilment WHERE place_id IN ({served})))"
        ));
    }
    if let Some((placed_at, id)) = after {
        let (placed_at, id) = (filter.bind(placed_at), filter.bind(id));
        filter.and(format!("(placed_at, id) < ({placed_at}, {id})"));
    }
    let limit = filter.bind(limit);
    let sql = format!(
        "SELECT {SUMMARY_COLUMNS} FROM orders_order {} ORDER BY placed_at DESC, id DESC LIMIT {limit}",
        filter.text()
    );
    r.query(&sql, &filter.values).await?.iter().map(summary).collect()
}

/// Orders that a person must decide about, the first placed first: those that wait for supply, or those that
/// do not.
pub(crate) async fn undecided(
    r: &Reader,
    place: Option<PlaceId>,
    waiting: bool,
    scope: Option<&[PlaceId]>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<OrderHead>> {
    let mut filter = Filter::new();
    filter.and("state = 'needs_decision'".to_owned());
    filter.and(format!(
        "waits_until_at IS {}NULL",
        if waiting { "NOT " } else { "" }
    ));
    if let Some(place) = place {
        let place = filter.bind(place);
        filter.and(format!("place_id = {place}"));
    }
    if let Some(places) = scope {
        let own = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        let served = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        filter.and(format!(
            "(place_id IN ({own}) OR id IN (SELECT order_id FROM orders_fulfilment WHERE place_id IN ({served})))"
        ));
    }
    if let Some((placed_at, id)) = after {
        let (placed_at, id) = (filter.bind(placed_at), filter.bind(id));
        filter.and(format!("(placed_at, id) > ({placed_at}, {id})"));
    }
    let limit = filter.bind(limit);
    let sql = format!(
        "SELECT {} FROM orders_order {} ORDER BY placed_at, id LIMIT {limit}",
        order::HEAD_COLUMNS,
        filter.text()
    );
    r.query(&sql, &filter.values)
        .await?
        .iter()
        .map(order::head)
        .collect()
}

/// Fulfilments, the longest waiting first.
pub(crate) async fn fulfilments(
    r: &Reader,
    wanted: &FulfilmentFilter,
    scope: Option<&[PlaceId]>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Fulfilment>> {
    let mut filter = Filter::new();
    if let Some(place) = wanted.place {
        let place = filter.bind(place);
        filter.and(format!("place_id = {place}"));
    }
    if let Some(places) = scope {
        let own = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        filter.and(format!("place_id IN ({own})"));
    }
    if !wanted.states.is_empty() {
        let states = filter.bind_all(wanted.states.iter().map(|s| s.as_str().into()));
        filter.and(format!("state IN ({states})"));
    }
    if let Some((created_at, id)) = after {
        let (created_at, id) = (filter.bind(created_at), filter.bind(id));
        filter.and(format!("(created_at, id) > ({created_at}, {id})"));
    }
    let limit = filter.bind(limit);
    let sql = format!(
        "SELECT {} FROM orders_fulfilment {} ORDER BY created_at, id LIMIT {limit}",
        fulfilment::COLUMNS,
        filter.text()
    );
    r.query(&sql, &filter.values)
        .await?
        .iter()
        .map(fulfilment::fulfilment)
        .collect()
}

/// Returns, the newest first.
pub(crate) async fn returns(
    r: &Reader,
    place: Option<PlaceId>,
    scope: Option<&[PlaceId]>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Return>> {
    let mut filter = Filter::new();
    if let Some(place) = place {
        let place = filter.bind(place);
        filter.and(format!("place_id = {place}"));
    }
    if let Some(places) = scope {
        let own = filter.bind_all(places.iter().map(|p| Value::from(*p)));
        filter.and(format!("place_id IN ({own})"));
    }
    if let Some((created_at, id)) = after {
        let (created_at, id) = (filter.bind(created_at), filter.bind(id));
        filter.and(format!("(created_at, id) < ({created_at}, {id})"));
    }
    let limit = filter.bind(limit);
    let sql = format!(
        "SELECT {} FROM orders_return {} ORDER BY created_at DESC, id DESC LIMIT {limit}",
        returns::COLUMNS,
        filter.text()
    );
    r.query(&sql, &filter.values)
        .await?
        .iter()
        .map(returns::document)
        .collect()
}

/// The key of a row for the next page.
pub(crate) fn key(at: Time, id: impl ToString) -> Key {
    (at.micros(), id.to_string())
}
