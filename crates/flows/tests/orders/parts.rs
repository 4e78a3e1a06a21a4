//! Parts of orders: what is missing moves or is given up alone, to the piece and to the minor unit.

use base::{Actor, Ctx, OrderLineId};
use flows::{Choice, Decision, HandOver, Missing, OrderOut, PaymentMethod, Reject, RejectReason};
use orders::{FulfilmentState, OrderState, Part};
use payments::PaymentState;

use crate::world::{World, associate, each_world, guest, system};

fn line(order: &OrderOut, sku: base::SkuId) -> OrderLineId {
    order.lines.iter().find(|l| l.sku_id == sku).unwrap().id
}

fn pieces(order_line_id: OrderLineId, quantity: i64) -> Vec<Part> {
    vec![Part {
        order_line_id,
        quantity,
    }]
}

fn missing(reason: RejectReason, parts: Vec<Part>) -> Reject {
    Reject {
        reason,
        parts,
        note: None,
    }
}

#[test]
fn partial_fulfilment_3_of_5_then_cancel_2() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let order = w.paid(&[(w.serum, 5)], World::collect_at(w.hubin)).await;
        let serum = line(&order, w.serum);
        let staff = associate(w.hubin);
        let fulfilment = order.fulfilments[0].id;
        let reject = missing(RejectReason::Damaged, pieces(serum, 2));
        let out = w
            .flows
            .fulfilment_reject(&staff, fulfilment, reject)
            .await
            .unwrap();
        assert_eq!(out.order.state, OrderState::NeedsDecision);
        assert_eq!(out.fulfilment.state, FulfilmentState::Rejected);
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (5, 3, 2, 0),
            "three are still held, two set aside"
        );

        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        assert_eq!(
            w.told(order.id, "orders.order_collected.v1").await,
            0,
            "a part is still open"
        );
        let cancel = Decision {
            choice: Choice::Cancel(Vec::new()),
            note: None,
        };
        let done = w.flows.order_decide(&system(), order.id, cancel).await.unwrap();
        assert_eq!(done.state, OrderState::Collected);
        assert_eq!(
            (
                done.lines[0].quantity_cancelled,
                done.payments[0].refunded.amount_minor
            ),
            (2, 25_800)
        );
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (2, 0, 2, 0),
            "three fewer on hand, nothing allocated"
        );
        assert_eq!(w.told(order.id, "orders.order_collected.v1").await, 1);
        assert_eq!(w.told(order.id, "orders.order_reduced.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn part_of_the_pickup_order_missing_at_hand_over_is_paid_back_and_the_rest_handed_over() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        w.receive(w.lipstick, w.hubin, 3).await;
        let lines = [(w.serum, 2), (w.lipstick, 1)];
        let order = w.paid(&lines, World::collect_at(w.hubin)).await;
        let (staff, fulfilment) = (associate(w.hubin), order.fulfilments[0].id);
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        let lipstick = line(&order, w.lipstick);
        let hand_over = HandOver {
            code: w.secrets.pickup_code(order.id),
            proxy: Some("李雷".into()),
            missing: Some(Missing {
                reject: missing(RejectReason::NotInStock, pieces(lipstick, 1)),
                refund: true,
            }),
        };
        let out = w
            .flows
            .fulfilment_hand_over(&staff, fulfilment, hand_over)
            .await
            .unwrap();
        assert_eq!((out.state, out.lines.len()), (FulfilmentState::HandedOver, 1));
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::Collected);
        assert_eq!(seen.payments[0].state, PaymentState::PartlyRefunded);
        assert_eq!(seen.payments[0].refunded.amount_minor, 5_900);
        assert_eq!(w.level(w.serum, w.hubin).await, (0, 0, 0, 0));
        assert_eq!(
            w.level(w.lipstick, w.hubin).await.3,
            0,
            "the shelf is empty after all"
        );
        let said: Vec<&str> = seen.timeline.iter().map(|t| t.text.zh.as_str()).collect();
        assert!(said.contains(&"已在湖滨店由李*代取"), "{said:?}");
        assert_eq!(w.told(order.id, "orders.order_collected.v1").await, 1);
        w.books_balance().await;
    });
}

#[test]
fn part_of_the_pickup_order_missing_at_hand_over_is_found_elsewhere() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        w.receive(w.serum, w.wulin, 1).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        let (staff, fulfilment) = (associate(w.hubin), order.fulfilments[0].id);
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        let with = |quantity| HandOver {
            code: w.secrets.pickup_code(order.id),
            proxy: None,
            missing: Some(Missing {
                reject: missing(RejectReason::Damaged, pieces(line(&order, w.serum), quantity)),
                refund: false,
            }),
        };
        let nothing = w.flows.fulfilment_hand_over(&staff, fulfilment, with(2)).await;
        assert!(
            nothing.unwrap_err().is(&base::codes::INVALID_INPUT),
            "then it is rejected, not handed over"
        );
        w.flows
            .fulfilment_hand_over(&staff, fulfilment, with(1))
            .await
            .unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::NeedsDecision);

        let again = Decision {
            choice: Choice::SourceAgain,
            note: None,
        };
        let served = w.flows.order_decide(&system(), order.id, again).await.unwrap();
        let second = served
            .fulfilments
            .iter()
            .find(|f| f.state == FulfilmentState::Requested)
            .unwrap();
        assert_eq!((served.state, second.place_id), (OrderState::Allocated, w.wulin));
        let there = associate(w.wulin);
        w.flows.fulfilment_pick(&there, second.id).await.unwrap();
        w.hand_over(&there, second.id, order.id).await.unwrap();
        assert_eq!(w.see(order.id).await.state, OrderState::Collected);
        assert_eq!(w.level(w.serum, w.wulin).await.0, 0);
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 1, 0));
        w.books_balance().await;
    });
}

#[test]
fn a_parcel_moves_only_the_line_that_was_rejected() {
    each_world(async |w: World| {
        w.receive(w.serum, w.warehouse, 2).await;
        w.receive(w.lipstick, w.warehouse, 1).await;
        w.receive(w.lipstick, w.shanghai, 1).await;
        let order = w
            .paid(&[(w.serum, 2), (w.lipstick, 1)], World::to_hangzhou())
            .await;
        assert_eq!(order.fulfilments.len(), 1);
        let first = order.fulfilments[0].id;
        let reject = missing(RejectReason::Mismatch, pieces(line(&order, w.lipstick), 1));
        let out = w
            .flows
            .fulfilment_reject(&associate(w.warehouse), first, reject)
            .await
            .unwrap();
        assert_eq!(out.order.state, OrderState::Allocated);
        let states: Vec<_> = out
            .order
            .fulfilments
            .iter()
            .map(|f| (f.place_id, f.state))
            .collect();
        assert!(
            states.contains(&(w.warehouse, FulfilmentState::Requested)),
            "{states:?}"
        );
        assert!(states.contains(&(w.warehouse, FulfilmentState::Rejected)));
        assert!(states.contains(&(w.shanghai, FulfilmentState::Requested)));
        assert_eq!(
            w.level(w.serum, w.warehouse).await,
            (2, 2, 0, 0),
            "its pieces stay where they are"
        );
        assert_eq!(
            w.level(w.lipstick, w.warehouse).await,
            (0, 0, 0, 0),
            "both counts go down"
        );
        assert_eq!(w.level(w.lipstick, w.shanghai).await, (1, 1, 0, 0));
        w.books_balance().await;
    });
}

#[test]
fn lines_are_cancelled_before_picking_to_the_exact_share() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.lipstick, w.hubin, 2).await;
        let lines = [(w.serum, 3), (w.lipstick, 1)];
        let order = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap();
        let (serum, token) = (line(&order, w.serum), order.access_token.clone());
        let reduce = |ctx: Ctx, parts| {
            let (flows, token, id) = (w.flows.clone(), token.clone(), order.id);
            let token = token.filter(|_| {
                matches!(
                    ctx,
                    Ctx {
                        actor: Actor::Anonymous,
                        ..
                    }
                )
            });
            async move {
                flows
                    .order_reduce(&ctx, id, parts, "too many".into(), token)
                    .await
            }
        };
        let unpaid = reduce(guest(), pieces(serum, 1)).await.unwrap_err();
        assert!(unpaid.is(&orders::LINES_NOT_CANCELLABLE));
        w.pay(&order).await.unwrap();

        let out = reduce(guest(), pieces(serum, 2)).await.unwrap();
        assert_eq!(
            (out.state, out.payments[0].refunded.amount_minor),
            (OrderState::Allocated, 25_800)
        );
        assert_eq!(
            w.level(w.serum, w.hubin).await,
            (3, 1, 0, 2),
            "free for others at once"
        );
        let more = reduce(guest(), pieces(serum, 2)).await.unwrap_err();
        assert!(more.is(&base::codes::INVALID_INPUT));

        let staff = associate(w.hubin);
        let open = out
            .fulfilments
            .iter()
            .find(|f| f.state == FulfilmentState::Requested)
            .unwrap();
        w.flows.fulfilment_pick(&staff, open.id).await.unwrap();
        let packed = reduce(guest(), pieces(serum, 1)).await.unwrap_err();
        assert!(
            packed.is(&base::codes::INVALID_INPUT),
            "its owner may not any more"
        );
        let rest = [pieces(serum, 1), pieces(line(&order, w.lipstick), 1)].concat();
        let gone = reduce(staff, rest).await.unwrap();
        assert_eq!(
            gone.state,
            OrderState::Cancelled,
            "the last piece takes the order with it"
        );
        w.flows.step().await.unwrap();
        let seen = w.see(order.id).await;
        assert_eq!(seen.payments[0].state, PaymentState::Refunded);
        assert_eq!(w.level(w.serum, w.hubin).await, (3, 0, 0, 3));
        assert_eq!(w.level(w.lipstick, w.hubin).await, (2, 0, 0, 2));
        w.books_balance().await;
    });
}

#[test]
fn what_is_cancelled_of_an_order_paid_in_store_is_not_asked_for() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 2)], World::collect_at(w.hubin))
            .await;
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::PayInStore)
            .await
            .unwrap();
        let (id, parts) = (order.id, pieces(line(&order, w.serum), 1));
        w.flows
            .order_reduce(
                &guest(),
                id,
                parts,
                "one is enough".into(),
                order.access_token.clone(),
            )
            .await
            .unwrap();
        let staff = associate(w.hubin);
        w.flows
            .fulfilment_pick(&staff, order.fulfilments[0].id)
            .await
            .unwrap();
        w.hand_over(&staff, order.fulfilments[0].id, id).await.unwrap();
        let seen = w.see(id).await;
        let captured: Vec<i64> = seen
            .payments
            .iter()
            .filter(|p| p.state == PaymentState::Captured)
            .map(|p| p.amount.amount_minor)
            .collect();
        assert_eq!((seen.state, captured), (OrderState::Collected, vec![12_900]));
        w.books_balance().await;
    });
}
