//! What the store promises, kept on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod constraints;
mod dialect;
mod isolation;
mod kill;
mod migrations;
mod once;
mod product;
mod statements;
mod units;

use db::MigrationSet;

/// The tables these tests play with.
pub(crate) const SETS: &[MigrationSet] = &[MigrationSet {
    domain: "t",
    files: &[(
        "0001_tables.sql",
        "CREATE TABLE t_balance (
            sku TEXT NOT NULL,
            place TEXT NOT NULL,
            on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
            reserved BIGINT NOT NULL DEFAULT 0,
            CONSTRAINT t_balance_not_over CHECK (reserved <= on_hand),
            PRIMARY KEY (sku, place)
        );
        CREATE TABLE t_movement (
            id TEXT PRIMARY KEY,
            sku TEXT NOT NULL,
            place TEXT NOT NULL,
            quantity BIGINT NOT NULL,
            FOREIGN KEY (sku, place) REFERENCES t_balance (sku, place)
        );
        CREATE TABLE t_value (
            id BIGINT PRIMARY KEY,
            flag BOOLEAN,
            number BIGINT,
            ratio DOUBLE PRECISION,
            words TEXT,
            raw BYTEA,
            seen_at BIGINT,
            data_json TEXT
        );
        CREATE UNIQUE INDEX t_value_words ON t_value (words) WHERE flag;",
    )],
}];

/// One number, counted in a `t_balance` row.
pub(crate) async fn count(db: &db::Db, sku: &'static str) -> i64 {
    db.read(async move |reader: &db::Reader| {
        let sql = "SELECT on_hand FROM t_balance WHERE sku = $1 AND place = 'p'";
        reader.query_one(sql, db::params![sku]).await?.get(0)
    })
    .await
    .unwrap()
}

/// Puts a `t_balance` row there.
pub(crate) async fn put(db: &db::Db, sku: &'static str, on_hand: i64) {
    db.write(async move |tx: &db::Tx| {
        let sql = "INSERT INTO t_balance (sku, place, on_hand) VALUES ($1, 'p', $2)";
        tx.execute(sql, db::params![sku, on_hand]).await
    })
    .await
    .unwrap();
}
