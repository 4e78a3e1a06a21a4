//! Providers outside: each speaks its own protocol and tells the same [`crate::outside::Told`].

mod alipay;
mod http;
mod stripe;
mod text;
mod wechat;

use std::time::Duration;

pub(crate) use alipay::Alipay;
pub(crate) use stripe::Stripe;
pub(crate) use wechat::WechatPay;

/// Where a provider is, and where it finds us.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its address, without a trailing slash.
    pub(crate) base_url: String,
    /// Where it sends its messages.
    pub(crate) notify_url: String,
    /// Where payers come back to; the order's id is put behind it.
    pub(crate) return_url: String,
    /// How long it is waited for.
    pub(crate) timeout: Duration,
}

/// How old a message may be, and how far ahead of our clock: what all three prescribe or recommend.
pub(crate) const TOLERANCE: Duration = Duration::from_secs(5 * 60);
