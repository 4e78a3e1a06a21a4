//! Migrations.

use db::testing::{TestDb, each_engine};
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
