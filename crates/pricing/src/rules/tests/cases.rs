//! The cases every price has to stand, by the names they go by.

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
