//! Words of Chinese and English made comparable: one normal form, search terms, pinyin keys, one script.
//!
//! Owns: the normal form every search compares in, the terms a text is found by, the terms a question asks for.
//! Never does: storage, ranking, dictionaries of the business.
//! Invariants: normalising twice changes nothing; every term of a question made from a text is among that
//! text's own terms, so that what is shown can be found by typing it.

mod normal;
mod pinyin_keys;
mod simplified;
mod terms;

pub use normal::normalize;
pub use pinyin_keys::{pinyin_keys, sound};
pub use simplified::simplified;
pub use terms::{Piece, Wanted, pieces, terms, wanted};
