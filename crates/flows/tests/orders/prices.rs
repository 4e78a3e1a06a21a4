//! What carts and orders cost, and what comes back when prices have changed since.

use std::time::Duration;

use base::{Currency, MemberId, Money, OrderId, PlaceId, SkuId, Text, Time};
use catalog::{ProductIn, ProductStatus, SkuIn, ValidProduct};
use db::{Reader, Tx};
use flows::{CartNew, OrderOut, PRICE_CHANGED, PaymentMethod, PreviewAsk, ReturnNew};
use loyalty::OrderGoods;
use orders::rules::ReturnWish;
use orders::{Channel, Condition, MomentKind, OrderState, PriceCause, ReturnReason, Wanted};
use payments::PaymentState;
use pricing::{
    Audience, BuyerTier, Effect, EntryPut, EntrySku, Goods, PriceChange, PriceListIn, PriceSettings,
    PromotionIn, ValidList, ValidPromotion, ValidSettings,
};

use crate::world::{World, associate, each_world, guest, member, system};

fn promotion(code: &str, effect: Effect) -> PromotionIn {
    PromotionIn {
        code: code.into(),
        name: Text::new("活动", code),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect,
        currency: Some(Currency::CNY),
        priority: 0,
        group: None,
        stackable: true,
        typed_code: None,
        valid_from: None,
        valid_until: None,
        active: true,
    }
}

async fn promote(w: &World, promotion: PromotionIn) -> base::PromotionId {
    let promotion = ValidPromotion::try_from(promotion).unwrap();
    w.pricing.promotion_create(&system(), promotion).await.unwrap().id
}

async fn listed(w: &World, code: &str, currency: Currency, audience: Audience, prices: &[(SkuId, i64)]) {
    let list = PriceListIn {
        code: code.into(),
        name: Text::new("价目", code),
        currency,
        tax_included: true,
        audience,
        valid_from: None,
        valid_until: None,
        active: true,
    };
    let list = ValidList::try_from(list).unwrap();
    let id = w.pricing.price_list_create(&system(), list).await.unwrap().id;
    set(w, id, prices).await;
}

async fn set(w: &World, list: base::PriceListId, prices: &[(SkuId, i64)]) {
    let rows = prices.iter().map(|(sku, amount)| EntryPut {
        sku: EntrySku::Id(*sku),
        min_quantity: 1,
        amount_minor: Some(*amount),
    });
    w.pricing
        .price_entry_put(&system(), list, rows.collect())
        .await
        .unwrap();
}

/// Gives one piece of a line back; answers what is paid back for it.
async fn give_back(w: &World, order: &OrderOut, line: usize, place: PlaceId) -> i64 {
    let wish = ReturnWish {
        order_line_id: order.lines[line].id,
        quantity: 1,
        reason: ReturnReason::ChangedMind,
        condition: Condition::Sellable,
    };
    let new = ReturnNew {
        order_id: order.id,
        place_id: place,
        wishes: vec![wish],
        note: None,
    };
    let taken = w.flows.return_take(&associate(place), new).await.unwrap();
    taken.refund.amount_minor
}

#[test]
fn the_cart_says_why_and_the_order_keeps_it() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        let steps = Effect::AmountOff { amount_minor: 3_000 };
        let id = promote(&w, promotion("autumn", steps)).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 2), (w.wrap, 1)], World::collect_at(w.hubin))
            .await;
        let shown = w.flows.cart_get(&guest(), cart).await.unwrap();
        let (serum, wrap) = (&shown.lines[0], &shown.lines[1]);
        assert_eq!(
            (serum.discount.amount_minor, wrap.discount.amount_minor),
            (2_943, 57)
        );
        let step = &serum.price.steps[0];
        assert_eq!(
            (step.cause, step.code.as_str()),
            (PriceCause::Promotion, "autumn")
        );
        assert_eq!(
            (step.why.en.as_str(), step.amount.amount_minor),
            ("¥30 off", -2_943)
        );
        assert_eq!(shown.totals.total.amount_minor, 2 * 12_900 + 500 - 3_000);
        assert_eq!(shown.tax.rates[0].tax, shown.totals.tax_included);

        let order = w
            .flows
            .cart_checkout(&guest(), cart, PaymentMethod::Sandbox)
            .await
            .unwrap();
        assert_eq!(order.totals, shown.totals);
        w.pricing.promotion_remove(&system(), id, None).await.unwrap();
        let kept = w.see(order.id).await;
        assert_eq!(kept.lines[0].price.as_ref(), Some(&serum.price));
        assert_eq!(kept.totals, shown.totals);
    });
}

#[test]
fn a_member_pays_the_price_of_their_tier_and_nobody_else_does() {
    each_world(async |w: World| {
        let gold = MemberId::new();
        let goods = OrderGoods {
            order_id: OrderId::new(),
            member_id: gold,
            goods: Money::new(900_000, Currency::CNY),
        };
        let earn = async move |tx: &Tx| {
            let now: Time = tx.now();
            loyalty::earn_in(tx, &system(), &goods, now).await
        };
        w.t.db.write(earn).await.unwrap();
        let audience = Audience {
            tiers: vec![BuyerTier::Gold],
            ..Audience::default()
        };
        listed(&w, "GOLD", Currency::CNY, audience, &[(w.serum, 11_000)]).await;
        for (buyer, price) in [
            (member(gold), 11_000),
            (member(MemberId::new()), 12_900),
            (guest(), 12_900),
        ] {
            let cart = w.cart(&buyer, &[(w.serum, 1)], World::collect_at(w.hubin)).await;
            let shown = w.flows.cart_get(&buyer, cart).await.unwrap();
            assert_eq!(shown.lines[0].unit_price.amount_minor, price);
            assert_eq!(shown.lines[0].price.list_price.amount_minor, 12_900);
        }
    });
}

#[test]
fn a_delivery_made_free_says_by_what() {
    each_world(async |w: World| {
        w.receive(w.lipstick, w.hubin, 9).await;
        promote(&w, promotion("ship", Effect::FreeShipping)).await;
        let order = w
            .order(&guest(), &[(w.lipstick, 1)], World::to_hangzhou())
            .await
            .unwrap();
        assert_eq!(order.totals.total.amount_minor, 5_900);
        let kept = w.see(order.id).await;
        assert_eq!(kept.shipping_steps[0].code, "ship");
        assert_eq!(kept.shipping_steps[0].amount.amount_minor, -1_000);
    });
}

#[test]
fn returned_one_by_one_prorated_pieces_pay_back_exactly_what_was_paid() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 3).await;
        w.receive(w.lipstick, w.hubin, 1).await;
        promote(&w, promotion("odd", Effect::AmountOff { amount_minor: 1_000 })).await;
        let order = w.collected(&[(w.serum, 3), (w.lipstick, 1)], w.hubin).await;
        // 1,000 over 38,700 and 5,900: 868 and 132.
        assert_eq!(order.lines[0].total.amount_minor, 37_832);
        let mut back = Vec::new();
        for _ in 0..3 {
            back.push(give_back(&w, &order, 0, w.hubin).await);
        }
        assert_eq!(back, [12_610, 12_611, 12_611]);
        back.push(give_back(&w, &order, 1, w.hubin).await);
        assert_eq!(back.iter().sum::<i64>(), order.totals.total.amount_minor);
        assert_eq!(w.see(order.id).await.state, OrderState::Returned);
        w.books_balance().await;
    });
}

#[test]
fn price_changes_between_cart_and_payment_policy_applied_and_shown() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        let cart = w
            .cart(&guest(), &[(w.serum, 1)], World::collect_at(w.hubin))
            .await;
        let seen = w.flows.cart_get(&guest(), cart).await.unwrap().totals.total;
        listed(&w, "UP", Currency::CNY, Audience::default(), &[(w.serum, 13_900)]).await;
        let method = PaymentMethod::Sandbox;
        let refused = w
            .flows
            .cart_checkout_at(&guest(), cart, method, Some(seen))
            .await
            .unwrap_err();
        assert!(refused.is(&PRICE_CHANGED));
        assert_eq!(
            (refused.facts()["seen"].clone(), refused.facts()["now"].clone()),
            ("129.00 CNY".into(), "139.00 CNY".into())
        );
        assert_eq!(w.level(w.serum, w.hubin).await.1, 0, "a refusal holds nothing");
        // Looked at again, it is ordered; from now on the price stands while the stock is held.
        let seen = w.flows.cart_get(&guest(), cart).await.unwrap().totals.total;
        let order = w
            .flows
            .cart_checkout_at(&guest(), cart, method, Some(seen))
            .await
            .unwrap();
        promote(&w, promotion("down", Effect::PercentOff { basis_points: 5_000 })).await;
        w.t.clock.advance(Duration::from_secs(600));
        let paid = w.pay(&order).await.unwrap();
        assert_eq!(paid.totals.total.amount_minor, 13_900);
        assert_eq!(paid.payments[0].amount.amount_minor, 13_900);
    });
}

#[test]
fn where_the_chain_prices_anew_the_payer_is_told_before_the_money_moves() {
    each_world(async |w: World| {
        w.receive(w.serum, w.hubin, 9).await;
        let anew = PriceSettings {
            price_change: PriceChange::RepriceAndShow,
            ..PriceSettings::default()
        };
        let anew = ValidSettings::try_from(anew).unwrap();
        w.pricing
            .price_settings_change(&system(), None, anew)
            .await
            .unwrap();
        let lines = [(w.serum, 2), (w.wrap, 1)];
        let order = w
            .order(&guest(), &lines, World::collect_at(w.hubin))
            .await
            .unwrap();
        assert_eq!(order.totals.total.amount_minor, 26_300);
        promote(&w, promotion("sale", Effect::AmountOff { amount_minor: 3_000 })).await;

        let told = w.pay(&order).await.unwrap_err();
        assert!(told.is(&PRICE_CHANGED), "{told:?}");
        assert_eq!(
            (told.facts()["seen"].clone(), told.facts()["now"].clone()),
            ("263.00 CNY".into(), "233.00 CNY".into())
        );
        let anew = w.see(order.id).await;
        assert_eq!(anew.totals.total.amount_minor, 23_300);
        assert_eq!(anew.lines[0].price.as_ref().unwrap().steps[0].code, "sale");
        let states: Vec<PaymentState> = anew.payments.iter().map(|payment| payment.state).collect();
        assert_eq!(states, [PaymentState::Voided, PaymentState::Pending]);
        assert_eq!(anew.timeline.last().unwrap().kind, MomentKind::Repriced);
        assert_eq!(w.told(order.id, "orders.order_repriced.v1").await, 1);
        assert_eq!(w.level(w.serum, w.hubin).await.1, 2, "the stock stays held");

        let paid = w.pay(&anew).await.unwrap();
        assert_eq!(paid.state, OrderState::Allocated);
        assert_eq!(paid.payments[1].amount.amount_minor, 23_300);
        w.books_balance().await;
    });
}

#[test]
fn multi_currency_order_refund_after_rate_change_original_rate() {
    each_world(async |w: World| {
        let read = {
            let (catalog, serum) = (w.catalog.clone(), w.serum);
            async move |r: &Reader| catalog.sku_snapshots_in(r, &[serum]).await
        };
        let category_id = w.t.db.read(read).await.unwrap()[&w.serum].category_id;
        let sku = SkuIn {
            code: "DUTY-1".into(),
            barcodes: Vec::new(),
            option: Text::default(),
            price: Money::new(2_000, Currency::USD),
            tracked: true,
            active: true,
        };
        let abroad = ProductIn {
            code: "DUTY".into(),
            name: Text::same("Duty free"),
            brand: Text::default(),
            category_id,
            description: Text::default(),
            media: Vec::new(),
            attributes: Vec::new(),
            status: ProductStatus::Active,
            skus: vec![sku],
        };
        let abroad = ValidProduct::try_from(abroad).unwrap();
        let sku = w.catalog.product_create(&system(), abroad).await.unwrap().skus[0].id;
        w.receive(sku, w.hubin, 3).await;
        // At 7.2 yuan to the dollar.
        listed(&w, "USD-72", Currency::USD, Audience::default(), &[(sku, 1_791)]).await;
        let order = w.collected(&[(sku, 3)], w.hubin).await;
        assert_eq!(order.totals.total, Money::new(5_373, Currency::USD));
        // The yuan falls, and the dollar price with it.
        listed(&w, "USD-90", Currency::USD, Audience::default(), &[(sku, 1_433)]).await;
        let mut back = 0;
        for _ in 0..3 {
            back += give_back(&w, &order, 0, w.hubin).await;
        }
        assert_eq!(back, 5_373);
        let refunded = w.see(order.id).await.payments[0].refunded;
        assert_eq!(refunded, Money::new(5_373, Currency::USD));
    });
}

#[test]
fn a_preview_shows_a_promotion_before_it_is_saved() {
    each_world(async |w: World| {
        promote(&w, promotion("saved", Effect::AmountOff { amount_minor: 500 })).await;
        let draft = PromotionIn {
            priority: 9,
            min_quantity: 3,
            ..promotion("draft", Effect::PercentOff { basis_points: 1_000 })
        };
        let ask = |quantity| PreviewAsk {
            channel: Channel::Web,
            place_id: None,
            tier: None,
            is_delivered: false,
            at: None,
            promotion_code: None,
            lines: vec![Wanted {
                sku_id: w.lipstick,
                quantity,
            }],
            draft: Some((None, ValidPromotion::try_from(draft.clone()).unwrap())),
        };
        let shown = w.flows.price_preview(&system(), ask(3)).await.unwrap();
        let said: Vec<(&str, i64)> = shown
            .promotions
            .iter()
            .map(|p| (p.code.as_str(), p.off.amount_minor))
            .collect();
        assert_eq!(said, [("draft", 1_770), ("saved", 500)]);
        assert_eq!(shown.totals.total.amount_minor, 3 * 5_900 - 2_270);
        let shown = w.flows.price_preview(&system(), ask(1)).await.unwrap();
        assert_eq!(shown.promotions[0].why.en, "2 more to go");
        assert!(w.flows.price_preview(&guest(), ask(1)).await.is_err());
        // Nothing of it is kept.
        let cart = CartNew {
            channel: Channel::Web,
            lines: vec![Wanted {
                sku_id: w.lipstick,
                quantity: 3,
            }],
            fulfilment: None,
            contact: None,
        };
        let cart = w.flows.cart_create(&guest(), cart).await.unwrap();
        assert_eq!(cart.totals.discount.amount_minor, 500);
    });
}
