//! Writes orders with everything that happened to them: payments, fulfilments, returns, points.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Ctx, Currency, HoldId, Locale, MediaId, Money, Result, Text, Time};
use catalog::media_url;
use db::Tx;
use loyalty::{OrderGoods, PointsImport, import_points_in};
use orders::rules::{Tariff, tax_within};
use orders::{
    Channel, Condition, Contact, DeliveryAddress, FulfilmentState, ImportedOrder, LineImage, Method, Moment,
    MomentKind, OrderNumber, OrderState, Part as OrderPart, Return, ReturnLine, ReturnReason, Snapshot,
    import_orders_in,
};
use payments::{ImportedPayment, ProviderName, payment_import_in};
use places::Place;

use super::{House, Part, Report, ranges, shop};
use crate::chain::{self, Chain, Fulfilment, Order, Outcome};

const ORDERS_A_UNIT: usize = 2_000;
const POINTS_A_UNIT: usize = 5_000;
const CNY: Currency = Currency::CNY;

/// Stock kept for orders that are open, by their position in the chain.
pub(super) type Holds = HashMap<usize, HoldId>;

/// What is the same for every order.
struct Forms {
    chain: Arc<Chain>,
    places: Vec<Place>,
    snapshots: Vec<Snapshot>,
    holds: Holds,
    tariff: Tariff,
}

/// Brings the orders in, with their payments.
pub(super) async fn write_orders(
    house: &House,
    chain: &Arc<Chain>,
    pictures: Vec<Vec<MediaId>>,
    holds: Holds,
    report: Report<'_>,
) -> Result<()> {
    let forms = Forms::new(chain, &pictures, holds)?;
    for range in ranges(chain.orders.len(), ORDERS_A_UNIT) {
        let end = range.end;
        let (mut orders, mut payments) = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
        for index in range.filter(|index| !awaits_payment(&chain.orders[*index])) {
            orders.push(forms.order(index)?);
            payments.extend(forms.payments(&chain.orders[index]));
        }
        house
            .db
            .write(async move |tx: &Tx| {
                import_orders_in(tx, orders.clone()).await?;
                payment_import_in(tx, payments.clone()).await.map(|_| ())
            })
            .await?;
        report(Part::Orders, end, chain.orders.len());
    }
    Ok(())
}

/// An order that waits for money is placed alive, with a hold that runs out, or not at all.
pub(super) fn awaits_payment(order: &Order) -> bool {
    order.state() == chain::OrderState::PendingPayment
}

/// Brings the points of the orders over.
pub(super) async fn write_points(
    house: &House,
    ctx: &Ctx,
    chain: &Arc<Chain>,
    report: Report<'_>,
) -> Result<()> {
    let imports: Vec<PointsImport> = chain
        .orders
        .iter()
        .filter_map(|order| points(chain, order))
        .collect();
    let total = imports.len();
    for range in ranges(total, POINTS_A_UNIT) {
        let end = range.end;
        let (unit, ctx) = (imports[range].to_vec(), ctx.clone());
        house
            .db
            .write(async move |tx: &Tx| import_points_in(tx, &ctx, &unit).await.map(|_| ()))
            .await?;
        report(Part::Points, end, total);
    }
    Ok(())
}

fn points(chain: &Chain, order: &Order) -> Option<PointsImport> {
    let goods = order.goods_minor() - order.discount_minor();
    Some(PointsImport {
        order: OrderGoods {
            order_id: order.id,
            member_id: chain.members[order.member?].id,
            goods: Money::new(goods, CNY),
        },
        earned_at: order.steps.received?,
        returns: order
            .returns
            .iter()
            .map(|goods| (goods.id, goods.refund_minor, goods.at))
            .collect(),
    })
}

impl Forms {
    fn new(chain: &Arc<Chain>, pictures: &[Vec<MediaId>], holds: Holds) -> Result<Self> {
        let places = chain
            .places
            .iter()
            .map(|place| Ok(Place::new(place.id, shop::valid_place(place)?, 1)))
            .collect::<Result<_>>()?;
        let snapshots = chain
            .skus
            .iter()
            .map(|sku| {
                let product = &chain.products[sku.product];
                let picture = product.pictures.first().zip(pictures[sku.product].first());
                Snapshot {
                    name: product.name.clone(),
                    option: sku.option.clone(),
                    image: picture.map(|(picture, id)| LineImage {
                        url: media_url(*id),
                        alt: picture.alt.clone(),
                        width: i64::from(picture.size.0),
                        height: i64::from(picture.size.1),
                    }),
                    barcode: Some(sku.barcode.clone()),
                    price: None,
                    components: Vec::new(),
                }
            })
            .collect();
        Ok(Self {
            chain: Arc::clone(chain),
            places,
            snapshots,
            holds,
            tariff: Tariff::default(),
        })
    }

    fn order(&self, index: usize) -> Result<ImportedOrder> {
        let order = &self.chain.orders[index];
        let place = &self.places[order.place];
        let refunded = order.payments.iter().map(|payment| payment.refunded_minor).sum();
        let (name, phone) = order.contact.clone().unwrap_or_default();
        let delivered = matches!(order.fulfilment, Fulfilment::Delivery { .. });
        Ok(ImportedOrder {
            id: order.id,
            state: state(order.state()),
            channel: channel(order.channel),
            currency: CNY,
            member_id: order.member.map(|member| self.chain.members[member].id),
            address: self.address(order, &name, &phone),
            contact: Contact { name, phone },
            method: if delivered {
                Method::Delivery
            } else {
                Method::Collect
            },
            place_id: (!delivered).then_some(place.id),
            place_name: (!delivered).then(|| place.name.clone()),
            lines: order.lines.iter().map(|line| self.line(line)).collect(),
            shipping: order.shipping_minor,
            tax_included: tax_within(order.total_minor(), self.tariff.tax_basis_points)?,
            refunded,
            fulfilments: self.fulfilment(index)?.into_iter().collect(),
            returns: order
                .returns
                .iter()
                .map(|goods| self.goods_back(order, goods))
                .collect(),
            moments: self.moments(order),
            placed_at: order.placed_at,
        })
    }

    fn line(&self, line: &chain::Line) -> orders::Line {
        let sku = &self.chain.skus[line.sku];
        orders::Line {
            id: line.id,
            sku_id: sku.id,
            product_id: self.chain.products[sku.product].id,
            snapshot: self.snapshots[line.sku].clone(),
            quantity: line.quantity,
            quantity_returned: line.returned,
            quantity_cancelled: 0,
            unit_price: line.unit_minor,
            discount: line.discount_minor,
            total: line.total_minor(),
        }
    }

    fn address(&self, order: &Order, name: &str, phone: &str) -> Option<DeliveryAddress> {
        let Fulfilment::Delivery { address, .. } = &order.fulfilment else {
            return None;
        };
        let english = order
            .member
            .is_some_and(|member| self.chain.members[member].english);
        let locale = if english { Locale::En } else { Locale::Zh };
        let part = |text: &Text| text.get(locale).to_owned();
        Some(DeliveryAddress {
            name: name.to_owned(),
            phone: phone.to_owned(),
            province: part(&address.province),
            city: part(&address.city),
            district: part(&address.district),
            line: part(&address.line),
        })
    }

    /// Who served it; nobody was asked before it was paid.
    fn fulfilment(&self, index: usize) -> Result<Option<orders::Fulfilment>> {
        let order = &self.chain.orders[index];
        let Some(asked) = order.steps.allocated else {
            return Ok(None);
        };
        let place = &self.places[order.place];
        let (carrier, tracking_number) = match &order.fulfilment {
            Fulfilment::Delivery {
                tracking: (carrier, number),
                ..
            } if order.steps.shipped.is_some() => (Some((*carrier).to_owned()), Some(number.clone())),
            _ => (None, None),
        };
        let promised_at = match order.fulfilment {
            Fulfilment::TakeAway => None,
            Fulfilment::Collect => place.ready_at(asked)?,
            Fulfilment::Delivery { .. } => Some(asked.after(DELIVERY_PROMISE)),
        };
        Ok(Some(orders::Fulfilment {
            id: order.fulfilment_id,
            order_id: order.id,
            // The importer writes the number in.
            order_number: OrderNumber::of(order.id, 0),
            method: if matches!(order.fulfilment, Fulfilment::Delivery { .. }) {
                Method::Delivery
            } else {
                Method::Collect
            },
            place_id: place.id,
            place_name: place.name.clone(),
            state: fulfilment_state(order),
            hold_id: self.holds.get(&index).copied(),
            parts: order
                .lines
                .iter()
                .map(|line| OrderPart {
                    order_line_id: line.id,
                    quantity: line.quantity,
                })
                .collect(),
            why_text: None,
            why_of: None,
            why: None,
            promised_at,
            contact_name: order
                .contact
                .as_ref()
                .map(|(name, _)| name.clone())
                .unwrap_or_default(),
            carrier,
            tracking_number,
            code_tries: 0,
            code_locked_until: None,
            pickup_by: None,
            created_at: asked,
            version: 1,
        }))
    }

    fn goods_back(&self, order: &Order, goods: &chain::GoodsReturn) -> Return {
        let place = &self.places[goods.place];
        let lines = goods.lines.iter().map(|line| {
            let sold = &order.lines[line.line];
            ReturnLine {
                order_line_id: sold.id,
                sku_id: self.chain.skus[sold.sku].id,
                name: self.snapshots[sold.sku].name.clone(),
                quantity: line.quantity,
                reason: reason(line.reason),
                condition: match line.condition {
                    chain::Condition::Sellable => Condition::Sellable,
                    chain::Condition::Inspect => Condition::Inspect,
                    chain::Condition::Damaged => Condition::Damaged,
                },
                refund: Money::new(line.refund_minor, CNY),
            }
        });
        Return {
            id: goods.id,
            order_id: order.id,
            order_number: OrderNumber::of(order.id, 0),
            place_id: place.id,
            place_name: place.name.clone(),
            lines: lines.collect(),
            refund: Money::new(goods.refund_minor, CNY),
            exchange: None,
            note: None,
            actor: "system:demo".to_owned(),
            created_at: goods.at,
        }
    }

    /// The story of an order as its timeline tells it.
    fn moments(&self, order: &Order) -> Vec<Moment> {
        let steps = &order.steps;
        let place = &self.places[order.place].name;
        let buyer = order.member.map_or_else(
            || "anonymous".to_owned(),
            |member| self.chain.members[member].id.to_string(),
        );
        let mut moments = vec![Moment::new(order.placed_at, MomentKind::Placed, &buyer)];
        let mut tell = |at: Option<Time>, kind: MomentKind, with: &dyn Fn(Moment) -> Moment| {
            moments.extend(at.map(|at| with(Moment::new(at, kind, "system:demo"))));
        };
        let here = |moment: Moment| moment.with_text("place", place);
        let plain = |moment: Moment| moment;
        for payment in order
            .payments
            .iter()
            .filter(|payment| payment.outcome == Outcome::Declined)
        {
            tell(payment.settled_at, MomentKind::PaymentDeclined, &plain);
        }
        tell(steps.paid, MomentKind::Paid, &plain);
        tell(steps.allocated, MomentKind::Allocated, &here);
        tell(steps.rejected, MomentKind::Rejected, &|moment| {
            here(moment).with_text("reason", &Text::new("货架上没有", "not on the shelf"))
        });
        tell(steps.rejected, MomentKind::NeedsDecision, &|moment| {
            moment.with_text(
                "why",
                &Text::new(
                    "没有其他门店能按时备好全部商品",
                    "no other store can have everything ready in time",
                ),
            )
        });
        tell(steps.ready, MomentKind::Ready, &here);
        match &order.fulfilment {
            Fulfilment::Delivery {
                tracking: (carrier, number),
                ..
            } => {
                tell(steps.shipped, MomentKind::Shipped, &|moment| {
                    moment
                        .with("carrier", *carrier)
                        .with("tracking_number", number.as_str())
                });
                tell(steps.received, MomentKind::Delivered, &plain);
            }
            Fulfilment::Collect | Fulfilment::TakeAway => tell(steps.received, MomentKind::Collected, &here),
        }
        tell(steps.cancelled, MomentKind::Cancelled, &plain);
        tell(steps.expired, MomentKind::Expired, &plain);
        for goods in &order.returns {
            let back = &self.places[goods.place].name;
            let amount = Money::new(goods.refund_minor, CNY).to_string();
            tell(Some(goods.at), MomentKind::Returned, &|moment| {
                moment.with_text("place", back)
            });
            tell(Some(goods.at), MomentKind::Refunded, &|moment| {
                moment.with("amount", amount.as_str())
            });
        }
        tell(steps.closed, MomentKind::Closed, &plain);
        moments
    }

    /// The payments that moved money.
    fn payments(&self, order: &Order) -> Vec<ImportedPayment> {
        let captured = order
            .payments
            .iter()
            .filter(|payment| payment.outcome == Outcome::Captured);
        captured
            .map(|payment| ImportedPayment {
                id: payment.id,
                order_id: order.id,
                provider: if payment.in_store {
                    ProviderName::Cash
                } else {
                    ProviderName::Sandbox
                },
                amount: Money::new(payment.amount_minor, CNY),
                refunded_minor: payment.refunded_minor,
                paid_at: payment.settled_at.unwrap_or(payment.created_at),
            })
            .collect()
    }
}

/// What a parcel is promised in.
const DELIVERY_PROMISE: std::time::Duration = std::time::Duration::from_secs(3 * 24 * 60 * 60);

fn state(state: chain::OrderState) -> OrderState {
    use chain::OrderState as From;
    match state {
        From::PendingPayment => OrderState::PendingPayment,
        From::Allocated => OrderState::Allocated,
        From::Ready => OrderState::Ready,
        From::Shipped => OrderState::Shipped,
        From::Collected => OrderState::Collected,
        From::Delivered => OrderState::Delivered,
        From::Closed => OrderState::Closed,
        From::Cancelled => OrderState::Cancelled,
        From::Expired => OrderState::Expired,
        From::NeedsDecision => OrderState::NeedsDecision,
        From::Returned => OrderState::Returned,
        From::PartlyReturned => OrderState::PartlyReturned,
    }
}

fn fulfilment_state(order: &Order) -> FulfilmentState {
    let steps = &order.steps;
    let delivered = matches!(order.fulfilment, Fulfilment::Delivery { .. });
    if steps.cancelled.is_some() {
        FulfilmentState::Cancelled
    } else if steps.rejected.is_some() {
        FulfilmentState::Rejected
    } else if steps.received.is_some() {
        if delivered {
            FulfilmentState::Delivered
        } else {
            FulfilmentState::HandedOver
        }
    } else if steps.shipped.is_some() {
        FulfilmentState::Shipped
    } else if steps.ready.is_some() {
        FulfilmentState::Ready
    } else {
        FulfilmentState::Requested
    }
}

pub(super) fn channel(name: &str) -> Channel {
    Channel::ALL
        .into_iter()
        .find(|channel| channel.as_str() == name)
        .unwrap_or(Channel::Web)
}

fn reason(name: &str) -> ReturnReason {
    match name {
        "defective" => ReturnReason::Defective,
        "wrong_item" => ReturnReason::WrongItem,
        "not_as_described" => ReturnReason::NotAsDescribed,
        "changed_mind" => ReturnReason::ChangedMind,
        "damaged_in_transit" => ReturnReason::DamagedInTransit,
        _ => ReturnReason::Other,
    }
}
