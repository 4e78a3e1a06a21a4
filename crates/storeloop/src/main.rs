//! The binary.

use std::process::ExitCode;

use clap::Parser;
use storeloop::cli::Cli;
use storeloop::commands;

/// Half of what a request costs is small pieces of memory taken and given back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime cannot be started: {error}")),
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => fail(&reason),
    }
}

#[allow(clippy::print_stderr, reason = "the last word of a failed command")]
fn fail(reason: &str) -> ExitCode {
    eprintln!("storeloop: {reason}");
    ExitCode::FAILURE
}
