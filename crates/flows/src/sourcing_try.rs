//! What an order would do: sourced like a real one, nothing held, nothing written.

use base::{Channel, Ctx, Error, OrderLineId, PlaceId, Resource, Result, SkuId, Text, Time, codes};
use db::Reader;
use orders::{DeliveryAddress, FulfilmentChoice, SourcingWhy, Wanted};
use serde::Serialize;
use sourcing::{Active, Rules, SOURCING_READ, decide};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::{MAX_LINES, range};
use crate::error::UNKNOWN_SKU;
use crate::sources::{Ask, Goal, Wish, sourced};

/// An order that nobody placed.
#[derive(Clone, Debug)]
pub struct SourcingTry {
    /// What is wanted.
    pub lines: Vec<Wanted>,
    /// How it is wanted.
    pub choice: FulfilmentChoice,
    /// Rules to decide by instead of those in force.
    pub rules: Option<Rules>,
    /// The channel it comes by; absent: one that sells from everywhere.
    pub channel: Option<Channel>,
}

/// Who would serve it, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourcingTried {
    /// The parts, one a place; empty when it cannot be served.
    pub places: Vec<TriedPlace>,
    /// Why these places.
    pub why: SourcingWhy,
}

/// What one place would serve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TriedPlace {
    /// The place.
    pub place_id: PlaceId,
    /// Its name.
    pub name: Text,
    /// What it would serve.
    pub lines: Vec<Wanted>,
    /// When it would be there.
    pub promised_at: Option<Time>,
}

impl Flows {
    /// Sources an order that nobody placed, by the rules in force or by others.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`; `input.invalid`; `cart.unknown_sku`; `not_found`.
    pub async fn sourcing_try(&self, ctx: &Ctx, order: SourcingTry) -> Result<SourcingTried> {
        ctx.require(SOURCING_READ, &Resource::Chain)?;
        let asks = self.tried_asks(&order.lines).await?;
        let book = self.parts.places.book().await?;
        let (flows, seen_by) = (self.clone(), self.view(order.channel).await?);
        let read = async move |r: &Reader| {
            let active = flows.sourcing.active_in(r).await?;
            let goal = match &order.choice {
                FulfilmentChoice::Collect { place_id } => {
                    book.get(*place_id)
                        .ok_or_else(|| Error::not_found("place", place_id))?;
                    Goal::Collect(*place_id)
                }
                FulfilmentChoice::Delivery { address } => Goal::Parcel(address),
            };
            let rules = order.rules.as_ref().unwrap_or(&active.rules);
            let view = Active::clone(&active).with_rules(rules.clone());
            let wish = Wish::new(&asks, goal, &seen_by);
            let problem = flows.gather_in(r, &view, &book, wish).await?;
            let decision = decide(rules, &problem);
            Ok((
                r.now(),
                active.version,
                book.clone(),
                asks.clone(),
                problem,
                decision,
            ))
        };
        let (now, version, book, asks, problem, decision) = self.parts.db.read(read).await?;
        let found = sourced(now, version, &book, &asks, &problem, &decision);
        let sku = |line: OrderLineId| asks.iter().find(|ask| ask.line_id == line).map(|ask| ask.sku_id);
        let places = found.sources.into_iter().map(|source| TriedPlace {
            place_id: source.place_id,
            name: source.place_name,
            lines: source
                .parts
                .iter()
                .filter_map(|part| {
                    Some(Wanted {
                        sku_id: sku(part.order_line_id)?,
                        quantity: part.quantity,
                    })
                })
                .collect(),
            promised_at: source.promised_at,
        });
        let why = found
            .why
            .ok_or_else(|| Error::internal("a decision without its reasons"))?;
        Ok(SourcingTried {
            places: places.collect(),
            why,
        })
    }

    async fn tried_asks(&self, lines: &[Wanted]) -> Result<Vec<Ask>> {
        if lines.is_empty() || lines.len() > MAX_LINES {
            return Err(range("lines", 1, MAX_LINES as i64));
        }
        let skus: Vec<SkuId> = lines.iter().map(|line| line.sku_id).collect();
        let catalog = self.parts.catalog.clone();
        let read = async move |r: &Reader| catalog.sku_snapshots_in(r, &skus).await;
        let known = self.parts.db.read(read).await?;
        let ask = |(nth, line): (usize, &Wanted)| {
            if !(1..=9_999).contains(&line.quantity) {
                return Err(range(&format!("lines[{nth}].quantity"), 1, 9_999));
            }
            let sku = known.get(&line.sku_id).ok_or_else(|| {
                let facts = [("sku_id".to_owned(), line.sku_id.to_string().into())];
                let invalid = Error::new(&codes::INVALID_INPUT);
                invalid.and_field(
                    format!("lines[{nth}].sku_id"),
                    &UNKNOWN_SKU,
                    facts.into_iter().collect(),
                )
            })?;
            Ok(Ask {
                line_id: OrderLineId::new(),
                sku_id: line.sku_id,
                product_id: Some(sku.product_id),
                quantity: line.quantity,
                takes: sku.takes(),
            })
        };
        lines.iter().enumerate().map(ask).collect()
    }
}

/// An address of which only the region is known.
#[must_use]
pub(crate) const fn region(province: String, city: String) -> DeliveryAddress {
    DeliveryAddress {
        name: String::new(),
        phone: String::new(),
        province,
        city,
        district: String::new(),
        line: String::new(),
    }
}
