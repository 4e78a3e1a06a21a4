//! The comparison itself. Pure.

use std::collections::{HashMap, HashSet};

use super::{Compared, Ours, Outcome};
use crate::statement::{LineKind, StatementLine};

/// Compares a day.
///
/// `lines` are the provider's of the day, `near` also those of the days beside it: a payment at midnight is booked
/// a breath later here than there. `ours` are our books of the three days, of which those that `is_of_day` counts
/// must have a line.
pub(super) fn compare<'a>(
    lines: &[StatementLine],
    near: impl IntoIterator<Item = &'a StatementLine>,
    ours: &[Ours],
    is_of_day: impl Fn(&Ours) -> bool,
) -> Vec<Compared> {
    let by_name: HashMap<(LineKind, &str), &Ours> =
        ours.iter().map(|o| ((o.kind, o.name.as_str()), o)).collect();
    let by_theirs: HashMap<(LineKind, &str), &Ours> = ours
        .iter()
        .filter_map(|o| Some(((o.kind, o.theirs.as_deref()?), o)))
        .collect();
    let find = |line: &StatementLine| {
        let named = line
            .ours
            .as_deref()
            .and_then(|name| by_name.get(&(line.kind, name)));
        named
            .or_else(|| by_theirs.get(&(line.kind, line.theirs.as_str())))
            .copied()
    };
    let mut told: HashSet<(LineKind, &str)> = HashSet::new();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let found = find(line);
        if let Some(own) = found
            && !told.insert((own.kind, own.name.as_str()))
        {
            // Told twice: the second time it is money we know nothing of.
            rows.push(row(line, None));
            continue;
        }
        rows.push(row(line, found));
    }
    let beside: HashSet<(LineKind, &str)> = near
        .into_iter()
        .filter_map(&find)
        .map(|own| (own.kind, own.name.as_str()))
        .collect();
    for own in ours.iter().filter(|own| is_of_day(own)) {
        let key = (own.kind, own.name.as_str());
        if told.contains(&key) || beside.contains(&key) {
            continue;
        }
        rows.push(Compared {
            kind: own.kind,
            subject: own.name.clone(),
            outcome: Outcome::MissingThere,
            payment_id: Some(own.payment_id),
            order_id: Some(own.order_id),
            theirs: own.theirs.clone(),
            our_minor: Some(own.amount.amount_minor),
            their_minor: None,
            fee_minor: None,
            currency: own.amount.currency,
            at: own.at,
        });
    }
    rows
}

fn row(line: &StatementLine, own: Option<&Ours>) -> Compared {
    let outcome = match own {
        None => Outcome::MissingHere,
        Some(own) if own.amount == line.amount => Outcome::Matched,
        Some(_) => Outcome::AmountDiffers,
    };
    // A line told twice, or named like nothing of ours, goes by its own name.
    let subject = own.map_or_else(
        || format!("{}#{}", line.theirs, line.line),
        |own| own.name.clone(),
    );
    Compared {
        kind: line.kind,
        subject,
        outcome,
        payment_id: own.map(|own| own.payment_id),
        order_id: own.map(|own| own.order_id),
        theirs: Some(line.theirs.clone()),
        our_minor: own.map(|own| own.amount.amount_minor),
        their_minor: Some(line.amount.amount_minor),
        fee_minor: Some(line.fee_minor),
        currency: line.amount.currency,
        at: line.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Currency, Money, OrderId, PaymentId, Time};
    use proptest::prelude::*;

    fn ours(name: &str, minor: i64) -> Ours {
        Ours {
            kind: LineKind::Payment,
            name: name.into(),
            theirs: Some(format!("t-{name}")),
            payment_id: PaymentId::new(),
            order_id: OrderId::new(),
            amount: Money::new(minor, Currency::CNY),
            at: Time::from_seconds(0),
        }
    }

    fn line(name: &str, minor: i64) -> StatementLine {
        StatementLine {
            line: 1,
            kind: LineKind::Payment,
            ours: Some(name.into()),
            theirs: format!("t-{name}"),
            amount: Money::new(minor, Currency::CNY),
            fee_minor: 0,
            at: Time::from_seconds(0),
        }
    }

    fn outcomes(rows: &[Compared]) -> Vec<Outcome> {
        rows.iter().map(|row| row.outcome).collect()
    }

    #[test]
    fn each_case_is_named() {
        let own = [ours("a", 100), ours("b", 100), ours("c", 100)];
        let lines = [line("a", 100), line("b", 99), line("x", 5)];
        let rows = compare(&lines, [], &own, |_| true);
        assert_eq!(
            outcomes(&rows),
            [
                Outcome::Matched,
                Outcome::AmountDiffers,
                Outcome::MissingHere,
                Outcome::MissingThere
            ]
        );
        assert_eq!(rows[3].subject, "c");
    }

    #[test]
    fn their_name_is_enough_and_the_same_line_twice_counts_once() {
        let own = [ours("a", 100)];
        let mut unnamed = line("a", 100);
        unnamed.ours = None;
        let mut again = unnamed.clone();
        again.line = 2;
        assert_eq!(
            outcomes(&compare(&[unnamed, again], [], &own, |_| true)),
            [Outcome::Matched, Outcome::MissingHere]
        );
    }

    #[test]
    fn a_breath_after_midnight_is_no_difference() {
        let own = [ours("a", 100), ours("b", 100)];
        let yesterday = line("a", 100);
        let rows = compare(&[], [&yesterday], &own, |own| own.name == "a");
        assert!(rows.is_empty(), "{rows:?}");
    }

    proptest! {
        #[test]
        fn every_line_and_every_entry_has_exactly_one_row(
            own in prop::collection::hash_map(0_u8..20, 1_i64..5, 0..12),
            told in prop::collection::hash_map(0_u8..20, 1_i64..5, 0..12),
        ) {
            let entries: Vec<Ours> = own.iter().map(|(n, m)| ours(&n.to_string(), *m)).collect();
            let lines: Vec<StatementLine> = told.iter().map(|(n, m)| line(&n.to_string(), *m)).collect();
            let rows = compare(&lines, [], &entries, |_| true);
            let count = |outcome| rows.iter().filter(|r| r.outcome == outcome).count();
            let both = own.keys().filter(|n| told.contains_key(n)).count();
            let same = own.iter().filter(|(n, m)| told.get(n) == Some(m)).count();
            prop_assert_eq!(count(Outcome::Matched), same);
            prop_assert_eq!(count(Outcome::AmountDiffers), both - same);
            prop_assert_eq!(count(Outcome::MissingThere), own.len() - both);
            prop_assert_eq!(count(Outcome::MissingHere), told.len() - both);
        }
    }
}
