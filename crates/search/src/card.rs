//! What is known of a product without asking anybody: kept in the index beside its terms, read once at the start.

use base::{CategoryId, Money, ProductId, SkuId, Text};
use catalog::{Product, ProductStatus};
use serde::{Deserialize, Serialize};

/// Values longer than this are sentences; nobody narrows a list by one.
const VALUE_MAX_CHARS: usize = 40;

/// A product in a few words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) id: ProductId,
    pub(crate) status: ProductStatus,
    pub(crate) category: CategoryId,
    pub(crate) brand: Text,
    pub(crate) price: Money,
    pub(crate) skus: Vec<CardSku>,
    pub(crate) facts: Vec<Fact>,
}

/// A SKU that sells.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CardSku {
    pub(crate) id: SkuId,
    pub(crate) tracked: bool,
}

/// One attribute by which a list may be narrowed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub(crate) key: String,
    pub(crate) label: Text,
    pub(crate) value: Text,
}

impl From<&Product> for Card {
    fn from(product: &Product) -> Self {
        let is_short = |text: &Text| {
            let length = |side: &str| side.chars().count();
            (1..=VALUE_MAX_CHARS).contains(&length(&text.zh).max(length(&text.en)))
        };
        let summary = &product.summary;
        Self {
            id: summary.id,
            status: summary.status,
            category: summary.category_id,
            brand: summary.brand.clone(),
            price: summary.price,
            skus: product
                .skus
                .iter()
                .filter(|sku| sku.active)
                .map(|sku| CardSku {
                    id: sku.id,
                    // What is made of others is there when they are.
                    tracked: sku.tracked || !sku.components.is_empty(),
                })
                .collect(),
            facts: product
                .attributes
                .iter()
                .filter(|attribute| is_short(&attribute.value))
                .map(|attribute| Fact {
                    key: attribute.key.clone(),
                    label: attribute.label.clone(),
                    value: attribute.value.clone(),
                })
                .collect(),
        }
    }
}

/// What a text is called in addresses: the Chinese form, or the English one where there is no Chinese.
pub(crate) fn named(text: &Text) -> &str {
    if text.zh.is_empty() { &text.en } else { &text.zh }
}
