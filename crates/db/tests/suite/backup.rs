//! Backups.

use base::Result;
use db::testing::{TestDb, each_engine};
use db::{Tx, params};

use crate::{SETS, count, put};

async fn add(t: &TestDb) -> Result<u64> {
    let sql = "UPDATE t_balance SET on_hand = on_hand + 1 WHERE sku = 'a'";
    t.db.write(async move |tx: &Tx| tx.execute(sql, params![]).await)
        .await
}

#[test]
fn a_backup_brings_back_what_was() {
    each_engine(SETS, async |t| {
        put(&t.db, "a", 1).await;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("backup");
        let made = t.db.backup(&file).await.unwrap();
        assert!(made.bytes > 0);
        assert!(
            t.db.backup(&file).await.unwrap_err().is(&db::BACKUP_FAILED),
            "a backup is never overwritten"
        );
        add(&t).await.unwrap();
        assert_eq!(count(&t.db, "a").await, 2);
        t.db.shutdown().await;
        let config = t.config();
        let refused = db::restore(&config, &file, false).await.unwrap_err();
        assert!(refused.is(&db::BACKUP_FAILED), "{refused:?}");
        let no_backup = dir.path().join("no-backup");
        std::fs::write(&no_backup, "something else").unwrap();
        assert!(db::restore(&config, &no_backup, true).await.is_err());
        let untouched = t.another().await.unwrap();
        assert_eq!(count(&untouched, "a").await, 2);
        if t.db.engine() == db::Engine::Sqlite {
            let in_use = db::restore(&config, &file, true).await.unwrap_err();
            assert!(in_use.to_string().contains("in use"), "{in_use:?}");
        }
        untouched.shutdown().await;
        db::restore(&config, &file, true).await.unwrap();
        let back = t.another().await.unwrap();
        assert_eq!(count(&back, "a").await, 1);
        assert!(back.migrate(SETS).await.unwrap().applied.is_empty());
        back.ping().await.unwrap();
    });
}
