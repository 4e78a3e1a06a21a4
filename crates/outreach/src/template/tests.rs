use super::*;
use base::Currency;

fn every() -> Vec<Template> {
    let place = || Text::new("湖滨店", "Hubin store");
    let number = || "S7K3-M9QD".to_owned();
    let at = Some(Time::from_seconds(1_795_395_600));
    let money = Money::new(12_905, Currency::CNY);
    vec![
        Template::OtpCode {
            code: "042917".to_owned(),
            minutes: 5,
        },
        Template::OrderPaid {
            order_number: number(),
            total: money,
            collect_at: Some(place()),
            promised_at: at,
        },
        Template::OrderPaid {
            order_number: number(),
            total: money,
            collect_at: None,
            promised_at: None,
        },
        Template::OrderReady {
            order_number: number(),
            place_name: place(),
            pickup_code: "7KQ4".to_owned(),
        },
        Template::OrderMoved {
            order_number: number(),
            from: place(),
            to: Text::new("武林店", "Wulin store"),
            reason: Text::new("的商品有破损", "the item was damaged"),
            promised_at: at,
        },
        Template::OrderDelayed {
            order_number: number(),
            reason: Text::new("门店缺货", "the store has none left"),
        },
        Template::OrderShipped {
            order_number: number(),
            carrier: "SF".to_owned(),
            tracking_number: "1".to_owned(),
        },
        Template::OrderCancelled {
            order_number: number(),
            refund: Some(money),
            because: Some(Text::new("保留期已过，未取货", "It was not collected in time")),
        },
        Template::Refunded {
            order_number: number(),
            amount: money,
            points_reversed: 129,
        },
        Template::OrderExchanged {
            order_number: number(),
            place_name: place(),
            returned: Text::new("精华 ×1", "Serum ×1"),
            taken: Text::new("面霜 ×1", "Cream ×1"),
            paid: Some(money),
            refund: None,
        },
        Template::OrderExchanged {
            order_number: number(),
            place_name: place(),
            returned: Text::new("面霜 ×1", "Cream ×1"),
            taken: Text::new("精华 ×1", "Serum ×1"),
            paid: None,
            refund: Some(money),
        },
        Template::OrderReduced {
            order_number: number(),
            items: Text::new("精华 ×1", "Serum ×1"),
            refund: Some(money),
        },
        Template::OrderChanged {
            order_number: number(),
            what: Text::new("精华 由 2 件改为 1 件", "Serum ×1 instead of ×2"),
            total: money,
            refund: Some(money),
        },
        Template::OrderChangeAsked {
            order_number: number(),
            what: Text::new("加 面霜 ×1", "Cream ×1 added"),
            difference: money,
            until: Time::from_seconds(1_795_395_600),
            url: "https://shop.example/pay/1".to_owned(),
        },
        Template::OrderWaiting {
            order_number: number(),
            items: Text::new("精华 ×1", "Serum ×1"),
            until: Time::from_seconds(1_795_395_600),
        },
        Template::OrderResumed {
            order_number: number(),
            to: place(),
            promised_at: at,
        },
        Template::OrderUncollected {
            order_number: number(),
            place_name: place(),
            pickup_code: "042917".to_owned(),
            until: Time::from_seconds(1_795_395_600),
        },
        Template::SurveyInvitation {
            order_number: number(),
            place_name: Some(place()),
            url: "/s/x".to_owned(),
        },
        Template::IssueAnswer {
            words: "泵头 漏液".repeat(20),
            answer: Text::new("已更换泵头", "The pump is replaced"),
        },
        Template::Marketing {
            subject: place(),
            body: Text::new("新品到店", "New in store"),
        },
    ]
}

#[test]
fn every_template_speaks_both_languages() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    for template in every() {
        let (zh, en) = (
            template.write(Locale::Zh, &zone),
            template.write(Locale::En, &zone),
        );
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(zh.body.chars().any(is_han), "{zh:?}");
        let own_words = matches!(template, Template::IssueAnswer { .. });
        assert!(own_words || !en.body.chars().any(is_han), "{en:?}");
    }
}

#[test]
fn facts_are_written_as_people_read_them() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let paid = every()[1].write(Locale::Zh, &zone).body;
    assert_eq!(
        paid,
        "【店环】订单 S7K3-M9QD 已支付 ¥129.05。预计 11-23 09:00 前可在湖滨店自提，备好后会通知您。"
    );
    let refunded = every()[8].write(Locale::En, &zone).body;
    assert!(refunded.contains("¥129.05") && refunded.contains("129 points were taken back"));
    let answer = every().into_iter().find(|t| t.name() == "issue_answer").unwrap();
    assert!(answer.write(Locale::Zh, &zone).body.contains('…'));
}
