//! What the tests of stock share: a small world with one SKU or a few at a place or a few.

use std::time::Duration;

use base::{Ctx, Error, HoldId, PlaceId, Result, SkuId, Time};
use catalog::Catalog;
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use places::Places;
use stock::{
    Available, Hold, HoldLine, HoldRequest, Key, Leave, Level, LevelFilter, Movement, MovementKind,
    NewMovement, Stock,
};

const SETS: &[db::MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
];

pub(crate) fn system() -> Ctx {
    Ctx::system("test")
}

/// Stock over a fresh database.
pub(crate) struct World {
    pub(crate) t: TestDb,
    pub(crate) stock: Stock,
}

impl World {
    pub(crate) fn new(t: TestDb) -> Self {
        let stock = Stock::new(
            t.db.clone(),
            Catalog::new(t.db.clone()),
            Places::new(t.db.clone()),
        );
        Self { t, stock }
    }

    /// Runs a piece of a flow in a unit of its own.
    pub(crate) async fn unit<T, F>(&self, f: F) -> Result<T>
    where
        F: AsyncFn(&Stock, &Tx, &Ctx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let stock = self.stock.clone();
        self.t
            .db
            .write(async move |tx: &Tx| f(&stock, tx, &system()).await)
            .await
    }

    /// A balance that stands at `quantity` by a receipt.
    pub(crate) async fn received(&self, quantity: i64) -> Key {
        let key = Key::new(SkuId::new(), PlaceId::new());
        self.receive(key, quantity).await;
        key
    }

    pub(crate) async fn receive(&self, key: Key, quantity: i64) {
        self.record(NewMovement::new(
            MovementKind::Receipt,
            key.sku_id,
            key.place_id,
            quantity,
        ))
        .await
        .unwrap();
    }

    pub(crate) async fn record(&self, movement: NewMovement) -> Result<Vec<Movement>> {
        self.unit(async move |stock, tx, ctx| stock.movement_record_in(tx, ctx, &movement).await)
            .await
    }

    pub(crate) async fn hold(
        &self,
        owner: &str,
        lines: &[(Key, i64)],
        expires_at: Option<Time>,
    ) -> Result<Hold> {
        let request = request(owner, lines, expires_at);
        self.unit(async move |stock, tx, ctx| stock.hold_place_in(tx, ctx, request.clone()).await)
            .await
    }

    pub(crate) async fn confirm(&self, id: HoldId) -> Result<Hold> {
        self.unit(async move |stock, tx, ctx| stock.hold_confirm_in(tx, ctx, id, &|_| 0).await)
            .await
    }

    pub(crate) async fn commit(&self, id: HoldId, lines: &[(Key, i64)]) -> Result<Hold> {
        let lines = hold_lines(lines);
        self.unit(async move |stock, tx, ctx| stock.hold_commit_in(tx, ctx, id, &lines).await)
            .await
    }

    pub(crate) async fn release(&self, id: HoldId, lines: &[(Key, i64)]) -> Result<Hold> {
        let lines = hold_lines(lines);
        self.unit(async move |stock, tx, ctx| stock.hold_release_in(tx, ctx, id, &lines).await)
            .await
    }

    pub(crate) async fn see(&self, id: HoldId) -> Hold {
        let stock = self.stock.clone();
        self.t
            .db
            .read(async move |reader: &Reader| stock.hold_get_in(reader, id).await)
            .await
            .unwrap()
    }

    /// What the world is told can be promised.
    pub(crate) async fn available(&self, key: Key) -> i64 {
        let found: Vec<Available> = self.stock.availability(&[key.sku_id]).await.unwrap();
        found
            .iter()
            .find(|a| a.place_id == key.place_id)
            .map_or(0, |a| a.available)
    }

    pub(crate) async fn level(&self, key: Key) -> Level {
        let filter = LevelFilter {
            sku: Some(key.sku_id),
            place: Some(key.place_id),
            ..LevelFilter::default()
        };
        let size = base::PageSize::new(None).unwrap();
        self.stock
            .level_list(&system(), filter, None, size)
            .await
            .unwrap()
            .items
            .remove(0)
    }

    /// The instant so far from now.
    pub(crate) async fn later(&self, by: Duration) -> Time {
        self.t.db.now().await.unwrap().after(by)
    }

    /// Every balance equals what it is the sum of.
    pub(crate) async fn adds_up(&self) {
        let report = self.stock.drift_check(&system()).await.unwrap();
        assert_eq!(report.rows, 0, "{report:?}");
    }

    /// Kinds of the events in the outbox, in order.
    pub(crate) async fn told(&self) -> Vec<String> {
        let read = async |reader: &Reader| {
            let rows = reader
                .query("SELECT kind FROM bus_outbox ORDER BY id", &[])
                .await?;
            rows.iter().map(|row| row.get(0)).collect::<Result<Vec<String>>>()
        };
        self.t.db.read(read).await.unwrap()
    }
}

/// Runs a test's body in a fresh world on each engine.
pub(crate) fn worlds(body: impl AsyncFn(World)) {
    each_engine(SETS, async |t: TestDb| body(World::new(t)).await);
}

pub(crate) fn hold_lines(lines: &[(Key, i64)]) -> Vec<HoldLine> {
    lines
        .iter()
        .map(|(key, quantity)| HoldLine::new(key.sku_id, key.place_id, *quantity))
        .collect()
}

pub(crate) fn request(owner: &str, lines: &[(Key, i64)], expires_at: Option<Time>) -> HoldRequest {
    HoldRequest {
        owner: owner.into(),
        lines: hold_lines(lines),
        expires_at,
        leave: Leave::default(),
    }
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T>, code: &base::ErrorCode) -> Error {
    let error = outcome.unwrap_err();
    assert!(error.is(code), "{error:?} is not {}", code.code);
    error
}
