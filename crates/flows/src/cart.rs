//! Carts with live prices and live availability.

use std::collections::HashMap;
use std::sync::Arc;

use base::{CartId, Ctx, Currency, Error, MemberId, Money, ProductId, Result, SkuId, Text, Time, codes};
use catalog::SkuSnapshot;
use channels::View;
use db::{Reader, Tx};
use orders::{
    Cart, Channel, Contact, FulfilmentChoice, Line, LineComponent, LineImage, LinePriceOut, PriceStep,
    Totals, Wanted,
};
use serde::{Deserialize, Serialize};
use stock::Available;
use utoipa::ToSchema;
use web::Field;

use crate::Flows;
use crate::ahead::AheadOut;
use crate::channel::seen;
use crate::code::{self, CartCodeOut};
use crate::collect::CollectOffer;
use crate::error::{NOT_FOR_SALE, OTHER_CURRENCY, UNKNOWN_SKU};
use crate::made_of::{Takes, There};
use crate::price::{CartTax, Priced, price_of};

/// The most different SKUs one cart holds.
pub(crate) const MAX_LINES: usize = 100;
/// The most pieces of one SKU.
pub(crate) const MAX_QUANTITY: i64 = 9_999;

/// A new cart.
#[derive(Clone, Debug)]
pub struct CartNew {
    /// Where it is filled.
    pub channel: Channel,
    /// What is wanted; one SKU may be named twice, the sum counts.
    pub lines: Vec<Wanted>,
    /// How it is wanted.
    pub fulfilment: Option<FulfilmentChoice>,
    /// Who to call.
    pub contact: Option<Contact>,
}

/// A change of how and to whom.
#[derive(Clone, Debug, Default)]
pub struct CartChange {
    /// How it is wanted.
    pub fulfilment: Field<FulfilmentChoice>,
    /// Who to call.
    pub contact: Field<Contact>,
    /// The promotion code as it was typed; one a cart.
    pub promotion_code: Field<String>,
    /// The version the caller has read.
    pub if_match: Option<i64>,
}

/// A cart, as sent: with the prices and the availability of this moment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartOut {
    /// Its name.
    pub id: CartId,
    /// Where it was filled.
    pub channel: Channel,
    /// The currency it will be paid in.
    pub currency: Currency,
    /// What is in it.
    pub lines: Vec<CartLineOut>,
    /// How it is wanted.
    pub fulfilment: Option<FulfilmentChoice>,
    /// When all of it can be collected at the place that was chosen; null while none is, or where it cannot.
    #[serde(default)]
    pub collect: Option<CollectOffer>,
    /// Who to call.
    pub contact: Option<Contact>,
    /// The promotion code that was typed, and what became of it.
    pub promotion_code: Option<CartCodeOut>,
    /// Whose it is.
    pub member_id: Option<MemberId>,
    /// The order it became.
    pub order_id: Option<base::OrderId>,
    /// Points it would bring a member.
    pub points_to_earn: i64,
    /// What it costs.
    pub totals: Totals,
    /// Every step from the tariff to what the delivery costs.
    pub shipping_steps: Vec<PriceStep>,
    /// The tax within the total.
    pub tax: CartTax,
    /// Raised by one at every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

impl web::HasVersion for CartOut {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A line of a cart, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CartLine)]
pub struct CartLineOut {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// What it is called.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// Its picture.
    pub image: Option<LineImage>,
    /// How many.
    pub quantity: i64,
    /// What one costs now, before promotions.
    pub unit_price: Money,
    /// What promotions take off the line.
    pub discount: Money,
    /// What the line costs.
    pub total: Money,
    /// How it comes to its price.
    pub price: LinePriceOut,
    /// How many could be had now in the way that is wanted; null when its stock is not counted.
    pub available: Option<i64>,
    /// What of it could be ordered though it is not there yet; null when all of it is there, or cannot be.
    #[serde(default)]
    pub ahead: Option<AheadOut>,
    /// What one of it is made of, when it is a kit.
    #[serde(default)]
    pub components: Vec<LineComponent>,
}

impl CartLineOut {
    /// A priced line, and how many could be had.
    pub(crate) fn new(line: &Line, currency: Currency, available: Option<i64>) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            sku_id: line.sku_id,
            product_id: line.product_id,
            name: line.snapshot.name.clone(),
            option: line.snapshot.option.clone(),
            image: line.snapshot.image.clone(),
            quantity: line.quantity,
            unit_price: money(line.unit_price),
            discount: money(line.discount),
            total: money(line.total),
            price: price_of(line, currency),
            available,
            ahead: None,
            components: line.snapshot.components.clone(),
        }
    }
}

/// The SKUs of a cart as the catalogue has them now.
pub(crate) type Skus = HashMap<SkuId, Arc<SkuSnapshot>>;

/// Sums repeated SKUs and refuses what a cart cannot hold.
pub(crate) fn merged(lines: Vec<Wanted>) -> Result<Vec<Wanted>> {
    let mut out: Vec<Wanted> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.iter_mut().find(|l| l.sku_id == line.sku_id) {
            Some(same) => same.quantity = same.quantity.saturating_add(line.quantity),
            None => out.push(line),
        }
    }
    let too_many = out.iter().position(|l| !(1..=MAX_QUANTITY).contains(&l.quantity));
    match too_many {
        Some(at) => Err(range(&format!("lines[{at}].quantity"), 1, MAX_QUANTITY)),
        None if out.len() > MAX_LINES => Err(range("lines", 0, MAX_LINES as i64)),
        None => Ok(out),
    }
}

pub(crate) fn range(field: &str, min: i64, max: i64) -> Error {
    let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

impl Flows {
    /// Opens a cart; it is the member's who opens it.
    ///
    /// # Errors
    /// `input.invalid` for an unknown SKU or a quantity out of range, `cart.not_for_sale`.
    pub async fn cart_create(&self, ctx: &Ctx, new: CartNew) -> Result<CartOut> {
        let lines = merged(new.lines)?;
        let skus = self.skus(&lines).await?;
        let currency = check_lines(&lines, &skus, None)?;
        let cart = Cart {
            id: CartId::new(),
            channel: new.channel,
            currency,
            member_id: ctx.member_id(),
            lines,
            choice: new.fulfilment,
            contact: new.contact,
            promotion_code: None,
            order_id: None,
            version: 1,
            updated_at: Time::from_micros(0),
        };
        let cart = self
            .parts
            .db
            .write_guarded_once(ctx, "cart.create", async move |tx: &Tx| {
                let cart = Cart {
                    updated_at: tx.now(),
                    ..cart.clone()
                };
                orders::cart_create_in(tx, &cart).await?;
                Ok(cart)
            })
            .await?;
        self.cart_out(ctx, cart, skus, None).await
    }

    /// A cart. One that belongs to a member is there for that member only.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn cart_get(&self, ctx: &Ctx, id: CartId) -> Result<CartOut> {
        let (cart, now) = self.cart_read(ctx, id).await?;
        let skus = self.skus(&cart.lines).await?;
        self.cart_out(ctx, cart, skus, Some(now)).await
    }

    /// A cart and the instant it was read at.
    pub(crate) async fn cart_read(&self, ctx: &Ctx, id: CartId) -> Result<(Cart, Time)> {
        let read = async move |r: &Reader| Ok((orders::cart_get_in(r, id).await?, r.now()));
        let (cart, now) = self.parts.db.read(read).await?;
        may_use(ctx, &cart)?;
        Ok((cart, now))
    }

    /// Wants so many of a SKU; none takes it out.
    ///
    /// # Errors
    /// Those of [`Flows::cart_create`], `not_found`, `cart.already_ordered`.
    pub async fn cart_set_line(&self, ctx: &Ctx, id: CartId, line: Wanted) -> Result<CartOut> {
        if line.quantity != 0 {
            let wanted = merged(vec![line])?;
            let skus = self.skus(&wanted).await?;
            let currency = self.cart_read(ctx, id).await?.0.currency;
            check_lines(&wanted, &skus, Some(currency))?;
        }
        self.cart_edit(ctx, id, "cart.set_line", move |cart| {
            match cart.lines.iter_mut().find(|l| l.sku_id == line.sku_id) {
                Some(same) => same.quantity = line.quantity,
                None => cart.lines.push(line),
            }
            cart.lines.retain(|l| l.quantity != 0);
            if cart.lines.len() > MAX_LINES {
                return Err(range("lines", 0, MAX_LINES as i64));
            }
            Ok(())
        })
        .await
    }

    /// Says how and to whom, and which promotion code was typed.
    ///
    /// # Errors
    /// `not_found`, `cart.already_ordered`, `input.invalid` for a code that is no promotion's.
    pub async fn cart_change(&self, ctx: &Ctx, id: CartId, mut change: CartChange) -> Result<CartOut> {
        if let Field::Value(typed) = &mut change.promotion_code {
            let book = self.parts.pricing.book().await?;
            *typed = code::known(&book, typed)?;
        }
        self.cart_edit(ctx, id, "cart.change", move |cart| {
            let change = change.clone();
            web::IfMatch(change.if_match).check(cart.version)?;
            cart.choice = change.fulfilment.apply(cart.choice.take());
            cart.contact = change.contact.apply(cart.contact.take());
            cart.promotion_code = change.promotion_code.apply(cart.promotion_code.take());
            Ok(())
        })
        .await
    }

    async fn cart_edit(
        &self,
        ctx: &Ctx,
        id: CartId,
        operation: &'static str,
        edit: impl Fn(&mut Cart) -> Result<()> + Send + 'static,
    ) -> Result<CartOut> {
        let actor = ctx.clone();
        let cart = self
            .parts
            .db
            .write_once(ctx, operation, async move |tx: &Tx| {
                let mut cart = orders::cart_get_in(tx, id).await?;
                may_use(&actor, &cart)?;
                edit(&mut cart)?;
                // A guest's cart becomes the member's who goes on with it.
                cart.member_id = cart.member_id.or(actor.member_id());
                orders::cart_change_in(tx, cart).await
            })
            .await?;
        let skus = self.skus(&cart.lines).await?;
        self.cart_out(ctx, cart, skus, None).await
    }

    pub(crate) async fn skus(&self, lines: &[Wanted]) -> Result<Skus> {
        let ids: Vec<SkuId> = lines.iter().map(|l| l.sku_id).collect();
        self.parts.catalog.sku_snapshots(&ids).await
    }

    /// A cart at the prices of an instant; that of its last change when none is given.
    async fn cart_out(&self, ctx: &Ctx, cart: Cart, skus: Skus, now: Option<Time>) -> Result<CartOut> {
        let now = now.unwrap_or(cart.updated_at);
        let Priced {
            lines,
            amounts,
            shipping_steps,
            tax,
            code,
        } = self.priced(ctx, &cart, &skus, now, false).await?;
        let wanted: Vec<Takes> = lines.iter().map(|line| takes(&skus, line.sku_id)).collect();
        let view = self.view(Some(cart.channel)).await?;
        let available = self.available_for(&cart, &wanted, &view).await?;
        let lacking: Vec<(SkuId, i64)> = lines
            .iter()
            .zip(&available)
            .map(|(line, here)| (line.sku_id, here.map_or(0, |here| line.quantity - here)))
            .collect();
        let ahead = self.ahead_of_lines(cart.choice.as_ref(), &lacking, &view).await?;
        let lacks = lacking.iter().any(|(_, quantity)| *quantity > 0);
        let collect = self.collect_of_cart(&cart, &skus, lacks, &view, now).await?;
        let money = |amount| Money::new(amount, cart.currency);
        let lines_out = lines.iter().zip(available);
        let lines_out = lines_out.zip(ahead).map(|((line, here), ahead)| CartLineOut {
            ahead,
            ..CartLineOut::new(line, cart.currency, here)
        });
        Ok(CartOut {
            id: cart.id,
            channel: cart.channel,
            currency: cart.currency,
            lines: lines_out.collect(),
            points_to_earn: loyalty::points_for(money(amounts.goods - amounts.discount)),
            totals: amounts.in_currency(cart.currency),
            shipping_steps,
            tax,
            fulfilment: cart.choice,
            collect,
            contact: cart.contact,
            promotion_code: code.map(|code| code.out(cart.currency)),
            member_id: cart.member_id,
            order_id: cart.order_id,
            version: cart.version,
            updated_at: cart.updated_at,
        })
    }

    /// How many of each line could be had in the way the cart wants it: at the chosen place, from the places that
    /// ship, or, while nothing is chosen, anywhere; as the cart's channel sees it. Of what is not counted nothing is
    /// said.
    async fn available_for(&self, cart: &Cart, wanted: &[Takes], view: &View) -> Result<Vec<Option<i64>>> {
        let mut skus: Vec<SkuId> = wanted.iter().flatten().map(|(sku, _)| *sku).collect();
        skus.sort_unstable();
        skus.dedup();
        if skus.is_empty() {
            return Ok(vec![None; wanted.len()]);
        }
        let book = self.parts.places.book().await?;
        let available = match &cart.choice {
            Some(FulfilmentChoice::Collect { place_id }) if book.get(*place_id).is_none() => Vec::new(),
            Some(FulfilmentChoice::Collect { place_id }) => {
                self.parts.stock.availability_at(&skus, *place_id).await?
            }
            _ => self.parts.stock.availability(&skus).await?,
        };
        let counts = |available: &Available| match (&cart.choice, book.get(available.place_id)) {
            (_, None) => false,
            (Some(FulfilmentChoice::Collect { .. }), Some(_)) => true,
            (Some(FulfilmentChoice::Delivery { .. }), Some(place)) => place.active && ships(place),
            (None, Some(place)) => place.active,
        };
        let counted: Vec<Available> = seen(available, view, &book).into_iter().filter(counts).collect();
        let there = There::new(&counted);
        let here = |takes: &Takes| (!takes.is_empty()).then(|| there.anywhere(takes));
        Ok(wanted.iter().map(here).collect())
    }
}

/// Whether parcels leave from a place.
pub(crate) fn ships(place: &places::Place) -> bool {
    place.offers(places::Service::Ship)
}

/// What one piece of a SKU takes of the stock.
pub(crate) fn takes(skus: &Skus, sku: SkuId) -> Takes {
    skus.get(&sku).map(|sku| sku.takes()).unwrap_or_default()
}

/// A cart that belongs to a member is not there for anybody else.
fn may_use(ctx: &Ctx, cart: &Cart) -> Result<()> {
    if cart.member_id.is_none() || ctx.is_owner(cart.member_id) {
        return Ok(());
    }
    Err(Error::not_found("cart", cart.id))
}

/// Every SKU is known, for sale, and of one currency; answers that currency.
pub(crate) fn check_lines(lines: &[Wanted], skus: &Skus, currency: Option<Currency>) -> Result<Currency> {
    let mut expected = currency;
    for (at, line) in lines.iter().enumerate() {
        let Some(sku) = skus.get(&line.sku_id) else {
            let facts = [("sku_id".to_owned(), line.sku_id.to_string().into())];
            return Err(Error::new(&codes::INVALID_INPUT).and_field(
                format!("lines[{at}].sku_id"),
                &UNKNOWN_SKU,
                facts.into_iter().collect(),
            ));
        };
        if !sku.sellable {
            return Err(Error::new(&NOT_FOR_SALE).with("sku_id", line.sku_id.to_string()));
        }
        let found = sku.price.currency;
        if *expected.get_or_insert(found) != found {
            return Err(Error::new(&OTHER_CURRENCY)
                .with("sku_id", line.sku_id.to_string())
                .with("found", found.as_str())
                .with("expected", expected.unwrap_or(found).as_str()));
        }
    }
    Ok(expected.unwrap_or(Currency::CNY))
}
