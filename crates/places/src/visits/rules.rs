//! Decisions about counts of visits: no clock, no I/O.

use std::time::Duration;

use base::{Error, Result, Time, codes};

use super::model::DoorCount;

/// The most counts told at once.
pub(crate) const COUNTS_MAX: usize = 1_000;
/// The most people through one door in one interval.
const ENTERED_MAX: i64 = 100_000;
const COUNTER_MAX_CHARS: usize = 60;
const INTERVAL_MAX: Duration = Duration::from_secs(24 * 3_600);
/// How far a counter's clock may be ahead.
const AHEAD_MAX: Duration = Duration::from_secs(5 * 60);

fn out_of_range(field: &str, min: impl ToString, max: impl ToString) -> Error {
    let facts = [
        ("min".to_owned(), min.to_string().into()),
        ("max".to_owned(), max.to_string().into()),
    ];
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::OUT_OF_RANGE, facts.into_iter().collect())
}

/// Refuses what no counter can mean, and counts of one counter that overlap.
pub(crate) fn check(now: Time, counts: &[DoorCount]) -> Result<()> {
    if counts.is_empty() || counts.len() > COUNTS_MAX {
        return Err(out_of_range("counts", 1, COUNTS_MAX));
    }
    for (nth, count) in counts.iter().enumerate() {
        let field = |name: &str| format!("counts[{nth}].{name}");
        if !(1..=COUNTER_MAX_CHARS).contains(&count.counter.trim().chars().count()) {
            return Err(out_of_range(&field("counter"), 1, COUNTER_MAX_CHARS));
        }
        if !(0..=ENTERED_MAX).contains(&count.entered) {
            return Err(out_of_range(&field("entered"), 0, ENTERED_MAX));
        }
        let latest = count.from_at.after(INTERVAL_MAX).min(now.after(AHEAD_MAX));
        if count.to_at <= count.from_at || count.to_at > latest {
            return Err(out_of_range(&field("to_at"), count.from_at, latest));
        }
    }
    Ok(())
}

/// The first count that shares time with another of the same counter without being the same interval told anew:
/// people would be counted twice. `known` are those told before.
pub(crate) fn overlapping<'a>(known: &'a [DoorCount], counts: &'a [DoorCount]) -> Option<&'a DoorCount> {
    let mut all: Vec<(&DoorCount, bool)> = known
        .iter()
        .filter(|before| !counts.iter().any(|count| same_slot(before, count)))
        .map(|before| (before, false))
        .chain(counts.iter().map(|count| (count, true)))
        .collect();
    all.sort_by(|(a, _), (b, _)| {
        (a.place_id, a.counter.trim(), a.from_at).cmp(&(b.place_id, b.counter.trim(), b.from_at))
    });
    all.windows(2).find_map(|pair| {
        let ((a, a_new), (b, b_new)) = (pair[0], pair[1]);
        let one_counter = a.place_id == b.place_id && a.counter.trim() == b.counter.trim();
        let fresh = if b_new { b } else { a };
        (one_counter && b.from_at < a.to_at && (a_new || b_new)).then_some(fresh)
    })
}

fn same_slot(a: &DoorCount, b: &DoorCount) -> bool {
    a.place_id == b.place_id && a.counter.trim() == b.counter.trim() && a.from_at == b.from_at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Time = Time::from_seconds(1_000_000);

    fn count(from: i64, to: i64) -> DoorCount {
        DoorCount {
            place_id: "plc_01jd0000000000000000000001".parse().unwrap(),
            counter: "front".into(),
            from_at: Time::from_seconds(from),
            to_at: Time::from_seconds(to),
            entered: 3,
        }
    }

    #[test]
    fn what_no_counter_can_mean_is_refused() {
        let good = count(900_000, 903_600);
        assert!(check(NOW, std::slice::from_ref(&good)).is_ok());
        assert!(
            check(NOW, &[count(999_000, 1_000_200)]).is_ok(),
            "its clock may be a little ahead"
        );
        assert!(check(NOW, &[]).is_err() && check(NOW, &vec![good.clone(); COUNTS_MAX + 1]).is_err());
        for wrong in [
            count(900_000, 900_000),
            count(900_000, 899_999),
            count(900_000, 986_401),
            count(999_000, 1_000_301),
            DoorCount {
                entered: -1,
                ..good.clone()
            },
            DoorCount {
                entered: ENTERED_MAX + 1,
                ..good.clone()
            },
            DoorCount {
                counter: " ".into(),
                ..good.clone()
            },
            DoorCount {
                counter: "x".repeat(61),
                ..good.clone()
            },
        ] {
            assert!(check(NOW, std::slice::from_ref(&wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn nobody_is_counted_twice() {
        let (hour, next, half) = (count(0, 3_600), count(3_600, 7_200), count(1_800, 5_400));
        assert_eq!(
            overlapping(std::slice::from_ref(&hour), std::slice::from_ref(&next)),
            None
        );
        assert_eq!(
            overlapping(&[hour.clone(), next], std::slice::from_ref(&half)),
            Some(&half)
        );
        // The same interval told anew, shorter or with another number, is a correction.
        assert_eq!(overlapping(std::slice::from_ref(&hour), &[count(0, 1_800)]), None);
        assert_eq!(overlapping(&[], &[hour.clone(), hour.clone()]), Some(&hour));
        let other_door = DoorCount {
            counter: "back".into(),
            ..half
        };
        assert_eq!(overlapping(&[hour], &[other_door]), None);
    }

    proptest! {
        #[test]
        fn what_is_let_in_never_overlaps(
            known in prop::collection::vec((0_i64..50, 1_i64..6), 0..6),
            new in prop::collection::vec((0_i64..50, 1_i64..6), 1..6),
        ) {
            let made = |slots: &[(i64, i64)]| slots.iter().map(|(from, len)| count(*from, from + len)).collect::<Vec<_>>();
            let mut before: Vec<DoorCount> = Vec::new();
            for count in made(&known) {
                if overlapping(&before, std::slice::from_ref(&count)).is_none() {
                    before.retain(|kept| !same_slot(kept, &count));
                    before.push(count);
                }
            }
            let new = made(&new);
            if overlapping(&before, &new).is_none() {
                before.retain(|kept| !new.iter().any(|count| same_slot(kept, count)));
                before.extend(new);
            }
            for (nth, a) in before.iter().enumerate() {
                for b in &before[nth + 1..] {
                    prop_assert!(a.to_at <= b.from_at || b.to_at <= a.from_at, "{a:?} {b:?}");
                }
            }
        }
    }
}
