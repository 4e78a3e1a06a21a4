//! Where the chain has decided so, an order that waits for its money is priced anew before it is paid, and the
//! payer is told.

use base::{Ctx, Error, OrderId, Result};
use bus::emit;
use db::{Reader, Tx};
use orders::events::OrderRepriced;
use orders::{Cart, FulfilmentChoice, Moment, MomentKind, Order, OrderState, Wanted};
use pricing::PriceChange;

use crate::Flows;
use crate::error::PRICE_CHANGED;
use crate::pay_gift;
use crate::price::Priced;

impl Flows {
    /// Sees to it that an order about to be paid costs what it costs today. Where prices stand while the stock is
    /// held, which is usual, nothing is read and nothing happens.
    ///
    /// # Errors
    /// `checkout.price_changed` once the order has its new price and a new payment of it: nobody pays another sum
    /// than the one they have seen.
    pub(crate) async fn price_stands(&self, ctx: &Ctx, id: OrderId) -> Result<()> {
        let book = self.parts.pricing.book().await?;
        if book.settings().price_change == PriceChange::KeepWhileHeld {
            return Ok(());
        }
        let read = async move |r: &Reader| Ok((orders::order_get_in(r, id).await?, r.now()));
        let (order, now) = self.parts.db.read(read).await?;
        let is_whole = order.lines.iter().all(|line| line.quantity_cancelled == 0);
        if order.head.state != OrderState::PendingPayment || !is_whole {
            return Ok(());
        }
        let cart = as_cart(&order);
        let skus = self.skus(&cart.lines).await?;
        // The buyer's price is theirs, whoever pays.
        let buyer = Ctx::system("orders.reprice");
        let priced = self.priced(&buyer, &cart, &skus, now, false).await?;
        // What the catalogue no longer has keeps its price, and the rest with it.
        let is_known = priced.lines.len() == order.lines.len();
        if !is_known || priced.amounts.total == order.head.amounts.total {
            return Ok(());
        }
        let seen = order.head.total();
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.reprice_in(tx, &actor, &order, &priced).await;
        let now = self.parts.db.write(unit).await?;
        Err(Error::new(&PRICE_CHANGED)
            .with("seen", seen.to_string())
            .with("now", now.to_string()))
    }

    /// Gives an order its new price, and a payment of it in place of those of the old one.
    async fn reprice_in(&self, tx: &Tx, ctx: &Ctx, seen: &Order, priced: &Priced) -> Result<base::Money> {
        let mut order = seen.clone();
        let before = order.head.total();
        let earlier = payments::payment_list_in(tx, &[order.head.id]).await?;
        let provider = pay_gift::last_provider(&earlier);
        order.head.plan.shipping_steps.clone_from(&priced.shipping_steps);
        let moment = Moment::new(tx.now(), MomentKind::Repriced, &ctx.actor)
            .with("before", before.to_string())
            .with(
                "now",
                base::Money::new(priced.amounts.total, order.head.currency).to_string(),
            );
        orders::order_reprice_in(tx, &mut order, &priced.lines, priced.amounts, moment).await?;
        let event = OrderRepriced {
            order: (&order.head).into(),
            before,
        };
        emit(tx, ctx, &event).await?;
        let now = order.head.total();
        if pay_gift::kept_minor(&earlier) >= now.amount_minor {
            // Gift cards pay again when their holder has seen the new price.
            pay_gift::let_go_in(tx, ctx, &earlier).await?;
        }
        let earlier = payments::payment_list_in(tx, &[order.head.id]).await?;
        if !earlier.is_empty() {
            pay_gift::start_rest_in(tx, ctx, &order, &earlier, provider).await?;
        }
        Ok(now)
    }
}

/// The cart an order would be if it were put together now.
pub(crate) fn as_cart(order: &Order) -> Cart {
    let head = &order.head;
    let choice = match (&head.address, head.place_id) {
        (Some(address), _) => Some(FulfilmentChoice::Delivery {
            address: address.clone(),
        }),
        (None, Some(place_id)) => Some(FulfilmentChoice::Collect { place_id }),
        (None, None) => None,
    };
    let lines = order.lines.iter().map(|line| Wanted {
        sku_id: line.sku_id,
        quantity: line.quantity,
    });
    Cart {
        id: base::CartId::new(),
        channel: head.channel,
        currency: head.currency,
        member_id: head.member_id,
        lines: lines.collect(),
        choice,
        contact: None,
        promotion_code: head.plan.promotion_code.as_ref().map(|code| code.code.clone()),
        order_id: Some(head.id),
        version: 1,
        updated_at: head.placed_at,
    }
}
