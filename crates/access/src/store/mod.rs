//! SQL only: what is kept, not what is decided.

pub(crate) mod api_key;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod session;
pub(crate) mod staff;

use base::{Error, Result};

/// A hash column.
pub(crate) fn hash_of(bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes
        .try_into()
        .map_err(|_| Error::internal("a stored hash does not have 32 bytes"))
}
