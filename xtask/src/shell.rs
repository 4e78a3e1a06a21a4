//! Running other programs, loudly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What a chore answers: nothing, or why it failed.
pub(crate) type Done<T = ()> = Result<T, String>;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A command to run in `folder` below the workspace. What cargo told this program of itself is not handed on: build
/// scripts that look at it would run again, and much be compiled again, whenever cargo is called another way.
pub(crate) fn command(folder: &str, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root().join(folder));
    let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(own) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command, showing it and what it prints.
pub(crate) fn run(folder: &str, program: &str, args: &[&str]) -> Done {
    run_command(command(folder, program, args))
}

/// Runs a prepared command, showing it and what it prints.
pub(crate) fn run_command(mut command: Command) -> Done {
    let shown = show(&command);
    println!("\n$ {shown}");
    let started = Instant::now();
    let status = command
        .status()
        .map_err(|e| format!("`{shown}` did not start: {e}"))?;
    println!("  ({:.1} s)", started.elapsed().as_secs_f64());
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed: {status}"))
    }
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}
