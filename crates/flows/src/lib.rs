//! Use cases that cross domains: the only crate that may use many of them.
//!
//! Owns: checkout, payment completion, expiry, cancellation, fulfilment, returns, availability, the live
//! streams. No tables of its own.
//!
//! Never does: what one domain can do alone; call a payment provider inside a transaction.
//!
//! Invariants
//! - One use case is one transaction, all or nothing; what the outside world must do is asked for in it and
//!   done after it.
//! - Rows are locked in one order: member, order, room (place), stock (SKU, place), payment, loyalty.
//! - No money before the hold; no hold left behind by a failure.
//! - Compensation touches only what its own order took.

// One module per flow. `member_*`, `voice_*` and `home` belong to the flows around people and their words,
// the others to the flows around orders.
mod ahead;
mod ahead_due;
mod availability;
mod cancel;
mod cart;
mod change;
mod channel;
mod channel_preview;
mod checkout;
mod code;
mod collect;
mod conversion;
mod counting;
mod decide;
mod draft;
mod error;
mod exchange;
mod fail;
mod fulfil;
mod home;
mod home_wire;
mod join;
mod live;
mod load;
mod made_of;
mod member_news;
mod member_parts;
mod member_routes;
mod member_sign_in;
mod member_survey;
mod member_timeline;
mod member_view;
mod part;
mod pay;
mod pay_gift;
mod pay_outside;
mod pickup;
mod price;
mod price_preview;
mod reading;
mod reject;
mod reprice;
mod returns;
mod room;
mod routes;
mod run;
mod sent;
mod sent_due;
mod shelf;
mod sources;
mod sourcing;
mod sourcing_replay;
mod sourcing_try;
mod view;
mod voice_issue;
mod voice_proof;
mod voice_record;
mod voice_routes;
mod wiring;

pub use ahead::AheadOut;
pub use availability::{AvailabilityList, AvailabilityOut, PlaceAvailability, PlaceComing};
pub use cart::{CartChange, CartLineOut, CartNew, CartOut};
pub use change::{
    ChangePay, ChangePlace, ChangePolicy, ChangePrices, MayChange, OrderChangeNew, OrderChangeOut,
    OrderChangePreview, OrderWish,
};
pub use channel_preview::{ChannelPreviewOut, ChannelPreviewPlace};
pub use checkout::PaymentMethod;
pub use code::CartCodeOut;
pub use collect::{CollectHow, CollectList, CollectOffer, CollectShort};
pub use decide::{Choice, Decision};
pub use draft::HOLD_TTL;
pub use error::{
    AHEAD_PAID_FIRST, ERRORS, EXCHANGE_AMOUNT, NO_COLLECT, NO_RETURN, NOT_FOR_SALE, NOTHING_TO_PAY,
    OTHER_CURRENCY, PAY_IN_STORE_NEEDS_COLLECT, PLACE_FULL, PRICE_CHANGED, UNKNOWN_SKU,
};
pub use exchange::{CounterTender, ExchangeNew, ExchangePreviewOut, ExchangeRefundOut, ExchangeWish};
pub use fail::FAIL_POINTS;
pub use fulfil::{HandOver, Missing};
pub use home::{HOME_READ, PEOPLE_PERMISSIONS};
pub use live::Topic;
pub use member_parts::{People, PeopleParts};
pub use member_routes::people_routes;
pub use pay_gift::GiftCardShown;
pub use pay_outside::{PaymentOpen, PaymentOpenedOut};
pub use pickup::{CounterCode, CounterCodes, PickupPolicy};
pub use price::{CartTax, CartTaxRate};
pub use price_preview::{PreviewAsk, PreviewLine, PreviewOut, PromotionVerdict};
pub use reading::{CountRead, EpcisBody, EpcisDocument, EpcisEvent};
pub use reject::{Reject, RejectOut, RejectReason};
pub use returns::ReturnNew;
pub use routes::routes;
pub use sourcing_try::{SourcingTried, SourcingTry, TriedPlace};
pub use view::{OrderOut, PaymentOut};
pub use voice_proof::issue_proof_compute_in;
pub use wiring::{Flows, FlowsParts};
