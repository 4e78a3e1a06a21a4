//! What this domain announces.

use base::{ProductId, SkuId};
use serde::{Deserialize, Serialize};

use crate::model::ProductStatus;

/// A product or one of its SKUs was created or changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProductChanged {
    /// Which product.
    pub product_id: ProductId,
    /// Its code.
    pub code: String,
    /// Its state after the change.
    pub status: ProductStatus,
    /// All its SKUs.
    pub sku_ids: Vec<SkuId>,
    /// Its version after the change.
    pub version: i64,
}

impl bus::Event for ProductChanged {
    const KIND: &'static str = "catalog.product_changed.v1";

    fn aggregate(&self) -> String {
        self.product_id.to_string()
    }
}
