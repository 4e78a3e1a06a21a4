//! What a cart would cost and why: for people who set prices, before customers see them.

use base::{
    Ctx, Currency, Error, Money, PlaceId, ProductId, PromotionId, Resource, Result, SkuId, Text, Time, codes,
};
use orders::{Channel, LineImage, LinePriceOut, PriceStep, Totals, Wanted};
use pricing::rules::{Buyer, quote};
use pricing::{BuyerTier, PRICE_READ, Promotion, ValidPromotion};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Flows;
use crate::cart::check_lines;
use crate::price::{CartTax, Priced, charges, price_of, sold_in, wish};

/// A cart somebody imagines.
#[derive(Clone, Debug)]
pub struct PreviewAsk {
    /// Where it is filled.
    pub channel: Channel,
    /// The place that sells it or hands it over.
    pub place_id: Option<PlaceId>,
    /// The buyer's tier; none for somebody who is not signed in.
    pub tier: Option<BuyerTier>,
    /// Whether it is delivered.
    pub is_delivered: bool,
    /// When; now when absent.
    pub at: Option<Time>,
    /// The promotion code that is typed.
    pub promotion_code: Option<String>,
    /// What is in it.
    pub lines: Vec<Wanted>,
    /// A promotion not saved yet, with the identifier of the one it would replace.
    pub draft: Option<(Option<PromotionId>, ValidPromotion)>,
}

/// What an imagined cart costs and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PricePreview)]
pub struct PreviewOut {
    /// The instant it was priced for.
    pub at: Time,
    /// The currency of every amount.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<PreviewLine>,
    /// What it costs.
    pub totals: Totals,
    /// Every step from the tariff to what the delivery costs.
    pub shipping_steps: Vec<PriceStep>,
    /// The tax within the total.
    pub tax: CartTax,
    /// What became of every promotion, in the order they were looked at.
    pub promotions: Vec<PromotionVerdict>,
}

/// A line of an imagined cart.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PricePreviewLine)]
pub struct PreviewLine {
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
    /// What one costs, before promotions.
    pub unit_price: Money,
    /// What promotions take off the line.
    pub discount: Money,
    /// What the line costs.
    pub total: Money,
    /// How it comes to its price.
    pub price: LinePriceOut,
}

/// What became of a promotion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromotionVerdict {
    /// Which.
    pub promotion_id: PromotionId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What it took off.
    pub off: Money,
    /// Why so much, or why nothing.
    pub why: Text,
}

impl Flows {
    /// What a cart would cost and why.
    ///
    /// # Errors
    /// `access.*` without `price.read`; those of [`Flows::cart_create`].
    pub async fn price_preview(&self, ctx: &Ctx, ask: PreviewAsk) -> Result<PreviewOut> {
        ctx.require(PRICE_READ, &Resource::Chain)?;
        let skus = self.skus(&ask.lines).await?;
        let currency = check_lines(&ask.lines, &skus, None)?;
        let at = match ask.at {
            Some(at) => at,
            None => self.parts.db.now().await?,
        };
        let saved = self.parts.pricing.book().await?;
        let book = ask.draft.map(|(id, draft)| {
            let id = id.unwrap_or_default();
            saved.with(Promotion::build(id, draft.details(), 1, at))
        });
        let book = book.as_ref().unwrap_or(&saved);
        let buyer = Buyer {
            channel: sold_in(ask.channel),
            place_id: ask.place_id,
            tier: ask.tier,
            regions: self.regions(book, ask.place_id, Vec::new()).await?,
            code: ask.promotion_code,
            currency,
            at,
        };
        let mut wanted = Vec::with_capacity(ask.lines.len());
        let mut wishes = Vec::with_capacity(ask.lines.len());
        for line in &ask.lines {
            let sku = skus
                .get(&line.sku_id)
                .ok_or_else(|| Error::new(&codes::INVALID_INPUT))?;
            wishes.push(wish(sku, line.quantity));
            wanted.push(sku);
        }
        let quote = quote(
            book,
            &buyer,
            &wishes,
            &charges(&self.parts.tariff, ask.is_delivered),
        )?;
        let promotions = quote.verdicts.iter().map(|verdict| PromotionVerdict {
            promotion_id: verdict.promotion_id,
            code: verdict.code.clone(),
            name: verdict.name.clone(),
            off: Money::new(verdict.off, currency),
            why: verdict.why.clone(),
        });
        let promotions = promotions.collect();
        let priced = Priced::new(&quote, &wanted, currency);
        Ok(PreviewOut {
            at,
            currency,
            lines: priced
                .lines
                .iter()
                .map(|line| preview_line(line, currency))
                .collect(),
            totals: priced.amounts.in_currency(currency),
            shipping_steps: priced.shipping_steps,
            tax: priced.tax,
            promotions,
        })
    }
}

fn preview_line(line: &orders::Line, currency: Currency) -> PreviewLine {
    let money = |amount| Money::new(amount, currency);
    PreviewLine {
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
    }
}
