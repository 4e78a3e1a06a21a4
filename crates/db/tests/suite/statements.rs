//! Values, rows, parameters and the constructs of the shared SQL.

use std::time::Duration;

use base::{Currency, MemberId, Time};
use db::testing::each_engine;
use db::{Db, DbConfig, PostgresConfig, Reader, SqliteConfig, StoreClock, Tx, Value, json, params};
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::SETS;

#[derive(Clone, Debug)]
struct Sample {
    flag: Option<bool>,
    number: Option<i64>,
    ratio: Option<f64>,
    words: Option<String>,
    raw: Option<Vec<u8>>,
}

fn samples() -> Vec<Sample> {
    let one = (
        any::<Option<bool>>(),
        any::<Option<i64>>(),
        prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL),
        prop::option::of("[^\0]{0,60}"),
        any::<Option<Vec<u8>>>(),
    );
    let strategy = one.prop_map(|(flag, number, ratio, words, raw)| Sample {
        flag,
        number,
        ratio,
        words,
        raw,
    });
    let mut runner = TestRunner::deterministic();
    (0..300)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[test]
fn every_value_comes_back_as_it_went() {
    each_engine(SETS, async |t| {
        let all = samples();
        let rows: Vec<Vec<Value>> = all
            .iter()
            .enumerate()
            .map(|(id, s)| {
                // Unique where flagged; that rule is tested elsewhere.
                let words = s.words.as_ref().map(|w| format!("{id} {w}"));
                params![id as i64, s.flag, s.number, s.ratio, words, s.raw].to_vec()
            })
            .collect();
        t.db.write(async move |tx: &Tx| {
            tx.insert_many("t_value (id, flag, number, ratio, words, raw)", &rows, "")
                .await
        })
        .await
        .unwrap();
        let back =
            t.db.read(async |reader: &Reader| {
                let sql = "SELECT flag, number, ratio, words, raw FROM t_value ORDER BY id";
                reader.query(sql, params![]).await
            })
            .await
            .unwrap();
        assert_eq!(back.len(), all.len());
        for (id, (row, s)) in back.iter().zip(&all).enumerate() {
            assert_eq!(row.get::<Option<bool>>(0).unwrap(), s.flag);
            assert_eq!(row.get::<Option<i64>>(1).unwrap(), s.number);
            assert_eq!(
                row.get::<Option<f64>>(2).unwrap().map(f64::to_bits),
                s.ratio.map(f64::to_bits)
            );
            assert_eq!(
                row.get::<Option<String>>(3).unwrap(),
                s.words.as_ref().map(|w| format!("{id} {w}"))
            );
            assert_eq!(row.get::<Option<Vec<u8>>>(4).unwrap(), s.raw);
        }
    });
}

#[test]
fn the_vocabulary_comes_back_too() {
    each_engine(SETS, async |t| {
        let (member, at) = (MemberId::new(), Time::from_micros(1_795_395_600_000_001));
        t.db.write(async move |tx: &Tx| {
            let data = json(&serde_json::json!({"a": [1, 2]}))?;
            let sql = "INSERT INTO t_value (id, words, seen_at, data_json) VALUES (1, $2, $1, $3), (2, $4, $1, NULL)";
            tx.execute(sql, params![at, member, data, Currency::CNY]).await
        })
        .await
        .unwrap();
        let rows =
            t.db.read(async |reader: &Reader| {
                reader
                    .query(
                        "SELECT words, seen_at, data_json FROM t_value ORDER BY id",
                        params![],
                    )
                    .await
            })
            .await
            .unwrap();
        assert_eq!(rows[0].get::<MemberId>(0).unwrap(), member);
        assert_eq!(rows[0].get::<Time>(1).unwrap(), at);
        assert_eq!(rows[0].json::<serde_json::Value>(2).unwrap()["a"][1], 2);
        assert_eq!(rows[1].get::<Currency>(0).unwrap(), Currency::CNY);
        assert!(rows[0].get::<Currency>(0).is_err());
        assert!(rows[0].get::<i64>(9).is_err());
    });
}

#[test]
fn parameters_may_repeat_and_come_in_any_order() {
    each_engine(SETS, async |t| {
        let row =
            t.db.read(async |reader: &Reader| {
                let sql =
                    "SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BOOLEAN)";
                reader.query_one(sql, params![7, "seven", true]).await
            })
            .await
            .unwrap();
        assert_eq!(row.text(0).unwrap(), "seven");
        assert_eq!(row.get::<i64>(1).unwrap(), 7);
        assert_eq!(row.text(2).unwrap(), "seven");
        assert!(row.get::<bool>(3).unwrap());
    });
}

#[test]
fn a_wrong_number_of_parameters_is_said_so() {
    each_engine(SETS, async |t| {
        for params in [vec![], vec![Value::Int(1), Value::Int(2)]] {
            let error =
                t.db.read(async move |reader: &Reader| {
                    reader
                        .query("SELECT id FROM t_value WHERE id = $1", &params)
                        .await
                })
                .await
                .unwrap_err();
            assert!(format!("{error:?}").contains("parameters"), "{error:?}");
        }
    });
}

#[test]
fn reads_cannot_write() {
    each_engine(SETS, async |t| {
        let attempt =
            t.db.read(async |reader: &Reader| {
                reader
                    .query("INSERT INTO t_value (id) VALUES (1) RETURNING id", params![])
                    .await
            })
            .await;
        assert!(attempt.is_err());
    });
}

#[test]
fn misspelt_columns_and_mistyped_values_are_errors() {
    each_engine(SETS, async |t| {
        for sql in [
            "SELECT \"no_such_column\" FROM t_value",
            "SELECT id FROM t_value WHERE words = \"text in double quotes\"",
        ] {
            let outcome =
                t.db.read(async move |reader: &Reader| reader.query(sql, params![]).await)
                    .await;
            assert!(outcome.is_err(), "{sql} on {}", t.db.engine());
        }
        let mistyped = async |tx: &Tx| {
            tx.execute(
                "INSERT INTO t_value (id, number) VALUES (1, $1)",
                params!["no number"],
            )
            .await
        };
        assert!(t.db.write(mistyped).await.is_err());
    });
}

#[test]
fn like_minds_the_case_on_both() {
    each_engine(SETS, async |t| {
        let row =
            t.db.read(async |reader: &Reader| {
                let sql = "SELECT 'Tea' LIKE 'tea%', lower('Tea') LIKE 'tea%'";
                reader.query_one(sql, params![]).await
            })
            .await
            .unwrap();
        assert!(!row.get::<bool>(0).unwrap());
        assert!(row.get::<bool>(1).unwrap());
    });
}

#[test]
fn the_shared_constructs_work() {
    each_engine(SETS, async |t| {
        t.db.write(async |tx: &Tx| {
            tx.execute("INSERT INTO t_balance (sku, place, on_hand) VALUES ('a', 'p', 5), ('b', 'p', 1)", &[]).await?;
            let upsert = "INSERT INTO t_balance (sku, place, on_hand) VALUES ($1, 'p', $2)
                ON CONFLICT (sku, place) DO UPDATE SET on_hand = t_balance.on_hand + excluded.on_hand
                RETURNING on_hand";
            assert_eq!(tx.query_write(upsert, params!["a", 3]).await?[0].get::<i64>(0)?, 8);
            let guarded = "UPDATE t_balance SET reserved = reserved + $2
                WHERE sku = $1 AND on_hand - reserved >= $2 RETURNING reserved";
            assert_eq!(tx.query_write(guarded, params!["a", 8]).await?[0].get::<i64>(0)?, 8);
            assert_eq!(tx.execute("UPDATE t_balance SET on_hand = 0 WHERE sku = 'nobody'", &[]).await?, 0);
            assert!(tx.query_write(guarded, params!["a", 1]).await?.is_empty());
            let from = "UPDATE t_balance AS b SET on_hand = s.n
                FROM (SELECT sku, COUNT(*) AS n FROM t_balance GROUP BY sku) AS s WHERE s.sku = b.sku AND b.sku = 'b'";
            assert_eq!(tx.execute(from, &[]).await?, 1);
            let select = "WITH total AS (SELECT CAST(SUM(on_hand) AS BIGINT) AS n FROM t_balance)
                SELECT sku, total.n, COUNT(*) FILTER (WHERE on_hand > 1) OVER (), ROW_NUMBER() OVER (ORDER BY sku DESC)
                FROM t_balance, total WHERE (sku, place) > ($1, $2) AND ($3 IS NULL OR sku = $3)
                ORDER BY on_hand DESC NULLS LAST, sku LIMIT $4";
            let rows = tx.query(select, params!["", "", None::<String>, 10]).await?;
            assert_eq!(rows.len(), 2);
            assert_eq!((rows[0].text(0)?, rows[0].get::<i64>(1)?, rows[0].get::<i64>(2)?), ("a", 9, 1));
            assert_eq!(tx.query(select, params!["", "", Some("b"), 10]).await?.len(), 1);
            let kept = "INSERT INTO t_balance (sku, place, on_hand) VALUES ('a', 'p', 1) ON CONFLICT DO NOTHING";
            assert_eq!(tx.execute(kept, &[]).await?, 0);
            let gone = tx.query_write("DELETE FROM t_balance WHERE sku = 'b' RETURNING sku", &[]).await?;
            assert_eq!(gone.len(), 1);
            Ok(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn many_rows_go_in_at_once() {
    each_engine(SETS, async |t| {
        let written =
            t.db.write(async |tx: &Tx| {
                let rows: Vec<Vec<Value>> = (0..1_234_i64).map(|n| params![n, n % 7].to_vec()).collect();
                let first = tx
                    .insert_many("t_value (id, number)", &rows, "ON CONFLICT (id) DO NOTHING")
                    .await?;
                let again = tx
                    .insert_many("t_value (id, number)", &rows[..10], "ON CONFLICT (id) DO NOTHING")
                    .await?;
                let changed: Vec<Vec<Value>> = (0..500_i64).map(|n| params![n, -n].to_vec()).collect();
                let updated = tx
                    .execute_many("UPDATE t_value SET number = $2 WHERE id = $1", &changed)
                    .await?;
                let none = tx.insert_many("t_value (id, number)", &[], "").await?;
                Ok((first, again, updated, none))
            })
            .await
            .unwrap();
        assert_eq!(written, (1_234, 0, 500, 0));
    });
}

#[test]
fn statements_may_be_joined() {
    each_engine(SETS, async |t| {
        let sum =
            t.db.write(async |tx: &Tx| {
                let each = (0..200_i64).map(async |n| {
                    tx.execute("INSERT INTO t_value (id, number) VALUES ($1, $1)", params![n])
                        .await
                });
                let counts = join_all(each)
                    .await
                    .into_iter()
                    .collect::<base::Result<Vec<u64>>>()?;
                let row = tx
                    .query_one("SELECT CAST(SUM(number) AS BIGINT) FROM t_value", params![])
                    .await?;
                Ok((counts.len(), row.get::<i64>(0)?))
            })
            .await
            .unwrap();
        assert_eq!(sum, (200, 19_900));
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    each_engine(SETS, async |t| {
        crate::put(&t.db, "a", 1).await;
        let (begun, go_on) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
        let db = t.db.clone();
        let reading = tokio::spawn(async move {
            db.read(async move |reader: &Reader| {
                let sql = "SELECT on_hand FROM t_balance WHERE sku = 'a'";
                let before: i64 = reader.query_one(sql, params![]).await?.get(0)?;
                begun.0.send(()).unwrap();
                // The thread is the reader's own; holding it holds nobody else on SQLite. On PostgreSQL
                // the write below comes from another node.
                go_on.1.recv().unwrap();
                let after: i64 = reader.query_one(sql, params![]).await?.get(0)?;
                Ok((before, after))
            })
            .await
        });
        let other = t.another().await.unwrap();
        tokio::task::block_in_place(|| begun.1.recv().unwrap());
        other
            .write(async |tx: &Tx| {
                tx.execute("UPDATE t_balance SET on_hand = 2 WHERE sku = 'a'", params![])
                    .await
            })
            .await
            .unwrap();
        go_on.0.send(()).unwrap();
        assert_eq!(reading.await.unwrap().unwrap(), (1, 1));
        assert_eq!(crate::count(&t.db, "a").await, 2);
    });
}

#[test]
fn what_cannot_be_stored_is_refused_alike() {
    each_engine(SETS, async |t| {
        for (value, code) in [
            (Value::from("a\0b"), db::NUL_IN_TEXT.code),
            (Value::from(f64::NAN), "internal"),
        ] {
            let outcome = t.db.write(async move |tx: &Tx| {
                let column = if matches!(value, Value::Double(_)) {
                    "ratio"
                } else {
                    "words"
                };
                tx.execute(
                    &format!("INSERT INTO t_value (id, {column}) VALUES (1, $1)"),
                    std::slice::from_ref(&value),
                )
                .await
            });
            assert_eq!(outcome.await.unwrap_err().code(), code, "{}", t.db.engine());
        }
    });
}

#[test]
fn an_endless_read_is_cut_short() {
    each_engine(SETS, async |t| {
        let config = match t.config() {
            DbConfig::Sqlite(config) => DbConfig::Sqlite(SqliteConfig {
                read_timeout: Duration::from_millis(50),
                ..config
            }),
            DbConfig::Postgres(config) => DbConfig::Postgres(PostgresConfig {
                statement_timeout: Duration::from_millis(50),
                ..config
            }),
        };
        let db = Db::open(config, StoreClock::Database).await.unwrap();
        let endless = async |reader: &Reader| {
            let sql =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 0 FROM n) SELECT COUNT(*) FROM n";
            reader.query_one(sql, params![]).await
        };
        assert!(db.read(endless).await.unwrap_err().is(&db::TIMEOUT));
        db.ping().await.unwrap();
    });
}
