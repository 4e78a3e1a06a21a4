//! Places the orders that wait for money, the way a shopper does: their stock is held from now on, and runs
//! out like anybody's.

use std::sync::Arc;

use base::{Category, Ctx, Locale, RequestId, Result};
use flows::{CartNew, PaymentMethod};
use orders::{Contact, FulfilmentChoice, Wanted};

use super::{House, trade};
use crate::chain::{Chain, Fulfilment, Order, OrderState};

/// Places every order of the chain that is not paid yet.
pub(super) async fn write(house: &House, chain: &Arc<Chain>) -> Result<()> {
    let waiting = chain
        .orders
        .iter()
        .filter(|order| order.state() == OrderState::PendingPayment);
    for order in waiting {
        match place(house, chain, order).await {
            // Another shopper of the demo may have been faster.
            Err(error) if error.category() == Category::Conflict => {
                tracing::debug!(%error, "an unpaid order of the demo was not placed");
            }
            outcome => outcome?,
        }
    }
    Ok(())
}

async fn place(house: &House, chain: &Chain, order: &Order) -> Result<()> {
    let Some(member) = order.member.map(|member| &chain.members[member]) else {
        return Ok(());
    };
    // Deliveries carry an address of their own and are left to the walk through the demo.
    if !matches!(order.fulfilment, Fulfilment::Collect) {
        return Ok(());
    }
    let locale = if member.english { Locale::En } else { Locale::Zh };
    let ctx = Ctx::member(member.id, locale, RequestId("demo".into()));
    let new = CartNew {
        channel: trade::channel(order.channel),
        lines: order
            .lines
            .iter()
            .map(|line| Wanted {
                sku_id: chain.skus[line.sku].id,
                quantity: line.quantity,
            })
            .collect(),
        fulfilment: Some(FulfilmentChoice::Collect {
            place_id: chain.places[order.place].id,
        }),
        contact: order.contact.clone().map(|(name, phone)| Contact { name, phone }),
    };
    let cart = house.flows.cart_create(&ctx, new).await?;
    house
        .flows
        .cart_checkout(&ctx, cart.id, PaymentMethod::Sandbox)
        .await
        .map(|_| ())
}
