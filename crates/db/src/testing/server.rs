//! A private PostgreSQL server: made with `initdb`, reached through a Unix socket, default durability.

use std::fs::{self, File};
use std::io::{Error as IoError, Result as IoResult};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The superuser of private servers; trusted, since only the socket's directory leads to them.
const USER: &str = "storeloop";
/// The account a server runs under when we are root, which PostgreSQL refuses.
const ACCOUNT: &str = "postgres";

/// The server's socket below its directory: PostgreSQL names it by its port, of which it has only the default.
const SOCKET: &str = ".s.PGSQL.5432";

/// Who the server's programs run as; `None` when we are not root and may run them ourselves.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

/// The programs of a PostgreSQL installation, and who runs them.
#[derive(Clone)]
struct Programs {
    dir: PathBuf,
    account: Option<Account>,
}

impl Programs {
    /// Finds PostgreSQL 15 or newer; `STORELOOP_POSTGRES_BIN` names a directory to look in first.
    fn find() -> IoResult<Self> {
        let mut candidates: Vec<PathBuf> = std::env::var_os("STORELOOP_POSTGRES_BIN")
            .map(PathBuf::from)
            .into_iter()
            .collect();
        for version in (15..=30).rev() {
            candidates.push(format!("/usr/lib/postgresql/{version}/bin").into());
            candidates.push(format!("/usr/pgsql-{version}/bin").into());
            candidates.push(format!("/opt/homebrew/opt/postgresql@{version}/bin").into());
        }
        candidates.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
        let complete = |dir: &PathBuf| {
            ["initdb", "pg_ctl", "postgres"]
                .iter()
                .all(|p| dir.join(p).is_file())
        };
        let dir = candidates.into_iter().find(complete).ok_or_else(|| {
            IoError::other("no PostgreSQL programs (initdb, pg_ctl, postgres) found; install PostgreSQL 15 or set STORELOOP_POSTGRES_BIN")
        })?;
        Ok(Self {
            dir,
            account: account()?,
        })
    }

    fn run(&self, program: &str, args: &[&str]) -> IoResult<()> {
        let mut command = Command::new(self.dir.join(program));
        // A process group of its own: Ctrl-C on the tests is no order to the server.
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0);
        command.current_dir("/").env("LC_ALL", "C");
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        let output = command.output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(IoError::other(format!(
            "{program} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )))
    }
}

/// Files made by root belong to root; who owns `/proc/self` is who we are.
fn account() -> IoResult<Option<Account>> {
    use std::os::unix::fs::MetadataExt;
    let ours = tempfile::NamedTempFile::new()?;
    if ours.as_file().metadata()?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let found = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(ACCOUNT);
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        is_it.then_some(Account { uid, gid })
    });
    found.map(Some).ok_or_else(|| {
        IoError::other(format!(
            "PostgreSQL does not run as root and there is no account \"{ACCOUNT}\" to run it as"
        ))
    })
}

/// A server of its own, for one benchmark or one test that kills it. Stopped and removed when dropped.
pub struct PrivateServer {
    programs: Programs,
    dir: TempDir,
}

impl PrivateServer {
    /// Makes and starts a server. Blocks for about a second.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; the text says why.
    pub fn start() -> IoResult<Self> {
        let programs = Programs::find()?;
        let dir = tempfile::Builder::new().prefix("storeloop-pg-").tempdir()?;
        create(&programs, dir.path())?;
        start(&programs, dir.path(), "")?;
        Ok(Self { programs, dir })
    }

    /// How to connect to a database of it; `postgres` is there from the start.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        url(self.dir.path(), database)
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.dir.path()
    }

    /// Who it knows and trusts.
    #[must_use]
    pub fn user(&self) -> &'static str {
        USER
    }

    /// The process that all of its others come from, while it runs.
    ///
    /// # Errors
    /// When it is down.
    pub fn process(&self) -> IoResult<u32> {
        let written = fs::read_to_string(format!("{}/postmaster.pid", data(self.dir.path())))?;
        let first = written.lines().next().unwrap_or_default();
        first.parse().map_err(IoError::other)
    }

    /// The directory of the server's programs, such as `pgbench`.
    #[must_use]
    pub fn programs(&self) -> &Path {
        &self.programs.dir
    }

    /// Stops it as a power cut would: no checkpoint, no goodbye.
    ///
    /// # Errors
    /// When it was not running.
    pub fn kill(&self) -> IoResult<()> {
        self.programs.run(
            "pg_ctl",
            &["-D", &data(self.dir.path()), "-m", "immediate", "-w", "stop"],
        )
    }

    /// Starts it again after [`PrivateServer::kill`].
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&self) -> IoResult<()> {
        start(&self.programs, self.dir.path(), "")
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // It may be down already.
        let _ = self.kill();
    }
}

fn url(dir: &Path, database: &str) -> String {
    // The folder of its socket, written as a host: an address is what the program's configuration takes, too.
    let folder = dir.display().to_string().replace('/', "%2F");
    format!("postgres://{USER}@{folder}/{database}")
}

fn data(dir: &Path) -> String {
    dir.join("data").display().to_string()
}

/// Lays out a data directory below `dir`, which becomes the socket's directory too.
fn create(programs: &Programs, dir: &Path) -> IoResult<()> {
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755))?;
    if let Some(account) = programs.account {
        chown(dir, Some(account.uid), Some(account.gid))?;
    }
    programs.run(
        "initdb",
        // Losing a server that is still being made loses nothing, so `initdb` need not sync; the server does.
        &[
            "-D",
            &data(dir),
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
    )
}

fn start(programs: &Programs, dir: &Path, settings: &str) -> IoResult<()> {
    let options = format!(
        "-c listen_addresses= -c unix_socket_directories={} -c max_connections=200 {settings}",
        dir.display()
    );
    let log = dir.join("log").display().to_string();
    programs.run(
        "pg_ctl",
        &[
            "-D",
            &data(dir),
            "-l",
            &log,
            "-o",
            &options,
            "-w",
            "-t",
            "60",
            "start",
        ],
    )
}

/// What the shared server need not do: a torn page of it is nobody's loss, and thousands of small databases
/// are made in it and dropped.
const SHORT_LIVED: &str = "-c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 \
                           -c max_wal_size=256MB -c autovacuum=off";

/// The server all test processes of this machine share.
pub(super) struct SharedServer {
    dir: PathBuf,
    /// Locked while this process lives, by whatever end it comes to: the janitor waits for it.
    _user: File,
}

impl SharedServer {
    /// The shared server, started if need be.
    pub(super) fn get() -> Result<&'static Self, &'static str> {
        static SHARED: OnceLock<Result<SharedServer, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::join().map_err(|e| e.to_string()))
            .as_ref()
            .map_err(String::as_str)
    }

    pub(super) fn url(&self, database: &str) -> String {
        url(&self.dir, database)
    }

    /// The last words of its log, for a test that cannot reach it.
    pub(super) fn last_words(&self) -> String {
        let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn join() -> IoResult<Self> {
        let programs = Programs::find()?;
        let mine = std::env::temp_dir().join(format!("storeloop-test-pg-{}", own_uid()?));
        fs::create_dir_all(&mine)?;
        // Held while looking, starting or stopping: one process at a time decides.
        let gate = File::create(mine.join("gate"))?;
        gate.lock()?;
        let user = File::create(mine.join("users"))?;
        let dir = mine.join("server");
        if !dir.join("ready").exists() || UnixStream::connect(dir.join(SOCKET)).is_err() {
            // Whatever a crashed start, a server that was killed, or a reboot left behind.
            let _ = programs.run("pg_ctl", &["-D", &data(&dir), "-m", "immediate", "-w", "stop"]);
            if dir.exists() {
                fs::remove_dir_all(&dir)?;
            }
            fs::create_dir(&dir)?;
            create(&programs, &dir)?;
            start(&programs, &dir, SHORT_LIVED)?;
            File::create(dir.join("ready"))?;
            janitor(&programs, &mine)?;
        }
        user.lock_shared()?;
        Ok(Self { dir, _user: user })
    }
}

/// A process that outlives us all: once nobody has used the server for some seconds, it stops and removes it.
fn janitor(programs: &Programs, mine: &Path) -> IoResult<()> {
    const SCRIPT: &str = r#"
        cd / || exit
        while sleep 10; do
            exec 8>"$1/gate" 9>"$1/users"
            flock -x 8
            if flock -n -x 9; then
                rm -f "$1/server/ready"
                if [ -n "$3" ]; then
                    setpriv --reuid "$3" --regid "$4" --clear-groups "$2/pg_ctl" -D "$1/server/data" -m immediate -w stop
                else
                    "$2/pg_ctl" -D "$1/server/data" -m immediate -w stop
                fi
                rm -rf "$1/server"
                exit
            fi
            exec 8>&- 9>&-
        done"#;
    let [uid, gid] = match programs.account {
        Some(account) => [account.uid.to_string(), account.gid.to_string()],
        None => [String::new(), String::new()],
    };
    let mut command = Command::new("sh");
    command
        .args(["-c", SCRIPT, "storeloop-test-janitor"])
        .arg(mine)
        .arg(&programs.dir)
        .args([uid, gid]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map(drop)
}

fn own_uid() -> IoResult<u32> {
    use std::os::unix::fs::MetadataExt;
    Ok(tempfile::NamedTempFile::new()?.as_file().metadata()?.uid())
}
