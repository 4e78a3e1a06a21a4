//! What people decide, checked: everything that is wrong with it is told at once.

use std::collections::HashSet;
use std::hash::Hash;

use base::{Error, ErrorCode, Result, Text, Time, codes};
use serde::Serialize;

use crate::error::{
    BUNDLE_NAMES_GOODS, CURRENCY_MISSING, ENDS_BEFORE_IT_BEGINS, REPEATED, STEPS_NOT_RISING,
    TYPED_CODE_MALFORMED,
};
use crate::model::{Audience, Effect, Goods, PriceListIn, PriceSettings, PromotionIn, SpendStep, TypedCode};

const CODE_CHARS: usize = 64;
const NAME_CHARS: usize = 120;
const REGION_CHARS: usize = 100;
const MAX_PLACES: usize = 1_000;
const MAX_GOODS: usize = 500;
const MAX_STEPS: usize = 10;
const MAX_TAX_RULES: usize = 200;
const MAX_PIECES: i64 = 9_999;
const MAX_PARTS_OF_ONE: i64 = 99;
const MAX_PRIORITY: i64 = 1_000;
const TYPED_CODE_MIN: usize = 3;
const TYPED_CODE_MAX: usize = 32;
const MAX_USES: i64 = 1_000_000_000;
const MAX_USES_PER_MEMBER: i64 = 1_000_000;
const WHOLE: i64 = 10_000;
/// The highest single sum: a hundred times it still fits, whatever is bought.
pub(crate) const MAX_AMOUNT: i64 = 1_000_000_000_000;

#[derive(Default)]
struct Faults(Option<Error>);

impl Faults {
    fn add(&mut self, field: &str, code: &'static ErrorCode) {
        let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        self.0 = Some(error.and_field(field, code, Default::default()));
    }

    fn range(&mut self, field: &str, value: i64, min: i64, max: i64) {
        if !(min..=max).contains(&value) {
            let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
            let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
            self.0 = Some(error.and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect()));
        }
    }

    fn count(&mut self, field: &str, count: usize, min: i64, max: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.range(field, count, min, i64::try_from(max).unwrap_or(i64::MAX));
    }

    fn text(&mut self, field: &str, text: &str, max: usize) {
        if text.trim().is_empty() {
            self.add(field, &codes::REQUIRED);
        } else if text.chars().count() > max {
            let facts = [("max".to_owned(), max.into())];
            let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
            self.0 = Some(error.and_field(field, &codes::TOO_LONG, facts.into_iter().collect()));
        }
    }

    fn both(&mut self, field: &str, text: &Text, max: usize) {
        self.text(&format!("{field}.zh"), &text.zh, max);
        self.text(&format!("{field}.en"), &text.en, max);
    }

    fn unique<T: Copy + Hash + Eq + Serialize>(&mut self, field: &str, values: impl IntoIterator<Item = T>) {
        let mut seen = HashSet::new();
        for value in values {
            if !seen.insert(value) {
                let facts = [("value".to_owned(), serde_json::json!(value))];
                let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
                self.0 = Some(error.and_field(field, &REPEATED, facts.into_iter().collect()));
                return;
            }
        }
    }

    fn validity(&mut self, from: Option<Time>, until: Option<Time>) {
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            self.add("valid_until", &ENDS_BEFORE_IT_BEGINS);
        }
    }

    fn audience(&mut self, audience: &Audience) {
        self.count("audience.place_ids", audience.place_ids.len(), 0, MAX_PLACES);
        self.unique("audience.place_ids", audience.place_ids.iter().copied());
        self.unique("audience.channels", audience.channels.iter().copied());
        self.unique("audience.tiers", audience.tiers.iter().copied());
    }

    fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// A price list that holds together.
#[derive(Clone, Debug)]
pub struct ValidList(pub(crate) PriceListIn);

impl TryFrom<PriceListIn> for ValidList {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(list: PriceListIn) -> Result<Self> {
        let mut faults = Faults::default();
        faults.text("code", &list.code, CODE_CHARS);
        faults.both("name", &list.name, NAME_CHARS);
        faults.audience(&list.audience);
        faults.validity(list.valid_from, list.valid_until);
        faults.finish()?;
        Ok(Self(list))
    }
}

/// A promotion that holds together.
#[derive(Clone, Debug)]
pub struct ValidPromotion(pub(crate) PromotionIn);

impl ValidPromotion {
    /// What people decided.
    #[must_use]
    pub const fn details(&self) -> &PromotionIn {
        &self.0
    }
}

impl TryFrom<PromotionIn> for ValidPromotion {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(mut promotion: PromotionIn) -> Result<Self> {
        let mut faults = Faults::default();
        faults.text("code", &promotion.code, CODE_CHARS);
        faults.both("name", &promotion.name, NAME_CHARS);
        faults.audience(&promotion.audience);
        faults.range("min_quantity", promotion.min_quantity, 0, MAX_PIECES);
        faults.range("min_amount_minor", promotion.min_amount_minor, 0, MAX_AMOUNT);
        faults.range("priority", promotion.priority, 0, MAX_PRIORITY);
        faults.validity(promotion.valid_from, promotion.valid_until);
        if let Some(group) = &promotion.group {
            faults.text("group", group, CODE_CHARS);
        }
        let names_money = promotion.effect.names_money() || promotion.min_amount_minor > 0;
        if names_money && promotion.currency.is_none() {
            faults.add("currency", &CURRENCY_MISSING);
        }
        if let Some(typed) = &mut promotion.typed_code {
            typed_code(&mut faults, typed);
        }
        goods(&mut faults, &promotion.goods);
        if matches!(promotion.effect, Effect::Bundle { .. }) && promotion.goods != Goods::default() {
            faults.add("goods", &BUNDLE_NAMES_GOODS);
        }
        effect(&mut faults, &promotion.effect);
        faults.finish()?;
        Ok(Self(promotion))
    }
}

/// Brings a code into its one form, and judges it.
fn typed_code(faults: &mut Faults, typed: &mut TypedCode) {
    typed.code = TypedCode::normal(&typed.code);
    let is_clean = typed
        .code
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if !is_clean || !(TYPED_CODE_MIN..=TYPED_CODE_MAX).contains(&typed.code.len()) {
        faults.add("typed_code.code", &TYPED_CODE_MALFORMED);
    }
    if let Some(most) = typed.max_uses {
        faults.range("typed_code.max_uses", most, 1, MAX_USES);
    }
    if let Some(most) = typed.max_uses_per_member {
        faults.range("typed_code.max_uses_per_member", most, 1, MAX_USES_PER_MEMBER);
    }
}

fn goods(faults: &mut Faults, goods: &Goods) {
    faults.count("goods.category_ids", goods.category_ids.len(), 0, MAX_GOODS);
    faults.count("goods.product_ids", goods.product_ids.len(), 0, MAX_GOODS);
    faults.count(
        "goods.except_product_ids",
        goods.except_product_ids.len(),
        0,
        MAX_GOODS,
    );
}

fn effect(faults: &mut Faults, effect: &Effect) {
    match effect {
        Effect::PercentOff { basis_points } => faults.range("effect.basis_points", *basis_points, 1, WHOLE),
        Effect::AmountOff { amount_minor } => {
            faults.range("effect.amount_minor", *amount_minor, 1, MAX_AMOUNT);
        }
        Effect::FixedPrice { amount_minor } => {
            faults.range("effect.amount_minor", *amount_minor, 0, MAX_AMOUNT);
        }
        Effect::BuyGet {
            buy,
            get,
            basis_points,
        } => {
            faults.range("effect.buy", *buy, 1, MAX_PARTS_OF_ONE);
            faults.range("effect.get", *get, 1, MAX_PARTS_OF_ONE);
            faults.range("effect.basis_points", *basis_points, 1, WHOLE);
        }
        Effect::SpendSteps { steps } => {
            faults.count("effect.steps", steps.len(), 1, MAX_STEPS);
            let mut before = SpendStep {
                from_minor: 0,
                off_minor: 0,
            };
            for (at, step) in steps.iter().enumerate() {
                let rises = step.from_minor > before.from_minor && step.off_minor > before.off_minor;
                if !rises || step.off_minor > step.from_minor || step.from_minor > MAX_AMOUNT {
                    faults.add(&format!("effect.steps[{at}]"), &STEPS_NOT_RISING);
                }
                before = *step;
            }
        }
        Effect::Bundle { parts, amount_minor } => {
            faults.count("effect.parts", parts.len(), 1, MAX_STEPS);
            faults.range("effect.amount_minor", *amount_minor, 0, MAX_AMOUNT);
            for (at, part) in parts.iter().enumerate() {
                let field = format!("effect.parts[{at}].quantity");
                faults.range(&field, part.quantity, 1, MAX_PARTS_OF_ONE);
            }
            faults.unique("effect.parts", parts.iter().map(|part| part.sku_id));
        }
        Effect::FreeShipping => {}
    }
}

/// Settings that hold together.
#[derive(Clone, Debug)]
pub struct ValidSettings(pub(crate) PriceSettings);

impl TryFrom<PriceSettings> for ValidSettings {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(settings: PriceSettings) -> Result<Self> {
        let mut faults = Faults::default();
        faults.unique("tax_apart_channels", settings.tax_apart_channels.iter().copied());
        faults.count("tax_rules", settings.tax_rules.len(), 0, MAX_TAX_RULES);
        for (at, rule) in settings.tax_rules.iter().enumerate() {
            faults.both(&format!("tax_rules[{at}].name"), &rule.name, NAME_CHARS);
            faults.range(
                &format!("tax_rules[{at}].basis_points"),
                rule.basis_points,
                0,
                WHOLE,
            );
            if let Some(region) = &rule.region {
                faults.text(&format!("tax_rules[{at}].region"), region, REGION_CHARS);
            }
        }
        faults.finish()?;
        Ok(Self(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BuyerTier, SalesChannel};

    #[test]
    fn a_typed_code_has_one_form() {
        for (typed, kept) in [
            (" spring10 ", Some("SPRING10")),
            ("A-1", Some("A-1")),
            ("AB", None),
            ("10 %", None),
        ] {
            let mut code = TypedCode {
                code: typed.to_owned(),
                max_uses: None,
                max_uses_per_member: None,
            };
            let mut faults = Faults::default();
            typed_code(&mut faults, &mut code);
            assert_eq!(faults.finish().is_ok(), kept.is_some(), "{typed:?}");
            assert!(kept.is_none_or(|kept| kept == code.code), "{typed:?}");
        }
    }

    #[test]
    fn what_is_named_twice_is_refused_where_it_stands() {
        let settings = PriceSettings {
            tax_apart_channels: vec![SalesChannel::Web, SalesChannel::Web],
            ..PriceSettings::default()
        };
        let refused = ValidSettings::try_from(settings).map(drop).unwrap_err();
        assert_eq!(refused.fields()[0].field, "tax_apart_channels");

        let audience = Audience {
            tiers: vec![BuyerTier::Gold, BuyerTier::Silver, BuyerTier::Gold],
            ..Audience::default()
        };
        let mut faults = Faults::default();
        faults.audience(&audience);
        let refused = faults.finish().unwrap_err();
        assert_eq!(refused.fields()[0].field, "audience.tiers");
    }
}
