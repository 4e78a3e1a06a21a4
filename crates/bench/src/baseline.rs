//! The baseline: raw pgbench on the same tables, one row at a time, default durability.

use std::process::Stdio;

use base::Result;
use db::{MigrationSet, Tx, Value};
use stock::Key;
use tokio::process::Command;

use crate::ground::Ground;
use crate::scratch::{ENDLESS, Scratch};
use crate::{assortment, failed};

/// What the baseline is, for the report.
pub(crate) const NAME: &str =
    "pgbench: guarded update + insert, one row at a time over 1000 rows or more, 16 clients";
/// The same, for whole orders.
pub(crate) const ORDER_NAME: &str =
    "pgbench: a whole order in one transaction of 12 statements, 16 clients, no HTTP";
/// The same, for looking a balance up.
pub(crate) const LOOK_UP_NAME: &str = "pgbench: one balance looked up by its key, 16 clients, no HTTP";
/// The same, for both.
pub(crate) const MIXED_NAME: &str =
    "pgbench: nine balances looked up for each whole order in one transaction, 16 clients, no HTTP";
/// The same, for finding products.
pub(crate) const FIND_NAME: &str =
    "pgbench: 24 of a hundred thousand names that hold a word, by ILIKE, 16 clients, no HTTP";
/// The tables of the baseline's search.
const FIND_TABLES: &[MigrationSet] = &[MigrationSet {
    domain: "bench",
    files: &[("0002_names.sql", include_str!("../migrations/0002_names.sql"))],
}];
/// The tables of the baseline's orders.
const ORDER_TABLES: &[MigrationSet] = &[MigrationSet {
    domain: "bench",
    files: &[("0001_orders.sql", include_str!("../migrations/0001_orders.sql"))],
}];

const CLIENTS: &str = "16";
const SECONDS: &str = "8";

/// Reservations a second by pgbench over the scratch world's balances; `None` without PostgreSQL.
pub(crate) async fn reserve(scratch: &Scratch) -> Result<Option<f64>> {
    scratch.baseline_tables().await?;
    pgbench(&scratch.ground, &[(&reserve_script(&scratch.keys), 1)]).await
}

/// Orders a second by pgbench, each one transaction; `None` without PostgreSQL.
pub(crate) async fn order(ground: &Ground) -> Result<Option<f64>> {
    if !order_tables(ground).await? {
        return Ok(None);
    }
    pgbench(ground, &[(&order_script(), 1)]).await
}

/// Balances looked up a second by pgbench; `None` without PostgreSQL.
pub(crate) async fn look_up(ground: &Ground) -> Result<Option<f64>> {
    if !order_tables(ground).await? {
        return Ok(None);
    }
    pgbench(ground, &[(&look_up_script(), 1)]).await
}

/// Nine balances looked up for each order, a second by pgbench; `None` without PostgreSQL.
pub(crate) async fn mixed(ground: &Ground) -> Result<Option<f64>> {
    if !order_tables(ground).await? {
        return Ok(None);
    }
    pgbench(ground, &[(&look_up_script(), 9), (&order_script(), 1)]).await
}

/// Names found a second by pgbench; `None` without PostgreSQL.
pub(crate) async fn find(ground: &Ground) -> Result<Option<f64>> {
    let Some(db) = ground.baseline(FIND_TABLES).await? else {
        return Ok(None);
    };
    let unit = async |tx: &Tx| {
        let row = |(nth, text): (usize, String)| vec![Value::Int(nth as i64), text.into()];
        let names: Vec<Vec<Value>> = assortment::names().enumerate().map(row).collect();
        tx.insert_many("bench_name (nth, name)", &names, "").await?;
        let words = assortment::words().map(str::to_owned).enumerate();
        let words: Vec<Vec<Value>> = words.map(row).collect();
        tx.insert_many("bench_word (nth, word)", &words, "").await
    };
    db.write(unit).await?;
    db.shutdown().await;
    let last = assortment::words().count() - 1;
    let script = format!(
        "\\set n random(0, {last})\n\
         SELECT nth, name FROM bench_name \
         WHERE name ILIKE '%' || (SELECT word FROM bench_word WHERE nth = :n) || '%' ORDER BY name LIMIT 24;\n"
    );
    pgbench(ground, &[(&script, 1)]).await
}

/// Makes and fills the tables of the baseline's orders; false without PostgreSQL.
async fn order_tables(ground: &Ground) -> Result<bool> {
    let Some(db) = ground.baseline(ORDER_TABLES).await? else {
        return Ok(false);
    };
    let unit = async |tx: &Tx| {
        let rows: Vec<Vec<Value>> = (0..ORDER_SKUS)
            .map(|sku| vec![sku.into(), ENDLESS.into(), Value::Int(0)])
            .collect();
        tx.insert_many("bench_stock (sku, on_hand, reserved)", &rows, "")
            .await
    };
    db.write(unit).await?;
    db.shutdown().await;
    Ok(true)
}

/// Transactions a second of scripts, each as often as its weight says; `None` without PostgreSQL.
async fn pgbench(ground: &Ground, scripts: &[(&str, u32)]) -> Result<Option<f64>> {
    let Some(server) = ground.server() else {
        return Ok(None);
    };
    let mut files = Vec::new();
    for (nth, (script, weight)) in scripts.iter().enumerate() {
        let file = ground.dir().join(format!("baseline{nth}.sql"));
        tokio::fs::write(&file, script).await.map_err(failed)?;
        files.push(format!("-f{}@{weight}", file.display()));
    }
    let beside = server.programs().join("pgbench");
    let program = if beside.exists() { beside } else { "pgbench".into() };
    let mut command = Command::new(program);
    command
        .args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T", SECONDS])
        .args(files)
        .arg(server.url("postgres"))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.map_err(failed)?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failed(format!("pgbench failed: {reason}")));
    }
    Ok(per_second(&String::from_utf8_lossy(&output.stdout)))
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

/// How many SKUs the orders of the baseline are spread over.
const ORDER_SKUS: i64 = 1_000;

/// One balance.
fn look_up_script() -> String {
    let last = ORDER_SKUS - 1;
    format!("\\set a random(0, {last})\nSELECT sku, on_hand - reserved FROM bench_stock WHERE sku = :a;\n")
}

/// An order of two lines as somebody would write it by hand: looked up, checked and taken from stock, its head,
/// lines, payment, fulfilment and event written, paid. Twelve statements, one commit, no HTTP.
fn order_script() -> String {
    format!(
        "\\set a random(0, {last})\n\\set b random(0, {last})\n\\set low least(:a, :b)\n\\set high greatest(:a, :b)\n\\set id random(1, 9000000000000000000)\n\
         BEGIN;\n\
         SELECT on_hand - reserved FROM bench_stock WHERE sku = :a;\n\
         SELECT on_hand - reserved FROM bench_stock WHERE sku = :b;\n\
         INSERT INTO bench_order (id, state, total_minor, detail) VALUES (:id, 'pending', 100, '{detail}');\n\
         INSERT INTO bench_order_line (order_id, sku, quantity, price_minor) VALUES (:id, :a, 1, 50);\n\
         INSERT INTO bench_order_line (order_id, sku, quantity, price_minor) VALUES (:id, :b, 1, 50);\n\
         UPDATE bench_stock SET reserved = reserved + 1 WHERE sku = :low AND on_hand - reserved >= 1;\n\
         UPDATE bench_stock SET reserved = reserved + 1 WHERE sku = :high AND on_hand - reserved >= 1;\n\
         INSERT INTO bench_payment (order_id, state, amount_minor) VALUES (:id, 'captured', 100);\n\
         INSERT INTO bench_fulfilment (order_id, place, state) VALUES (:id, 1, 'requested');\n\
         INSERT INTO bench_event (order_id, body) VALUES (:id, '{detail}');\n\
         UPDATE bench_order SET state = 'paid' WHERE id = :id;\n\
         COMMIT;\n",
        last = ORDER_SKUS - 1,
        detail = "x".repeat(600),
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
