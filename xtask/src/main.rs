//! Project chores. Run as `cargo xtask <chore>`.
//!
//! Owns: the two commands of the README, the checks that keep the house in its plan (`tidy`), and the laying out
//! of a new domain.
//! Kept to the standard library and a JSON reader, so that it is built in seconds on a cold machine.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to a terminal")]

mod demo;
mod fuzz;
mod machine;
mod new_domain;
mod shell;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
Project chores.

Usage: cargo xtask <chore>

  demo [args]       builds everything and starts the full demo (args go to `storeloop demo`)
  build             builds the web apps and the release binary
  test [step..]     runs every test, or only the named steps
  tidy              checks what no compiler does: floors, SQL, licences, errors, documents, loose ends
  new-domain NAME   lays out a domain crate with its rooms, ready to compile
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["demo", ..] => demo::demo(&arguments[1..]),
        ["build"] => demo::build(),
        ["test", ..] => test::test(&arguments[1..]),
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
