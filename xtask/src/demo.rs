//! Building everything and starting the demo.

use crate::machine;
use crate::shell::{Done, command, run, run_command};

/// Builds the web apps, then the release binary that carries them.
pub(crate) fn build() -> Done {
    machine::compiler()?;
    machine::web_packages()?;
    run("apps", "npm", &["run", "build"])?;
    run(".", "cargo", &["build", "--release", "--bin", "storeloop"])
}

/// Builds everything and starts the demo on the embedded default.
pub(crate) fn demo(args: &[String]) -> Done {
    build()?;
    let mut storeloop = command(".", "target/release/storeloop", &["demo"]);
    storeloop.args(args);
    run_command(storeloop)
}
