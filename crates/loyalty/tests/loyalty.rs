//! Points through their face, on every engine.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use base::{Ctx, Currency, MemberId, Money, OrderId, PageQuery, Result, ReturnId, Time};
use db::testing::{START, TestDb, each_engine};
use db::{MigrationSet, Reader, Tx};
use loyalty::{EntryKind, Loyalty, OrderGoods, PointsImport, Tier};

const SETS: &[MigrationSet] = &[bus::MIGRATIONS, members::MIGRATIONS, loyalty::MIGRATIONS];

fn system() -> Ctx {
    Ctx::system("test")
}

fn order(member_id: MemberId, minor: i64) -> OrderGoods {
    OrderGoods {
        order_id: OrderId::new(),
        member_id,
        goods: Money::new(minor, Currency::CNY),
    }
}

async fn earn(t: &TestDb, order: &OrderGoods) -> i64 {
    let order = order.clone();
    t.db.write(async move |tx: &Tx| loyalty::earn_in(tx, &system(), &order, tx.now()).await)
        .await
        .unwrap()
}

async fn reverse(t: &TestDb, order: &OrderGoods, id: ReturnId, minor: i64) -> i64 {
    let order = order.order_id;
    t.db.write(async move |tx: &Tx| loyalty::reverse_in(tx, &system(), order, id, minor, tx.now()).await)
        .await
        .unwrap()
}

async fn burn(t: &TestDb, member: MemberId, points: i64, source: &str) -> Result<()> {
    let source = source.to_owned();
    t.db.write(async move |tx: &Tx| loyalty::burn_in(tx, &system(), member, points, &source).await)
        .await
}

async fn balance(t: &TestDb, member: MemberId) -> i64 {
    t.db.read(async move |r: &Reader| loyalty::balance_in(r, member).await)
        .await
        .unwrap()
}

async fn tier(t: &TestDb, member: MemberId) -> Tier {
    t.db.read(async move |r: &Reader| Ok(loyalty::standings_in(r, &[member]).await?[&member].tier))
        .await
        .unwrap()
}

async fn assert_no_drift(t: &TestDb) {
    assert_eq!(Loyalty::new(t.db.clone()).drift().await.unwrap(), []);
}

#[test]
fn an_order_earns_once_however_often_it_is_told() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let order = order(member, 12_345);
        let told = (0..10).map(|_| earn(&t, &order));
        let moved = futures_util::future::join_all(told).await;
        assert_eq!(moved.iter().sum::<i64>(), 123);
        assert_eq!(balance(&t, member).await, 123);
        assert_no_drift(&t).await;
    });
}

/// Three lines of 3.33 and one of them returned: what stays is the points of what was kept.
#[test]
fn partial_returns_never_drift() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let order = order(member, 999);
        assert_eq!(earn(&t, &order).await, 9);
        let first = ReturnId::new();
        assert_eq!(reverse(&t, &order, first, 333).await, 3);
        assert_eq!(
            reverse(&t, &order, first, 333).await,
            3,
            "a repetition answers as before"
        );
        assert_eq!(balance(&t, member).await, 6);
        assert_eq!(reverse(&t, &order, ReturnId::new(), 333).await, 3);
        assert_eq!(reverse(&t, &order, ReturnId::new(), 333).await, 3);
        assert_eq!(balance(&t, member).await, 0);
        assert_no_drift(&t).await;
    });
}

/// 99.90 and 50.00 were kept; the first goes back for 129.00, then that for 59.50: rounded down once each time.
#[test]
fn an_exchange_moves_the_difference_once() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let order = order(member, 14_990);
        assert_eq!(earn(&t, &order).await, 149);
        let exchange = async |id: ReturnId, goods: i64, returned: i64| {
            let goods = OrderGoods {
                goods: Money::new(goods, Currency::CNY),
                ..order.clone()
            };
            let unit = async move |tx: &Tx| {
                loyalty::exchange_in(tx, &system(), &goods, id, returned, tx.now()).await
            };
            t.db.write(unit).await.unwrap()
        };
        let up = ReturnId::new();
        assert_eq!(exchange(up, 14_990 + 12_900, 9_990).await, 30, "179 for 179.00");
        assert_eq!(exchange(up, 14_990 + 12_900, 9_990).await, 0, "told twice");
        let down = ReturnId::new();
        assert_eq!(
            exchange(down, 14_990 + 12_900 + 5_950, 12_900).await,
            -70,
            "109 for 109.50"
        );
        assert_eq!(balance(&t, member).await, 109);
        assert_eq!(reverse(&t, &order, ReturnId::new(), 5_950).await, 59);
        assert_eq!(balance(&t, member).await, 50);
        assert_no_drift(&t).await;
    });
}

#[test]
fn news_of_a_return_may_be_older_than_news_of_the_earning() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let order = order(member, 10_000);
        let expected = order.clone();
        t.db.write(async move |tx: &Tx| loyalty::expect_in(tx, &expected).await)
            .await
            .unwrap();
        let me = Ctx::member(member, base::Locale::Zh, base::RequestId("test".into()));
        let points = Loyalty::new(t.db.clone())
            .my_points(&me, &PageQuery::default())
            .await
            .unwrap();
        assert_eq!((points.balance, points.pending), (0, 100));

        assert_eq!(reverse(&t, &order, ReturnId::new(), 2_500).await, 0);
        assert_eq!(earn(&t, &order).await, 75);
        assert_eq!(balance(&t, member).await, 75);
        assert_no_drift(&t).await;
    });
}

/// Buy, earn, spend, return: the balance goes below zero and the next earning repays it.
#[test]
fn a_return_takes_back_what_was_spent_and_the_next_earning_repays() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let first = order(member, 10_000);
        earn(&t, &first).await;
        burn(&t, member, 100, "gift-1").await.unwrap();
        assert_eq!(reverse(&t, &first, ReturnId::new(), 10_000).await, 100);
        assert_eq!(balance(&t, member).await, -100);
        assert_eq!(
            burn(&t, member, 1, "gift-2").await.unwrap_err().code(),
            "loyalty.points_insufficient"
        );
        earn(&t, &order(member, 15_000)).await;
        assert_eq!(balance(&t, member).await, 50);
        assert_no_drift(&t).await;
    });
}

#[test]
fn of_fifty_spending_the_last_hundred_one_succeeds() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        earn(&t, &order(member, 10_000)).await;
        let sources: Vec<String> = (0..50).map(|n| format!("cart-{n}")).collect();
        let outcomes = futures_util::future::join_all(sources.iter().map(|s| burn(&t, member, 100, s))).await;
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1);
        let refused = outcomes.iter().filter_map(|o| o.as_ref().err());
        assert!(
            refused
                .into_iter()
                .all(|e| e.code() == "loyalty.points_insufficient")
        );
        assert_eq!(balance(&t, member).await, 0);
        assert_no_drift(&t).await;
    });
}

#[test]
fn a_repeated_burn_is_one_and_another_amount_is_refused() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        earn(&t, &order(member, 100_000)).await;
        for _ in 0..5 {
            burn(&t, member, 80, "redemption-1").await.unwrap();
        }
        assert_eq!(balance(&t, member).await, 920);
        assert_eq!(
            burn(&t, member, 81, "redemption-1").await.unwrap_err().code(),
            "loyalty.source_reused"
        );
        assert_eq!(
            burn(&t, MemberId::new(), 80, "redemption-1")
                .await
                .unwrap_err()
                .code(),
            "loyalty.source_reused"
        );
        assert_eq!(
            burn(&t, member, 0, "redemption-2").await.unwrap_err().code(),
            "loyalty.points_invalid"
        );
        assert_eq!(
            burn(&t, member, i64::MIN, "redemption-2")
                .await
                .unwrap_err()
                .code(),
            "loyalty.points_invalid"
        );
        assert_no_drift(&t).await;
    });
}

#[test]
fn a_cancelled_order_brings_nothing_and_takes_back_what_it_brought() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        let (early, late) = (order(member, 10_000), order(member, 20_000));
        let cancel = async |order: &OrderGoods| {
            let (order, id) = (order.clone(), order.order_id);
            t.db.write(async move |tx: &Tx| {
                loyalty::expect_in(tx, &order).await?;
                loyalty::cancel_in(tx, &system(), id, tx.now()).await
            })
            .await
            .unwrap()
        };
        assert_eq!(cancel(&early).await, 0);
        assert_eq!(earn(&t, &early).await, 0);
        earn(&t, &late).await;
        assert_eq!((cancel(&late).await, cancel(&late).await), (200, 0));
        assert_eq!(balance(&t, member).await, 0);
        assert_no_drift(&t).await;
    });
}

#[test]
fn tiers_follow_twelve_months_and_returns() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        assert_eq!(tier(&t, member).await, Tier::Member);
        let big = order(member, 850_000);
        earn(&t, &big).await;
        assert_eq!(tier(&t, member).await, Tier::Gold);
        burn(&t, member, 8_000, "gift").await.unwrap();
        assert_eq!(
            tier(&t, member).await,
            Tier::Gold,
            "spending does not lower a tier"
        );
        t.clock.advance(Duration::from_secs(100 * 86_400));
        reverse(&t, &big, ReturnId::new(), 100_000).await;
        assert_eq!(tier(&t, member).await, Tier::Silver, "a return does");
        t.clock.set(START.after(Duration::from_secs(366 * 86_400)));
        assert_eq!(
            tier(&t, member).await,
            Tier::Member,
            "and its purchase is forgotten with it"
        );
    });
}

#[test]
fn the_ledger_reads_newest_first_and_adds_up() {
    each_engine(SETS, async |t| {
        let member = MemberId::new();
        for n in 1..=5 {
            t.clock.advance(Duration::from_secs(60));
            earn(&t, &order(member, n * 1_000)).await;
        }
        let (staff, house) = (system(), Loyalty::new(t.db.clone()));
        assert_eq!(
            house
                .member_points(&staff, member, &PageQuery::default())
                .await
                .unwrap_err()
                .code(),
            "not_found"
        );
        let me = Ctx::member(member, base::Locale::Zh, base::RequestId("test".into()));
        let first = house
            .my_points(
                &me,
                &PageQuery {
                    cursor: None,
                    limit: Some(3),
                },
            )
            .await
            .unwrap();
        assert_eq!(
            first.entries.items.iter().map(|e| e.points).collect::<Vec<_>>(),
            [50, 40, 30]
        );
        assert_eq!((first.balance, first.entries.items[0].balance_after), (150, 150));
        let rest = house
            .my_points(
                &me,
                &PageQuery {
                    cursor: first.entries.next,
                    limit: Some(3),
                },
            )
            .await
            .unwrap();
        assert_eq!(
            rest.entries.items.iter().map(|e| e.points).collect::<Vec<_>>(),
            [20, 10]
        );
        assert!(rest.entries.next.is_none());
    });
}

#[test]
fn imported_orders_earn_by_the_live_rule_and_once() {
    each_engine(SETS, async |t| {
        let (a, b) = (MemberId::new(), MemberId::new());
        let day = |n: i64| Time::from_seconds(1_700_000_000 + n * 86_400);
        let imports = vec![
            PointsImport {
                order: order(a, 999),
                earned_at: day(2),
                returns: vec![(ReturnId::new(), 333, day(9))],
            },
            PointsImport {
                order: order(b, 5_000),
                earned_at: day(1),
                returns: vec![],
            },
            PointsImport {
                order: order(a, 10_000),
                earned_at: day(4),
                returns: vec![(ReturnId::new(), 10_000, day(5))],
            },
        ];
        let run = async |imports: Vec<PointsImport>| {
            t.db.write(async move |tx: &Tx| loyalty::import_points_in(tx, &system(), &imports).await)
                .await
                .unwrap()
        };
        assert_eq!(run(imports.clone()).await, 3);
        assert_eq!(run(imports.clone()).await, 0);
        assert_eq!((balance(&t, a).await, balance(&t, b).await), (6, 50));
        let me = Ctx::member(a, base::Locale::Zh, base::RequestId("test".into()));
        let points = Loyalty::new(t.db.clone())
            .my_points(&me, &PageQuery::default())
            .await
            .unwrap();
        let lines = points
            .entries
            .items
            .iter()
            .map(|e| (e.kind, e.points, e.balance_after))
            .collect::<Vec<_>>();
        assert_eq!(
            lines,
            [
                (EntryKind::Reverse, -3, 6),
                (EntryKind::Reverse, -100, 9),
                (EntryKind::Earn, 100, 109),
                (EntryKind::Earn, 9, 9)
            ]
        );
        // A live return of an imported order goes on from where the import left it.
        assert_eq!(reverse(&t, &imports[1].order, ReturnId::new(), 4_950).await, 50);
        assert_no_drift(&t).await;
    });
}
