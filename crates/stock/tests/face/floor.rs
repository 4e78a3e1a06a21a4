//! A small chain for what needs a catalogue and places: two stores, a warehouse, three articles and a service.

use std::sync::Arc;

use base::{
    Actor, CategoryId, Ctx, Currency, Locale, Money, Permission, PlaceId, RequestId, Resource, Rights, SkuId,
    StaffId, Text,
};
use catalog::{Catalog, CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::Tx;
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use stock::Key;

use crate::common::{World, system, worlds};

pub(crate) struct Floor {
    pub(crate) w: World,
    pub(crate) hubin: PlaceId,
    pub(crate) wulin: PlaceId,
    pub(crate) warehouse: PlaceId,
    pub(crate) care: CategoryId,
    /// ¥129, care.
    pub(crate) serum: SkuId,
    /// ¥59, care.
    pub(crate) lipstick: SkuId,
    /// ¥1,000, not care.
    pub(crate) perfume: SkuId,
    /// Nobody counts it.
    pub(crate) wrapping: SkuId,
}

/// Runs a test in a fresh chain on each engine.
pub(crate) fn floors(body: impl AsyncFn(Floor)) {
    worlds(async |w: World| body(Floor::new(w).await).await);
}

/// May do everything, at some places only.
#[derive(Debug)]
struct At(Vec<PlaceId>);

impl Rights for At {
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

/// One person who works at these places.
pub(crate) fn colleague(places: &[PlaceId]) -> Ctx {
    Ctx::new(
        Actor::Staff(StaffId::new()),
        Arc::new(At(places.to_vec())),
        Locale::En,
        RequestId("test".into()),
    )
}

fn place(code: &str, kind: PlaceKind) -> ValidPlace {
    ValidPlace::try_from(PlaceIn {
        code: code.into(),
        kind,
        name: Text::same(code),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::new("浙江省", "Zhejiang"),
            city: Text::new("杭州市", "Hangzhou"),
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: 30.2,
        longitude: 120.1,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: vec![Service::Collect],
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    })
    .unwrap()
}

fn product(code: &str, category_id: CategoryId, price: i64, tracked: bool) -> ValidProduct {
    ValidProduct::try_from(ProductIn {
        code: code.into(),
        name: Text::same(code),
        brand: Text::same("Loop"),
        category_id,
        description: Text::default(),
        media: Vec::new(),
        attributes: Vec::new(),
        status: ProductStatus::Active,
        skus: vec![SkuIn {
            code: format!("{code}-1"),
            barcodes: Vec::new(),
            option: Text::default(),
            price: Money::new(price, Currency::CNY),
            tracked,
            active: true,
        }],
    })
    .unwrap()
}

fn category(code: &str, parent: Option<&str>) -> (Option<CategoryId>, CategoryIn) {
    let category = CategoryIn {
        code: code.into(),
        parent_code: parent.map(str::to_owned),
        name: Text::same(code),
        position: 1,
    };
    (None, category)
}

impl Floor {
    async fn new(w: World) -> Self {
        let places = Places::new(w.t.db.clone());
        let mut ids = Vec::new();
        for (code, kind) in [
            ("HZ1", PlaceKind::Store),
            ("HZ2", PlaceKind::Store),
            ("WH1", PlaceKind::Warehouse),
        ] {
            let made = places.place_create(&system(), place(code, kind)).await;
            ids.push(made.unwrap().id);
        }
        let catalog = Catalog::new(w.t.db.clone());
        let (skus, care) =
            w.t.db
                .write(async move |tx: &Tx| {
                    let tree = [
                        category("care", None),
                        category("lips", Some("care")),
                        category("scent", None),
                    ];
                    let tree = catalog.import_categories_in(tx, &tree).await?;
                    let rows: Vec<catalog::ProductImport> = [
                        product("SERUM", tree[0], 12_900, true),
                        product("LIP", tree[1], 5_900, true),
                        product("SCENT", tree[2], 100_000, true),
                        product("WRAP", tree[2], 500, false),
                    ]
                    .into_iter()
                    .map(Into::into)
                    .collect();
                    let imported = catalog.import_products_in(tx, &system(), &rows).await?;
                    let skus: Vec<SkuId> = imported.iter().map(|i| i.product.skus[0].id).collect();
                    Ok((skus, tree[0]))
                })
                .await
                .unwrap();
        let [hubin, wulin, warehouse] = ids.try_into().unwrap();
        let [serum, lipstick, perfume, wrapping] = skus.try_into().unwrap();
        Self {
            w,
            hubin,
            wulin,
            warehouse,
            care,
            serum,
            lipstick,
            perfume,
            wrapping,
        }
    }

    /// Receives pieces and answers their balance.
    pub(crate) async fn stocked(&self, sku: SkuId, place: PlaceId, quantity: i64) -> Key {
        let key = Key::new(sku, place);
        self.w.receive(key, quantity).await;
        key
    }

    pub(crate) async fn on_hand(&self, key: Key) -> i64 {
        self.w.level(key).await.on_hand
    }
}
