//! The plug point for payment providers, and the built-in ones.

use base::{Error, Result, Time};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::NOT_SUPPORTED;
use crate::model::{Fact, Payment, ProviderEvent, ProviderName, Refund};
use crate::outside::{Ask, Call, Notice, Opened, RefundSaid, Sent, Told, Way};
use crate::statement::{Day, StatementLine};

/// A way to move money. Calls are made outside any transaction and may be repeated: the payment's id and the
/// refund's reference are the idempotency keys towards the provider. An error of the kinds *unavailable* and
/// *timeout* means that nobody knows what happened; it is found out by asking again.
pub trait Provider: Send + Sync + 'static {
    /// Which one it is.
    fn name(&self) -> ProviderName;

    /// How payers can meet it; none when it needs no meeting.
    fn ways(&self) -> &'static [Way] {
        &[]
    }

    /// Lets the payer come, until the session's end.
    fn open<'a>(&'a self, _: Call<'a>, _: &'a Ask) -> BoxFuture<'a, Result<Opened>> {
        not_supported(self.name(), "open")
    }

    /// Asks how a payment stands.
    fn query<'a>(&'a self, _: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        not_supported(self.name(), "query")
    }

    /// Takes the money that is reserved.
    fn capture<'a>(&'a self, _: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        not_supported(self.name(), "capture")
    }

    /// Lets nobody pay any more, and frees what is reserved. Answers how the payment stands then: paid, when the
    /// payer was faster.
    fn close<'a>(&'a self, _: Call<'a>) -> BoxFuture<'a, Result<Vec<Told>>> {
        not_supported(self.name(), "close")
    }

    /// Gives money back, or tells how a refund asked for before stands.
    fn refund<'a>(&'a self, call: Call<'a>, refund: &'a Refund) -> BoxFuture<'a, Result<RefundSaid>>;

    /// Proves and reads a message the provider sent.
    fn notification<'a>(&'a self, _: Time, _: &'a Sent) -> BoxFuture<'a, Result<Notice>> {
        not_supported(self.name(), "notification")
    }

    /// Fetches the provider's own account of a day.
    fn statement_fetch<'a>(&'a self, _: Time, _: Day) -> BoxFuture<'a, Result<Vec<u8>>> {
        not_supported(self.name(), "statement")
    }

    /// Reads such an account, fetched or brought by a person.
    ///
    /// # Errors
    /// `payment.statement_malformed` with the line.
    fn statement_read(&self, _: &[u8]) -> Result<Vec<StatementLine>> {
        Err(unsupported(self.name(), "statement"))
    }
}

fn unsupported(provider: ProviderName, what: &'static str) -> Error {
    Error::new(&NOT_SUPPORTED)
        .with("provider", provider.as_str())
        .with("what", what)
}

fn not_supported<'a, T: Send + 'a>(provider: ProviderName, what: &'static str) -> BoxFuture<'a, Result<T>> {
    Box::pin(std::future::ready(Err(unsupported(provider, what))))
}

/// What the payer chose on the sandbox's pay page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SandboxOutcome {
    /// The payment goes through.
    Approve,
    /// The provider says no.
    Decline,
}

impl SandboxOutcome {
    /// The event the sandbox sends for this outcome: the same one however often the button is pressed.
    #[must_use]
    pub fn event(self, payment: &Payment) -> ProviderEvent {
        let (event_id, fact) = match self {
            Self::Approve => (
                "sandbox:approve",
                Fact::Captured {
                    total: payment.balance.amount,
                },
            ),
            Self::Decline => ("sandbox:decline", Fact::Declined),
        };
        ProviderEvent {
            payment_id: payment.id,
            event_id: event_id.to_owned(),
            fact,
        }
    }
}

/// A provider whose refunds need nobody's answer: the built-in sandbox, the till's own cash, the
/// terminal beside it, payments that another system keeps, and gift cards, which are credited where a refund is
/// recorded.
struct InHouse(ProviderName);

impl Provider for InHouse {
    fn name(&self) -> ProviderName {
        self.0
    }

    fn refund<'a>(&'a self, _: Call<'a>, _: &'a Refund) -> BoxFuture<'a, Result<RefundSaid>> {
        Box::pin(std::future::ready(Ok(RefundSaid::Done { theirs: None })))
    }
}

/// The providers that need no contract with anybody.
pub(crate) fn built_in() -> Vec<Box<dyn Provider>> {
    ProviderName::ALL
        .into_iter()
        .filter(|name| !name.is_outside())
        .map(|name| Box::new(InHouse(name)) as Box<dyn Provider>)
        .collect()
}
