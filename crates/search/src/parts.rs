//! What search is made of.

use std::path::PathBuf;

use bus::Bus;
use catalog::Catalog;
use db::Db;
use places::Places;
use stock::Stock;

/// The domains it listens to and asks.
#[derive(Clone)]
pub struct SearchParts {
    /// The store.
    pub db: Db,
    /// The events.
    pub bus: Bus,
    /// What is sold.
    pub catalog: Catalog,
    /// Where.
    pub places: Places,
    /// How much of it.
    pub stock: Stock,
    /// Where the index lies; in memory when absent.
    pub folder: Option<PathBuf>,
    /// A list of synonyms instead of the built-in one, if it is there.
    pub synonyms: Option<PathBuf>,
}
