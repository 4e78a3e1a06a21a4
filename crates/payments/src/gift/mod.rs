//! Gift cards: stored value that pays for orders like any other tender.

pub(crate) mod hold;
mod model;
mod routes;
pub(crate) mod rules;
mod secrets;
mod service;
pub(crate) mod store;

pub use hold::{gift_hold_in, gift_keep_on_in, gift_let_go_in, gift_take_in, gift_use_in};
pub use model::{
    GiftAccount, GiftAccountsOut, GiftCard, GiftCardId, GiftCardKind, GiftCardOut, GiftCardState,
    GiftEntryKind, GiftEntryOut, GiftIssued, GiftSource,
};
pub(crate) use routes::routes;
pub use secrets::GiftSecrets;
pub use service::{GiftFilter, GiftNew, gift_available_in};
