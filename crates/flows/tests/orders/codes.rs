//! Promotion codes from the bag to the paid order, and back.

use std::time::Duration;

use base::{CartId, Ctx, MemberId, PromotionId, Text};
use flows::{CartChange, CartOut, OrderOut, PaymentMethod};
use orders::OrderState;
use payments::PaymentState;
use pricing::{Audience, Effect, Goods, PromotionIn, TypedCode, ValidPromotion};
use web::Field;

use crate::world::{World, each_world, guest, member, system};

/// Ten yuan off for those who type it.
async fn code(w: &World, max_uses: Option<i64>, max_uses_per_member: Option<i64>) -> PromotionId {
    let promotion = PromotionIn {
        code: "spring".into(),
        name: Text::new("春季立减", "Spring"),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect: Effect::AmountOff { amount_minor: 1_000 },
        currency: Some(base::Currency::CNY),
        priority: 0,
        group: None,
        stackable: true,
        typed_code: Some(TypedCode {
            code: "SPRING10".into(),
            max_uses,
            max_uses_per_member,
        }),
        valid_from: None,
        valid_until: None,
        active: true,
    };
    let valid = ValidPromotion::try_from(promotion).unwrap();
    w.pricing.promotion_create(&system(), valid).await.unwrap().id
}

/// An order made of a bag, not paid yet.
async fn ordered(w: &World, ctx: &Ctx, cart: CartId) -> OrderOut {
    let made = w.flows.cart_checkout(ctx, cart, PaymentMethod::Sandbox).await;
    made.unwrap()
}

async fn typed(w: &World, ctx: &Ctx, cart: CartId, code: &str) -> CartOut {
    let change = CartChange {
        promotion_code: Field::Value(code.to_owned()),
        ..CartChange::default()
    };
    w.flows.cart_change(ctx, cart, change).await.unwrap()
}

async fn bag(w: &World, ctx: &Ctx) -> CartId {
    let cart = w.cart(ctx, &[(w.serum, 1)], World::collect_at(w.hubin)).await;
    typed(w, ctx, cart, " spring10").await;
    cart
}

async fn uses(w: &World, id: PromotionId) -> i64 {
    w.pricing.promotion_get(&system(), id).await.unwrap().code_uses
}

#[test]
fn a_code_says_what_it_does_and_stays_with_the_paid_order() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let promotion = code(&w, Some(1), None).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let plain = w.flows.cart_get(&guest(), cart).await.unwrap();
        assert_eq!(
            (plain.totals.total.amount_minor, plain.promotion_code.is_none()),
            (12_900, true)
        );
        let wrong = CartChange {
            promotion_code: Field::Value("AUTUMN".into()),
            ..CartChange::default()
        };
        let refused = w.flows.cart_change(&guest(), cart, wrong).await.unwrap_err();
        assert_eq!(refused.fields()[0].code.code, "pricing.code_unknown");
        let seen = typed(&w, &guest(), cart, " spring10").await;
        let told = seen.promotion_code.unwrap();
        assert_eq!(
            (told.applied, told.off.amount_minor, told.code.as_str()),
            (true, 1_000, "SPRING10")
        );
        let steps: i64 = seen.lines[0]
            .price
            .steps
            .iter()
            .map(|step| step.amount.amount_minor)
            .sum();
        assert_eq!((steps, seen.totals.total.amount_minor), (-1_000, 11_900));
        assert_eq!(uses(&w, promotion).await, 0, "a bag keeps nothing");

        let order = ordered(&w, &guest(), cart).await;
        assert_eq!(uses(&w, promotion).await, 1);
        // Whoever comes now is told so in the bag, and refused at the till.
        let late = bag(&w, &guest()).await;
        let shown = w.flows.cart_get(&guest(), late).await.unwrap();
        assert_eq!(shown.totals.total.amount_minor, 12_900);
        assert!(!shown.promotion_code.unwrap().applied);
        let refused = w
            .flows
            .cart_checkout(&guest(), late, PaymentMethod::Sandbox)
            .await;
        assert!(refused.unwrap_err().is(&pricing::CODE_USED_UP));

        let paid = w.pay(&order).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        w.t.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(uses(&w, promotion).await, 1, "used for good");
        w.flows
            .order_cancel(&system(), order.id, "test".into(), None)
            .await
            .unwrap();
        assert_eq!(uses(&w, promotion).await, 0);
        let again = ordered(&w, &guest(), late).await;
        assert_eq!(again.totals.total.amount_minor, 11_900);
        w.books_balance().await;
    });
}

#[test]
fn not_paid_in_time_it_is_anybodys_and_paid_late_the_money_goes_back() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let promotion = code(&w, Some(1), None).await;
        let cart = bag(&w, &guest()).await;
        let slow = ordered(&w, &guest(), cart).await;
        w.t.clock.advance(flows::HOLD_TTL);
        let cart = bag(&w, &guest()).await;
        let quick = ordered(&w, &guest(), cart).await;
        let quick = w.pay(&quick).await.unwrap();
        assert_eq!(quick.totals.total.amount_minor, 11_900);
        let late = w.pay(&slow).await.unwrap();
        assert_eq!(late.state, OrderState::NeedsDecision);
        w.flows.step().await.unwrap();
        assert_eq!(w.see(slow.id).await.payments[0].state, PaymentState::Refunded);
        assert_eq!(uses(&w, promotion).await, 1);
        assert_eq!(w.level(w.serum, w.hubin).await, (5, 1, 0, 4));
        w.books_balance().await;
    });
}

#[test]
fn not_paid_in_time_and_still_there_it_is_used_after_all() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        let promotion = code(&w, Some(1), None).await;
        let cart = bag(&w, &guest()).await;
        let slow = ordered(&w, &guest(), cart).await;
        w.t.clock.advance(flows::HOLD_TTL * 2);
        w.flows.step().await.unwrap();
        assert_eq!(
            (w.see(slow.id).await.state, uses(&w, promotion).await),
            (OrderState::Expired, 0)
        );
        assert_eq!(w.pay(&slow).await.unwrap().state, OrderState::Allocated);
        assert_eq!(uses(&w, promotion).await, 1);
        w.books_balance().await;
    });
}

#[test]
fn twenty_bags_at_once_use_three_uses_three_times() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 50).await;
        let promotion = code(&w, Some(3), None).await;
        let mut bags = Vec::new();
        for _ in 0..20 {
            bags.push(bag(&w, &guest()).await);
        }
        let tries = bags.into_iter().map(|cart| {
            let flows = w.flows.clone();
            async move { flows.cart_checkout(&guest(), cart, PaymentMethod::Sandbox).await }
        });
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(refused.is(&pricing::CODE_USED_UP), "{refused:?}");
        }
        assert_eq!((uses(&w, promotion).await, w.orders().await), (3, 3));
        assert_eq!(w.level(w.serum, w.hubin).await, (50, 3, 0, 47));
        w.books_balance().await;
    });
}

#[test]
fn a_member_uses_it_once_whatever_the_bags() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 5).await;
        code(&w, None, Some(1)).await;
        let (me, other) = (member(MemberId::new()), member(MemberId::new()));
        let cart = bag(&w, &me).await;
        w.flows
            .cart_checkout(&me, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        let cart = bag(&w, &me).await;
        let refused = w
            .flows
            .cart_checkout(&me, cart, PaymentMethod::Sandbox)
            .await
            .unwrap_err();
        assert!(refused.is(&pricing::CODE_USED_BY_MEMBER));
        let cart = bag(&w, &other).await;
        w.flows
            .cart_checkout(&other, cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        let cart = bag(&w, &guest()).await;
        let refused = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
            .unwrap_err();
        assert!(refused.is(&pricing::CODE_FOR_MEMBERS));
    });
}
