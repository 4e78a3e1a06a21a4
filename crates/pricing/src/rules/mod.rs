//! What a cart costs and why: pure decisions over a [`PriceBook`].
//!
//! In this order:
//!
//! 1. **The price of a piece.** Of the price lists that apply (currency, time, channel, place, tier) and name the
//!    SKU, the most specific counts: one for places before one for tiers before one for channels before one for
//!    everybody. Among equally specific ones the lowest price counts. Within a list the highest quantity break
//!    that is reached counts. Without any, the catalogue's price stands.
//! 2. **Promotions on goods**, the highest priority first, equal ones by code. Each sees what the ones before it
//!    left. One that does not stack takes no line another has touched, and nobody touches its lines after it. Of a
//!    group at most one applies: the first that takes anything off.
//! 3. **The delivery**: free from the threshold on, measured after the promotions; else by the first promotion
//!    that makes it free.
//! 4. **Tax**, within the price, by rate over the sum of all goods of that rate.
//!
//! Every sum taken off is spread over its lines by largest remainder, in proportion to what they cost at that
//! moment; ties go to the earlier line, so the same cart always gives the same answer. No line goes below zero.

mod lists;
mod promotions;
mod tax;
pub(crate) mod words;

use std::collections::HashMap;

use base::codes;
use base::{
    CategoryId, Currency, Error, PlaceId, PriceListId, ProductId, PromotionId, Result, SkuId, Text, Time,
};

use crate::model::{Audience, BuyerTier, Entry, PriceList, PriceSettings, Promotion, SalesChannel};

/// How deep a tree of categories may be.
const MAX_DEPTH: usize = 32;

/// Everything that prices are decided by, in memory.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    pub(crate) lists: Vec<PriceList>,
    /// Places in `lists` with the prices there, by SKU.
    pub(crate) entries: HashMap<SkuId, Vec<(usize, Entry)>>,
    /// In the order they are applied.
    pub(crate) promotions: Vec<Promotion>,
    pub(crate) settings: PriceSettings,
    pub(crate) parents: HashMap<CategoryId, CategoryId>,
}

impl PriceBook {
    /// A book. `parents` names the category above each category that has one.
    #[must_use]
    pub fn new(
        lists: Vec<(PriceList, Vec<Entry>)>,
        mut promotions: Vec<Promotion>,
        settings: PriceSettings,
        parents: HashMap<CategoryId, CategoryId>,
    ) -> Self {
        promotions.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.code.cmp(&b.code)));
        let mut entries: HashMap<SkuId, Vec<(usize, Entry)>> = HashMap::new();
        let mut heads = Vec::with_capacity(lists.len());
        for (list, prices) in lists {
            for entry in prices {
                entries
                    .entry(entry.sku_id)
                    .or_default()
                    .push((heads.len(), entry));
            }
            heads.push(list);
        }
        Self {
            lists: heads,
            entries,
            promotions,
            settings,
            parents,
        }
    }

    /// Whether any price depends on who buys.
    #[must_use]
    pub fn asks_for_tier(&self) -> bool {
        let lists = self.lists.iter().map(|list| &list.audience);
        let promotions = self.promotions.iter().map(|promotion| &promotion.audience);
        lists.chain(promotions).any(|audience| !audience.tiers.is_empty())
    }

    /// Whether any rate depends on where tax is due.
    #[must_use]
    pub fn asks_for_region(&self) -> bool {
        self.settings.tax_rules.iter().any(|rule| rule.region.is_some())
    }

    /// The promotion a typed code is for.
    #[must_use]
    pub fn promotion_of(&self, typed: &str) -> Option<&Promotion> {
        let asks = |promotion: &&Promotion| {
            let code = promotion.typed_code.as_ref();
            code.is_some_and(|code| code.code == typed)
        };
        self.promotions.iter().find(asks)
    }

    /// What holds for all prices.
    #[must_use]
    pub const fn settings(&self) -> &PriceSettings {
        &self.settings
    }

    /// The same book as it would be with a promotion in place of the one of that identifier, or added to it.
    #[must_use]
    pub fn with(&self, promotion: Promotion) -> Self {
        let mut book = self.clone();
        book.promotions.retain(|other| other.id != promotion.id);
        book.promotions.push(promotion);
        book.promotions
            .sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.code.cmp(&b.code)));
        book
    }

    /// A category and all above it.
    pub(crate) fn line_of(&self, category: CategoryId) -> impl Iterator<Item = CategoryId> {
        std::iter::successors(Some(category), |at| self.parents.get(at).copied()).take(MAX_DEPTH)
    }
}

/// Who buys, where, when and how.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// Where it is sold.
    pub channel: SalesChannel,
    /// The place that sells it or hands it over, when there is one.
    pub place_id: Option<PlaceId>,
    /// The buyer's standing; none for somebody who is not signed in.
    pub tier: Option<BuyerTier>,
    /// The region of the place, or the province and city of the address.
    pub regions: Vec<String>,
    /// The code the buyer typed, in its one form.
    pub code: Option<String>,
    /// The currency of the cart.
    pub currency: Currency,
    /// The instant prices are asked for.
    pub at: Time,
}

/// What the chain charges where no rule says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Charges {
    /// What a delivery costs, in minor units; nothing where nothing is delivered.
    pub shipping: i64,
    /// From what goods value on a delivery is free, in minor units.
    pub free_shipping_from: i64,
    /// The tax within the price, in hundredths of a percent.
    pub tax_basis_points: i64,
}

/// A line that is to be priced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wish {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's category.
    pub category_id: CategoryId,
    /// How many.
    pub quantity: i64,
    /// What the catalogue asks for one piece, tax included, in minor units.
    pub list_price: i64,
}

/// Who changed a price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A price list.
    List(PriceListId),
    /// A promotion.
    Promotion(PromotionId),
}

/// One change of a price, with its reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Who changed it.
    pub cause: Cause,
    /// The code of the list or the promotion.
    pub code: String,
    /// Its name for customers.
    pub name: Text,
    /// The reason in words.
    pub why: Text,
    /// What it changed the line by, in minor units; below zero for what is taken off.
    pub amount: i64,
}

/// A priced line. Amounts are minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuoteLine {
    /// What the catalogue asks for one piece.
    pub list_price: i64,
    /// What one piece costs before promotions.
    pub unit_price: i64,
    /// How many.
    pub quantity: i64,
    /// What promotions took off the line.
    pub discount: i64,
    /// What the line costs.
    pub total: i64,
    /// The tax within it.
    pub tax: i64,
    /// Its rate, in hundredths of a percent.
    pub tax_basis_points: i64,
    /// Every step from the catalogue's price to the total, in order.
    pub steps: Vec<Step>,
}

/// The tax of one rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TaxPart {
    /// The rate, in hundredths of a percent.
    pub basis_points: i64,
    /// What is paid at this rate, tax included.
    pub gross: i64,
    /// The tax within it.
    pub tax: i64,
}

/// What became of a promotion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which.
    pub promotion_id: PromotionId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What it took off, in minor units.
    pub off: i64,
    /// Why so much, or why nothing.
    pub why: Text,
}

/// What a cart costs and why. Amounts are minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    /// The lines, in the order they were asked for.
    pub lines: Vec<QuoteLine>,
    /// Lines before promotions.
    pub goods: i64,
    /// What promotions took off the goods.
    pub discount: i64,
    /// For the delivery.
    pub shipping: i64,
    /// Every step from the tariff to what the delivery costs.
    pub shipping_steps: Vec<Step>,
    /// What is to be paid: `goods - discount + shipping`.
    pub total: i64,
    /// The tax within the total.
    pub tax: i64,
    /// The same by rate, rising.
    pub tax_parts: Vec<TaxPart>,
    /// Whether the tax is shown apart from the prices.
    pub tax_apart: bool,
    /// What became of every promotion, in the order they were looked at.
    pub verdicts: Vec<Verdict>,
}

pub(crate) fn overflow() -> Error {
    Error::new(&codes::AMOUNT_OVERFLOW)
}

/// `amount * numerator / denominator`, rounded half up; nothing here is negative.
pub(crate) fn share(amount: i64, numerator: i64, denominator: i64) -> Result<i64> {
    let doubled = i128::from(amount) * i128::from(numerator) * 2 + i128::from(denominator);
    i64::try_from(doubled.div_euclid(i128::from(denominator) * 2)).map_err(|_| overflow())
}

/// How specific an audience is; none when it does not take the buyer in.
pub(crate) fn admits(audience: &Audience, buyer: &Buyer) -> Option<u8> {
    let place = audience.place_ids.is_empty()
        || buyer
            .place_id
            .is_some_and(|place| audience.place_ids.contains(&place));
    let tier = audience.tiers.is_empty() || buyer.tier.is_some_and(|tier| audience.tiers.contains(&tier));
    let channel = audience.channels.is_empty() || audience.channels.contains(&buyer.channel);
    let weight = |names: bool, weight: u8| if names { weight } else { 0 };
    (place && tier && channel).then(|| {
        weight(!audience.place_ids.is_empty(), 4)
            + weight(!audience.tiers.is_empty(), 2)
            + weight(!audience.channels.is_empty(), 1)
    })
}

/// Whether an instant is within a validity.
pub(crate) fn is_valid(from: Option<Time>, until: Option<Time>, at: Time) -> bool {
    from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
}

/// A line while promotions are applied to it.
pub(crate) struct Work {
    pub(crate) wish: Wish,
    pub(crate) unit_price: i64,
    /// `quantity * unit_price`.
    pub(crate) gross: i64,
    /// What is left to pay.
    pub(crate) left: i64,
    /// A promotion has counted it in.
    pub(crate) is_touched: bool,
    /// A promotion that does not stack has it.
    pub(crate) is_closed: bool,
    pub(crate) steps: Vec<Step>,
}

/// What a cart costs and why.
///
/// # Errors
/// `money.overflow` when a sum leaves its range.
pub fn quote(book: &PriceBook, buyer: &Buyer, wishes: &[Wish], charges: &Charges) -> Result<Quote> {
    let mut work = wishes
        .iter()
        .map(|wish| lists::open(book, buyer, wish, charges.tax_basis_points))
        .collect::<Result<Vec<Work>>>()?;
    let goods = work
        .iter()
        .try_fold(0_i64, |sum, line| sum.checked_add(line.gross))
        .ok_or_else(overflow)?;
    let mut run = promotions::Run::new(buyer);
    for promotion in &book.promotions {
        run.goods(book, promotion, &mut work)?;
    }
    let left: i64 = work.iter().map(|line| line.left).sum();
    let mut shipping = charges.shipping;
    let mut shipping_steps = Vec::new();
    if left >= charges.free_shipping_from {
        shipping = 0;
    }
    for promotion in &book.promotions {
        if let Some(step) = run.delivery(book, promotion, &work, charges.shipping, shipping) {
            shipping = 0;
            shipping_steps.push(step);
        }
    }
    let total = left.checked_add(shipping).ok_or_else(overflow)?;
    let rates: Vec<i64> = work
        .iter()
        .map(|line| tax::rate(book, buyer, line.wish.category_id, charges.tax_basis_points))
        .collect();
    let amounts: Vec<i64> = work.iter().map(|line| line.left).collect();
    let taxed = tax::within(&rates, &amounts, (charges.tax_basis_points, shipping))?;
    let lines = work.into_iter().zip(rates.into_iter().zip(taxed.lines));
    Ok(Quote {
        lines: lines
            .map(|(line, (tax_basis_points, tax))| QuoteLine {
                list_price: line.wish.list_price,
                unit_price: line.unit_price,
                quantity: line.wish.quantity,
                discount: line.gross - line.left,
                total: line.left,
                tax,
                tax_basis_points,
                steps: line.steps,
            })
            .collect(),
        goods,
        discount: goods - left,
        shipping,
        shipping_steps,
        total,
        tax: taxed.parts.iter().map(|part| part.tax).sum(),
        tax_parts: taxed.parts,
        tax_apart: book.settings.tax_apart_channels.contains(&buyer.channel),
        verdicts: run.verdicts(&book.promotions),
    })
}

#[cfg(test)]
mod tests;
