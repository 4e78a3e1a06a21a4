//! Payments, what happens to them, and refunds.

use std::fmt;

use base::{Currency, Error, Money, OrderId, PaymentId, Result, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who moves the money.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// The built-in provider: a pay page with two buttons, no money.
    Sandbox,
    /// The till of a store.
    Cash,
    /// A card terminal beside the till, read off by whoever serves there.
    Terminal,
    /// Settled in the system the order was imported from.
    External,
    /// A gift card of ours.
    GiftCard,
    /// WeChat Pay, API v3.
    WechatPay,
    /// Alipay, open platform.
    Alipay,
    /// Stripe.
    Stripe,
}

impl ProviderName {
    /// Every provider.
    pub const ALL: [Self; 8] = [
        Self::Sandbox,
        Self::Cash,
        Self::Terminal,
        Self::External,
        Self::GiftCard,
        Self::WechatPay,
        Self::Alipay,
        Self::Stripe,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Cash => "cash",
            Self::Terminal => "terminal",
            Self::External => "external",
            Self::GiftCard => "gift_card",
            Self::WechatPay => "wechat_pay",
            Self::Alipay => "alipay",
            Self::Stripe => "stripe",
        }
    }

    /// Whether the money moves at somebody else's, who is asked over the network.
    #[must_use]
    pub const fn is_outside(self) -> bool {
        matches!(self, Self::WechatPay | Self::Alipay | Self::Stripe)
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// Where a payment stands. The order of the first four is their strength: the later one wins, whichever
/// comes first; money that moved wins over all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Waiting for the payer.
    Pending,
    /// The money is reserved with the provider.
    Authorised,
    /// The provider said no.
    Declined,
    /// Given up before money moved.
    Voided,
    /// The money is ours.
    Captured,
    /// Some of it went back.
    PartlyRefunded,
    /// All of it went back.
    Refunded,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Authorised,
        Self::Declined,
        Self::Voided,
        Self::Captured,
        Self::PartlyRefunded,
        Self::Refunded,
    ];

    /// As stored and as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Authorised => "authorised",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::Captured => "captured",
            Self::PartlyRefunded => "partly_refunded",
            Self::Refunded => "refunded",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }

    /// Whether the payer may still complete it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Authorised)
    }
}

/// A stored code that this program does not know means that a newer one wrote it.
pub(crate) fn parse<T: Copy>(all: &[T], written: fn(T) -> &'static str, text: &str) -> Result<T> {
    all.iter()
        .copied()
        .find(|&candidate| written(candidate) == text)
        .ok_or_else(|| Error::internal(format!("unknown stored code {text:?}")))
}

/// The amounts of a payment, all in its currency's minor unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Balance {
    /// Where it stands.
    pub state: PaymentState,
    /// What was asked for.
    pub amount: i64,
    /// What we got.
    pub captured: i64,
    /// What went back.
    pub refunded: i64,
    /// What is on its way back.
    pub refunding: i64,
}

impl Balance {
    /// A payment nobody has acted on.
    #[must_use]
    pub const fn open(amount: i64) -> Self {
        Self {
            state: PaymentState::Pending,
            amount,
            captured: 0,
            refunded: 0,
            refunding: 0,
        }
    }

    /// What may still be given back.
    #[must_use]
    pub const fn refundable(&self) -> i64 {
        self.captured - self.refunded - self.refunding
    }
}

/// One attempt to pay for an order.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its name.
    pub id: PaymentId,
    /// The order it pays for.
    pub order_id: OrderId,
    /// Who moves the money.
    pub provider: ProviderName,
    /// The currency of every amount.
    pub currency: Currency,
    /// Its amounts and state.
    pub balance: Balance,
    /// Raised by every change.
    pub version: i64,
    /// When it was started.
    pub created_at: Time,
    /// What it was made with, as far as people may see it: the last signs of a gift card.
    pub label: Option<String>,
}

impl Payment {
    /// A payment nobody has acted on.
    #[must_use]
    pub fn new(order_id: OrderId, provider: ProviderName, amount: Money, created_at: Time) -> Self {
        Self {
            id: PaymentId::new(),
            order_id,
            provider,
            currency: amount.currency,
            balance: Balance::open(amount.amount_minor),
            version: 1,
            created_at,
            label: None,
        }
    }

    /// The same, with what people may see of what it is made with.
    #[must_use]
    pub fn labelled(self, label: &str) -> Self {
        Self {
            label: Some(label.to_owned()),
            ..self
        }
    }

    /// The amount asked for.
    #[must_use]
    pub const fn amount(&self) -> Money {
        Money::new(self.balance.amount, self.currency)
    }
}

/// What a provider says happened. The same set of facts leads to the same payment, in whatever order and
/// however often they arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// The money is reserved.
    Authorised,
    /// So much has been captured in all.
    Captured {
        /// The sum captured so far, not the addition.
        total: i64,
    },
    /// The provider refused.
    Declined,
    /// Given up before money moved.
    Voided,
    /// So much went back this time.
    Refunded {
        /// This refund.
        amount: i64,
        /// Whether we had asked for it; a refund made in the provider's own console was not.
        requested: bool,
    },
}

impl Fact {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Authorised => "authorised",
            Self::Captured { .. } => "captured",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::Refunded { .. } => "refunded",
        }
    }

    pub(crate) const fn amount(&self) -> i64 {
        match self {
            Self::Captured { total } => *total,
            Self::Refunded { amount, .. } => *amount,
            _ => 0,
        }
    }
}

/// A fact with the provider's name for it, which makes its repetition harmless.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderEvent {
    /// The payment it is about.
    pub payment_id: PaymentId,
    /// The provider's identifier of this event, unique for the payment.
    pub event_id: String,
    /// What happened.
    pub fact: Fact,
}

/// What an event did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The payment as it is now.
    pub payment: Payment,
    /// False when the event had been applied before.
    pub first_time: bool,
    /// How much this event added to what is captured.
    pub newly_captured: i64,
}

/// Money on its way back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its name, and the idempotency key towards the provider.
    pub id: RefundId,
    /// The payment it comes from.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// Its name towards the provider: letters and digits, unique for ever.
    pub reference: String,
    /// How often the provider was asked before.
    pub tries: i64,
}

/// Names a refund: the payment and the document that owed it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefundId(pub(crate) String);

impl RefundId {
    pub(crate) fn of(payment: PaymentId, source: &str) -> Self {
        Self(format!("{payment}:{source}"))
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name a provider knows it by. Providers take 32 to 64 letters and digits, so it is a digest; each
    /// round is a new name, because a refund that a provider gave up cannot be asked for again under the old.
    pub(crate) fn reference(&self, round: i64) -> String {
        let digest = crypto::digest(format!("{}#{round}", self.0).as_bytes());
        format!("R{}", &crypto::hex(&digest)[..31])
    }
}

impl fmt::Display for RefundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A finished payment of another system.
#[derive(Clone, Debug)]
pub struct ImportedPayment {
    /// Its name here.
    pub id: PaymentId,
    /// The order it paid for.
    pub order_id: OrderId,
    /// Who moved the money.
    pub provider: ProviderName,
    /// What was paid.
    pub amount: Money,
    /// How much of it went back.
    pub refunded_minor: i64,
    /// When it was paid.
    pub paid_at: Time,
}
