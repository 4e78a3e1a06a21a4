//! What comes back for what goes out, at any counter, in one go.

use base::{Ctx, Currency, Error, IdempotencyKey, Money, OrderLineId, SkuId};
use flows::{CounterTender, ExchangeNew, ExchangeWish, OrderOut, ReturnNew};
use orders::rules::ReturnWish;
use orders::{Condition, OrderState, ReturnOut, ReturnReason, Wanted};
use payments::{PaymentState, ProviderName};

use crate::world::{World, associate, each_world};

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

fn back(order_line_id: OrderLineId, quantity: i64) -> ReturnWish {
    ReturnWish {
        order_line_id,
        quantity,
        reason: ReturnReason::ChangedMind,
        condition: Condition::Inspect,
    }
}

fn exchange(
    order: &OrderOut,
    place_id: base::PlaceId,
    line: usize,
    (sku_id, quantity): (SkuId, i64),
    agreed: i64,
) -> ExchangeNew {
    ExchangeNew {
        wish: ExchangeWish {
            order_id: order.id,
            place_id,
            back: vec![back(order.lines[line].id, 1)],
            taken: vec![Wanted { sku_id, quantity }],
        },
        agreed: cny(agreed),
        tender: CounterTender::Cash,
        gift_card: None,
        note: None,
    }
}

/// What came in less what went back is what the goods with the customer cost.
async fn money_is_right(w: &World, order: &OrderOut) {
    let seen = w.see(order.id).await;
    let kept: i64 = seen
        .payments
        .iter()
        .filter(|p| p.state != PaymentState::Voided)
        .map(|p| p.amount.amount_minor - p.refunded.amount_minor)
        .sum();
    let returned: i64 = seen
        .returns
        .iter()
        .flat_map(|r| &r.lines)
        .map(|l| l.refund.amount_minor)
        .sum();
    assert_eq!(kept, seen.totals.total.amount_minor - returned);
    w.books_balance().await;
}

#[test]
fn more_is_taken_and_the_rest_is_paid_at_another_store() {
    each_world(async |w: World| {
        w.receive(w.lipstick, w.hubin, 1).await;
        w.receive(w.serum, w.shanghai, 1).await;
        let order = w.collected(&[(w.lipstick, 1)], w.hubin).await;
        let staff = associate(w.shanghai);
        let new = exchange(&order, w.shanghai, 0, (w.serum, 1), 7_000);
        let preview = w.flows.exchange_preview(&staff, new.wish.clone()).await.unwrap();
        assert_eq!(
            (preview.returned_total, preview.taken_total, preview.difference),
            (cny(5_900), cny(12_900), cny(7_000))
        );
        assert_eq!(
            (preview.taken[0].available, preview.refund_to.len()),
            (Some(1), 0)
        );
        let done = w.flows.exchange_take(&staff, new).await.unwrap();
        let taken = done.exchange.unwrap();
        assert_eq!((taken.paid, done.refund), (cny(7_000), cny(0)));
        assert_eq!(
            w.level(w.lipstick, w.shanghai).await,
            (1, 0, 1, 0),
            "looked at first"
        );
        assert_eq!(w.level(w.serum, w.shanghai).await, (0, 0, 0, 0));
        let seen = w.see(order.id).await;
        assert_eq!((seen.state, seen.lines.len()), (OrderState::PartlyReturned, 2));
        let paid: Vec<_> = seen.payments.iter().map(|p| (p.provider, p.amount)).collect();
        assert_eq!(
            paid,
            [
                (ProviderName::Sandbox, cny(5_900)),
                (ProviderName::Cash, cny(7_000))
            ]
        );
        assert_eq!(w.told(order.id, "orders.order_exchanged.v1").await, 1);
        assert_eq!(w.told(order.id, "orders.order_returned.v1").await, 0);
        money_is_right(&w, &order).await;

        // What went out can come back in its turn, to both tenders that paid for it.
        let all = ReturnNew {
            order_id: order.id,
            place_id: w.wulin,
            wishes: vec![back(seen.lines[1].id, 1)],
            note: None,
        };
        let document = w.flows.return_take(&associate(w.wulin), all).await.unwrap();
        assert_eq!(document.refund, cny(12_900));
        let seen = w.see(order.id).await;
        assert_eq!(seen.state, OrderState::Returned);
        assert!(seen.payments.iter().all(|p| p.state == PaymentState::Refunded));
        money_is_right(&w, &order).await;
    });
}

#[test]
fn less_is_taken_and_the_rest_goes_back_where_it_came_from() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 2)], w.hubin).await;
        let new = exchange(&order, w.hubin, 0, (w.lipstick, 1), -7_000);
        let staff = associate(w.hubin);
        let preview = w.flows.exchange_preview(&staff, new.wish.clone()).await.unwrap();
        assert_eq!(preview.difference, cny(-7_000));
        assert_eq!(
            (preview.refund_to[0].provider, preview.refund_to[0].amount),
            (ProviderName::Sandbox, cny(7_000))
        );
        let done = w.flows.exchange_take(&staff, new).await.unwrap();
        assert_eq!((done.refund, done.exchange.unwrap().paid), (cny(7_000), cny(0)));
        let seen = w.see(order.id).await;
        assert_eq!(seen.payments.len(), 1);
        assert_eq!(
            (seen.payments[0].state, seen.payments[0].refunded),
            (PaymentState::PartlyRefunded, cny(7_000))
        );
        assert_eq!(seen.totals.total, cny(2 * 12_900 + 5_900));
        money_is_right(&w, &order).await;
    });
}

#[test]
fn an_even_exchange_moves_no_money() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 2).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        let new = exchange(&order, w.hubin, 0, (w.serum, 1), 0);
        let done = w.flows.exchange_take(&associate(w.hubin), new).await.unwrap();
        assert_eq!((done.refund, done.exchange.unwrap().paid), (cny(0), cny(0)));
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.payments.len(), seen.payments[0].state),
            (1, PaymentState::Captured)
        );
        assert_eq!(w.level(w.serum, w.hubin).await, (1, 0, 1, 0));
        assert_eq!(w.told(order.id, "payments.payment_refunded.v1").await, 0);
        money_is_right(&w, &order).await;
    });
}

#[test]
fn without_the_goods_nothing_moves() {
    each_world(async |w: World| {
        w.receive(w.lipstick, w.hubin, 1).await;
        w.receive(w.serum, w.wulin, 5).await;
        let order = w.collected(&[(w.lipstick, 1)], w.hubin).await;
        let staff = associate(w.hubin);
        let new = exchange(&order, w.hubin, 0, (w.serum, 1), 7_000);
        let preview = w.flows.exchange_preview(&staff, new.wish.clone()).await.unwrap();
        assert_eq!(
            preview.taken[0].available,
            Some(0),
            "said before anything is asked for"
        );
        let refused = w.flows.exchange_take(&staff, new).await.unwrap_err();
        assert!(refused.is(&stock::INSUFFICIENT), "{refused:?}");
        let agreed_to_less = exchange(&order, w.hubin, 0, (w.serum, 1), 6_999);
        let refused = w.flows.exchange_take(&staff, agreed_to_less).await.unwrap_err();
        assert!(refused.is(&flows::EXCHANGE_AMOUNT));
        let elsewhere = exchange(&order, w.warehouse, 0, (w.serum, 1), 7_000);
        let refused = w
            .flows
            .exchange_take(&associate(w.warehouse), elsewhere)
            .await
            .unwrap_err();
        assert!(refused.is(&flows::NO_RETURN));
        let not_mine = exchange(&order, w.wulin, 0, (w.serum, 1), 7_000);
        assert!(w.flows.exchange_take(&staff, not_mine).await.is_err());
        let seen = w.see(order.id).await;
        assert_eq!(
            (seen.state, seen.lines.len(), seen.returns.len()),
            (OrderState::Collected, 1, 0)
        );
        assert_eq!(
            (seen.payments.len(), w.level(w.lipstick, w.hubin).await),
            (1, (0, 0, 0, 0))
        );
        money_is_right(&w, &order).await;
    });
}

#[test]
fn one_piece_at_twenty_counters_at_once_is_exchanged_once() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 1).await;
        let order = w.collected(&[(w.serum, 1)], w.hubin).await;
        let places = [w.hubin, w.wulin, w.xixi, w.shanghai];
        for place in places {
            w.receive(w.lipstick, place, 5).await;
        }
        let tries = (0..20).map(|n| {
            let (flows, place) = (w.flows.clone(), places[n % places.len()]);
            let new = exchange(&order, place, 0, (w.lipstick, 1), -7_000);
            async move { flows.exchange_take(&associate(place), new).await }
        });
        let outcomes: Vec<Result<ReturnOut, Error>> = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(
                refused.is(&orders::OVER_RETURN) || refused.is(&orders::BUSY),
                "{refused:?}"
            );
        }
        let mut taken = 0;
        for place in places {
            taken += 5 - w.level(w.lipstick, place).await.0;
        }
        assert_eq!(taken, 1);
        assert_eq!(w.see(order.id).await.payments[0].refunded, cny(7_000));
        money_is_right(&w, &order).await;
    });
}

#[test]
fn asked_again_with_the_same_key_it_is_the_same_exchange() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.lipstick, w.hubin, 3).await;
        let order = w.collected(&[(w.serum, 2)], w.hubin).await;
        let key = IdempotencyKey {
            key: "exchange-1".into(),
            fingerprint: "f1".into(),
        };
        let staff: Ctx = associate(w.hubin).with_idempotency(Some(key));
        let new = exchange(&order, w.hubin, 0, (w.lipstick, 1), -7_000);
        let first = w.flows.exchange_take(&staff, new.clone()).await.unwrap();
        let again = w.flows.exchange_take(&staff, new).await.unwrap();
        assert_eq!(first.id, again.id);
        assert_eq!(w.see(order.id).await.returns.len(), 1);
        assert_eq!(w.level(w.lipstick, w.hubin).await.0, 2);
        money_is_right(&w, &order).await;
    });
}
