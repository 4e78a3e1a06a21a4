//! The conversation with a provider outside: what is asked, what it answers, what it tells unasked.

use base::{Money, PaymentId, Result, Time};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Payment, ProviderName, parse};

/// How the payer meets the provider.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentWay)]
pub enum Way {
    /// WeChat Pay: a code that the payer's WeChat scans off this screen.
    Native,
    /// WeChat Pay: inside WeChat, for a payer whose openid is known.
    Jsapi,
    /// WeChat Pay: from a phone's browser into WeChat.
    H5,
    /// Alipay: a code that the payer's Alipay scans off this screen.
    Qr,
    /// Alipay: its pay page on a computer.
    Page,
    /// Alipay: its pay page on a phone.
    Wap,
    /// Stripe: its form in our page.
    Intent,
}

impl Way {
    const ALL: [Self; 7] = [
        Self::Native,
        Self::Jsapi,
        Self::H5,
        Self::Qr,
        Self::Page,
        Self::Wap,
        Self::Intent,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Jsapi => "jsapi",
            Self::H5 => "h5",
            Self::Qr => "qr",
            Self::Page => "page",
            Self::Wap => "wap",
            Self::Intent => "intent",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// How somebody wants to pay.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where the payer meets the provider.
    pub way: Way,
    /// What is paid for, for people.
    pub subject: String,
    /// Who pays, as the provider knows them: the openid, for [`Way::Jsapi`].
    pub payer: Option<String>,
    /// The payer's network address, for [`Way::H5`].
    pub payer_address: Option<String>,
}

/// What the payer's device does next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = PaymentAction)]
pub enum Action {
    /// Show this as a QR code.
    Code {
        /// What the code says.
        url: String,
    },
    /// Go there; it leads back when done.
    Redirect {
        /// Where.
        url: String,
    },
    /// Hand this to WeChat's `getBrandWCPayRequest` as it is.
    WechatJsapi {
        /// The official account or mini program.
        app_id: String,
        /// Seconds since the epoch, as text.
        time_stamp: String,
        /// Random.
        nonce_str: String,
        /// `prepay_id=…`
        package: String,
        /// `RSA`
        sign_type: String,
        /// Our signature over the four above.
        pay_sign: String,
    },
    /// Hand this to Stripe's form.
    StripeIntent {
        /// Names our account.
        publishable_key: String,
        /// Lets this payer, and nobody else, complete this payment.
        client_secret: String,
    },
}

/// A provider's word that the payer may come.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the payer's device does next.
    pub action: Action,
    /// The provider's own name for the payment, where it has one already.
    pub reference: Option<String>,
}

/// Where the conversation about a payment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionState {
    /// We asked, and do not know the answer: none came, or none yet.
    Asked,
    /// The payer may come.
    Open,
    /// Nothing more will be said.
    Over,
}

impl SessionState {
    const ALL: [Self; 3] = [Self::Asked, Self::Open, Self::Over];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Open => "open",
            Self::Over => "over",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse(&Self::ALL, Self::as_str, text)
    }
}

/// The conversation about one payment.
#[derive(Clone, Debug)]
pub struct Session {
    /// About which.
    pub payment_id: PaymentId,
    /// With whom.
    pub provider: ProviderName,
    /// Where the payer meets the provider.
    pub way: Way,
    /// Where it stands.
    pub state: SessionState,
    /// The provider's own name for the payment.
    pub reference: Option<String>,
    /// What the payer's device was told.
    pub action: Option<Action>,
    /// After this the payer is not let in any more.
    pub expires_at: Time,
    /// How often the provider was asked how it stands.
    pub checks: i64,
}

/// One call to a provider: when, and about what.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The store's clock.
    pub now: Time,
    /// The payment.
    pub payment: &'a Payment,
    /// The conversation so far; none for providers of the house.
    pub session: Option<&'a Session>,
}

/// What a provider says of a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The payment, as we had named it towards the provider.
    pub payment: String,
    /// The provider's own name for it.
    pub reference: Option<String>,
    /// What it says.
    pub what: What,
}

/// What is said of a payment, in the provider's amounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// The payer has not paid yet.
    Waiting,
    /// The provider never heard of it.
    Missing,
    /// The money is reserved and may be captured.
    Authorised {
        /// How much.
        amount: Money,
    },
    /// The money came.
    Paid {
        /// How much.
        amount: Money,
    },
    /// The payer's attempt failed; another may work.
    Declined {
        /// Names the attempt.
        attempt: String,
    },
    /// Nobody can pay it any more.
    Closed,
    /// Money goes back.
    Refund {
        /// Our name for the refund, when we had asked for it.
        ours: Option<String>,
        /// The provider's name for it.
        theirs: String,
        /// How much of it; none when the provider tells only the sum of all refunds.
        amount: Option<Money>,
        /// The sum of all refunds so far, where the provider tells it.
        in_all: Option<Money>,
        /// Where it stands.
        said: RefundSaid,
    },
}

/// How a refund stands with its provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RefundSaid {
    /// The money is with the payer.
    Done {
        /// The provider's name for it.
        theirs: Option<String>,
    },
    /// Taken up; the end will be told, or is asked for later.
    Processing,
    /// Given up by the provider: somebody must look.
    Failed {
        /// Its word for why.
        reason: String,
    },
}

/// A provider's message as it arrived, nothing of it believed yet.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte by byte as signed.
    pub body: bytes::Bytes,
}

/// A provider's message, proved to be its own.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The provider's name for the message; the same when delivered again.
    pub id: String,
    /// Its kind, in the provider's words.
    pub kind: String,
    /// What it says; nothing when it is of a kind that does not concern us.
    pub told: Vec<Told>,
}
