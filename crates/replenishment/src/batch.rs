//! One batch of a run: some articles at every place they lie at, from the ledger to proposals.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base::{PlaceId, Result, SkuId, Time};
use catalog::SkuSnapshot;
use db::Reader;
use places::{Book, Place, PlaceKind, distance_m};
use pricing::Campaigns;
use stock::Level;
use stock::history::{self, Leaving, Pieces};

use crate::calendar::{Calendar, DAYS, Diary};
use crate::model::{AheadDay, Position, ProposalId, ProposalState, RunId, Stored, Why};
use crate::rules::chance::Demand;
use crate::rules::forecast::Forecast;
use crate::rules::plan::plan;
use crate::rules::profile::Profile;
use crate::rules::series::{Ahead, History};
use crate::rules::share::{Site, Wish, share};
use crate::settings::{Held, Settings};
use crate::store;

/// Articles of one batch: little enough that it ends within seconds in a chain of hundreds of places.
pub(crate) const SKUS: i64 = 20;
/// The longest a plan may look ahead: lead time, review and cover at their most.
const AHEAD_MAX: usize = 420;
/// Nine days in ten are within this and its opposite.
const BAND: f64 = 0.9;
/// Days of a page's picture, at least.
const PICTURE_DAYS: usize = 28;

/// What the rules need to know of some articles.
pub(crate) struct Facts {
    pub(crate) run: RunId,
    pub(crate) now: Time,
    pub(crate) book: Arc<Book>,
    pub(crate) campaigns: Campaigns,
    pub(crate) skus: HashMap<SkuId, SkuSnapshot>,
    pub(crate) settings: Settings,
    levels: Vec<Level>,
    leaving: Vec<Leaving>,
    due: Vec<Pieces>,
    quiet: Vec<(SkuId, PlaceId)>,
    diaries: HashMap<(SkuId, PlaceId), Diary>,
    calendars: HashMap<PlaceId, Calendar>,
}

/// What came of a batch.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) series: i64,
    pub(crate) proposals: Vec<Stored>,
}

impl Facts {
    /// Reads what is known of articles.
    pub(crate) async fn read(
        reader: &Reader,
        run: RunId,
        ids: &[SkuId],
        (book, campaigns, skus): (Arc<Book>, Campaigns, HashMap<SkuId, SkuSnapshot>),
    ) -> Result<Self> {
        let now = reader.now();
        let trading = book.iter().filter(|place| place.active);
        let calendars: HashMap<PlaceId, Calendar> = trading
            .map(|place| (place.id, Calendar::of(place, now, AHEAD_MAX)))
            .collect();
        let since = calendars
            .values()
            .map(|calendar| calendar.since)
            .min()
            .unwrap_or(now);
        let mut diaries: HashMap<(SkuId, PlaceId), Diary> = HashMap::new();
        history::moved_since_in(reader, ids, since, |moved| {
            let Some(calendar) = calendars.get(&moved.place_id) else {
                return;
            };
            let sends = book
                .get(moved.place_id)
                .is_some_and(|place| place.kind == PlaceKind::Warehouse);
            let diary = diaries
                .entry((moved.sku_id, moved.place_id))
                .or_insert_with(Diary::new);
            diary.enter(calendar.nth(moved.at), moved.kind, moved.pieces, sends);
        })
        .await?;
        Ok(Self {
            run,
            now,
            levels: history::levels_in(reader, ids).await?,
            leaving: history::leaving_in(reader, ids).await?,
            due: history::supply_due_in(reader, ids).await?,
            quiet: store::quiet(reader, ids).await?,
            settings: Settings::new(store::settings_of(reader, ids).await?),
            book,
            campaigns,
            skus,
            diaries,
            calendars,
        })
    }

    /// Decides. Pure, and takes its time: not on a thread that serves requests.
    pub(crate) fn decide(&self) -> Found {
        let mut found = Found::default();
        let mut skus: Vec<&SkuSnapshot> = self
            .skus
            .values()
            .filter(|sku| sku.tracked && sku.sellable)
            .collect();
        skus.sort_by_key(|sku| sku.sku_id);
        for sku in skus {
            let lays: Vec<Lay> = self.lays(sku);
            found.series += lays.len() as i64;
            let sites = lays.iter().map(|lay| lay.site.clone()).collect();
            for wish in share(sites, |a, b| self.apart(a, b)) {
                if self.quiet.contains(&(sku.sku_id, wish.place)) {
                    continue;
                }
                let giver = lays.iter().find(|lay| Some(lay.site.place) == wish.from);
                if let Some(lay) = lays.iter().find(|lay| lay.site.place == wish.place) {
                    found.proposals.push(self.proposal(sku, lay, giver, wish));
                }
            }
        }
        found
    }

    fn lays(&self, sku: &SkuSnapshot) -> Vec<Lay<'_>> {
        let levels = self.levels.iter().filter(|level| level.sku_id == sku.sku_id);
        let nothing = Diary::new();
        let mut known = Vec::new();
        for level in levels {
            let (Some(calendar), Some(place)) =
                (self.calendars.get(&level.place_id), self.book.get(level.place_id))
            else {
                continue;
            };
            let diary = self
                .diaries
                .get(&(sku.sku_id, level.place_id))
                .unwrap_or(&nothing);
            let periods = self
                .campaigns
                .of(level.place_id, sku.sku_id, sku.product_id, sku.category_id);
            let promoted = calendar.within(&periods);
            let history = diary.history(calendar, level.on_hand, &promoted);
            known.push((level, place, calendar, promoted, history));
        }
        let histories: Vec<&History> = known.iter().map(|(.., history)| history).collect();
        let everywhere = Profile::fit(&histories, &Profile::default());
        let lays = known.iter().map(|(level, place, calendar, promoted, history)| {
            let held = self.settings.held(sku.sku_id, place.id, self.nearest(place));
            let forecast = Forecast::of(history, held.terms.protected_days(), &everywhere);
            let days = held.terms.days().max(PICTURE_DAYS);
            let ahead = calendar.ahead(promoted, days);
            let planned = plan(&forecast, &held.terms, &ahead);
            let position = self.position(level);
            let site = Site {
                place: place.id,
                from: held.from,
                position: position.total(),
                free: position.free().max(0),
                plan: planned,
                terms: held.terms.clone(),
                rate: forecast.rate,
            };
            Lay {
                calendar,
                site,
                held,
                forecast,
                position,
                history: history.clone(),
                promoted: promoted.clone(),
                ahead,
            }
        });
        lays.collect()
    }

    fn position(&self, level: &Level) -> Position {
        let at = |sku: SkuId, place: PlaceId| sku == level.sku_id && place == level.place_id;
        let leaving = || self.leaving.iter();
        let coming = leaving().filter(|one| at(one.sku_id, one.to_place_id));
        let asked = leaving().filter(|one| !one.kept && at(one.sku_id, one.from_place_id));
        let due = self.due.iter().filter(|one| at(one.sku_id, one.place_id));
        Position {
            on_hand: level.on_hand,
            reserved: level.reserved,
            quarantined: level.quarantined,
            kept_back: level.safety_stock,
            in_transit: level.in_transit,
            coming: coming.map(|one| one.pieces).sum(),
            ordered: due.map(|one| one.pieces).sum(),
            asked_of_it: asked.map(|one| one.pieces).sum(),
        }
    }

    /// The warehouse that supplies a place when nobody says otherwise; a warehouse has none.
    fn nearest(&self, place: &Place) -> Option<PlaceId> {
        if place.kind == PlaceKind::Warehouse {
            return None;
        }
        let warehouses = self
            .book
            .iter()
            .filter(|other| other.active && other.kind == PlaceKind::Warehouse);
        warehouses
            .min_by_key(|other| (distance_m(other.point(), place.point()), other.id))
            .map(|other| other.id)
    }

    fn apart(&self, a: PlaceId, b: PlaceId) -> i64 {
        match (self.book.get(a), self.book.get(b)) {
            (Some(a), Some(b)) => distance_m(a.point(), b.point()),
            _ => i64::MAX,
        }
    }

    fn proposal(&self, sku: &SkuSnapshot, lay: &Lay, giver: Option<&Lay>, wish: Wish) -> Stored {
        let terms = lay.held.terms.clone();
        let ahead = lay.picture(wish.pieces());
        let lead = Duration::from_secs(terms.lead_days.unsigned_abs() * 86_400);
        let promoted = lay.promoted.iter().take(DAYS + ahead.len()).enumerate();
        let history = lay.history.days.iter();
        Stored {
            id: ProposalId::new(),
            run_id: self.run,
            state: ProposalState::Open,
            sku_id: sku.sku_id,
            place_id: wish.place,
            from_place_id: wish.from,
            supplier: lay.held.supplier.clone().filter(|_| wish.from.is_none()),
            words: format!("{} {} {}", sku.code, sku.name.zh, sku.name.en).to_lowercase(),
            quantity: wish.pieces(),
            accepted: None,
            lasts_days: lay.site.lasts_days(),
            expected_at: self.now.after(lead),
            why: Why {
                forecast: lay.forecast.clone(),
                terms,
                plan: lay.site.plan.clone(),
                position: lay.position,
                giver_free: giver.map(|giver| giver.position.free()),
                steps: wish.steps,
                history_from: lay.calendar.first,
                history: history.map(|day| day.counts.then_some(day.sold as i64)).collect(),
                promoted: promoted
                    .filter(|(_, on)| **on)
                    .map(|(nth, _)| nth as i64)
                    .collect(),
                ahead,
            },
            transfer_id: None,
            supply_id: None,
            reason: None,
            note: None,
            actor: None,
            created_at: self.now,
            decided_at: None,
        }
    }
}

/// An article at a place, with all that is known and thought of it.
struct Lay<'a> {
    calendar: &'a Calendar,
    site: Site,
    held: Held,
    forecast: Forecast,
    position: Position,
    history: History,
    promoted: Vec<bool>,
    ahead: Vec<Ahead>,
}

impl Lay<'_> {
    /// The days to come: what is expected, and what is left with and without so many pieces.
    fn picture(&self, pieces: i64) -> Vec<AheadDay> {
        let lead = self.held.terms.lead_days as usize;
        let mut left = self.site.position as f64;
        let expected = self.forecast.days(&self.ahead).into_iter().enumerate();
        let days = expected.map(|(nth, mean)| {
            let demand = Demand::new(self.forecast.spread(&[mean]));
            left -= mean;
            let arrived = if nth >= lead { pieces as f64 } else { 0.0 };
            AheadDay {
                date: self.calendar.date(DAYS + nth),
                expected: mean,
                low: demand.enough(1.0 - BAND),
                high: demand.enough(BAND),
                left: left.max(0.0),
                left_with: (left + arrived).max(0.0),
            }
        });
        days.collect()
    }
}
