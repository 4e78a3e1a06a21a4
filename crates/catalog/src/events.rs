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

#[cfg(test)]
mod tests {
    use super::*;

    /// What was once announced can be read for ever, and is written the same way.
    #[test]
    fn fixtures_of_every_kind() {
        let fixture = r#"{"product_id":"prd_01jd0000000000000000000005","code":"P1","status":"active",
            "sku_ids":["sku_01jd0000000000000000000001"],"version":3}"#;
        let written: serde_json::Value = serde_json::from_str(fixture).unwrap();
        let event: ProductChanged = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
    }
}
