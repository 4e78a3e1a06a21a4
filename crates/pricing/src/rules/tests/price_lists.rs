//! Which list a piece is priced by.

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
