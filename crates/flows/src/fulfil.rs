//! What a place does for an order: pick, hand over, ship, deliver.

use base::{Ctx, Error, FulfilmentId, Permission, Resource, Result};
use bus::emit;
use db::Tx;
use orders::events::{FulfilmentHandedOver, FulfilmentPicked, OrderPaid, OrderReady, OrderShipped};
use orders::rules::{CodeTry, try_code};
use orders::{
    FULFILMENT_HAND_OVER, FULFILMENT_PICK, FULFILMENT_SHIP, Fulfilment, FulfilmentOut, FulfilmentState,
    Method, Moment, MomentKind, Order, OrderState,
};
use payments::{ProviderName, RefundId};
use places::Book;
use serde::{Deserialize, Serialize};

use crate::Flows;
use crate::fail;
use crate::part::{arrived_in, overtaken, undecided_in};
use crate::pickup::Wait;
use crate::reject::{Reject, unserved_why};

/// Goods that are handed over to whoever shows a pickup code.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The code.
    pub code: String,
    /// Who fetches them, when it is not the customer.
    pub proxy: Option<String>,
    /// What turned out to be missing or broken at the counter; the rest is handed over.
    pub missing: Option<Missing>,
}

/// What is missing at the counter.
#[derive(Clone, Debug)]
pub struct Missing {
    /// Which pieces, and why.
    pub reject: Reject,
    /// Whether the customer wants their money back now. Otherwise a person decides later.
    pub refund: bool,
}

impl From<String> for HandOver {
    fn from(code: String) -> Self {
        Self {
            code,
            proxy: None,
            missing: None,
        }
    }
}

/// What came of a pickup code. A wrong one is counted, so it ends a transaction rather than failing it.
#[derive(Serialize, Deserialize)]
enum Tried {
    Done {
        out: Box<FulfilmentOut>,
        refunds: Vec<RefundId>,
    },
    Refused {
        tries: i64,
        locked_until: Option<base::Time>,
    },
}

impl Flows {
    /// Everything is packed: the customer is told. Asked again, nobody is told twice.
    ///
    /// # Errors
    /// `not_found`, `access.forbidden`, `fulfilment.illegal_step`.
    pub async fn fulfilment_pick(&self, ctx: &Ctx, id: FulfilmentId) -> Result<FulfilmentOut> {
        let book = self.parts.places.book().await?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.pick_in(tx, &actor, &book, id).await;
        let picked = self.parts.db.write_once(ctx, "fulfilment.pick", unit).await;
        fail::point("pick.committed");
        picked
    }

    async fn pick_in(&self, tx: &Tx, ctx: &Ctx, book: &Book, id: FulfilmentId) -> Result<FulfilmentOut> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_PICK).await?;
        if order.fulfilments[at].state == FulfilmentState::Ready {
            return Ok(out(&order, at));
        }
        self.change_drop_in(tx, ctx, &mut order, overtaken()).await?;
        let place = order.fulfilments[at].place_id;
        let more_comes = comes_there(&order, place);
        let zone = book.get(place).map(|place| place.timezone.as_str());
        let wait = self.pickup.wait(tx.now(), zone);
        let fulfilment = step(&mut order, at, FulfilmentState::Ready)?;
        let mut moments = Vec::new();
        let mut remind_at = None;
        if fulfilment.method == Method::Collect {
            // Nobody is called while more is to come, so that nobody is late either.
            if !more_comes {
                (fulfilment.pickup_by, remind_at) = (Some(wait.until), wait.remind_at);
            }
            let moment = Moment::new(tx.now(), MomentKind::Ready, &ctx.actor);
            moments.push(moment.with_text("place", &fulfilment.place_name));
        }
        advance(tx, &mut order, moments).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        if remind_at.is_some() {
            orders::fulfilment_remind_in(tx, id, remind_at).await?;
        }
        emit(
            tx,
            ctx,
            &FulfilmentPicked {
                fulfilment: (&order.fulfilments[at]).into(),
            },
        )
        .await?;
        if order.head.method == Method::Collect && all_ready_at(&order, place) {
            call_in(tx, ctx, &mut order, at, wait).await?;
        }
        fail::point("pick.worked_in");
        Ok(out(&order, at))
    }

    /// Hands the goods over to whoever shows the pickup code; what is to be paid at the counter is paid now.
    /// What is missing is paid back, or waits for somebody's decision, and keeps nobody from the rest.
    ///
    /// # Errors
    /// `fulfilment.wrong_code`, `fulfilment.code_locked`, `fulfilment.illegal_step`, `not_found`,
    /// `access.forbidden`, `input.invalid` when everything is missing.
    pub async fn fulfilment_hand_over(
        &self,
        ctx: &Ctx,
        id: FulfilmentId,
        hand_over: impl Into<HandOver>,
    ) -> Result<FulfilmentOut> {
        let (flows, actor, hand_over) = (self.clone(), ctx.clone(), hand_over.into());
        let unit = async move |tx: &Tx| flows.hand_over_in(tx, &actor, id, &hand_over).await;
        match self
            .parts
            .db
            .write_once(ctx, "fulfilment.hand_over", unit)
            .await?
        {
            Tried::Done { out, refunds } => {
                fail::point("hand_over.committed");
                self.settle(ctx, &refunds).await;
                Ok(*out)
            }
            Tried::Refused { tries, locked_until } => Err(CodeTry {
                tries,
                locked_until,
                accepted: false,
            }
            .refusal()),
        }
    }

    async fn hand_over_in(&self, tx: &Tx, ctx: &Ctx, id: FulfilmentId, new: &HandOver) -> Result<Tried> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_HAND_OVER).await?;
        let fulfilment = &mut order.fulfilments[at];
        let is_right = self.parts.secrets.is_pickup_code(fulfilment.order_id, &new.code);
        if fulfilment.state == FulfilmentState::HandedOver && is_right {
            return Ok(done(&order, at, Vec::new()));
        }
        // The state first: a code is worth counting only where it would open something.
        fulfilment.state.step(FulfilmentState::HandedOver)?;
        let tried = try_code(
            fulfilment.code_tries,
            fulfilment.code_locked_until,
            tx.now(),
            is_right,
        )?;
        (fulfilment.code_tries, fulfilment.code_locked_until) = (tried.tries, tried.locked_until);
        if !tried.accepted {
            if tried.locked_until.is_some() {
                let locked = Moment::new(tx.now(), MomentKind::CodeLocked, &ctx.actor);
                orders::order_change_in(tx, &mut order.head, vec![locked]).await?;
            }
            orders::fulfilment_change_in(tx, fulfilment).await?;
            return Ok(Tried::Refused {
                tries: tried.tries,
                locked_until: tried.locked_until,
            });
        }
        let lacking = match &new.missing {
            Some(missing) => Some(
                self.take_away_missing_in(tx, ctx, &mut order, at, missing)
                    .await?,
            ),
            None => None,
        };
        let fulfilment = step(&mut order, at, FulfilmentState::HandedOver)?;
        let mut moment = Moment::new(tx.now(), MomentKind::Collected, &ctx.actor)
            .with_text("place", &fulfilment.place_name);
        if let Some(proxy) = &new.proxy {
            moment = moment.with("proxy", orders::mask_name(proxy));
        }
        let payments = payments::payment_list_in(tx, &[order.head.id]).await?;
        let due = payments
            .iter()
            .find(|p| p.provider == ProviderName::Cash && p.balance.state.is_open());
        let mut moments = vec![moment];
        if due.is_some() {
            moments.insert(0, Moment::new(tx.now(), MomentKind::Paid, &ctx.actor));
        }
        let became = advance(tx, &mut order, moments).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        self.goods_out_in(tx, ctx, &order, &order.fulfilments[at]).await?;
        fail::point("hand_over.goods_out");
        if let Some(due) = due {
            payments::payment_take_in(tx, ctx, due).await?;
            emit(
                tx,
                ctx,
                &OrderPaid {
                    order: (&order.head).into(),
                },
            )
            .await?;
        }
        emit(
            tx,
            ctx,
            &FulfilmentHandedOver {
                fulfilment: (&order.fulfilments[at]).into(),
            },
        )
        .await?;
        arrived_in(tx, ctx, &order, became).await?;
        let mut refunds = Vec::new();
        if let (Some(lacking), Some(missing)) = (lacking, &new.missing) {
            if missing.refund {
                let reason = missing.reject.reason.text().get(ctx.locale).to_owned();
                let (pieces, states) = (&lacking.parts, &[]);
                refunds = self
                    .reduce_in(tx, ctx, &mut order, pieces, states, &reason)
                    .await?
                    .1;
            } else {
                let why = unserved_why(&order, &lacking, true);
                undecided_in(tx, ctx, &mut order, why).await?;
            }
        }
        Ok(done(&order, at, refunds))
    }

    /// Takes what is missing at the counter out of what is handed over; there must be a rest.
    async fn take_away_missing_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        at: usize,
        missing: &Missing,
    ) -> Result<Fulfilment> {
        let all: i64 = order.fulfilments[at].parts.iter().map(|p| p.quantity).sum();
        let lacking: i64 = missing.reject.parts.iter().map(|p| p.quantity).sum();
        if lacking < 1 || lacking >= all {
            return Err(crate::cart::range("missing.lines", 1, all - 1));
        }
        self.reject_pieces_in(tx, ctx, order, at, &missing.reject).await
    }

    /// The carrier has the parcel.
    ///
    /// # Errors
    /// `fulfilment.illegal_step`, `not_found`, `access.forbidden`.
    pub async fn fulfilment_ship(
        &self,
        ctx: &Ctx,
        id: FulfilmentId,
        carrier: String,
        tracking_number: String,
    ) -> Result<FulfilmentOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.ship_in(tx, &actor, id, &carrier, &tracking_number).await;
        self.parts.db.write_once(ctx, "fulfilment.ship", unit).await
    }

    async fn ship_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: FulfilmentId,
        carrier: &str,
        tracking_number: &str,
    ) -> Result<FulfilmentOut> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_SHIP).await?;
        deliveries_only(&order.fulfilments[at])?;
        let is_same = order.fulfilments[at].tracking_number.as_deref() == Some(tracking_number);
        if order.fulfilments[at].state == FulfilmentState::Shipped && is_same {
            return Ok(out(&order, at));
        }
        let fulfilment = step(&mut order, at, FulfilmentState::Shipped)?;
        fulfilment.carrier = Some(carrier.to_owned());
        fulfilment.tracking_number = Some(tracking_number.to_owned());
        let moment = Moment::new(tx.now(), MomentKind::Shipped, &ctx.actor)
            .with("carrier", carrier)
            .with("tracking_number", tracking_number);
        advance(tx, &mut order, vec![moment]).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        self.goods_out_in(tx, ctx, &order, &order.fulfilments[at]).await?;
        let shipped = OrderShipped {
            order: (&order.head).into(),
            fulfilment: (&order.fulfilments[at]).into(),
            carrier: carrier.to_owned(),
            tracking_number: tracking_number.to_owned(),
        };
        emit(tx, ctx, &shipped).await?;
        emit(
            tx,
            ctx,
            &FulfilmentHandedOver {
                fulfilment: (&order.fulfilments[at]).into(),
            },
        )
        .await?;
        Ok(out(&order, at))
    }

    /// The parcel reached the door.
    ///
    /// # Errors
    /// `fulfilment.illegal_step`, `not_found`, `access.forbidden`.
    pub async fn fulfilment_deliver(&self, ctx: &Ctx, id: FulfilmentId) -> Result<FulfilmentOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.deliver_in(tx, &actor, id).await;
        self.parts.db.write_once(ctx, "fulfilment.deliver", unit).await
    }

    async fn deliver_in(&self, tx: &Tx, ctx: &Ctx, id: FulfilmentId) -> Result<FulfilmentOut> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_SHIP).await?;
        if order.fulfilments[at].state == FulfilmentState::Delivered {
            return Ok(out(&order, at));
        }
        step(&mut order, at, FulfilmentState::Delivered)?;
        let moment = Moment::new(tx.now(), MomentKind::Delivered, &ctx.actor);
        self.advance_and_tell(tx, ctx, &mut order, vec![moment]).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        Ok(out(&order, at))
    }
}

/// The customer is told that everything is there, and from now on how long it waits.
pub(crate) async fn call_in(tx: &Tx, ctx: &Ctx, order: &mut Order, at: usize, wait: Wait) -> Result<()> {
    let place = order.fulfilments[at].place_id;
    let waited = |f: &&mut Fulfilment| {
        f.place_id == place && f.state == FulfilmentState::Ready && f.pickup_by.is_none()
    };
    for earlier in order.fulfilments.iter_mut().filter(waited) {
        earlier.pickup_by = Some(wait.until);
        orders::fulfilment_change_in(tx, earlier).await?;
        orders::fulfilment_remind_in(tx, earlier.id, wait.remind_at).await?;
    }
    let ready = OrderReady {
        order: (&order.head).into(),
        fulfilment: (&order.fulfilments[at]).into(),
    };
    emit(tx, ctx, &ready).await?;
    Ok(())
}

/// Whether something is still to come to a place.
fn comes_there(order: &Order, place: base::PlaceId) -> bool {
    order.head.ahead.iter().any(|awaited| awaited.place_id == place)
}

/// Whether everything that waits at a place waits packed, and nothing is still to come to it.
pub(crate) fn all_ready_at(order: &Order, place: base::PlaceId) -> bool {
    if comes_there(order, place) {
        return false;
    }
    let mut there = order
        .fulfilments
        .iter()
        .filter(|f| f.place_id == place && f.state.holds_stock());
    there.all(|f| f.state == FulfilmentState::Ready)
}

fn done(order: &Order, at: usize, refunds: Vec<RefundId>) -> Tried {
    Tried::Done {
        out: Box::new(out(order, at)),
        refunds,
    }
}

/// A fulfilment with its whole order, for somebody who may do `right` at its place.
pub(crate) async fn open(tx: &Tx, ctx: &Ctx, id: FulfilmentId, right: Permission) -> Result<(Order, usize)> {
    let order_id = orders::fulfilment_get_in(tx, id).await?.order_id;
    let order = orders::order_get_in(tx, order_id).await?;
    let at = order
        .fulfilments
        .iter()
        .position(|f| f.id == id)
        .ok_or_else(|| Error::not_found("fulfilment", id))?;
    let place = Resource::Place(order.fulfilments[at].place_id);
    if !ctx.may(orders::FULFILMENT_READ, &place) && !ctx.may(right, &place) {
        ctx.require(right, &Resource::Somewhere)?;
        // Another place's work is not there for these eyes.
        return Err(Error::not_found("fulfilment", id));
    }
    ctx.require(right, &place)?;
    Ok((order, at))
}

/// Takes a fulfilment's step in memory.
pub(crate) fn step(order: &mut Order, at: usize, to: FulfilmentState) -> Result<&mut Fulfilment> {
    let fulfilment = &mut order.fulfilments[at];
    fulfilment.state = fulfilment.state.step(to)?;
    Ok(fulfilment)
}

/// Brings the order as far as its slowest fulfilment and writes it; answers the state it newly reached. While
/// nobody serves some of it, it stays undecided.
pub(crate) async fn advance(tx: &Tx, order: &mut Order, moments: Vec<Moment>) -> Result<Option<OrderState>> {
    let was = order.head.state;
    let reached = order
        .standing()
        .filter(|to| *to != was && *to != OrderState::NeedsDecision);
    // What was undecided is served again before it goes on.
    let from = match was {
        OrderState::NeedsDecision => OrderState::Allocated,
        other => other,
    };
    // A returned order stays one when its last parcel arrives.
    let reached = reached.filter(|to| *to == from || from.exits().contains(to));
    if let Some(to) = reached {
        order.head.state = to;
    }
    if reached.is_some() || !moments.is_empty() {
        orders::order_change_in(tx, &mut order.head, moments).await?;
    }
    Ok(reached)
}

fn deliveries_only(fulfilment: &Fulfilment) -> Result<()> {
    if fulfilment.method == Method::Delivery {
        return Ok(());
    }
    Err(Error::new(&orders::ILLEGAL_FULFILMENT_STEP)
        .with("from", fulfilment.state.as_str())
        .with("to", FulfilmentState::Shipped.as_str()))
}

pub(crate) fn out(order: &Order, at: usize) -> FulfilmentOut {
    FulfilmentOut::new(&order.fulfilments[at], &order.lines, true)
}
