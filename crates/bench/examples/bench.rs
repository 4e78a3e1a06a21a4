//! Runs one workload without the rest of the product: `cargo run --release -p bench --example bench reserve-hot sqlite`.

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
    bench::run(&workload, engine, true).await
}
