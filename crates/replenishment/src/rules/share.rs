//! Who gives it: a place that supplies others, another place with more than it needs, or the supplier.

use base::PlaceId;

use super::plan::{Because, Plan, Step, Terms, in_packs, wanted};

/// An article at a place.
#[derive(Clone, Debug)]
pub struct Site {
    /// The place.
    pub place: PlaceId,
    /// Who supplies it; the supplier of the goods when none is named.
    pub from: Option<PlaceId>,
    /// What is there and on its way, promised pieces off.
    pub position: i64,
    /// What could leave today.
    pub free: i64,
    /// What must be there.
    pub plan: Plan,
    /// What holds there.
    pub terms: Terms,
    /// Pieces of an ordinary day.
    pub rate: f64,
}

impl Site {
    /// How many days what is there lasts.
    #[must_use]
    pub fn lasts_days(&self) -> f64 {
        if self.rate > 0.0 {
            self.position.max(0) as f64 / self.rate
        } else {
            f64::from(u16::MAX)
        }
    }

    /// What it would not miss for as long as it plans.
    const fn surplus(&self) -> i64 {
        let spare = if self.free < self.position {
            self.free
        } else {
            self.position
        };
        spare - self.plan.order_up_to
    }
}

/// Goods to be sent for.
#[derive(Clone, PartialEq, Debug)]
pub struct Wish {
    /// Where to.
    pub place: PlaceId,
    /// From where; from the supplier of the goods when absent.
    pub from: Option<PlaceId>,
    /// How it came to so many pieces.
    pub steps: Vec<Step>,
    /// What its own plan asked for; more than it gets where the giver has too little.
    pub wanted: i64,
}

impl Wish {
    /// How many.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        self.steps.last().map_or(0, |step| step.pieces)
    }
}

/// Shares one article out. Whoever would run out first is served first, by the place that supplies it, else by the
/// nearest that has more than it needs. What a supplying place cannot give it sends for itself.
#[must_use]
pub fn share(mut sites: Vec<Site>, distance: impl Fn(PlaceId, PlaceId) -> i64) -> Vec<Wish> {
    let supplies = |place: PlaceId, sites: &[Site]| sites.iter().any(|site| site.from == Some(place));
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by(|a, b| {
        let rank = |at: usize| (supplies(sites[at].place, &sites), sites[at].from.is_none());
        let urgency = |at: usize| sites[at].lasts_days();
        rank(*a)
            .cmp(&rank(*b))
            .then_with(|| urgency(*a).total_cmp(&urgency(*b)))
            .then_with(|| sites[*a].place.cmp(&sites[*b].place))
    });
    let mut wishes = Vec::new();
    for at in order {
        let site = &sites[at];
        let steps = wanted(&site.plan, &site.terms, site.position);
        let Some(pieces) = steps.last().map(|step| step.pieces) else {
            continue;
        };
        let (place, from, pack) = (site.place, site.from, site.terms.pack);
        let mut left = pieces;
        let mut givers: Vec<(usize, i64)> = Vec::new();
        if let Some(hub) = sites.iter().position(|other| Some(other.place) == from) {
            givers.push((hub, sites[hub].free));
        }
        let mut lenders: Vec<usize> = (0..sites.len())
            .filter(|other| *other != at && Some(sites[*other].place) != from && sites[*other].surplus() > 0)
            .collect();
        lenders.sort_by_key(|other| (distance(sites[*other].place, place), sites[*other].place));
        if from.is_some() {
            givers.extend(lenders.into_iter().map(|other| (other, sites[other].surplus())));
        }
        for (giver, spare) in givers {
            let given = in_packs(left.min(spare), pack);
            if given <= 0 {
                continue;
            }
            sites[giver].free -= given;
            sites[giver].position -= given;
            left -= given;
            wishes.push(Wish {
                place,
                from: Some(sites[giver].place),
                steps: with_spare(&steps, given, pieces),
                wanted: pieces,
            });
            if left == 0 {
                break;
            }
        }
        if left == 0 {
            continue;
        }
        match sites.iter_mut().find(|other| Some(other.place) == from) {
            // It owes them, so that it sends for more itself.
            Some(hub) => hub.position -= left,
            None => wishes.push(Wish {
                place,
                from: None,
                steps: with_spare(&steps, left, pieces),
                wanted: pieces,
            }),
        }
    }
    wishes
}

fn with_spare(steps: &[Step], given: i64, wanted: i64) -> Vec<Step> {
    let mut steps = steps.to_vec();
    if given < wanted {
        steps.push(Step {
            because: Because::Spare,
            pieces: given,
        });
    }
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::forecast::Spread;

    fn site(from: Option<PlaceId>, position: i64, reorder_at: i64, order_up_to: i64) -> Site {
        Site {
            place: PlaceId::new(),
            from,
            position,
            free: position.max(0),
            plan: Plan {
                protected: Spread {
                    mean: reorder_at as f64,
                    variance: reorder_at as f64,
                },
                cover: (order_up_to - reorder_at) as f64,
                reorder_at,
                safety: 0,
                order_up_to,
                cycle_percent: 95.0,
                fill_percent: 98.0,
            },
            terms: Terms::default(),
            rate: 1.0,
        }
    }

    fn said(wishes: &[Wish]) -> Vec<(PlaceId, Option<PlaceId>, i64)> {
        wishes
            .iter()
            .map(|wish| (wish.place, wish.from, wish.pieces()))
            .collect()
    }

    #[test]
    fn the_hub_gives_to_who_runs_out_first_and_sends_for_the_rest() {
        let hub = site(None, 10, 5, 20);
        let (late, early) = (site(Some(hub.place), 4, 5, 10), site(Some(hub.place), 0, 5, 9));
        let (h, l, e) = (hub.place, late.place, early.place);
        let wishes = share(vec![hub, late, early], |_, _| 0);
        // Nine of the ten to the empty one, one to the other, which is owed five more.
        assert_eq!(said(&wishes), [(e, Some(h), 9), (l, Some(h), 1), (h, None, 25)]);
        assert_eq!(wishes[1].wanted, 6);
        assert_eq!(
            wishes[1].steps.last().map(|step| step.because),
            Some(Because::Spare)
        );
    }

    #[test]
    fn an_empty_hub_is_helped_by_the_nearest_with_too_much() {
        let hub = site(None, 0, 0, 0);
        let far = site(Some(hub.place), 40, 5, 10);
        let near = site(Some(hub.place), 14, 5, 10);
        let empty = site(Some(hub.place), 0, 5, 10);
        let (f, n, e) = (far.place, near.place, empty.place);
        let wishes = share(vec![hub, far, near, empty], |a, _| if a == n { 1 } else { 2 });
        assert_eq!(said(&wishes), [(e, Some(n), 4), (e, Some(f), 6)]);
    }

    #[test]
    fn without_a_hub_the_supplier_is_asked() {
        let (rich, poor) = (site(None, 100, 5, 10), site(None, 1, 5, 10));
        let p = poor.place;
        assert_eq!(said(&share(vec![rich, poor], |_, _| 0)), [(p, None, 9)]);
    }

    proptest! {
        #[test]
        fn nobody_gives_what_is_not_there(
            stores in proptest::collection::vec((-5_i64..40, 0_i64..20, 0_i64..20, 1_i64..6), 1..12), hub in 0_i64..60,
        ) {
            let hub = site(None, hub, 10, 30);
            let mut sites = vec![hub.clone()];
            for (position, reorder_at, cover, pack) in stores {
                let mut store = site(Some(hub.place), position, reorder_at, reorder_at + cover);
                store.terms.pack = pack;
                sites.push(store);
            }
            let wishes = share(sites.clone(), |_, _| 0);
            for site in &sites {
                let given: i64 = wishes.iter().filter(|w| w.from == Some(site.place)).map(Wish::pieces).sum();
                prop_assert!(given <= site.free, "{given} of {}", site.free);
                if site.place != hub.place && given > 0 {
                    prop_assert!(site.position - given >= site.plan.order_up_to);
                }
                let got: i64 = wishes.iter().filter(|w| w.place == site.place).map(Wish::pieces).sum();
                prop_assert!(got == 0 || site.position < site.plan.reorder_at || site.place == hub.place);
            }
            prop_assert!(wishes.iter().all(|wish| wish.pieces() > 0 && wish.pieces() <= wish.wanted));
        }
    }
}
