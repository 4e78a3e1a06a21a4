//! Orders with their returns and payments.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use base::{Money, OrderId, OrderLineId, PlaceId, Result, Text, Time};
use db::Tx;
use orders::{
    Channel, Condition, Contact, DeliveryAddress, Fulfilment, FulfilmentState, ImportedOrder, Line, Method,
    Moment, MomentKind, OrderNumber, OrderState, Part, Return, ReturnLine, ReturnReason, Snapshot,
    import_orders_in,
};
use payments::{ImportedPayment, ProviderName, payment_import_in};

use super::{Landing, Scribe, SkuTarget, Targets};
use crate::assemble::Assembly;
use crate::docs::{LineDoc, OrderDoc, ReturnDoc};

/// Orders of one unit of work.
const BATCH_ORDERS: usize = 400;

/// Everything the units of this stage read.
struct Book {
    assembly: Arc<Assembly>,
    /// Returns of each order, by its index.
    returns: HashMap<usize, Vec<usize>>,
    todo: Vec<usize>,
    skus: Vec<Option<SkuTarget>>,
    members: Vec<Option<base::MemberId>>,
    places: HashMap<String, (PlaceId, Text)>,
    usual_place: Option<String>,
    currency: base::Currency,
    scribe: Scribe,
}

impl Landing {
    pub(super) async fn orders(&mut self) -> Result<()> {
        let known = self.known("order").await?;
        let assembly = Arc::clone(&self.assembly);
        let mut returns: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, doc) in assembly.returns.iter().enumerate() {
            if let Some(order) = doc.order {
                returns.entry(order).or_default().push(at);
            }
        }
        let todo: Vec<usize> = (0..assembly.orders.len())
            .filter(|&at| !known.contains_key(&assembly.orders[at].key))
            .collect();
        let there = assembly.orders.len() - todo.len();
        let Targets {
            skus,
            members,
            places,
            ..
        } = &self.targets;
        let book = Arc::new(Book {
            returns,
            todo,
            skus: skus.clone(),
            members: members.clone(),
            places: places.clone(),
            usual_place: self.mapping.place.as_ref().map(|p| p.key.clone()),
            currency: self.mapping.currency,
            scribe: self.scribe(),
            assembly: Arc::clone(&assembly),
        });
        let (db, shared) = (self.db.clone(), Arc::clone(&book));
        let write = async move |range: Range<usize>| {
            let book = Arc::clone(&shared);
            db.write(async move |tx: &Tx| {
                let mut imports = Vec::with_capacity(range.len());
                let mut paid = Vec::new();
                let mut refs = Vec::with_capacity(range.len());
                for &at in &book.todo[range.clone()] {
                    let doc = &book.assembly.orders[at];
                    let id: OrderId = book.scribe.made("order", &doc.key, Some(doc.placed_at));
                    paid.extend(book.payments(doc, id));
                    imports.push(book.order(at, doc, id)?);
                    refs.push((doc.key.clone(), id.to_string()));
                }
                import_orders_in(tx, imports).await?;
                payment_import_in(tx, paid).await?;
                book.scribe.note(tx, "order", &refs).await
            })
            .await
        };
        let usual = self.batch;
        self.batch = usual.min(BATCH_ORDERS);
        let blame = |at: usize| {
            let doc = &assembly.orders[book.todo[at]];
            (Some(doc.found.clone()), doc.key.clone())
        };
        self.stage("orders", there, book.todo.len(), write, blame).await?;
        self.batch = usual;
        self.targets.orders = super::catalogue::parsed(self.known("order").await?);
        Ok(())
    }
}

impl Book {
    fn place(&self, key: Option<&String>) -> Option<&(PlaceId, Text)> {
        self.places.get(key.or(self.usual_place.as_ref())?)
    }

    fn sku(&self, at: usize) -> Result<&SkuTarget> {
        self.skus.get(at).and_then(Option::as_ref).ok_or_else(|| {
            let key = self.assembly.skus.get(at).map_or("", |s| s.key.as_str());
            base::Error::not_found("sku", key)
        })
    }

    fn order(&self, at: usize, doc: &OrderDoc, id: OrderId) -> Result<ImportedOrder> {
        let cancelled = doc.state == "cancelled";
        let mut lines = Vec::with_capacity(doc.lines.len());
        for (position, line) in doc.lines.iter().enumerate() {
            lines.push(self.line(doc, position, line, cancelled)?);
        }
        let returns = self.returns.get(&at).map_or(&[][..], Vec::as_slice);
        let returns: Vec<Return> = returns
            .iter()
            .map(|&r| self.take_back(&self.assembly.returns[r], doc, id))
            .collect::<Result<_>>()?;
        let state = state(doc, !returns.is_empty());
        let place = self.place(doc.place.as_ref());
        let back: i64 = returns.iter().map(|r| r.refund.amount_minor).sum();
        let refunded: i64 = doc.payments.iter().map(|p| p.refunded_minor).sum();
        let contact = Contact {
            name: doc.contact_name.clone().unwrap_or_default(),
            phone: doc.contact_phone.clone().unwrap_or_default(),
        };
        Ok(ImportedOrder {
            id,
            state,
            channel: channel(&doc.channel),
            currency: self.currency,
            member_id: doc.member.and_then(|m| self.members.get(m).copied().flatten()),
            address: address(doc, &contact),
            contact,
            method: Method::Delivery,
            place_id: place.map(|p| p.0),
            place_name: place.map(|p| p.1.clone()),
            fulfilments: self.fulfilment(doc, id, &lines).into_iter().collect(),
            moments: moments(doc, &returns, refunded, self.currency),
            lines,
            shipping: doc.shipping_minor,
            tax_included: 0,
            refunded: back.max(refunded).min(doc.total_minor).max(0),
            returns,
            placed_at: doc.placed_at,
        })
    }

    fn line_id(&self, order: &OrderDoc, position: usize) -> OrderLineId {
        self.scribe.made(
            "line",
            &format!("{}#{position}", order.key),
            Some(order.placed_at),
        )
    }

    fn line(&self, order: &OrderDoc, position: usize, doc: &LineDoc, cancelled: bool) -> Result<Line> {
        let sku = self.sku(doc.sku)?;
        Ok(Line {
            id: self.line_id(order, position),
            sku_id: sku.id,
            product_id: sku.product,
            snapshot: Snapshot {
                name: sku.name.clone(),
                option: sku.option.clone(),
                image: None,
                barcode: None,
                price: None,
                components: Vec::new(),
            },
            quantity: doc.quantity,
            quantity_returned: doc.returned,
            quantity_cancelled: if cancelled { doc.quantity - doc.returned } else { 0 },
            unit_price: doc.unit_minor,
            discount: doc.discount_minor,
            total: doc.total_minor(),
        })
    }

    fn take_back(&self, doc: &ReturnDoc, order: &OrderDoc, order_id: OrderId) -> Result<Return> {
        let (place_id, place_name) = self
            .place(doc.place.as_ref().or(order.place.as_ref()))
            .cloned()
            .ok_or_else(|| base::Error::not_found("place", doc.place.as_deref().unwrap_or_default()))?;
        let mut lines = Vec::with_capacity(doc.lines.len());
        for line in &doc.lines {
            let sku = self.sku(line.sku)?;
            lines.push(ReturnLine {
                order_line_id: self.line_id(order, line.line.unwrap_or_default()),
                sku_id: sku.id,
                name: sku.name.clone(),
                quantity: line.quantity,
                reason: ReturnReason::Other,
                condition: Condition::Sellable,
                refund: Money::new(line.refund_minor, self.currency),
            });
        }
        let refund = Money::sum(self.currency, lines.iter().map(|l| l.refund))?;
        Ok(Return {
            id: self.scribe.made("return", &doc.key, Some(doc.at)),
            order_id,
            order_number: OrderNumber::of(order_id, 0),
            place_id,
            place_name,
            lines,
            refund,
            exchange: None,
            note: Some(doc.key.clone()),
            actor: "system:import".into(),
            created_at: doc.at,
        })
    }

    fn payments(&self, doc: &OrderDoc, order_id: OrderId) -> Vec<ImportedPayment> {
        let payment = |p: &crate::docs::PaymentDoc| ImportedPayment {
            id: self
                .scribe
                .made("payment", &format!("{}#{}", doc.key, p.key), Some(p.at)),
            order_id,
            provider: ProviderName::External,
            amount: Money::new(p.amount_minor, self.currency),
            refunded_minor: p.refunded_minor,
            paid_at: p.at,
        };
        doc.payments.iter().map(payment).collect()
    }

    /// Who served it, where the source says when it left, arrived or was promised.
    fn fulfilment(&self, doc: &OrderDoc, order_id: OrderId, lines: &[Line]) -> Option<Fulfilment> {
        let state = match (doc.state.as_str(), doc.delivered_at, doc.shipped_at) {
            ("cancelled" | "expired" | "paid", ..) => return None,
            (_, Some(_), _) => FulfilmentState::Delivered,
            (_, None, Some(_)) => FulfilmentState::Shipped,
            (_, None, None) => return None,
        };
        let (place_id, place_name) = self.place(doc.place.as_ref())?.clone();
        Some(Fulfilment {
            id: self.scribe.made("fulfilment", &doc.key, Some(doc.placed_at)),
            order_id,
            order_number: OrderNumber::of(order_id, 0),
            method: Method::Delivery,
            place_id,
            place_name,
            state,
            hold_id: None,
            parts: lines
                .iter()
                .map(|l| Part {
                    order_line_id: l.id,
                    quantity: l.quantity,
                })
                .collect(),
            why_text: None,
            why_of: None,
            why: None,
            promised_at: doc.promised_at,
            contact_name: doc.contact_name.clone().unwrap_or_default(),
            carrier: None,
            tracking_number: None,
            code_tries: 0,
            code_locked_until: None,
            pickup_by: None,
            created_at: doc.placed_at,
            version: 1,
        })
    }
}

fn channel(name: &str) -> Channel {
    Channel::ALL
        .into_iter()
        .find(|c| c.as_str() == name)
        .unwrap_or(Channel::Web)
}

fn state(doc: &OrderDoc, came_back: bool) -> OrderState {
    let all_back = doc.lines.iter().all(|l| l.returned == l.quantity);
    match doc.state.as_str() {
        "cancelled" => OrderState::Cancelled,
        "expired" => OrderState::Expired,
        _ if came_back && all_back => OrderState::Returned,
        _ if came_back => OrderState::PartlyReturned,
        "paid" => OrderState::Paid,
        "shipped" => OrderState::Shipped,
        "delivered" => OrderState::Delivered,
        _ => OrderState::Closed,
    }
}

fn address(doc: &OrderDoc, contact: &Contact) -> Option<DeliveryAddress> {
    let [country, province, city, line] = &doc.address;
    if doc.address.iter().all(String::is_empty) {
        return None;
    }
    Some(DeliveryAddress {
        name: contact.name.clone(),
        phone: contact.phone.clone(),
        province: if province.is_empty() {
            country.clone()
        } else {
            province.clone()
        },
        city: city.clone(),
        district: String::new(),
        line: line.clone(),
    })
}

fn moments(doc: &OrderDoc, returns: &[Return], refunded: i64, currency: base::Currency) -> Vec<Moment> {
    let moment = |at: Time, kind| Moment::new(at, kind, "system:import");
    let mut moments = vec![moment(doc.placed_at, MomentKind::Placed)];
    let mut then = |at: Option<Time>, kind| moments.extend(at.map(|at| moment(at, kind)));
    then(doc.paid_at, MomentKind::Paid);
    then(doc.shipped_at, MomentKind::Shipped);
    then(doc.delivered_at, MomentKind::Delivered);
    match doc.state.as_str() {
        "cancelled" => then(
            doc.cancelled_at.or(doc.paid_at).or(Some(doc.placed_at)),
            MomentKind::Cancelled,
        ),
        "expired" => then(Some(doc.placed_at), MomentKind::Expired),
        _ => {}
    }
    for document in returns {
        moments
            .push(moment(document.created_at, MomentKind::Returned).with_text("place", &document.place_name));
    }
    if refunded > 0 {
        let at = doc.payments.iter().map(|p| p.at).max().unwrap_or(doc.placed_at);
        let amount = Money::new(refunded, currency).to_string();
        moments.push(moment(at, MomentKind::Refunded).with("amount", amount));
    }
    moments.sort_by_key(|m| m.at);
    moments
}
