//! Carts, orders, what places do for them, and goods that move among places.

use serde::Deserialize;

use crate::words::{Amount, Piece, Several};

/// How the goods reach the customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basket {
    /// What is wanted; one article may stand there twice.
    pub lines: Several<Piece>,
    /// Collected here.
    pub collect: Option<String>,
    /// Or sent to this city.
    pub deliver_to: Option<String>,
    /// Where it is bought: `web` unless said otherwise.
    pub channel: Option<String>,
    /// The promotion code that is typed into it.
    pub code: Option<String>,
}

/// A change of a cart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCart {
    /// Which.
    pub cart: String,
    /// So many of this.
    pub line: Option<Piece>,
    /// The promotion code that is typed into it; an empty one takes it out.
    pub code: Option<String>,
}

/// How it is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum With {
    /// On the pay page of a provider that moves no money.
    #[default]
    Online,
    /// Over the counter.
    InStore,
}

/// A cart becomes an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// Which cart.
    pub cart: String,
    /// How it will be paid.
    #[serde(default)]
    pub pay: With,
    /// The total the customer saw.
    pub seen: Option<Amount>,
    /// What makes a repeat known as one.
    pub key: Option<String>,
}

/// Cart, checkout, and payment too when `paid`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// What is wanted.
    pub lines: Several<Piece>,
    /// Collected here.
    pub collect: Option<String>,
    /// Or sent to this city.
    pub deliver_to: Option<String>,
    /// How it will be paid.
    #[serde(default)]
    pub pay: With,
    /// Whether it is paid at once.
    #[serde(default)]
    pub paid: bool,
    /// Where it is bought: `web` unless said otherwise.
    pub channel: Option<String>,
    /// The promotion code that is typed into its cart.
    pub code: Option<String>,
    /// What makes a repeat known as one; whoever hears no answer asks again.
    pub key: Option<String>,
}

/// A moment in the life of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Its stock is taken, and nothing is certain yet.
    BeforeTheOrderIsWritten,
    /// It is certain, and nobody was told.
    BeforeTheOrderIsAnswered,
    /// The provider has the money, and nothing is certain yet.
    BeforeThePaymentIsWritten,
    /// It is certain, and nobody was told.
    BeforeThePaymentIsAnswered,
}

/// A server's end.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Death {
    /// When.
    pub at: Moment,
}

/// An order is looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookAtOrder {
    /// Which.
    pub order: String,
    /// By somebody who only knows its number.
    #[serde(default)]
    pub by_a_stranger: bool,
}

/// A payment's outcome.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Of which order.
    pub order: String,
    /// The how-manieth payment of it; the last unless said otherwise.
    pub nth: Option<usize>,
}

/// A provider's word about a payment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderTells {
    /// Of which order.
    pub order: String,
    /// `paid`, or `refunded` at its own desk.
    pub what: String,
    /// How much; all of the payment unless said otherwise.
    pub amount: Option<Amount>,
    /// Whether somebody else signed it.
    #[serde(default)]
    pub forged: bool,
}

/// A gift card that is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGiftCard {
    /// What is on it.
    pub holds: Amount,
}

/// A gift card pays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayByGiftCard {
    /// Which order.
    pub order: String,
    /// Which card.
    pub gift_card: String,
    /// So much of it; as far as it goes unless said otherwise.
    pub amount: Option<Amount>,
    /// Whether the PIN is wrong.
    #[serde(default)]
    pub wrong_code: bool,
}

/// A gift card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfGiftCard {
    /// Its name in the case.
    pub gift_card: String,
}

/// Giving up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Which order.
    pub order: String,
    /// These pieces of it; all unless said otherwise.
    #[serde(default)]
    pub pieces: Several<Piece>,
}

/// A placed order is to be another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrder {
    /// Which order.
    pub order: String,
    /// All that is wanted in it; the goods stay unless said otherwise.
    #[serde(default)]
    pub to: Several<Piece>,
    /// Collected here from now on.
    pub collect: Option<String>,
    /// Or sent to this city.
    pub deliver_to: Option<String>,
    /// What was agreed to be paid on top, below zero to get back; whatever it comes to unless said otherwise.
    pub agreed: Option<Amount>,
    /// Whether its customer asks, not staff.
    #[serde(default)]
    pub by_customer: bool,
    /// What makes a repeat known as one.
    pub key: Option<String>,
}

/// A decision.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Which order.
    pub order: String,
    /// `source_again`, `place`, `wait` or `cancel`.
    pub choice: String,
    /// Who serves it.
    pub place: Option<String>,
    /// How long it may wait, for `wait`.
    pub days: Option<i64>,
}

/// The part of an order that one place serves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which order.
    pub order: String,
    /// Which place; the only one still at work unless said otherwise.
    pub at: Option<String>,
}

/// A place cannot serve.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// Which order.
    pub order: String,
    /// Which place.
    pub at: Option<String>,
    /// `not_in_stock`, `damaged` or `mismatch`.
    pub because: String,
    /// Which pieces; all unless said otherwise.
    #[serde(default)]
    pub pieces: Several<Piece>,
}

/// Goods over the counter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// Which order.
    pub order: String,
    /// Which place.
    pub at: Option<String>,
    /// Whether the code is wrong.
    #[serde(default)]
    pub wrong_code: bool,
    /// Who fetches it for the customer.
    pub proxy: Option<String>,
    /// What is not there after all.
    #[serde(default)]
    pub missing: Several<Piece>,
    /// Whether that is paid back at once.
    #[serde(default)]
    pub refund_missing: bool,
}

/// A counter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtCounter {
    /// Where.
    pub at: String,
}

/// Goods that come back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnGoods {
    /// Of which order.
    pub order: String,
    /// Where they are handed in.
    pub at: String,
    /// What.
    pub pieces: Several<Piece>,
    /// `sellable`, `inspect` or `damaged`; inspect unless said otherwise.
    pub condition: Option<String>,
}

/// Goods that come back, and others that go out for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeGoods {
    /// Of which order.
    pub order: String,
    /// At which counter.
    pub at: String,
    /// What comes back.
    pub pieces: Several<Piece>,
    /// `sellable`, `inspect` or `damaged`; inspect unless said otherwise.
    pub condition: Option<String>,
    /// What goes out instead.
    pub take: Several<Piece>,
    /// What the customer agreed to pay, below zero to get back; whatever it comes to unless said otherwise.
    pub agreed: Option<Amount>,
    /// What makes a repeat known as one.
    pub key: Option<String>,
}

/// A transfer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// From here.
    pub from: String,
    /// To there.
    pub to: String,
    /// What.
    pub pieces: Several<Piece>,
}

/// The next step of a transfer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveTransfer {
    /// Which.
    pub transfer: String,
    /// `approve`, `pick`, `ship`, `receive`, `settle`, `cancel`.
    pub step: String,
    /// Which pieces; all unless said otherwise.
    #[serde(default)]
    pub pieces: Several<Piece>,
    /// Why pieces are missing, what became of them, or what becomes of goods on the road.
    pub because: Option<String>,
}

/// A count sheet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCount {
    /// Where.
    pub at: String,
    /// Of what.
    pub articles: Several<String>,
}

/// What was found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountFound {
    /// On which sheet.
    pub count: String,
    /// What.
    pub pieces: Several<Piece>,
}

/// An order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfOrder {
    /// Its name in the case.
    pub order: String,
}

/// A cart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCart {
    /// Its name in the case.
    pub cart: String,
}

/// A count sheet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCount {
    /// Its name in the case.
    pub count: String,
}
