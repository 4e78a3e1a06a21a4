//! A shop that does not exist, to see whether what is planned keeps what it promises: a year of made-up demand, reviewed
//! and replenished by the same rules, beside a fixed rule that holds the same for every article.

use crate::rules::forecast::Forecast;
use crate::rules::plan::{Measure, Plan, Terms, plan};
use crate::rules::profile::Profile;
use crate::rules::series::{Ahead, Day, History, WEEK};

/// Days of history before the year begins.
const BEFORE: usize = 182;
/// Days of the year.
const YEAR: usize = 364;
/// What a weekday is worth where the week matters.
const BUSY_WEEK: [f64; WEEK] = [0.6, 0.6, 0.7, 0.9, 1.2, 1.7, 1.3];

/// A kind of made-up demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Poisson, every day about the same.
    Smooth,
    /// Poisson, with a busy weekend.
    Seasonal,
    /// A piece or two now and then.
    Intermittent,
    /// Much or little now and then.
    Lumpy,
    /// Smooth, but it doubles or halves over the year.
    Moving,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Smooth,
        Self::Seasonal,
        Self::Intermittent,
        Self::Lumpy,
        Self::Moving,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smooth => "smooth",
            Self::Seasonal => "seasonal",
            Self::Intermittent => "intermittent",
            Self::Lumpy => "lumpy",
            Self::Moving => "moving",
        }
    }
}

/// What a year came to.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Year {
    /// Pieces asked for.
    pub asked: f64,
    /// Of them there at once.
    pub served: f64,
    /// Cycles.
    pub cycles: f64,
    /// Of them without a shortage.
    pub whole: f64,
    /// Pieces lying there at the end of a day, summed over days.
    pub lying: f64,
}

impl Year {
    /// Pieces served at once, in per cent.
    #[must_use]
    pub fn fill_percent(&self) -> f64 {
        100.0 * self.served / self.asked.max(1.0)
    }

    /// Cycles without a shortage, in per cent.
    #[must_use]
    pub fn cycle_percent(&self) -> f64 {
        100.0 * self.whole / self.cycles.max(1.0)
    }

    /// How many days of demand lay there in the mean.
    #[must_use]
    pub fn stock_days(&self) -> f64 {
        self.lying / self.asked.max(1.0)
    }

    fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.served += other.served;
        self.cycles += other.cycles;
        self.whole += other.whole;
        self.lying += other.lying;
    }
}

/// What came of one kind of demand.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// The kind.
    pub kind: Kind,
    /// By the plan.
    pub planned: Year,
    /// By the fixed rule that serves as many pieces.
    pub fixed: Year,
}

/// Runs so many articles of a kind through a year.
#[must_use]
pub fn run(kind: Kind, terms: &Terms, articles: u64) -> Outcome {
    let lives: Vec<Vec<f64>> = (0..articles).map(|seed| life(kind, seed)).collect();
    let mut planned = Year::default();
    for life in &lives {
        planned.add(year(life, terms, |history| {
            let forecast = Forecast::of(history, terms.protected_days(), &Profile::default());
            plan(&forecast, terms, &vec![Ahead::ORDINARY; terms.days()])
        }));
    }
    // The fixed rule: so many days of the mean sales of the first half year, the same number for every article; the
    // number is the one that serves as many pieces as the plan does.
    let fixed_at = |days: f64| {
        let mut all = Year::default();
        for life in &lives {
            let mean = life[..BEFORE].iter().sum::<f64>() / BEFORE as f64;
            let level = (mean * days).ceil() as i64;
            let fixed = fixed_plan(level, level + (mean * terms.cover_days as f64).ceil() as i64);
            all.add(year(life, terms, |_| fixed.clone()));
        }
        all
    };
    let (mut low, mut high) = (0.0, 400.0);
    for _ in 0..16 {
        let middle = (low + high) / 2.0;
        if fixed_at(middle).fill_percent() < planned.fill_percent() {
            low = middle;
        } else {
            high = middle;
        }
    }
    Outcome {
        kind,
        planned,
        fixed: fixed_at(high),
    }
}

/// The terms the lab is run with: once a week somebody looks, goods take three days, every piece counts.
#[must_use]
pub fn terms(measure: Measure, service_percent: f64) -> Terms {
    Terms {
        measure,
        service_percent,
        lead_days: 3,
        lead_sd_days: 0.0,
        review_days: 7,
        cover_days: 0,
        ..Terms::default()
    }
}

fn fixed_plan(reorder_at: i64, order_up_to: i64) -> Plan {
    Plan {
        protected: crate::rules::forecast::Spread {
            mean: 0.0,
            variance: 0.0,
        },
        cover: 0.0,
        reorder_at,
        safety: 0,
        order_up_to,
        cycle_percent: 0.0,
        fill_percent: 0.0,
    }
}

/// A year of one article. Who finds too little takes what there is and waits for the rest.
fn year(life: &[f64], terms: &Terms, mut planned: impl FnMut(&History) -> Plan) -> Year {
    let mut history = History {
        first_weekday: 0,
        days: life[..BEFORE].iter().copied().map(Day::sold).collect(),
    };
    let (review, lead) = (terms.review_days as usize, terms.lead_days as usize);
    let mut year = Year::default();
    let mut on_the_way = vec![0_i64; YEAR + lead + 1];
    let mut net = planned(&history).order_up_to;
    for (day, asked) in life[BEFORE..].iter().enumerate() {
        net += on_the_way[day];
        if day.is_multiple_of(review) {
            let plan = planned(&history);
            let position = net + on_the_way[day + 1..].iter().sum::<i64>();
            if position < plan.reorder_at {
                let pieces = plan.order_up_to - position;
                if lead == 0 {
                    net += pieces;
                } else {
                    on_the_way[day + lead] += pieces;
                }
            }
        }
        let wanted = asked.round() as i64;
        // The first cycle begins when the first goods have come.
        if day >= review + lead {
            year.asked += *asked;
            year.served += wanted.min(net.max(0)) as f64;
            year.lying += (net - wanted).max(0) as f64;
            if (day + 1).wrapping_sub(lead).is_multiple_of(review) {
                year.cycles += 1.0;
                year.whole += f64::from(u8::from(net >= wanted));
            }
        }
        net -= wanted;
        history.days.push(Day::sold(*asked));
        // Half a year is remembered, as by the product.
        if history.days.len() > BEFORE {
            history.days.remove(0);
            history.first_weekday = (history.first_weekday + 1) % WEEK;
        }
    }
    year
}

/// Half a year and a year of demand. Articles of a kind differ: the fastest sells nine times the slowest.
fn life(kind: Kind, seed: u64) -> Vec<f64> {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ kind as u64);
    let scale = (chance.next() * 2.0 - 1.0) * 3.0_f64.ln();
    let scale = scale.exp();
    let grows = if chance.next() < 0.5 {
        2.0_f64.ln()
    } else {
        -2.0_f64.ln()
    };
    (0..BEFORE + YEAR)
        .map(|day| match kind {
            Kind::Smooth => chance.poisson(12.0 * scale),
            Kind::Seasonal => chance.poisson(12.0 * scale * BUSY_WEEK[day % WEEK]),
            Kind::Intermittent => {
                let came = chance.next() < 0.15 * scale.min(2.5);
                if came {
                    1.0 + f64::from(u8::from(chance.next() < 0.3))
                } else {
                    0.0
                }
            }
            Kind::Lumpy => {
                let came = chance.next() < 0.15 * scale.min(2.5);
                // Geometric, five pieces in the mean.
                if came {
                    1.0 + (chance.next().ln() / 0.8_f64.ln()).floor()
                } else {
                    0.0
                }
            }
            Kind::Moving => {
                let since = day.saturating_sub(BEFORE) as f64 / YEAR as f64;
                chance.poisson(12.0 * scale * (grows * since).exp())
            }
        })
        .collect()
}

/// Chance that is the same every time (SplitMix64, Steele, Lea & Flood 2014).
struct Chance(u64);

impl Chance {
    /// Above zero, up to one.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((z >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Knuth, The Art of Computer Programming 2, 3.4.1.
    fn poisson(&mut self, mean: f64) -> f64 {
        let limit = (-mean).exp();
        let (mut product, mut count) = (self.next(), 0.0);
        while product > limit {
            product *= self.next();
            count += 1.0;
        }
        count
    }
}
