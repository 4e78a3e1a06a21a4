//! Constraints are the last line, and say what they refused.

use base::ErrorCode;
use db::testing::each_engine;
use db::{Tx, params};

use crate::{SETS, put};

#[test]
fn each_kind_of_constraint_has_its_code() {
    let cases: &[(&'static str, &ErrorCode, Option<&str>)] = &[
        (
            "INSERT INTO t_balance (sku, place, on_hand) VALUES ('a', 'p', 1)",
            &db::UNIQUE_VIOLATION,
            Some("t_balance"),
        ),
        ("UPDATE t_balance SET on_hand = -1", &db::CHECK_VIOLATION, None),
        ("UPDATE t_balance SET reserved = 9", &db::CHECK_VIOLATION, None),
        (
            "INSERT INTO t_movement (id, sku, place, quantity) VALUES ('m', 'nowhere', 'p', 1)",
            &db::FOREIGN_KEY_VIOLATION,
            None,
        ),
        (
            "INSERT INTO t_value (id, words, flag) VALUES (1, 'same', TRUE), (2, 'same', TRUE)",
            &db::UNIQUE_VIOLATION,
            Some("t_value"),
        ),
    ];
    each_engine(SETS, async |t| {
        put(&t.db, "a", 1).await;
        for &(sql, code, table) in cases {
            let error =
                t.db.write(async move |tx: &Tx| tx.execute(sql, params![]).await)
                    .await
                    .unwrap_err();
            assert!(error.is(code), "{sql} on {}: {error:?}", t.db.engine());
            if let Some(table) = table {
                assert_eq!(error.facts()["table"], table, "{sql} on {}", t.db.engine());
            }
        }
        let error =
            t.db.write(async |tx: &Tx| tx.execute("UPDATE t_balance SET reserved = 9", params![]).await)
                .await
                .unwrap_err();
        assert_eq!(error.facts()["constraint"], "t_balance_not_over");
    });
}

#[test]
fn a_missing_value_is_refused() {
    each_engine(SETS, async |t| {
        let outcome =
            t.db.write(async |tx: &Tx| {
                tx.execute(
                    "INSERT INTO t_balance (sku, place, on_hand) VALUES ('a', NULL, 1)",
                    params![],
                )
                .await
            })
            .await;
        assert!(outcome.is_err());
    });
}
