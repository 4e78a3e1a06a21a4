//! The payment ledger through its face, on each engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base::{Ctx, Currency, Money, OrderId, PaymentId, Result};
use db::testing::{TestDb, each_engine};
use db::{Reader, Tx};
use payments::{
    Applied, Fact, OVER_CAPTURE, OVER_REFUND, Payment, PaymentState, Payments, ProviderEvent, ProviderName,
};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, payments::MIGRATIONS];

fn ctx() -> Ctx {
    Ctx::system("test")
}

async fn start(t: &TestDb, amount: i64) -> Payment {
    let unit = async move |tx: &Tx| {
        let amount = Money::new(amount, Currency::CNY);
        let payment = Payment::new(OrderId::new(), ProviderName::Sandbox, amount, tx.now());
        payments::payment_start_in(tx, &ctx(), &payment).await?;
        Ok(payment)
    };
    t.db.write(unit).await.unwrap()
}

async fn apply(t: &TestDb, id: PaymentId, event_id: &'static str, fact: Fact) -> Result<Applied> {
    let unit = async move |tx: &Tx| {
        let payment = payments::payment_get_in(tx, id).await?;
        let event = ProviderEvent {
            payment_id: id,
            event_id: event_id.into(),
            fact,
        };
        payments::payment_apply_in(tx, &ctx(), payment, &event).await
    };
    t.db.write_guarded(unit).await
}

#[test]
fn delivered_three_times_and_out_of_order() {
    each_engine(SETS, async |t: TestDb| {
        let payment = start(&t, 100).await;
        let refund = Fact::Refunded {
            amount: 40,
            requested: false,
        };
        for (id, fact) in [
            ("r1", refund),
            ("c1", Fact::Captured { total: 100 }),
            ("a1", Fact::Authorised),
        ] {
            for nth in 0..3 {
                let applied = apply(&t, payment.id, id, fact).await.unwrap();
                assert_eq!(applied.first_time, nth == 0);
            }
        }
        let end = apply(&t, payment.id, "d1", Fact::Declined)
            .await
            .unwrap()
            .payment
            .balance;
        assert_eq!(
            (end.state, end.captured, end.refunded),
            (PaymentState::PartlyRefunded, 100, 40)
        );
        assert_eq!(Payments::new(t.db.clone()).payment_drift().await.unwrap(), 0);
    });
}

#[test]
fn more_than_asked_for_is_refused_and_nothing_is_kept_of_it() {
    each_engine(SETS, async |t: TestDb| {
        let payment = start(&t, 100).await;
        let refused = apply(&t, payment.id, "c1", Fact::Captured { total: 101 })
            .await
            .unwrap_err();
        assert!(refused.is(&OVER_CAPTURE));
        let applied = apply(&t, payment.id, "c1", Fact::Captured { total: 100 })
            .await
            .unwrap();
        assert!(applied.first_time);
    });
}

#[test]
fn ten_refunds_at_once_never_exceed_what_was_captured() {
    each_engine(SETS, async |t: TestDb| {
        let payment = start(&t, 100).await;
        apply(&t, payment.id, "c1", Fact::Captured { total: 100 })
            .await
            .unwrap();
        let order = payment.order_id;
        let ask = |nth: i64| {
            let (db, payments) = (t.db.clone(), Payments::new(t.db.clone()));
            async move {
                let unit = async move |tx: &Tx| {
                    let (amount, source) = (Money::new(30, Currency::CNY), format!("doc{nth}"));
                    payments
                        .payment_refund_in(tx, &ctx(), order, amount, &source)
                        .await
                };
                db.write_guarded(unit).await
            }
        };
        let outcomes = futures_util::future::join_all((0..10).map(ask)).await;
        let asked = outcomes.iter().filter(|o| o.is_ok()).count();
        assert!(
            outcomes
                .iter()
                .filter_map(|o| o.as_ref().err())
                .all(|e| e.is(&OVER_REFUND)),
            "{outcomes:?}"
        );
        assert_eq!(asked, 3);
        let service = Payments::new(t.db.clone());
        assert_eq!(service.refund_settle_due(&ctx()).await.unwrap(), 3);
        assert_eq!(service.refund_settle_due(&ctx()).await.unwrap(), 0);
        let id = payment.id;
        let end =
            t.db.read(async move |r: &Reader| payments::payment_get_in(r, id).await)
                .await
                .unwrap()
                .balance;
        assert_eq!(
            (end.refunded, end.refunding, end.state),
            (90, 0, PaymentState::PartlyRefunded)
        );
        assert_eq!(service.payment_drift().await.unwrap(), 0);
    });
}

#[test]
fn a_document_takes_money_back_once() {
    each_engine(SETS, async |t: TestDb| {
        let payment = start(&t, 100).await;
        apply(&t, payment.id, "c1", Fact::Captured { total: 100 })
            .await
            .unwrap();
        let order = payment.order_id;
        let ask = async || {
            let payments = Payments::new(t.db.clone());
            let unit = async move |tx: &Tx| {
                let amount = Money::new(10, Currency::CNY);
                payments
                    .payment_refund_in(tx, &ctx(), order, amount, "ret_1")
                    .await
            };
            t.db.write(unit).await
        };
        ask().await.unwrap();
        assert!(ask().await.unwrap_err().is(&db::UNIQUE_VIOLATION));
    });
}
