//! What a cart costs and why: the price book over the catalogue's prices, in the order book's words.

use std::sync::Arc;

use base::{Ctx, Currency, Error, MemberId, Money, OrderLineId, PlaceId, Result, Time};
use catalog::SkuSnapshot;
use db::Reader;
use loyalty::Tier;
use orders::rules::Tariff;
use orders::{
    Amounts, Cart, Channel, FulfilmentChoice, Line, LineImage, LinePrice, LinePriceOut, Method, PriceCause,
    PriceStep, Snapshot,
};
use pricing::rules::{Buyer, Cause, Charges, PriceBook, Quote, QuoteLine, Step, Wish, quote};
use pricing::{BuyerTier, SalesChannel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::Skus;
use crate::code::CodeVerdict;
use crate::error::NOT_FOR_SALE;
use crate::made_of;

/// A cart with its prices, ready to become an order.
pub(crate) struct Priced {
    pub(crate) lines: Vec<Line>,
    pub(crate) amounts: Amounts,
    pub(crate) shipping_steps: Vec<PriceStep>,
    pub(crate) tax: CartTax,
    /// What became of the code that was typed, if any was.
    pub(crate) code: Option<CodeVerdict>,
}

impl Priced {
    /// What a quote comes to for the SKUs it was asked for, in their order.
    pub(crate) fn new(quote: &Quote, skus: &[&Arc<SkuSnapshot>], currency: Currency) -> Self {
        let lines = quote.lines.iter().zip(skus);
        Self {
            lines: lines.map(|(line, sku)| order_line(line, sku, currency)).collect(),
            amounts: Amounts {
                goods: quote.goods,
                discount: quote.discount,
                shipping: quote.shipping,
                tax_included: quote.tax,
                total: quote.total,
            },
            shipping_steps: steps(&quote.shipping_steps, currency),
            tax: CartTax::new(quote, currency),
            code: None,
        }
    }
}

/// The tax of a cart, as sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CartTax {
    /// Whether the channel shows the tax apart from the prices. What is paid is the same.
    pub shown_apart: bool,
    /// By rate, rising; delivery included.
    pub rates: Vec<CartTaxRate>,
}

/// The tax of one rate, as sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CartTaxRate {
    /// The rate, in hundredths of a percent.
    pub basis_points: i64,
    /// What is paid at this rate, without the tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

impl CartTax {
    fn new(quote: &Quote, currency: Currency) -> Self {
        let rates = quote.tax_parts.iter().map(|part| CartTaxRate {
            basis_points: part.basis_points,
            net: Money::new(part.gross - part.tax, currency),
            tax: Money::new(part.tax, currency),
        });
        Self {
            shown_apart: quote.tax_apart,
            rates: rates.collect(),
        }
    }
}

/// The words of a step, as the order book keeps them.
fn steps(steps: &[Step], currency: Currency) -> Vec<PriceStep> {
    let kept = steps.iter().map(|step| PriceStep {
        cause: match step.cause {
            Cause::List(_) => PriceCause::List,
            Cause::Promotion(_) => PriceCause::Promotion,
        },
        code: step.code.clone(),
        name: step.name.clone(),
        why: step.why.clone(),
        amount: Money::new(step.amount, currency),
    });
    kept.collect()
}

/// The channel in the words of prices.
pub(crate) const fn sold_in(channel: Channel) -> SalesChannel {
    match channel {
        Channel::Web => SalesChannel::Web,
        Channel::App => SalesChannel::App,
        Channel::MiniProgram => SalesChannel::MiniProgram,
        Channel::Store => SalesChannel::Store,
        Channel::Pos => SalesChannel::Pos,
        Channel::Marketplace => SalesChannel::Marketplace,
    }
}

const fn standing(tier: Tier) -> BuyerTier {
    match tier {
        Tier::Member => BuyerTier::Member,
        Tier::Silver => BuyerTier::Silver,
        Tier::Gold => BuyerTier::Gold,
        Tier::Platinum => BuyerTier::Platinum,
    }
}

/// What the chain charges where no rule says otherwise.
pub(crate) const fn charges(tariff: &Tariff, is_delivered: bool) -> Charges {
    Charges {
        shipping: if is_delivered { tariff.shipping } else { 0 },
        free_shipping_from: tariff.free_shipping_from,
        tax_basis_points: tariff.tax_basis_points,
    }
}

/// A SKU and how many of it, as prices are asked for.
pub(crate) fn wish(sku: &SkuSnapshot, quantity: i64) -> Wish {
    Wish {
        sku_id: sku.sku_id,
        product_id: sku.product_id,
        category_id: sku.category_id,
        quantity,
        list_price: sku.price.amount_minor,
    }
}

impl Flows {
    /// Prices what a cart wants at the prices of this moment. `strict` refuses what is not for sale; otherwise it
    /// is left out, so that a cart can still be shown. Where no price depends on the buyer, nothing is read.
    pub(crate) async fn priced(
        &self,
        ctx: &Ctx,
        cart: &Cart,
        skus: &Skus,
        now: Time,
        strict: bool,
    ) -> Result<Priced> {
        let mut wanted: Vec<&Arc<SkuSnapshot>> = Vec::with_capacity(cart.lines.len());
        let mut wishes = Vec::with_capacity(cart.lines.len());
        for line in &cart.lines {
            match skus.get(&line.sku_id).filter(|sku| sku.sellable || !strict) {
                Some(sku) => {
                    wishes.push(wish(sku, line.quantity));
                    wanted.push(sku);
                }
                None if strict => {
                    return Err(Error::new(&NOT_FOR_SALE).with("sku_id", line.sku_id.to_string()));
                }
                None => {}
            }
        }
        let book = self.parts.pricing.book().await?;
        let mut buyer = self.buyer(ctx, &book, cart, now).await?;
        let refused = self.code_refusal(ctx, &book, cart, strict).await?;
        if refused.is_some() {
            buyer.code = None;
        }
        let is_delivered = cart
            .choice
            .as_ref()
            .is_some_and(|choice| choice.method() == Method::Delivery);
        let charges = charges(&self.parts.tariff, is_delivered && !wishes.is_empty());
        let quote = quote(&book, &buyer, &wishes, &charges)?;
        let typed = cart.promotion_code.as_deref();
        let code = refused.or_else(|| typed.map(|code| CodeVerdict::of(code, &book, &quote)));
        let priced = Priced::new(&quote, &wanted, cart.currency);
        Ok(Priced { code, ..priced })
    }

    async fn buyer(&self, ctx: &Ctx, book: &PriceBook, cart: &Cart, now: Time) -> Result<Buyer> {
        let (place_id, address) = match &cart.choice {
            Some(FulfilmentChoice::Collect { place_id }) => (Some(*place_id), Vec::new()),
            Some(FulfilmentChoice::Delivery { address }) => {
                (None, vec![address.province.clone(), address.city.clone()])
            }
            None => (None, Vec::new()),
        };
        let member = cart.member_id.or(ctx.member_id());
        Ok(Buyer {
            channel: sold_in(cart.channel),
            place_id,
            tier: self.tier_of(book, member).await?,
            regions: self.regions(book, place_id, address).await?,
            code: cart.promotion_code.clone(),
            currency: cart.currency,
            at: now,
        })
    }

    /// A member's tier, where any price asks for it.
    async fn tier_of(&self, book: &PriceBook, member: Option<MemberId>) -> Result<Option<BuyerTier>> {
        let Some(member) = member.filter(|_| book.asks_for_tier()) else {
            return Ok(None);
        };
        let read = async move |r: &Reader| loyalty::standings_in(r, &[member]).await;
        let found = self.parts.db.read(read).await?;
        Ok(Some(standing(
            found.get(&member).map(|found| found.tier).unwrap_or_default(),
        )))
    }

    /// Where tax is due, where any rate asks for it.
    pub(crate) async fn regions(
        &self,
        book: &PriceBook,
        place: Option<PlaceId>,
        address: Vec<String>,
    ) -> Result<Vec<String>> {
        let Some(place) = place.filter(|_| book.asks_for_region()) else {
            return Ok(address);
        };
        let places = self.parts.places.book().await?;
        Ok(places
            .get(place)
            .map(|place| place.region.clone())
            .into_iter()
            .collect())
    }
}

/// How a line came to its price; a line priced here always says so.
pub(crate) fn price_of(line: &Line, currency: Currency) -> LinePriceOut {
    let price = line
        .snapshot
        .price
        .as_ref()
        .map(|price| price.in_currency(currency));
    price.unwrap_or_else(|| LinePriceOut {
        list_price: Money::new(line.unit_price, currency),
        tax: Money::zero(currency),
        tax_basis_points: 0,
        steps: Vec::new(),
    })
}

/// What an order keeps of a priced SKU.
fn order_line(line: &QuoteLine, sku: &SkuSnapshot, currency: Currency) -> Line {
    Line {
        id: OrderLineId::new(),
        sku_id: sku.sku_id,
        product_id: sku.product_id,
        snapshot: Snapshot {
            name: sku.name.clone(),
            option: sku.option.clone(),
            image: sku.image.as_ref().map(|image| LineImage {
                url: image.url.clone(),
                alt: image.alt.clone(),
                width: image.width,
                height: image.height,
            }),
            barcode: sku.barcode.clone(),
            price: Some(LinePrice {
                list_price: line.list_price,
                tax: line.tax,
                tax_basis_points: line.tax_basis_points,
                steps: steps(&line.steps, currency),
            }),
            components: made_of::kept(sku),
        },
        quantity: line.quantity,
        quantity_returned: 0,
        quantity_cancelled: 0,
        unit_price: line.unit_price,
        discount: line.discount,
        total: line.total,
    }
}
