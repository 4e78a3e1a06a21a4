//! `storeloop backup` and `storeloop restore`

use std::path::{Path, PathBuf};

use startup::config::Config;

use crate::commands::{Done, say, words};
use crate::house;

/// Copies the whole database into one file, while it runs. The key file is not in it: keep that elsewhere.
///
/// # Errors
/// When the file is there already or cannot be written.
pub(crate) async fn backup(config: &Config, to: PathBuf) -> Done {
    let db = house::open_db(config).await.map_err(words)?;
    let backup = db.backup(to).await.map_err(words)?;
    db.shutdown().await;
    say(&format!(
        "{} ({} bytes). The key file {} is not in it; keep a copy of it elsewhere.",
        backup.path.display(),
        backup.bytes,
        config.data_dir.join(house::KEY_FILE).display()
    ));
    Ok(())
}

/// Puts a backup in place of an empty database.
///
/// # Errors
/// When there is a database already, or the file is no backup.
pub(crate) async fn restore(config: &Config, from: &Path) -> Done {
    let target = house::db_config(config).map_err(words)?;
    db::restore(&target, from, false).await.map_err(words)?;
    say(&format!(
        "restored {}; start with `storeloop serve`",
        from.display()
    ));
    Ok(())
}
