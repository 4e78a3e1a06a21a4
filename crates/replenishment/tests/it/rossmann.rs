//! Real sales: two weeks of a drugstore chain, forecast from the half year before, beside the forecasts people make
//! without a computer. The data is not ours to ship; where it is absent the test says so and is skipped.

#![allow(clippy::print_stdout, reason = "the table is what a reader wants to see")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use replenishment::rules::chance::Demand;
use replenishment::rules::forecast::Forecast;
use replenishment::rules::profile::Profile;
use replenishment::rules::series::{Ahead, Day, History, WEEK};

use crate::parquet;

/// Below the folder of data, which lies beside the repository unless `STORELOOP_DATA` names another.
const FILE: &str = "store_sales/rossmann/rossmann_train.parquet";
/// Days forecast, days learnt from, and how many times, a fortnight apart.
const AHEAD: usize = 14;
const BEFORE: usize = 182;
const TIMES: usize = 4;
/// Every so many stores is looked at.
const STEP: usize = 5;
/// The quantile of the pinball loss: what a target of nine days in ten needs.
const QUANTILE: f64 = 0.9;

/// Sales of a store by day since the first day of all; none where it was shut.
type Store = Vec<Option<(f64, bool)>>;

fn stores() -> Option<Vec<Store>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("STORELOOP_DATA").map_or_else(beside, PathBuf::from);
    let columns = parquet::read(&std::fs::read(folder.join(FILE)).ok()?);
    let mut days: BTreeMap<i64, Vec<(i64, f64, bool)>> = BTreeMap::new();
    for (row, store) in columns["Store"].iter().enumerate() {
        let sales = f64::from_bits(columns["Sales"][row] as u64);
        let day = day_of(columns["Date"][row]);
        days.entry(*store)
            .or_default()
            .push((day, sales, columns["Promo"][row] == 1));
    }
    let first = days.values().flatten().map(|(day, ..)| *day).min()?;
    let last = days.values().flatten().map(|(day, ..)| *day).max()?;
    let laid_out = days.into_values().map(|rows| {
        let mut store: Store = vec![None; (last - first + 1) as usize];
        for (day, sales, promo) in rows {
            store[(day - first) as usize] = Some((sales, promo));
        }
        store
    });
    Some(laid_out.step_by(STEP).collect())
}

/// Dates are instants since the epoch, in whatever unit whoever wrote the file liked.
fn day_of(instant: i64) -> i64 {
    let unit = [86_400_000_000_000, 86_400_000_000, 86_400_000, 1];
    unit.into_iter()
        .map(|unit| instant / unit)
        .find(|day| *day > 10_000)
        .unwrap_or(0)
}

/// Errors of one way to forecast, summed up.
#[derive(Default)]
struct Score {
    off: f64,
    pinball: f64,
    /// Sum and number of the stores' errors, each by that of last week's figure within its history.
    scaled: (f64, f64),
}

impl Score {
    fn add(&mut self, days: &[(f64, f64, f64)], scale: f64) {
        let mut off = 0.0;
        for (sold, mean, high) in days {
            off += (sold - mean).abs();
            self.pinball += if sold > high {
                QUANTILE * (sold - high)
            } else {
                (1.0 - QUANTILE) * (high - sold)
            };
        }
        self.off += off;
        self.scaled.0 += off / days.len() as f64 / scale;
        self.scaled.1 += 1.0;
    }
}

/// The last known figure of a weekday, so many weeks back at least.
fn weeks_ago(known: &Store, nth: usize, weeks: usize) -> Option<f64> {
    let mut at = nth.checked_sub(weeks * WEEK)?;
    loop {
        if let Some((sold, _)) = known.get(at).copied().flatten() {
            return Some(sold);
        }
        at = at.checked_sub(weeks * WEEK)?;
    }
}

fn quantile(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers
        .get((numbers.len() as f64 * QUANTILE) as usize)
        .copied()
        .unwrap_or(0.0)
}

#[test]
fn real_sales_are_forecast_better_than_by_hand() {
    let Some(stores) = stores() else {
        println!("skipped: data not present ({FILE})");
        return;
    };
    let names = [
        "storeloop",
        "last week",
        "the week before last",
        "mean of four weeks",
    ];
    let mut scores: [Score; 4] = Default::default();
    let (mut sold, mut count) = (0.0, 0.0);
    for store in &stores {
        for time in 1..=TIMES {
            let now = store.len() - time * AHEAD;
            let known: Store = store[now - BEFORE..now].to_vec();
            let open = known.iter().flatten().count();
            let truth: Vec<(usize, f64)> = (0..AHEAD)
                .filter_map(|nth| Some((nth, store[now + nth]?.0)))
                .collect();
            // Shut for weeks: nothing to learn from.
            if open < BEFORE / 2 || truth.is_empty() {
                continue;
            }
            let weekly: Vec<f64> = (0..BEFORE)
                .filter_map(|nth| Some(known[nth]?.0 - weeks_ago(&known, nth, 1)?))
                .collect();
            let scale = weekly.iter().map(|off| off.abs()).sum::<f64>() / weekly.len() as f64;

            // The first day of all is a Tuesday.
            let history = History {
                first_weekday: (1 + now - BEFORE) % WEEK,
                days: known.iter().map(|day| of(*day)).collect(),
            };
            let forecast = Forecast::of(&history, AHEAD, &Profile::default());
            let ahead: Vec<Ahead> = store[now..now + AHEAD]
                .iter()
                .map(|day| Ahead {
                    open: day.is_some(),
                    promoted: day.is_some_and(|(_, promo)| promo),
                })
                .collect();
            let days = forecast.days(&ahead);
            let ours: Vec<(f64, f64, f64)> = truth
                .iter()
                .map(|(nth, sold)| {
                    let high = Demand::new(forecast.spread(&[days[*nth]])).enough(QUANTILE);
                    (*sold, days[*nth], high as f64)
                })
                .collect();
            scores[0].add(&ours, scale);
            for weeks in [1, 2] {
                let past = (0..BEFORE).filter_map(|nth| Some(known[nth]?.0 - weeks_ago(&known, nth, weeks)?));
                let margin = quantile(past.collect());
                let naive = truth.iter().map(|(nth, sold)| {
                    let mean = weeks_ago(&known, BEFORE + nth, weeks).unwrap_or(0.0);
                    (*sold, mean, mean + margin)
                });
                scores[weeks].add(&naive.collect::<Vec<_>>(), scale);
            }
            let recent: Vec<f64> = known[BEFORE - 28..]
                .iter()
                .flatten()
                .map(|(sold, _)| *sold)
                .collect();
            let mean = recent.iter().sum::<f64>() / recent.len() as f64;
            let margin = quantile(recent.iter().map(|sold| sold - mean).collect());
            let flat = truth.iter().map(|(_, sold)| (*sold, mean, mean + margin));
            scores[3].add(&flat.collect::<Vec<_>>(), scale);
            sold += truth.iter().map(|(_, sold)| sold).sum::<f64>();
            count += truth.len() as f64;
        }
    }
    println!("{} stores, {count} days", stores.len());
    let figures: Vec<[f64; 3]> = scores
        .iter()
        .map(|score| {
            [
                100.0 * score.off / sold,
                score.scaled.0 / score.scaled.1,
                100.0 * score.pinball / sold,
            ]
        })
        .collect();
    for (name, [wape, mase, pinball]) in names.iter().zip(&figures) {
        println!(
            "{name:<22} WAPE {wape:5.2} %  MASE {mase:.3}  pinball at {QUANTILE} {pinball:.2} % of sales"
        );
    }
    for by_hand in &figures[1..] {
        for (ours, theirs) in figures[0].iter().zip(by_hand) {
            assert!(ours < &(theirs * 0.9), "{ours} {theirs}");
        }
    }
}

fn of(day: Option<(f64, bool)>) -> Day {
    Day {
        sold: day.map_or(0.0, |(sold, _)| sold),
        counts: day.is_some(),
        promoted: day.is_some_and(|(_, promo)| promo),
    }
}
