//! What a place does for an order: pick, hand over, ship, deliver.

use base::{Ctx, Error, FulfilmentId, Permission, Resource, Result};
use bus::emit;
use db::Tx;
use orders::events::{
    FulfilmentHandedOver, FulfilmentPicked, OrderCollected, OrderDelivered, OrderPaid, OrderReady,
    OrderShipped,
};
use orders::rules::{CodeTry, try_code};
use orders::{
    FULFILMENT_HAND_OVER, FULFILMENT_PICK, FULFILMENT_SHIP, Fulfilment, FulfilmentOut, FulfilmentState,
    Method, Moment, MomentKind, Order, OrderState, progress,
};
use payments::ProviderName;
use serde::{Deserialize, Serialize};

use crate::Flows;

/// What came of a pickup code. A wrong one is counted, so it ends a transaction rather than failing it.
#[derive(Serialize, Deserialize)]
enum HandOver {
    Done(Box<FulfilmentOut>),
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
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.pick_in(tx, &actor, id).await;
        self.parts.db.write_once(ctx, "fulfilment.pick", unit).await
    }

    async fn pick_in(&self, tx: &Tx, ctx: &Ctx, id: FulfilmentId) -> Result<FulfilmentOut> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_PICK).await?;
        if order.fulfilments[at].state == FulfilmentState::Ready {
            return Ok(out(&order, at));
        }
        let fulfilment = step(&mut order, at, FulfilmentState::Ready)?;
        let mut moments = Vec::new();
        if fulfilment.method == Method::Collect {
            let moment = Moment::new(tx.now(), MomentKind::Ready, &ctx.actor);
            moments.push(moment.with_text("place", &fulfilment.place_name));
        }
        let became = advance(tx, &mut order, moments).await?;
        orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
        emit(
            tx,
            ctx,
            &FulfilmentPicked {
                fulfilment: (&order.fulfilments[at]).into(),
            },
        )
        .await?;
        if became == Some(OrderState::Ready) && order.head.method == Method::Collect {
            let ready = OrderReady {
                order: (&order.head).into(),
                fulfilment: (&order.fulfilments[at]).into(),
            };
            emit(tx, ctx, &ready).await?;
        }
        Ok(out(&order, at))
    }

    /// Hands the goods over to whoever shows the pickup code; what is to be paid at the counter is paid now.
    ///
    /// # Errors
    /// `fulfilment.wrong_code`, `fulfilment.code_locked`, `fulfilment.illegal_step`, `not_found`,
    /// `access.forbidden`.
    pub async fn fulfilment_hand_over(
        &self,
        ctx: &Ctx,
        id: FulfilmentId,
        code: String,
    ) -> Result<FulfilmentOut> {
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.hand_over_in(tx, &actor, id, &code).await;
        match self
            .parts
            .db
            .write_once(ctx, "fulfilment.hand_over", unit)
            .await?
        {
            HandOver::Done(out) => Ok(*out),
            HandOver::Refused { tries, locked_until } => Err(CodeTry {
                tries,
                locked_until,
                accepted: false,
            }
            .refusal()),
        }
    }

    async fn hand_over_in(&self, tx: &Tx, ctx: &Ctx, id: FulfilmentId, code: &str) -> Result<HandOver> {
        let (mut order, at) = open(tx, ctx, id, FULFILMENT_HAND_OVER).await?;
        let fulfilment = &mut order.fulfilments[at];
        let is_right = self.parts.secrets.is_pickup_code(fulfilment.order_id, code);
        if fulfilment.state == FulfilmentState::HandedOver && is_right {
            return Ok(HandOver::Done(Box::new(out(&order, at))));
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
            orders::fulfilment_change_in(tx, fulfilment).await?;
            return Ok(HandOver::Refused {
                tries: tried.tries,
                locked_until: tried.locked_until,
            });
        }
        let fulfilment = step(&mut order, at, FulfilmentState::HandedOver)?;
        let moment = Moment::new(tx.now(), MomentKind::Collected, &ctx.actor)
            .with_text("place", &fulfilment.place_name);
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
        if became == Some(OrderState::Collected) {
            emit(tx, ctx, &OrderCollected::of(&order)).await?;
        }
        Ok(HandOver::Done(Box::new(out(&order, at))))
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
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| deliver_in(tx, &actor, id).await;
        self.parts.db.write_once(ctx, "fulfilment.deliver", unit).await
    }
}

async fn deliver_in(tx: &Tx, ctx: &Ctx, id: FulfilmentId) -> Result<FulfilmentOut> {
    let (mut order, at) = open(tx, ctx, id, FULFILMENT_SHIP).await?;
    if order.fulfilments[at].state == FulfilmentState::Delivered {
        return Ok(out(&order, at));
    }
    step(&mut order, at, FulfilmentState::Delivered)?;
    let moment = Moment::new(tx.now(), MomentKind::Delivered, &ctx.actor);
    let became = advance(tx, &mut order, vec![moment]).await?;
    orders::fulfilment_change_in(tx, &mut order.fulfilments[at]).await?;
    if became == Some(OrderState::Delivered) {
        emit(tx, ctx, &OrderDelivered::of(&order)).await?;
    }
    Ok(out(&order, at))
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

/// Brings the order as far as its slowest fulfilment and writes it; answers the state it newly reached.
pub(crate) async fn advance(tx: &Tx, order: &mut Order, moments: Vec<Moment>) -> Result<Option<OrderState>> {
    let reached = progress(order.fulfilments.iter().map(|f| f.state)).filter(|to| *to != order.head.state);
    // A returned order stays one when its last parcel arrives.
    let reached = reached.filter(|to| order.head.state.exits().contains(to));
    if let Some(to) = reached {
        order.head.state = order.head.state.step(to)?;
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
