//! Nobody can serve an order as it is: a person decides, and it is written down who, when and why.

use std::time::Duration;

use base::{Ctx, PageQuery};
use flows::{Choice, Decision, OrderOut, Reject, RejectReason};
use orders::{DecisionChoice, MomentKind, OrderState, Orders};
use payments::PaymentState;

use crate::world::{World, associate, each_world, guest, system};

fn decided(choice: Choice) -> Decision {
    Decision {
        choice,
        note: Some("called the customer".into()),
    }
}

/// A paid order whose only store has rejected it.
async fn stuck(w: &World, quantity: i64) -> OrderOut {
    w.receive(w.serum, w.hubin, quantity).await;
    let order = w.paid(&[(w.serum, quantity)], World::collect_at(w.hubin)).await;
    let reject = Reject {
        reason: RejectReason::NotInStock,
        parts: Vec::new(),
        note: None,
    };
    let staff = associate(w.hubin);
    let out = w
        .flows
        .fulfilment_reject(&staff, order.fulfilments[0].id, reject)
        .await
        .unwrap();
    assert_eq!(out.order.state, OrderState::NeedsDecision);
    out.order
}

async fn queue(w: &World, ctx: &Ctx, waiting: bool) -> Vec<orders::UndecidedOrder> {
    let orders = Orders::new(w.t.db.clone());
    let page = PageQuery::default();
    orders
        .decision_list(ctx, None, waiting, &page)
        .await
        .unwrap()
        .items
}

#[test]
fn no_candidate_goes_to_the_unfillable_queue_and_is_not_cancelled() {
    each_world(async |w: World| {
        let order = stuck(&w, 1).await;
        let open = queue(&w, &system(), false).await;
        assert_eq!(open.len(), 1);
        let decision = &open[0].decision;
        assert_eq!(open[0].order.id, order.id);
        assert_eq!(
            (decision.missing[0].sku_id, decision.missing[0].quantity),
            (w.serum, 1)
        );
        assert_eq!(decision.choices, DecisionChoice::ALL);
        assert_eq!(
            order.payments[0].state,
            PaymentState::Captured,
            "nothing went back by itself"
        );
        assert_eq!(queue(&w, &associate(w.hubin), false).await.len(), 1);
        assert!(
            queue(&w, &associate(w.shanghai), false).await.is_empty(),
            "not their order"
        );
    });
}

#[test]
fn looked_for_again_it_is_served_by_whoever_has_it_now() {
    each_world(async |w: World| {
        let order = stuck(&w, 1).await;
        let again = || decided(Choice::SourceAgain);
        let refused = w
            .flows
            .order_decide(&system(), order.id, again())
            .await
            .unwrap_err();
        assert!(refused.is(&orders::STILL_UNSERVED));
        assert_eq!(
            w.see(order.id).await.timeline.len(),
            order.timeline.len(),
            "a choice that leads nowhere leaves no trace"
        );
        w.receive(w.serum, w.wulin, 1).await;
        let served = w.flows.order_decide(&system(), order.id, again()).await.unwrap();
        assert_eq!(
            (served.state, served.place_id),
            (OrderState::Allocated, Some(w.wulin))
        );
        assert_eq!(w.level(w.serum, w.wulin).await, (1, 1, 0, 0));
        assert!(served.decision.is_none());
        let told = served
            .timeline
            .iter()
            .find(|t| t.kind == MomentKind::Decided)
            .unwrap();
        assert_eq!(told.facts["note"], "called the customer");
        assert!(told.actor.is_some(), "who, when and why");
        assert_eq!(w.told(order.id, "orders.order_moved.v1").await, 1);
        let late = w
            .flows
            .order_decide(&system(), order.id, again())
            .await
            .unwrap_err();
        assert!(late.is(&orders::NOTHING_TO_DECIDE));
        w.books_balance().await;
    });
}

#[test]
fn its_customer_does_not_read_what_colleagues_noted() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.pay(&order).await.unwrap();
        let reject = Reject {
            reason: RejectReason::Damaged,
            parts: Vec::new(),
            note: None,
        };
        let staff = associate(w.hubin);
        w.flows
            .fulfilment_reject(&staff, order.fulfilments[0].id, reject)
            .await
            .unwrap();
        w.receive(w.serum, w.xixi, 1).await;
        w.flows
            .order_decide(&system(), order.id, decided(Choice::SourceAgain))
            .await
            .unwrap();
        let seen = w
            .flows
            .order_get(&guest(), order.id, order.access_token.clone())
            .await
            .unwrap();
        let told = seen
            .timeline
            .iter()
            .find(|t| t.kind == MomentKind::Decided)
            .unwrap();
        assert!(told.actor.is_none() && !told.facts.contains_key("note"));
        let serving = seen.fulfilments.last().unwrap();
        assert!(serving.why.is_none());
        assert!(
            serving
                .why_text
                .as_ref()
                .unwrap()
                .en
                .starts_with("Xixi is about ")
        );
    });
}

#[test]
fn a_place_that_a_person_names_serves_it_or_nobody() {
    each_world(async |w: World| {
        let order = stuck(&w, 1).await;
        w.receive(w.serum, w.wulin, 1).await;
        let at = |place| decided(Choice::Place(place));
        let refused = w
            .flows
            .order_decide(&system(), order.id, at(w.shanghai))
            .await
            .unwrap_err();
        assert!(
            refused.is(&orders::STILL_UNSERVED),
            "Shanghai has none, and Wulin was not named"
        );
        w.receive(w.serum, w.shanghai, 1).await;
        let served = w
            .flows
            .order_decide(&system(), order.id, at(w.shanghai))
            .await
            .unwrap();
        assert_eq!(served.place_id, Some(w.shanghai));
        assert_eq!(w.level(w.serum, w.wulin).await.1, 0);
        w.books_balance().await;
    });
}

#[test]
fn backordered_units_are_filled_first_in_first_out_when_goods_arrive() {
    each_world(async |w: World| {
        let first = stuck(&w, 2).await;
        let second = stuck(&w, 1).await;
        let until =
            w.t.db
                .now()
                .await
                .unwrap()
                .after(Duration::from_secs(5 * 24 * 3600));
        for order in [&first, &second] {
            let out = w
                .flows
                .order_decide(&system(), order.id, decided(Choice::Wait(until)))
                .await
                .unwrap();
            assert_eq!(out.state, OrderState::NeedsDecision);
            assert_eq!(out.decision.unwrap().waits_until, Some(until));
            assert_eq!(w.told(order.id, "orders.order_waiting.v1").await, 1);
        }
        assert!(queue(&w, &system(), false).await.is_empty());
        assert_eq!(queue(&w, &system(), true).await.len(), 2);

        // One piece would do for the second, but the first came first.
        w.receive(w.serum, w.wulin, 1).await;
        assert_eq!(w.flows.orders_waiting_due(&system()).await.unwrap(), 0);
        w.receive(w.serum, w.wulin, 1).await;
        assert_eq!(w.flows.orders_waiting_due(&system()).await.unwrap(), 1);
        assert_eq!(w.see(first.id).await.state, OrderState::Allocated);
        assert_eq!(w.see(second.id).await.state, OrderState::NeedsDecision);
        assert_eq!(w.told(first.id, "orders.order_resumed.v1").await, 1);

        // The day came and the goods did not: a person is asked again.
        w.t.clock.advance(Duration::from_secs(6 * 24 * 3600));
        assert_eq!(w.flows.orders_waiting_due(&system()).await.unwrap(), 1);
        assert_eq!(w.flows.orders_waiting_due(&system()).await.unwrap(), 0);
        let open = queue(&w, &system(), false).await;
        assert_eq!(open[0].order.id, second.id);
        assert!(
            open[0].decision.why.en.contains("Serum ×1"),
            "{:?}",
            open[0].decision.why
        );
        w.books_balance().await;
    });
}

#[test]
fn a_partial_arrival_splits_the_unit_of_a_parcel() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 3).await;
        let order = w.paid(&[(w.serum, 3)], World::to_hangzhou()).await;
        let reject = Reject {
            reason: RejectReason::NotInStock,
            parts: Vec::new(),
            note: None,
        };
        let staff = associate(w.warehouse);
        w.flows
            .fulfilment_reject(&staff, order.fulfilments[0].id, reject)
            .await
            .unwrap();
        let until = w.t.db.now().await.unwrap().after(Duration::from_secs(24 * 3600));
        w.flows
            .order_decide(&system(), order.id, decided(Choice::Wait(until)))
            .await
            .unwrap();
        w.receive(w.serum, w.warehouse, 2).await;
        assert_eq!(w.flows.orders_waiting_due(&system()).await.unwrap(), 1);
        let seen = w.see(order.id).await;
        let open = seen.decision.unwrap();
        assert_eq!(
            (seen.state, open.missing[0].quantity),
            (OrderState::NeedsDecision, 1)
        );
        assert_eq!(open.waits_until, Some(until), "the rest goes on waiting");
        assert_eq!(w.level(w.serum, w.warehouse).await, (2, 2, 0, 0));
        w.receive(w.serum, w.warehouse, 1).await;
        w.flows.orders_waiting_due(&system()).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Allocated);
        assert_eq!(w.level(w.serum, w.warehouse).await, (3, 3, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn given_up_by_a_person_it_is_paid_back_and_its_customer_told_why() {
    each_world(async |w: World| {
        let order = stuck(&w, 2).await;
        let out = w
            .flows
            .order_decide(&system(), order.id, decided(Choice::Cancel(Vec::new())))
            .await
            .unwrap();
        assert_eq!(out.state, OrderState::Cancelled);
        let events = w.events().await;
        let told = events
            .iter()
            .find_map(|e| e.parse::<orders::events::OrderCancelled>().unwrap());
        let told = told.unwrap();
        assert_eq!(
            (told.refund.amount_minor, told.because.unwrap().zh.as_str()),
            (25_800, "商品缺货")
        );
        w.flows.step().await.unwrap();
        assert_eq!(w.see(order.id).await.payments[0].state, PaymentState::Refunded);
        w.books_balance().await;
    });
}

#[test]
fn payment_captured_stock_gone_leaves_one_choice() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let late = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        w.t.clock.advance(Duration::from_secs(16 * 60));
        w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let out = w.pay(&late).await.unwrap();
        assert_eq!(out.state, OrderState::NeedsDecision);
        let open = queue(&w, &system(), false).await;
        assert_eq!(open[0].decision.choices, [DecisionChoice::Cancel]);
        let refused = w
            .flows
            .order_decide(&system(), late.id, decided(Choice::SourceAgain))
            .await
            .unwrap_err();
        assert!(refused.is(&orders::MONEY_WENT_BACK));
        let done = w
            .flows
            .order_decide(&system(), late.id, decided(Choice::Cancel(Vec::new())))
            .await
            .unwrap();
        assert_eq!(done.state, OrderState::Cancelled);
        w.flows.step().await.unwrap();
        let paid = &w.see(late.id).await.payments[0];
        assert_eq!(
            (paid.state, paid.refunded.amount_minor),
            (PaymentState::Refunded, 12_900)
        );
        w.books_balance().await;
    });
}
