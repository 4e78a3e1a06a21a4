//! The trade bill of a day: a ZIP of CSV files in GBK; the details stand in the one that is no summary.

use std::io::{Cursor, Read};

use base::{Money, Result};
use encoding_rs::{GB18030, UTF_8};

use super::super::text::{china_instant, minor};
use super::CURRENCY;
use crate::statement::{LineKind, StatementLine, Table, malformed};

/// The most bytes a packed bill may unfold to.
const UNPACKED_MAX_BYTES: u64 = 512 * 1024 * 1024;

fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    if !bytes.starts_with(b"PK") {
        return Ok(bytes.to_vec());
    }
    let wrong = |reason: String| malformed(1, reason);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| wrong(e.to_string()))?;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|e| wrong(e.to_string()))?;
        let mut plain = Vec::new();
        file.take(UNPACKED_MAX_BYTES)
            .read_to_end(&mut plain)
            .map_err(|e| wrong(e.to_string()))?;
        if decoded(&plain).contains(HEADING) {
            return Ok(plain);
        }
    }
    Err(wrong(format!("no file with the column {HEADING}")))
}

/// The first column of the details.
const HEADING: &str = "支付宝交易号";

/// Alipay writes GBK; people who open and save a file make UTF-8 of it.
fn decoded(bytes: &[u8]) -> String {
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => GB18030.decode(bytes).0.into_owned(),
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<StatementLine>> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let plain = unpack(bytes)?;
    let text = decoded(&plain);
    let mut lines = Vec::new();
    for row in Table::read(&text, HEADING, |line| line.starts_with('#'))? {
        let is_refund = row.get("业务类型")? == "退款";
        let amount = |column: &str| minor(row.get(column)?, CURRENCY).ok_or_else(|| row.wrong(column));
        let at = china_instant(row.get("完成时间")?).ok_or_else(|| row.wrong("完成时间"))?;
        let trade = row.get("支付宝交易号")?;
        let ours = row.get(if is_refund {
            "退款批次号/请求号"
        } else {
            "商户订单号"
        })?;
        lines.push(StatementLine {
            line: row.number,
            kind: if is_refund {
                LineKind::Refund
            } else {
                LineKind::Payment
            },
            theirs: if is_refund {
                format!("{trade}/{ours}")
            } else {
                trade.to_owned()
            },
            ours: Some(ours.to_owned()).filter(|text| !text.is_empty()),
            amount: Money::new(amount("订单金额（元）")?.abs(), CURRENCY),
            fee_minor: amount("服务费（元）")?,
            at,
        });
    }
    Ok(lines)
}
