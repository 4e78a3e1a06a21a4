//! What promotions take off, in which order, and what they say when they do not.

use super::*;

#[test]
fn each_effect_takes_off_what_it_says() {
    let buy_get = |buy, get, basis_points| Effect::BuyGet {
        buy,
        get,
        basis_points,
    };
    let steps = |steps: &[(i64, i64)]| Effect::SpendSteps {
        steps: steps
            .iter()
            .map(|(from_minor, off_minor)| SpendStep {
                from_minor: *from_minor,
                off_minor: *off_minor,
            })
            .collect(),
    };
    let two_lines = [wish(1, 2, 10_000), wish(3, 1, 5_000)];
    for (effect, expected) in [
        (Effect::PercentOff { basis_points: 2_000 }, vec![16_000, 4_000]),
        (Effect::AmountOff { amount_minor: 5_000 }, vec![16_000, 4_000]),
        (Effect::FixedPrice { amount_minor: 6_000 }, vec![12_000, 5_000]),
        (buy_get(2, 1, 10_000), vec![20_000, 0]),
        (buy_get(1, 1, 5_000), vec![20_000, 2_500]),
        (buy_get(3, 1, 10_000), vec![20_000, 5_000]),
        (steps(&[(20_000, 2_500), (30_000, 9_000)]), vec![18_000, 4_500]),
        (steps(&[(30_000, 9_000)]), vec![20_000, 5_000]),
    ] {
        let quote = quoted(&book(vec![promotion("p", effect.clone())]), &two_lines);
        assert_eq!(totals(&quote), expected, "{effect:?}");
    }
}

#[test]
fn a_bundle_costs_its_price_as_often_as_it_is_whole() {
    let bundle = Effect::Bundle {
        parts: vec![
            BundlePart {
                sku_id: sku(1),
                quantity: 1,
            },
            BundlePart {
                sku_id: sku(3),
                quantity: 2,
            },
        ],
        amount_minor: 15_000,
    };
    let book = book(vec![promotion("set", bundle)]);
    // One set of 20,000 for 15,000; what is over costs what it costs.
    assert_eq!(
        totals(&quoted(&book, &[wish(1, 1, 10_000), wish(3, 3, 5_000)])),
        [7_500, 12_500]
    );
    assert_eq!(
        quoted(&book, &[wish(1, 2, 10_000), wish(3, 4, 5_000)]).discount,
        10_000
    );
    assert_eq!(
        quoted(&book, &[wish(1, 5, 10_000), wish(3, 1, 5_000)]).discount,
        0
    );
}

#[test]
fn goods_are_named_by_category_and_those_below_and_by_product_and_except() {
    let about = |goods: Goods| {
        let promotion = PromotionIn {
            goods,
            ..percent("p", 1_000)
        };
        let wishes = [wish(1, 1, 100), wish(2, 1, 100), wish(3, 1, 100)];
        totals(&quoted(&book(vec![promotion]), &wishes))
    };
    let none = Goods::default;
    assert_eq!(
        about(Goods {
            category_ids: vec![category(1)],
            ..none()
        }),
        [90, 90, 100]
    );
    assert_eq!(
        about(Goods {
            category_ids: vec![category(1)],
            except_product_ids: vec![product(2)],
            ..none()
        }),
        [90, 100, 100]
    );
    assert_eq!(
        about(Goods {
            product_ids: vec![product(3)],
            ..none()
        }),
        [100, 100, 90]
    );
}

#[test]
fn a_promotion_with_a_code_waits_until_it_is_typed() {
    let with_code = PromotionIn {
        typed_code: Some(crate::model::TypedCode {
            code: "SPRING10".into(),
            max_uses: None,
            max_uses_per_member: None,
        }),
        ..percent("p", 1_000)
    };
    let book = book(vec![with_code]);
    let asked = |code: Option<&str>| {
        let buyer = Buyer {
            code: code.map(str::to_owned),
            ..buyer()
        };
        quote(&book, &buyer, &[wish(1, 1, 10_000)], &Charges::default()).unwrap()
    };
    for (code, off) in [(None, 0), (Some("AUTUMN"), 0), (Some("SPRING10"), 1_000)] {
        let quote = asked(code);
        assert_eq!((quote.discount, quote.verdicts[0].off), (off, off), "{code:?}");
    }
    assert!(asked(None).verdicts[0].why.en.contains("code"));
    assert!(book.promotion_of("SPRING10").is_some() && book.promotion_of("spring10").is_none());
}

#[test]
fn the_higher_priority_comes_first_and_the_next_sees_what_is_left() {
    let first = PromotionIn {
        priority: 10,
        ..amount("z-first", 1_000)
    };
    let quote = quoted(
        &book(vec![percent("a-second", 1_000), first]),
        &[wish(1, 1, 11_000)],
    );
    let taken: Vec<(&str, i64)> = quote.lines[0]
        .steps
        .iter()
        .map(|step| (step.code.as_str(), step.amount))
        .collect();
    assert_eq!(taken, [("z-first", -1_000), ("a-second", -1_000)]);
}

#[test]
fn of_a_group_the_first_that_takes_anything_off_applies() {
    let grouped = |code: &str, priority, effect| PromotionIn {
        group: Some("double-eleven".into()),
        priority,
        ..promotion(code, effect)
    };
    let too_high = Effect::SpendSteps {
        steps: vec![SpendStep {
            from_minor: 50_000,
            off_minor: 9_000,
        }],
    };
    let book = book(vec![
        grouped("a", 3, too_high),
        grouped("b", 2, Effect::AmountOff { amount_minor: 500 }),
        grouped("c", 1, Effect::AmountOff { amount_minor: 700 }),
    ]);
    let quote = quoted(&book, &[wish(1, 1, 10_000)]);
    assert_eq!(quote.discount, 500);
    let why: Vec<&str> = quote.verdicts.iter().map(|v| v.why.en.as_str()).collect();
    assert_eq!(
        why,
        [
            "Begins at ¥500",
            "¥5 off",
            "\"b\" of the same group applies already"
        ]
    );
}

#[test]
fn what_does_not_stack_has_its_lines_alone() {
    let alone = |code: &str, priority| PromotionIn {
        stackable: false,
        priority,
        goods: Goods {
            product_ids: vec![product(1)],
            ..Goods::default()
        },
        ..percent(code, 1_000)
    };
    let wishes = [wish(1, 1, 10_000), wish(3, 1, 10_000)];
    // It comes first: nobody follows on its line.
    let closed = quoted(&book(vec![alone("a", 9), percent("b", 1_000)]), &wishes);
    assert_eq!(totals(&closed), [9_000, 9_000]);
    // It comes second: its line is taken already.
    let late = quoted(&book(vec![percent("b", 1_000), alone("c", 0)]), &wishes);
    assert_eq!(totals(&late), [9_000, 9_000]);
    assert_eq!(
        late.verdicts[1].why.en,
        "Its goods have another promotion that does not combine"
    );
}

#[test]
fn conditions_say_what_is_missing() {
    let cases: [(PromotionIn, &str); 6] = [
        (
            PromotionIn {
                min_quantity: 3,
                ..percent("p", 1_000)
            },
            "2 more to go",
        ),
        (
            PromotionIn {
                min_amount_minor: 12_050,
                ..percent("p", 1_000)
            },
            "¥20.50 more to go",
        ),
        (
            PromotionIn {
                audience: for_channel(SalesChannel::Pos),
                ..percent("p", 1_000)
            },
            "Not in this channel",
        ),
        (
            PromotionIn {
                audience: for_tier(BuyerTier::Gold),
                ..percent("p", 1_000)
            },
            "Not for this tier",
        ),
        (
            PromotionIn {
                audience: for_place(1),
                ..percent("p", 1_000)
            },
            "Not at this place",
        ),
        (
            PromotionIn {
                valid_until: Some(NOW),
                ..percent("p", 1_000)
            },
            "Has ended",
        ),
    ];
    for (promotion, why) in cases {
        let quote = quoted(&book(vec![promotion]), &[wish(1, 1, 10_000)]);
        assert_eq!(quote.discount, 0);
        assert_eq!(quote.verdicts[0].why.en, why);
    }
}

#[test]
fn delivery_is_free_from_the_threshold_or_by_a_promotion() {
    let free = || PromotionIn {
        min_amount_minor: 5_000,
        ..promotion("ship", Effect::FreeShipping)
    };
    let shipping = |promotions, price| {
        let quote = quote(&book(promotions), &buyer(), &[wish(1, 1, price)], &CHARGES).unwrap();
        (
            quote.shipping,
            quote.shipping_steps.iter().map(|s| s.amount).sum(),
        )
    };
    assert_eq!(shipping(Vec::new(), 9_899), (1_000, 0));
    assert_eq!(shipping(Vec::new(), 9_900), (0, 0));
    assert_eq!(shipping(vec![free()], 5_000), (0, -1_000));
    assert_eq!(shipping(vec![free()], 4_999), (1_000, 0));
    // The threshold is measured on what is paid for the goods.
    assert_eq!(shipping(vec![percent("p", 100)], 9_900), (1_000, 0));
}

#[test]
fn terms_read_as_people_say_them() {
    let yuan = Some(Currency::CNY);
    for (effect, zh, en) in [
        (Effect::PercentOff { basis_points: 2_000 }, "8 折", "20% off"),
        (Effect::PercentOff { basis_points: 1_250 }, "8.75 折", "12.5% off"),
        (
            Effect::AmountOff { amount_minor: 1_050 },
            "立减 ¥10.50",
            "¥10.50 off",
        ),
        (Effect::FreeShipping, "免运费", "Free delivery"),
    ] {
        let terms = words::terms(&effect, yuan);
        assert_eq!((terms.zh.as_str(), terms.en.as_str()), (zh, en));
    }
    let dollars = words::terms(&Effect::AmountOff { amount_minor: 500 }, Some(Currency::USD));
    assert_eq!(dollars.en, "5 USD off");
}
