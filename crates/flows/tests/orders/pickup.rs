//! Goods that wait at the counter: whoever shows the code, and whoever never comes.

use std::time::Duration;

use flows::PickupPolicy;
use orders::{FulfilmentState, OrderState};
use payments::PaymentState;

use crate::world::{World, associate, each_world, system};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn wrong_code_five_times_locks_and_a_manager_opens_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let (staff, id) = (associate(w.hubin), order.fulfilments[0].id);
        w.flows.fulfilment_pick(&staff, id).await.unwrap();
        let open = w
            .flows
            .fulfilment_unlock(&staff, id, "ID card shown".into())
            .await
            .unwrap_err();
        assert!(open.is(&orders::CODE_NOT_LOCKED));
        for _ in 0..5 {
            w.flows
                .fulfilment_hand_over(&staff, id, "x".to_owned())
                .await
                .unwrap_err();
        }
        let locked = w.hand_over(&staff, id, order.id).await.unwrap_err();
        assert!(locked.is(&orders::CODE_LOCKED), "not even the right one");
        let checks = w.flows.counter_codes(&staff, w.hubin).await.unwrap();
        assert!(
            checks.items[0].locked_until.is_some(),
            "an offline till knows it, too"
        );
        w.flows
            .fulfilment_unlock(&staff, id, "ID card shown".into())
            .await
            .unwrap();
        w.hand_over(&staff, id, order.id).await.unwrap();
        let said: Vec<String> = w
            .see(order.id)
            .await
            .timeline
            .into_iter()
            .map(|t| t.text.en)
            .collect();
        assert!(
            said.contains(&"The pickup code was unlocked".to_owned()),
            "{said:?}"
        );
        let audited: i64 =
            w.t.db
                .read(async |r: &db::Reader| {
                    let sql = "SELECT COUNT(*) FROM access_audit_pending WHERE action = 'fulfilment.unlock'";
                    r.query_one(sql, db::params![]).await?.get(0)
                })
                .await
                .unwrap();
        assert_eq!(audited, 1);
    });
}

#[test]
fn an_offline_till_can_check_what_waits_at_its_counter() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let staff = associate(w.hubin);
        assert!(
            w.flows
                .counter_codes(&staff, w.hubin)
                .await
                .unwrap()
                .items
                .is_empty()
        );
        w.flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        let told = w.flows.counter_codes(&staff, w.hubin).await.unwrap();
        let [item] = told.items.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!((item.order_id, item.quantity, item.to_pay), (order.id, 1, false));
        let code = w.secrets.pickup_code(order.id);
        assert!(!serde_json::to_string(&told).unwrap().contains(&code));
        assert_eq!(told.valid_until, told.as_of.after(DAY));
        assert!(w.flows.counter_codes(&associate(w.wulin), w.hubin).await.is_err());
    });
}

#[test]
fn a_no_show_is_reminded_once_and_released_after_a_week() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let (staff, id) = (associate(w.hubin), order.fulfilments[0].id);
        let ready = w.flows.fulfilment_pick(&staff, id).await.unwrap();
        // Packed at 9 in the morning in Shanghai; kept until the seventh day after ends there.
        assert_eq!(ready.pickup_by.unwrap().to_string(), "2026-11-30T16:00:00Z");
        assert_eq!(w.flows.pickups_due(&system()).await.unwrap(), 0);
        w.t.clock.advance(6 * DAY + Duration::from_secs(2 * 3600));
        assert_eq!(w.flows.pickups_due(&system()).await.unwrap(), 1);
        assert_eq!(w.flows.pickups_due(&system()).await.unwrap(), 0);
        assert_eq!(w.told(order.id, "orders.order_uncollected.v1").await, 1);
        assert_eq!(w.see(order.id).await.state, OrderState::Ready);

        w.t.clock.advance(2 * DAY);
        assert_eq!(w.flows.pickups_due(&system()).await.unwrap(), 1);
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.fulfilments[0].state),
            (OrderState::Cancelled, FulfilmentState::Cancelled)
        );
        assert_eq!(
            seen.payments[0].state,
            PaymentState::Refunded,
            "the way it was paid"
        );
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (1, 0, 0, 1),
            "on the shelf again"
        );
        assert_eq!(w.told(order.id, "orders.order_cancelled.v1").await, 1);
        let late = w.hand_over(&staff, id, order.id).await.unwrap_err();
        assert!(late.is(&orders::ILLEGAL_FULFILMENT_STEP));
        w.books_balance().await;
    });
}

#[test]
fn how_long_goods_wait_is_the_chains_to_say() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let policy = PickupPolicy {
            keep_days: 3,
            remind_days_before: 0,
        };
        let flows = w.flows.clone().with_pickup(policy);
        let staff = associate(w.hubin);
        let ready = flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        assert_eq!(ready.pickup_by.unwrap().to_string(), "2026-11-26T16:00:00Z");
        w.t.clock.advance(3 * DAY);
        assert_eq!(
            flows.pickups_due(&system()).await.unwrap(),
            0,
            "nobody is reminded"
        );
        // Fetched on the last evening.
        w.hand_over(&staff, order.fulfilments[0].id, order.id)
            .await
            .unwrap();
        w.t.clock.advance(3 * DAY);
        assert_eq!(flows.pickups_due(&system()).await.unwrap(), 0);
        assert_eq!(w.see(order.id).await.state, OrderState::Collected);
    });
}
