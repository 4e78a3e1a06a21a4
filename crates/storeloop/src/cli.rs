//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Storeloop 店环: the whole customer experience of a retail chain as one system with one loop.
///
/// Starts without configuration on an embedded database; everything it keeps lies in one folder (--data-dir).
/// The same binary runs on PostgreSQL with --database postgres://...
#[derive(Debug, Parser)]
#[command(name = "storeloop", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// What to start from.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  storeloop demo                                     a whole chain to click through, in a minute
  storeloop serve --listen 0.0.0.0:7400              serve what is in storeloop-data
  storeloop import online-retail sales.csv.gz --dry-run
  storeloop user create mei --role store_manager --place HZ-HUBIN
  storeloop bench reserve-hot --engine sqlite --json";

/// Flags every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Configuration file [default: storeloop.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of everything the embedded default keeps [default: storeloop-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Database: sqlite:<path> or postgres://user:password@host:port/name [default: sqlite:storeloop.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API and the web apps
    Serve {
        /// Address and port [default: 127.0.0.1:7400]
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Generate a demo chain (once) and serve it
    ///
    /// A beauty chain in Chinese cities with a web shop and half a year of life, the same for the same seed.
    /// Kept in <data-dir>/demo; a second start serves what is there.
    Demo(DemoArgs),
    /// Bring data in from another system's files
    ///
    /// Good rows land; every bad row is reported with file, line, column, value, reason and how to mend it.
    /// A second run changes nothing; an interrupted run goes on where it stopped.
    Import(ImportArgs),
    /// Bring the database's tables to this version
    Migrate,
    /// Staff who may sign in
    #[command(subcommand)]
    User(UserCommand),
    /// The master keys that seal what must not be read
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Copy the whole database, while it runs, into one file
    Backup {
        /// File to write; must not exist
        to: PathBuf,
    },
    /// Put a backup in place of an empty database
    Restore {
        /// File written by `backup`
        from: PathBuf,
    },
    /// Look whether everything is as it should be, and say how to mend what is not
    Doctor,
    /// Make the search index of this data folder anew, while no server runs on it
    Reindex,
    /// Propose what to send for, from the ledger as it stands
    ///
    /// Proposals nobody has decided about are replaced. A server does this by itself once a day.
    Replenish,
    /// Print the OpenAPI 3.1 document
    Openapi,
    /// Measure this machine with Storeloop on it, beside a baseline run in the same minute
    Bench(BenchArgs),
}

/// Size and seed of the demo chain.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Address and port [default: 127.0.0.1:7400]
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// The same seed makes the same chain
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Stores
    #[arg(long, value_name = "N")]
    pub stores: Option<u32>,
    /// Members
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Orders over the whole period
    #[arg(long, value_name = "N")]
    pub orders: Option<u32>,
    /// Days of history
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
    /// Load the chain and stop, without serving
    #[arg(long)]
    pub load_only: bool,
}

/// What to import.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// A preset (see `storeloop import list`) or a mapping file (.toml)
    pub mapping: String,
    /// Files to read: CSV, TSV, XLSX, SQL dump; .gz and .zip are opened
    pub files: Vec<PathBuf>,
    /// Read and check everything, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write the bad rows to this CSV file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// The master keys that seal what must not be read.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List their numbers
    List,
    /// Add a key that seals from the next start on; the old ones stay, to open what they sealed
    Rotate,
}

/// Staff who may sign in.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List staff
    List,
    /// Add somebody; the password is read from the terminal or standard input
    Create {
        /// Sign-in name
        login: String,
        /// Name people see [default: the sign-in name]
        #[arg(long)]
        name: Option<String>,
        /// Role, such as admin, store_manager, associate
        #[arg(long)]
        role: String,
        /// Code of the place the role is limited to [default: everywhere]
        #[arg(long)]
        place: Option<String>,
    },
    /// Set a new password, read from the terminal or standard input; also lifts a lock and ends sessions
    ResetPassword {
        /// Sign-in name
        login: String,
    },
    /// Take the right to sign in away at once
    Disable {
        /// Sign-in name
        login: String,
    },
}

/// What to measure.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Workload; `list` names them
    pub workload: String,
    /// Database engine [default: both, one after the other]
    #[arg(long, value_enum)]
    pub engine: Option<BenchEngine>,
    /// Stock rows that `reserve-spread` reserves from [default: 1000]
    #[arg(long, value_name = "N")]
    pub rows: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// A database engine to measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum BenchEngine {
    /// The embedded default
    Sqlite,
    /// A private PostgreSQL server, started for the run
    Postgres,
}
