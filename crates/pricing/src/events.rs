//! What this domain announces.

use base::{PriceListId, PromotionId};
use serde::{Deserialize, Serialize};

/// A price list or its prices were created, changed or removed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PriceListChanged {
    /// Which.
    pub price_list_id: PriceListId,
    /// Its code.
    pub code: String,
    /// Its version after the change.
    pub version: i64,
    /// Whether it is gone.
    pub removed: bool,
}

impl bus::Event for PriceListChanged {
    const KIND: &'static str = "pricing.price_list_changed.v1";

    fn aggregate(&self) -> String {
        self.price_list_id.to_string()
    }
}

/// A promotion was created, changed or removed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PromotionChanged {
    /// Which.
    pub promotion_id: PromotionId,
    /// Its code.
    pub code: String,
    /// Its version after the change.
    pub version: i64,
    /// Whether it is gone.
    pub removed: bool,
}

impl bus::Event for PromotionChanged {
    const KIND: &'static str = "pricing.promotion_changed.v1";

    fn aggregate(&self) -> String {
        self.promotion_id.to_string()
    }
}

/// What holds for all prices was changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PriceSettingsChanged {
    /// Their version after the change.
    pub version: i64,
}

impl bus::Event for PriceSettingsChanged {
    const KIND: &'static str = "pricing.settings_changed.v1";

    fn aggregate(&self) -> String {
        "price_settings".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<E: bus::Event + PartialEq>(fixture: &str) {
        let written: serde_json::Value = serde_json::from_str(fixture).unwrap();
        let event: E = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
    }

    /// What was once announced can be read for ever, and is written the same way.
    #[test]
    fn fixtures_of_every_kind() {
        same::<PriceListChanged>(
            r#"{"price_list_id":"prl_01jd0000000000000000000001","code":"VIP","version":2,"removed":false}"#,
        );
        same::<PromotionChanged>(
            r#"{"promotion_id":"prm_01jd0000000000000000000001","code":"D11","version":1,"removed":true}"#,
        );
        same::<PriceSettingsChanged>(r#"{"version":3}"#);
    }
}
