//! Changes of an order that was placed: what they make of it, and the one that waits for its payment.
//!
//! The lines of an order say what is wanted and what it costs. A change rewrites them: what is wanted no longer stays
//! as a line that was given up and costs nothing, so that history still names it, and what was given up before is no
//! longer counted, since its money went back.

use base::{Error, Money, OrderChangeId, OrderId, OrderLineId, PaymentId, PlaceId, Result, Text, Time};
use db::{Reader, Tx};
use serde::{Deserialize, Serialize};

use crate::contact::DeliveryAddress;
use crate::error::{BUSY, CHANGE_OVERTAKEN};
use crate::model::{Amounts, Line, Method, Order, OrderHead, Part, PlannedCode, PlannedFulfilment, Wanted};
use crate::plan::SourcingWhy;
use crate::price::PriceStep;
use crate::store::order;
use crate::timeline::Moment;

/// A change that waits for the payment of its difference; until then the order is as it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenChange {
    /// Its name, in which its stock is held.
    pub id: OrderChangeId,
    /// The payment that makes it true.
    pub payment_id: PaymentId,
    /// What is to be paid.
    pub difference: Money,
    /// When it was asked for.
    pub asked_at: Time,
    /// Until when its stock is held.
    pub expires_at: Time,
    /// Who asked.
    pub actor: String,
    /// Whether that was somebody of the house.
    pub by_staff: bool,
    /// Why, in their words.
    pub reason: Option<String>,
    /// What it would change, in words.
    pub what: Text,
    /// What it makes of the order.
    pub changed: Changed,
}

/// What a change makes of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// The pieces of each line as they were when it was drawn up: over others it is not made.
    pub over: Vec<Part>,
    /// Other lines and what they cost; nothing when the goods stay.
    pub goods: Option<ChangedGoods>,
    /// Another way to the customer; nothing when it stays.
    pub way: Option<ChangedWay>,
    /// Pieces that places take on: the additional ones, or all where every place is asked anew.
    pub sources: Vec<PlannedFulfilment>,
    /// Whether every place is asked anew, because the goods go another way.
    pub anew: bool,
    /// Why these places, where there was a choice.
    pub why: Option<SourcingWhy>,
}

/// Other lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangedGoods {
    /// All lines of the order, those it had before first.
    pub lines: Vec<Line>,
    /// What it costs.
    pub amounts: Amounts,
    /// Every step from the tariff to what the delivery costs.
    pub shipping_steps: Vec<PriceStep>,
    /// The promotion code it still uses.
    pub promotion_code: Option<PlannedCode>,
    /// Pieces that are wanted on top.
    pub more: Vec<Part>,
    /// Pieces that are no longer wanted.
    pub less: Vec<Part>,
}

/// Another way to the customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangedWay {
    /// How.
    pub method: Method,
    /// Where to.
    pub address: Option<DeliveryAddress>,
    /// From where it is collected.
    pub place_id: Option<PlaceId>,
    /// That place's name.
    pub place_name: Option<Text>,
}

impl Line {
    /// How many of it are wanted and were neither given up nor brought back.
    #[must_use]
    pub const fn wanted(&self) -> i64 {
        self.quantity - self.quantity_cancelled - self.quantity_returned
    }
}

impl Order {
    /// What is wanted of each line.
    #[must_use]
    pub fn wanted_pieces(&self) -> Vec<Part> {
        let pieces = self.lines.iter().map(|line| Part {
            order_line_id: line.id,
            quantity: line.wanted(),
        });
        pieces.filter(|part| part.quantity > 0).collect()
    }

    /// The same by article.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::with_capacity(self.lines.len());
        for line in self.lines.iter().filter(|line| line.wanted() > 0) {
            match wanted.iter_mut().find(|w| w.sku_id == line.sku_id) {
                Some(same) => same.quantity += line.wanted(),
                None => wanted.push(Wanted {
                    sku_id: line.sku_id,
                    quantity: line.wanted(),
                }),
            }
        }
        wanted
    }
}

/// The lines of an order when just these are wanted: `priced` names each article once. An article that was bought
/// keeps its line and what it was called; one that is no longer wanted keeps its line, given up and without a price.
#[must_use]
pub fn changed_goods(
    order: &Order,
    priced: &[Line],
    amounts: Amounts,
    shipping_steps: Vec<PriceStep>,
    promotion_code: Option<PlannedCode>,
) -> ChangedGoods {
    // Of several lines of one article the one that is still wanted goes on.
    let goes_on = |wanted: &Line| {
        let mut same: Vec<&Line> = order
            .lines
            .iter()
            .filter(|line| line.sku_id == wanted.sku_id)
            .collect();
        same.sort_by_key(|line| line.wanted() == 0);
        same.first().map(|line| line.id)
    };
    let kept: Vec<(OrderLineId, &Line)> = priced
        .iter()
        .filter_map(|wanted| Some((goes_on(wanted)?, wanted)))
        .collect();
    let (mut more, mut less) = (Vec::new(), Vec::new());
    let mut lines: Vec<Line> = Vec::with_capacity(order.lines.len() + priced.len());
    for before in &order.lines {
        let mut line = before.clone();
        let now = kept.iter().find(|(id, _)| *id == line.id).map(|(_, now)| *now);
        match now {
            Some(now) => {
                line.quantity = now.quantity;
                line.quantity_cancelled = 0;
                (line.unit_price, line.discount, line.total) = (now.unit_price, now.discount, now.total);
                line.snapshot.price.clone_from(&now.snapshot.price);
            }
            None => {
                line.quantity_cancelled = line.quantity - line.quantity_returned;
                (line.discount, line.total) = (0, 0);
            }
        }
        let part = |quantity| Part {
            order_line_id: line.id,
            quantity,
        };
        match line.wanted() - before.wanted() {
            grown @ 1.. => more.push(part(grown)),
            0 => {}
            fallen => less.push(part(-fallen)),
        }
        lines.push(line);
    }
    let new = priced.iter().filter(|wanted| goes_on(wanted).is_none());
    for line in new {
        more.push(Part {
            order_line_id: line.id,
            quantity: line.quantity,
        });
        lines.push(line.clone());
    }
    ChangedGoods {
        lines,
        amounts,
        shipping_steps,
        promotion_code,
        more,
        less,
    }
}

impl Changed {
    /// The order as it will be, its fulfilments aside.
    ///
    /// # Errors
    /// `order.change_overtaken` when it was changed otherwise since.
    pub fn over(&self, order: &Order) -> Result<Order> {
        if order.wanted_pieces() != self.over {
            return Err(Error::new(&CHANGE_OVERTAKEN));
        }
        let mut after = order.clone();
        let head: &mut OrderHead = &mut after.head;
        if let Some(way) = &self.way {
            head.method = way.method;
            head.address.clone_from(&way.address);
            head.place_id = way.place_id;
            head.place_name.clone_from(&way.place_name);
        }
        if let Some(goods) = &self.goods {
            head.amounts = goods.amounts;
            // What was given up before is no part of the order any more, nor is the money that went back for it.
            head.refunded = 0;
            head.item_count = goods.lines.iter().map(Line::wanted).sum();
            let mut pictures = goods.lines.iter().filter(|line| line.wanted() > 0);
            head.image = pictures.find_map(|line| line.snapshot.image.clone());
            head.plan.shipping_steps.clone_from(&goods.shipping_steps);
            head.plan.promotion_code.clone_from(&goods.promotion_code);
            after.lines.clone_from(&goods.lines);
        }
        Ok(after)
    }
}

/// Writes what a change made of an order, and that none waits any more. `known` of its lines were there before.
///
/// # Errors
/// `order.busy` when somebody else changed it meanwhile.
pub async fn order_rewrite_in(tx: &Tx, order: &mut Order, known: usize, added: Vec<Moment>) -> Result<()> {
    if !order::rewrite(tx, &order.head, known, &order.lines, &added).await? {
        return Err(Error::new(&BUSY));
    }
    order.head.change = None;
    order.head.version += 1;
    order.head.moments.extend(added);
    Ok(())
}

/// Orders with a change that was not paid in time.
///
/// # Errors
/// Only the store's.
pub async fn order_change_due_in(r: &Reader, limit: i64) -> Result<Vec<OrderId>> {
    order::changes_due(r, limit).await
}

#[cfg(test)]
mod tests {
    use base::{ProductId, SkuId};
    use proptest::prelude::*;

    use super::*;
    use crate::model::Snapshot;
    use crate::parts::tests::order;

    fn line(sku_id: SkuId, quantity: i64, unit: i64) -> Line {
        Line {
            id: OrderLineId::new(),
            sku_id,
            product_id: ProductId::new(),
            snapshot: Snapshot::default(),
            quantity,
            quantity_returned: 0,
            quantity_cancelled: 0,
            unit_price: unit,
            discount: 0,
            total: quantity * unit,
        }
    }

    fn amounts(lines: &[Line]) -> Amounts {
        let goods = lines.iter().map(|line| line.total).sum();
        Amounts {
            goods,
            total: goods,
            ..Amounts::default()
        }
    }

    proptest! {
        /// Whatever is wanted instead, any number of times: the order wants just that, its lines cost what it costs,
        /// no line is lost, and more and less are the difference.
        #[test]
        fn an_order_becomes_what_is_wanted(wishes in prop::collection::vec(prop::collection::vec(0_i64..5, 4), 1..8)) {
            let skus: Vec<SkuId> = (0..4).map(|_| SkuId::new()).collect();
            let mut order = order(vec![line(skus[0], 2, 100), line(skus[1], 3, 50)]);
            for wish in wishes {
                let priced: Vec<Line> = skus.iter().zip(&wish).filter(|(_, quantity)| **quantity > 0)
                    .map(|(sku, quantity)| line(*sku, *quantity, 70)).collect();
                let before = order.clone();
                let goods = changed_goods(&order, &priced, amounts(&priced), Vec::new(), None);
                let (more, less) = (goods.more.clone(), goods.less.clone());
                let changed = Changed {
                    over: order.wanted_pieces(), goods: Some(goods), way: None, sources: Vec::new(), anew: false, why: None,
                };
                order = changed.over(&order).unwrap();
                let mut wanted: Vec<(SkuId, i64)> = order.wanted().iter().map(|w| (w.sku_id, w.quantity)).collect();
                wanted.sort_unstable();
                let mut asked: Vec<(SkuId, i64)> = priced.iter().map(|l| (l.sku_id, l.quantity)).collect();
                asked.sort_unstable();
                prop_assert_eq!(wanted, asked);
                prop_assert_eq!(order.lines.iter().map(|l| l.total).sum::<i64>(), order.head.amounts.total);
                prop_assert!(before.lines.iter().all(|was| order.lines.iter().any(|l| l.id == was.id)));
                prop_assert!(order.lines.iter().all(|l| l.wanted() > 0 || l.total == 0));
                for line in &order.lines {
                    let of = |parts: &[Part]| parts.iter().find(|p| p.order_line_id == line.id).map_or(0, |p| p.quantity);
                    let was = before.lines.iter().find(|l| l.id == line.id).map_or(0, Line::wanted);
                    prop_assert_eq!(was + of(&more) - of(&less), line.wanted());
                }
                prop_assert!(changed.over(&before).is_ok());
            }
        }
    }

    #[test]
    fn a_change_is_not_made_over_another() {
        let sku = SkuId::new();
        let mut order = order(vec![line(sku, 2, 100)]);
        let changed = Changed {
            over: order.wanted_pieces(),
            goods: None,
            way: None,
            sources: Vec::new(),
            anew: false,
            why: None,
        };
        order.lines[0].quantity_cancelled = 1;
        assert!(changed.over(&order).unwrap_err().is(&CHANGE_OVERTAKEN));
    }
}
