//! What the machine must have beyond Rust and Node; installed when missing, and said.

use std::path::Path;

use crate::shell::{Done, command, root, run, run_command};

/// Debian packages and a file each brings.
const BROWSER: &[(&str, &str)] = &[
    ("chromium", "/usr/bin/chromium"),
    ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto"),
];
const DATABASE: &[(&str, &str)] = &[("postgresql-15", "/usr/lib/postgresql/15/bin/initdb")];
const COMPILER: &[(&str, &str)] = &[("build-essential", "/usr/bin/cc")];
const PYTHON: &[(&str, &str)] = &[
    ("python3-venv", "/usr/bin/python3"),
    ("python3-pip", "/usr/bin/python3"),
];

fn install(wanted: &[(&str, &str)]) -> Done {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(_, file)| !Path::new(file).exists())
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing Debian packages: {}", missing.join(" "));
    run(".", "apt-get", &["update", "-q"])?;
    let mut apt = command(
        ".",
        "apt-get",
        &["install", "-y", "-q", "--no-install-recommends"],
    );
    apt.args(&missing).env("DEBIAN_FRONTEND", "noninteractive");
    run_command(apt)
}

/// A C compiler, for the bundled SQLite.
pub(crate) fn compiler() -> Done {
    install(COMPILER)
}

/// Chromium and Chinese fonts, for the browser tests.
pub(crate) fn browser() -> Done {
    install(BROWSER)
}

/// PostgreSQL's own programs; tests start a private server with them.
pub(crate) fn database() -> Done {
    install(DATABASE)
}

/// The web workspace's packages, as the lock file says.
pub(crate) fn web_packages() -> Done {
    let (lock, marker) = (
        root().join("apps/package-lock.json"),
        root().join("apps/node_modules/.package-lock.json"),
    );
    let modified = |path: &Path| path.metadata().and_then(|m| m.modified()).ok();
    if modified(&marker) >= modified(&lock) && marker.exists() {
        return Ok(());
    }
    run("apps", "npm", &["ci", "--no-audit", "--no-fund"])
}

/// The API fuzzer, in a virtual environment of its own; the path of its program.
pub(crate) fn schemathesis() -> Done<String> {
    let venv = root().join("target/schemathesis");
    let program = venv.join("bin/schemathesis");
    if !program.exists() {
        install(PYTHON)?;
        run(".", "python3", &["-m", "venv", &venv.to_string_lossy()])?;
        run(
            ".",
            &venv.join("bin/pip").to_string_lossy(),
            &["install", "-q", "schemathesis==4.*"],
        )?;
    }
    Ok(program.to_string_lossy().into_owned())
}
