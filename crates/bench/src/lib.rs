//! Benchmarks that compare like with like: the product's own code beside a plain baseline, on the same machine
//! in the same minute.
//!
//! Owns: the workloads, their scratch databases, their report.
//! Never does: touch a chain's data; leave anything behind; stay longer than fifty seconds, except side by side with
//! another system, which takes minutes to set up and longer to sell; reach out of the machine, except there.
//! Invariants: a figure never stands without its baseline, unless there is none to be had; then it says so.
//! Events: none.

mod assortment;
mod baseline;
mod ground;
mod http;
mod report;
mod scratch;
mod shop;
mod side_by_side;
mod workloads;

pub use report::Report;

use std::path::Path;

use base::{Category, Error, ErrorCode, Result};
use db::Engine;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// There is no such workload.
pub const UNKNOWN_WORKLOAD: ErrorCode = ErrorCode::new(
    "bench.unknown_workload",
    Category::Invalid,
    "没有基准测试 {workload}；可选：{known}",
    "There is no workload {workload}; there are {known}",
);

/// A workload or its baseline could not be run to its end.
pub const FAILED: ErrorCode = ErrorCode::new(
    "bench.failed",
    Category::Unavailable,
    "基准测试未能完成：{reason}",
    "The workload could not be run to its end: {reason}",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&UNKNOWN_WORKLOAD, &FAILED];

/// The failure of a run, for the person at the terminal.
fn failed(reason: impl std::fmt::Display) -> Error {
    Error::new(&FAILED).with("reason", reason.to_string())
}

/// A benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// How it is asked for.
    pub name: &'static str,
    /// What it measures, in a sentence.
    pub about: &'static str,
}

/// The benchmarks there are.
pub const WORKLOADS: &[Workload] = &[
    workloads::reserve_single::WORKLOAD,
    workloads::reserve::HOT,
    workloads::reserve::SPREAD,
    workloads::reserve::LINES,
    workloads::checkout_http::WORKLOAD,
    workloads::availability_http::WORKLOAD,
    workloads::mixed_http::WORKLOAD,
    workloads::search_http::WORKLOAD,
    workloads::source::WORKLOAD,
    side_by_side::WORKLOAD,
    workloads::replenish::WORKLOAD,
];

/// Runs a workload and prints its report: a table, or one JSON object a line. Without an engine it runs on both.
/// `program` is the server's, for the workloads that speak HTTP; `rows` the balances of `reserve-spread`.
///
/// # Errors
/// `bench.unknown_workload`; whatever keeps a scratch database from being made.
pub async fn run(
    workload: &str,
    engine: impl Into<Option<Engine>>,
    json: bool,
    program: &Path,
    rows: Option<usize>,
) -> Result<()> {
    if workload == workloads::replenish::WORKLOAD.name {
        return workloads::replenish::run(json).await;
    }
    let both = || vec![Engine::Sqlite, Engine::Postgres];
    let mut engines = engine.into().map_or_else(both, |engine| vec![engine]);
    if workload == workloads::source::WORKLOAD.name {
        // It touches no store: once is enough.
        engines.truncate(1);
    }
    if workload == side_by_side::WORKLOAD.name {
        return side_by_side::run(&engines, json, program).boxed().await;
    }
    for engine in engines {
        measure(workload, engine, program, rows).await?.print(json);
    }
    Ok(())
}

/// Runs a workload on one engine.
///
/// # Errors
/// As [`run`].
pub fn measure<'a>(
    workload: &'a str,
    engine: Engine,
    program: &'a Path,
    rows: Option<usize>,
) -> BoxFuture<'a, Result<Report>> {
    workload_run(workload, engine, program, rows).boxed()
}

async fn workload_run(workload: &str, engine: Engine, program: &Path, rows: Option<usize>) -> Result<Report> {
    match workload {
        "reserve-single" => workloads::reserve_single::run(engine).await,
        "reserve-hot" => workloads::reserve::hot(engine).await,
        "reserve-spread" => workloads::reserve::spread(engine, rows).await,
        "reserve-lines" => workloads::reserve::lines(engine).await,
        "checkout-http" => workloads::checkout_http::run(engine, program).await,
        "availability-http" => workloads::availability_http::run(engine, program).await,
        "mixed-http" => workloads::mixed_http::run(engine, program).await,
        "search-http" => workloads::search_http::run(engine, program).await,
        "source" => workloads::source::run().await,
        other => {
            let known: Vec<&str> = WORKLOADS.iter().map(|w| w.name).collect();
            Err(Error::new(&UNKNOWN_WORKLOAD)
                .with("workload", other)
                .with("known", known.join(", ")))
        }
    }
}
