//! Prices as tables and properties.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::model::{BundlePart, Effect, Goods, PriceListIn, PromotionIn, SpendStep, TaxRule};

const NOW: Time = Time::from_seconds(1_795_395_600);
const CHARGES: Charges = Charges {
    shipping: 1_000,
    free_shipping_from: 9_900,
    tax_basis_points: 1_300,
};

fn sku(n: u128) -> SkuId {
    SkuId::from_uuid(Uuid::from_u128(n))
}

fn product(n: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(n))
}

fn category(n: u128) -> CategoryId {
    CategoryId::from_uuid(Uuid::from_u128(n))
}

fn place(n: u128) -> PlaceId {
    PlaceId::from_uuid(Uuid::from_u128(n))
}

fn buyer() -> Buyer {
    Buyer {
        channel: SalesChannel::Web,
        place_id: None,
        tier: None,
        regions: Vec::new(),
        currency: Currency::CNY,
        at: NOW,
    }
}

/// SKU `n` of product `n` in category `n`.
fn wish(n: u128, quantity: i64, list_price: i64) -> Wish {
    Wish {
        sku_id: sku(n),
        product_id: product(n),
        category_id: category(n),
        quantity,
        list_price,
    }
}

fn list(code: &str, audience: Audience, prices: &[(u128, i64, i64)]) -> (PriceList, Vec<Entry>) {
    let details = PriceListIn {
        code: code.into(),
        name: Text::same(code),
        currency: Currency::CNY,
        tax_included: true,
        audience,
        valid_from: None,
        valid_until: None,
        active: true,
    };
    let entries = prices
        .iter()
        .map(|(n, min_quantity, amount_minor)| Entry {
            sku_id: sku(*n),
            min_quantity: *min_quantity,
            amount_minor: *amount_minor,
        })
        .collect();
    (PriceList::build(PriceListId::new(), &details, 0, 1, NOW), entries)
}

fn promotion(code: &str, effect: Effect) -> PromotionIn {
    PromotionIn {
        code: code.into(),
        name: Text::same(code),
        audience: Audience::default(),
        goods: Goods::default(),
        min_quantity: 0,
        min_amount_minor: 0,
        effect,
        currency: Some(Currency::CNY),
        priority: 0,
        group: None,
        stackable: true,
        valid_from: None,
        valid_until: None,
        active: true,
    }
}

fn percent(code: &str, basis_points: i64) -> PromotionIn {
    promotion(code, Effect::PercentOff { basis_points })
}

fn amount(code: &str, amount_minor: i64) -> PromotionIn {
    promotion(code, Effect::AmountOff { amount_minor })
}

fn book(promotions: Vec<PromotionIn>) -> PriceBook {
    book_of(Vec::new(), promotions, PriceSettings::default())
}

fn book_of(
    lists: Vec<(PriceList, Vec<Entry>)>,
    promotions: Vec<PromotionIn>,
    settings: PriceSettings,
) -> PriceBook {
    let promotions = promotions
        .iter()
        .map(|details| Promotion::build(PromotionId::new(), details, 1, NOW))
        .collect();
    // Category 2 stands below category 1.
    let parents = [(category(2), category(1))].into_iter().collect();
    PriceBook::new(lists, promotions, settings, parents)
}

fn quoted(book: &PriceBook, wishes: &[Wish]) -> Quote {
    quote(
        book,
        &buyer(),
        wishes,
        &Charges {
            shipping: 0,
            ..CHARGES
        },
    )
    .unwrap()
}

fn totals(quote: &Quote) -> Vec<i64> {
    quote.lines.iter().map(|line| line.total).collect()
}

fn unit(lists: Vec<(PriceList, Vec<Entry>)>, buyer: &Buyer, quantity: i64) -> i64 {
    let book = book_of(lists, Vec::new(), PriceSettings::default());
    let quote = quote(&book, buyer, &[wish(1, quantity, 1_000)], &CHARGES).unwrap();
    quote.lines[0].unit_price
}

fn for_channel(channel: SalesChannel) -> Audience {
    Audience {
        channels: vec![channel],
        ..Audience::default()
    }
}

fn for_tier(tier: BuyerTier) -> Audience {
    Audience {
        tiers: vec![tier],
        ..Audience::default()
    }
}

fn for_place(n: u128) -> Audience {
    Audience {
        place_ids: vec![place(n)],
        ..Audience::default()
    }
}

mod price_lists {
    use super::*;

    #[test]
    fn without_a_list_the_catalogue_stands() {
        assert_eq!(unit(Vec::new(), &buyer(), 1), 1_000);
    }

    #[test]
    fn the_most_specific_counts_even_when_it_is_dearer() {
        let somebody = Buyer {
            place_id: Some(place(7)),
            tier: Some(BuyerTier::Gold),
            ..buyer()
        };
        let all = || {
            vec![
                list("everybody", Audience::default(), &[(1, 1, 500)]),
                list("web", for_channel(SalesChannel::Web), &[(1, 1, 600)]),
                list("gold", for_tier(BuyerTier::Gold), &[(1, 1, 700)]),
                list("airport", for_place(7), &[(1, 1, 1_200)]),
            ]
        };
        assert_eq!(unit(all(), &somebody, 1), 1_200);
        assert_eq!(unit(all()[..3].to_vec(), &somebody, 1), 700);
        assert_eq!(unit(all(), &buyer(), 1), 600);
    }

    #[test]
    fn among_equals_the_lowest_counts() {
        let lists = vec![
            list("b", Audience::default(), &[(1, 1, 900)]),
            list("a", Audience::default(), &[(1, 1, 950)]),
        ];
        assert_eq!(unit(lists, &buyer(), 1), 900);
    }

    #[test]
    fn the_highest_break_reached_counts() {
        let lists = || {
            vec![list(
                "a",
                Audience::default(),
                &[(1, 1, 900), (1, 10, 800), (1, 100, 700)],
            )]
        };
        for (quantity, price) in [(1, 900), (9, 900), (10, 800), (99, 800), (100, 700)] {
            assert_eq!(unit(lists(), &buyer(), quantity), price, "{quantity}");
        }
    }

    #[test]
    fn a_list_counts_from_its_beginning_until_just_before_its_end() {
        let at = |from, until| {
            let (mut head, entries) = list("a", Audience::default(), &[(1, 1, 900)]);
            (head.valid_from, head.valid_until) = (from, until);
            unit(vec![(head, entries)], &buyer(), 1)
        };
        let later = NOW.after(std::time::Duration::from_secs(1));
        assert_eq!(at(Some(NOW), Some(later)), 900);
        assert_eq!(at(Some(later), None), 1_000);
        assert_eq!(at(None, Some(NOW)), 1_000);
    }

    #[test]
    fn another_currency_is_another_price() {
        let (mut head, entries) = list("usd", Audience::default(), &[(1, 1, 150)]);
        head.currency = Currency::USD;
        let lists = vec![(head, entries)];
        assert_eq!(unit(lists.clone(), &buyer(), 1), 1_000);
        let american = Buyer {
            currency: Currency::USD,
            ..buyer()
        };
        assert_eq!(unit(lists, &american, 1), 150);
    }

    #[test]
    fn the_step_says_which_list_and_by_how_much() {
        let book = book_of(
            vec![list("gold", for_tier(BuyerTier::Gold), &[(1, 3, 900)])],
            Vec::new(),
            PriceSettings::default(),
        );
        let gold = Buyer {
            tier: Some(BuyerTier::Gold),
            ..buyer()
        };
        let quote = quote(&book, &gold, &[wish(1, 3, 1_000)], &CHARGES).unwrap();
        let step = &quote.lines[0].steps[0];
        assert_eq!((step.code.as_str(), step.amount), ("gold", -300));
        assert_eq!(step.why.en, "price for your tier, from 3 pieces on");
    }
}

mod promotions {
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
}

/// The cases every price has to stand, by the names they go by.
mod cases {
    use super::*;

    #[test]
    fn proration_of_a_discount_over_lines_sums_exactly_and_is_stable_on_a_second_run() {
        // 100 over 33.33 three times: two lines get 33, the first gets the odd one.
        let wishes = [wish(1, 1, 3_333), wish(3, 1, 3_333), wish(4, 1, 3_333)];
        let book = book(vec![amount("p", 100)]);
        let first = quoted(&book, &wishes);
        let shares: Vec<i64> = first.lines.iter().map(|line| line.discount).collect();
        assert_eq!(shares, [34, 33, 33]);
        assert_eq!(quoted(&book, &wishes), first);
    }

    #[test]
    fn a_fixed_discount_larger_than_the_line_never_makes_it_negative() {
        for promotion in [
            amount("p", 1_000_000),
            promotion("p", Effect::FixedPrice { amount_minor: 0 }),
        ] {
            let quote = quoted(&book(vec![promotion]), &[wish(1, 2, 150), wish(3, 1, 1)]);
            assert_eq!(totals(&quote), [0, 0]);
            assert_eq!((quote.discount, quote.total, quote.tax), (301, 0, 0));
        }
    }

    #[test]
    fn tax_inclusive_and_exclusive_channels_give_the_same_customer_total_for_the_same_list_price() {
        let settings = PriceSettings {
            tax_apart_channels: vec![SalesChannel::Marketplace],
            ..PriceSettings::default()
        };
        let book = book_of(Vec::new(), vec![percent("p", 777)], settings);
        let wishes = [wish(1, 3, 3_333), wish(3, 1, 99)];
        let of = |channel| {
            let buyer = Buyer { channel, ..buyer() };
            quote(&book, &buyer, &wishes, &CHARGES).unwrap()
        };
        let (within, apart) = (of(SalesChannel::Web), of(SalesChannel::Marketplace));
        assert!(apart.tax_apart && !within.tax_apart);
        assert_eq!((within.total, within.tax), (apart.total, apart.tax));
    }

    #[test]
    fn a_net_list_and_a_gross_list_of_one_price_give_the_same_customer_total() {
        let of = |tax_included, amount| {
            let (mut head, _) = list("a", Audience::default(), &[]);
            head.tax_included = tax_included;
            let entry = Entry {
                sku_id: sku(1),
                min_quantity: 1,
                amount_minor: amount,
            };
            let book = book_of(vec![(head, vec![entry])], Vec::new(), PriceSettings::default());
            quoted(&book, &[wish(1, 3, 20_000)]).total
        };
        assert_eq!(of(true, 11_300), of(false, 10_000));
    }
}

#[test]
fn tax_goes_by_the_most_exact_rule() {
    let rule = |category_ids: Vec<CategoryId>, region: Option<&str>, basis_points| TaxRule {
        name: Text::same("rule"),
        category_ids,
        region: region.map(Into::into),
        basis_points,
    };
    let settings = PriceSettings {
        tax_rules: vec![
            rule(Vec::new(), Some("free-port"), 0),
            rule(vec![category(1)], None, 900),
            rule(vec![category(1)], Some("free-port"), 300),
            rule(vec![category(2)], None, 600),
        ],
        ..PriceSettings::default()
    };
    let book = book_of(Vec::new(), Vec::new(), settings);
    let rates = |regions: &[&str]| {
        let buyer = Buyer {
            regions: regions.iter().map(ToString::to_string).collect(),
            ..buyer()
        };
        let wishes = [wish(1, 1, 100), wish(2, 1, 100), wish(3, 1, 100)];
        let quote = quote(&book, &buyer, &wishes, &CHARGES).unwrap();
        quote
            .lines
            .iter()
            .map(|line| line.tax_basis_points)
            .collect::<Vec<_>>()
    };
    assert_eq!(rates(&[]), [900, 600, 1_300]);
    assert_eq!(rates(&["free-port"]), [300, 600, 0]);
}

#[test]
fn a_sum_beyond_the_range_is_refused() {
    let wishes = [wish(1, 9_999, i64::MAX / 2)];
    assert!(quote(&PriceBook::default(), &buyer(), &wishes, &CHARGES).is_err());
}

fn any_effect() -> impl Strategy<Value = Effect> {
    let sum = 0_i64..60_000;
    prop_oneof![
        (1_i64..=10_000).prop_map(|basis_points| Effect::PercentOff { basis_points }),
        (1_i64..60_000).prop_map(|amount_minor| Effect::AmountOff { amount_minor }),
        sum.clone()
            .prop_map(|amount_minor| Effect::FixedPrice { amount_minor }),
        (1_i64..4, 1_i64..3, 1_i64..=10_000).prop_map(|(buy, get, basis_points)| Effect::BuyGet {
            buy,
            get,
            basis_points
        }),
        (1_i64..40_000, 1_i64..40_000).prop_map(|(from, off)| Effect::SpendSteps {
            steps: vec![SpendStep {
                from_minor: from.max(off),
                off_minor: off
            }]
        }),
        (sum, 1_i64..3, 1_i64..3).prop_map(|(amount_minor, a, b)| Effect::Bundle {
            parts: vec![
                BundlePart {
                    sku_id: sku(1),
                    quantity: a
                },
                BundlePart {
                    sku_id: sku(2),
                    quantity: b
                }
            ],
            amount_minor
        }),
        Just(Effect::FreeShipping),
    ]
}

prop_compose! {
    fn any_promotion()(
        effect in any_effect(),
        priority in 0_i64..4,
        group in prop::option::of(0_u8..2),
        stackable: bool,
        min_quantity in 0_i64..4,
        about in prop::collection::vec(1_u128..5, 0..3),
        code in "[a-z]{6}",
    ) -> PromotionIn {
        let is_bundle = matches!(effect, Effect::Bundle { .. });
        let product_ids = if is_bundle { Vec::new() } else { about.into_iter().map(product).collect() };
        PromotionIn {
            priority,
            group: group.map(|group| group.to_string()),
            stackable,
            min_quantity,
            goods: Goods { product_ids, ..Goods::default() },
            ..promotion(&code, effect)
        }
    }
}

proptest! {
    #[test]
    fn whatever_applies_it_adds_up(
        lines in prop::collection::vec((1_i64..12, 0_i64..30_000), 0..5),
        listed in prop::collection::vec((1_u128..5, 1_i64..6, 0_i64..30_000), 0..6),
        promotions in prop::collection::vec(any_promotion(), 0..6),
        rate in 0_i64..2_500,
    ) {
        let wishes: Vec<Wish> =
            lines.iter().zip(1..).map(|((quantity, price), n)| wish(n, *quantity, *price)).collect();
        let settings = PriceSettings {
            tax_rules: vec![TaxRule {
                name: Text::same("r"), category_ids: vec![category(1)], region: None, basis_points: rate,
            }],
            ..PriceSettings::default()
        };
        let mut listed = listed;
        listed.sort_unstable();
        listed.dedup_by_key(|(n, from, _)| (*n, *from));
        let book = book_of(vec![list("l", Audience::default(), &listed)], promotions, settings);
        let q = quote(&book, &buyer(), &wishes, &CHARGES).unwrap();

        prop_assert_eq!(q.total, q.goods - q.discount + q.shipping);
        prop_assert!(q.discount >= 0 && q.shipping >= 0);
        for line in &q.lines {
            prop_assert!(line.total >= 0 && line.discount >= 0, "a line went below zero");
            prop_assert_eq!(line.total, line.unit_price * line.quantity - line.discount);
            let steps: i64 = line.steps.iter().map(|step| step.amount).sum();
            prop_assert_eq!(line.total, line.list_price * line.quantity + steps, "the steps tell another story");
            prop_assert!(line.tax >= 0 && line.tax <= line.total);
        }
        prop_assert_eq!(q.lines.iter().map(|line| line.total).sum::<i64>() + q.shipping, q.total);
        // What each promotion says it took is what its steps took.
        for verdict in &q.verdicts {
            let of_it = |step: &&Step| step.cause == Cause::Promotion(verdict.promotion_id);
            let taken: i64 = q.lines.iter().flat_map(|line| &line.steps).chain(&q.shipping_steps)
                .filter(of_it).map(|step| -step.amount).sum();
            prop_assert_eq!(taken, verdict.off);
        }
        // Tax by rate covers everything that is paid, once.
        prop_assert_eq!(q.tax_parts.iter().map(|part| part.gross).sum::<i64>(), q.total);
        prop_assert_eq!(q.tax_parts.iter().map(|part| part.tax).sum::<i64>(), q.tax);
        prop_assert_eq!(quote(&book, &buyer(), &wishes, &CHARGES).unwrap(), q, "a second run differs");
    }

    #[test]
    fn showing_the_tax_apart_changes_no_sum(
        lines in prop::collection::vec((1_i64..12, 0_i64..30_000), 1..5), rate in 0_i64..3_000,
    ) {
        let wishes: Vec<Wish> =
            lines.iter().zip(1..).map(|((quantity, price), n)| wish(n, *quantity, *price)).collect();
        let charges = Charges { tax_basis_points: rate, ..CHARGES };
        let of = |channels: Vec<SalesChannel>| {
            let settings = PriceSettings { tax_apart_channels: channels, ..PriceSettings::default() };
            quote(&book_of(Vec::new(), Vec::new(), settings), &buyer(), &wishes, &charges).unwrap()
        };
        let (within, apart) = (of(Vec::new()), of(vec![SalesChannel::Web]));
        prop_assert_eq!(within.total, apart.total);
        prop_assert_eq!(within.tax, apart.tax);
    }
}
