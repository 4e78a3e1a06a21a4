//! A small chain: three stores in Hangzhou, one in Shanghai, a warehouse, two articles and a gift wrap.

use std::sync::Arc;

use base::{
    Actor, Ctx, Currency, FulfilmentId, Locale, MemberId, Money, OrderId, Permission, PlaceId, RequestId,
    Resource, Result, Rights, SkuId, StaffId, Text,
};
use bus::{Bus, Envelope};
use catalog::{Catalog, CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use flows::{CartNew, Flows, FlowsParts, OrderOut, PaymentMethod};
use orders::rules::Tariff;
use orders::{Channel, Contact, DeliveryAddress, FulfilmentChoice, OrderSecrets, OrderState, Wanted};
use payments::{GiftSecrets, Payments, SandboxOutcome};
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use pricing::Pricing;
use stock::{LevelFilter, MovementKind, NewMovement, Stock};

pub(crate) const SETS: &[db::MigrationSet] = &[
    access::MIGRATIONS,
    bus::MIGRATIONS,
    catalog::MIGRATIONS,
    loyalty::MIGRATIONS,
    orders::MIGRATIONS,
    payments::MIGRATIONS,
    pricing::MIGRATIONS,
    sourcing::MIGRATIONS,
    channels::MIGRATIONS,
    jobs::MIGRATIONS,
    places::MIGRATIONS,
    stock::MIGRATIONS,
];

/// The chain, with what the tests ask of it.
pub(crate) struct World {
    pub(crate) t: TestDb,
    pub(crate) bus: Bus,
    pub(crate) flows: Flows,
    pub(crate) stock: Stock,
    pub(crate) payments: Payments,
    pub(crate) pricing: Pricing,
    pub(crate) places: Places,
    pub(crate) catalog: Catalog,
    pub(crate) secrets: OrderSecrets,
    pub(crate) hubin: PlaceId,
    pub(crate) wulin: PlaceId,
    pub(crate) xixi: PlaceId,
    pub(crate) shanghai: PlaceId,
    pub(crate) warehouse: PlaceId,
    pub(crate) serum: SkuId,
    pub(crate) lipstick: SkuId,
    pub(crate) wrap: SkuId,
}

/// Runs a test in a fresh world on each engine.
pub(crate) fn each_world(body: impl AsyncFn(World)) {
    each_engine(SETS, async |t: TestDb| body(World::new(t).await).await);
}

#[derive(Debug)]
struct AtPlaces(Vec<PlaceId>);

impl Rights for AtPlaces {
    fn allows(&self, _: Permission, resource: &Resource) -> bool {
        match resource {
            Resource::Chain => false,
            Resource::Place(place) => self.0.contains(place),
            Resource::Somewhere => !self.0.is_empty(),
        }
    }
    fn places(&self, _: Permission) -> Option<Vec<PlaceId>> {
        Some(self.0.clone())
    }
}

pub(crate) fn system() -> Ctx {
    Ctx::system("test")
}

pub(crate) fn guest() -> Ctx {
    Ctx::anonymous(Locale::En, RequestId("test".into()))
}

pub(crate) fn member(id: MemberId) -> Ctx {
    Ctx::member(id, Locale::En, RequestId("test".into()))
}

/// Somebody who may do everything an associate may, at one place.
pub(crate) fn associate(place: PlaceId) -> Ctx {
    let rights = Arc::new(AtPlaces(vec![place]));
    Ctx::new(
        Actor::Staff(StaffId::new()),
        rights,
        Locale::Zh,
        RequestId("test".into()),
    )
}

fn place(code: &str, name: Text, kind: PlaceKind, at: (f64, f64), services: &[Service]) -> PlaceIn {
    let city = if code == "SH1" {
        Text::new("上海市", "Shanghai")
    } else {
        Text::new("杭州市", "Hangzhou")
    };
    let province = if code == "SH1" {
        city.clone()
    } else {
        Text::new("浙江省", "Zhejiang")
    };
    PlaceIn {
        code: code.into(),
        kind,
        name,
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province,
            city,
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: at.0,
        longitude: at.1,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: services.to_vec(),
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    }
}

fn product(code: &str, name: Text, category_id: base::CategoryId, price: i64, tracked: bool) -> ValidProduct {
    let sku = SkuIn {
        code: format!("{code}-1"),
        barcodes: Vec::new(),
        option: Text::new("30毫升", "30 ml"),
        price: Money::new(price, Currency::CNY),
        tracked,
        active: true,
    };
    ValidProduct::try_from(ProductIn {
        code: code.into(),
        name,
        brand: Text::same("Loop"),
        category_id,
        description: Text::default(),
        media: Vec::new(),
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![sku],
    })
    .unwrap()
}

impl World {
    async fn new(t: TestDb) -> Self {
        let payments = Payments::new(t.db.clone());
        Self::with(t, payments).await
    }

    /// With these payment providers.
    pub(crate) async fn with(t: TestDb, payments: Payments) -> Self {
        let (db, secrets) = (t.db.clone(), OrderSecrets::new(vec![[7; 32]]));
        let payments = payments.with_gift_cards(GiftSecrets::new(vec![[7; 32]]));
        let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
        let stock = Stock::new(db.clone(), catalog.clone(), places.clone());
        let bus = Bus::new(db.clone(), Vec::new());
        let pricing = Pricing::new(db.clone(), catalog.clone());
        let flows = Flows::new(FlowsParts {
            db: db.clone(),
            bus: bus.clone(),
            catalog: catalog.clone(),
            places: places.clone(),
            stock: stock.clone(),
            payments: payments.clone(),
            pricing: pricing.clone(),
            secrets: secrets.clone(),
            tariff: Tariff::default(),
        });
        let store = &[Service::Collect, Service::Return, Service::Ship];
        let mut ids = Vec::new();
        for details in [
            place(
                "HZ1",
                Text::new("湖滨店", "Hubin"),
                PlaceKind::Store,
                (30.255, 120.165),
                store,
            ),
            place(
                "HZ2",
                Text::new("武林店", "Wulin"),
                PlaceKind::Store,
                (30.275, 120.165),
                store,
            ),
            place(
                "HZ3",
                Text::new("西溪店", "Xixi"),
                PlaceKind::Store,
                (30.275, 120.065),
                store,
            ),
            place(
                "SH1",
                Text::new("静安店", "Jing'an"),
                PlaceKind::Store,
                (31.225, 121.455),
                store,
            ),
            place(
                "WH1",
                Text::new("华东仓", "East"),
                PlaceKind::Warehouse,
                (30.9, 120.7),
                &[Service::Ship],
            ),
        ] {
            let valid = ValidPlace::try_from(details).unwrap();
            ids.push(places.place_create(&system(), valid).await.unwrap().id);
        }
        let skus = Self::shelve(&catalog, &t).await;
        let [hubin, wulin, xixi, shanghai, warehouse] = ids.try_into().unwrap();
        let [serum, lipstick, wrap] = skus.try_into().unwrap();
        Self {
            t,
            bus,
            flows,
            stock,
            payments,
            pricing,
            places,
            catalog,
            secrets,
            hubin,
            wulin,
            xixi,
            shanghai,
            warehouse,
            serum,
            lipstick,
            wrap,
        }
    }

    async fn shelve(catalog: &Catalog, t: &TestDb) -> Vec<SkuId> {
        let writer = catalog.clone();
        t.db.write(async move |tx: &Tx| {
            let care = CategoryIn {
                code: "care".into(),
                parent_code: None,
                name: Text::new("护肤", "Care"),
                position: 1,
            };
            let category = writer.import_categories_in(tx, &[(None, care)]).await?.remove(0);
            let rows: Vec<catalog::ProductImport> = [
                product("SERUM", Text::new("精华", "Serum"), category, 12_900, true),
                product("LIP", Text::new("唇膏", "Lipstick"), category, 5_900, true),
                product("WRAP", Text::new("礼品包装", "Gift wrap"), category, 500, false),
            ]
            .into_iter()
            .map(Into::into)
            .collect();
            let imported = writer.import_products_in(tx, &system(), &rows).await?;
            Ok(imported.iter().map(|i| i.product.skus[0].id).collect())
        })
        .await
        .unwrap()
    }

    pub(crate) async fn receive(&self, sku: SkuId, place: PlaceId, quantity: i64) {
        self.record(NewMovement::new(MovementKind::Receipt, sku, place, quantity))
            .await
            .unwrap();
    }

    pub(crate) async fn record(&self, movement: NewMovement) -> Result<()> {
        self.stock.movement_record(&system(), movement).await.map(|_| ())
    }

    /// On hand, reserved, quarantined, available.
    pub(crate) async fn level(&self, sku: SkuId, place: PlaceId) -> (i64, i64, i64, i64) {
        let filter = LevelFilter {
            sku: Some(sku),
            place: Some(place),
            ..LevelFilter::default()
        };
        let size = base::PageSize::new(None).unwrap();
        let levels = self
            .stock
            .level_list(&system(), filter, None, size)
            .await
            .unwrap()
            .items;
        levels.first().map_or((0, 0, 0, 0), |l| {
            (l.on_hand, l.reserved, l.quarantined, l.available)
        })
    }

    pub(crate) fn collect_at(place_id: PlaceId) -> FulfilmentChoice {
        FulfilmentChoice::Collect { place_id }
    }

    pub(crate) fn to_hangzhou() -> FulfilmentChoice {
        FulfilmentChoice::Delivery {
            address: DeliveryAddress {
                name: "李雷".into(),
                phone: "13800138000".into(),
                province: "浙江省".into(),
                city: "杭州市".into(),
                district: "西湖区".into(),
                line: "文三路 1 号".into(),
            },
        }
    }

    pub(crate) async fn cart(
        &self,
        ctx: &Ctx,
        lines: &[(SkuId, i64)],
        choice: FulfilmentChoice,
    ) -> base::CartId {
        let lines = lines.iter().map(|(sku_id, quantity)| Wanted {
            sku_id: *sku_id,
            quantity: *quantity,
        });
        let new = CartNew {
            channel: Channel::Web,
            lines: lines.collect(),
            fulfilment: Some(choice),
            contact: Some(Contact {
                name: "韩梅梅".into(),
                phone: "13900139000".into(),
            }),
        };
        self.flows.cart_create(ctx, new).await.unwrap().id
    }

    pub(crate) async fn order(
        &self,
        ctx: &Ctx,
        lines: &[(SkuId, i64)],
        choice: FulfilmentChoice,
    ) -> Result<OrderOut> {
        let cart = self.cart(ctx, lines, choice).await;
        self.flows.cart_checkout(ctx, cart, PaymentMethod::Sandbox).await
    }

    /// Presses approve on the newest payment of an order.
    pub(crate) async fn pay(&self, order: &OrderOut) -> Result<OrderOut> {
        let payment = order.payments.last().unwrap().id;
        self.flows
            .payment_sandbox(&guest(), payment, SandboxOutcome::Approve, None)
            .await
    }

    /// An order that is paid.
    pub(crate) async fn paid(&self, lines: &[(SkuId, i64)], choice: FulfilmentChoice) -> OrderOut {
        let order = self.order(&guest(), lines, choice).await.unwrap();
        let paid = self.pay(&order).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        paid
    }

    /// An order that was fetched.
    pub(crate) async fn collected(&self, lines: &[(SkuId, i64)], place: PlaceId) -> OrderOut {
        let order = self.paid(lines, Self::collect_at(place)).await;
        let fulfilment = order.fulfilments[0].id;
        let staff = associate(place);
        self.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        self.hand_over(&staff, fulfilment, order.id).await.unwrap();
        let order = self.see(order.id).await;
        assert_eq!(order.state, OrderState::Collected);
        order
    }

    pub(crate) async fn hand_over(&self, staff: &Ctx, id: FulfilmentId, order: OrderId) -> Result<()> {
        let code = self.secrets.pickup_code(order);
        self.flows.fulfilment_hand_over(staff, id, code).await.map(|_| ())
    }

    pub(crate) async fn see(&self, order: OrderId) -> OrderOut {
        self.flows.order_get(&system(), order, None).await.unwrap()
    }

    /// Every event told so far, in order.
    pub(crate) async fn events(&self) -> Vec<Envelope> {
        self.bus.step().await.unwrap();
        self.bus.since(0, &[]).await.unwrap()
    }

    /// How many events of a kind were told of an order.
    pub(crate) async fn told(&self, order: OrderId, kind: &str) -> usize {
        let id = order.to_string();
        self.events()
            .await
            .iter()
            .filter(|e| e.kind == kind && e.aggregate == id)
            .count()
    }

    /// Nothing drifts: stock is the sum of its ledger, payments of theirs.
    pub(crate) async fn books_balance(&self) {
        let report = self.stock.drift_check(&system()).await.unwrap();
        assert!(report.items.is_empty(), "{:?}", report.items);
        assert_eq!(self.payments.payment_drift().await.unwrap(), 0);
        assert_eq!(self.payments.gift_card_drift().await.unwrap(), 0);
    }

    /// How many orders there are.
    pub(crate) async fn orders(&self) -> i64 {
        let read = async |r: &Reader| {
            Ok(orders::figures::order_count_in(r)
                .await?
                .iter()
                .map(|(_, count)| count)
                .sum())
        };
        self.t.db.read(read).await.unwrap()
    }
}

impl World {
    /// The most orders a place takes on in a day.
    pub(crate) async fn set_capacity(&self, place: PlaceId, capacity: u32) {
        let change = move |before: PlaceIn| {
            ValidPlace::try_from(PlaceIn {
                daily_order_capacity: Some(capacity),
                ..before
            })
        };
        self.places
            .place_change(&system(), place, None, change)
            .await
            .unwrap();
    }

    /// Another name, and no longer for sale.
    pub(crate) async fn rename(&self, product: base::ProductId, name: &'static str) {
        let change = move |before: ProductIn| {
            let (name, status) = (Text::same(name), ProductStatus::Archived);
            ValidProduct::try_from(ProductIn {
                name,
                status,
                ..before
            })
        };
        self.catalog
            .product_change(&system(), product, None, change)
            .await
            .unwrap();
    }

    /// The provider says that it captured a payment, whatever we had thought of it.
    pub(crate) async fn provider_captures(&self, id: base::PaymentId) {
        let read = async move |r: &Reader| payments::payment_get_in(r, id).await;
        let payment = self.t.db.read(read).await.unwrap();
        let event = SandboxOutcome::Approve.event(&payment);
        for _ in 0..3 {
            self.flows.payment_event(&system(), event.clone()).await.unwrap();
        }
    }

    /// Asks for money to go back without asking the provider.
    pub(crate) async fn ask_for_refund(&self, order: OrderId, minor: i64) {
        let (amount, payments) = (Money::new(minor, Currency::CNY), self.payments.clone());
        let unit = async move |tx: &Tx| {
            payments
                .payment_refund_in(tx, &system(), order, amount, "test")
                .await
                .map(|_| ())
        };
        self.t.db.write(unit).await.unwrap();
    }
}
