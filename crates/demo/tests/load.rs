//! A chain written into a house, on both engines.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Instant;

use access::{Access, AccessConfig, PlaceDirectory};
use base::Ctx;
use bus::Bus;
use catalog::Catalog;
use crypto::KeyRing;
use db::testing::{TestDb, each_engine};
use db::{Engine, MigrationSet, Reader};
use demo::{House, Part, Size};
use epcis::Epcis;
use flows::{Flows, FlowsParts};
use orders::OrderSecrets;
use orders::rules::Tariff;
use payments::{GiftSecrets, Payments};
use places::Places;
use pricing::Pricing;
use stock::Stock;

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    jobs::MIGRATIONS,
    access::MIGRATIONS,
    catalog::MIGRATIONS,
    channels::MIGRATIONS,
    places::MIGRATIONS,
    members::MIGRATIONS,
    stock::MIGRATIONS,
    orders::MIGRATIONS,
    payments::MIGRATIONS,
    pricing::MIGRATIONS,
    sourcing::MIGRATIONS,
    loyalty::MIGRATIONS,
    outreach::MIGRATIONS,
    voice::MIGRATIONS,
    epcis::MIGRATIONS,
    demo::MIGRATIONS,
];
const SMALL: Size = Size {
    stores: 6,
    members: 120,
    orders: 260,
    days: 160,
};

fn house(test: &TestDb) -> House {
    let db = test.db.clone();
    let config = AccessConfig {
        password_cost: crypto::Cost::TEST,
        ..AccessConfig::default()
    };
    let catalog = Catalog::new(db.clone());
    let places = Places::new(db.clone());
    let stock = Stock::new(db.clone(), catalog.clone(), places.clone());
    let pricing = Pricing::new(db.clone(), catalog.clone());
    let payments = Payments::new(db.clone()).with_gift_cards(GiftSecrets::new(vec![[7; 32]]));
    let flows = Flows::new(FlowsParts {
        db: db.clone(),
        bus: Bus::new(db.clone(), Vec::new()),
        catalog: catalog.clone(),
        places: places.clone(),
        stock: stock.clone(),
        payments: payments.clone(),
        pricing: pricing.clone(),
        secrets: OrderSecrets::new(vec![[7; 32]]),
        tariff: Tariff::default(),
    });
    House {
        flows,
        payments,
        epcis: Epcis::new(db.clone(), places.clone()),
        pricing,
        stock,
        access: Access::new(
            db.clone(),
            KeyRing::ephemeral().unwrap(),
            PlaceDirectory::new(),
            config,
        )
        .unwrap(),
        catalog,
        places,
        db,
    }
}

async fn count(test: &TestDb, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    test.db
        .read(async move |reader: &Reader| reader.query_one(&sql, &[]).await?.get(0))
        .await
        .unwrap()
}

async fn loads_once(test: TestDb) {
    let house = house(&test);
    let mut parts = Vec::new();
    let opened = demo::open(&house, 7, SMALL, &mut |part, done, total| {
        assert!(done <= total);
        parts.push(part);
    })
    .await
    .unwrap();
    assert!(opened.loaded && parts.contains(&Part::Orders));
    assert_eq!(opened.sign_ins.len(), 9);
    let chain = demo::generate(&opened.plan);

    let drift = house.stock.drift_check(&Ctx::system("test")).await.unwrap();
    assert_eq!(drift.rows, 0, "{drift:?}");
    // Unpaid orders are placed live, and may meet an empty shelf.
    let placed = i64::try_from(chain.orders.len()).unwrap();
    let kept = count(&test, "orders_order").await;
    assert!((placed - 3..=placed).contains(&kept), "{kept} of {placed}");
    assert!(count(&test, "orders_order WHERE state = 'pending_payment'").await >= 2);
    assert_eq!(
        count(&test, "members_member").await,
        i64::try_from(chain.members.len()).unwrap()
    );
    assert_eq!(
        count(&test, "catalog_sku").await,
        i64::try_from(chain.skus.len()).unwrap()
    );

    prices_are_in(&house).await;
    goods_are_moving(&test).await;
    the_rising_theme_stands_out(&test).await;
    issues_are_proven(&test, &chain).await;

    let again = demo::open(&house, 99, Size::default(), &mut |part, _, _| panic!("{part:?}"))
        .await
        .unwrap();
    assert!(!again.loaded);
    assert_eq!((again.plan, again.shopper), (opened.plan, opened.shopper));
}

async fn prices_are_in(house: &House) {
    let (ctx, size) = (Ctx::system("test"), base::PageSize::new(None).unwrap());
    let lists = house.pricing.price_list_list(&ctx, None, size).await.unwrap();
    assert_eq!(lists.items.len(), 2);
    assert!(lists.items.iter().all(|list| list.entry_count > 0), "{lists:?}");
    let promotions = house.pricing.promotion_list(&ctx, None, size).await.unwrap();
    assert_eq!(promotions.items.len(), 3);
    let running = |standing| standing == pricing::Standing::Running;
    assert!(
        promotions
            .items
            .iter()
            .all(|promotion| running(promotion.standing))
    );
}

async fn goods_are_moving(test: &TestDb) {
    assert!(count(test, "places_visit").await > 6_000);
    for (rows, expected) in [
        ("stock_transfer WHERE state = 'shipped'", 1),
        ("stock_transfer WHERE state = 'short'", 1),
        ("stock_transfer WHERE state = 'requested'", 1),
        ("stock_supply WHERE state = 'expected'", 3),
        ("stock_supply WHERE slips > 0", 1),
        ("stock_count WHERE state = 'open'", 1),
        ("stock_count WHERE state = 'review'", 1),
        ("stock_count WHERE state = 'posted'", 1),
        ("payments_gift_card", 7),
        ("epcis_event", 4),
    ] {
        assert_eq!(count(test, rows).await, expected, "{rows}");
    }
}

async fn the_rising_theme_stands_out(test: &TestDb) {
    let ctx = Ctx::system("test");
    let voice = voice::Voice::new(test.db.clone(), voice::SurveyPolicy::default());
    let groups = voice.feedback_groups(&ctx).await.unwrap();
    let first = groups.first().unwrap();
    assert_eq!((first.feedback_ids.len(), first.cities), (17, 4), "{first:?}");
    let ratio = first.ratio().unwrap();
    assert!((2.1..2.7).contains(&ratio), "{ratio}");
    assert_eq!(first.product_name.as_ref().unwrap().zh, "澜光修护精华");
}

async fn issues_are_proven(test: &TestDb, chain: &demo::Chain) {
    for (index, issue) in chain.issues.iter().enumerate() {
        let id = issue.id;
        let (found, _) = test
            .db
            .read(async move |reader: &Reader| voice::issue_view_in(reader, id).await)
            .await
            .unwrap();
        let expected = [
            voice::IssueState::Closed,
            voice::IssueState::Closed,
            voice::IssueState::Proving,
        ];
        assert_eq!(found.state, expected[index]);
        assert!(found.feedback_count >= 6 && found.proof.is_some());
        if issue.closed_at.is_some() {
            assert!(found.answers.unwrap().sent >= 5, "{found:?}");
        }
    }
}

#[test]
fn a_chain_is_loaded_once() {
    each_engine(SETS, loads_once);
}

/// Prints how long each part of a load takes: `cargo test -p demo --release -- --ignored --nocapture`.
#[test]
#[ignore = "takes as long as starting the whole demo"]
fn the_default_chain_is_loaded_in_time() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let test = TestDb::new(Engine::Sqlite, SETS).await;
        let house = house(&test);
        let started = Instant::now();
        let mut last = None;
        demo::open(&house, 7, Size::default(), &mut |part, done, total| {
            if done == total && last != Some(part) {
                println!("{:6.2} s  {part:?} {total}", started.elapsed().as_secs_f64());
                last = Some(part);
            }
        })
        .await
        .unwrap();
        println!("{:6.2} s", started.elapsed().as_secs_f64());
    });
}
