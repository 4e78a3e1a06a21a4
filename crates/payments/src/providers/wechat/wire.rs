//! WeChat Pay's JSON, as far as it matters here.

use base::{Money, Result};
use serde::Deserialize;

use super::super::text::{currency, lacks};
use super::NAME;
use crate::outside::{RefundSaid, Told, What};

#[derive(Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) message: String,
}

#[derive(Deserialize)]
pub(super) struct NativeMade {
    pub(super) code_url: String,
}

#[derive(Deserialize)]
pub(super) struct H5Made {
    pub(super) h5_url: String,
}

#[derive(Deserialize)]
pub(super) struct JsapiMade {
    pub(super) prepay_id: String,
}

#[derive(Deserialize)]
pub(super) struct Order {
    pub(super) appid: Option<String>,
    pub(super) mchid: String,
    pub(super) out_trade_no: String,
    pub(super) transaction_id: Option<String>,
    pub(super) trade_state: String,
    pub(super) amount: Option<Amount>,
}

#[derive(Deserialize)]
pub(super) struct Amount {
    total: i64,
    #[serde(default = "yuan")]
    currency: String,
}

fn yuan() -> String {
    "CNY".to_owned()
}

impl Amount {
    /// What the order asked for, whichever vouchers the payer used.
    pub(super) fn total(&self) -> Result<Money> {
        Ok(Money::new(self.total, currency(&self.currency)?))
    }
}

/// A refund, as answered (`status`) and as notified (`refund_status`).
#[derive(Deserialize)]
pub(super) struct RefundWord {
    pub(super) mchid: Option<String>,
    refund_id: String,
    out_refund_no: String,
    out_trade_no: String,
    transaction_id: Option<String>,
    #[serde(alias = "refund_status")]
    status: String,
    pub(super) amount: RefundAmount,
}

#[derive(Deserialize)]
pub(super) struct RefundAmount {
    pub(super) refund: Option<i64>,
    #[serde(default = "yuan")]
    currency: String,
}

impl RefundWord {
    pub(super) fn said(&self) -> RefundSaid {
        match self.status.as_str() {
            "SUCCESS" => RefundSaid::Done {
                theirs: Some(self.refund_id.clone()),
            },
            "PROCESSING" => RefundSaid::Processing,
            other => RefundSaid::Failed {
                reason: other.to_owned(),
            },
        }
    }

    pub(super) fn told(self) -> Result<Told> {
        let refund = self.amount.refund.ok_or_else(|| lacks(NAME, "amount.refund"))?;
        Ok(Told {
            what: What::Refund {
                amount: Some(Money::new(refund, currency(&self.amount.currency)?)),
                in_all: None,
                said: self.said(),
                ours: Some(self.out_refund_no),
                theirs: self.refund_id,
            },
            payment: self.out_trade_no,
            reference: self.transaction_id,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Notification {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) resource: Sealed,
}

#[derive(Deserialize)]
pub(super) struct Sealed {
    pub(super) algorithm: String,
    pub(super) nonce: String,
    pub(super) associated_data: Option<String>,
    pub(super) ciphertext: String,
}

#[derive(Deserialize)]
pub(super) struct Certificates {
    pub(super) data: Vec<SealedCertificate>,
}

#[derive(Deserialize)]
pub(super) struct SealedCertificate {
    pub(super) serial_no: String,
    pub(super) encrypt_certificate: Sealed,
}

#[derive(Deserialize)]
pub(super) struct Bill {
    pub(super) hash_value: String,
    pub(super) download_url: String,
}
