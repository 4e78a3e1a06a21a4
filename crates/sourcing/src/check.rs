//! Whether rules hold together. Everything that is wrong is told at once.

use base::{Error, ErrorCode, Result, codes};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use crate::error::{BANDS_ORDER, TIER_TWICE};
use crate::rules::{Band, Rules, Work};

/// The dearest anything may be, in minor units: sums of many stay far from the end of an `i64`.
const MINOR_MAX: i64 = 10_000_000;

/// The longest name of a province.
const PROVINCE_MAX: usize = 100;

/// Rules that hold together.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct ValidRules(Rules);

impl ValidRules {
    /// The rules.
    #[must_use]
    pub const fn get(&self) -> &Rules {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ValidRules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let rules = Rules::deserialize(deserializer)?;
        Self::try_from(rules).map_err(|error| serde::de::Error::custom(error.code()))
    }
}

impl TryFrom<Rules> for ValidRules {
    type Error = Error;

    /// # Errors
    /// `input.invalid` naming every field that is wrong.
    fn try_from(rules: Rules) -> Result<Self> {
        let mut faults = Faults::default();
        limits(&rules, &mut faults);
        tiers(&rules, &mut faults);
        costs(&rules, &mut faults);
        ship_to_store(&rules, &mut faults);
        faults.0.map_or(Ok(Self(rules)), Err)
    }
}

fn limits(rules: &Rules, faults: &mut Faults) {
    let limits = &rules.limits;
    faults.count("limits.kinds", limits.kinds.len(), 1, 4);
    faults.count("limits.excluded_places", limits.excluded_places.len(), 0, 1_000);
    faults.count("limits.ship_to", limits.ship_to.len(), 0, 1_000);
    faults.count("limits.products", limits.products.len(), 0, 1_000);
    faults.range("limits.max_parcels", i64::from(limits.max_parcels), 1, 8);
    if let Some(km) = limits.max_distance_km {
        faults.range("limits.max_distance_km", i64::from(km), 1, 20_000);
    }
    faults.range(
        "limits.collect_move_km",
        i64::from(limits.collect_move_km),
        0,
        20_000,
    );
    for (at, rule) in limits.ship_to.iter().enumerate() {
        let field = format!("limits.ship_to[{at}].provinces");
        faults.count(&field, rule.provinces.len(), 1, 100);
        if rule.provinces.iter().any(|name| name.trim().is_empty()) {
            faults.add(&field, &codes::REQUIRED, &[]);
        }
        if rule
            .provinces
            .iter()
            .any(|name| name.chars().count() > PROVINCE_MAX)
        {
            faults.add(&field, &codes::TOO_LONG, &[("max", PROVINCE_MAX as i64)]);
        }
    }
    for (at, rule) in limits.products.iter().enumerate() {
        faults.count(&format!("limits.products[{at}].kinds"), rule.kinds.len(), 1, 4);
    }
}

fn tiers(rules: &Rules, faults: &mut Faults) {
    faults.count("tiers", rules.tiers.len(), 0, 12);
    for (at, tier) in rules.tiers.iter().enumerate() {
        if rules.tiers[..at].contains(tier) {
            faults.add(&format!("tiers[{at}]"), &TIER_TWICE, &[]);
        }
    }
}

fn ship_to_store(rules: &Rules, faults: &mut Faults) {
    let how = &rules.ship_to_store;
    let least = i64::from(how.offered);
    faults.count("ship_to_store.kinds", how.kinds.len(), least, 4);
    faults.range("ship_to_store.days", i64::from(how.days), 0, 60);
}

fn costs(rules: &Rules, faults: &mut Faults) {
    let c = &rules.costs;
    bands(&c.carrier, faults);
    let handling = [
        ("store", c.handling.store),
        ("warehouse", c.handling.warehouse),
        ("dark_store", c.handling.dark_store),
        ("pickup_point", c.handling.pickup_point),
    ];
    for (
        kind,
        Work {
            parcel_minor,
            piece_minor,
        },
    ) in handling
    {
        faults.minor(&format!("costs.handling.{kind}.parcel_minor"), parcel_minor);
        faults.minor(&format!("costs.handling.{kind}.piece_minor"), piece_minor);
    }
    for (name, amount) in [
        ("distance_100km_minor", c.distance_100km_minor),
        ("split_minor", c.split_minor),
        ("late_hour_minor", c.late_hour_minor),
        ("cover.piece_minor", c.cover.piece_minor),
        ("markdown.piece_minor", c.markdown.piece_minor),
        ("reject_minor", c.reject_minor),
        ("load_minor", c.load_minor),
        ("collect_km_minor", c.collect_km_minor),
    ] {
        faults.minor(&format!("costs.{name}"), amount);
    }
    faults.range("costs.promise_hours", i64::from(c.promise_hours), 1, 2_400);
    faults.range("costs.cover.days", i64::from(c.cover.days), 1, 365);
    faults.range("costs.markdown.days", i64::from(c.markdown.days), 1, 3_650);
}

/// Bands reach further and further, and the last one everywhere.
fn bands(bands: &[Band], faults: &mut Faults) {
    faults.count("costs.carrier", bands.len(), 1, 20);
    let mut reached = 0;
    for (at, band) in bands.iter().enumerate() {
        let field = |name: &str| format!("costs.carrier[{at}].{name}");
        let last = at + 1 == bands.len();
        let in_order = match band.up_to_km {
            None => last,
            Some(km) => !last && km > reached,
        };
        if !in_order {
            faults.add(&field("up_to_km"), &BANDS_ORDER, &[]);
        }
        reached = band.up_to_km.unwrap_or(reached);
        if let Some(km) = band.up_to_km {
            faults.range(&field("up_to_km"), i64::from(km), 1, 20_000);
        }
        faults.minor(&field("first_minor"), band.first_minor);
        faults.range(
            &field("more_minor"),
            band.more_minor,
            0,
            band.first_minor.clamp(0, MINOR_MAX),
        );
        faults.range(&field("hours"), i64::from(band.hours), 0, 2_400);
    }
}

#[derive(Default)]
struct Faults(Option<Error>);

impl Faults {
    fn add(&mut self, field: &str, code: &'static ErrorCode, facts: &[(&str, i64)]) {
        let facts = facts
            .iter()
            .map(|(name, fact)| ((*name).to_owned(), (*fact).into()))
            .collect();
        let error = self.0.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
        self.0 = Some(error.and_field(field, code, facts));
    }

    fn range(&mut self, field: &str, number: i64, min: i64, max: i64) {
        if !(min..=max).contains(&number) {
            self.add(field, &codes::OUT_OF_RANGE, &[("min", min), ("max", max)]);
        }
    }

    fn minor(&mut self, field: &str, amount: i64) {
        self.range(field, amount, 0, MINOR_MAX);
    }

    fn count(&mut self, field: &str, count: usize, min: i64, max: i64) {
        self.range(field, i64::try_from(count).unwrap_or(i64::MAX), min, max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Tier;

    fn faults(change: impl FnOnce(&mut Rules)) -> Vec<String> {
        let mut rules = Rules::default();
        change(&mut rules);
        ValidRules::try_from(rules)
            .err()
            .map(|error| error.fields().iter().map(|f| f.field.clone()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn what_a_chain_starts_with_is_valid() {
        assert_eq!(faults(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let found = faults(|rules| {
            rules.costs.split_minor = -1;
            rules.limits.max_parcels = 0;
            rules.tiers = vec![Tier::SameCity, Tier::SameCity];
            rules.limits.kinds.clear();
        });
        assert_eq!(
            found,
            [
                "limits.kinds",
                "limits.max_parcels",
                "tiers[1]",
                "costs.split_minor"
            ]
        );
    }

    #[test]
    fn bands_reach_further_and_the_last_everywhere() {
        assert_eq!(
            faults(|r| r.costs.carrier[1].up_to_km = Some(40)),
            ["costs.carrier[1].up_to_km"]
        );
        assert_eq!(
            faults(|r| r.costs.carrier[0].up_to_km = None),
            ["costs.carrier[0].up_to_km"]
        );
        assert_eq!(
            faults(|r| r.costs.carrier[3].up_to_km = Some(900)),
            ["costs.carrier[3].up_to_km"]
        );
        assert_eq!(
            faults(|r| r.costs.carrier[0].more_minor = 601),
            ["costs.carrier[0].more_minor"]
        );
    }
}
