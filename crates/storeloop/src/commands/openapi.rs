//! `storeloop openapi`

use crypto::KeyRing;
use db::{Db, DbConfig, SqliteConfig, StoreClock};
use startup::config::Config;

use crate::commands::Done;
use crate::house::House;

/// The document as text. It needs no running server: the house is built over an empty store and asked.
///
/// # Errors
/// When no scratch folder can be made.
pub async fn document() -> Done<String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no scratch folder can be made: {e}"))?;
    let config = DbConfig::Sqlite(SqliteConfig::new(folder.path().join("empty.db")));
    let db = Db::open(config, StoreClock::Database)
        .await
        .map_err(|e| e.to_string())?;
    let house = KeyRing::ephemeral()
        .and_then(|keys| House::over(db, keys, &Config::default()))
        .map_err(|e| e.to_string())?;
    let (_, document) = house.api()?;
    document
        .to_pretty_json()
        .map_err(|e| format!("the document cannot be written: {e}"))
}

/// Prints the OpenAPI document.
///
/// # Errors
/// As [`document`].
#[allow(clippy::print_stdout, reason = "the command's answer")]
pub(crate) async fn print() -> Done {
    println!("{}", document().await?);
    Ok(())
}
