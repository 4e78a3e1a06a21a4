//! The program itself, as processes on a scratch folder.

use std::io::{BufRead, BufReader, Lines, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, thread};

use super::provider::SECRET;
use crate::case::Start;
use crate::verb::Moment;

/// Who prepares and staffs the shops of the cases.
pub(super) const LOGIN: &str = "cases";
pub(super) const PASSWORD: &str = "given when then 1903";
/// Servers of one shop have the same.
const KEYS: &str = "master.key";
/// The category of every article; there is no other way to make one than bringing it in.
pub(super) const CATEGORY: &str = "care";
const MAPPING: &str = "title = { zh = \"分类\", en = \"Categories\" }\nsource = \"cases\"\n\
    [[table]]\nfile = \"*.csv\"\nrecord = \"category\"\n[table.field]\nkey = \"code\"\nname = \"name\"\n";

/// Running servers of one shop; they end and their folders go when this is dropped.
pub(super) struct Servers {
    nodes: Vec<Arc<Node>>,
    /// Names the point at which a server is to be killed.
    deadly: PathBuf,
    _folder: tempfile::TempDir,
}

/// One of them.
struct Node {
    at: SocketAddr,
    program: PathBuf,
    /// Its keys and its search index; the database is shared.
    folder: PathBuf,
    database: String,
    settings: Vec<(&'static str, String)>,
    /// None when it is not to be started again.
    process: Mutex<Option<Child>>,
}

impl Servers {
    /// Prepares a database and starts so many servers on it; one on a scratch file when no database is named.
    pub(super) fn start(
        program: &Path,
        database: Option<&str>,
        start: Start,
        servers: usize,
        provider: SocketAddr,
    ) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("storeloop-cases-")
            .tempdir()
            .map_err(words)?;
        let file = format!("sqlite:{}", folder.path().join("cases.db").display());
        let database = database.unwrap_or(&file);
        let home = |nth: usize| folder.path().join(nth.to_string());
        let first = home(0);
        fs::create_dir(&first).map_err(words)?;
        let ask = |arguments: &[&str], input: &str| ask(program, &first, database, arguments, input);
        ask(
            &["user", "create", LOGIN, "--role", "admin"],
            &format!("{PASSWORD}\n"),
        )?;
        let (mapping, rows) = (first.join("categories.toml"), first.join("categories.csv"));
        fs::write(&mapping, MAPPING).map_err(words)?;
        fs::write(&rows, format!("code,name\n{CATEGORY},护肤\n")).map_err(words)?;
        ask(&["import", &text(&mapping), &text(&rows)], "")?;

        let deadly = folder.path().join("deadly");
        let mut nodes = Vec::new();
        for nth in 0..servers {
            if nth > 0 {
                fs::create_dir(home(nth)).map_err(words)?;
                fs::copy(first.join(KEYS), home(nth).join(KEYS)).map_err(words)?;
            }
            let mut settings = vec![
                ("STORELOOP_TELEMETRY__LOG", "error,storeloop=info".to_owned()),
                ("STORELOOP_DATABASE__CONNECTIONS", "8".to_owned()),
                ("STORELOOP_FAIL_POINT_FILE", text(&deadly)),
                (
                    "STORELOOP_PAYMENTS__STRIPE__BASE_URL",
                    format!("http://{provider}"),
                ),
                (
                    "STORELOOP_PAYMENTS__STRIPE__PUBLISHABLE_KEY",
                    "pk_cases".to_owned(),
                ),
                ("STORELOOP_PAYMENTS__STRIPE__SECRET_KEY", "sk_cases".to_owned()),
                ("STORELOOP_PAYMENTS__STRIPE__WEBHOOK_SECRET", SECRET.to_owned()),
            ];
            let kept = start.unpaid_kept_s.map(|seconds| seconds.to_string());
            settings.extend(kept.map(|seconds| ("STORELOOP_CHECKOUT__HOLD_S", seconds)));
            let ahead = start.second_clock_ahead_s.filter(|_| nth == 1);
            settings.extend(ahead.map(|seconds| ("STORELOOP_CLOCK_AHEAD_S", seconds.to_string())));
            // Nobody else on this machine is given the port between the two.
            let at = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
            let node = Arc::new(Node {
                at: at.map_err(words)?,
                program: program.to_owned(),
                folder: home(nth),
                database: database.to_owned(),
                settings,
                process: Mutex::new(None),
            });
            Node::serve(&node, &deadly)?;
            nodes.push(node);
        }
        Ok(Self {
            nodes,
            deadly,
            _folder: folder,
        })
    }

    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.nodes.iter().map(|node| node.at)
    }

    /// The first server that comes to this moment is killed there and started anew.
    pub(super) fn die_at(&self, moment: Moment) -> Result<(), String> {
        let point = match moment {
            Moment::BeforeTheOrderIsWritten => "checkout.held",
            Moment::BeforeTheOrderIsAnswered => "checkout.committed",
            Moment::BeforeThePaymentIsWritten => "payment.worked_in",
            Moment::BeforeThePaymentIsAnswered => "payment.committed",
        };
        fs::write(&self.deadly, point).map_err(words)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for node in &self.nodes {
            let mut process = node.process.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(mut process) = process.take() {
                // Scratch: nothing is to be kept.
                let _ = process.kill();
                let _ = process.wait();
            }
        }
    }
}

impl Node {
    /// Starts it, waits until it serves, and watches it from then on.
    fn serve(node: &Arc<Self>, deadly: &Path) -> Result<(), String> {
        let (process, lines) = node.spawn()?;
        *node.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        let (node, deadly) = (Arc::clone(node), deadly.to_owned());
        thread::spawn(move || node.watch(lines, &deadly));
        Ok(())
    }

    fn spawn(&self) -> Result<(Child, Said), String> {
        let mut process = on(&self.program, &self.folder, &self.database)
            .args(["serve", "--listen", &self.at.to_string()])
            .envs(self.settings.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(words)?;
        let mut lines = BufReader::new(process.stderr.take().ok_or("the server cannot be heard")?).lines();
        let mut before = String::new();
        loop {
            match lines.next() {
                Some(Ok(line)) if line.contains("serving") => return Ok((process, lines)),
                Some(Ok(line)) => before.push_str(&line),
                _ => return Err(format!("the server did not start: {before}")),
            }
        }
    }

    /// Kills it and starts it anew when it says that it has come to the deadly moment. Whatever else it says is an
    /// error, and belongs to whoever reads the test's output.
    fn watch(&self, mut lines: Said, deadly: &Path) {
        while let Some(Ok(line)) = lines.next() {
            if !line.contains("stopped at") {
                drop(writeln!(std::io::stderr(), "{line}"));
                continue;
            }
            let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(mut dying) = process.take() else {
                return;
            };
            let anew = fs::write(deadly, "")
                .and_then(|()| dying.kill())
                .and_then(|()| dying.wait())
                .map_err(words)
                .and_then(|_| self.spawn());
            match anew {
                Ok((alive, said)) => {
                    *process = Some(alive);
                    lines = said;
                }
                Err(why) => drop(writeln!(std::io::stderr(), "not started again: {why}")),
            }
        }
    }
}

type Said = Lines<BufReader<ChildStderr>>;

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
