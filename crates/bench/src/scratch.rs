//! A scratch stock: balances that never run out, and nothing around them.

use base::{Ctx, PlaceId, Result, SkuId};
use catalog::Catalog;
use db::{Db, Engine, MigrationSet, Tx, params};
use places::Places;
use stock::{Key, MovementKind, MovementRow, Stock};

use crate::ground::Ground;

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
];

/// More than any run can sell.
pub(crate) const ENDLESS: i64 = 1_000_000_000;

/// The world of one run.
pub(crate) struct Scratch {
    pub(crate) ground: Ground,
    pub(crate) db: Db,
    pub(crate) stock: Stock,
    pub(crate) keys: Vec<Key>,
}

impl Scratch {
    /// A migrated database with `balances` balances that never run out.
    pub(crate) async fn new(engine: Engine, balances: usize) -> Result<Self> {
        let ground = Ground::new(engine).await?;
        let db = ground.open(SETS).await?;
        let place = PlaceId::new();
        // Numbered, so that pgbench can make them up too.
        let sku = |n: usize| format!("sku_{n:026}").parse::<SkuId>();
        let keys = (0..balances)
            .map(|n| Ok(Key::new(sku(n)?, place)))
            .collect::<Result<Vec<Key>>>()?;
        let stock = over(&db);
        provide(&db, &stock, &keys).await?;
        Ok(Self {
            ground,
            db,
            stock,
            keys,
        })
    }

    /// The same tables with the same balances on the private server, for the baseline; they are there already
    /// when the workload itself runs there.
    pub(crate) async fn baseline_tables(&self) -> Result<()> {
        if self.ground.is_shared() {
            return Ok(());
        }
        if let Some(db) = self.ground.baseline(SETS).await? {
            provide(&db, &over(&db), &self.keys).await?;
            db.shutdown().await;
        }
        Ok(())
    }

    /// Closes the database; what is left goes with the scratch world.
    pub(crate) async fn close(self) {
        self.db.shutdown().await;
    }
}

fn over(db: &Db) -> Stock {
    Stock::new(db.clone(), Catalog::new(db.clone()), Places::new(db.clone()))
}

/// As many balances as keys, numbered as they are; by the book while they are few, by the database where they are many.
async fn provide(db: &Db, stock: &Stock, keys: &[Key]) -> Result<()> {
    const MANY: usize = 100_000;
    const AT_ONCE: usize = 250_000;
    const ROWS: &str = "WITH RECURSIVE numbers (n) AS (\
             SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < $2) \
         INSERT INTO stock_balance (sku_id, place_id, on_hand, reserved, quarantined, in_transit, safety_stock, \
             shortfall, version, updated_at) \
         SELECT 'sku_' || substr('00000000000000000000000000' || CAST(n AS TEXT), length(CAST(n AS TEXT)) + 1, 26), \
             $3, $4, 0, 0, 0, 0, 0, 1, 1 FROM numbers";
    let Some(place) = keys.first().map(|key| key.place_id) else {
        return Ok(());
    };
    if keys.len() <= MANY {
        return fill(db, stock, keys, ENDLESS).await;
    }
    for first in (0..keys.len()).step_by(AT_ONCE) {
        let end = (first + AT_ONCE).min(keys.len());
        let unit = async move |tx: &Tx| {
            let numbers = params![first as i64, end as i64, place, ENDLESS];
            tx.execute(ROWS, numbers).await.map(|_| ())
        };
        db.write_guarded(unit).await?;
    }
    Ok(())
}

/// Receives so many everywhere.
pub(crate) async fn fill(db: &Db, stock: &Stock, keys: &[Key], quantity: i64) -> Result<()> {
    let now = db.now().await?;
    let rows: Vec<MovementRow> = keys
        .iter()
        .map(|key| MovementRow {
            id: None,
            kind: MovementKind::Receipt,
            sku_id: key.sku_id,
            place_id: key.place_id,
            quantity,
            reason: None,
            source: None,
            occurred_at: now,
        })
        .collect();
    let stock = stock.clone();
    let unit = async move |tx: &Tx| stock.import_movements_in(tx, &Ctx::system("bench"), &rows).await;
    db.write(unit).await.map(|_| ())
}
