//! Articles, places, prices, and stock.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::words::{Amount, Piece, Several};

/// Nothing more to say.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// An article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Its name in the case.
    #[serde(default)]
    pub name: String,
    /// What one costs, tax included.
    pub price: Amount,
    /// Whether its stock is counted.
    #[serde(default = "yes")]
    pub counted: bool,
}

/// A change of an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleChange {
    /// Which.
    pub article: String,
    /// Its new price.
    pub price: Option<Amount>,
    /// Its new code and name.
    pub renamed: Option<String>,
    /// Whether it is still sold.
    pub sold: Option<bool>,
}

/// What an article is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// Which.
    pub article: String,
    /// The pieces in one of it.
    pub of: Several<Piece>,
}

/// What kind of place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// People come in.
    #[default]
    Store,
    /// Nobody comes in.
    Warehouse,
}

/// A place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its name in the case.
    #[serde(default)]
    pub name: String,
    /// Store unless said otherwise.
    #[serde(default)]
    pub kind: Kind,
    /// `Hangzhou`, `Shanghai` or `Chengdu`; Hangzhou unless said otherwise.
    pub city: Option<String>,
    /// Of `collect`, `ship`, `return`; all unless said otherwise.
    pub services: Option<Vec<String>>,
    /// Orders it takes in a day.
    pub daily_orders: Option<i64>,
    /// What lies there.
    #[serde(default)]
    pub stock: Several<Piece>,
}

/// A change of a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceChange {
    /// Which.
    pub place: String,
    /// Whether it is open at all.
    pub open: Option<bool>,
    /// Orders it takes in a day.
    pub daily_orders: Option<i64>,
}

/// A promotion.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// Its code.
    pub name: String,
    /// For these articles; for all of the case unless said otherwise.
    #[serde(default)]
    pub on: Several<String>,
    /// A sum off all of them together.
    pub amount_off: Option<Amount>,
    /// A share off, in per cent.
    pub percent_off: Option<i64>,
    /// Only for those who type this code; the case's own, whatever other cases type.
    pub typed: Option<String>,
    /// In how many orders.
    pub uses: Option<i64>,
    /// In how many orders of one member.
    pub uses_per_member: Option<i64>,
    /// Higher comes first.
    #[serde(default)]
    pub priority: i64,
}

/// What holds for all. The default of each is the product's own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What a price change does to a cart that has become an order: `keep_while_held` or `reprice_and_show`.
    pub price_change: Option<String>,
    /// Channels that show the tax apart.
    pub tax_apart: Option<Vec<String>>,
    /// From where channels sell, and what they leave there; all from everywhere, and nothing, where nothing is said.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelPolicy>,
}

/// From where a channel sells, and what it leaves there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelPolicy {
    /// From these places; from all when none is named.
    #[serde(default)]
    pub sells_from: Vec<String>,
    /// Pieces of every article that it leaves at every place.
    #[serde(default)]
    pub leaves: i64,
}

/// Pieces at a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// Where.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
}

/// Goods a supplier is to bring.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Where.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
    /// In how many days.
    pub in_days: i64,
}

/// Goods that come on another day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutOff {
    /// Which.
    pub supply: String,
    /// In how many days from now.
    pub in_days: i64,
}

/// Goods that come.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrive {
    /// Which.
    pub supply: String,
    /// These pieces; all that is still to come unless said otherwise.
    #[serde(default)]
    pub pieces: Several<Piece>,
}

/// Goods that do not come.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallOff {
    /// Which.
    pub supply: String,
    /// Although they are promised.
    #[serde(default)]
    pub although_promised: bool,
}

/// An article that is sold before it is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellAhead {
    /// Which.
    pub article: String,
    /// The most pieces that may wait.
    pub up_to: i64,
}

/// Pieces that are not sold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepBack {
    /// Where.
    pub at: String,
    /// What.
    #[serde(default)]
    pub pieces: Several<Piece>,
    /// So many of everything of which nothing else is said.
    pub of_each: Option<i64>,
}

/// Pieces off the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOff {
    /// Where.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
    /// Why, although they are promised.
    pub although_promised: Option<String>,
}

/// A sale that is told late.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoldEarlier {
    /// Where.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
    /// How long ago.
    pub minutes_ago: i64,
}

/// The book is set to what was found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetStock {
    /// Where.
    pub at: String,
    /// What was found.
    pub found: Several<Piece>,
    /// What the book said when somebody looked.
    pub book_said: Option<i64>,
}

/// A hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Where.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
    /// For how long.
    #[serde(default = "an_hour")]
    pub seconds: i64,
}

/// One article at one place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtPlace {
    /// What.
    pub article: String,
    /// Where.
    pub at: String,
}

/// A hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfHold {
    /// Its name in the case.
    pub hold: String,
}

/// An article as shoppers are told of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenArticle {
    /// Its name in the case.
    pub article: String,
    /// In which channel; whatever the channel when none is named.
    pub channel: Option<String>,
}

/// An article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfArticle {
    /// Its name in the case.
    pub article: String,
}

const fn yes() -> bool {
    true
}

const fn an_hour() -> i64 {
    3_600
}
