//! Who gets what of the pieces that come, and when: first come, first served. Pure.

use base::Time;

/// When the last piece of each claim comes, the claims in the order they came: what is free now serves them first,
/// then what is due, the earliest first. `free` below zero is made good before anybody is served. `None` for a claim
/// that what is due does not reach.
pub(crate) fn promises(
    now: Time,
    free: i64,
    mut dues: Vec<(Time, i64)>,
    claims: &[i64],
) -> Vec<Option<Time>> {
    dues.sort_unstable();
    let mut owed = free.min(0).saturating_neg();
    let there = (free > 0).then_some((now, free));
    let mut pool = there.into_iter().chain(dues);
    let (mut at, mut left) = (None, 0);
    let mut promise = |mut wanted: i64| -> Option<Time> {
        loop {
            let made_good = owed.min(left);
            (owed, left) = (owed - made_good, left - made_good);
            let taken = wanted.min(left);
            (wanted, left) = (wanted - taken, left - taken);
            if wanted == 0 {
                return at;
            }
            let (next, quantity) = pool.next()?;
            // What is late comes no earlier than what is there.
            (at, left) = (at.max(Some(next)), quantity);
        }
    };
    claims.iter().map(|wanted| promise(*wanted)).collect()
}

/// What comes by day and is nobody's yet, once what is owed and claimed is served. What should have come already is
/// sold to nobody: nobody knows when it comes.
pub(crate) fn unclaimed(now: Time, free: i64, mut dues: Vec<(Time, i64)>, claimed: i64) -> Vec<(Time, i64)> {
    dues.sort_unstable();
    let mut owed = claimed.saturating_sub(free).max(0);
    let mut out: Vec<(Time, i64)> = Vec::new();
    for (at, quantity) in dues {
        let taken = owed.min(quantity);
        owed -= taken;
        let left = quantity - taken;
        if left == 0 || at <= now {
            continue;
        }
        match out.last_mut().filter(|(day, _)| *day == at) {
            Some((_, same)) => *same = same.saturating_add(left),
            None => out.push((at, left)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Time {
        Time::from_seconds(n * 86_400)
    }

    fn told(free: i64, dues: &[(i64, i64)], claims: &[i64]) -> Vec<Option<i64>> {
        let dues = dues.iter().map(|(at, quantity)| (day(*at), *quantity)).collect();
        let days = promises(day(0), free, dues, claims);
        let of = |at: Time| (-9..99).find(|n| day(*n) == at).unwrap();
        days.into_iter().map(|at| at.map(of)).collect()
    }

    #[test]
    fn who_came_first_is_served_first() {
        let dues = [(20, 5), (10, 10)];
        assert_eq!(told(0, &dues, &[4, 7, 4]), [Some(10), Some(20), Some(20)]);
        assert_eq!(told(0, &dues, &[4, 7, 5]), [Some(10), Some(20), None]);
        assert_eq!(told(5, &dues, &[5, 10, 5]), [Some(0), Some(10), Some(20)]);
        assert_eq!(told(-3, &dues, &[7, 1]), [Some(10), Some(20)]);
        assert_eq!(told(0, &[], &[1]), [None]);
        // What is late is still theirs whose it was.
        assert_eq!(told(0, &[(-2, 3)], &[3]), [Some(-2)]);
    }

    #[test]
    fn what_is_late_is_sold_to_nobody() {
        let left = |free, dues: &[(i64, i64)], claimed| {
            let dues = dues.iter().map(|(at, quantity)| (day(*at), *quantity)).collect();
            let left = unclaimed(day(0), free, dues, claimed);
            left.iter().map(|(_, quantity)| *quantity).collect::<Vec<_>>()
        };
        assert_eq!(left(0, &[(10, 10), (20, 5)], 4), [6, 5]);
        assert_eq!(left(0, &[(-1, 10), (20, 5)], 4), [5]);
        assert_eq!(left(0, &[(-1, 10), (20, 5)], 12), [3]);
        assert_eq!(left(-2, &[(10, 10)], 12), Vec::<i64>::new());
        assert_eq!(left(3, &[(10, 10)], 5), [8]);
    }

    fn dues() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((-3_i64..40, 1_i64..20), 0..8)
    }

    proptest! {
        #[test]
        fn nobody_is_promised_what_does_not_come_or_before_those_who_came_first(
            free in -20_i64..20, dues in dues(), claims in prop::collection::vec(1_i64..10, 0..12),
        ) {
            let days = told(free, &dues, &claims);
            let comes_by = |at: i64| -> i64 {
                free + dues.iter().filter(|(day, _)| *day <= at).map(|(_, quantity)| quantity).sum::<i64>()
            };
            let (mut before, mut claimed) = (i64::MIN, 0);
            for (promise, quantity) in days.iter().zip(&claims) {
                claimed += quantity;
                match promise {
                    Some(at) => {
                        prop_assert!(*at >= before, "who came later is served earlier");
                        prop_assert!(claimed <= comes_by((*at).max(0)), "more is promised than comes");
                        before = *at;
                    }
                    None => prop_assert!(claimed > comes_by(99), "refused though it comes"),
                }
            }
        }

        #[test]
        fn whoever_is_sold_what_is_unclaimed_is_promised_it_and_moves_nobody(
            free in -20_i64..20, dues in dues(), claims in prop::collection::vec(1_i64..10, 0..8),
        ) {
            let at: Vec<(Time, i64)> = dues.iter().map(|(at, quantity)| (day(*at), *quantity)).collect();
            let before = promises(day(0), free, at.clone(), &claims);
            let left = unclaimed(day(0), free, at.clone(), claims.iter().sum());
            let mut all = claims.clone();
            for (_, quantity) in &left {
                all.push(*quantity);
            }
            let after = promises(day(0), free, at, &all);
            prop_assert_eq!(&after[..claims.len()], &before[..]);
            for ((day, _), promise) in left.iter().zip(&after[claims.len()..]) {
                prop_assert!(promise.is_some_and(|at| at <= *day));
            }
        }
    }
}
