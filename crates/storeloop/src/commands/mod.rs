//! One module a command.

mod openapi;
mod serve;

use crate::cli::{Cli, Command};
use crate::config::{Config, Overrides};

/// Why a command failed, in words for the person at the terminal.
pub type Done<T = ()> = Result<T, String>;

/// Does what the command line says.
///
/// # Errors
/// A sentence that says what failed and how to mend it.
pub async fn run(cli: Cli) -> Done {
    let listen = match &cli.command {
        Command::Serve { listen } => *listen,
        Command::Demo(args) => args.listen,
        _ => None,
    };
    let overrides = Overrides {
        data_dir: cli.common.data_dir,
        listen,
        database_url: cli.common.database,
    };
    let config = Config::load(cli.common.config.as_deref(), &overrides)?;
    match cli.command {
        Command::Serve { .. } => serve::serve(&config).await,
        Command::Openapi => openapi::print().await,
        _ => Err("not built yet".to_owned()),
    }
}
