//! The plug point: whoever carries messages out of the house.

use base::Error;
use futures_util::future::BoxFuture;

use crate::model::Message;

/// Why a message was not taken.
#[derive(Debug)]
pub enum Refusal {
    /// It will never be: an unknown number, a text that is not allowed.
    Final(String),
    /// It may be later: the provider does not answer.
    Later(Error),
}

/// Carries messages of one or several channels. May be handed a message twice, when the process died between
/// the hand-over and the note of it: pass the message's id on as the provider's idempotency key.
pub trait ChannelAdapter: Send + Sync + 'static {
    /// Hands a message over.
    fn deliver<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Whether the table of messages is itself the mailbox people read. If not, the words of one-time codes
    /// are wiped once handed over.
    fn is_mailbox(&self) -> bool {
        false
    }
}

/// The built-in mailbox: the table of messages, read on the console's screen. Nothing leaves the house.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mailbox;

impl ChannelAdapter for Mailbox {
    fn deliver<'a>(&'a self, _: &'a Message) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn is_mailbox(&self) -> bool {
        true
    }
}
