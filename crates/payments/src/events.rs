//! What this crate announces.

use base::{Money, OrderId, PaymentId};
use serde::{Deserialize, Serialize};

/// `payments.payment_refunded.v1`: money went back to the payer, confirmed by the provider.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaymentRefunded {
    /// The payment it came from.
    pub payment_id: PaymentId,
    /// The order it had paid for.
    pub order_id: OrderId,
    /// Names the refund.
    pub refund_id: String,
    /// How much went back this time.
    pub amount: Money,
}

impl bus::Event for PaymentRefunded {
    const KIND: &'static str = "payments.payment_refunded.v1";
    fn aggregate(&self) -> String {
        self.payment_id.to_string()
    }
}
