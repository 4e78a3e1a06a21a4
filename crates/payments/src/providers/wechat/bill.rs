//! The trade bill of a day: CSV in UTF-8, every value behind a grave accent, a summary at the end.

use std::io::Read;

use base::{Money, Result};

use super::super::text::{china_instant, currency, minor};
use crate::statement::{LineKind, StatementLine, Table};

/// The most bytes a packed bill may unfold to.
const UNPACKED_MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Unpacks gzip; a bill that is not packed stays as it is.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .take(UNPACKED_MAX_BYTES)
        .read_to_end(&mut plain)
        .map_err(|e| crate::statement::malformed(1, e.to_string()))?;
    Ok(plain)
}

/// One line a payment, one a refund; a refund's line repeats what it was paid with.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<StatementLine>> {
    let plain = unpack(bytes)?;
    let text = String::from_utf8_lossy(&plain);
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = Vec::new();
    for row in Table::read(text, "交易时间", |line| !line.starts_with('`'))? {
        let status = row.get("交易状态")?;
        let unit = currency(row.get("货币种类")?).map_err(|_| row.wrong("货币种类"))?;
        let amount = |column: &str| {
            let written = row.get(column)?;
            minor(written, unit).ok_or_else(|| row.wrong(column))
        };
        let at = china_instant(row.get("交易时间")?).ok_or_else(|| row.wrong("交易时间"))?;
        let is_refund = matches!(status, "REFUND" | "REVOKED");
        let (kind, minor_units, ours, theirs) = if is_refund {
            let back = amount("退款金额")?;
            (
                LineKind::Refund,
                back,
                row.get("商户退款单号")?,
                row.get("微信退款单号")?,
            )
        } else {
            // The order's own amount, before vouchers that WeChat Pay makes good.
            let column = if row.has("订单金额") {
                "订单金额"
            } else {
                "应结订单金额"
            };
            (
                LineKind::Payment,
                amount(column)?,
                row.get("商户订单号")?,
                row.get("微信订单号")?,
            )
        };
        lines.push(StatementLine {
            line: row.number,
            kind,
            ours: Some(ours.to_owned()).filter(|text| !text.is_empty()),
            theirs: theirs.to_owned(),
            amount: Money::new(minor_units.abs(), unit),
            fee_minor: amount("手续费")?,
            at,
        });
    }
    Ok(lines)
}
