//! Gift cards through their face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::{Ctx, Currency, Money, OrderId, Result};
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use futures_util::future::join_all;
use payments::{
    Fact, GIFT_CARD_BLOCKED, GIFT_CARD_EXPIRED, GIFT_CARD_LOCKED, GIFT_CARD_OTHER_CURRENCY,
    GIFT_CARD_REFUSED, GIFT_CARD_SHORT, GiftAccount, GiftCard, GiftCardId, GiftCardState, GiftEntryKind,
    GiftIssued, GiftNew, GiftSecrets, GiftSource, OVER_REFUND, Payment, PaymentState, Payments,
    ProviderEvent, ProviderName, RefundOrder,
};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];
const HOLD: Duration = Duration::from_secs(900);

fn ctx() -> Ctx {
    Ctx::system("test").elevated()
}

fn desk(t: &TestDb) -> Payments {
    Payments::new(t.db.clone()).with_gift_cards(GiftSecrets::new(vec![[7; 32]]))
}

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

async fn issue(payments: &Payments, minor: i64) -> GiftIssued {
    let new = GiftNew {
        count: 1,
        amount: yuan(minor),
        source: GiftSource::Cash,
        expires_at: None,
        note: None,
    };
    payments.gift_card_issue(&ctx(), new).await.unwrap().remove(0)
}

/// Keeps so much of a card for a new order.
async fn keep(t: &TestDb, card: GiftCardId, minor: i64) -> Result<Payment> {
    let unit = async move |tx: &Tx| {
        let payment = Payment::new(OrderId::new(), ProviderName::GiftCard, yuan(minor), tx.now());
        let until = Some(tx.now().after(HOLD));
        payments::gift_hold_in(tx, &ctx(), card, &payment, until).await?;
        payments::payment_get_in(tx, payment.id).await
    };
    t.db.write_guarded(unit).await
}

async fn spend(t: &TestDb, payment: &Payment) -> Result<Payment> {
    let payment = payment.clone();
    let unit = async move |tx: &Tx| Ok(payments::gift_use_in(tx, &ctx(), &payment).await?.payment);
    t.db.write_guarded(unit).await
}

async fn void(t: &TestDb, payment: &Payment) {
    let payment = payment.clone();
    let unit =
        async move |tx: &Tx| payments::payment_void_in(tx, &ctx(), std::slice::from_ref(&payment)).await;
    t.db.write_guarded(unit).await.unwrap();
}

/// What is on a card, and what of it is kept.
async fn stands(payments: &Payments, id: GiftCardId) -> (i64, i64) {
    let (card, _) = payments.gift_card_get(&ctx(), id).await.unwrap();
    (card.balance.amount_minor, card.held.amount_minor)
}

#[test]
fn ten_at_once_take_thirty_from_a_hundred_three_times() {
    each_engine(SETS, async |t: TestDb| {
        let payments = desk(&t);
        let card = issue(&payments, 100).await.card.id;
        let spends = (0..10).map(async |_| {
            let kept = keep(&t, card, 30).await?;
            spend(&t, &kept).await
        });
        let results = join_all(spends).await;
        let refused: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert_eq!(refused.len(), 7);
        assert!(refused.iter().all(|e| e.is(&GIFT_CARD_SHORT)), "{refused:?}");
        assert_eq!(stands(&payments, card).await, (10, 0));
        assert_eq!(payments.gift_card_drift().await.unwrap(), 0);
        assert_eq!(payments.payment_drift().await.unwrap(), 0);
    });
}

#[test]
fn what_is_kept_is_let_go_once_and_what_is_used_comes_back_once() {
    each_engine(SETS, async |t: TestDb| {
        let payments = desk(&t);
        let card = issue(&payments, 100).await.card.id;
        let (a, b) = (
            keep(&t, card, 60).await.unwrap(),
            keep(&t, card, 40).await.unwrap(),
        );
        assert_eq!(a.balance.state, PaymentState::Authorised);
        assert_eq!(stands(&payments, card).await, (100, 100));
        for _ in 0..2 {
            void(&t, &a).await;
            assert_eq!(stands(&payments, card).await, (100, 40));
        }
        let used = spend(&t, &b).await.unwrap();
        assert_eq!(used.balance.state, PaymentState::Captured);
        assert!(
            spend(&t, &b).await.unwrap_err().is(&GIFT_CARD_SHORT),
            "used before"
        );
        assert_eq!(stands(&payments, card).await, (60, 0));
        let desk = payments.clone();
        let ask = async move |tx: &Tx| {
            desk.payment_refund_in(tx, &ctx(), used.order_id, yuan(15), "ret")
                .await
        };
        let refund = t.db.write(ask).await.unwrap().remove(0);
        for _ in 0..2 {
            payments.refund_settle(&ctx(), &refund).await.unwrap();
            assert_eq!(stands(&payments, card).await, (75, 0));
        }
        let (_, entries) = payments.gift_card_get(&ctx(), card).await.unwrap();
        let told: Vec<_> = entries
            .iter()
            .map(|e| {
                (
                    e.kind,
                    e.account,
                    e.amount.amount_minor,
                    e.balance_after.amount_minor,
                )
            })
            .collect();
        assert_eq!(told.len(), 3);
        for entry in [
            (GiftEntryKind::Issued, GiftAccount::Cash, 100, 100),
            (GiftEntryKind::Spent, GiftAccount::Orders, -40, 60),
            (GiftEntryKind::Refunded, GiftAccount::Orders, 15, 75),
        ] {
            assert!(told.contains(&entry), "{told:?}");
        }
        let (accounts, drift) = payments.gift_card_accounts(&ctx()).await.unwrap();
        let [all] = accounts.as_slice() else {
            unreachable!("one currency")
        };
        let sums = [all.owed, all.held, all.sold, all.given, all.used].map(|m| m.amount_minor);
        assert_eq!((sums, drift), ([75, 0, 100, 0, 25], 0));
    });
}

#[test]
fn what_has_run_out_keeps_nothing_and_is_taken_anew_while_it_is_there() {
    each_engine(SETS, async |t: TestDb| {
        let payments = desk(&t);
        let card = issue(&payments, 100).await.card.id;
        let slow = keep(&t, card, 70).await.unwrap();
        assert!(keep(&t, card, 40).await.unwrap_err().is(&GIFT_CARD_SHORT));
        t.clock.advance(HOLD);
        assert_eq!(stands(&payments, card).await, (100, 0), "nobody had to come by");
        let quick = keep(&t, card, 20).await.unwrap();
        // Not needed by others so far: it is still there.
        let keep_on = async |payment: &Payment| {
            let payment = payment.clone();
            let unit = async move |tx: &Tx| {
                let until = tx.now().after(HOLD);
                payments::gift_keep_on_in(tx, &payment, until).await
            };
            t.db.write_guarded(unit).await.unwrap()
        };
        assert!(keep_on(&slow).await);
        assert_eq!(stands(&payments, card).await, (100, 90));
        t.clock.advance(HOLD);
        let third = keep(&t, card, 50).await.unwrap();
        assert!(!keep_on(&slow).await, "seventy are not there beside fifty");
        void(&t, &third).await;
        assert!(keep_on(&slow).await, "taken anew");
        assert!(spend(&t, &quick).await.is_err(), "it had run out and was let go");
        spend(&t, &slow).await.unwrap();
        assert_eq!(stands(&payments, card).await, (30, 0));
        assert_eq!(payments.gift_card_drift().await.unwrap(), 0);
    });
}

#[test]
fn a_card_opens_with_number_and_pin_and_locks_after_five_wrong_ones() {
    each_engine(SETS, async |t: TestDb| {
        let payments = desk(&t);
        let issued = issue(&payments, 100).await;
        let open = async |number: &str, pin: &str| payments.gift_card_open(number, pin).await;
        let (number, pin) = (issued.number.as_str(), issued.pin.as_str());
        let right: GiftCard = open(&number.to_lowercase().replace('-', " "), pin).await.unwrap();
        assert_eq!((right.id, right.available()), (issued.card.id, 100));
        assert!(
            open("0000-0000-0000-0000", pin)
                .await
                .unwrap_err()
                .is(&GIFT_CARD_REFUSED)
        );
        let wrong = if pin == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            assert!(open(number, wrong).await.unwrap_err().is(&GIFT_CARD_REFUSED));
        }
        open(number, pin).await.unwrap();
        for _ in 0..5 {
            assert!(open(number, wrong).await.unwrap_err().is(&GIFT_CARD_REFUSED));
        }
        assert!(open(number, pin).await.unwrap_err().is(&GIFT_CARD_LOCKED));
        t.clock.advance(Duration::from_secs(15 * 60));
        open(number, pin).await.unwrap();
        // Nothing that opens it lies in the store.
        let stored = async |r: &Reader| {
            let rows = r
                .query("SELECT last4 FROM payments_gift_card ORDER BY id", &[])
                .await?;
            rows[0].get::<String>(0)
        };
        assert_eq!(t.db.read(stored).await.unwrap(), number[number.len() - 4..]);
        let other = Payments::new(t.db.clone()).with_gift_cards(GiftSecrets::new(vec![[9; 32], [7; 32]]));
        other.gift_card_open(number, pin).await.unwrap();
    });
}

#[test]
fn a_stopped_card_and_one_that_has_run_out_do_not_pay_and_take_refunds() {
    each_engine(SETS, async |t: TestDb| {
        let payments = desk(&t);
        let now = t.db.now().await.unwrap();
        let new = GiftNew {
            count: 3,
            amount: yuan(100),
            source: GiftSource::Goodwill,
            expires_at: Some(now.after(HOLD)),
            note: Some("for the delay".into()),
        };
        let cards = payments.gift_card_issue(&ctx(), new).await.unwrap();
        assert_eq!(cards.len(), 3);
        let (first, second) = (&cards[0], &cards[1]);
        let paid = keep(&t, first.card.id, 100).await.unwrap();
        spend(&t, &paid).await.unwrap();
        let state = GiftCardState::Blocked;
        payments
            .gift_card_set_state(&ctx(), second.card.id, state, "lost".into())
            .await
            .unwrap();
        let blocked = payments.gift_card_open(&second.number, &second.pin).await;
        assert!(blocked.unwrap_err().is(&GIFT_CARD_BLOCKED));
        assert!(
            keep(&t, second.card.id, 1)
                .await
                .unwrap_err()
                .is(&GIFT_CARD_SHORT)
        );
        let load = async |id, money, source| payments.gift_card_load(&ctx(), id, money, source).await;
        let refused = load(second.card.id, yuan(1), GiftSource::Terminal).await;
        assert!(refused.unwrap_err().is(&GIFT_CARD_BLOCKED));
        t.clock.advance(HOLD);
        let third = &cards[2];
        let over = payments.gift_card_open(&third.number, &third.pin).await;
        assert!(over.unwrap_err().is(&GIFT_CARD_EXPIRED));
        assert!(keep(&t, third.card.id, 1).await.unwrap_err().is(&GIFT_CARD_SHORT));
        let usd = Money::new(5, Currency::USD);
        let wrong = load(third.card.id, usd, GiftSource::Cash).await;
        assert!(wrong.unwrap_err().is(&GIFT_CARD_OTHER_CURRENCY));
        // What comes back to a card that has run out can be spent for a while.
        let desk = payments.clone();
        let ask = async move |tx: &Tx| {
            desk.payment_refund_in(tx, &ctx(), paid.order_id, yuan(100), "ret")
                .await
        };
        let refund = t.db.write(ask).await.unwrap().remove(0);
        payments.refund_settle(&ctx(), &refund).await.unwrap();
        let again = payments.gift_card_open(&first.number, &first.pin).await.unwrap();
        assert_eq!(again.available(), 100);
        assert_eq!(payments.gift_card_drift().await.unwrap(), 0);
    });
}

#[test]
fn several_tenders_give_back_in_the_stated_order() {
    each_engine(SETS, async |t: TestDb| {
        for (refund_order, expected) in [
            (RefundOrder::FirstPaidFirst, [50, 30, 0]),
            (RefundOrder::GiftCardsFirst, [40, 40, 0]),
            (RefundOrder::GiftCardsLast, [50, 0, 30]),
        ] {
            let payments = desk(&t).with_refund_order(refund_order);
            let card = issue(&payments, 40).await.card.id;
            let order = OrderId::new();
            let unit = async move |tx: &Tx| {
                let pay = |provider, minor| Payment::new(order, provider, yuan(minor), tx.now());
                let online = pay(ProviderName::Sandbox, 50);
                payments::payment_start_in(tx, &ctx(), &online).await?;
                let captured = ProviderEvent {
                    payment_id: online.id,
                    event_id: "paid".into(),
                    fact: Fact::Captured { total: 50 },
                };
                payments::payment_apply_in(tx, &ctx(), online.clone(), &captured).await?;
                let gift = pay(ProviderName::GiftCard, 40);
                payments::gift_take_in(tx, &ctx(), card, &gift).await?;
                let cash = pay(ProviderName::Cash, 30);
                payments::payment_start_in(tx, &ctx(), &cash).await?;
                payments::payment_take_in(tx, &ctx(), &cash).await?;
                Ok([online.id, gift.id, cash.id])
            };
            let ids = t.db.write(unit).await.unwrap();
            let desk = payments.clone();
            let ask = async move |tx: &Tx| {
                desk.payment_refund_in(tx, &ctx(), order, yuan(80), "ret").await?;
                let more = desk.payment_refund_in(tx, &ctx(), order, yuan(41), "more").await;
                assert!(more.unwrap_err().is(&OVER_REFUND));
                payments::payment_list_in(tx, &[order]).await
            };
            let all = t.db.write(ask).await.unwrap();
            let back = ids.map(|id| {
                let payment = all.iter().find(|p| p.id == id).unwrap();
                payment.balance.refunding
            });
            assert_eq!(back, expected, "{refund_order:?}");
        }
    });
}
