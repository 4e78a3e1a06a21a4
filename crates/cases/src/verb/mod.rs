//! What can happen in a case, and what can be looked at: the vocabulary every adapter speaks.
//!
//! Articles, places, orders and all else go by the names the case gave them.

mod goods;
mod order;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use goods::*;
pub use order::*;

/// One thing somebody does or looks at. What it answers is in brackets: `gives` compares with it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// An article is put on sale.
    Article(Article),
    /// An article changes.
    ChangeArticle(ArticleChange),
    /// An article is made of others from now on.
    MakeKit(Kit),
    /// A place opens.
    Place(Place),
    /// A place changes.
    ChangePlace(PlaceChange),
    /// A promotion begins.
    Promotion(Promotion),
    /// What holds for all is decided anew; given back when the case is over.
    Policy(Policy),

    /// Goods arrive at a place.
    Receive(Goods),
    /// A supplier is to bring goods. [state, due]
    Expect(Expect),
    /// They come on another day. [state, due]
    PutOff(PutOff),
    /// They come, all or some. [state, due]
    Arrive(Arrive),
    /// What of them is still to come does not come. [state, due]
    CallOff(CallOff),
    /// An article is sold before it is there, up to so many.
    SellAhead(SellAhead),
    /// What can be promised of an article at a place, now and by which day.
    /// [now, by: [{in_days, pieces}]]
    Promise(AtPlace),
    /// Pieces are not to be sold.
    KeepBack(KeepBack),
    /// Pieces are taken off the book by hand.
    TakeOff(TakeOff),
    /// A till says late that it sold.
    SoldEarlier(SoldEarlier),
    /// Somebody counted and says what the book should be.
    SetStock(SetStock),
    /// Stock is kept for a while. [state]
    Hold(Hold),
    /// It is given back. [state]
    Release(OfHold),
    /// A hold is looked at. [state]
    LookAtHold(OfHold),
    /// What the book says. [on_hand, reserved, quarantined, in_transit, safety_stock, shortfall, available]
    Level(AtPlace),
    /// The sum of every movement there was, and how many. [sum, entries]
    Ledger(AtPlace),
    /// What shoppers are told they can have. [total, online, places: {name: pieces}]
    Availability(SeenArticle),
    /// What product search says of it. [found, availability]
    Search(OfArticle),
    /// Where books and ledger, or books and holds, differ. [differences]
    Books(Nothing),

    /// A cart is filled. [as `look_at_cart`]
    Cart(Basket),
    /// So many of one article are wanted in it, or a promotion code is typed. [as `look_at_cart`]
    ChangeCart(ChangeCart),
    /// [total, discount, tax, code_applied, code_off, lines: [{article, pieces, available, unit_price, discount, total}]]
    LookAtCart(OfCart),
    /// A cart becomes an order. [as `look_at_order`]
    Checkout(Checkout),
    /// Cart and checkout in one. [as `look_at_order`]
    Order(Box<NewOrder>),
    /// [state, total, discount, shipping, tax, refunded, lines, parts: [{at, state, pieces}],
    /// ahead: [{at, pieces, in_days}], to_pay_for_change, payments, moments]
    LookAtOrder(LookAtOrder),
    /// The payment is approved by its provider. [as `look_at_order`]
    Pay(Payment),
    /// The payment is declined by its provider.
    Decline(Payment),
    /// Another payment is started.
    PayAnew(OfOrder),
    /// Another payment is started, with a provider outside, who is asked to let the customer come.
    PayWithProvider(OfOrder),
    /// That provider tells, unasked and signed, what happened to the last payment.
    ProviderTells(ProviderTells),
    /// A gift card is made. [as `look_at_gift_card`]
    GiftCard(NewGiftCard),
    /// It pays for an order, as far as it goes or so much. [as `look_at_order`]
    PayByGiftCard(PayByGiftCard),
    /// What is on it, by its number and PIN. [balance, held, available, books]
    LookAtGiftCard(OfGiftCard),
    /// The order, or pieces of it, are given up.
    Cancel(CancelOrder),
    /// A placed order is made another. What costs more is made once it is paid. [as `look_at_order`]
    ChangeOrder(ChangeOrder),
    /// A change that waits for its payment is taken back. [as `look_at_order`]
    WithdrawChange(OfOrder),
    /// A person decides about an order nobody can serve as it is.
    Decide(Decide),

    /// A place has packed its part. [as `look_at_order`]
    Pick(Part),
    /// A place cannot serve its part.
    Reject(Reject),
    /// Goods go over the counter.
    HandOver(HandOver),
    /// A locked code may be tried again.
    Unlock(Part),
    /// A parcel leaves.
    Ship(Part),
    /// A parcel arrives.
    Deliver(Part),
    /// What an offline till may know of codes. [waiting, codes_told]
    PickupChecks(AtCounter),
    /// Goods come back. [refund]
    Return(ReturnGoods),
    /// Goods come back and others go out for them. [paid, refund, back, taken]
    Exchange(ExchangeGoods),
    /// The customer of an order signs in and makes it theirs. [as `look_at_order`]
    Join(OfOrder),
    /// What the customer of an order has in points, signed in by their telephone. [balance]
    Points(OfOrder),
    /// What the customer of an order was written. [kinds: {name: how often}]
    Messages(OfOrder),

    /// Goods are asked of another place. [state, on_the_road]
    Transfer(Transfer),
    /// The transfer that brings what an order waits for. [from, to, state, on_the_road, promised]
    SentFor(OfOrder),
    /// A transfer goes on.
    MoveTransfer(MoveTransfer),
    /// A count sheet is begun. [state]
    Count(NewCount),
    /// What was found. [lines: [{article, expected, variance}]]
    CountFound(CountFound),
    /// A count sheet is handed in. [state]
    SubmitCount(OfCount),

    /// A server is killed, as by a power cut, when it comes to this moment, and started anew.
    ServerDies(Death),
}

impl Verb {
    /// The fields whose values are names a step gave with `as`.
    pub const REFERENCES: [&str; 7] = [
        "order",
        "cart",
        "hold",
        "transfer",
        "count",
        "supply",
        "gift_card",
    ];

    /// Reads `{verb: {…}}`.
    ///
    /// # Errors
    /// When there is no such verb, or it does not take that.
    pub fn read(verb: &str, with: &Value) -> Result<Self, String> {
        let told = BTreeMap::from([(verb, with)]);
        let told = serde_json::to_value(told).map_err(|e| e.to_string())?;
        serde_json::from_value(told).map_err(|e| format!("`{verb}`: {e}"))
    }
}
