//! What a generated chain consists of. Rows point to each other by position in the
//! chain's own tables (`place`, `sku`, `member` ...) and carry the identifier they will
//! have in the house.

mod people;
mod shop;
mod stock;
mod trade;
mod voice;

use base::Time;

pub use people::{Consent, Gender, Member, Role, Scope, Staff};
pub use shop::{Address, Attribute, Category, Picture, Place, PlaceKind, Product, Sku, Visits};
pub use stock::{Level, Movement, MovementKind, Source};
pub use trade::{
    Condition, Fulfilment, GoodsReturn, Line, Order, OrderState, Outcome, Payment, ReturnLine, Steps,
};
pub use voice::{Issue, IssueAction, IssueState, Metric, Proof, Voice, VoiceSource, VoiceState};

/// Everything, in the order it can be written.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The seed it was made from.
    pub seed: u64,
    /// The present of its history.
    pub as_of: Time,
    /// Stores first, then warehouses.
    pub places: Vec<Place>,
    /// Parents before children.
    pub categories: Vec<Category>,
    /// Products with their pictures.
    pub products: Vec<Product>,
    /// SKUs, grouped by product.
    pub skus: Vec<Sku>,
    /// People who sign in to the console and the store app.
    pub staff: Vec<Staff>,
    /// Members.
    pub members: Vec<Member>,
    /// Orders by the time they were placed.
    pub orders: Vec<Order>,
    /// People who came into the stores, by store and time.
    pub visits: Vec<Visits>,
    /// Stock ledger by time.
    pub movements: Vec<Movement>,
    /// Stock balances, one for every SKU a place carries.
    pub levels: Vec<Level>,
    /// Answers and other voices by time.
    pub voices: Vec<Voice>,
    /// Issues by number.
    pub issues: Vec<Issue>,
}
