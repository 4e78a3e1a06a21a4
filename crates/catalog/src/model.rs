//! What a product is.

use std::collections::HashSet;

use base::{CategoryId, Currency, Error, Money, ProductId, Result, SkuId, Text, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{BAD_BARCODE, MIXED_CURRENCIES, REPEATED};
use crate::faults::Faults;
use crate::gtin::Gtin;
use crate::kit::Component;

/// Whether a product is sold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Not yet.
    #[default]
    Draft,
    /// Yes.
    Active,
    /// No longer.
    Archived,
}

impl ProductStatus {
    /// The form stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        match text {
            "draft" => Ok(Self::Draft),
            "active" => Ok(Self::Active),
            "archived" => Ok(Self::Archived),
            other => Err(Error::internal(format!("\"{other}\" is not a product status"))),
        }
    }
}

/// A picture as a page shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// Where its bytes are.
    #[schema(max_length = 500)]
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: Text,
    /// Pixels.
    #[schema(minimum = 1, maximum = 20_000)]
    pub width: i64,
    /// Pixels.
    #[schema(minimum = 1, maximum = 20_000)]
    pub height: i64,
}

/// One fact about a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Stable key.
    #[schema(max_length = 64)]
    pub key: String,
    /// Its name.
    pub label: Text,
    /// Its value.
    pub value: Text,
}

/// A product as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProductSummary {
    /// Its identifier.
    pub id: ProductId,
    /// The chain's own code, unique.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its brand.
    pub brand: Text,
    /// Where in the tree.
    pub category_id: CategoryId,
    /// Its first picture.
    pub image: Option<Media>,
    /// The lowest price of its SKUs that sell.
    pub price: Money,
    /// How many SKUs sell.
    pub sku_count: i64,
    /// Whether it is sold.
    pub status: ProductStatus,
}

/// A product whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// What lists show.
    #[serde(flatten)]
    pub summary: ProductSummary,
    /// Its story.
    pub description: Text,
    /// Its pictures.
    pub media: Vec<Media>,
    /// Its facts.
    pub attributes: Vec<Attribute>,
    /// What can be bought of it, in order.
    pub skus: Vec<Sku>,
    /// Raised by one at every change.
    pub version: i64,
}

/// A stock keeping unit: one thing that can be bought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sku {
    /// Its identifier.
    pub id: SkuId,
    /// The product it belongs to.
    pub product_id: ProductId,
    /// The chain's own code, unique.
    pub code: String,
    /// GTINs as written on the article.
    pub barcodes: Vec<String>,
    /// What sets it apart from its siblings, such as 30 ml; may be empty.
    pub option: Text,
    /// Its price, tax included.
    pub price: Money,
    /// Whether its stock is counted; what is not counted never runs out.
    pub tracked: bool,
    /// Whether it sells.
    pub active: bool,
    /// What one of it is made of, when it is a kit; a kit has no stock of its own.
    #[serde(default)]
    pub components: Vec<Component>,
}

/// A SKU to create or change; its code says which.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkuIn {
    /// The chain's own code, unique.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// GTINs as written on the article.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub barcodes: Vec<String>,
    /// What sets it apart from its siblings.
    #[serde(default)]
    pub option: Text,
    /// Its price, tax included.
    pub price: Money,
    /// Whether its stock is counted.
    #[serde(default = "yes")]
    pub tracked: bool,
    /// Whether it sells.
    #[serde(default = "yes")]
    pub active: bool,
}

/// What people decide about a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductIn {
    /// The chain's own code, unique.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its brand.
    #[serde(default)]
    pub brand: Text,
    /// Where in the tree.
    pub category_id: CategoryId,
    /// Its story.
    #[serde(default)]
    pub description: Text,
    /// Its pictures.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub media: Vec<Media>,
    /// Its facts.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub attributes: Vec<Attribute>,
    /// Whether it is sold.
    #[serde(default)]
    pub status: ProductStatus,
    /// What can be bought of it, in order.
    #[schema(min_items = 1, max_items = 500)]
    pub skus: Vec<SkuIn>,
}

const fn yes() -> bool {
    true
}

impl Product {
    /// What people decided about it, to be changed and decided again.
    #[must_use]
    pub fn details(&self) -> ProductIn {
        let summary = &self.summary;
        ProductIn {
            code: summary.code.clone(),
            name: summary.name.clone(),
            brand: summary.brand.clone(),
            category_id: summary.category_id,
            description: self.description.clone(),
            media: self.media.clone(),
            attributes: self.attributes.clone(),
            status: summary.status,
            skus: self.skus.iter().map(Sku::details).collect(),
        }
    }

    /// The product with these details. SKUs keep their identifiers by code; no kit is made here.
    pub(crate) fn build(
        id: ProductId,
        details: &ValidProduct,
        version: i64,
        sku_id: impl Fn(&str) -> SkuId,
    ) -> Self {
        let details = &details.0;
        let skus: Vec<Sku> = details
            .skus
            .iter()
            .map(|sku| Sku {
                id: sku_id(&sku.code),
                product_id: id,
                code: sku.code.clone(),
                barcodes: sku.barcodes.clone(),
                option: sku.option.clone(),
                price: sku.price,
                tracked: sku.tracked,
                active: sku.active,
                components: Vec::new(),
            })
            .collect();
        let summary = ProductSummary {
            id,
            code: details.code.clone(),
            name: details.name.clone(),
            brand: details.brand.clone(),
            category_id: details.category_id,
            image: details.media.first().cloned(),
            price: lowest_price(&skus),
            sku_count: skus.iter().filter(|sku| sku.active).map(|_| 1).sum(),
            status: details.status,
        };
        Self {
            summary,
            description: details.description.clone(),
            media: details.media.clone(),
            attributes: details.attributes.clone(),
            skus,
            version,
        }
    }

    /// What the product is found by, and how much each term says: the most telling place it stands in.
    pub(crate) fn terms(&self, category: &Text) -> Vec<(String, i64)> {
        const CODE: i64 = 8;
        const NAME: i64 = 5;
        const BRAND: i64 = 4;
        const SOUND: i64 = 3;
        const OPTION: i64 = 2;
        const STORY: i64 = 1;
        let summary = &self.summary;
        let mut weights = std::collections::HashMap::<String, i64>::new();
        let mut add = |terms: Vec<String>, weight: i64| {
            for term in terms {
                let known = weights.entry(term).or_insert(weight);
                *known = weight.max(*known);
            }
        };
        let both = |text: &Text| text::terms(&format!("{} {}", text.zh, text.en));
        add(vec![text::normalize(&summary.code)], CODE);
        add(both(&summary.name), NAME);
        add(both(&summary.brand), BRAND);
        add(text::pinyin_keys(&summary.name.zh), SOUND);
        add(text::pinyin_keys(&summary.brand.zh), SOUND);
        add(both(category), OPTION);
        add(both(&self.description), STORY);
        for attribute in &self.attributes {
            add(both(&attribute.value), STORY);
        }
        for sku in &self.skus {
            add(text::terms(&sku.code), CODE);
            add(vec![text::normalize(&sku.code)], CODE);
            add(sku.barcodes.clone(), CODE);
            add(both(&sku.option), OPTION);
        }
        let mut out: Vec<_> = weights.into_iter().filter(|(term, _)| !term.is_empty()).collect();
        out.sort_unstable();
        out
    }
}

/// The lowest price of the SKUs that sell; of all when none does. A valid product has a SKU and one currency.
fn lowest_price(skus: &[Sku]) -> Money {
    let lowest = |only_active: bool| {
        skus.iter()
            .filter(|sku| sku.active || !only_active)
            .map(|sku| sku.price)
            .min_by_key(|p| p.amount_minor)
    };
    lowest(true)
        .or_else(|| lowest(false))
        .unwrap_or(Money::zero(Currency::CNY))
}

impl Sku {
    /// What people decided about it.
    #[must_use]
    pub fn details(&self) -> SkuIn {
        SkuIn {
            code: self.code.clone(),
            barcodes: self.barcodes.clone(),
            option: self.option.clone(),
            price: self.price,
            tracked: self.tracked,
            active: self.active,
        }
    }
}

/// Details that hold together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValidProduct(ProductIn);

impl ValidProduct {
    /// The details.
    #[must_use]
    pub const fn details(&self) -> &ProductIn {
        &self.0
    }
}

impl TryFrom<ProductIn> for ValidProduct {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(product: ProductIn) -> Result<Self> {
        let mut faults = Faults::default();
        faults.text("code", &product.code, 1, 64);
        faults.both("name", &product.name, 1, 300);
        faults.both("brand", &product.brand, 0, 200);
        faults.both("description", &product.description, 0, 20_000);
        faults.count("media", product.media.len(), 0, 50);
        faults.count("attributes", product.attributes.len(), 0, 100);
        faults.count("skus", product.skus.len(), 1, 500);
        for (at, media) in product.media.iter().enumerate() {
            faults.text(&format!("media[{at}].url"), &media.url, 1, 500);
            for (side, pixels) in [("width", media.width), ("height", media.height)] {
                if !(1..=20_000).contains(&pixels) {
                    let range = [("min", 1.into()), ("max", 20_000.into())];
                    faults.add(format!("media[{at}].{side}"), &codes::OUT_OF_RANGE, range);
                }
            }
        }
        for (at, attribute) in product.attributes.iter().enumerate() {
            faults.text(&format!("attributes[{at}].key"), &attribute.key, 1, 64);
            faults.both(&format!("attributes[{at}].value"), &attribute.value, 0, 2_000);
        }
        check_skus(&product.skus, &mut faults);
        faults.finish()?;
        Ok(Self(product))
    }
}

fn check_skus(skus: &[SkuIn], faults: &mut Faults) {
    let mut sku_codes = HashSet::new();
    let mut gtins = HashSet::new();
    for (at, sku) in skus.iter().enumerate() {
        faults.text(&format!("skus[{at}].code"), &sku.code, 1, 64);
        faults.both(&format!("skus[{at}].option"), &sku.option, 0, 200);
        if !sku_codes.insert(sku.code.as_str()) {
            faults.add(
                format!("skus[{at}].code"),
                &REPEATED,
                [("value", sku.code.as_str().into())],
            );
        }
        if sku.price.amount_minor < 0 {
            let range = [("min", 0.into()), ("max", i64::MAX.into())];
            faults.add(
                format!("skus[{at}].price.amount_minor"),
                &codes::OUT_OF_RANGE,
                range,
            );
        }
        if skus
            .first()
            .is_some_and(|first| first.price.currency != sku.price.currency)
        {
            faults.add(format!("skus[{at}].price.currency"), &MIXED_CURRENCIES, []);
        }
        faults.count(&format!("skus[{at}].barcodes"), sku.barcodes.len(), 0, 20);
        for (nth, barcode) in sku.barcodes.iter().enumerate() {
            let field = format!("skus[{at}].barcodes[{nth}]");
            let value = [("value", barcode.as_str().into())];
            match Gtin::parse(barcode) {
                Err(_) => faults.add(field, &BAD_BARCODE, value),
                Ok(gtin) if !gtins.insert(gtin) => faults.add(field, &REPEATED, value),
                Ok(_) => {}
            }
        }
    }
}
