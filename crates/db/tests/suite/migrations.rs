//! Migrations.

use base::Time;
use db::testing::{TestDb, each_engine, engines, logical_schema};
use db::{MigrationSet, Reader, Tx, params};

use crate::SETS;

const MORE: &[MigrationSet] = &[MigrationSet {
    domain: "t",
    files: &[
        SETS[0].files[0],
        (
            "0002_more.sql",
            "ALTER TABLE t_value ADD COLUMN done BOOLEAN NOT NULL DEFAULT FALSE;
             UPDATE t_value SET done = TRUE WHERE number > 1;",
        ),
        (
            "0003_pair.sqlite.sql",
            "CREATE VIEW t_engine AS SELECT 'sqlite' AS name;",
        ),
        (
            "0003_pair.postgres.sql",
            "CREATE VIEW t_engine AS SELECT CAST('postgres' AS TEXT) AS name;",
        ),
    ],
}];

const BROKEN: &[MigrationSet] = &[MigrationSet {
    domain: "t",
    files: &[
        SETS[0].files[0],
        (
            "0002_broken.sql",
            "CREATE TABLE t_half (a TEXT); INSERT INTO t_value (id, number) VALUES (1, 'x');",
        ),
    ],
}];

#[test]
fn later_files_are_applied_and_nothing_twice() {
    each_engine(SETS, async |t| {
        t.db.write(async |tx: &Tx| {
            // Its plan is kept by the connections and must survive the table's change.
            tx.query("SELECT * FROM t_value WHERE id = $1", params![1])
                .await?;
            tx.execute(
                "INSERT INTO t_value (id, number) VALUES (1, 1), (2, 2)",
                params![],
            )
            .await
        })
        .await
        .unwrap();
        let migrated = t.db.migrate(MORE).await.unwrap();
        assert_eq!(migrated.applied, ["t/0002_more", "t/0003_pair"]);
        assert_eq!(t.db.migrate(MORE).await.unwrap().applied, [] as [String; 0]);
        let (done, engine) =
            t.db.write(async |tx: &Tx| {
                let row = tx
                    .query_one("SELECT * FROM t_value WHERE id = $1", params![2])
                    .await?;
                let engine = tx.query_one("SELECT name FROM t_engine", params![]).await?;
                Ok((row.get::<bool>(8)?, engine.get::<String>(0)?))
            })
            .await
            .unwrap();
        assert!(done);
        assert_eq!(engine, t.db.engine().as_str());
        let changed = t.db.migrate(SETS).await.unwrap_err();
        assert!(changed.is(&db::MIGRATION_REFUSED), "{changed:?}");
    });
}

#[test]
fn a_broken_file_leaves_nothing_behind() {
    each_engine(SETS, async |t| {
        let error = t.db.migrate(BROKEN).await.unwrap_err();
        assert!(error.is(&db::MIGRATION_REFUSED), "{error:?}");
        assert_eq!(error.facts()["file"], "0002_broken");
        let half =
            t.db.read(async |reader: &Reader| reader.query("SELECT a FROM t_half", params![]).await)
                .await;
        assert!(half.is_err());
        t.db.migrate(MORE).await.unwrap();
    });
}

#[test]
fn nodes_that_start_together_migrate_once() {
    each_engine(&[], async |t: TestDb| {
        let nodes = [
            t.db.clone(),
            t.another().await.unwrap(),
            t.another().await.unwrap(),
        ];
        let done = futures_util::future::join_all(nodes.iter().map(|db| db.migrate(MORE))).await;
        let applied: usize = done.into_iter().map(|m| m.unwrap().applied.len()).sum();
        assert_eq!(applied, 3);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_hold_the_same_schema() {
    let mut schemas = Vec::new();
    for engine in engines() {
        let t = TestDb::new(engine, MORE).await;
        schemas.push(logical_schema(&t.db).await.unwrap());
    }
    let facts = &schemas[0];
    for expected in [
        "column t_value.done boolean not null default",
        "primary key t_balance (sku, place)",
        "foreign key t_movement (sku, place) references t_balance on delete no action",
        "unique index t_value_words on t_value (words) partial",
        "view bi.t_value",
    ] {
        assert!(
            facts.iter().any(|fact| fact == expected),
            "{expected} in {facts:#?}"
        );
    }
    for other in &schemas[1..] {
        assert_eq!(facts, other);
    }
}

#[test]
fn people_see_readable_times_and_json() {
    each_engine(SETS, async |t| {
        t.db.write(async |tx: &Tx| {
            let at: Time = "2026-11-23T01:02:03.456Z".parse()?;
            let sql = "INSERT INTO t_value (id, seen_at, data_json, raw) VALUES (1, $1, $2, $3)";
            tx.execute(sql, params![at, r#"{"a": 1}"#, [1_u8]]).await
        })
        .await
        .unwrap();
        let sql = match t.db.engine() {
            db::Engine::Sqlite => "SELECT seen_at, data_json ->> 'a' FROM bi_t_value",
            db::Engine::Postgres => {
                "SELECT to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), data_json ->> 'a' FROM bi.t_value"
            }
        };
        let row =
            t.db.read(async move |reader: &Reader| reader.query_one(sql, params![]).await)
                .await
                .unwrap();
        assert_eq!(row.text(0).unwrap(), "2026-11-23T01:02:03.456Z");
        // The view is made anew when its table changes, and only then.
        assert_eq!(t.db.migrate(SETS).await.unwrap().applied.len(), 0);
        t.db.migrate(MORE).await.unwrap();
        let sql = if t.db.engine() == db::Engine::Sqlite {
            "SELECT done FROM bi_t_value"
        } else {
            "SELECT done FROM bi.t_value"
        };
        let row =
            t.db.read(async move |reader: &Reader| reader.query_one(sql, params![]).await)
                .await
                .unwrap();
        assert!(!row.get::<bool>(0).unwrap());
    });
}
