//! Import.
mod apply;
mod assemble;
mod docs;
mod exact;
mod issue;
pub mod mapping;
pub mod preset;
pub mod reconcile;
pub mod source;
pub use apply::*;
pub use assemble::*;
pub use docs::*;
pub use exact::*;
pub use issue::*;
