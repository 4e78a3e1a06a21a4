//! The plug point for payment providers, and the built-in ones.

use base::Result;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Fact, Payment, ProviderEvent, ProviderName, Refund};

/// A way to move money. Calls are made outside any transaction and may be repeated: a refund's id is the
/// idempotency key towards the provider, and the event it answers with carries it.
pub trait Provider: Send + Sync + 'static {
    /// Which one it is.
    fn name(&self) -> ProviderName;

    /// Gives money back. Answers with what happened; an error means that nobody knows yet, and the refund
    /// stays due.
    fn refund<'a>(&'a self, payment: &'a Payment, refund: &'a Refund)
    -> BoxFuture<'a, Result<ProviderEvent>>;
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

/// A provider whose refunds need nobody's answer: the built-in sandbox, the till's own cash, and payments
/// that another system keeps.
struct InHouse(ProviderName);

impl Provider for InHouse {
    fn name(&self) -> ProviderName {
        self.0
    }

    fn refund<'a>(&'a self, _: &'a Payment, refund: &'a Refund) -> BoxFuture<'a, Result<ProviderEvent>> {
        let event = ProviderEvent {
            payment_id: refund.payment_id,
            event_id: format!("refund:{}", refund.id),
            fact: Fact::Refunded {
                amount: refund.amount.amount_minor,
                requested: true,
            },
        };
        Box::pin(std::future::ready(Ok(event)))
    }
}

/// The providers that need no contract with anybody.
pub(crate) fn built_in() -> Vec<Box<dyn Provider>> {
    ProviderName::ALL
        .into_iter()
        .map(|name| Box::new(InHouse(name)) as Box<dyn Provider>)
        .collect()
}
