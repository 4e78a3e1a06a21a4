//! Exchange at a counter: what comes back, what goes out instead, and the difference, in one transaction with one
//! receipt.
//!
//! What goes out becomes lines of the same order, so that every tender that ever paid for it stands behind them:
//! what came in less what went back is always what the goods with the customer cost.

use std::sync::Arc;

use base::{Ctx, Error, Money, OrderId, PlaceId, Result, ReturnId};
use bus::emit;
use db::{Reader, Tx};
use orders::events::{FulfilmentHandedOver, OrderExchanged, line_facts};
use orders::rules::{ReturnWish, take_return};
use orders::{
    Cart, Channel, Exchange, ExchangeLine, ExchangeMoney, FulfilmentChoice, FulfilmentState, Line, Method,
    Moment, MomentKind, Order, OrderState, Part, Return, ReturnLine, ReturnLineOut, ReturnOut, Wanted,
    exchange_money,
};
use payments::{GiftCard, Payment, ProviderName, RefundId};
use places::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::{CartLineOut, check_lines, merged, takes};
use crate::error::EXCHANGE_AMOUNT;
use crate::fail;
use crate::made_of::{Takes, There};
use crate::part::items;
use crate::pay_gift::GiftCardShown;
use crate::price::Priced;
use crate::returns::returned_facts;
use crate::sources::{Source, Sourced};

/// How money changes hands at a counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterTender {
    /// Notes and coins.
    #[default]
    Cash,
    /// The card terminal beside the till.
    Terminal,
}

impl CounterTender {
    /// Who moves the money.
    pub(crate) const fn provider(self) -> ProviderName {
        match self {
            Self::Cash => ProviderName::Cash,
            Self::Terminal => ProviderName::Terminal,
        }
    }
}

/// What comes back and what goes out.
#[derive(Clone, Debug)]
pub struct ExchangeWish {
    /// The order the goods were bought with.
    pub order_id: OrderId,
    /// At which counter.
    pub place_id: PlaceId,
    /// What comes back.
    pub back: Vec<ReturnWish>,
    /// What goes out instead.
    pub taken: Vec<Wanted>,
}

/// An exchange the customer agreed to.
#[derive(Clone, Debug)]
pub struct ExchangeNew {
    /// What comes back and what goes out.
    pub wish: ExchangeWish,
    /// What the customer agreed to pay; below zero is what they get back.
    pub agreed: Money,
    /// How they pay it.
    pub tender: CounterTender,
    /// A gift card that pays as far as it goes, before the tender pays the rest.
    pub gift_card: Option<GiftCardShown>,
    /// A word about it.
    pub note: Option<String>,
}

/// What an exchange would come to, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangePreview)]
pub struct ExchangePreviewOut {
    /// What comes back, with what it had cost.
    pub returned: Vec<ReturnLineOut>,
    /// What came back had cost.
    pub returned_total: Money,
    /// What goes out, with why it costs what it costs, and how many this store has.
    pub taken: Vec<CartLineOut>,
    /// What goes out costs.
    pub taken_total: Money,
    /// What the customer pays; below zero is what they get back. Agree to this amount.
    pub difference: Money,
    /// Where money that goes back goes, in the order this installation gives back.
    pub refund_to: Vec<ExchangeRefundOut>,
}

/// Money that would go back to a tender, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangeRefund)]
pub struct ExchangeRefundOut {
    /// Who moves it.
    pub provider: ProviderName,
    /// The last signs of the gift card, where it is one.
    #[serde(default)]
    pub label: Option<String>,
    /// How much.
    pub amount: Money,
}

#[derive(Serialize, Deserialize)]
struct Exchanged {
    out: ReturnOut,
    refunds: Vec<RefundId>,
}

/// What goes out, at the prices of this counter and this moment.
struct Counter {
    place: Arc<Place>,
    priced: Priced,
    available: Vec<Option<i64>>,
}

/// An exchange worked out over the order as it stands.
struct Terms {
    back: Vec<ReturnLine>,
    returned: Money,
    taken: Money,
    money: ExchangeMoney,
}

impl Terms {
    fn of(order: &Order, back: &[ReturnWish], priced: &Priced) -> Result<Self> {
        let (back, returned) = take_return(order, back)?;
        let taken = Money::new(priced.amounts.total, order.head.currency);
        Ok(Self {
            back,
            returned,
            taken,
            money: exchange_money(returned.amount_minor, taken.amount_minor)?,
        })
    }

    /// What the customer pays; below zero is what they get back.
    const fn difference(&self) -> Money {
        Money::new(self.money.paid - self.money.refund, self.taken.currency)
    }

    const fn paid(&self) -> Money {
        Money::new(self.money.paid, self.taken.currency)
    }

    const fn refund(&self) -> Money {
        Money::new(self.money.refund, self.taken.currency)
    }
}

impl Flows {
    /// What an exchange would come to now; changes nothing.
    ///
    /// # Errors
    /// Those of [`Flows::exchange_take`], except for stock: what the counter has is in the answer.
    pub async fn exchange_preview(&self, ctx: &Ctx, wish: ExchangeWish) -> Result<ExchangePreviewOut> {
        let counter = self.counter(ctx, &wish).await?;
        let payments_desk = self.parts.payments.clone();
        let read = async move |r: &Reader| {
            let order = orders::order_get_in(r, wish.order_id).await?;
            let terms = Terms::of(&order, &wish.back, &counter.priced)?;
            let payments = payments::payment_list_in(r, &[order.head.id]).await?;
            let split = payments_desk.refund_split(payments, terms.money.refund)?;
            let currency = order.head.currency;
            let taken = counter.priced.lines.iter().zip(&counter.available);
            Ok(ExchangePreviewOut {
                returned: terms.back.iter().map(ReturnLineOut::from).collect(),
                returned_total: terms.returned,
                taken: taken
                    .map(|(line, available)| CartLineOut::new(line, currency, *available))
                    .collect(),
                taken_total: terms.taken,
                difference: terms.difference(),
                refund_to: split
                    .into_iter()
                    .map(|(payment, minor)| ExchangeRefundOut {
                        provider: payment.provider,
                        label: payment.label,
                        amount: Money::new(minor, currency),
                    })
                    .collect(),
            })
        };
        self.parts.db.read(read).await
    }

    /// Takes goods back and hands others out. What they cost more is paid at the counter, what they cost less goes
    /// back to the tenders that paid.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `return.*`, `cart.*` for what cannot be sold, `stock.insufficient`,
    /// `exchange.other_amount` when another difference was agreed on, `payment.over_refund`, `gift_card.*`.
    pub async fn exchange_take(&self, ctx: &Ctx, new: ExchangeNew) -> Result<ReturnOut> {
        let counter = Arc::new(self.counter(ctx, &new.wish).await?);
        let card = match &new.gift_card {
            Some(shown) => Some(self.gift_card_shown(shown).await?),
            None => None,
        };
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.exchange_in(tx, &actor, &counter, &new, card.as_ref()).await;
        let done = self.parts.db.write_once(ctx, "exchange.take", unit).await?;
        fail::point("exchange.committed");
        self.settle(ctx, &done.refunds).await;
        Ok(done.out)
    }

    /// Prices what goes out as a bag of the same person at this counter.
    async fn counter(&self, ctx: &Ctx, wish: &ExchangeWish) -> Result<Counter> {
        let place = self.return_place(ctx, wish.place_id).await?;
        let id = wish.order_id;
        let read = async move |r: &Reader| Ok((orders::order_head_in(r, id).await?, r.now()));
        let (head, now) = self.parts.db.read(read).await?;
        let lines = merged(wish.taken.clone())?;
        let skus = self.skus(&lines).await?;
        check_lines(&lines, &skus, Some(head.currency))?;
        let bag = Cart {
            id: base::CartId::new(),
            channel: Channel::Store,
            currency: head.currency,
            member_id: head.member_id,
            lines,
            choice: Some(FulfilmentChoice::Collect { place_id: place.id }),
            contact: None,
            promotion_code: None,
            order_id: None,
            version: 1,
            updated_at: now,
        };
        let priced = self.priced(ctx, &bag, &skus, now, true).await?;
        let wanted: Vec<Takes> = priced
            .lines
            .iter()
            .map(|line| takes(&skus, line.sku_id))
            .collect();
        let counted: Vec<_> = wanted.iter().flatten().map(|(sku, _)| *sku).collect();
        let there = There::new(&self.parts.stock.availability_at(&counted, place.id).await?);
        let here = |takes: &Takes| (!takes.is_empty()).then(|| there.anywhere(takes));
        let available = wanted.iter().map(here).collect();
        Ok(Counter {
            place,
            priced,
            available,
        })
    }

    async fn exchange_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        counter: &Counter,
        new: &ExchangeNew,
        card: Option<&GiftCard>,
    ) -> Result<Exchanged> {
        let mut order = orders::order_get_in(tx, new.wish.order_id).await?;
        let terms = Terms::of(&order, &new.wish.back, &counter.priced)?;
        if new.agreed != terms.difference() {
            return Err(Error::new(&EXCHANGE_AMOUNT)
                .with("agreed", new.agreed.to_string())
                .with("difference", terms.difference().to_string())
                .with("returned", terms.returned.to_string())
                .with("taken", terms.taken.to_string()));
        }
        let document = document(tx, ctx, &order, counter, &terms, new);
        self.order_grows_in(tx, ctx, &mut order, counter, &terms, &document)
            .await?;
        self.hand_out_in(tx, ctx, &mut order, counter).await?;
        self.goods_in(tx, ctx, &order, &document).await?;
        let refunds = if terms.money.paid > 0 {
            pay_in(tx, ctx, &order, terms.paid(), new.tender, card).await?;
            Vec::new()
        } else {
            let source = document.id.to_string();
            self.parts
                .payments
                .payment_refund_in(tx, ctx, order.head.id, terms.refund(), &source)
                .await?
        };
        let exchanged = OrderExchanged {
            order: (&order.head).into(),
            return_id: document.id,
            return_place_id: document.place_id,
            return_place_name: document.place_name.clone(),
            returned: returned_facts(&order, &document)?,
            taken: line_facts(&order.head, &counter.priced.lines),
            paid: terms.paid(),
            refund: terms.refund(),
        };
        emit(tx, ctx, &exchanged).await?;
        fail::point("exchange.worked_in");
        let out = ReturnOut::from(&document);
        Ok(Exchanged { out, refunds })
    }

    /// The order's part: what came back is counted, what went out is added, the history tells both.
    async fn order_grows_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        counter: &Counter,
        terms: &Terms,
        document: &Return,
    ) -> Result<()> {
        let moments = moments(tx, ctx, order, counter, terms);
        order.head.state = order.head.state.step(OrderState::PartlyReturned)?;
        order.head.refunded += terms.returned.amount_minor;
        let (lines, amounts) = (&counter.priced.lines, &counter.priced.amounts);
        orders::order_extend_in(tx, order, lines, amounts, moments).await?;
        orders::return_take_in(tx, order, document.clone()).await
    }

    /// What was taken leaves the shelf with the customer.
    async fn hand_out_in(&self, tx: &Tx, ctx: &Ctx, order: &mut Order, counter: &Counter) -> Result<()> {
        let parts = parts(&counter.priced.lines);
        let asks = self.asks_in(tx, order, &parts).await?;
        let here = Source {
            place_id: counter.place.id,
            place_name: counter.place.name.clone(),
            parts,
            promised_at: None,
            day: None,
        };
        let sourced = Sourced {
            ahead: Vec::new(),
            sources: vec![here],
            why: None,
        };
        for mut fulfilment in self.hold_sourced_in(tx, ctx, order, &asks, sourced).await? {
            fulfilment.method = Method::Collect;
            fulfilment.state = FulfilmentState::HandedOver;
            orders::fulfilment_request_in(tx, std::slice::from_ref(&fulfilment)).await?;
            self.goods_out_in(tx, ctx, order, &fulfilment).await?;
            emit(
                tx,
                ctx,
                &FulfilmentHandedOver {
                    fulfilment: (&fulfilment).into(),
                },
            )
            .await?;
            order.fulfilments.push(fulfilment);
        }
        Ok(())
    }
}

/// What goes out for more is paid at the counter: by a gift card as far as it goes, the rest by the tender.
async fn pay_in(
    tx: &Tx,
    ctx: &Ctx,
    order: &Order,
    due: Money,
    tender: CounterTender,
    card: Option<&GiftCard>,
) -> Result<()> {
    let mut left = due.amount_minor;
    if let Some(card) = card {
        card.takes(due.currency)?;
        let part = payments::gift_available_in(tx, card.id).await?.min(left);
        if part > 0 {
            let amount = Money::new(part, due.currency);
            let payment = Payment::new(order.head.id, ProviderName::GiftCard, amount, tx.now());
            payments::gift_take_in(tx, ctx, card.id, &payment.labelled(&card.last4)).await?;
            left -= part;
        }
    }
    if left > 0 {
        let amount = Money::new(left, due.currency);
        let payment = Payment::new(order.head.id, tender.provider(), amount, tx.now());
        payments::payment_start_in(tx, ctx, &payment).await?;
        payments::payment_take_in(tx, ctx, &payment).await?;
    }
    Ok(())
}

fn document(
    tx: &Tx,
    ctx: &Ctx,
    order: &Order,
    counter: &Counter,
    terms: &Terms,
    new: &ExchangeNew,
) -> Return {
    let currency = order.head.currency;
    let taken = counter.priced.lines.iter();
    Return {
        id: ReturnId::new(),
        order_id: order.head.id,
        order_number: order.head.number.clone(),
        place_id: counter.place.id,
        place_name: counter.place.name.clone(),
        lines: terms.back.clone(),
        refund: terms.refund(),
        exchange: Some(Exchange {
            taken: taken.map(|line| ExchangeLine::new(line, currency)).collect(),
            returned_total: terms.returned,
            taken_total: terms.taken,
            paid: terms.paid(),
        }),
        note: new.note.clone(),
        actor: ctx.actor.to_string(),
        created_at: tx.now(),
    }
}

fn parts(lines: &[Line]) -> Vec<Part> {
    let parts = lines.iter().map(|line| Part {
        order_line_id: line.id,
        quantity: line.quantity,
    });
    parts.collect()
}

fn moments(tx: &Tx, ctx: &Ctx, order: &Order, counter: &Counter, terms: &Terms) -> Vec<Moment> {
    let back: Vec<Part> = terms
        .back
        .iter()
        .map(|line| Part {
            order_line_id: line.order_line_id,
            quantity: line.quantity,
        })
        .collect();
    let taken = Order {
        lines: counter.priced.lines.clone(),
        ..order.clone()
    };
    let mut moment = Moment::new(tx.now(), MomentKind::Exchanged, &ctx.actor)
        .with_text("place", &counter.place.name)
        .with_text("returned", &items(order, &back))
        .with_text("taken", &items(&taken, &parts(&taken.lines)));
    if terms.money.paid > 0 {
        moment = moment.with("paid", terms.paid().to_string());
    }
    if terms.money.refund > 0 {
        moment = moment.with("refunded", terms.refund().to_string());
    }
    vec![moment]
}
