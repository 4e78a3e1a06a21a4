//! What a change of a placed order costs, who may make it, and what is told when two are made at once.

use std::time::Duration;

use base::{Ctx, Currency, IdempotencyKey, Text};
use flows::{ChangePolicy, Flows, MayChange, OrderWish, PaymentMethod};
use payments::PaymentState;
use pricing::{Audience, Effect, Goods, PromotionIn, ValidPromotion};

use crate::change::{agreed, change, cny, goods, is_right, look, to, way};
use crate::world::{World, associate, each_world, guest, system};

pub(crate) async fn promote(w: &World, off: i64) {
    let promotion = PromotionIn {
        code: "pair".into(),
        name: Text::new("满两件减", "Two or more"),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 2,
        min_amount_minor: 0,
        effect: Effect::AmountOff { amount_minor: off },
        currency: Some(Currency::CNY),
        priority: 0,
        group: None,
        stackable: true,
        typed_code: None,
        valid_from: None,
        valid_until: None,
        active: true,
    };
    let promotion = ValidPromotion::try_from(promotion).unwrap();
    w.pricing.promotion_create(&system(), promotion).await.unwrap();
}

#[test]
fn promotions_are_worked_out_anew_and_explained() {
    each_world(async |w: World| {
        promote(&w, 3_000).await;
        w.receive(w.serum, w.hubin, 3).await;
        let order = w.paid(&[(w.serum, 2)], World::collect_at(w.hubin)).await;
        assert_eq!(order.totals.total, cny(22_800));
        // Without its second piece the promotion is gone, and what comes back is less than the piece had cost alone.
        let preview = look(&w, order.id, goods(&[(w.serum, 1)])).await.unwrap();
        assert_eq!(
            (preview.difference, preview.totals.discount),
            (cny(-9_900), cny(0))
        );
        let one = change(&w, order.id, goods(&[(w.serum, 1)]), -9_900)
            .await
            .unwrap();
        assert_eq!(one.totals.total, cny(12_900));
        let asked = change(&w, order.id, goods(&[(w.serum, 3)]), 38_700 - 3_000 - 12_900)
            .await
            .unwrap();
        let three = w.pay(&asked).await.unwrap();
        assert_eq!(three.totals.discount, cny(3_000));
        assert!(
            !three.lines[0].price.as_ref().unwrap().steps.is_empty(),
            "it says why"
        );
        is_right(&w, order.id).await;
    });
}

#[test]
fn what_is_paid_at_the_counter_is_another_sum() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::PayInStore)
            .await
            .unwrap();
        let more = change(&w, order.id, goods(&[(w.serum, 3)]), 25_800)
            .await
            .unwrap();
        assert_eq!(more.totals.total, cny(38_700));
        let open: Vec<_> = more
            .payments
            .iter()
            .filter(|p| p.state == PaymentState::Pending)
            .collect();
        assert_eq!((open.len(), open[0].amount), (1, cny(38_700)));
        let home = change(&w, order.id, way(to("杭州市", "文三路 1 号")), 0)
            .await
            .unwrap_err();
        assert!(home.is(&flows::PAY_IN_STORE_NEEDS_COLLECT));
        let less = change(&w, order.id, goods(&[(w.serum, 2)]), -12_900)
            .await
            .unwrap();
        let staff = associate(w.hubin);
        let fulfilment = less.fulfilments.iter().find(|f| f.state.is_live()).unwrap().id;
        w.flows.fulfilment_pick(&staff, fulfilment).await.unwrap();
        w.hand_over(&staff, fulfilment, order.id).await.unwrap();
        is_right(&w, order.id).await;
    });
}

#[test]
fn the_chain_says_who_may_change_what_and_until_when() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 4).await;
        let order = w.paid(&[(w.serum, 1)], World::collect_at(w.hubin)).await;
        let token = Some(w.secrets.access_token(order.id));
        let with = |policy: ChangePolicy| -> Flows { w.flows.clone().with_changes(policy) };
        let ask = async |flows: Flows, wish: OrderWish| {
            flows
                .order_change_preview(&guest(), order.id, wish, token.clone())
                .await
        };
        assert!(
            ask(with(ChangePolicy::default()), goods(&[(w.serum, 2)]))
                .await
                .is_ok()
        );
        let wish = goods(&[(w.serum, 2)]);
        let stranger = w.flows.order_change_preview(&guest(), order.id, wish, None).await;
        assert!(stranger.unwrap_err().is(&base::codes::NOT_FOUND));
        let only_way = ChangePolicy {
            shopper: MayChange::Way,
            ..ChangePolicy::default()
        };
        let refused = ask(with(only_way), goods(&[(w.serum, 2)])).await.unwrap_err();
        assert!(refused.is(&orders::CHANGE_NOT_YOURS));
        assert!(
            ask(with(only_way), way(to("杭州市", "文三路 1 号")))
                .await
                .is_ok()
        );
        let an_hour = ChangePolicy {
            shopper_minutes: 60,
            ..ChangePolicy::default()
        };
        w.t.clock.advance(Duration::from_secs(3_601));
        let late = ask(with(an_hour), goods(&[(w.serum, 2)])).await.unwrap_err();
        assert!(late.is(&orders::CHANGE_TOO_LATE));
        let (flows, wish) = (with(an_hour), goods(&[(w.serum, 2)]));
        let staff = flows.order_change_preview(&system(), order.id, wish, None).await;
        assert!(staff.is_ok());
        let mut without_reason = agreed(goods(&[(w.serum, 2)]), 12_900);
        without_reason.reason = None;
        let refused = w
            .flows
            .order_change(&system(), order.id, without_reason, None)
            .await
            .unwrap_err();
        assert!(refused.is(&base::codes::INVALID_INPUT));
        let unpaid = w
            .order(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await
            .unwrap();
        let refused = change(&w, unpaid.id, goods(&[(w.serum, 2)]), 12_900)
            .await
            .unwrap_err();
        assert!(refused.is(&orders::NOT_CHANGEABLE));
    });
}

#[test]
fn asked_twice_with_one_key_it_is_one_change_and_of_two_at_once_one_is_told() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 4).await;
        let order = w.paid(&[(w.serum, 3)], World::collect_at(w.hubin)).await;
        let keyed = |key: &str| -> Ctx {
            let key = IdempotencyKey {
                key: key.into(),
                fingerprint: "same".into(),
            };
            system().with_idempotency(Some(key))
        };
        let mut less = agreed(goods(&[(w.serum, 2)]), -12_900);
        less.if_match = Some(order.version);
        let first = w
            .flows
            .order_change(&keyed("k"), order.id, less.clone(), None)
            .await
            .unwrap();
        let again = w
            .flows
            .order_change(&keyed("k"), order.id, less.clone(), None)
            .await
            .unwrap();
        assert_eq!(first.version, again.version, "asked again, it is the same answer");
        less.if_match = Some(first.version - 1);
        let stale = w
            .flows
            .order_change(&system(), order.id, less, None)
            .await
            .unwrap_err();
        assert!(stale.is(&base::codes::VERSION_MISMATCH));
        let seen = w.see(order.id).await;
        let change = |quantity: i64| {
            let mut new = agreed(goods(&[(w.serum, quantity)]), -12_900);
            new.if_match = Some(seen.version);
            new
        };
        let at_once: Vec<_> = (0..4)
            .map(|_| {
                let (flows, new) = (w.flows.clone(), change(1));
                async move { flows.order_change(&system(), order.id, new, None).await }
            })
            .collect();
        let told = futures_util::future::join_all(at_once).await;
        assert_eq!(told.iter().filter(|t| t.is_ok()).count(), 1);
        for refused in told.iter().filter_map(|t| t.as_ref().err()) {
            assert!(
                refused.is(&base::codes::VERSION_MISMATCH) || refused.is(&orders::BUSY),
                "{refused:?}"
            );
        }
        assert_eq!(w.level(w.serum, w.hubin).await.1, 1);
        w.flows.step().await.unwrap();
        is_right(&w, order.id).await;
    });
}
