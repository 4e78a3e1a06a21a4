//! Orders that are changed after they were placed: goods, address, way; paid first, paid back, or as they were.

use std::time::Duration;

use base::{Currency, Money, OrderId, SkuId};
use flows::{ChangePay, OrderChangeNew, OrderChangePreview, OrderOut, OrderWish, PaymentMethod};
use orders::{DeliveryAddress, FulfilmentChoice, FulfilmentState, Method, MomentKind, OrderState, Wanted};
use payments::{PaymentState, SandboxOutcome};

use crate::change_terms::promote;
use crate::world::{World, associate, each_world, guest, system};

pub(crate) fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

pub(crate) fn goods(lines: &[(SkuId, i64)]) -> OrderWish {
    let lines = lines.iter().map(|(sku_id, quantity)| Wanted {
        sku_id: *sku_id,
        quantity: *quantity,
    });
    OrderWish {
        lines: Some(lines.collect()),
        fulfilment: None,
    }
}

pub(crate) fn way(choice: FulfilmentChoice) -> OrderWish {
    OrderWish {
        lines: None,
        fulfilment: Some(choice),
    }
}

pub(crate) fn agreed(wish: OrderWish, minor: i64) -> OrderChangeNew {
    OrderChangeNew {
        wish,
        agreed: cny(minor),
        method: PaymentMethod::Sandbox,
        reason: Some("asked on the phone".into()),
        if_match: None,
    }
}

pub(crate) fn to(city: &str, line: &str) -> FulfilmentChoice {
    FulfilmentChoice::Delivery {
        address: DeliveryAddress {
            name: "李雷".into(),
            phone: "13800138000".into(),
            province: if city == "上海市" { city } else { "浙江省" }.into(),
            city: city.into(),
            district: "西湖区".into(),
            line: line.into(),
        },
    }
}

pub(crate) async fn change(w: &World, order: OrderId, wish: OrderWish, minor: i64) -> base::Result<OrderOut> {
    w.flows
        .order_change(&system(), order, agreed(wish, minor), None)
        .await
}

pub(crate) async fn look(w: &World, order: OrderId, wish: OrderWish) -> base::Result<OrderChangePreview> {
    w.flows.order_change_preview(&system(), order, wish, None).await
}

/// Money that came less what went back is what the order costs less what went back for its goods; every book is the
/// sum of its ledger, and what is reserved is what the open orders keep.
pub(crate) async fn is_right(w: &World, order: OrderId) {
    let seen = w.see(order).await;
    let kept: i64 = seen
        .payments
        .iter()
        .filter(|p| {
            matches!(
                p.state,
                PaymentState::Captured | PaymentState::PartlyRefunded | PaymentState::Refunded
            )
        })
        .map(|p| p.amount.amount_minor - p.refunded.amount_minor)
        .sum();
    let lines: i64 = seen.lines.iter().map(|line| line.total.amount_minor).sum();
    let totals = seen.totals;
    assert_eq!(lines + totals.shipping.amount_minor, totals.total.amount_minor);
    assert_eq!(
        totals.goods.amount_minor - totals.discount.amount_minor + totals.shipping.amount_minor,
        totals.total.amount_minor
    );
    let waits = seen.payments.iter().any(|p| p.state == PaymentState::Pending) && seen.change.is_none();
    if !waits {
        assert_eq!(kept, totals.total.amount_minor, "{seen:#?}");
    }
    let served: i64 = seen
        .fulfilments
        .iter()
        .filter(|f| f.state.is_live())
        .flat_map(|f| &f.lines)
        .map(|line| line.quantity)
        .sum();
    let wanted: i64 = seen.lines.iter().map(|l| l.quantity - l.quantity_cancelled).sum();
    assert_eq!(served, wanted);
    w.books_balance().await;
}

fn held(level: (i64, i64, i64, i64)) -> (i64, i64) {
    (level.1, level.3)
}

#[test]
fn a_change_that_cannot_be_had_leaves_the_order_as_it_was() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        let wish = goods(&[(w.serum, 5)]);
        let preview = look(&w, order.id, wish.clone()).await;
        assert!(preview.unwrap_err().is(&stock::INSUFFICIENT));
        let refused = change(&w, order.id, wish, 3 * 12_900).await.unwrap_err();
        assert!(refused.is(&stock::INSUFFICIENT));
        let after = w.see(order.id).await;
        assert_eq!((after.version, after.lines[0].quantity), (order.version, 2));
        assert_eq!(held(w.level(w.serum, w.hubin).await), (2, 1));
        is_right(&w, order.id).await;
    });
}

#[test]
fn what_costs_more_is_held_and_made_once_it_is_paid() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        let wish = goods(&[(w.serum, 3), (w.lipstick, 1), (w.wrap, 1)]);
        let preview = look(&w, order.id, wish.clone()).await.unwrap();
        let more = 12_900 + 5_900 + 500;
        assert_eq!((preview.difference, preview.pay), (cny(more), ChangePay::First));
        assert_eq!((preview.lines.len(), preview.before), (3, cny(25_800)));
        let other = change(&w, order.id, wish.clone(), more - 1).await.unwrap_err();
        assert!(other.is(&orders::CHANGE_AMOUNT));

        let asked = change(&w, order.id, wish.clone(), more).await.unwrap();
        let waits = asked.change.clone().unwrap();
        assert_eq!((waits.difference, waits.by_staff), (cny(more), true));
        assert_eq!(
            (asked.totals.total, asked.lines.len()),
            (cny(25_800), 1),
            "as it was"
        );
        assert_eq!(held(w.level(w.serum, w.hubin).await), (3, 2), "one more is held");
        assert_eq!(held(w.level(w.lipstick, w.hubin).await), (1, 0));
        let second = change(&w, order.id, goods(&[(w.serum, 1)]), -12_900)
            .await
            .unwrap_err();
        assert!(second.is(&orders::CHANGE_OPEN));
        assert_eq!(w.told(order.id, "orders.order_change_asked.v1").await, 1);

        let paid = w.pay(&asked).await.unwrap();
        assert_eq!(paid.totals.total, cny(25_800 + more));
        assert!(paid.change.is_none());
        let live: Vec<_> = paid.fulfilments.iter().filter(|f| f.state.is_live()).collect();
        assert_eq!((live.len(), live[0].lines.len()), (1, 3), "one place, one parcel");
        assert_eq!(held(w.level(w.serum, w.hubin).await), (3, 2));
        let told: Vec<_> = paid.timeline.iter().map(|m| m.kind).collect();
        assert!(told.contains(&MomentKind::ChangeAsked) && told.contains(&MomentKind::Changed));
        assert_eq!(w.told(order.id, "orders.order_changed.v1").await, 1);
        is_right(&w, order.id).await;

        // Served and fetched like any other.
        let staff = associate(w.hubin);
        w.flows.fulfilment_pick(&staff, live[0].id).await.unwrap();
        w.hand_over(&staff, live[0].id, order.id).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Collected);
        assert_eq!(w.level(w.serum, w.hubin).await, (2, 0, 0, 2));
        is_right(&w, order.id).await;
    });
}

#[test]
fn a_change_that_nobody_pays_is_dropped_and_what_it_held_is_free_at_once() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let asked = change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap();
        assert_eq!(held(w.level(w.serum, w.hubin).await), (2, 0));
        w.t.clock.advance(Duration::from_secs(901));
        // Nobody came by yet: the piece is somebody else's all the same.
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let late = w.pay(&asked).await.unwrap();
        assert_eq!((late.lines[0].quantity, late.change.is_none()), (1, true));
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!(
            seen.payments.last().unwrap().state,
            PaymentState::Refunded,
            "its money went back"
        );
        assert_eq!(
            seen.timeline
                .iter()
                .filter(|m| m.kind == MomentKind::ChangeDropped)
                .count(),
            1
        );
        is_right(&w, order.id).await;

        w.receive(w.serum, w.hubin, 1).await;
        change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap();
        w.t.clock.advance(Duration::from_secs(901));
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert!(seen.change.is_none());
        assert_eq!(seen.payments.last().unwrap().state, PaymentState::Voided);
        assert_eq!(w.level(w.serum, w.hubin).await.3, 1);
        is_right(&w, order.id).await;
    });
}

#[test]
fn a_change_paid_late_is_made_while_there_is_enough() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let asked = change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap();
        w.t.clock.advance(Duration::from_secs(901));
        let late = w.pay(&asked).await.unwrap();
        assert_eq!((late.lines[0].quantity, late.state), (2, OrderState::Allocated));
        is_right(&w, order.id).await;
    });
}

#[test]
fn less_goes_back_to_who_paid_and_the_shelf() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        let order = w
            .paid(&[(w.serum, 3), (w.lipstick, 1)], World::collect_at(w.hubin))
            .await;
        let preview = look(&w, order.id, goods(&[(w.serum, 1)])).await.unwrap();
        let back = 2 * 12_900 + 5_900;
        assert_eq!(
            (preview.pay, preview.refund_to[0].amount),
            (ChangePay::Back, cny(back))
        );
        let less = change(&w, order.id, goods(&[(w.serum, 1)]), -back).await.unwrap();
        assert_eq!(less.totals.total, cny(12_900));
        assert_eq!((less.lines[0].quantity, less.lines[1].quantity_cancelled), (1, 1));
        assert_eq!(held(w.level(w.serum, w.hubin).await), (1, 2));
        assert_eq!(held(w.level(w.lipstick, w.hubin).await), (0, 1));
        w.flows.step().await.unwrap();
        is_right(&w, order.id).await;
        // And again, with what was taken out put in anew.
        let again = change(&w, order.id, goods(&[(w.lipstick, 1)]), -7_000)
            .await
            .unwrap();
        assert_eq!((again.lines.len(), again.totals.total), (2, cny(5_900)));
        is_right(&w, order.id).await;
        let empty = change(&w, order.id, goods(&[(w.lipstick, 0)]), -5_900)
            .await
            .unwrap_err();
        assert!(empty.is(&orders::CHANGE_EMPTY));
        let same = change(&w, order.id, goods(&[(w.lipstick, 1)]), 0)
            .await
            .unwrap_err();
        assert!(same.is(&orders::CHANGE_NOTHING));
    });
}

#[test]
fn what_was_given_up_before_is_no_part_of_a_changed_order() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 4).await;
        let order = w.paid(&[(w.serum, 3)], World::collect_at(w.hubin)).await;
        let part = orders::Part {
            order_line_id: order.lines[0].id,
            quantity: 1,
        };
        w.flows
            .order_reduce(&system(), order.id, vec![part], "one too many".into(), None)
            .await
            .unwrap();
        let asked = change(&w, order.id, goods(&[(w.serum, 3)]), 12_900)
            .await
            .unwrap();
        let paid = w.pay(&asked).await.unwrap();
        assert_eq!((paid.lines[0].quantity, paid.lines[0].quantity_cancelled), (3, 0));
        assert_eq!(held(w.level(w.serum, w.hubin).await), (3, 1));
        w.flows.step().await.unwrap();
        is_right(&w, order.id).await;
    });
}

#[test]
fn another_address_in_town_moves_nothing_and_costs_nothing() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        let order = w.paid(&[(w.serum, 1)], to("杭州市", "文三路 1 号")).await;
        // What was a bargain once stays one: nothing is priced anew for an address.
        promote(&w, 1_000).await;
        let moved = change(&w, order.id, way(to("杭州市", "文三路 2 号")), 0)
            .await
            .unwrap();
        assert_eq!(moved.address.unwrap().line, "文三路 2 号");
        assert_eq!(
            (moved.totals.total, moved.fulfilments.len()),
            (order.totals.total, 1)
        );
        assert_eq!(moved.fulfilments[0].state, FulfilmentState::Requested);
        is_right(&w, order.id).await;
    });
}

#[test]
fn a_parcel_to_another_city_comes_from_the_place_that_is_right_for_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        w.receive(w.serum, w.shanghai, 1).await;
        let order = w.paid(&[(w.serum, 1)], to("杭州市", "文三路 1 号")).await;
        assert_eq!(order.fulfilments[0].place_id, w.hubin);
        let moved = change(&w, order.id, way(to("上海市", "南京路 1 号")), 0)
            .await
            .unwrap();
        let live: Vec<_> = moved.fulfilments.iter().filter(|f| f.state.is_live()).collect();
        assert_eq!((live.len(), live[0].place_id), (1, w.shanghai));
        assert!(live[0].why.is_some());
        assert_eq!(held(w.level(w.serum, w.hubin).await), (0, 1));
        assert_eq!(held(w.level(w.serum, w.shanghai).await), (1, 0));
        is_right(&w, order.id).await;
    });
}

#[test]
fn the_last_piece_an_order_keeps_is_there_for_its_other_way() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        // Delivery is free from 99 yuan on, so nothing is paid, and the store that keeps the piece sends it.
        let sent = change(&w, order.id, way(to("杭州市", "文三路 1 号")), 0)
            .await
            .unwrap();
        assert_eq!((sent.method, sent.place_id), (Method::Delivery, None));
        let live: Vec<_> = sent.fulfilments.iter().filter(|f| f.state.is_live()).collect();
        assert_eq!(
            (live.len(), live[0].place_id, live[0].method),
            (1, w.hubin, Method::Delivery)
        );
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 1, 0, 0));
        is_right(&w, order.id).await;
        // And back, in another store that has none.
        let refused = change(&w, order.id, way(World::collect_at(w.wulin)), 0)
            .await
            .unwrap_err();
        assert!(refused.is(&stock::INSUFFICIENT));
        let back = change(&w, order.id, way(World::collect_at(w.hubin)), 0)
            .await
            .unwrap();
        assert_eq!((back.method, back.place_id), (Method::Collect, Some(w.hubin)));
        is_right(&w, order.id).await;
    });
}

#[test]
fn a_way_that_costs_delivery_is_paid_first() {
    each_world(async |w: World| {
        w.receive(w.lipstick, w.hubin, 1).await;
        let order = w.paid(&[(w.lipstick, 1)], World::collect_at(w.hubin)).await;
        let asked = change(&w, order.id, way(to("杭州市", "文三路 1 号")), 1_000)
            .await
            .unwrap();
        assert_eq!(
            (asked.method, w.level(w.lipstick, w.hubin).await),
            (Method::Collect, (1, 1, 0, 0))
        );
        let paid = w.pay(&asked).await.unwrap();
        assert_eq!(
            (paid.method, paid.totals.shipping),
            (Method::Delivery, cny(1_000))
        );
        assert_eq!(w.level(w.lipstick, w.hubin).await, (1, 1, 0, 0));
        is_right(&w, order.id).await;
    });
}

#[test]
fn a_change_ends_where_the_goods_are_packed_and_the_open_one_with_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let asked = change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap();
        let staff = associate(w.hubin);
        w.flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        let seen = w.see(order.id).await;
        assert!(seen.change.is_none() && !seen.changeable);
        assert_eq!(
            held(w.level(w.serum, w.hubin).await),
            (1, 2),
            "what the change held is free"
        );
        let payment = asked.change.unwrap().payment_id;
        let pay = w
            .flows
            .payment_sandbox(&guest(), payment, SandboxOutcome::Approve, None)
            .await;
        assert!(pay.unwrap_err().is(&payments::CLOSED));
        // A provider that took it all the same gives it back.
        w.provider_captures(payment).await;
        w.flows.step().await.unwrap();
        let begun = change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap_err();
        assert!(begun.is(&orders::CHANGE_BEGUN));
        is_right(&w, order.id).await;
    });
}

#[test]
fn declined_it_can_be_paid_again_withdrawn_it_is_gone_and_cancelled_all_goes_back() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let asked = change(&w, order.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap();
        let payment = asked.change.as_ref().unwrap().payment_id;
        w.flows
            .payment_sandbox(&guest(), payment, SandboxOutcome::Decline, None)
            .await
            .unwrap();
        let again = w
            .flows
            .payment_start(&system(), order.id, PaymentMethod::Sandbox, None)
            .await
            .unwrap();
        assert_eq!((again.amount, again.state), (cny(12_900), PaymentState::Pending));
        let gone = w
            .flows
            .order_change_withdraw(&system(), order.id, None)
            .await
            .unwrap();
        assert!(gone.change.is_none());
        assert_eq!(held(w.level(w.serum, w.hubin).await), (1, 2));
        let none = w
            .flows
            .order_change_withdraw(&system(), order.id, None)
            .await
            .unwrap_err();
        assert!(none.is(&orders::NO_CHANGE));
        change(&w, order.id, goods(&[(w.serum, 3)]), 25_800)
            .await
            .unwrap();
        let cancelled = w
            .flows
            .order_cancel(&system(), order.id, "all of it".into(), None)
            .await
            .unwrap();
        assert_eq!(cancelled.state, OrderState::Cancelled);
        assert_eq!(w.level(w.serum, w.hubin).await, (3, 0, 0, 3));
        w.flows.step().await.unwrap();
        w.books_balance().await;
    });
}

#[test]
fn a_place_that_could_not_serve_a_part_is_not_asked_for_more() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.serum, w.wulin, 1).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        w.receive(w.lipstick, w.wulin, 1).await;
        let order = w.paid(&[(w.serum, 3)], to("杭州市", "文三路 1 号")).await;
        assert_eq!(order.fulfilments[0].place_id, w.hubin);
        let broken = flows::Reject {
            reason: flows::RejectReason::Damaged,
            parts: vec![orders::Part {
                order_line_id: order.lines[0].id,
                quantity: 1,
            }],
            note: None,
        };
        let part = order.fulfilments[0].id;
        let staff = associate(w.hubin);
        w.flows.fulfilment_reject(&staff, part, broken).await.unwrap();
        let wish = goods(&[(w.serum, 3), (w.lipstick, 1)]);
        let asked = change(&w, order.id, wish, 5_900).await.unwrap();
        w.pay(&asked).await.unwrap();
        assert_eq!(held(w.level(w.lipstick, w.hubin).await), (0, 1));
        assert_eq!(held(w.level(w.lipstick, w.wulin).await), (1, 0));
        is_right(&w, order.id).await;
    });
}
