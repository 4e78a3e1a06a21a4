//! Counts: what lies on the shelf, beside what the book says, while picking and selling go on.
//!
//! A look at a line is compared with the balance of that very instant: what was sold or received between the
//! look and the posting makes no difference, because only the difference is posted. Goods picked for somebody
//! are on the book and not on the shelf; goods being picked may be either. What is recorded later but happened
//! before the look (a till that was offline) is told to the look, or taken back once the look is posted.
//!
//! Goods in quarantine lie apart and are not counted.

mod late;
mod model;
mod routes;
mod rules;
mod service;
mod store;

pub(crate) use late::tell;
pub use model::{
    Count, CountLine, CountPolicy, CountReason, CountScope, CountState, CountWish, Counted, NewCount, Picks,
    Reasoned,
};
pub(crate) use routes::{note, routes};
pub use service::CountFilter;
