//! Publishes the product range: categories, products with pictures, SKUs with barcodes.

use base::Text;

use crate::calendar::{Calendar, Seconds};
use crate::chain::{Attribute, Category, Picture, Product, Sku};
use crate::data::categories::{CATEGORIES, CategoryRow, Choice, GoodsRow, Skin};
use crate::data::{body, makeup, skincare};
use crate::ids::Ids;
use crate::pictures;
use crate::places::text;

/// Restricted circulation (GS1 prefix 29) with a number of our own behind it: a demo
/// must not claim the number of anybody's real article.
const BARCODE_PREFIX: &str = "2971046";
/// Days before the first day of history on which the range was entered.
const PUBLISHED_DAYS_BEFORE: i64 = 3;

/// The range.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) categories: Vec<Category>,
    pub(crate) products: Vec<Product>,
    pub(crate) skus: Vec<Sku>,
    /// The table row of each product.
    pub(crate) rows: Vec<&'static GoodsRow>,
}

impl Catalogue {
    /// Position of a product by its code.
    pub(crate) fn product(&self, code: &str) -> usize {
        self.products
            .iter()
            .position(|product| product.code == code)
            .unwrap_or(0)
    }

    /// Position of the `nth` SKU of a product.
    pub(crate) fn sku_of(&self, code: &str, nth: usize) -> usize {
        let range = self.products[self.product(code)].skus.clone();
        (range.start + nth).min(range.end - 1)
    }

    /// Table row of a SKU's product.
    pub(crate) fn row(&self, sku: usize) -> &'static GoodsRow {
        self.rows[self.skus[sku].product]
    }
}

/// Builds the range from the tables.
pub(crate) fn publish(seed: u64, calendar: &Calendar) -> Catalogue {
    let published_at = calendar.moment(0, 8 * 3_600).plus_days(-PUBLISHED_DAYS_BEFORE);
    let mut ids = Ids::new(seed, "catalogue");
    let categories: Vec<Category> = CATEGORIES
        .iter()
        .zip(1..)
        .map(|(row, position)| Category {
            id: ids.at(published_at),
            code: row.code,
            parent: CATEGORIES.iter().position(|parent| parent.code == row.parent),
            name: text(row.name),
            position,
        })
        .collect();
    let rows: Vec<&'static GoodsRow> = skincare::GOODS
        .iter()
        .chain(makeup::GOODS)
        .chain(body::GOODS)
        .collect();
    let mut products = Vec::with_capacity(rows.len());
    let mut skus = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let first = skus.len();
        for (nth, (suffix, option, yuan)) in options(row).into_iter().enumerate() {
            skus.push(Sku {
                id: ids.at(published_at),
                product: index,
                code: format!("{}-{suffix}", row.code),
                barcode: barcode(skus.len() + 1),
                option,
                price_minor: i64::from(yuan) * 100,
                pull: u64::from(row.pull) * share(row, nth),
            });
        }
        let category = CATEGORIES
            .iter()
            .position(|category| category.code == row.category)
            .unwrap_or(0);
        products.push(Product {
            id: ids.at(published_at),
            code: row.code,
            category,
            name: text(row.name),
            brand: text(row.line.name()),
            description: describe(row, &CATEGORIES[category]),
            attributes: attributes(row, &CATEGORIES[category]),
            pictures: draw(row, &mut ids, published_at),
            skus: first..skus.len(),
            published_at,
        });
    }
    Catalogue {
        categories,
        products,
        skus,
        rows,
    }
}

/// Code suffix, label and price of everything a customer chooses between.
fn options(row: &GoodsRow) -> Vec<(String, Text, u32)> {
    match row.choice {
        Choice::Sizes(sizes) => sizes
            .iter()
            .enumerate()
            .map(|(nth, (zh, en, yuan))| {
                let digits: String = en.chars().take_while(char::is_ascii_digit).collect();
                let suffix = if digits.is_empty() {
                    format!("{}", nth + 1)
                } else {
                    digits
                };
                (suffix, Text::new(*zh, *en), *yuan)
            })
            .collect(),
        Choice::Shades(yuan, shades) => shades
            .iter()
            .map(|(code, (zh, en), _)| {
                (
                    (*code).to_owned(),
                    Text::new(format!("{code} {zh}"), format!("{code} {en}")),
                    yuan,
                )
            })
            .collect(),
    }
}

/// How the options of a product share its sales, in parts of about a thousand.
fn share(row: &GoodsRow, nth: usize) -> u64 {
    /// Of ten complexion shades the middle ones fit most people.
    const COMPLEXIONS: [u64; 10] = [60, 140, 80, 110, 190, 120, 150, 90, 40, 20];
    match row.choice {
        Choice::Sizes(sizes) => {
            [&[1_000][..], &[620, 380], &[450, 350, 200]][sizes.len().clamp(1, 3) - 1][nth.min(2)]
        }
        Choice::Shades(_, shades) if shades.len() == COMPLEXIONS.len() => COMPLEXIONS[nth],
        Choice::Shades(_, shades) => {
            let ranks = shades.len() as u64;
            2 * (ranks - nth as u64) * 1_000 / (ranks * (ranks + 1))
        }
    }
}

fn describe(row: &GoodsRow, category: &CategoryRow) -> Text {
    Text::new(
        format!("{}{}", row.claim.0, category.usage.0),
        format!("{} {}", row.claim.1, category.usage.1),
    )
}

fn attributes(row: &GoodsRow, category: &CategoryRow) -> Vec<Attribute> {
    let key = match category.detail.1 {
        "Key ingredient" => "ingredient",
        "Finish" => "finish",
        "Texture" => "texture",
        "Notes" => "notes",
        "Material" => "material",
        _ => "contents",
    };
    let mut attributes = vec![Attribute {
        key,
        label: text(category.detail),
        value: text(row.detail),
    }];
    if row.skin != Skin::None {
        attributes.push(Attribute {
            key: "skin_type",
            label: Text::new("适合肤质", "Skin type"),
            value: text(row.skin.name()),
        });
    }
    if let Some(spf) = row.spf {
        attributes.push(Attribute {
            key: "spf",
            label: Text::new("防晒指数", "Sun protection"),
            value: Text::same(spf),
        });
    }
    if row.lasts > 0 {
        attributes.push(Attribute {
            key: "lasts_days",
            label: Text::new("参考用量", "Usually lasts"),
            value: Text::new(
                format!("约 {} 天", row.lasts),
                format!("about {} days", row.lasts),
            ),
        });
    }
    attributes
}

fn draw(row: &GoodsRow, ids: &mut Ids, moment: base::Time) -> Vec<Picture> {
    let size = (pictures::EDGE, pictures::EDGE);
    let packshot = Picture {
        id: ids.at(moment),
        svg: pictures::packshot(row),
        alt: Text::new(
            format!("{}包装图", row.name.0),
            format!("{}, packshot", row.name.1),
        ),
        size,
    };
    let (svg, alt) = match row.choice {
        Choice::Shades(_, shades) => (
            pictures::swatches(row, shades),
            Text::new(format!("{}色号图", row.name.0), format!("{}, shades", row.name.1)),
        ),
        Choice::Sizes(_) => (
            pictures::texture(row),
            Text::new(
                format!("{}质地图", row.name.0),
                format!("{}, texture", row.name.1),
            ),
        ),
    };
    vec![
        packshot,
        Picture {
            id: ids.at(moment),
            svg,
            alt,
            size,
        },
    ]
}

/// EAN-13 of the nth article.
fn barcode(article: usize) -> String {
    let body = format!("{BARCODE_PREFIX}{article:05}");
    let digit = check_digit(&body);
    format!("{body}{digit}")
}

/// Check digit of a GS1 number without it: weights 3 and 1 from the right, to the next ten.
#[must_use]
pub fn check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight)
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn catalogue() -> Catalogue {
        publish(7, &Calendar::new(base::Time::from_seconds(1_795_000_000), 183))
    }

    #[test]
    fn check_digits_of_published_examples() {
        assert_eq!(check_digit("400638133393"), 1);
        assert_eq!(check_digit("978014300723"), 4);
    }

    #[test]
    fn the_range_has_the_size_of_a_real_one_and_nothing_twice() {
        let catalogue = catalogue();
        assert!(
            (115..=130).contains(&catalogue.products.len()),
            "{}",
            catalogue.products.len()
        );
        assert!(
            (310..=380).contains(&catalogue.skus.len()),
            "{}",
            catalogue.skus.len()
        );
        let codes: BTreeSet<_> = catalogue.skus.iter().map(|sku| &sku.code).collect();
        let barcodes: BTreeSet<_> = catalogue.skus.iter().map(|sku| &sku.barcode).collect();
        let products: BTreeSet<_> = catalogue.products.iter().map(|product| product.code).collect();
        assert_eq!(
            (codes.len(), barcodes.len()),
            (catalogue.skus.len(), catalogue.skus.len())
        );
        assert_eq!(products.len(), catalogue.products.len());
        for sku in &catalogue.skus {
            assert_eq!(check_digit(&sku.barcode[..12]).to_string(), sku.barcode[12..]);
            assert!(sku.price_minor > 0 && sku.pull > 0, "{}", sku.code);
        }
    }

    #[test]
    fn every_product_sits_in_a_leaf_and_is_described_in_both_languages() {
        let catalogue = catalogue();
        for product in &catalogue.products {
            let category = &catalogue.categories[product.category];
            assert!(category.parent.is_some(), "{}", product.code);
            assert!(!product.skus.is_empty());
            assert!(product.description.zh.chars().count() > 20, "{}", product.code);
            assert!(
                product.description.en.is_ascii() && product.description.en.len() > 60,
                "{}",
                product.code
            );
        }
    }
}
