//! Building everything and starting the demo.

use crate::machine;
use crate::shell::{Done, command, run, run_command};

/// Builds the web apps and the release binary that carries them: beside each other, for what carries them is
/// compiled last. Where it was compiled too early, the second look at it finds that the apps have changed.
pub(crate) fn build() -> Done {
    machine::compiler()?;
    std::thread::scope(|scope| {
        let apps = scope.spawn(web_apps);
        let early = binary();
        apps.join()
            .unwrap_or_else(|_| Err("the web apps' build panicked".to_owned()))?;
        early
    })?;
    binary()
}

fn web_apps() -> Done {
    machine::web_packages()?;
    run("apps", "npm", &["run", "build"])
}

fn binary() -> Done {
    run(".", "cargo", &["build", "--release", "--bin", "storeloop"])
}

/// Builds everything and starts the demo on the embedded default.
pub(crate) fn demo(args: &[String]) -> Done {
    build()?;
    let mut storeloop = command(".", "target/release/storeloop", &["demo"]);
    storeloop.args(args);
    run_command(storeloop)
}
