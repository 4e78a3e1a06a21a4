//! Product search: words in Chinese and English, pinyin, codes, slips of the finger, what is sold where.
//!
//! Owns: one full-text index a node, in the data folder, made from the catalogue and kept up by its events; the
//! picture of what sells where and how much, in memory, that results are ranked and counted by.
//! Never does: decide what is sold or how much is there. Figures of a page come from the catalogue.
//! Invariants: the index is nothing but a copy: it names the last event it knows of, and one that is missing, of
//! another version or of another database is made anew; a visitor finds what sells and nothing else; what is out
//! of stock is found last, not hidden; no question is too odd to be answered.
//! Events: none. Listens to those of `catalog`, `stock`, `orders` and `places`, each node for itself.

mod analysis;
mod card;
mod collect;
mod error;
mod facets;
mod follow;
mod highlight;
mod index;
mod matching;
mod model;
mod parts;
mod picture;
mod question;
mod rank;
mod routes;
mod service;
mod sounding;
mod spelling;
mod suggest;
mod synonyms;
mod terms;

pub use error::{BUILDING, ERRORS, LOCKED};
pub use facets::{
    AttributeFacet, AttributeValue, AvailabilityFacet, BrandFacet, CategoryFacet, Facets, PriceFacet,
};
pub use model::{
    Availability, AvailabilityState, AvailabilityWanted, Hit, Marked, NameParts, ProductSearch, Rank,
    Results, Sort, Suggestion, SuggestionKind, Suggestions,
};
pub use parts::SearchParts;
pub use routes::routes;
pub use service::{Search, State};
