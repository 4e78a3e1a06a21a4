//! The vocabulary every crate shares.
//!
//! Owns: typed identifiers, money, time and clocks, languages, channels, the request context, errors, pages.
//! Never does: I/O, async, business decisions.
//! Invariants: money never mixes currencies and never wraps; an identifier never changes kind.

mod channel;
mod ctx;
mod error;
mod id;
mod locale;
mod money;
mod page;
mod permission;
mod time;

pub use channel::Channel;
pub use ctx::{Actor, Ctx, IdempotencyKey, RequestId};
pub use error::{Category, Error, ErrorCode, FieldError, Result, codes};
pub use id::{
    ActionId, ApiKeyId, CartId, CategoryId, CountId, EventId, FeedbackId, FulfilmentId, HoldId, Id, IdKind,
    IssueId, JobId, MediaId, MemberId, MessageId, MovementId, OrderChangeId, OrderId, OrderLineId, PaymentId,
    PlaceId, PointsEntryId, PriceListId, ProductId, PromotionId, ReturnId, SessionId, SkuId, StaffId,
    SupplyId, SurveyId, TransferId, kind,
};
pub use locale::{Locale, Text};
pub use money::{Currency, Money, prorate};
pub use page::{Cursor, Page, PageQuery, PageSize};
pub use permission::{NoRights, Permission, Resource, Rights, SystemRights};
pub use time::{Clock, ManualClock, SystemClock, Time};
