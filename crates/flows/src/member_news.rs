//! What people get to hear, and what their points do, when something happens to their orders.

use std::sync::Arc;

use base::{Ctx, Money, OrderId, Result, Text, Time};
use bus::{Envelope, Event, Handler, Subscriber};
use db::Tx;
use futures_util::future::LocalBoxFuture;
use loyalty::OrderGoods;
use members::Phone;
use orders::events::{
    FulfilmentFacts, LineFacts, OrderCancelled, OrderChangeAsked, OrderChanged, OrderCollected,
    OrderDelivered, OrderExchanged, OrderFacts, OrderJoined, OrderMoved, OrderNeedsDecision, OrderPaid,
    OrderReady, OrderReduced, OrderResumed, OrderReturned, OrderShipped, OrderUncollected, OrderWaiting,
};
use orders::{Line, Method, OrderHead, OrderState, order_get_in, order_head_in};
use outreach::{MessageSuppressed, NewMessage, Recipient, Template, message_send_in};

use crate::fail;
use crate::member_parts::People;
use crate::member_survey;

/// Everybody here, with what they listen to. The names are kept with their cursors and never change.
pub(crate) fn subscribers(people: &People) -> Vec<Subscriber> {
    vec![
        Subscriber {
            name: "people.points",
            kinds: &[
                OrderPaid::KIND,
                OrderCollected::KIND,
                OrderDelivered::KIND,
                OrderReturned::KIND,
                OrderExchanged::KIND,
                OrderJoined::KIND,
                OrderCancelled::KIND,
            ],
            handler: Arc::new(Points),
        },
        Subscriber {
            name: "people.messages",
            kinds: &[
                OrderPaid::KIND,
                OrderReady::KIND,
                OrderMoved::KIND,
                OrderShipped::KIND,
                OrderCancelled::KIND,
                OrderReturned::KIND,
                OrderExchanged::KIND,
                OrderNeedsDecision::KIND,
                OrderReduced::KIND,
                OrderChanged::KIND,
                OrderChangeAsked::KIND,
                OrderWaiting::KIND,
                OrderResumed::KIND,
                OrderUncollected::KIND,
            ],
            handler: Arc::new(Messages(people.clone())),
        },
        Subscriber {
            name: "people.surveys",
            kinds: &[OrderCollected::KIND, OrderDelivered::KIND],
            handler: Arc::new(Surveys(people.clone())),
        },
        Subscriber {
            name: "people.answers",
            kinds: &[MessageSuppressed::KIND],
            handler: Arc::new(Answers),
        },
    ]
}

/// Points are expected when an order is paid, earned when its goods are handed over, and taken back with what
/// comes back.
struct Points;

impl Handler for Points {
    fn handle<'a>(&'a self, tx: &'a Tx, ctx: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if let Some(paid) = event.parse::<OrderPaid>()? {
                if let Some(order) = order_goods(tx, &paid.order).await? {
                    loyalty::expect_in(tx, &order).await?;
                }
            } else if let Some(cancelled) = event.parse::<OrderCancelled>()? {
                loyalty::cancel_in(tx, ctx, cancelled.order.order_id, event.occurred_at).await?;
            } else if let Some(returned) = event.parse::<OrderReturned>()? {
                let refunds = returned.lines.iter().map(|l| l.refund);
                let goods = Money::sum(returned.refund.currency, refunds)?.amount_minor;
                let (order, source) = (returned.order.order_id, returned.return_id);
                loyalty::reverse_in(tx, ctx, order, source, goods, event.occurred_at).await?;
            } else if let Some(exchanged) = event.parse::<OrderExchanged>()? {
                let worth = exchanged.returned.iter().map(|l| l.refund);
                let returned = Money::sum(exchanged.refund.currency, worth)?.amount_minor;
                if let Some(goods) = order_goods(tx, &exchanged.order).await? {
                    let source = exchanged.return_id;
                    loyalty::exchange_in(tx, ctx, &goods, source, returned, event.occurred_at).await?;
                }
            } else if let Some(joined) = event.parse::<OrderJoined>()? {
                catch_up(tx, ctx, &joined.order, event.occurred_at).await?;
            } else if let Some(order) = handed_over(event)?
                && let Some(goods) = order_goods(tx, &order).await?
            {
                loyalty::earn_in(tx, ctx, &goods, event.occurred_at).await?;
                fail::point("points.worked_in");
            }
            Ok(())
        })
    }
}

/// What a guest's order would have brought by now is brought to the member who made it theirs. Each document moves
/// points once, so news that is told later moves nothing twice.
async fn catch_up(tx: &Tx, ctx: &Ctx, facts: &OrderFacts, at: Time) -> Result<()> {
    let order = order_get_in(tx, facts.order_id).await?;
    let is_bought = !matches!(
        order.head.state,
        OrderState::PendingPayment | OrderState::Expired | OrderState::Cancelled
    );
    let Some(goods) = order_goods(tx, facts).await?.filter(|_| is_bought) else {
        return Ok(());
    };
    loyalty::expect_in(tx, &goods).await?;
    for document in &order.returns {
        let worth = document.lines.iter().map(|line| line.refund);
        let minor = Money::sum(order.head.currency, worth)?.amount_minor;
        loyalty::reverse_in(tx, ctx, order.head.id, document.id, minor, at).await?;
    }
    if order.head.state.goods_went_out() && order.head.state != OrderState::Shipped {
        loyalty::earn_in(tx, ctx, &goods, at).await?;
    }
    Ok(())
}

/// The order whose goods an event says were handed over.
fn handed_over(event: &Envelope) -> Result<Option<OrderFacts>> {
    if let Some(collected) = event.parse::<OrderCollected>()? {
        return Ok(Some(collected.order));
    }
    Ok(event.parse::<OrderDelivered>()?.map(|delivered| delivered.order))
}

/// What a member's order brings points for: its goods after discounts, less pieces never handed over.
async fn order_goods(tx: &Tx, facts: &OrderFacts) -> Result<Option<OrderGoods>> {
    let Some(member_id) = facts.member_id else {
        return Ok(None);
    };
    let order = order_get_in(tx, facts.order_id).await?;
    let kept: i64 = order.lines.iter().map(handed).sum();
    let goods = Money::new(kept, order.head.currency);
    Ok(Some(OrderGoods {
        order_id: facts.order_id,
        member_id,
        goods,
    }))
}

/// What the pieces of a line that were handed over cost.
fn handed(line: &Line) -> i64 {
    // What was given up was paid back by the same rule, so that the two add up to the line.
    let given_up = orders::rules::worth(line, 0, line.quantity_cancelled).unwrap_or(0);
    line.total - given_up
}

/// Tells people how their orders stand.
struct Messages(People);

impl Handler for Messages {
    fn handle<'a>(&'a self, tx: &'a Tx, ctx: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match self.news(tx, event).await? {
                Some((order, template)) => tell(tx, ctx, event, order, template).await,
                None => Ok(()),
            }
        })
    }
}

impl Messages {
    async fn news(&self, tx: &Tx, event: &Envelope) -> Result<Option<(OrderId, Template)>> {
        if let Some(paid) = event.parse::<OrderPaid>()? {
            return Ok(Some((paid.order.order_id, order_paid(tx, &paid.order).await?)));
        }
        if let Some(ready) = event.parse::<OrderReady>()? {
            let order_id = ready.order.order_id;
            let template = Template::OrderReady {
                order_number: ready.order.number.to_string(),
                place_name: ready.fulfilment.place_name,
                pickup_code: self.0.parts.secrets.pickup_code(order_id),
            };
            return Ok(Some((order_id, template)));
        }
        if let Some(moved) = event.parse::<OrderMoved>()? {
            return Ok(Some((moved.order.order_id, order_moved(moved))));
        }
        if let Some(shipped) = event.parse::<OrderShipped>()? {
            let template = Template::OrderShipped {
                order_number: shipped.order.number.to_string(),
                carrier: shipped.carrier,
                tracking_number: shipped.tracking_number,
            };
            return Ok(Some((shipped.order.order_id, template)));
        }
        if let Some(cancelled) = event.parse::<OrderCancelled>()? {
            let template = Template::OrderCancelled {
                order_number: cancelled.order.number.to_string(),
                refund: paid_back(cancelled.refund),
                because: cancelled.because,
            };
            return Ok(Some((cancelled.order.order_id, template)));
        }
        if let Some(stuck) = event.parse::<OrderNeedsDecision>()? {
            let order_number = stuck.order.number.to_string();
            return Ok(Some((
                stuck.order.order_id,
                Template::OrderDelayed {
                    order_number,
                    reason: stuck.why,
                },
            )));
        }
        if let Some(returned) = event.parse::<OrderReturned>()? {
            return Ok(Some((returned.order.order_id, refunded(tx, returned).await?)));
        }
        if let Some(exchanged) = event.parse::<OrderExchanged>()? {
            return Ok(Some((exchanged.order.order_id, order_exchanged(exchanged))));
        }
        self.news_of_parts(event)
    }

    /// With a link that lets a guest in, too.
    fn change_asked(&self, asked: OrderChangeAsked) -> (OrderId, Template) {
        let parts = &self.0.parts;
        let (shop, order_id) = (parts.shop_url.trim_end_matches('/'), asked.order.order_id);
        let mut url = format!("{shop}/pay/{order_id}");
        if asked.order.member_id.is_none() {
            url = format!("{url}?token={}", parts.secrets.access_token(order_id));
        }
        let template = Template::OrderChangeAsked {
            order_number: asked.order.number.to_string(),
            what: asked.what,
            difference: asked.difference,
            until: asked.until,
            url,
        };
        (order_id, template)
    }

    /// News of orders of which a part is missing, waits, or was not fetched.
    fn news_of_parts(&self, event: &Envelope) -> Result<Option<(OrderId, Template)>> {
        if let Some(reduced) = event.parse::<OrderReduced>()? {
            let template = Template::OrderReduced {
                order_number: reduced.order.number.to_string(),
                items: items(&reduced.lines),
                refund: paid_back(reduced.refund),
            };
            return Ok(Some((reduced.order.order_id, template)));
        }
        if let Some(changed) = event.parse::<OrderChanged>()? {
            let template = Template::OrderChanged {
                order_number: changed.order.number.to_string(),
                what: changed.what,
                total: changed.order.net,
                refund: paid_back(changed.refund),
            };
            return Ok(Some((changed.order.order_id, template)));
        }
        if let Some(asked) = event.parse::<OrderChangeAsked>()? {
            // Who asked themselves stands at the pay page already.
            return Ok(asked.by_staff.then(|| self.change_asked(asked)));
        }
        if let Some(waiting) = event.parse::<OrderWaiting>()? {
            let template = Template::OrderWaiting {
                order_number: waiting.order.number.to_string(),
                items: items(&waiting.lines),
                until: waiting.until,
            };
            return Ok(Some((waiting.order.order_id, template)));
        }
        if let Some(resumed) = event.parse::<OrderResumed>()? {
            let template = Template::OrderResumed {
                order_number: resumed.order.number.to_string(),
                to: place_names(&resumed.to),
                promised_at: resumed.to.iter().filter_map(|f| f.promised_at).max(),
            };
            return Ok(Some((resumed.order.order_id, template)));
        }
        let Some(waits) = event.parse::<OrderUncollected>()? else {
            return Ok(None);
        };
        let order_id = waits.order.order_id;
        let template = Template::OrderUncollected {
            order_number: waits.order.number.to_string(),
            place_name: waits.fulfilment.place_name,
            pickup_code: self.0.parts.secrets.pickup_code(order_id),
            until: waits.pickup_by,
        };
        Ok(Some((order_id, template)))
    }
}

async fn refunded(tx: &Tx, returned: OrderReturned) -> Result<Template> {
    let points = loyalty::return_points_in(tx, &[returned.return_id]).await?;
    Ok(Template::Refunded {
        order_number: returned.order.number.to_string(),
        amount: returned.refund,
        points_reversed: points.get(&returned.return_id).copied().unwrap_or(0),
    })
}

fn order_exchanged(exchanged: OrderExchanged) -> Template {
    let returned = exchanged.returned.iter().map(|l| (&l.name, l.quantity));
    Template::OrderExchanged {
        order_number: exchanged.order.number.to_string(),
        place_name: exchanged.return_place_name,
        returned: pieces(returned),
        taken: items(&exchanged.taken),
        paid: paid_back(exchanged.paid),
        refund: paid_back(exchanged.refund),
    }
}

fn paid_back(refund: Money) -> Option<Money> {
    (refund.amount_minor > 0).then_some(refund)
}

/// `精华 ×2、唇膏 ×1`.
fn items(lines: &[LineFacts]) -> Text {
    pieces(lines.iter().map(|l| (&l.name, l.quantity)))
}

fn pieces<'a>(lines: impl Iterator<Item = (&'a Text, i64)> + Clone) -> Text {
    let list = |of: fn(&Text) -> &str, and: &str| {
        let named = lines
            .clone()
            .map(|(name, quantity)| format!("{} ×{quantity}", of(name)));
        named.collect::<Vec<String>>().join(and)
    };
    Text::new(list(|t| &t.zh, "、"), list(|t| &t.en, ", "))
}

fn place_names(to: &[FulfilmentFacts]) -> Text {
    let names = |of: fn(&Text) -> &str, and: &str| {
        let names: Vec<&str> = to.iter().map(|f| of(&f.place_name)).collect();
        names.join(and)
    };
    Text::new(names(|t| &t.zh, "、"), names(|t| &t.en, " and "))
}

async fn order_paid(tx: &Tx, facts: &OrderFacts) -> Result<Template> {
    let order = order_get_in(tx, facts.order_id).await?;
    let promised_at: Option<Time> = order.fulfilments.iter().filter_map(|f| f.promised_at).max();
    Ok(Template::OrderPaid {
        order_number: facts.number.to_string(),
        total: facts.total,
        collect_at: facts
            .place_name
            .clone()
            .filter(|_| facts.method == Method::Collect),
        promised_at,
    })
}

fn order_moved(moved: OrderMoved) -> Template {
    let promised_at = moved.to.iter().filter_map(|f| f.promised_at).max();
    Template::OrderMoved {
        order_number: moved.order.number.to_string(),
        to: place_names(&moved.to),
        from: moved.from_place,
        reason: moved.reason,
        promised_at,
    }
}

/// Whom to write to about an order: its member and the phone given for it.
pub(crate) fn recipient(head: &OrderHead) -> Option<Recipient> {
    let phone = head.contact.phone.parse::<Phone>().ok();
    // A guest is written to in the language they ordered in; members in their own.
    let recipient = Recipient {
        member_id: head.member_id,
        phone,
        locale: head.locale(),
    };
    (recipient.member_id.is_some() || recipient.phone.is_some()).then_some(recipient)
}

async fn tell(tx: &Tx, ctx: &Ctx, event: &Envelope, order: OrderId, template: Template) -> Result<()> {
    let head = order_head_in(tx, order).await?;
    let Some(to) = recipient(&head) else { return Ok(()) };
    // An order is paid or cancelled once, and ready once at each place; it may be moved, sent or refunded in
    // several parts.
    let occasion = match &template {
        Template::OrderReady { place_name, .. } => format!("order_ready:{order}:{}", place_name.en),
        Template::OrderPaid { .. } | Template::OrderCancelled { .. } => {
            format!("{}:{order}", template.name())
        }
        _ => format!("{}:{}", template.name(), event.id),
    };
    message_send_in(
        tx,
        ctx,
        &NewMessage {
            to,
            template,
            dedupe: Some(occasion),
        },
    )
    .await?;
    Ok(())
}

/// Asks how it was, some time after the goods were handed over.
struct Surveys(People);

impl Handler for Surveys {
    fn handle<'a>(&'a self, tx: &'a Tx, _: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match handed_over(event)? {
                Some(order) => member_survey::ask_later(tx, &self.0, order.order_id).await,
                None => Ok(()),
            }
        })
    }
}

/// Corrects the count of answers when one was held back at the last step.
struct Answers;

impl Handler for Answers {
    fn handle<'a>(&'a self, tx: &'a Tx, _: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match event.parse::<MessageSuppressed>()? {
                Some(held) if held.template == "issue_answer" => {
                    voice::answer_suppressed_in(tx, held.message_id).await
                }
                _ => Ok(()),
            }
        })
    }
}
