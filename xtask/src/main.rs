//! Project chores. `cargo xtask` lists them.

mod demo;
mod machine;
mod shell;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <chore>

  demo [args]    build everything and start the full demo (args go to `storeloop demo`)
  build          build the web apps and the release binary
  test [step..]  run every test, or only the named steps
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let chore = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match chore.as_str() {
        "demo" => demo::demo(&rest),
        "build" => demo::build(),
        "test" => test::test(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no chore `{other}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
