//! Project chores. Run as `cargo xtask <chore>`.
//!
//! Owns: the checks that keep the house in its plan (`tidy`), and the laying out of a new domain.
//! Never does: build, test or format; cargo and its tools do that.
//! Kept to the standard library and a JSON reader, so that it is built in seconds on a cold machine.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to a terminal")]

mod new_domain;
mod tidy;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
Project chores.

Usage: cargo xtask <chore>

  tidy              checks what no compiler does: floors, SQL, licences, errors, documents, loose ends
  new-domain NAME   lays out a domain crate with its rooms, ready to compile
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy::run(),
        ["new-domain", name] => new_domain::run(name),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
