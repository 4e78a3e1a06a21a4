//! Bought on the web, collected in a store.

use std::time::Duration;

use base::{MemberId, Text};
use flows::PaymentMethod;
use orders::{FulfilmentState, OrderState, Wanted};
use payments::PaymentState;

use crate::world::{World, associate, each_world, guest, member};

#[test]
fn from_cart_to_collected() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let buyer = member(MemberId::new());
        let order = w
            .order(&buyer, &[(w.serum, 2), (w.wrap, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        assert_eq!(order.state, OrderState::PendingPayment);
        assert_eq!(order.totals.total.amount_minor, 2 * 12_900 + 500);
        assert_eq!(
            order.hold_expires_at,
            Some(order.placed_at.after(Duration::from_secs(900)))
        );
        assert_eq!(
            order.fulfilments[0].promised_at,
            Some(order.placed_at.after(Duration::from_secs(1800)))
        );
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (3, 2, 0, 1),
            "the second before payment it is held"
        );

        let paid = w.pay(&order).await.unwrap();
        assert_eq!(
            (paid.state, paid.payments[0].state),
            (OrderState::Allocated, PaymentState::Captured)
        );
        let fulfilment = paid.fulfilments[0].id;
        assert_eq!(
            order.fulfilments[0].id, fulfilment,
            "the fulfilment announced is the one asked for"
        );

        let staff = associate(w.hubin);
        let picked = w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        assert_eq!(picked.state, FulfilmentState::Ready);
        assert_eq!(w.level(w.serum, w.hubin).await.1, 2, "packed goods stay held");
        let seen = w.flows.order_get(&buyer, order.id, None).await.unwrap();
        let code = seen.pickup_code.unwrap();

        let handed = w
            .flows
            .fulfilment_hand_over(&staff, fulfilment, code)
            .await
            .unwrap();
        assert_eq!(handed.state, FulfilmentState::HandedOver);
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 0, 1));
        let done = w.flows.order_get(&buyer, order.id, None).await.unwrap();
        assert_eq!((done.state, done.pickup_code), (OrderState::Collected, None));
        for kind in ["placed", "paid", "ready", "collected"] {
            assert_eq!(
                w.told(order.id, &format!("orders.order_{kind}.v1")).await,
                1,
                "{kind}"
            );
        }
        w.books_balance().await;
    });
}

#[test]
fn ready_for_pickup_notified_twice_is_one_message() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let staff = associate(w.hubin);
        for _ in 0..2 {
            w.flows
                .fulfilment_pick(&staff, order.fulfilments[0].id)
                .await
                .unwrap();
        }
        assert_eq!(w.told(order.id, "orders.order_ready.v1").await, 1);
    });
}

#[test]
fn a_wrong_code_five_times_locks_for_fifteen_minutes() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let (staff, fulfilment) = (associate(w.hubin), order.fulfilments[0].id);
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        let right = w.secrets.pickup_code(order.id);
        let wrong = if right == "000000" { "111111" } else { "000000" };
        for left in (1..5).rev() {
            let refused = w
                .flows
                .fulfilment_hand_over(&staff, fulfilment, wrong.to_owned())
                .await
                .unwrap_err();
            assert!(refused.is(&orders::WRONG_CODE));
            assert_eq!(refused.facts()["left"], left);
        }
        let locked = w
            .flows
            .fulfilment_hand_over(&staff, fulfilment, wrong.to_owned())
            .await
            .unwrap_err();
        assert!(locked.is(&orders::CODE_LOCKED));
        let even_right = w
            .flows
            .fulfilment_hand_over(&staff, fulfilment, right.clone())
            .await
            .unwrap_err();
        assert!(even_right.is(&orders::CODE_LOCKED));
        w.t.clock.advance(Duration::from_secs(900));
        w.flows
            .fulfilment_hand_over(&staff, fulfilment, right)
            .await
            .unwrap();
    });
}

#[test]
fn two_lines_in_two_stores_cannot_be_collected_in_one() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.receive(w.lipstick, w.wulin, 5).await;
        let lines = [(w.serum, 1), (w.lipstick, 1)];
        let refused = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap_err();
        assert!(refused.is(&stock::INSUFFICIENT));
        assert_eq!(refused.facts()["sku_id"], w.lipstick.to_string());
        assert_eq!(
            w.level(w.serum, w.hubin).await.1,
            0,
            "nothing is left held by a refusal"
        );
        assert_eq!(w.orders().await, 0);
    });
}

#[test]
fn one_sku_twice_is_refused_as_a_sum() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let lines = [(w.serum, 3), (w.serum, 3)];
        let refused = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap_err();
        assert_eq!(
            (
                refused.facts()["wanted"].clone(),
                refused.facts()["available"].clone()
            ),
            (6.into(), 5.into())
        );
    });
}

#[test]
fn paid_at_the_counter() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::PayInStore)
            .await
            .unwrap();
        assert_eq!(
            (order.state, order.hold_expires_at),
            (OrderState::Allocated, None)
        );
        assert_eq!(order.payments[0].state, PaymentState::Pending);
        w.t.clock.advance(Duration::from_secs(3600));
        w.flows.step().await.unwrap();
        let staff = associate(w.hubin);
        w.flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        w.hand_over(&staff, order.fulfilments[0].id, order.id)
            .await
            .unwrap();
        let done = w.see(order.id).await;
        assert_eq!(
            (done.state, done.payments[0].state),
            (OrderState::Collected, PaymentState::Captured)
        );
        w.books_balance().await;
    });
}

#[test]
fn a_guest_sees_the_order_with_the_token_only() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let token = order.access_token.clone().unwrap();
        assert!(w.flows.order_get(&guest(), order.id, None).await.is_err());
        assert!(
            w.flows
                .order_get(&guest(), order.id, Some("x".repeat(24)))
                .await
                .is_err()
        );
        assert!(
            w.flows
                .order_get(&member(MemberId::new()), order.id, None)
                .await
                .is_err()
        );
        let seen = w.flows.order_get(&guest(), order.id, Some(token)).await.unwrap();
        assert_eq!((seen.contact.name.as_str(), seen.access_token), ("韩梅梅", None));
    });
}

#[test]
fn staff_of_another_place_do_not_see_the_work() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let other = associate(w.wulin);
        let refused = w
            .flows
            .fulfilment_pick(&other, order.fulfilments[0].id)
            .await
            .unwrap_err();
        assert_eq!(refused.category(), base::Category::NotFound);
        let refused = w
            .flows
            .fulfilment_pick(&guest(), order.fulfilments[0].id)
            .await
            .unwrap_err();
        assert!(refused.is(&base::codes::UNAUTHENTICATED));
    });
}

#[test]
fn a_member_keeps_the_cart_a_guest_began_and_nobody_else_sees_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let (me, other) = (member(MemberId::new()), member(MemberId::new()));
        let line = Wanted {
            sku_id: w.serum,
            quantity: 2,
        };
        let changed = w.flows.cart_set_line(&me, cart, line).await.unwrap();
        assert_eq!(
            (changed.member_id, changed.lines[0].quantity),
            (me.member_id(), 2)
        );
        assert_eq!(changed.lines[0].available, Some(9));
        assert!(w.flows.cart_get(&other, cart).await.is_err());
        assert!(w.flows.cart_get(&guest(), cart).await.is_err());
        let order = w
            .flows
            .cart_checkout(&me, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!((order.member_id, order.access_token), (me.member_id(), None));
        let late = w.flows.cart_set_line(&me, cart, line).await.unwrap_err();
        assert!(late.is(&orders::CART_ORDERED));
    });
}

#[test]
fn a_full_store_takes_no_more_until_its_midnight() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        w.set_capacity(w.hubin, 1).await;
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let full = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap_err();
        assert!(full.is(&flows::PLACE_FULL));
        // Nine in the morning in Shanghai; midnight there is fifteen hours away.
        w.t.clock.advance(Duration::from_secs(15 * 3600));
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
    });
}

#[test]
fn availability_names_the_nearest_place_and_the_promise() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.serum, w.shanghai, 4).await;
        w.receive(w.serum, w.warehouse, 10).await;
        let near = places::Point::new(31.2, 121.4).unwrap();
        let list = w
            .flows
            .availability(vec![w.serum, w.lipstick], Some(near), false, None)
            .await
            .unwrap();
        let serum = &list.items[0];
        assert_eq!((serum.total, serum.online), (17, 17));
        let names: Vec<&Text> = serum.places.iter().map(|p| &p.name).collect();
        assert_eq!(
            names,
            [&Text::new("静安店", "Jing'an"), &Text::new("湖滨店", "Hubin")]
        );
        assert_eq!(serum.places[0].ready_in_minutes, 30);
        assert_eq!(list.items[1].total, 0);
    });
}
