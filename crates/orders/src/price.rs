//! Why something cost what it cost: kept with the order, whatever becomes of lists and promotions.

use base::{Currency, Money, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What changed a price.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceCause {
    /// A price list.
    List,
    /// A promotion.
    Promotion,
}

/// One step from what the catalogue or the tariff asks to what is paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct PriceStep {
    /// What changed the price.
    pub cause: PriceCause,
    /// The code of the list or the promotion.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The reason.
    pub why: Text,
    /// By how much; below zero for what is taken off.
    pub amount: Money,
}

/// How a line came to its price. Amounts are minor units of the order's currency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LinePrice {
    /// What the catalogue asked for one piece.
    pub list_price: i64,
    /// The tax within the line's total.
    pub tax: i64,
    /// Its rate, in hundredths of a percent.
    pub tax_basis_points: i64,
    /// Every step from the catalogue's price to the line's total, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PriceStep>,
}

/// How a line came to its price, as sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LinePrice)]
pub struct LinePriceOut {
    /// What the catalogue asked for one piece.
    pub list_price: Money,
    /// The tax within the line's total.
    pub tax: Money,
    /// Its rate, in hundredths of a percent.
    pub tax_basis_points: i64,
    /// Every step from the catalogue's price to the line's total, in order.
    pub steps: Vec<PriceStep>,
}

impl LinePrice {
    /// With its currency.
    #[must_use]
    pub fn in_currency(&self, currency: Currency) -> LinePriceOut {
        LinePriceOut {
            list_price: Money::new(self.list_price, currency),
            tax: Money::new(self.tax, currency),
            tax_basis_points: self.tax_basis_points,
            steps: self.steps.clone(),
        }
    }
}
