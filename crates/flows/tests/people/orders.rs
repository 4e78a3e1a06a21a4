//! What people hear of their orders, and what their points do.

use base::{Ctx, codes};
use flows::{CounterTender, ExchangeNew, ExchangeWish, OrderOut, ReturnNew};
use orders::rules::ReturnWish;
use orders::{Condition, ReturnReason, Wanted};

use crate::town::{PHONE, Town, each_town, guest, system};

/// One piece of the first line comes back broken, where it was bought.
async fn bring_back(w: &Town, order: &OrderOut) {
    let wish = ReturnWish {
        order_line_id: order.lines[0].id,
        quantity: 1,
        reason: ReturnReason::Defective,
        condition: Condition::Damaged,
    };
    let new = ReturnNew {
        order_id: order.id,
        place_id: w.store,
        wishes: vec![wish],
        note: None,
    };
    w.flows.return_take(&system(), new).await.unwrap();
}

#[test]
fn a_member_hears_of_an_order_earns_points_and_gives_them_back() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        let order = w.collected(&me, PHONE).await;
        let ready = w.messages("order_ready").await;
        assert!(
            ready.len() == 1 && ready[0].contains("湖滨店") && ready[0].contains("取货码"),
            "{ready:?}"
        );
        assert_eq!(w.messages("order_paid").await.len(), 1);
        assert_eq!(w.messages("survey_invitation").await.len(), 1);
        let points = w.get(&me, "/me/points").await;
        assert_eq!(
            (points["balance"].as_i64(), points["pending"].as_i64()),
            (Some(129), Some(0))
        );

        bring_back(&w, &order).await;
        w.settle().await;
        let points = w.get(&me, "/me/points").await;
        assert_eq!(points["balance"], 0);
        let refunded = w.messages("refunded").await;
        assert!(refunded[0].contains("¥129.00"), "{refunded:?}");

        let story = w.get(&me, "/me/timeline").await;
        let kinds: Vec<&str> = story["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["kind"].as_str().unwrap())
            .collect();
        for kind in ["order", "points", "message"] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
        // Read page by page it is the same story.
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = w.get(&me, &format!("/me/timeline?limit=2{cursor}")).await;
            paged.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(&paged, story["items"].as_array().unwrap());
    });
}

#[test]
fn a_guest_hears_of_an_order_by_the_phone_given_for_it() {
    each_town(async |w| {
        w.collected(&guest(), "139 0013 9000").await;
        assert_eq!(w.messages("order_ready").await.len(), 1);
        assert_eq!(w.messages("survey_invitation").await.len(), 1);
        let home = w.get(&system(), "/home").await;
        assert_eq!(home["stock_drift"]["rows"], 0);
        assert_eq!(home["revenue_by_day"].as_array().unwrap().len(), 30);
        assert_eq!(home["revenue_by_day"][29]["amount"]["amount_minor"], 12_900);
        assert_eq!(home["orders_by_channel"][0]["count"], 1);
    });
}

#[test]
fn a_guests_order_joins_an_account_once_and_brings_its_points_once() {
    each_town(async |w| {
        let order = w.collected(&guest(), PHONE).await;
        let token = w.secrets.access_token(order.id);
        let (me, other) = (w.join(PHONE).await, w.join("13900139011").await);
        let join = async |ctx: &Ctx, token: &str| w.flows.order_join(ctx, order.id, token.to_owned()).await;
        let refused = join(&me, &"x".repeat(24)).await.unwrap_err();
        assert!(refused.is(&codes::NOT_FOUND), "the number alone proves nothing");
        let refused = join(&guest(), &token).await.unwrap_err();
        assert!(refused.is(&codes::UNAUTHENTICATED));
        for _ in 0..2 {
            assert_eq!(join(&me, &token).await.unwrap().member_id, me.member_id());
            w.settle().await;
        }
        assert_eq!(w.get(&me, "/me/points").await["balance"], 129);
        let refused = join(&other, &token).await.unwrap_err();
        assert!(refused.is(&codes::NOT_FOUND), "it is somebody's already");
        assert_eq!(w.get(&other, "/me/points").await["balance"], 0);

        bring_back(&w, &order).await;
        w.settle().await;
        assert_eq!(w.get(&me, "/me/points").await["balance"], 0);
    });
}

#[test]
fn what_had_come_back_before_brings_no_points() {
    each_town(async |w| {
        let order = w.collected(&guest(), PHONE).await;
        bring_back(&w, &order).await;
        let me = w.join(PHONE).await;
        let token = w.secrets.access_token(order.id);
        w.flows.order_join(&me, order.id, token).await.unwrap();
        w.settle().await;
        assert_eq!(w.get(&me, "/me/points").await["balance"], 0);
        let entries = w.get(&me, "/me/points").await;
        assert_eq!(entries["entries"]["items"].as_array().map(Vec::len), Some(0));
    });
}

#[test]
fn an_exchange_is_told_and_moves_the_difference_in_points() {
    each_town(async |w| {
        let me = w.join(PHONE).await;
        let order = w.collected(&me, PHONE).await;
        let wish = ExchangeWish {
            order_id: order.id,
            place_id: w.store,
            back: vec![ReturnWish {
                order_line_id: order.lines[0].id,
                quantity: 1,
                reason: ReturnReason::ChangedMind,
                condition: Condition::Inspect,
            }],
            taken: vec![Wanted {
                sku_id: w.serum,
                quantity: 2,
            }],
        };
        let preview = w.flows.exchange_preview(&system(), wish.clone()).await.unwrap();
        let new = ExchangeNew {
            wish,
            agreed: preview.difference,
            tender: CounterTender::Terminal,
            gift_card: None,
            note: None,
        };
        w.flows.exchange_take(&system(), new).await.unwrap();
        w.settle().await;
        assert_eq!(w.get(&me, "/me/points").await["balance"], 258);
        let told = w.messages("order_exchanged").await;
        assert!(
            told[0].contains("精华 ×2") && told[0].contains("补付 ¥129.00"),
            "{told:?}"
        );
        assert!(w.messages("refunded").await.is_empty());
    });
}
