//! The least cost of serving an order from a set of places: a fixed-charge transport problem with few parcels.
//!
//! Every chosen place costs its parcel, every parcel after the first a split, and every piece its price, which
//! never falls with the number taken. Which places are chosen is the hard part (it contains set covering); for
//! a given set, each line is shared out best by taking the cheapest piece next.
//!
//! 1. A good choice: the best single place, and a greedy one by cost per piece (`greedy`).
//! 2. A bound from below: the demand of each line is relaxed with a price per piece, and the prices are moved by
//!    subgradient steps (`bound`). Every step also proposes a set, which often is the best there is.
//! 3. Places that cannot be in a better choice, by the bound with them forced in, are dropped; what is left is
//!    searched branch by branch, the line with the fewest suppliers first (`search`). On small and middling
//!    orders this proves the optimum; the steps are counted, not timed, so that a decision can be repeated.
//! 4. Where the count runs out, what was found stands, improved by exchanging places, with the gap that is left.
//!
//! Sources: Erlenkotter, "A Dual-Based Procedure for Uncapacitated Facility Location" (1978), for the relaxation;
//! Beasley, "Lagrangean Heuristics for Location Problems" (1993), for sets proposed by it and the dropping.

mod bound;
mod greedy;
mod search;
#[cfg(test)]
mod tests;

/// A place as the solver sees it.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// What it costs to use it at all.
    pub(crate) fixed: i64,
    /// What it has of each line.
    pub(crate) supplies: Vec<Supply>,
}

/// What a place has of a line.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    /// Pieces, no more than are wanted.
    pub(crate) most: i64,
    /// The price of a piece.
    pub(crate) flat: i64,
    /// What comes on top, never falling; nothing when absent.
    pub(crate) rising: Option<Box<[Block]>>,
}

/// Pieces of one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Block {
    /// How many.
    pub(crate) count: i64,
    /// What each costs on top.
    pub(crate) price: i64,
}

/// What is to be solved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    /// Pieces of each line.
    pub(crate) wanted: &'a [i64],
    /// The places.
    pub(crate) offers: &'a [&'a Offer],
    /// Every parcel after the first.
    pub(crate) split: i64,
    /// The most parcels.
    pub(crate) parcels: usize,
    /// Every cost is a multiple of this.
    pub(crate) unit: i64,
}

/// A choice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Solution {
    /// Which offers serve, and how many pieces of each line.
    pub(crate) shares: Vec<(usize, Vec<i64>)>,
    /// What it costs.
    pub(crate) cost: i64,
    /// No choice costs less than this; equal to the cost when it is proved the best.
    pub(crate) bound: i64,
}

/// Worse than any cost.
const NEVER: i64 = i64::MAX / 4;

/// A set of offers and what it comes to: first what it lacks, then what it costs.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Set {
    members: Vec<usize>,
    missing: i64,
    cost: i64,
}

impl Set {
    fn worth(&self) -> (i64, i64) {
        (self.missing, self.cost)
    }

    /// Keeps the better of two.
    fn improve(&mut self, other: Self) -> bool {
        let better = other.worth() < self.worth();
        if better {
            *self = other;
        }
        better
    }
}

/// The best choice found, and how good it is proved to be; none when the wanted pieces are not there within so
/// many parcels.
pub(crate) fn solve(task: &Task<'_>) -> Option<Solution> {
    if task.parcels == 0 || task.wanted.is_empty() || !task.has_enough() {
        return None;
    }
    let mut best = greedy::choose(task);
    let relaxed = bound::relax(task, &mut best);
    // What no choice costs less than, in whole units.
    let mut proved = -(-relaxed.bound).div_euclid(task.unit) * task.unit;
    if best.missing > 0 || proved < best.cost {
        greedy::exchange(task, &relaxed.order, &mut best);
        for mut other in greedy::others(task, &relaxed.order) {
            greedy::exchange(task, &relaxed.order, &mut other);
            best.improve(other);
        }
        if search::run(task, &relaxed, &mut best) {
            proved = best.cost;
        }
    }
    (best.missing == 0).then(|| Solution {
        shares: task.share_out(&best.members),
        cost: best.cost,
        bound: proved.min(best.cost),
    })
}

/// The fewest parcels that bring everything; none when it is not there.
pub(crate) fn fewest(task: &Task<'_>) -> Option<usize> {
    if task.offers.iter().any(|offer| task.covers(offer)) {
        return Some(1);
    }
    let counted: Vec<Offer> = task.offers.iter().map(|offer| offer.counted()).collect();
    let offers: Vec<&Offer> = counted.iter().collect();
    let count = Task {
        offers: &offers,
        split: 0,
        unit: PARCEL,
        ..*task
    };
    solve(&count).map(|solution| solution.shares.len())
}

/// What a parcel costs where only parcels count: large, so that prices of pieces are fractions of it.
const PARCEL: i64 = 10_000;

impl Offer {
    /// The same, costing nothing but its parcel.
    fn counted(&self) -> Self {
        let plain = |supply: &Supply| Supply {
            most: supply.most,
            flat: 0,
            rising: None,
        };
        Self {
            fixed: PARCEL,
            supplies: self.supplies.iter().map(plain).collect(),
        }
    }
}

impl Task<'_> {
    fn has_enough(&self) -> bool {
        (0..self.wanted.len()).all(|line| {
            let sum: i64 = self.offers.iter().map(|offer| offer.supplies[line].most).sum();
            sum >= self.wanted[line]
        })
    }

    /// What the pieces cost at the least, wherever they come from.
    fn cheapest_pieces(&self) -> i64 {
        let cheapest = |line: usize| {
            self.offers
                .iter()
                .map(|o| o.supplies[line].flat)
                .min()
                .unwrap_or(0)
        };
        self.wanted
            .iter()
            .enumerate()
            .map(|(line, wanted)| wanted * cheapest(line))
            .sum()
    }

    /// Whether an offer serves everything alone.
    pub(crate) fn covers(&self, offer: &Offer) -> bool {
        self.wanted
            .iter()
            .zip(&offer.supplies)
            .all(|(wanted, supply)| supply.most >= *wanted)
    }

    /// What a set comes to when its pieces are shared out best.
    fn weigh(&self, members: Vec<usize>, pieces: &mut Vec<(i64, i64)>) -> Set {
        let parcels: i64 = members.iter().map(|at| self.offers[*at].fixed).sum();
        let splits = i64::try_from(members.len().saturating_sub(1)).unwrap_or(0) * self.split;
        let (mut missing, mut cost) = (0, parcels + splits);
        for (line, wanted) in self.wanted.iter().enumerate() {
            pieces.clear();
            for at in &members {
                let supply = &self.offers[*at].supplies[line];
                supply.each_block(|price, count| pieces.push((price, count)));
            }
            pieces.sort_unstable();
            let mut left = *wanted;
            for (price, count) in pieces.iter() {
                let taken = left.min(*count);
                cost += taken * price;
                left -= taken;
                if left == 0 {
                    break;
                }
            }
            missing += left;
        }
        Set {
            members,
            missing,
            cost,
        }
    }

    /// Who serves what: the cheapest piece next, the earlier place where two cost the same.
    fn share_out(&self, members: &[usize]) -> Vec<(usize, Vec<i64>)> {
        let mut shares: Vec<(usize, Vec<i64>)> = members
            .iter()
            .map(|at| (*at, vec![0; self.wanted.len()]))
            .collect();
        let mut pieces: Vec<(i64, usize, i64)> = Vec::new();
        for (line, wanted) in self.wanted.iter().enumerate() {
            pieces.clear();
            for (nth, at) in members.iter().enumerate() {
                let supply = &self.offers[*at].supplies[line];
                supply.each_block(|price, count| pieces.push((price, nth, count)));
            }
            pieces.sort_unstable();
            let mut left = *wanted;
            for (_, nth, count) in &pieces {
                let taken = left.min(*count);
                shares[*nth].1[line] += taken;
                left -= taken;
            }
        }
        shares.retain(|(_, quantities)| quantities.iter().any(|q| *q > 0));
        shares
    }
}

impl Supply {
    #[inline]
    fn each_block(&self, mut each: impl FnMut(i64, i64)) {
        match &self.rising {
            _ if self.most == 0 => {}
            None => each(self.flat, self.most),
            Some(blocks) => blocks.iter().for_each(|b| each(self.flat + b.price, b.count)),
        }
    }

    /// What the pieces that are worth their price at `worth` bring, as a negative number, and how many they are.
    #[inline]
    fn worth_taking(&self, worth: i64) -> (i64, i64) {
        match &self.rising {
            None if self.flat < worth => (self.most * (self.flat - worth), self.most),
            None => (0, 0),
            Some(blocks) => {
                let cheap = blocks.iter().take_while(|b| self.flat + b.price < worth);
                cheap.fold((0, 0), |(gain, count), b| {
                    (gain + b.count * (self.flat + b.price - worth), count + b.count)
                })
            }
        }
    }
}
