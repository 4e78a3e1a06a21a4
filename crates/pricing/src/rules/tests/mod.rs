//! Prices as tables and properties.

mod cases;
mod price_lists;
mod promotions;

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
        code: None,
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
        typed_code: None,
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
            typed_code: None,
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
