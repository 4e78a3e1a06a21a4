//! The program itself, as a process on a scratch folder.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{fs, thread};

/// Who prepares and staffs the shops of the cases.
pub(super) const LOGIN: &str = "cases";
pub(super) const PASSWORD: &str = "given when then 1903";
/// The category of every article; there is no other way to make one than bringing it in.
pub(super) const CATEGORY: &str = "care";
const MAPPING: &str = "title = { zh = \"分类\", en = \"Categories\" }\nsource = \"cases\"\n\
    [[table]]\nfile = \"*.csv\"\nrecord = \"category\"\n[table.field]\nkey = \"code\"\nname = \"name\"\n";

/// A running server; it ends and its folder goes when this is dropped.
pub(super) struct Server {
    process: Child,
    pub(super) at: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Prepares a database and starts the program on it; a scratch file of its own when none is named.
    pub(super) fn start(
        program: &Path,
        database: Option<&str>,
        unpaid_kept_s: Option<u32>,
    ) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("storeloop-cases-")
            .tempdir()
            .map_err(words)?;
        let file = format!("sqlite:{}", folder.path().join("cases.db").display());
        let database = database.unwrap_or(&file);
        let ask = |arguments: &[&str], input: &str| ask(program, folder.path(), database, arguments, input);
        ask(
            &["user", "create", LOGIN, "--role", "admin"],
            &format!("{PASSWORD}\n"),
        )?;
        let (mapping, rows) = (
            folder.path().join("categories.toml"),
            folder.path().join("categories.csv"),
        );
        fs::write(&mapping, MAPPING).map_err(words)?;
        fs::write(&rows, format!("code,name\n{CATEGORY},护肤\n")).map_err(words)?;
        ask(&["import", &text(&mapping), &text(&rows)], "")?;

        // Nobody else on this machine is given the port between the two.
        let at = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .map_err(words)?;
        let mut process = on(program, folder.path(), database)
            .args(["serve", "--listen", &at.to_string()])
            .env("STORELOOP_TELEMETRY__LOG", "error,storeloop=info")
            .env("STORELOOP_DATABASE__CONNECTIONS", "8")
            .envs(unpaid_kept_s.map(|seconds| ("STORELOOP_CHECKOUT__HOLD_S", seconds.to_string())))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(words)?;
        let said = process.stderr.take().ok_or("the server cannot be heard")?;
        let server = Self {
            process,
            at,
            _folder: folder,
        };
        let mut lines = BufReader::new(said).lines();
        let mut before = String::new();
        loop {
            match lines.next() {
                Some(Ok(line)) if line.contains("serving") => break,
                Some(Ok(line)) => before.push_str(&line),
                _ => return Err(format!("the server did not start: {before}")),
            }
        }
        // What it says from now on is an error, and belongs to whoever reads the test's output.
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(writeln!(std::io::stderr(), "{line}")))
        });
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Scratch: nothing is to be kept.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program beside the tests: `target/<profile>/storeloop`, or the one `STORELOOP_BIN` names.
///
/// # Errors
/// When it has not been built.
pub fn program() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("STORELOOP_BIN") {
        return Ok(named.into());
    }
    let tests = std::env::current_exe().map_err(words)?;
    let built = tests
        .parent()
        .and_then(Path::parent)
        .map(|folder| folder.join("storeloop"));
    built
        .filter(|program| program.is_file())
        .ok_or_else(|| "there is no program yet: cargo build --bin storeloop".to_owned())
}

fn on(program: &Path, folder: &Path, database: &str) -> Command {
    let mut command = Command::new(program);
    command
        .arg("--data-dir")
        .arg(folder)
        .args(["--database", database])
        .current_dir(folder);
    command
}

/// Runs a subcommand to its end.
fn ask(program: &Path, folder: &Path, database: &str, arguments: &[&str], input: &str) -> Result<(), String> {
    let mut command = on(program, folder, database);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().map_err(words)?;
    if let Some(mut stdin) = process.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(words)?;
    }
    let output = process.wait_with_output().map_err(words)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("storeloop {}: {said}", arguments.join(" ")))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn words(error: std::io::Error) -> String {
    error.to_string()
}
