//! A scratch world: a private PostgreSQL server for the baseline, and for the workload where it is asked for; an
//! SQLite file otherwise. All of it goes when this is dropped.

use base::{Ctx, Error, PlaceId, Result, SkuId};
use catalog::Catalog;
use db::testing::PrivateServer;
use db::{Db, DbConfig, Engine, MigrationSet, PostgresConfig, SqliteConfig, StoreClock, Tx};
use places::Places;
use stock::{Key, MovementKind, MovementRow, Stock};
use tempfile::TempDir;

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
];

/// More than any run can sell.
const ENDLESS: i64 = 1_000_000_000;

/// The world of one run.
pub(crate) struct Scratch {
    pub(crate) db: Db,
    pub(crate) stock: Stock,
    pub(crate) keys: Vec<Key>,
    pub(crate) server: Option<PrivateServer>,
    dir: TempDir,
}

impl Scratch {
    /// A migrated database with `balances` balances that never run out.
    pub(crate) async fn new(engine: Engine, balances: usize) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("storeloop-bench-")
            .tempdir()
            .map_err(Error::internal)?;
        let server = tokio::task::spawn_blocking(PrivateServer::start)
            .await
            .map_err(Error::internal)?;
        let (config, server) = match (engine, server) {
            (Engine::Sqlite, server) => {
                // Without PostgreSQL there is no baseline; the workload itself does not need it.
                (
                    DbConfig::Sqlite(SqliteConfig::new(dir.path().join("bench.db"))),
                    server.ok(),
                )
            }
            (Engine::Postgres, Ok(server)) => (
                DbConfig::Postgres(PostgresConfig::new(server.url("postgres"))),
                Some(server),
            ),
            (Engine::Postgres, Err(reason)) => return Err(Error::internal(reason)),
        };
        let db = Db::open(config, StoreClock::Database).await?;
        db.migrate(SETS).await?;
        let stock = Stock::new(db.clone(), Catalog::new(db.clone()), Places::new(db.clone()));
        let place = PlaceId::new();
        // Numbered, so that pgbench can make them up too.
        let sku = |n: usize| format!("sku_{n:026}").parse::<SkuId>();
        let keys = (0..balances)
            .map(|n| Ok(Key::new(sku(n)?, place)))
            .collect::<Result<Vec<Key>>>()?;
        fill(&db, &stock, &keys).await?;
        Ok(Self {
            db,
            stock,
            keys,
            server,
            dir,
        })
    }

    /// The same tables with the same balances on the private server, for the baseline; they are there already
    /// when the workload itself runs there.
    pub(crate) async fn baseline_tables(&self) -> Result<()> {
        let Some(server) = self
            .server
            .as_ref()
            .filter(|_| self.db.engine() == Engine::Sqlite)
        else {
            return Ok(());
        };
        let config = DbConfig::Postgres(PostgresConfig::new(server.url("postgres")));
        let db = Db::open(config, StoreClock::Database).await?;
        db.migrate(SETS).await?;
        let stock = Stock::new(db.clone(), Catalog::new(db.clone()), Places::new(db.clone()));
        fill(&db, &stock, &self.keys).await?;
        db.shutdown().await;
        Ok(())
    }

    /// A place for scripts.
    pub(crate) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Closes the database; what is left goes with the scratch world.
    pub(crate) async fn close(self) {
        self.db.shutdown().await;
    }
}

async fn fill(db: &Db, stock: &Stock, keys: &[Key]) -> Result<()> {
    let now = db.now().await?;
    let rows: Vec<MovementRow> = keys
        .iter()
        .map(|key| MovementRow {
            id: None,
            kind: MovementKind::Receipt,
            sku_id: key.sku_id,
            place_id: key.place_id,
            quantity: ENDLESS,
            reason: None,
            source: None,
            occurred_at: now,
        })
        .collect();
    let stock = stock.clone();
    let unit = async move |tx: &Tx| stock.import_movements_in(tx, &Ctx::system("bench"), &rows).await;
    db.write(unit).await.map(|_| ())
}
