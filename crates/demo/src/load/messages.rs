//! Writes what people were told about their orders in the last days.

use std::sync::Arc;

use base::{Currency, Locale, Money, Result, Time};
use db::Tx;
use loyalty::points_for;
use orders::OrderNumber;
use outreach::{MessageImport, NewMessage, Recipient, Template, import_messages_in};

use super::House;
use crate::calendar::Seconds;
use crate::chain::{Chain, Fulfilment, Order};
use crate::ids::Ids;

/// So many days are brought over.
const DAYS: i64 = 3;

/// Writes parcels and refunds of the last days.
pub(super) async fn write(house: &House, chain: &Arc<Chain>) -> Result<()> {
    let mut ids = Ids::new(chain.seed, "messages");
    let mut told: Vec<(Time, &Order, Template, String)> = Vec::new();
    for order in &chain.orders {
        told.extend(parcel(order));
        told.extend(refunds(order));
    }
    let since = chain.as_of.plus_days(-DAYS);
    told.retain(|(at, ..)| *at > since);
    told.sort_by_key(|(at, ..)| *at);
    let messages: Vec<MessageImport> = told
        .into_iter()
        .filter_map(|(at, order, template, dedupe)| {
            let person = &chain.members[order.member?];
            let to = Recipient {
                member_id: Some(person.id),
                phone: person.phone.parse().ok(),
                locale: if person.english { Locale::En } else { Locale::Zh },
            };
            Some(MessageImport {
                id: ids.at(at),
                message: NewMessage {
                    to,
                    template,
                    dedupe: Some(dedupe),
                },
                at,
            })
        })
        .collect();
    house
        .db
        .write(async move |tx: &Tx| import_messages_in(tx, &messages).await.map(|_| ()))
        .await
}

fn parcel(order: &Order) -> Option<(Time, &Order, Template, String)> {
    let Fulfilment::Delivery {
        tracking: (carrier, number),
        ..
    } = &order.fulfilment
    else {
        return None;
    };
    let template = Template::OrderShipped {
        order_number: OrderNumber::of(order.id, 0).to_string(),
        carrier: (*carrier).to_owned(),
        tracking_number: number.clone(),
    };
    Some((
        order.steps.shipped?,
        order,
        template,
        format!("{}:shipped", order.fulfilment_id),
    ))
}

fn refunds(order: &Order) -> impl Iterator<Item = (Time, &Order, Template, String)> {
    order.returns.iter().map(move |goods| {
        let template = Template::Refunded {
            order_number: OrderNumber::of(order.id, 0).to_string(),
            amount: Money::new(goods.refund_minor, Currency::CNY),
            points_reversed: points_back(order),
        };
        (goods.at, order, template, format!("{}:refunded", goods.id))
    })
}

/// Points a return took back, by the rule of `loyalty`.
fn points_back(order: &Order) -> i64 {
    let goods = order.goods_minor() - order.discount_minor();
    let back: i64 = order.returns.iter().map(|goods| goods.refund_minor).sum();
    let points = |minor| points_for(Money::new(minor, Currency::CNY));
    points(goods) - points(goods - back)
}
