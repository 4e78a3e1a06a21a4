//! The mappings that come with the program.

use crate::mapping::{Mapping, MappingError};

/// A mapping for a known export or data set.
#[derive(Debug)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its TOML text; a good start for a mapping of one's own.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        /// Every preset.
        pub static PRESETS: &[Preset] =
            &[$(Preset { name: $name, text: include_str!(concat!("../presets/", $name, ".toml")) }),*];
    };
}

presets![
    "online-retail",
    "olist",
    "bestbuy-stores",
    "bestbuy-categories",
    "starbucks-stores",
    "litemall-catalogue",
    "tmall-orders",
    "shopify-products",
    "shopify-orders",
    "woocommerce-products",
    "woocommerce-orders",
];

/// The mapping of a preset; `None` when there is none of that name.
///
/// # Errors
/// Never in a released program: a test reads every preset.
pub fn preset(name: &str) -> Option<Result<Mapping, MappingError>> {
    PRESETS
        .iter()
        .find(|p| p.name == name)
        .map(|p| Mapping::parse(p.name, p.text))
}
