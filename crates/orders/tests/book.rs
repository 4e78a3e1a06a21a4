//! The order book through its face, on each engine: imports, lists, figures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::{
    Ctx, Currency, FulfilmentId, MemberId, Money, OrderId, OrderLineId, PageQuery, PlaceId, ProductId,
    ReturnId, SkuId, Text, Time,
};
use db::testing::{START, TestDb, each_engine};
use db::{Reader, Tx};
use orders::{
    Channel, Condition, Contact, Fulfilment, FulfilmentFilter, FulfilmentState, ImportedOrder, Line, Method,
    Moment, MomentKind, OrderFilter, OrderNumber, OrderState, Orders, Part, Return, ReturnLine, ReturnReason,
    Snapshot,
};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, orders::MIGRATIONS];

fn system() -> Ctx {
    Ctx::system("test")
}

struct Seed {
    place: PlaceId,
    member: MemberId,
    product: ProductId,
}

impl Seed {
    fn new() -> Self {
        Self {
            place: PlaceId::new(),
            member: MemberId::new(),
            product: ProductId::new(),
        }
    }

    /// Two pieces for 60.00 each less 20.00, one of them returned.
    fn order(&self, placed_at: Time) -> ImportedOrder {
        let (id, line_id, sku_id) = (OrderId::new(), OrderLineId::new(), SkuId::new());
        let name = Text::new("精华", "Serum");
        let place_name = Text::new("湖滨店", "Hubin");
        let line = Line {
            id: line_id,
            sku_id,
            product_id: self.product,
            snapshot: Snapshot {
                name: name.clone(),
                ..Snapshot::default()
            },
            quantity: 2,
            quantity_returned: 1,
            quantity_cancelled: 0,
            unit_price: 6_000,
            discount: 2_000,
            total: 10_000,
        };
        let refund = Money::new(5_000, Currency::CNY);
        ImportedOrder {
            id,
            state: OrderState::PartlyReturned,
            channel: Channel::Pos,
            currency: Currency::CNY,
            member_id: Some(self.member),
            contact: Contact {
                name: "韩梅梅".into(),
                phone: "+8613900139000".into(),
            },
            method: Method::Collect,
            address: None,
            place_id: Some(self.place),
            place_name: Some(place_name.clone()),
            lines: vec![line],
            shipping: 0,
            tax_included: 1_150,
            refunded: 5_000,
            fulfilments: vec![Fulfilment {
                id: FulfilmentId::new(),
                order_id: id,
                order_number: OrderNumber::of(id, 0),
                method: Method::Collect,
                place_id: self.place,
                place_name: place_name.clone(),
                state: FulfilmentState::HandedOver,
                hold_id: None,
                parts: vec![Part {
                    order_line_id: line_id,
                    quantity: 2,
                }],
                why_text: None,
                why_of: None,
                why: None,
                promised_at: None,
                contact_name: "韩梅梅".into(),
                carrier: None,
                tracking_number: None,
                code_tries: 0,
                code_locked_until: None,
                pickup_by: None,
                created_at: placed_at,
                version: 1,
            }],
            returns: vec![Return {
                id: ReturnId::new(),
                order_id: id,
                order_number: OrderNumber::of(id, 0),
                place_id: self.place,
                place_name,
                lines: vec![ReturnLine {
                    order_line_id: line_id,
                    sku_id,
                    name,
                    quantity: 1,
                    reason: ReturnReason::Other,
                    condition: Condition::Sellable,
                    refund,
                }],
                refund,
                exchange: None,
                note: None,
                actor: "system:import".into(),
                created_at: placed_at,
            }],
            moments: vec![Moment::new(placed_at, MomentKind::Placed, "system:import")],
            placed_at,
        }
    }
}

async fn import(t: &TestDb, orders: Vec<ImportedOrder>) -> u64 {
    t.db.write(async move |tx: &Tx| orders::import_orders_in(tx, orders.clone()).await)
        .await
        .unwrap()
}

fn days(n: u64) -> Duration {
    Duration::from_secs(n * 24 * 3600)
}

#[test]
fn imported_twice_is_imported_once() {
    each_engine(SETS, async |t: TestDb| {
        let seed = Seed::new();
        let batch: Vec<ImportedOrder> = (0..50).map(|n| seed.order(START.before(days(n)))).collect();
        assert_eq!(import(&t, batch.clone()).await, 50);
        assert_eq!(import(&t, batch.clone()).await, 0);
        let id = batch[0].id;
        let order =
            t.db.read(async move |r: &Reader| orders::order_get_in(r, id).await)
                .await
                .unwrap();
        assert_eq!(
            (
                order.head.amounts.goods,
                order.head.amounts.discount,
                order.head.amounts.total
            ),
            (12_000, 2_000, 10_000)
        );
        assert_eq!(
            (order.lines.len(), order.fulfilments.len(), order.returns.len()),
            (1, 1, 1)
        );
        assert_eq!(order.returns[0].order_number, order.head.number);
    });
}

#[test]
fn lists_are_read_page_by_page_the_newest_first() {
    each_engine(SETS, async |t: TestDb| {
        let (seed, other) = (Seed::new(), Seed::new());
        let mut batch: Vec<ImportedOrder> = (0..7).map(|n| seed.order(START.before(days(n)))).collect();
        batch.push(other.order(START));
        import(&t, batch.clone()).await;
        let orders = Orders::new(t.db.clone());
        let (mut cursor, mut found) = (None, Vec::new());
        loop {
            let page = PageQuery {
                cursor,
                limit: Some(3),
            };
            let filter = OrderFilter {
                place: Some(seed.place),
                ..OrderFilter::default()
            };
            let answer = orders.order_list(&system(), filter, &page).await.unwrap();
            found.extend(answer.items.into_iter().map(|o| o.id));
            cursor = answer.next;
            if cursor.is_none() {
                break;
            }
        }
        let expected: Vec<OrderId> = batch[..7].iter().map(|o| o.id).collect();
        assert_eq!(found, expected);

        let count = async |filter: OrderFilter| {
            orders
                .order_list(&system(), filter, &PageQuery::default())
                .await
                .unwrap()
                .items
                .len()
        };
        let number = OrderNumber::of(batch[3].id, 0).to_string();
        assert_eq!(
            count(OrderFilter::default().search(&number.to_lowercase())).await,
            1
        );
        assert_eq!(count(OrderFilter::default().search("+8613900139000")).await, 8);
        assert_eq!(
            count(OrderFilter {
                states: vec![OrderState::Cancelled],
                ..OrderFilter::default()
            })
            .await,
            0
        );
        assert_eq!(
            count(OrderFilter {
                member: Some(other.member),
                ..OrderFilter::default()
            })
            .await,
            1
        );
        assert_eq!(
            count(OrderFilter {
                since: Some(START.before(days(2))),
                ..OrderFilter::default()
            })
            .await,
            4
        );

        let filter = FulfilmentFilter {
            place: Some(other.place),
            states: vec![FulfilmentState::HandedOver],
        };
        let page = orders
            .fulfilment_list(&system(), filter, &PageQuery::default())
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.items[0].lines[0].quantity), (1, 2));
        let returns = orders
            .return_list(&system(), Some(other.place), &PageQuery::default())
            .await
            .unwrap();
        assert_eq!(returns.items[0].refund.amount_minor, 5_000);
    });
}

#[test]
fn figures_count_what_was_paid_and_kept() {
    each_engine(SETS, async |t: TestDb| {
        let seed = Seed::new();
        let mut batch: Vec<ImportedOrder> = (0..4).map(|n| seed.order(START.before(days(n)))).collect();
        batch[3].state = OrderState::Cancelled;
        import(&t, batch).await;
        let (from, to, product, member) = (
            START.before(days(2)),
            START.after(days(1)),
            seed.product,
            seed.member,
        );
        let read = async move |r: &Reader| {
            let days = orders::figures::sales_by_day_in(r, Currency::CNY, from, to).await?;
            let channels = orders::figures::sales_by_channel_in(r, Currency::CNY, from, to).await?;
            let sold = orders::figures::sold_in(r, Some(product), None, from, to).await?;
            let members = orders::figures::member_figures_in(r, &[member], Currency::CNY).await?;
            Ok((days, channels, sold, members))
        };
        let (by_day, channels, sold, members) = t.db.read(read).await.unwrap();
        assert_eq!(
            by_day
                .iter()
                .map(|d| (d.day, d.revenue.amount_minor))
                .collect::<Vec<_>>(),
            [(0, 5_000), (1, 5_000), (2, 5_000)]
        );
        assert_eq!(
            (
                channels.len(),
                channels[0].orders,
                channels[0].revenue.amount_minor
            ),
            (1, 3, 15_000)
        );
        assert_eq!((sold.orders, sold.pieces, sold.pieces_returned), (3, 6, 3));
        assert_eq!((members[0].orders, members[0].spent.amount_minor), (3, 15_000));
    });
}
