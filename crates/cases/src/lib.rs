//! The black-box suite: what a shop must do with stock, orders, payment and money, told as data.
//!
//! Owns: the cases (`cases/*.yaml`), the words they are told in ([`verb::Verb`]), the runner, and one adapter that
//! plays them on Storeloop over HTTP.
//!
//! Never does: look into a database, call the code of another crate, or know more of Storeloop than its published
//! API. Another system is put behind the suite by implementing [`shop::System`].
//!
//! Invariants: every case runs or says what is missing; cases share a server and nothing on it, except those that
//! change what holds for all, which run alone.

pub mod case;
pub mod http;
pub mod matching;
pub mod report;
pub mod run;
pub mod shop;
pub mod storeloop;
pub mod verb;
pub mod words;
