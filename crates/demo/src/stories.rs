//! What happens in every demo, whatever its seed and size: the customer whose days are
//! told, a serum whose pumps begin to leak, three problems that were found and fixed,
//! and orders that are open at this very minute.

use base::Time;

use crate::calendar::{Calendar, Seconds};
use crate::catalogue::Catalogue;
use crate::chain::{Member, Place};
use crate::data::voices::Aspect;
use crate::data::{makeup, skincare};
use crate::people::HEROINE;
use crate::places::stores;
use crate::rng::Rng;

/// Everything the plots are played on.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) seed: u64,
    pub(crate) calendar: Calendar,
    pub(crate) places: Vec<Place>,
    pub(crate) catalogue: Catalogue,
    pub(crate) members: Vec<Member>,
}

/// Hangzhou Hubin.
pub(crate) const HUBIN: usize = 0;
/// The Hangzhou store 900 m from Hubin.
pub(crate) const QINGCHUN: usize = 1;
/// Shanghai Nanjing West Road, whose weekend queues were an issue.
pub(crate) const QUEUE_STORE: usize = 2;
const XUJIAHUI: usize = 3;

/// The days ago on which the fix of each issue took effect.
pub(crate) const QUEUES_FIXED_DAYS_AGO: usize = 105;
pub(crate) const POWDER_FIXED_DAYS_AGO: usize = 60;
pub(crate) const SHADES_FIXED_DAYS_AGO: usize = 38;
/// The powder that used to break on its way.
pub(crate) const BREAKING_POWDER: &str = "PW01";

/// Voices about the leaking pump in the last week.
pub(crate) const LEAKS_LAST_WEEK: usize = 17;
/// The same in each of the weeks before that are looked back on: 17 is 2.4 times as many.
const LEAKS_USUAL_WEEK: usize = 7;
const USUAL_WEEKS: i64 = 12;
const LEAK_CITIES: usize = 4;
/// Voices that raise an issue even in the smallest chain.
const RAISED_EACH: usize = 6;
/// Days before a fix on which they are bought: before the issue is opened.
const RAISED_DAYS_BEFORE: std::ops::RangeInclusive<i64> = 22..=42;

/// A story an order belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plot {
    /// None.
    Daily,
    /// The heroine's.
    Heroine,
    /// Will be complained about because the pump leaks: seconds before now.
    Leak {
        /// How long ago the voice was heard.
        voiced_seconds_ago: i64,
        /// Part of the rise rather than of the usual.
        rising: bool,
    },
    /// Will raise one of the issues.
    Raised(Aspect),
    /// Open at this minute.
    Open(OpenStage),
}

/// Where an open order of the stories stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenStage {
    /// Waiting for money.
    Unpaid,
    /// Just asked of the store.
    Requested,
    /// Packed.
    Ready,
    /// Rejected by the store, waiting for a person.
    Rejected,
}

/// An order before its details are drawn.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) placed_at: Time,
    pub(crate) channel: &'static str,
    /// Whose, or `None` for somebody nobody knows.
    pub(crate) member: Option<usize>,
    /// Given by a story; drawn otherwise.
    pub(crate) place: Option<usize>,
    /// Given by a story; drawn otherwise.
    pub(crate) collects: Option<bool>,
    /// SKUs given by a story; drawn otherwise when empty.
    pub(crate) skus: Vec<usize>,
    pub(crate) plot: Plot,
}

/// The orders of all stories.
pub(crate) fn drafts(stage: &Stage) -> Vec<Draft> {
    let mut rng = Rng::stream(stage.seed, "stories");
    let mut drafts = heroine(stage);
    drafts.extend(leaks(stage, &mut rng));
    drafts.extend(raised(stage, &mut rng));
    drafts.extend(open_orders(stage, &mut rng));
    drafts
}

/// One buy in the app whose foundation runs out next week, two in Shanghai.
fn heroine(stage: &Stage) -> Vec<Draft> {
    let calendar = &stage.calendar;
    let sku = |code, nth| stage.catalogue.sku_of(code, nth);
    let at = |days_ago, hour: i64| calendar.moment(calendar.days_ago(days_ago), hour * 3_600 + 1_260);
    let order = |placed_at, channel, place, collects, skus| Draft {
        placed_at,
        channel,
        member: Some(HEROINE),
        place: Some(place),
        collects: Some(collects),
        skus,
        plot: Plot::Heroine,
    };
    vec![
        order(
            at(114, 21),
            "app",
            HUBIN,
            false,
            vec![sku(makeup::MATCHED_FOUNDATION, 4), sku("TS01", 0)],
        ),
        order(
            at(38, 15),
            "store",
            QUEUE_STORE,
            false,
            vec![sku("CL03", 0), sku("TN02", 0)],
        ),
        order(at(16, 19), "store", XUJIAHUI, false, vec![sku("LP02", 3)]),
    ]
}

/// Buyers of the serum in up to four cities who will find its pump leaking.
fn leaks(stage: &Stage, rng: &mut Rng) -> Vec<Draft> {
    let spots = leak_stores(&stage.places);
    let now = stage.calendar.as_of();
    let day = 86_400;
    let rising = (0..LEAKS_LAST_WEEK).map(|_| (rng.between(day / 8, 6 * day + day / 2), true));
    let rising: Vec<_> = rising.collect();
    let usual: Vec<_> = (1..=USUAL_WEEKS)
        .flat_map(|week| (0..LEAKS_USUAL_WEEK).map(move |_| week))
        .map(|week| (week * 7 * day + rng.between(day / 4, 6 * day), false))
        .collect();
    rising
        .into_iter()
        .chain(usual)
        .enumerate()
        .map(|(nth, (voiced_seconds_ago, rising))| {
            let place = spots[nth % spots.len()];
            let in_store = rng.per_mille(600);
            // Used for some days before it was noticed, and long enough ago for any parcel to have arrived.
            let bought = voiced_seconds_ago + rng.between(10 * day, 18 * day);
            let bought_day = stage.calendar.day_of(now.plus_seconds(-bought));
            Draft {
                placed_at: stage.calendar.shopping_moment(bought_day, in_store, rng),
                channel: if in_store { "store" } else { "mini_program" },
                member: Some(member_near(stage, place, rng)),
                place: Some(place),
                collects: Some(false),
                skus: vec![
                    stage
                        .catalogue
                        .sku_of(skincare::LEAKING_SERUM, rng.weighted(&[65, 35])),
                ],
                plot: Plot::Leak {
                    voiced_seconds_ago,
                    rising,
                },
            }
        })
        .collect()
}

/// Customers whose words raise the three issues.
fn raised(stage: &Stage, rng: &mut Rng) -> Vec<Draft> {
    let causes = [
        (Aspect::Waiting, QUEUES_FIXED_DAYS_AGO, "store", "CL01"),
        (Aspect::Packaging, POWDER_FIXED_DAYS_AGO, "app", BREAKING_POWDER),
        (
            Aspect::Shade,
            SHADES_FIXED_DAYS_AGO,
            "mini_program",
            makeup::MATCHED_FOUNDATION,
        ),
    ];
    let mut drafts = Vec::with_capacity(causes.len() * RAISED_EACH);
    for (aspect, fixed_days_ago, channel, code) in causes {
        for _ in 0..RAISED_EACH {
            let before = rng.between(*RAISED_DAYS_BEFORE.start(), *RAISED_DAYS_BEFORE.end());
            let day = stage
                .calendar
                .days_ago(fixed_days_ago + usize::try_from(before).unwrap_or(0));
            let place = if aspect == Aspect::Waiting {
                QUEUE_STORE
            } else {
                rng.index(leak_stores(&stage.places).len())
            };
            drafts.push(Draft {
                placed_at: stage.calendar.shopping_moment(day, channel == "store", rng),
                channel,
                member: Some(member_near(stage, place, rng)),
                place: Some(place),
                collects: Some(false),
                skus: vec![stage.catalogue.sku_of(code, rng.index(2))],
                plot: Plot::Raised(aspect),
            });
        }
    }
    drafts
}

/// One store in each of the first cities of the chain.
fn leak_stores(places: &[Place]) -> Vec<usize> {
    let mut spots: Vec<usize> = Vec::new();
    for (index, place) in stores(places).iter().enumerate() {
        let known = spots
            .iter()
            .any(|spot| places[*spot].address.city == place.address.city);
        if !known && spots.len() < LEAK_CITIES {
            spots.push(index);
        }
    }
    spots
}

/// What is open now: mostly in Hubin, where the demo is walked through, some elsewhere.
fn open_orders(stage: &Stage, rng: &mut Rng) -> Vec<Draft> {
    use OpenStage::{Ready, Rejected, Requested, Unpaid};
    /// Minutes ago, stage and place of each.
    const OPEN: [(i64, OpenStage, usize); 14] = [
        (4, Requested, HUBIN),
        (13, Requested, HUBIN),
        (29, Requested, HUBIN),
        (75, Ready, HUBIN),
        (240, Ready, HUBIN),
        (3, Unpaid, HUBIN),
        (9, Unpaid, QUEUE_STORE),
        (14, Unpaid, QINGCHUN),
        (11, Requested, QINGCHUN),
        (18, Requested, QUEUE_STORE),
        (160, Ready, QUEUE_STORE),
        (95, Ready, QINGCHUN),
        (22, Requested, XUJIAHUI),
        (52, Rejected, XUJIAHUI),
    ];
    OPEN.iter()
        .map(|&(minutes_ago, stage_now, place)| Draft {
            placed_at: stage
                .calendar
                .as_of()
                .plus_seconds(-minutes_ago * 60 - rng.between(0, 50)),
            channel: ["mini_program", "app", "web"][rng.index(3)],
            member: Some(member_near(stage, place, rng)),
            place: Some(place),
            collects: Some(true),
            skus: Vec::new(),
            plot: Plot::Open(stage_now),
        })
        .collect()
}

/// A member, other than the heroine, whose home is a store or at least its city.
fn member_near(stage: &Stage, place: usize, rng: &mut Rng) -> usize {
    let others = stage.members.len().saturating_sub(1);
    let draw = |rng: &mut Rng| HEROINE + 1 + rng.index(others);
    // Whoever joined before the history begins may be in any of its stories.
    let long_ago = stage.calendar.moment(0, 0);
    let mut fallback = HEROINE + 1;
    for _ in 0..400 {
        let member = draw(rng);
        let person = &stage.members[member];
        if person.joined_at > long_ago {
            continue;
        }
        if person.home == place {
            return member;
        }
        fallback = member;
    }
    fallback
}
