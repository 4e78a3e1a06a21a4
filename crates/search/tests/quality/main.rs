//! How good the answers are: a small department store, questions people ask it, and what answers them.
//!
//! `cargo nextest run -p search --test quality --no-capture` prints for each kind of question how far up the first right
//! answer stands (the mean of 1 / its place, 0 below ten) and how much of what is right is among the first ten.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; the figures are its output"
)]

use std::collections::BTreeMap;

use base::{CategoryId, Ctx, Currency, Locale, Money, PageSize, PlaceId, ProductId, RequestId, Text};
use bus::Bus;
use catalog::{Attribute, Catalog, CategoryIn, ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::{Db, DbConfig, MigrationSet, SqliteConfig, StoreClock, Tx};
use places::{Address, PlaceIn, PlaceKind, Places, Service, ValidPlace};
use search::{ProductSearch, Search, SearchParts};
use stock::{MovementKind, NewMovement, Stock};

const SHELF: &str = include_str!("shelf.txt");
const QUESTIONS: &str = include_str!("questions.txt");
const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    places::MIGRATIONS,
    catalog::MIGRATIONS,
    stock::MIGRATIONS,
    orders::MIGRATIONS,
];
const FIRST: usize = 10;
/// No kind of question may be answered worse than this, and all together not worse than that.
const EACH_AT_LEAST: f64 = 0.8;
const ALL_AT_LEAST: f64 = 0.95;

/// The fields of the lines of a table.
fn table(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
}

fn both(pair: &str) -> Text {
    let (zh, en) = pair.split_once('=').unwrap_or((pair, pair));
    Text::new(zh, en)
}

struct Shop {
    search: Search,
    here: PlaceId,
    names: BTreeMap<ProductId, String>,
}

async fn shop(folder: &std::path::Path) -> Shop {
    let config = DbConfig::Sqlite(SqliteConfig::new(folder.join("quality.db")));
    let db = Db::open(config, StoreClock::Database).await.unwrap();
    db.migrate(SETS).await.unwrap();
    let system = Ctx::system("test");
    let (catalog, places) = (Catalog::new(db.clone()), Places::new(db.clone()));
    let stock = Stock::new(db.clone(), catalog.clone(), places.clone());
    let bus = Bus::new(db.clone(), Vec::new());
    let mut at = Vec::new();
    for service in [Service::Collect, Service::Ship] {
        let details = ValidPlace::try_from(place(service)).unwrap();
        at.push(places.place_create(&system, details).await.unwrap().id);
    }
    let mut categories: BTreeMap<&str, CategoryId> = BTreeMap::new();
    for row in table(SHELF) {
        categories.entry(row[1]).or_default();
    }
    let rows: Vec<(Option<CategoryId>, CategoryIn)> = categories
        .iter()
        .map(|(name, id)| {
            let input = CategoryIn {
                code: both(name).en,
                parent_code: None,
                name: both(name),
                position: 0,
            };
            (Some(*id), input)
        })
        .collect();
    let shelf = catalog.clone();
    db.write(async move |tx: &Tx| shelf.import_categories_in(tx, &rows).await)
        .await
        .unwrap();
    let mut names = BTreeMap::new();
    for row in table(SHELF) {
        let details = ValidProduct::try_from(product(&row, categories[row[1]])).unwrap();
        let made = catalog.product_create(&system, details).await.unwrap();
        names.insert(made.summary.id, row[0].to_owned());
        let place = match row[6] {
            "here" => at[0],
            "ships" => at[1],
            _ => continue,
        };
        let mut movement = NewMovement::new(MovementKind::Receipt, made.skus[0].id, place, 5);
        movement.reason = Some("test".into());
        stock.movement_record(&system, movement).await.unwrap();
    }
    bus.step().await.unwrap();
    let search = Search::new(SearchParts {
        db,
        bus,
        catalog,
        places,
        stock,
        folder: None,
        synonyms: None,
    });
    search.step().await.unwrap();
    Shop {
        search,
        here: at[0],
        names,
    }
}

fn product(row: &[&str], category_id: CategoryId) -> ProductIn {
    ProductIn {
        code: row[0].into(),
        name: Text::new(row[3], row[4]),
        brand: both(row[2]),
        category_id,
        description: Text::default(),
        media: Vec::new(),
        attributes: vec![Attribute {
            key: "kind".into(),
            label: Text::new("规格", "Kind"),
            value: both(row[5]),
        }],
        status: ProductStatus::Active,
        skus: vec![SkuIn {
            code: format!("{}-1", row[0]),
            barcodes: Vec::new(),
            option: Text::default(),
            price: Money::new(9_900, Currency::CNY),
            tracked: true,
            active: true,
        }],
    }
}

fn place(service: Service) -> PlaceIn {
    PlaceIn {
        code: format!("{service:?}"),
        kind: PlaceKind::Store,
        name: Text::same("1"),
        region: "east".into(),
        address: Address {
            country: "CN".into(),
            province: Text::same("上海市"),
            city: Text::same("上海市"),
            district: None,
            line: Text::same("1"),
            postcode: None,
        },
        latitude: 31.2,
        longitude: 121.4,
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

/// What came of the questions of a kind.
#[derive(Default)]
struct Figures {
    count: usize,
    ranks: f64,
    recall: f64,
}

impl Figures {
    fn add(&mut self, rank: f64, recall: f64) {
        self.count += 1;
        self.ranks += rank;
        self.recall += recall;
    }

    fn mean_rank(&self) -> f64 {
        self.ranks / self.count as f64
    }

    fn print(&self, kind: &str) {
        println!(
            "{kind:<12} {:>4} questions   MRR {:.3}   recall@10 {:.3}",
            self.count,
            self.mean_rank(),
            self.recall / self.count as f64
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_ask_for_stands_where_they_look() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path()).await;
    let visitor = Ctx::anonymous(Locale::Zh, RequestId("test".into()));
    let (mut kinds, mut all) = (BTreeMap::<&str, Figures>::new(), Figures::default());
    for row in table(QUESTIONS) {
        let [kind, question, right] = row[..] else {
            unreachable!("three fields")
        };
        let wanted = ProductSearch {
            question: question.into(),
            place: Some(shop.here),
            size: Some(PageSize::new(Some(FIRST as u32)).unwrap()),
            ..ProductSearch::default()
        };
        let answer = shop.search.product_search(&visitor, wanted).await.unwrap();
        let found: Vec<&str> = answer
            .items
            .iter()
            .map(|hit| shop.names[&hit.product.id].as_str())
            .collect();
        let right: Vec<&str> = right.split_whitespace().collect();
        let (rank, recall) = if right.is_empty() {
            let is_right = f64::from(u8::from(found.is_empty()));
            (is_right, is_right)
        } else {
            let first = found.iter().position(|code| right.contains(code));
            let there = right.iter().filter(|code| found.contains(code)).count();
            let of = right.len().min(FIRST) as f64;
            (first.map_or(0.0, |at| 1.0 / (at + 1) as f64), there as f64 / of)
        };
        if rank < 1.0 || recall < 1.0 {
            println!("{kind}: {question}: {right:?} wanted, {found:?} found");
        }
        kinds.entry(kind).or_default().add(rank, recall);
        all.add(rank, recall);
    }
    for (kind, figures) in &kinds {
        figures.print(kind);
        assert!(figures.mean_rank() >= EACH_AT_LEAST, "{kind}");
    }
    all.print("all");
    assert!(all.mean_rank() >= ALL_AT_LEAST);
}
