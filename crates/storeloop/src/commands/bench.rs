//! `storeloop bench`

use crate::cli::{BenchArgs, BenchEngine};
use crate::commands::{Done, say, words};

/// Runs a workload beside its baseline.
///
/// # Errors
/// When the workload is unknown or its engine cannot be started.
pub(crate) async fn bench(args: &BenchArgs) -> Done {
    if args.workload == "list" {
        for workload in bench::WORKLOADS {
            say(&format!("{:<16} {}", workload.name, workload.about));
        }
        return Ok(());
    }
    let engine = args.engine.map(|engine| match engine {
        BenchEngine::Sqlite => db::Engine::Sqlite,
        BenchEngine::Postgres => db::Engine::Postgres,
    });
    let program = std::env::current_exe().map_err(|e| format!("this program's file cannot be found: {e}"))?;
    bench::run(&args.workload, engine, args.json, &program, args.rows)
        .await
        .map_err(words)
}
