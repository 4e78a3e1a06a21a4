//! A warehouse, two stores, one article, and what was sold of it.

use std::time::Duration;

use base::{Ctx, Currency, Money, PageQuery, PlaceId, SkuId, Text, Time};
use catalog::{Catalog, CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::Tx;
use db::testing::{TestDb, each_engine};
use places::{Address, PlaceIn, PlaceKind, Places, ValidPlace};
use pricing::Pricing;
use replenishment::{ProposalFilter, ProposalState, ProposalSummary, Replenishment, Run};
use stock::{MovementKind, MovementRow, Stock};

const SETS: &[db::MigrationSet] = &[
    bus::MIGRATIONS,
    jobs::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
    pricing::MIGRATIONS,
    replenishment::MIGRATIONS,
];

pub(crate) struct Town {
    pub(crate) t: TestDb,
    pub(crate) stock: Stock,
    pub(crate) replenishment: Replenishment,
    pub(crate) sku: SkuId,
    pub(crate) warehouse: PlaceId,
    pub(crate) east: PlaceId,
    pub(crate) west: PlaceId,
}

pub(crate) fn system() -> Ctx {
    Ctx::system("test")
}

/// Runs a test's body in a fresh town on each engine.
pub(crate) fn towns(body: impl AsyncFn(Town)) {
    each_engine(SETS, async |t: TestDb| body(Town::new(t).await).await);
}

impl Town {
    async fn new(t: TestDb) -> Self {
        let (catalog, places) = (Catalog::new(t.db.clone()), Places::new(t.db.clone()));
        let stock = Stock::new(t.db.clone(), catalog.clone(), places.clone());
        let pricing = Pricing::new(t.db.clone(), catalog.clone());
        let replenishment = Replenishment::new(
            t.db.clone(),
            catalog.clone(),
            places.clone(),
            pricing,
            stock.clone(),
        );
        let sku = article(&t, &catalog).await;
        Self {
            warehouse: place(&places, "W", PlaceKind::Warehouse).await,
            east: place(&places, "E", PlaceKind::Store).await,
            west: place(&places, "S", PlaceKind::Store).await,
            t,
            stock,
            replenishment,
            sku,
        }
    }

    /// Midday so many days ago.
    async fn ago(&self, days: u64) -> Time {
        self.t
            .db
            .now()
            .await
            .unwrap()
            .before(Duration::from_secs(days * 86_400))
    }

    /// Enters so many pieces; negative when they left.
    pub(crate) async fn moved(&self, place: PlaceId, kind: MovementKind, quantity: i64, days_ago: u64) {
        let row = MovementRow {
            id: None,
            kind,
            sku_id: self.sku,
            place_id: place,
            quantity,
            reason: None,
            source: None,
            occurred_at: self.ago(days_ago).await,
        };
        let stock = self.stock.clone();
        let unit = async move |tx: &Tx| {
            stock
                .import_movements_in(tx, &system(), std::slice::from_ref(&row))
                .await
        };
        self.t.db.write(unit).await.unwrap();
    }

    /// Receives enough and sells so many a day over some days; `left` lie there in the end.
    pub(crate) async fn sold(&self, place: PlaceId, days: std::ops::Range<u64>, daily: i64, left: i64) {
        let sold = daily * (days.end - days.start) as i64;
        self.moved(place, MovementKind::Receipt, sold + left, days.end)
            .await;
        for day in days {
            self.moved(place, MovementKind::Sale, -daily, day).await;
        }
    }

    pub(crate) async fn ran(&self) -> Run {
        self.replenishment.run_whole(&system()).await.unwrap()
    }

    /// The proposals that wait for a decision.
    pub(crate) async fn open(&self) -> Vec<ProposalSummary> {
        self.in_state(ProposalState::Open).await
    }

    pub(crate) async fn in_state(&self, state: ProposalState) -> Vec<ProposalSummary> {
        let filter = ProposalFilter {
            state: Some(state),
            ..ProposalFilter::default()
        };
        let page = PageQuery::default();
        self.replenishment
            .proposal_list(&system(), filter, &page)
            .await
            .unwrap()
            .items
    }
}

async fn place(places: &Places, code: &str, kind: PlaceKind) -> PlaceId {
    let details = PlaceIn {
        code: code.to_owned(),
        kind,
        name: Text::new(code, code),
        region: String::new(),
        address: Address {
            country: "CN".to_owned(),
            province: Text::new("上海市", "Shanghai"),
            city: Text::new("上海市", "Shanghai"),
            district: None,
            line: Text::new("一号", "1"),
            postcode: None,
        },
        latitude: 31.0,
        longitude: 121.0,
        timezone: "Asia/Shanghai".to_owned(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: Vec::new(),
        prep_minutes: 0,
        daily_order_capacity: None,
        active: true,
    };
    let valid = ValidPlace::try_from(details).unwrap();
    places.place_create(&system(), valid).await.unwrap().id
}

async fn article(t: &TestDb, catalog: &Catalog) -> SkuId {
    let care = CategoryIn {
        code: "care".to_owned(),
        parent_code: None,
        name: Text::new("护肤", "Care"),
        position: 0,
    };
    let writer = catalog.clone();
    let unit = async move |tx: &Tx| writer.import_categories_in(tx, &[(None, care.clone())]).await;
    let category_id = t.db.write(unit).await.unwrap().remove(0);
    let product = ProductIn {
        code: "ROSE".to_owned(),
        name: Text::new("玫瑰精华", "Rose serum"),
        brand: Text::default(),
        category_id,
        description: Text::default(),
        media: Vec::new(),
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![SkuIn {
            code: "ROSE-30".to_owned(),
            barcodes: Vec::new(),
            option: Text::default(),
            price: Money::new(19_900, Currency::CNY),
            tracked: true,
            active: true,
        }],
    };
    let valid = ValidProduct::try_from(product).unwrap();
    catalog.product_create(&system(), valid).await.unwrap().skus[0].id
}
