//! Runs one workload without the rest of the product: `cargo run --release -p bench --example bench reserve-hot sqlite`;
//! after the engine `reserve-spread` takes a number of rows.
//! Workloads that speak HTTP start the program built into the same folder.

use db::Engine;

#[tokio::main]
async fn main() -> base::Result<()> {
    let mut args = std::env::args().skip(1);
    let workload = args.next().unwrap_or_default();
    let engine = match args.next().as_deref() {
        Some("sqlite") => Some(Engine::Sqlite),
        Some("postgres") => Some(Engine::Postgres),
        _ => None,
    };
    let me = std::env::current_exe().unwrap_or_default();
    let built = me.ancestors().nth(2).unwrap_or(&me);
    let rows = args.next().and_then(|rows| rows.parse().ok());
    bench::run(&workload, engine, true, &built.join("storeloop"), rows).await
}
