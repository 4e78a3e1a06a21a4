//! Handlers of the flows around orders. Thin: the wire's form to the model's, one call, the answer.

mod carts;
mod changes;
mod channels;
mod counts;
mod exchanges;
mod fulfilments;
mod gift_cards;
mod live;
mod orders;
mod payments;
mod prices;
mod returns;
mod sourcing;

use web::Router;

use crate::Flows;

/// The routes of the flows around orders.
pub fn routes(flows: Flows) -> Router {
    Router::new()
        .merge(carts::routes())
        .merge(channels::routes())
        .merge(counts::routes())
        .merge(orders::routes())
        .merge(changes::routes())
        .merge(payments::routes())
        .merge(gift_cards::routes())
        .merge(fulfilments::routes())
        .merge(returns::routes())
        .merge(exchanges::routes())
        .merge(prices::routes())
        .merge(sourcing::routes())
        .merge(live::routes())
        .with_state(flows)
}

/// A text within its length, trimmed.
fn text(field: &str, value: String, min: usize, max: usize) -> base::Result<String> {
    let trimmed = value.trim();
    let length = trimmed.chars().count();
    if length < min {
        return Err(base::Error::field(field, &base::codes::REQUIRED));
    }
    if length > max {
        let facts = [("max".to_owned(), max.into())];
        return Err(base::Error::new(&base::codes::INVALID_INPUT).and_field(
            field,
            &base::codes::TOO_LONG,
            facts.into_iter().collect(),
        ));
    }
    Ok(trimmed.to_owned())
}
