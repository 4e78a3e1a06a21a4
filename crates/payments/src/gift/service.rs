//! The desk for gift cards: made, loaded, looked up, stopped; and the door where a number and a PIN are shown.

use base::{Ctx, Error, Money, Page, PageQuery, Resource, Result, Time};
use db::{Reader, Tx};
use serde::{Deserialize, Serialize};

use super::model::{
    GiftAccountsOut, GiftCard, GiftCardId, GiftCardOut, GiftCardState, GiftEntryKind, GiftEntryOut,
    GiftIssued, GiftSource,
};
use super::rules::try_pin;
use super::secrets::{GiftSecrets, number_hash, typed, written};
use super::store::{self, Entry};
use crate::error::{GIFT_CARD_BLOCKED, GIFT_CARD_EXPIRED, GIFT_CARD_REFUSED};
use crate::service::Payments;
use crate::{GIFT_CARD_ISSUE, GIFT_CARD_READ};

/// Entries shown of a card.
const ENTRIES_MAX: i64 = 200;

/// Cards to be made.
#[derive(Clone, Debug)]
pub struct GiftNew {
    /// How many.
    pub count: usize,
    /// What is on each; above zero.
    pub amount: Money,
    /// How it was paid for, or why it is given.
    pub source: GiftSource,
    /// Until just before when they pay; for ever when absent.
    pub expires_at: Option<Time>,
    /// A word about them.
    pub note: Option<String>,
}

/// Which cards.
#[derive(Clone, Debug, Default)]
pub struct GiftFilter {
    /// Whose number ends so.
    pub last4: Option<String>,
}

/// What came of a number and a PIN. A wrong PIN is counted, so it ends a unit rather than failing it.
#[derive(Serialize, Deserialize)]
enum Tried {
    Opened(Box<GiftCard>),
    Refused,
}

impl Payments {
    /// Makes cards. Asked again with the same key, they are the same cards with the same numbers and PINs.
    ///
    /// # Errors
    /// `access.*` without `gift_card.issue`.
    pub async fn gift_card_issue(&self, ctx: &Ctx, new: GiftNew) -> Result<Vec<GiftIssued>> {
        ctx.require(GIFT_CARD_ISSUE, &Resource::Chain)?;
        let (actor, secrets) = (ctx.actor.to_string(), self.gift.clone());
        let unit = async move |tx: &Tx| {
            let cards: Vec<_> = (0..new.count).map(|_| made(tx, &new, &secrets)).collect();
            let entries: Vec<Entry> = cards
                .iter()
                .map(|(card, _)| Entry {
                    card: card.id,
                    key: "issued".to_owned(),
                    kind: GiftEntryKind::Issued,
                    account: new.source.account(),
                    amount: card.balance,
                    balance_after: card.balance,
                    order: None,
                    actor: actor.clone(),
                })
                .collect();
            store::insert(tx, &cards).await?;
            store::append(tx, &entries).await?;
            Ok(cards.into_iter().map(|(card, _)| card).collect::<Vec<_>>())
        };
        let cards = self.db.write_once(ctx, "gift_card.issue", unit).await?;
        // Put in after the unit: no stored answer contains them.
        let issued = cards.iter().map(|card| GiftIssued {
            number: written(&self.gift.number(card.id)),
            pin: self.gift.pin(card.id),
            card: card.into(),
        });
        Ok(issued.collect())
    }

    /// Puts more on a card.
    ///
    /// # Errors
    /// `access.*` without `gift_card.issue`, `not_found`, `gift_card.blocked`, `gift_card.other_currency`.
    pub async fn gift_card_load(
        &self,
        ctx: &Ctx,
        id: GiftCardId,
        amount: Money,
        source: GiftSource,
    ) -> Result<GiftCardOut> {
        ctx.require(GIFT_CARD_ISSUE, &Resource::Chain)?;
        let actor = ctx.clone();
        let unit = async move |tx: &Tx| {
            let card = find_in(tx, id).await?;
            card.takes(amount.currency)?;
            if card.state == GiftCardState::Blocked {
                return Err(Error::new(&GIFT_CARD_BLOCKED));
            }
            let balance_after = store::add(tx, id, amount.amount_minor, None).await?;
            let entry = Entry {
                card: id,
                // Each request is a document of its own; a repeated one is answered before it gets here.
                key: format!("loaded:{}:{}", tx.now().micros(), actor.request_id.0),
                kind: GiftEntryKind::Loaded,
                account: source.account(),
                amount: amount.amount_minor,
                balance_after,
                order: None,
                actor: actor.actor.to_string(),
            };
            store::append(tx, &[entry]).await?;
            Ok(GiftCardOut::from(&find_in(tx, id).await?))
        };
        self.db.write_once(ctx, "gift_card.load", unit).await
    }

    /// Stops a card, or lets it pay again.
    ///
    /// # Errors
    /// `access.*` without `gift_card.issue`, `not_found`.
    pub async fn gift_card_set_state(
        &self,
        ctx: &Ctx,
        id: GiftCardId,
        state: GiftCardState,
        note: String,
    ) -> Result<GiftCardOut> {
        ctx.require(GIFT_CARD_ISSUE, &Resource::Chain)?;
        let unit = async move |tx: &Tx| {
            find_in(tx, id).await?;
            store::set_state(tx, id, state, &note).await?;
            Ok(GiftCardOut::from(&find_in(tx, id).await?))
        };
        self.db.write_once(ctx, "gift_card.set_state", unit).await
    }

    /// Cards, the newest first.
    ///
    /// # Errors
    /// `access.*` without `gift_card.read`, `input.invalid_cursor`.
    pub async fn gift_card_list(
        &self,
        ctx: &Ctx,
        filter: GiftFilter,
        page: &PageQuery,
    ) -> Result<Page<GiftCardOut>> {
        ctx.require(GIFT_CARD_READ, &Resource::Chain)?;
        let (size, after) = (page.size()?, page.after::<(Time, GiftCardId)>()?);
        let last4 = filter.last4.map(|last4| typed(&last4));
        let read = async move |r: &Reader| store::list(r, last4.as_deref(), after, size.with_surplus()).await;
        let cards: Vec<GiftCardOut> = self.db.read(read).await?.iter().map(Into::into).collect();
        Page::from_surplus(cards, size, |card| (card.created_at, card.id))
    }

    /// One card with what happened to its money, the newest first.
    ///
    /// # Errors
    /// `access.*` without `gift_card.read`, `not_found`.
    pub async fn gift_card_get(&self, ctx: &Ctx, id: GiftCardId) -> Result<(GiftCardOut, Vec<GiftEntryOut>)> {
        ctx.require(GIFT_CARD_READ, &Resource::Chain)?;
        let read = async move |r: &Reader| {
            let card = find_in(r, id).await?;
            let entries = store::entries(r, &card, ENTRIES_MAX).await?;
            Ok((GiftCardOut::from(&current_in(r, card).await?), entries))
        };
        self.db.read(read).await
    }

    /// The card of a number, for staff who have it in their hand.
    ///
    /// # Errors
    /// `access.*` without `gift_card.read`, `gift_card.refused` when there is none.
    pub async fn gift_card_find(&self, ctx: &Ctx, number: &str) -> Result<GiftCardOut> {
        ctx.require(GIFT_CARD_READ, &Resource::Chain)?;
        let hash = number_hash(&typed(number));
        let read = async move |r: &Reader| match store::find_by_number(r, hash).await? {
            Some(card) => Ok(GiftCardOut::from(&current_in(r, card).await?)),
            None => Err(Error::new(&GIFT_CARD_REFUSED)),
        };
        self.db.read(read).await
    }

    /// What is on the card of a number and a PIN, for whoever has both.
    ///
    /// # Errors
    /// Those of [`Payments::gift_card_open`].
    pub async fn gift_card_balance(&self, number: &str, pin: &str) -> Result<GiftCardOut> {
        let card = self.gift_card_open(number, pin).await?;
        let read = async move |r: &Reader| current_in(r, card.clone()).await;
        Ok((&self.db.read(read).await?).into())
    }

    /// The card a number and a PIN open. Wrong ones are counted; an unknown number and a wrong PIN are told alike.
    ///
    /// # Errors
    /// `gift_card.refused`, `gift_card.locked`, `gift_card.blocked`, `gift_card.expired`.
    pub async fn gift_card_open(&self, number: &str, pin: &str) -> Result<GiftCard> {
        let (hash, pin, secrets) = (number_hash(&typed(number)), pin.to_owned(), self.gift.clone());
        let unit = async move |tx: &Tx| {
            let Some(card) = store::find_by_number(tx, hash).await? else {
                return Ok(Tried::Refused);
            };
            let is_right = secrets.is_pin(card.id, &pin);
            let tried = try_pin(card.tries, card.locked_until, tx.now(), is_right)?;
            if (tried.tries, tried.locked_until) != (card.tries, card.locked_until) {
                store::tried(tx, card.id, tried.tries, tried.locked_until).await?;
            }
            if !tried.accepted {
                return Ok(Tried::Refused);
            }
            if card.state == GiftCardState::Blocked {
                return Err(Error::new(&GIFT_CARD_BLOCKED));
            }
            if card.expires_at.is_some_and(|at| at <= tx.now()) {
                return Err(Error::new(&GIFT_CARD_EXPIRED));
            }
            Ok(Tried::Opened(Box::new(card)))
        };
        match self.db.write(unit).await? {
            Tried::Opened(card) => Ok(*card),
            Tried::Refused => Err(Error::new(&GIFT_CARD_REFUSED)),
        }
    }

    /// What is owed on cards, and where it came from, by currency.
    ///
    /// # Errors
    /// `access.*` without `gift_card.read`.
    pub async fn gift_card_accounts(&self, ctx: &Ctx) -> Result<(Vec<GiftAccountsOut>, i64)> {
        ctx.require(GIFT_CARD_READ, &Resource::Chain)?;
        let read = async move |r: &Reader| Ok((store::accounts(r).await?, store::drift(r).await?));
        self.db.read(read).await
    }

    /// How many movements do not sum to zero, and how many cards are not the sum of their entries and holds; anything
    /// but 0 is a defect.
    ///
    /// # Errors
    /// The store's.
    pub async fn gift_card_drift(&self) -> Result<i64> {
        self.db.read(async move |r: &Reader| store::drift(r).await).await
    }
}

/// A new card, and what its number is found by.
fn made(tx: &Tx, new: &GiftNew, secrets: &GiftSecrets) -> (GiftCard, [u8; 32]) {
    let id = GiftCardId::new();
    let number = secrets.number(id);
    let last4 = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
    let card = GiftCard {
        id,
        last4: last4.to_owned(),
        currency: new.amount.currency,
        state: GiftCardState::Active,
        balance: new.amount.amount_minor,
        held: 0,
        expires_at: new.expires_at,
        tries: 0,
        locked_until: None,
        note: new.note.clone(),
        created_at: tx.now(),
    };
    (card, number_hash(&number))
}

async fn find_in(r: &Reader, id: GiftCardId) -> Result<GiftCard> {
    let found = store::find(r, id).await?;
    found.ok_or_else(|| Error::not_found("gift card", id))
}

/// Without what is kept by holds whose time is over.
async fn current_in(r: &Reader, card: GiftCard) -> Result<GiftCard> {
    let run_out = store::run_out(r, card.id).await?;
    Ok(GiftCard {
        held: card.held - run_out,
        ..card
    })
}

/// What a card can pay with now.
///
/// # Errors
/// `not_found`.
pub async fn gift_available_in(r: &Reader, id: GiftCardId) -> Result<i64> {
    let card = current_in(r, find_in(r, id).await?).await?;
    Ok(card.available())
}
