//! Cards and what happens to them.

use base::{Currency, Error, Id, IdKind, Money, OrderId, Result, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::GIFT_CARD_OTHER_CURRENCY;
use crate::model::parse;

/// The kind of a gift card.
pub enum GiftCardKind {}

impl IdKind for GiftCardKind {
    const PREFIX: &'static str = "gft";
}

/// Names a gift card; not its number, which nobody reads here.
pub type GiftCardId = Id<GiftCardKind>;

/// Whether a card pays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftCardState {
    /// It does, while its time lasts.
    Active,
    /// Somebody has stopped it: lost, or not to be trusted.
    Blocked,
}

impl GiftCardState {
    const ALL: [Self; 2] = [Self::Active, Self::Blocked];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// What moved a card's money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftEntryKind {
    /// It was made.
    Issued,
    /// Something was put on it.
    Loaded,
    /// It paid for an order.
    Spent,
    /// Something it had paid came back.
    Refunded,
}

impl GiftEntryKind {
    const ALL: [Self; 4] = [Self::Issued, Self::Loaded, Self::Spent, Self::Refunded];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Loaded => "loaded",
            Self::Spent => "spent",
            Self::Refunded => "refunded",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// Where the money of a card came from, or where it went: the other side of each of its entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftAccount {
    /// Sold for notes and coins.
    Cash,
    /// Sold at the card terminal.
    Terminal,
    /// Given, to make up for something.
    Goodwill,
    /// Brought over from another system.
    Migration,
    /// Orders it paid for.
    Orders,
}

impl GiftAccount {
    const ALL: [Self; 5] = [
        Self::Cash,
        Self::Terminal,
        Self::Goodwill,
        Self::Migration,
        Self::Orders,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Terminal => "terminal",
            Self::Goodwill => "goodwill",
            Self::Migration => "migration",
            Self::Orders => "orders",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// How what is put on a card is paid for, or why it is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GiftCardSource)]
pub enum GiftSource {
    /// Sold for notes and coins.
    Cash,
    /// Sold at the card terminal.
    Terminal,
    /// Given, to make up for something.
    Goodwill,
    /// Brought over from another system.
    Migration,
}

impl GiftSource {
    /// The account it comes from.
    #[must_use]
    pub const fn account(self) -> GiftAccount {
        match self {
            Self::Cash => GiftAccount::Cash,
            Self::Terminal => GiftAccount::Terminal,
            Self::Goodwill => GiftAccount::Goodwill,
            Self::Migration => GiftAccount::Migration,
        }
    }
}

/// A card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GiftCard {
    /// Its name here.
    pub id: GiftCardId,
    /// The last signs of its number: all of it anybody reads here.
    pub last4: String,
    /// The currency of its money.
    pub currency: Currency,
    /// Whether it pays.
    pub state: GiftCardState,
    /// What is on it, in minor units.
    pub balance: i64,
    /// What of it is kept for orders that wait for their money.
    pub held: i64,
    /// Until just before when it pays.
    pub expires_at: Option<Time>,
    /// Wrong PINs since the last right one.
    pub tries: i64,
    /// Until when no PIN is looked at.
    pub locked_until: Option<Time>,
    /// A word about it.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Time,
}

impl GiftCard {
    /// What it can pay with now, in minor units.
    #[must_use]
    pub const fn available(&self) -> i64 {
        self.balance - self.held
    }

    /// Whether it is of this money.
    ///
    /// # Errors
    /// `gift_card.other_currency`.
    pub fn takes(&self, currency: Currency) -> Result<()> {
        if self.currency == currency {
            return Ok(());
        }
        Err(Error::new(&GIFT_CARD_OTHER_CURRENCY)
            .with("found", self.currency.as_str())
            .with("expected", currency.as_str()))
    }
}

/// A card, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GiftCard)]
pub struct GiftCardOut {
    /// Its name here.
    pub id: GiftCardId,
    /// The last signs of its number.
    pub last4: String,
    /// Whether it pays.
    pub state: GiftCardState,
    /// What is on it.
    pub balance: Money,
    /// What of it is kept for orders that wait for their money.
    pub held: Money,
    /// What it can pay with now.
    pub available: Money,
    /// Until just before when it pays.
    pub expires_at: Option<Time>,
    /// Until when no PIN is looked at, after too many wrong ones.
    pub locked_until: Option<Time>,
    /// A word about it.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Time,
}

impl From<&GiftCard> for GiftCardOut {
    fn from(card: &GiftCard) -> Self {
        let money = |minor| Money::new(minor, card.currency);
        Self {
            id: card.id,
            last4: card.last4.clone(),
            state: card.state,
            balance: money(card.balance),
            held: money(card.held),
            available: money(card.available()),
            expires_at: card.expires_at,
            locked_until: card.locked_until,
            note: card.note.clone(),
            created_at: card.created_at,
        }
    }
}

/// A new card with what opens it, told once to whoever made it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GiftCardIssued)]
pub struct GiftIssued {
    /// The card.
    pub card: GiftCardOut,
    /// Its number.
    pub number: String,
    /// Its PIN.
    pub pin: String,
}

/// One movement of a card's money, as sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GiftCardEntry)]
pub struct GiftEntryOut {
    /// What moved it.
    pub kind: GiftEntryKind,
    /// By how much; below zero for what was spent.
    pub amount: Money,
    /// What was on it afterwards.
    pub balance_after: Money,
    /// Where it came from, or where it went.
    pub account: GiftAccount,
    /// The order it paid for.
    pub order_id: Option<OrderId>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Time,
}

/// What is owed on cards in one currency, and where it came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GiftCardAccounts)]
pub struct GiftAccountsOut {
    /// What is on all cards.
    pub owed: Money,
    /// What of it is kept for orders that wait for their money.
    pub held: Money,
    /// What cards were sold for.
    pub sold: Money,
    /// What was given or brought over from another system.
    pub given: Money,
    /// What orders used, less what went back.
    pub used: Money,
}
