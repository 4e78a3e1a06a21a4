//! What people hear of their orders, and what their points do.

use flows::ReturnNew;
use orders::rules::ReturnWish;
use orders::{Condition, ReturnReason};

use crate::town::{PHONE, each_town, guest, system};

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
