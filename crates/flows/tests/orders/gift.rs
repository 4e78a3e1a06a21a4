//! Gift cards beside other tenders: kept while the order waits, spent when it is paid, given back in order.

use std::time::Duration;

use base::{Ctx, Currency, IdempotencyKey, Money, Result};
use flows::{ExchangeNew, ExchangeWish, GiftCardShown, NOTHING_TO_PAY, OrderOut, PaymentMethod, ReturnNew};
use futures_util::future::join_all;
use orders::rules::ReturnWish;
use orders::{Condition, OrderState, ReturnReason, Wanted};
use payments::{
    GIFT_CARD_REFUSED, GIFT_CARD_SHORT, GiftIssued, GiftNew, GiftSource, PaymentState, ProviderName,
    SandboxOutcome,
};

use crate::world::{World, associate, each_world, guest, system};

const HOLD: Duration = Duration::from_secs(15 * 60);

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

async fn card(w: &World, minor: i64) -> GiftIssued {
    let new = GiftNew {
        count: 1,
        amount: cny(minor),
        source: GiftSource::Cash,
        expires_at: None,
        note: None,
    };
    let mut issued = w.payments.gift_card_issue(&system(), new).await.unwrap();
    issued.remove(0)
}

fn shown(card: &GiftIssued) -> GiftCardShown {
    GiftCardShown {
        number: card.number.clone(),
        pin: card.pin.clone(),
        address: String::new(),
    }
}

async fn pay(
    w: &World,
    ctx: &Ctx,
    order: &OrderOut,
    card: &GiftIssued,
    minor: Option<i64>,
) -> Result<OrderOut> {
    let token = order.access_token.clone();
    w.flows
        .gift_card_pay(ctx, order.id, &shown(card), minor.map(cny), token)
        .await
}

/// What is on a card, and what of it is kept.
async fn stands(w: &World, card: &GiftIssued) -> (i64, i64) {
    let (now, _) = w.payments.gift_card_get(&system(), card.card.id).await.unwrap();
    (now.balance.amount_minor, now.held.amount_minor)
}

/// Provider, state, amount and what went back, of each payment that was not given up.
fn tenders(order: &OrderOut) -> Vec<(ProviderName, PaymentState, i64, i64)> {
    let live = order.payments.iter().filter(|p| p.state != PaymentState::Voided);
    live.map(|p| {
        (
            p.provider,
            p.state,
            p.amount.amount_minor,
            p.refunded.amount_minor,
        )
    })
    .collect()
}

/// Serums wanted at the lakeside store, at 12900 each.
async fn wants(w: &World, quantity: i64) -> OrderOut {
    w.order(&guest(), &[(w.serum, quantity)], World::collect_at(w.hubin))
        .await
        .unwrap()
}

#[test]
fn a_card_pays_a_part_and_another_tender_the_rest() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let order = wants(&w, 1).await;
        let total = order.totals.total.amount_minor;
        let gift = card(&w, 5_000).await;
        let first = pay(&w, &guest(), &order, &gift, None).await.unwrap();
        assert_eq!(
            tenders(&first),
            [
                (ProviderName::GiftCard, PaymentState::Authorised, 5_000, 0),
                (ProviderName::Sandbox, PaymentState::Pending, total - 5_000, 0),
            ]
        );
        assert_eq!(first.payments[1].label.as_deref(), Some(gift.card.last4.as_str()));
        assert_eq!(stands(&w, &gift).await, (5_000, 5_000), "kept, not spent");
        let balance = w.flows.gift_card_balance(&shown(&gift)).await.unwrap();
        assert_eq!(balance.available, cny(0));
        let paid = w.pay(&first).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        assert_eq!(
            tenders(&paid),
            [
                (ProviderName::GiftCard, PaymentState::Captured, 5_000, 0),
                (ProviderName::Sandbox, PaymentState::Captured, total - 5_000, 0),
            ]
        );
        assert_eq!(stands(&w, &gift).await, (0, 0));
        w.books_balance().await;
        // All goes back to where it came from.
        let cancelled = w
            .flows
            .order_cancel(&system(), order.id, "changed my mind".into(), None)
            .await
            .unwrap();
        assert_eq!(cancelled.state, OrderState::Cancelled);
        w.flows.step().await.unwrap();
        assert_eq!(
            tenders(&w.see(order.id).await),
            [
                (ProviderName::GiftCard, PaymentState::Refunded, 5_000, 5_000),
                (
                    ProviderName::Sandbox,
                    PaymentState::Refunded,
                    total - 5_000,
                    total - 5_000
                ),
            ]
        );
        assert_eq!(stands(&w, &gift).await, (5_000, 0));
        w.books_balance().await;
    });
}

#[test]
fn cards_alone_pay_and_the_order_is_paid_once_however_often_it_is_asked() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let order = wants(&w, 1).await;
        let total = order.totals.total.amount_minor;
        let (small, big) = (card(&w, 1_000).await, card(&w, 100_000).await);
        pay(&w, &guest(), &order, &small, None).await.unwrap();
        let once = guest().with_idempotency(Some(IdempotencyKey {
            key: "once".into(),
            fingerprint: "f1".into(),
        }));
        for _ in 0..2 {
            let paid = pay(&w, &once, &order, &big, None).await.unwrap();
            assert_eq!(paid.state, OrderState::Allocated);
        }
        assert_eq!(stands(&w, &small).await, (0, 0));
        assert_eq!(stands(&w, &big).await, (100_000 - (total - 1_000), 0));
        assert_eq!(w.level(w.serum, w.hubin).await, (5, 1, 0, 4), "allocated once");
        assert_eq!(w.told(order.id, "orders.order_paid.v1").await, 1);
        let more = pay(&w, &guest(), &order, &big, None).await.unwrap_err();
        assert!(more.is(&NOTHING_TO_PAY), "{more:?}");
        w.books_balance().await;
    });
}

#[test]
fn ten_orders_at_once_take_thirty_from_a_hundred_three_times() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 20).await;
        let gift = card(&w, 10_000).await;
        let mut orders = Vec::new();
        for _ in 0..10 {
            orders.push(wants(&w, 1).await);
        }
        let spends = orders
            .iter()
            .map(async |order| pay(&w, &guest(), order, &gift, Some(3_000)).await);
        let results = join_all(spends).await;
        let refused: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert_eq!(refused.len(), 7);
        assert!(refused.iter().all(|e| e.is(&GIFT_CARD_SHORT)), "{refused:?}");
        assert_eq!(stands(&w, &gift).await, (10_000, 9_000));
        w.books_balance().await;
    });
}

#[test]
fn what_a_card_keeps_is_free_again_when_nobody_pays_or_it_is_taken_out() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let gift = card(&w, 5_000).await;
        let order = wants(&w, 1).await;
        let total = order.totals.total.amount_minor;
        let token = order.access_token.clone();
        let with = pay(&w, &guest(), &order, &gift, Some(2_000)).await.unwrap();
        let wrong = GiftCardShown {
            pin: "x".into(),
            ..shown(&gift)
        };
        let refused = w
            .flows
            .gift_card_pay(&guest(), order.id, &wrong, None, token.clone())
            .await;
        assert!(refused.unwrap_err().is(&GIFT_CARD_REFUSED));
        let stranger = w
            .flows
            .gift_card_pay(&guest(), order.id, &shown(&gift), None, None)
            .await;
        assert!(stranger.unwrap_err().is(&base::codes::NOT_FOUND));
        // Another method keeps the card's part.
        let visitor = guest();
        let other = w
            .flows
            .payment_start(&visitor, order.id, PaymentMethod::Sandbox, token.clone());
        assert_eq!(other.await.unwrap().amount, cny(total - 2_000));
        let kept = with
            .payments
            .iter()
            .find(|p| p.provider == ProviderName::GiftCard)
            .unwrap()
            .id;
        let without = w
            .flows
            .gift_card_take_out(&guest(), order.id, kept, token.clone())
            .await
            .unwrap();
        assert_eq!(
            tenders(&without),
            [(ProviderName::Sandbox, PaymentState::Pending, total, 0)]
        );
        assert_eq!(stands(&w, &gift).await, (5_000, 0));
        pay(&w, &guest(), &order, &gift, None).await.unwrap();
        w.t.clock.advance(HOLD + Duration::from_millis(1));
        assert_eq!(stands(&w, &gift).await, (5_000, 0), "before anybody came by");
        w.flows.step().await.unwrap();
        let expired = w.see(order.id).await;
        assert_eq!(expired.state, OrderState::Expired);
        assert_eq!(
            tenders(&expired),
            [(ProviderName::Sandbox, PaymentState::Pending, total - 5_000, 0)]
        );
        // The rest alone pays nothing: it goes back, each time it is told.
        w.provider_captures(expired.payments.last().unwrap().id).await;
        w.flows.step().await.unwrap();
        let after = w.see(order.id).await;
        assert_eq!(after.state, OrderState::Expired);
        assert_eq!(
            tenders(&after),
            [(
                ProviderName::Sandbox,
                PaymentState::Refunded,
                total - 5_000,
                total - 5_000
            )]
        );
        let refunded = after
            .timeline
            .iter()
            .filter(|t| t.kind == orders::MomentKind::Refunded);
        assert_eq!(refunded.count(), 1);
        w.books_balance().await;
    });
}

#[test]
fn paid_late_the_card_still_pays_unless_it_was_used_elsewhere() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let gift = card(&w, 5_000).await;
        let slow = pay(&w, &guest(), &wants(&w, 1).await, &gift, None).await.unwrap();
        w.t.clock.advance(HOLD * 2);
        let paid = w.pay(&slow).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated, "nobody had come by");
        assert_eq!(stands(&w, &gift).await, (0, 0));
        let gift = card(&w, 5_000).await;
        let slow = pay(&w, &guest(), &wants(&w, 1).await, &gift, None).await.unwrap();
        w.t.clock.advance(HOLD * 2);
        pay(&w, &guest(), &wants(&w, 1).await, &gift, Some(3_000))
            .await
            .unwrap();
        let late = w.pay(&slow).await.unwrap();
        assert_eq!(late.state, OrderState::NeedsDecision);
        w.flows.step().await.unwrap();
        let late = w.see(slow.id).await;
        let rest = late.totals.total.amount_minor - 5_000;
        assert_eq!(
            tenders(&late),
            [(ProviderName::Sandbox, PaymentState::Refunded, rest, rest)]
        );
        assert_eq!(stands(&w, &gift).await, (5_000, 3_000));
        w.books_balance().await;
    });
}

#[test]
fn money_that_was_faster_than_the_card_pays_and_no_more_is_kept_than_is_due() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        // The payer had the provider's page open when the card was added in another tab.
        let gift = card(&w, 5_000).await;
        let order = wants(&w, 1).await;
        let total = order.totals.total.amount_minor;
        pay(&w, &guest(), &order, &gift, None).await.unwrap();
        w.provider_captures(order.payments[0].id).await;
        let paid = w.see(order.id).await;
        assert_eq!(paid.state, OrderState::Allocated);
        assert_eq!(
            tenders(&paid),
            [(ProviderName::Sandbox, PaymentState::Captured, total, 0)]
        );
        assert_eq!(stands(&w, &gift).await, (5_000, 0));
        // The same between two cards: the rest of the first card's time, and a second card.
        let order = wants(&w, 1).await;
        let one = pay(&w, &guest(), &order, &gift, Some(3_000)).await.unwrap();
        let other = card(&w, 4_000).await;
        pay(&w, &guest(), &order, &other, None).await.unwrap();
        w.provider_captures(one.payments.last().unwrap().id).await;
        w.flows.step().await.unwrap();
        let paid = w.see(order.id).await;
        assert_eq!(paid.state, OrderState::Allocated);
        let came: i64 = tenders(&paid)
            .iter()
            .map(|(.., amount, back)| amount - back)
            .sum();
        assert_eq!(came, total);
        assert_eq!(
            (stands(&w, &gift).await, stands(&w, &other).await),
            ((2_000, 0), (4_000, 0))
        );
        w.books_balance().await;
    });
}

#[test]
fn pieces_come_back_to_the_tender_that_paid_first_and_an_exchange_takes_a_card() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        w.receive(w.lipstick, w.hubin, 5).await;
        let gift = card(&w, 15_000).await;
        let order = wants(&w, 2).await;
        let first = pay(&w, &guest(), &order, &gift, None).await.unwrap();
        let paid = w.pay(&first).await.unwrap();
        let total = paid.totals.total.amount_minor;
        let (staff, fulfilment) = (associate(w.hubin), paid.fulfilments[0].id);
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        let back = |order: &OrderOut| ReturnWish {
            order_line_id: order.lines[0].id,
            quantity: 1,
            reason: ReturnReason::ChangedMind,
            condition: Condition::Sellable,
        };
        let new = ReturnNew {
            order_id: order.id,
            place_id: w.hubin,
            wishes: vec![back(&paid)],
            note: None,
        };
        let returned = w.flows.return_take(&staff, new).await.unwrap();
        let came_back = returned.refund.amount_minor;
        assert_eq!(stands(&w, &gift).await, (came_back.min(15_000), 0));
        // Two more for one: the card pays what is on it, the till the rest.
        let wish = ExchangeWish {
            order_id: order.id,
            place_id: w.hubin,
            back: vec![back(&paid)],
            taken: vec![Wanted {
                sku_id: w.serum,
                quantity: 3,
            }],
        };
        let preview = w.flows.exchange_preview(&staff, wish.clone()).await.unwrap();
        let due = preview.difference.amount_minor;
        assert!(due > came_back, "{due}");
        let new = ExchangeNew {
            wish,
            agreed: preview.difference,
            tender: flows::CounterTender::Cash,
            gift_card: Some(shown(&gift)),
            note: None,
        };
        w.flows.exchange_take(&staff, new).await.unwrap();
        assert_eq!(stands(&w, &gift).await, (0, 0));
        assert_eq!(
            tenders(&w.see(order.id).await),
            [
                (
                    ProviderName::GiftCard,
                    PaymentState::PartlyRefunded,
                    15_000,
                    came_back
                ),
                (ProviderName::Sandbox, PaymentState::Captured, total - 15_000, 0),
                (ProviderName::GiftCard, PaymentState::Captured, came_back, 0),
                (ProviderName::Cash, PaymentState::Captured, due - came_back, 0),
            ]
        );
        w.books_balance().await;
    });
}

#[test]
fn a_cancelled_order_that_waited_lets_its_cards_go() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let gift = card(&w, 5_000).await;
        let order = wants(&w, 1).await;
        let with = pay(&w, &guest(), &order, &gift, None).await.unwrap();
        let declined = w
            .flows
            .payment_sandbox(
                &guest(),
                with.payments.last().unwrap().id,
                SandboxOutcome::Decline,
                None,
            )
            .await
            .unwrap();
        assert_eq!(declined.state, OrderState::PendingPayment);
        assert_eq!(stands(&w, &gift).await, (5_000, 5_000), "still kept");
        w.flows
            .order_cancel(&system(), order.id, "no".into(), None)
            .await
            .unwrap();
        assert_eq!(stands(&w, &gift).await, (5_000, 0));
        w.books_balance().await;
    });
}
