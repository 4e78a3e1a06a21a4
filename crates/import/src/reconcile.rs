//! Reconciliation: what the rows say against what landed, class by class, to the last thousandth.

use std::collections::BTreeMap;
use std::fmt;

use base::{Currency, Locale, Text};

use crate::exact::Exact;
use crate::mapping::Effect;

/// The totals of one class of rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassTotal {
    /// The class's name.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What its rows became.
    pub effect: Effect,
    /// Rows.
    pub rows: u64,
    /// Sum of their quantities, signed as in the file.
    pub quantity: i64,
    /// Sum of quantity times price, exactly as in the file.
    pub amount: Exact,
    /// What the ledgers hold of it, in minor units.
    pub minor: i64,
}

impl ClassTotal {
    /// An empty class.
    #[must_use]
    pub fn new(name: &str, title: &Text, effect: Effect) -> Self {
        Self {
            name: name.to_owned(),
            title: title.clone(),
            effect,
            rows: 0,
            quantity: 0,
            amount: Exact::ZERO,
            minor: 0,
        }
    }

    /// What rounding to minor units took away: the rounding account's share of the class.
    #[must_use]
    pub fn rounding(&self, exponent: u32) -> Exact {
        self.amount
            .minus(Exact::from_minor(self.minor, exponent))
            .unwrap_or_default()
    }
}

/// A figure beside the figure the source states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compared {
    /// What is measured.
    pub measure: String,
    /// What was counted.
    pub counted: Exact,
    /// What the source states; nothing when these are not the published files.
    pub stated: Option<Exact>,
}

impl Compared {
    /// Whether the two agree, or nothing is stated.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.stated.is_none_or(|s| s == self.counted)
    }
}

/// The reconciliation of one import.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reconciliation {
    /// The currency of all amounts.
    pub currency: Currency,
    /// Totals by class, in the mapping's order; empty where the mapping has no classes.
    pub classes: Vec<ClassTotal>,
    /// Other figures.
    pub compared: Vec<Compared>,
}

impl Reconciliation {
    /// All classes together.
    #[must_use]
    pub fn total(&self) -> ClassTotal {
        let mut total = ClassTotal::new("total", &Text::new("合计", "Total"), Effect::Skip);
        for class in &self.classes {
            total.rows += class.rows;
            total.quantity = total.quantity.saturating_add(class.quantity);
            total.amount += class.amount;
            total.minor = total.minor.saturating_add(class.minor);
        }
        total
    }

    /// Whether every figure the source states was met.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.compared.iter().all(Compared::agrees)
    }

    /// The table, in a language.
    #[must_use]
    pub fn table(&self, locale: Locale) -> String {
        let mut out = String::new();
        let exponent = self.currency.exponent();
        if !self.classes.is_empty() {
            let heads = match locale {
                Locale::Zh => [
                    "类别",
                    "去向",
                    "行数",
                    "数量",
                    "金额（原文件精度）",
                    "入账金额",
                    "舍入",
                ],
                Locale::En => [
                    "class",
                    "becomes",
                    "rows",
                    "quantity",
                    "amount in the file",
                    "in the ledgers",
                    "rounding",
                ],
            };
            let mut rows = vec![heads.map(str::to_owned)];
            let line = |class: &ClassTotal, effect: &str| {
                [
                    class.title.get(locale).to_owned(),
                    effect.to_owned(),
                    class.rows.to_string(),
                    class.quantity.to_string(),
                    class.amount.to_string(),
                    Exact::from_minor(class.minor, exponent).to_string(),
                    class.rounding(exponent).to_string(),
                ]
            };
            rows.extend(self.classes.iter().map(|c| line(c, c.effect.name())));
            rows.push(line(&self.total(), ""));
            align(&mut out, &rows, 2);
        }
        if !self.compared.is_empty() {
            let heads = match locale {
                Locale::Zh => ["指标", "实得", "数据说明所载", "一致"],
                Locale::En => ["figure", "counted", "stated", "agrees"],
            };
            let mut rows = vec![heads.map(str::to_owned)];
            rows.extend(self.compared.iter().map(|c| {
                [
                    c.measure.clone(),
                    c.counted.to_string(),
                    c.stated.map(|s| s.to_string()).unwrap_or_default(),
                    match (c.stated, c.agrees()) {
                        (None, _) => String::new(),
                        (_, true) => "✓".into(),
                        (_, false) => "✗".into(),
                    },
                ]
            }));
            if !out.is_empty() {
                out.push('\n');
            }
            align(&mut out, &rows, 1);
        }
        out
    }
}

impl fmt::Display for Reconciliation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(Locale::En))
    }
}

/// Writes rows in columns: the first `left` of them to the left, the rest to the right. A Chinese character
/// is two columns wide.
fn align<const N: usize>(out: &mut String, rows: &[[String; N]], left: usize) {
    let width = |text: &str| {
        text.chars()
            .map(|c| if c as u32 >= 0x2E80 { 2 } else { 1 })
            .sum::<usize>()
    };
    let mut widths = [0; N];
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            widths[at] = widths[at].max(width(cell));
        }
    }
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[at] - width(cell));
            let gap = if at == 0 { "" } else { "  " };
            line.push_str(gap);
            if at < left {
                line.push_str(cell);
                line.push_str(&pad);
            } else {
                line.push_str(&pad);
                line.push_str(cell);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// Puts counted figures beside stated ones. Figures are stated about whole published files: where the rows
/// are others, nothing is compared.
#[must_use]
pub fn compare(
    counted: &BTreeMap<String, Exact>,
    stated: &[crate::mapping::Stated],
    whole: bool,
) -> Vec<Compared> {
    let mut compared: Vec<Compared> = Vec::new();
    for (measure, value) in counted {
        let said = stated.iter().find(|s| s.measure == *measure).map(|s| s.value);
        if said.is_some() || !value.is_zero() {
            compared.push(Compared {
                measure: measure.clone(),
                counted: *value,
                stated: said.filter(|_| whole),
            });
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up_and_aligns() {
        let mut sale = ClassTotal::new("sale", &Text::new("销售", "Sales"), Effect::Sale);
        (sale.rows, sale.quantity, sale.minor) = (2, 7, 1050);
        sale.amount = Exact::parse("10.501", crate::NumberFormat::default()).unwrap();
        let reconciliation = Reconciliation {
            currency: Currency::GBP,
            classes: vec![sale],
            compared: vec![],
        };
        let table = reconciliation.table(Locale::En);
        assert_eq!(
            table,
            "class  becomes  rows  quantity  amount in the file  in the ledgers  rounding\n\
             Sales  sale        2         7              10.501            10.5     0.001\n\
             Total              2         7              10.501            10.5     0.001\n"
        );
        assert!(reconciliation.table(Locale::Zh).contains("销售"));
    }
}
