//! Every test of the project, step by step.

use std::time::Instant;

use crate::shell::{Done, command, root, run, run_command};
use crate::{fuzz, machine, tidy};

type Step = (&'static str, &'static str, fn() -> Done);

/// The steps in the order a failure is cheapest to learn of.
const STEPS: &[Step] = &[
    ("format", "rustfmt", || {
        run(".", "cargo", &["fmt", "--all", "--check"])
    }),
    (
        "tidy",
        "floors, SQL, licences, errors, documents, loose ends",
        tidy::run,
    ),
    ("web-check", "TypeScript strict and eslint", || npm("check")),
    ("web-test", "unit tests of the web apps", || npm("test")),
    ("web-build", "production build of the web apps", || npm("build")),
    ("clippy", "clippy, warnings are errors", clippy),
    ("rust-test", "Rust tests on SQLite and PostgreSQL", rust_test),
    ("e2e", "the loop in a real browser, in both languages", e2e),
    ("fuzz", "schemathesis against the OpenAPI document", fuzz::fuzz),
];

fn npm(script: &str) -> Done {
    machine::web_packages()?;
    run("apps", "npm", &["run", "--silent", script])
}

fn clippy() -> Done {
    machine::compiler()?;
    run(
        ".",
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    )
}

fn rust_test() -> Done {
    machine::database()?;
    let mut nextest = command(".", "cargo", &["nextest", "run", "--workspace", "--no-fail-fast"]);
    nextest.env("STORELOOP_TEST_POSTGRES", "require");
    run_command(nextest)
}

/// Builds the server as the Rust tests have built it: with the same features of the same crates, so that nothing is
/// compiled a second time.
pub(crate) fn server() -> Done {
    run(".", "cargo", &["build", "--workspace", "--bins", "--tests"])
}

fn e2e() -> Done {
    machine::browser()?;
    machine::web_packages()?;
    server()?;
    let mut stories = command("apps", "npm", &["run", "--silent", "e2e"]);
    stories.env("STORELOOP_BIN", root().join("target/debug/storeloop"));
    run_command(stories)
}

/// Runs the named steps, or all.
pub(crate) fn test(named: &[String]) -> Done {
    if let Some(unknown) = named.iter().find(|n| !STEPS.iter().any(|(name, ..)| name == n)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, ..)| *name).collect();
        return Err(format!(
            "there is no test step `{unknown}`; there are: {}",
            names.join(", ")
        ));
    }
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|(name, ..)| named.is_empty() || named.iter().any(|n| n == name))
        .collect();
    let started = Instant::now();
    let mut failed = Vec::new();
    for (at, (name, what, step)) in chosen.iter().enumerate() {
        println!("\n=== {}/{} {name}: {what}", at + 1, chosen.len());
        if let Err(reason) = step() {
            println!("{reason}");
            failed.push(*name);
        }
    }
    println!("\nAll steps took {:.0} s.", started.elapsed().as_secs_f64());
    if !failed.is_empty() {
        println!("failed steps: {}", failed.join(", "));
    }
    println!(
        "steps: {} passed, {} failed",
        chosen.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err("not every step passed".to_owned())
    }
}
