//! `storeloop keys`

use crypto::KeyRing;
use startup::config::Config;

use crate::cli::KeysCommand;
use crate::commands::{Done, say, words};
use crate::house::KEY_FILE;

/// Looks after the installation's master keys.
///
/// # Errors
/// When the key file is missing, readable by others or cannot be written.
pub(crate) fn keys(config: &Config, command: &KeysCommand) -> Done {
    let path = config.data_dir.join(KEY_FILE);
    match command {
        KeysCommand::List => {
            let ring = KeyRing::load(&path).map_err(words)?;
            for id in ring.ids() {
                let now = if id == ring.current() {
                    "  seals what is new"
                } else {
                    ""
                };
                say(&format!("{}{now}", id.get()));
            }
        }
        KeysCommand::Rotate => {
            let ring = KeyRing::rotate(&path).map_err(words)?;
            say(&format!(
                "Key {} seals from the next start on. Copy {} to every node and to where its copy is kept, then \
                 restart the servers one after the other.",
                ring.current().get(),
                path.display()
            ));
        }
    }
    Ok(())
}
