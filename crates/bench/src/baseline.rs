//! The baseline: raw pgbench on the same tables, one row at a time, default durability.

use std::process::Stdio;

use base::{Error, Result};
use stock::Key;
use tokio::process::Command;

use crate::scratch::Scratch;

/// What the baseline is, for the report.
pub(crate) const NAME: &str =
    "pgbench: guarded update + insert, one row at a time over 1000 rows, 16 clients";

const CLIENTS: &str = "16";
const SECONDS: &str = "8";

/// Reservations a second by pgbench over the scratch world's balances; `None` without PostgreSQL.
pub(crate) async fn reserve(scratch: &Scratch) -> Result<Option<f64>> {
    let Some(server) = &scratch.server else {
        return Ok(None);
    };
    scratch.baseline_tables().await?;
    let script = scratch.dir().join("reserve.sql");
    let pgbench = server.programs().join("pgbench");
    let pgbench = if pgbench.exists() {
        pgbench
    } else {
        "pgbench".into()
    };
    tokio::fs::write(&script, reserve_script(&scratch.keys))
        .await
        .map_err(Error::internal)?;
    let socket = server.url("postgres");
    let mut command = Command::new(pgbench);
    command
        .args([
            "-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T", SECONDS, "-f",
        ])
        .arg(&script)
        .arg(&socket)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.map_err(Error::internal)?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Error::internal(format!("pgbench failed: {reason}")));
    }
    Ok(per_second(&text))
}

/// One reservation a transaction: the guarded update of a balance picked at random, and the row that records it.
fn reserve_script(keys: &[Key]) -> String {
    let place = keys
        .first()
        .map(|key| key.place_id.to_string())
        .unwrap_or_default();
    format!(
        "\\set n random(0, {last})\n\
         \\set id random(1, 9000000000000000000)\n\
         BEGIN;\n\
         UPDATE stock_balance SET reserved = reserved + 1, version = version + 1, updated_at = 1 \
         WHERE sku_id = 'sku_' || lpad(:n::text, 26, '0') AND place_id = '{place}' \
         AND on_hand - reserved - quarantined - safety_stock >= 1;\n\
         INSERT INTO stock_hold (id, owner, state, created_at) \
         VALUES ('hld_' || :id || '-' || :client_id, 'order-' || :id || '-' || :client_id, 'confirmed', 1);\n\
         COMMIT;\n",
        last = keys.len().saturating_sub(1),
    )
}

/// `tps = 3812.12 (without initial connection time)`.
fn per_second(output: &str) -> Option<f64> {
    output
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::per_second;

    #[test]
    fn the_rate_is_read() {
        assert_eq!(
            per_second("latency = 4 ms\ntps = 12.5 (without initial connection time)\n"),
            Some(12.5)
        );
        assert_eq!(per_second("nothing"), None);
    }
}
