//! One module a command.

mod backup;
mod bench;
mod demo;
mod doctor;
mod import;
mod keys;
mod openapi;
mod reindex;
mod replenish;
mod serve;
mod user;

use std::io::Write;

use base::Locale;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use startup::config::{Config, Overrides};
use startup::telemetry;

use crate::cli::{Cli, Command};
use crate::house::{self, House};

pub use openapi::document;

/// Why a command failed, in words for the person at the terminal.
pub type Done<T = ()> = Result<T, String>;

/// Does what the command line says.
///
/// # Errors
/// A sentence that says what failed and how to mend it.
pub fn run(cli: Cli) -> LocalBoxFuture<'static, Done> {
    // Boxed, so that it is compiled with this library and not once more with the program around it.
    run_command(cli).boxed_local()
}

async fn run_command(cli: Cli) -> Done {
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
    let mut config = Config::load(cli.common.config.as_deref(), &overrides)?;
    if !matches!(cli.command, Command::Serve { .. }) && config.telemetry.log == "info" {
        // At the terminal a command speaks for itself; its log only warns.
        "warn".clone_into(&mut config.telemetry.log);
    }
    let _traces = telemetry::start(&config.telemetry)?;
    match cli.command {
        Command::Serve { .. } => serve::serve(&config).await,
        Command::Demo(args) => demo::demo(config, &args).await,
        Command::Import(args) => import::import(&config, &args).await,
        Command::Migrate => migrate(&config).await,
        Command::User(command) => user::user(&config, command).await,
        Command::Keys(command) => keys::keys(&config, &command),
        Command::Backup { to } => backup::backup(&config, to).await,
        Command::Restore { from } => backup::restore(&config, &from).await,
        Command::Doctor => doctor::doctor(&config).await,
        Command::Reindex => reindex::reindex(&config).await,
        Command::Replenish => replenish::replenish(&config).await,
        Command::Openapi => openapi::print().await,
        Command::Bench(args) => bench::bench(&args).await,
    }
}

/// Says something to the person at the terminal. Somebody who stopped listening (`| head`) is no failure.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// An error of the house in the terminal's language.
pub fn words(error: base::Error) -> String {
    let locale = terminal_locale();
    let mut text = error.message(locale);
    for field in error.fields() {
        text.push_str(&format!("\n  {}: {}", field.field, field.message(locale)));
    }
    format!("{text} [{}]", error.code())
}

/// The language of the terminal, from `LC_ALL`, `LC_MESSAGES` or `LANG`; English when they name no other.
pub fn terminal_locale() -> Locale {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    match named {
        Some(name) if name.starts_with("zh") => Locale::Zh,
        _ => Locale::En,
    }
}

async fn open(config: &Config) -> Done<House> {
    House::open(config).await.map_err(words)
}

async fn migrate(config: &Config) -> Done {
    let db = house::open_db(config).await.map_err(words)?;
    let migrated = db.migrate(house::MIGRATIONS).await.map_err(words)?;
    for name in &migrated.applied {
        say(&format!("applied {name}"));
    }
    say(&format!(
        "{} of {} migrations applied now",
        migrated.applied.len(),
        migrated.total
    ));
    db.shutdown().await;
    Ok(())
}
