//! What is asked for and what is answered.

use base::{CategoryId, Error, PageSize, PlaceId, Result, Text, codes};
use catalog::{ProductStatus, ProductSummary};
use places::Point;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facets::Facets;

/// The longest question, in characters.
pub(crate) const QUESTION_MAX_CHARS: usize = 200;
/// The most values one filter takes.
pub(crate) const FILTER_MAX_VALUES: usize = 50;

/// How a list is ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProductSort)]
pub enum Sort {
    /// What answers the question best; without a question what sells and can be had.
    #[default]
    Relevance,
    /// What sells most.
    Popular,
    /// What came last.
    Newest,
    /// The cheapest.
    PriceLow,
    /// The dearest.
    PriceHigh,
}

/// How a product can be had, from where somebody looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityState {
    /// At the chosen place.
    Here,
    /// To collect at a place nearby.
    Near,
    /// Sent from a place that ships.
    Online,
    /// At some other place.
    Elsewhere,
    /// Nowhere now.
    None,
}

/// Only what can be had so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityWanted {
    /// At the chosen place.
    Here,
    /// At the chosen place, or nearby.
    Near,
    /// Anywhere.
    Any,
}

impl AvailabilityWanted {
    pub(crate) fn admits(self, state: AvailabilityState) -> bool {
        match self {
            Self::Here => state == AvailabilityState::Here,
            Self::Near => state <= AvailabilityState::Near,
            Self::Any => state < AvailabilityState::None,
        }
    }
}

/// A search.
#[derive(Clone, Debug, Default)]
pub struct ProductSearch {
    /// The question; empty for everything.
    pub question: String,
    /// Only in this category and below.
    pub category: Option<CategoryId>,
    /// Only of these brands.
    pub brands: Vec<String>,
    /// Only with one of the values of each key: (key, value).
    pub attributes: Vec<(String, String)>,
    /// Not cheaper, in minor units.
    pub min_price: Option<i64>,
    /// Not dearer, in minor units.
    pub max_price: Option<i64>,
    /// The chosen place.
    pub place: Option<PlaceId>,
    /// Where somebody is.
    pub near: Option<Point>,
    /// Only what can be had so.
    pub availability: Option<AvailabilityWanted>,
    /// Only of this status; visitors get what sells whatever they ask.
    pub status: Option<ProductStatus>,
    /// The order.
    pub sort: Sort,
    /// Whether to count by category, brand, attribute, price and availability.
    pub with_facets: bool,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub size: Option<PageSize>,
}

impl ProductSearch {
    /// Refuses what is too long or the wrong way round.
    pub(crate) fn check(&self) -> Result<()> {
        check_question("q", &self.question)?;
        for (field, count) in [("brand", self.brands.len()), ("attribute", self.attributes.len())] {
            if count > FILTER_MAX_VALUES {
                return Err(range(field, 0, FILTER_MAX_VALUES as i64));
            }
        }
        let not_negative = |field, price: Option<i64>| match price {
            Some(price) if price < 0 => Err(range(field, 0, i64::MAX)),
            _ => Ok(()),
        };
        not_negative("min_price", self.min_price)?;
        not_negative("max_price", self.max_price)
    }
}

/// Refuses a question that is too long.
pub(crate) fn check_question(field: &str, question: &str) -> Result<()> {
    if question.chars().count() <= QUESTION_MAX_CHARS {
        return Ok(());
    }
    let facts = [("max".to_owned(), QUESTION_MAX_CHARS.into())];
    Err(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::TOO_LONG, facts.into_iter().collect()))
}

fn range(field: &str, min: i64, max: i64) -> Error {
    let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

/// A stretch of a name, and whether it is what was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Marked {
    /// The stretch.
    pub text: String,
    /// Whether it answers the question.
    pub hit: bool,
}

/// A name in stretches; together they are the name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct NameParts {
    /// The Chinese name.
    pub zh: Vec<Marked>,
    /// The English name.
    pub en: Vec<Marked>,
}

/// How a product can be had.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = HitAvailability)]
pub struct Availability {
    /// From where the caller looks.
    pub state: AvailabilityState,
    /// The chosen place and those nearby that have it, nearest first; eight at most.
    pub places: Vec<PlaceId>,
}

/// Why it stands where it stands: the score is the words' times `1 + 0.25 * popularity` times the stock's.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, ToSchema)]
#[schema(as = HitRank)]
pub struct Rank {
    /// How well and exactly the words fit, weighted by where they stand; 1 without a question.
    pub words: f32,
    /// How much it sells beside what sells most, 0 to 1.
    pub popularity: f32,
    /// What is left of the score by how it can be had, 0 to 1.
    pub stock: f32,
}

/// A product found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProductHit)]
pub struct Hit {
    /// The product.
    #[serde(flatten)]
    pub product: ProductSummary,
    /// Its name, with what was asked for marked.
    pub name_parts: NameParts,
    /// How it can be had.
    pub availability: Availability,
    /// Why it stands where it stands.
    pub rank: Rank,
}

/// A page of products found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProductSearchResults)]
pub struct Results {
    /// The products, best first.
    pub items: Vec<Hit>,
    /// Pass as `cursor` for the next page; absent at the end.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: u64,
    /// The question as it was understood, when words of it were not known as written.
    pub corrected: Option<String>,
    /// Whether no product has all that was asked for, and those that have most of it are shown.
    pub partial: bool,
    /// The counts, on the first page and where asked for.
    pub facets: Option<Facets>,
}

/// What a suggestion is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A category.
    Category,
    /// A brand.
    Brand,
    /// A product.
    Product,
}

/// Something somebody may be typing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// Its name.
    pub text: Text,
    /// Its name, with what was typed marked.
    pub parts: NameParts,
    /// The category.
    pub category_id: Option<CategoryId>,
    /// The value of the filter `brand`.
    pub brand: Option<String>,
    /// The product.
    pub product: Option<ProductSummary>,
}

/// What somebody may be typing, best first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// Eight at most.
    pub items: Vec<Suggestion>,
    /// The question as it was understood, when words of it were not known as written.
    pub corrected: Option<String>,
}
