//! A small shop: a dozen products in two lines, two stores in one city, one in another, a warehouse that ships.

use std::path::Path;

use base::{CategoryId, Ctx, Currency, Locale, Money, PageSize, PlaceId, ProductId, RequestId, SkuId, Text};
use bus::Bus;
use catalog::{Attribute, Catalog, CategoryIn, Product, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::testing::TestDb;
use db::{Db, Tx};
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use search::{ProductSearch, Results, Search, SearchParts};
use stock::{MovementKind, NewMovement, Stock};

pub(crate) const SETS: &[db::MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
    orders::MIGRATIONS,
];

pub(crate) fn system() -> Ctx {
    Ctx::system("test")
}

pub(crate) fn visitor() -> Ctx {
    Ctx::anonymous(Locale::En, RequestId("test".into()))
}

/// (code, category, brand, Chinese name, English name, description, price, skin)
type Row = (
    &'static str,
    usize,
    (&'static str, &'static str),
    (&'static str, &'static str),
    &'static str,
    i64,
    &'static str,
);

const TINGLAN: (&str, &str) = ("汀澜", "Tinglan");
const FEIXU: (&str, &str) = ("绯序", "Feixu");

const ROWS: &[Row] = &[
    (
        "SR01",
        2,
        TINGLAN,
        ("玫瑰保湿精华液", "Rose Hydrating Serum"),
        "清晨第一滴 first drop",
        19_900,
        "干性肌",
    ),
    (
        "SR02",
        2,
        TINGLAN,
        ("玻尿酸精华液", "Hyaluronic Serum"),
        "三重补水 plumps",
        29_900,
        "干性肌",
    ),
    (
        "TN01",
        1,
        TINGLAN,
        ("玫瑰花水", "Rose Water Toner"),
        "一喷即润 mist",
        9_900,
        "敏感肌",
    ),
    (
        "MK01",
        3,
        TINGLAN,
        ("玫瑰面膜", "Rose Sheet Mask"),
        "五片装 five",
        12_900,
        "敏感肌",
    ),
    (
        "MK02",
        3,
        TINGLAN,
        ("补水面膜", "Dew Sheet Mask"),
        "五片装 five",
        11_900,
        "干性肌",
    ),
    (
        "SN01",
        1,
        TINGLAN,
        ("清透防晒乳", "Clear Sunscreen SPF50"),
        "不泛白 no cast",
        15_900,
        "油性肌",
    ),
    (
        "LP01",
        4,
        FEIXU,
        ("丝绒口红", "Velvet Lipstick"),
        "持色 lasting",
        18_900,
        "所有肤质",
    ),
    (
        "LP02",
        4,
        FEIXU,
        ("润泽唇膏", "Glossy Lip Balm"),
        "滋润 soft",
        8_900,
        "所有肤质",
    ),
    (
        "FD01",
        4,
        FEIXU,
        ("持妆粉底液", "Lasting Foundation"),
        "不暗沉",
        25_900,
        "油性肌",
    ),
    (
        "MC01",
        4,
        FEIXU,
        ("纤长睫毛膏", "Lengthening Mascara"),
        "不晕染",
        13_900,
        "所有肤质",
    ),
];

/// A search over a small shop.
pub(crate) struct Shop {
    pub(crate) search: Search,
    pub(crate) catalog: Catalog,
    pub(crate) stock: Stock,
    pub(crate) bus: Bus,
    pub(crate) products: Vec<Product>,
    /// Two stores in one city, a store in another, a warehouse.
    pub(crate) stores: Vec<PlaceId>,
    pub(crate) tree: Vec<CategoryId>,
}

/// Search over a store that is there already.
pub(crate) fn search_over(db: &Db, bus: &Bus, folder: Option<&Path>) -> Search {
    let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
    Search::new(SearchParts {
        db: db.clone(),
        bus: bus.clone(),
        stock: Stock::new(db.clone(), catalog.clone(), places.clone()),
        catalog,
        places,
        folder: folder.map(Path::to_owned),
        synonyms: None,
    })
}

impl Shop {
    pub(crate) async fn new(t: &TestDb, folder: Option<&Path>) -> Self {
        Self::open(&t.db, folder).await
    }

    pub(crate) async fn open(db: &Db, folder: Option<&Path>) -> Self {
        let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
        let stock = Stock::new(db.clone(), catalog.clone(), places.clone());
        let bus = Bus::new(db.clone(), Vec::new());
        let tree = name_categories(db, &catalog, "护肤").await;
        let mut products = Vec::new();
        for row in ROWS {
            let details = ValidProduct::try_from(product(row, &tree)).unwrap();
            products.push(catalog.product_create(&system(), details).await.unwrap());
        }
        let mut stores = Vec::new();
        for (code, latitude, service) in [
            ("S1", 31.23, Service::Collect),
            ("S2", 31.25, Service::Collect),
            ("S3", 39.9, Service::Collect),
            ("W1", 30.0, Service::Ship),
        ] {
            let details = ValidPlace::try_from(place(code, latitude, service)).unwrap();
            stores.push(places.place_create(&system(), details).await.unwrap().id);
        }
        bus.step().await.unwrap();
        Self {
            search: search_over(db, &bus, folder),
            catalog,
            stock,
            bus,
            products,
            stores,
            tree,
        }
    }

    pub(crate) fn product(&self, code: &str) -> &Product {
        self.products
            .iter()
            .find(|product| product.summary.code == code)
            .unwrap()
    }

    pub(crate) fn sku(&self, code: &str) -> SkuId {
        self.product(code).skus[0].id
    }

    /// Something arrives, or leaves.
    pub(crate) async fn receive(&self, code: &str, place: PlaceId, quantity: i64) {
        let kind = if quantity < 0 {
            MovementKind::Adjustment
        } else {
            MovementKind::Receipt
        };
        let mut movement = NewMovement::new(kind, self.sku(code), place, quantity);
        movement.reason = Some("test".into());
        self.stock.movement_record(&system(), movement).await.unwrap();
    }

    /// Tells search what happened.
    pub(crate) async fn told(&self) {
        self.bus.step().await.unwrap();
        self.search.step().await.unwrap();
    }

    pub(crate) async fn change(
        &self,
        id: ProductId,
        change: impl Fn(&mut ProductIn) + Send + Sync + 'static,
    ) {
        let changed = move |mut details: ProductIn| {
            change(&mut details);
            ValidProduct::try_from(details)
        };
        self.catalog
            .product_change(&system(), id, None, changed)
            .await
            .unwrap();
    }

    pub(crate) async fn find(&self, wanted: ProductSearch) -> Results {
        self.search.product_search(&visitor(), wanted).await.unwrap()
    }

    /// The codes a question finds, best first.
    pub(crate) async fn ask(&self, question: &str) -> Vec<String> {
        codes(&self.find(asked(question)).await)
    }
}

pub(crate) fn asked(question: &str) -> ProductSearch {
    ProductSearch {
        question: question.into(),
        size: Some(PageSize::new(Some(20)).unwrap()),
        ..ProductSearch::default()
    }
}

pub(crate) fn codes(results: &Results) -> Vec<String> {
    results.items.iter().map(|hit| hit.product.code.clone()).collect()
}

pub(crate) async fn name_categories(db: &Db, catalog: &Catalog, care: &'static str) -> Vec<CategoryId> {
    let rows = [
        ("care", None, Text::new(care, "Skincare")),
        ("toner", Some("care"), Text::new("水乳", "Toners")),
        ("serum", Some("care"), Text::new("精华", "Serums")),
        ("mask", Some("care"), Text::new("面膜", "Masks")),
        ("makeup", None, Text::new("彩妆", "Make-up")),
    ]
    .map(|(code, parent, name)| {
        let parent_code = parent.map(str::to_owned);
        (
            None,
            CategoryIn {
                code: code.into(),
                parent_code,
                name,
                position: 0,
            },
        )
    });
    let catalog = catalog.clone();
    db.write(async move |tx: &Tx| catalog.import_categories_in(tx, &rows).await)
        .await
        .unwrap()
}

fn product(row: &Row, tree: &[CategoryId]) -> ProductIn {
    let (code, category, brand, name, description, price, skin) = *row;
    let number: u64 = code.bytes().map(u64::from).sum();
    ProductIn {
        code: code.into(),
        name: Text::new(name.0, name.1),
        brand: Text::new(brand.0, brand.1),
        category_id: tree[category],
        description: Text::same(description),
        media: Vec::new(),
        attributes: vec![Attribute {
            key: "skin".into(),
            label: Text::new("肤质", "Skin"),
            value: Text::same(skin),
        }],
        status: ProductStatus::Active,
        skus: vec![SkuIn {
            code: format!("{code}-30"),
            barcodes: vec![gtin(690_123_450_000 + number)],
            option: Text::new("30毫升", "30 ml"),
            price: Money::new(price, Currency::CNY),
            tracked: true,
            active: true,
        }],
    }
}

/// Thirteen digits with the right check digit.
pub(crate) fn gtin(twelve: u64) -> String {
    let digits = format!("{twelve:012}");
    let sum: u32 = digits
        .chars()
        .enumerate()
        .filter_map(|(at, c)| Some(c.to_digit(10)? * if at % 2 == 0 { 1 } else { 3 }))
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn place(code: &str, latitude: f64, service: Service) -> PlaceIn {
    PlaceIn {
        code: code.into(),
        kind: PlaceKind::Store,
        name: Text::same(code),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::same("上海市"),
            city: Text::same("上海市"),
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude,
        longitude: 121.47,
        timezone: "Asia/Shanghai".into(),
        area_m2: None,
        phone: None,
        hours: Vec::new(),
        special_days: Vec::new(),
        services: vec![service],
        prep_minutes: 30,
        daily_order_capacity: None,
        active: true,
    }
}
