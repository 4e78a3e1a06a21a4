//! What a system must be able to do to be put behind the cases.

use serde_json::Value;

use crate::verb::Verb;
use crate::words::Why;

/// A refusal, in the words of the cases.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// What the system says about it, for people who read a failure.
    pub said: String,
    /// Its facts, such as `available`.
    pub facts: Value,
}

/// What comes of a verb: what is seen afterwards, or why not. The outer error is a failure of the case: a system
/// that broke, or an adapter that does not understand.
pub type Answer = Result<Result<Value, Refusal>, String>;

/// A running system under test.
pub trait System: Sync {
    /// An empty shop for one case, apart from all others.
    ///
    /// # Errors
    /// When it cannot be made.
    fn open(&self, case: &str) -> Result<Box<dyn Shop + '_>, String>;

    /// What cases have been given so far is known everywhere in the system from now on.
    ///
    /// # Errors
    /// When it is not, and may never be.
    fn settle(&self) -> Result<(), String> {
        Ok(())
    }
}

/// The shop of one case: knows everything by the names the case gives.
pub trait Shop: Send + Sync {
    /// Does it, or looks at it. `name` is how what comes of it is called from now on.
    ///
    /// # Errors
    /// Only when the case cannot go on; a refusal by the shop is an answer.
    fn act(&self, verb: &Verb, name: &str) -> Answer;
}
