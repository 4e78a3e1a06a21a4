//! What promotions take off.

use base::{CategoryId, ProductId, Result, SkuId, Text, prorate};

use super::{Buyer, Cause, PriceBook, Step, Verdict, Work, admits, is_valid, overflow, share, tax, words};
use crate::model::{BundlePart, Effect, Goods, Promotion};

/// How far a promotion has come with one cart.
pub(super) struct Run<'a> {
    buyer: &'a Buyer,
    /// Groups that have applied, with the promotion that did.
    groups: Vec<(&'a str, &'a Text)>,
    /// What became of each promotion, by its code.
    outcomes: Vec<(&'a str, i64, Text)>,
}

/// The lines a promotion is about, and what they are worth.
struct Scope {
    lines: Vec<usize>,
    pieces: i64,
    worth: i64,
}

impl<'a> Run<'a> {
    pub(super) const fn new(buyer: &'a Buyer) -> Self {
        Self {
            buyer,
            groups: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// Applies a promotion on goods.
    pub(super) fn goods(
        &mut self,
        book: &'a PriceBook,
        promotion: &'a Promotion,
        work: &mut [Work],
    ) -> Result<()> {
        if promotion.effect == Effect::FreeShipping {
            return Ok(());
        }
        let scope = match self.scope(book, promotion, work) {
            Ok(scope) => scope,
            Err(why) => {
                self.outcomes.push((&promotion.code, 0, why));
                return Ok(());
            }
        };
        let shares = shares(&promotion.effect, &scope, work)?;
        let off: i64 = shares.iter().map(|(_, off)| *off).sum();
        if off == 0 {
            let why = words::takes_nothing(&promotion.effect, promotion.currency);
            self.outcomes.push((&promotion.code, 0, why));
            return Ok(());
        }
        for at in &scope.lines {
            work[*at].is_touched = true;
            work[*at].is_closed |= !promotion.stackable;
        }
        for (at, off) in shares.into_iter().filter(|(_, off)| *off != 0) {
            work[at].left -= off;
            work[at].steps.push(step(promotion, -off));
        }
        self.applied(promotion, off);
        Ok(())
    }

    /// Makes the delivery free, when a promotion does and it would cost something.
    pub(super) fn delivery(
        &mut self,
        book: &'a PriceBook,
        promotion: &'a Promotion,
        work: &[Work],
        tariff: i64,
        shipping: i64,
    ) -> Option<Step> {
        if promotion.effect != Effect::FreeShipping {
            return None;
        }
        let refusal = match self.scope(book, promotion, work) {
            Err(why) => Some(why),
            Ok(_) if tariff == 0 => Some(words::nothing_delivered()),
            Ok(_) if shipping == 0 => Some(words::delivery_is_free()),
            Ok(_) => None,
        };
        if let Some(why) = refusal {
            self.outcomes.push((&promotion.code, 0, why));
            return None;
        }
        self.applied(promotion, shipping);
        Some(step(promotion, -shipping))
    }

    /// What became of every promotion, in the order they are applied.
    pub(super) fn verdicts(mut self, promotions: &[Promotion]) -> Vec<Verdict> {
        let mut out = Vec::with_capacity(promotions.len());
        for promotion in promotions {
            let at = self
                .outcomes
                .iter()
                .position(|(code, ..)| *code == promotion.code);
            if let Some(at) = at {
                let (_, off, why) = self.outcomes.swap_remove(at);
                out.push(Verdict {
                    promotion_id: promotion.id,
                    code: promotion.code.clone(),
                    name: promotion.name.clone(),
                    off,
                    why,
                });
            }
        }
        out
    }

    fn applied(&mut self, promotion: &'a Promotion, off: i64) {
        if let Some(group) = &promotion.group {
            self.groups.push((group, &promotion.name));
        }
        self.outcomes
            .push((&promotion.code, off, promotion.terms.clone()));
    }

    /// The lines a promotion may take something off; the reason when it may not.
    fn scope(&self, book: &PriceBook, promotion: &Promotion, work: &[Work]) -> Result<Scope, Text> {
        let buyer = self.buyer;
        if !promotion.active {
            return Err(words::paused());
        }
        let asked = promotion.typed_code.as_ref().map(|typed| &typed.code);
        if asked.is_some() && asked != buyer.code.as_ref() {
            return Err(words::no_code());
        }
        if !is_valid(promotion.valid_from, promotion.valid_until, buyer.at) {
            return Err(words::not_now(
                promotion.valid_from.is_some_and(|from| buyer.at < from),
            ));
        }
        if promotion
            .currency
            .is_some_and(|currency| currency != buyer.currency)
        {
            return Err(words::other_currency());
        }
        if admits(&promotion.audience, buyer).is_none() {
            return Err(words::other_buyers(&promotion.audience, buyer));
        }
        let taken = promotion.group.as_deref();
        if let Some((_, by)) = self.groups.iter().find(|(group, _)| Some(*group) == taken) {
            return Err(words::group_taken(by));
        }
        let meant: Vec<usize> = (0..work.len())
            .filter(|at| is_meant(book, promotion, &work[*at]))
            .collect();
        if meant.is_empty() {
            return Err(words::no_goods());
        }
        let is_about_goods = promotion.effect != Effect::FreeShipping;
        let lines: Vec<usize> = meant
            .into_iter()
            .filter(|at| {
                !is_about_goods || (!work[*at].is_closed && (promotion.stackable || !work[*at].is_touched))
            })
            .collect();
        if lines.is_empty() {
            return Err(words::does_not_stack());
        }
        let pieces = lines.iter().map(|at| work[*at].wish.quantity).sum();
        let worth = lines.iter().map(|at| work[*at].left).sum();
        if pieces < promotion.min_quantity {
            return Err(words::too_few(promotion.min_quantity - pieces));
        }
        if worth < promotion.min_amount_minor {
            return Err(words::too_little(
                promotion.min_amount_minor - worth,
                buyer.currency,
            ));
        }
        Ok(Scope { lines, pieces, worth })
    }
}

fn step(promotion: &Promotion, amount: i64) -> Step {
    Step {
        cause: Cause::Promotion(promotion.id),
        code: promotion.code.clone(),
        name: promotion.name.clone(),
        why: promotion.terms.clone(),
        amount,
    }
}

/// Whether a promotion is about a line.
fn is_meant(book: &PriceBook, promotion: &Promotion, line: &Work) -> bool {
    let wish = &line.wish;
    let (effect, goods) = (&promotion.effect, &promotion.goods);
    book.is_about(effect, goods, wish.sku_id, wish.product_id, wish.category_id)
}

impl PriceBook {
    /// Whether an effect on goods is about an article.
    pub(crate) fn is_about(
        &self,
        effect: &Effect,
        goods: &Goods,
        sku: SkuId,
        product: ProductId,
        category: CategoryId,
    ) -> bool {
        if let Effect::Bundle { parts, .. } = effect {
            return parts.iter().any(|part| part.sku_id == sku);
        }
        let names_nothing = goods.category_ids.is_empty() && goods.product_ids.is_empty();
        let is_named = names_nothing
            || goods.product_ids.contains(&product)
            || self
                .line_of(category)
                .any(|category| goods.category_ids.contains(&category));
        is_named && !goods.except_product_ids.contains(&product)
    }
}

/// What an effect takes off which line.
fn shares(effect: &Effect, scope: &Scope, work: &[Work]) -> Result<Vec<(usize, i64)>> {
    match effect {
        Effect::PercentOff { basis_points } => {
            spread(share(scope.worth, *basis_points, tax::WHOLE)?, &scope.lines, work)
        }
        Effect::AmountOff { amount_minor } => spread((*amount_minor).min(scope.worth), &scope.lines, work),
        Effect::FixedPrice { amount_minor } => scope
            .lines
            .iter()
            .map(|at| {
                let line = &work[*at];
                let wanted = amount_minor
                    .checked_mul(line.wish.quantity)
                    .ok_or_else(overflow)?;
                Ok((*at, (line.left - wanted).max(0)))
            })
            .collect(),
        Effect::BuyGet {
            buy,
            get,
            basis_points,
        } => cheapest(scope.pieces / (buy + get) * get, *basis_points, scope, work),
        Effect::SpendSteps { steps } => {
            let reached = steps.iter().filter(|step| step.from_minor <= scope.worth);
            let off = reached.map(|step| step.off_minor).max().unwrap_or(0);
            spread(off.min(scope.worth), &scope.lines, work)
        }
        Effect::Bundle { parts, amount_minor } => bundle(parts, *amount_minor, scope, work),
        Effect::FreeShipping => Ok(Vec::new()),
    }
}

/// Spreads a sum over lines in proportion to what is left of them.
fn spread(off: i64, lines: &[usize], work: &[Work]) -> Result<Vec<(usize, i64)>> {
    let weights: Vec<i64> = lines.iter().map(|at| work[*at].left).collect();
    if weights.iter().all(|weight| *weight == 0) {
        return Ok(Vec::new());
    }
    Ok(lines.iter().copied().zip(prorate(off, &weights)?).collect())
}

/// Reduces the cheapest pieces; among equally cheap ones those of the earlier line.
fn cheapest(mut count: i64, basis_points: i64, scope: &Scope, work: &[Work]) -> Result<Vec<(usize, i64)>> {
    let mut lines = scope.lines.clone();
    // A piece costs left / quantity; compared without dividing.
    lines.sort_by_key(|at| *at);
    lines.sort_by(|a, b| {
        let piece = |line: &Work, other: &Work| i128::from(line.left) * i128::from(other.wish.quantity);
        piece(&work[*a], &work[*b]).cmp(&piece(&work[*b], &work[*a]))
    });
    let mut out = Vec::new();
    for at in lines {
        if count == 0 {
            break;
        }
        let line = &work[at];
        let pieces = count.min(line.wish.quantity);
        count -= pieces;
        let worth = share(line.left, pieces, line.wish.quantity)?;
        out.push((at, share(worth, basis_points, tax::WHOLE)?));
    }
    Ok(out)
}

/// Brings whole bundles down to their price, as often as all parts are there.
fn bundle(parts: &[BundlePart], amount: i64, scope: &Scope, work: &[Work]) -> Result<Vec<(usize, i64)>> {
    let mut of_part: Vec<(usize, i64)> = Vec::with_capacity(parts.len());
    for part in parts {
        let Some(at) = scope
            .lines
            .iter()
            .find(|at| work[**at].wish.sku_id == part.sku_id)
        else {
            return Ok(Vec::new());
        };
        of_part.push((*at, part.quantity));
    }
    let times = of_part
        .iter()
        .map(|(at, needs)| work[*at].wish.quantity / needs)
        .min();
    let times = times.unwrap_or(0);
    let worths = of_part
        .iter()
        .map(|(at, needs)| share(work[*at].left, needs * times, work[*at].wish.quantity))
        .collect::<Result<Vec<i64>>>()?;
    let worth: i64 = worths.iter().sum();
    let price = amount.checked_mul(times).ok_or_else(overflow)?;
    if times == 0 || worth <= price {
        return Ok(Vec::new());
    }
    let offs = prorate(worth - price, &worths)?;
    Ok(of_part.into_iter().map(|(at, _)| at).zip(offs).collect())
}
