//! How busy the places are, remembered for a moment: a choice among places may rest on figures a second old. A
//! place's limit may not: where there is one, what it has taken on is counted at every choice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{PlaceId, Result, Time};
use db::Reader;
use orders::Load;
use places::Book;
use sourcing::Candidate;

use crate::room;

/// How long figures are good for.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// What the places work on, as last counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loads(Arc<Mutex<Option<Counted>>>);

#[derive(Clone, Debug)]
struct Counted {
    at: Time,
    loads: Arc<HashMap<PlaceId, Load>>,
}

impl Loads {
    /// Tells candidates that have anything what they work on, each since its own midnight.
    ///
    /// # Errors
    /// Only the store's.
    pub(crate) async fn tell_in(&self, r: &Reader, book: &Book, candidates: &mut [Candidate]) -> Result<()> {
        let loads = match self.remembered(r.now()) {
            Some(loads) => loads,
            None => self.count_in(r, book).await?,
        };
        let has_any = |c: &&mut Candidate| c.available.iter().any(|a| *a > 0);
        for candidate in candidates.iter_mut().filter(has_any) {
            if let Some(load) = loads.get(&candidate.place_id) {
                (candidate.taken, candidate.open) = (load.taken, load.open);
            }
            let day = book
                .get(candidate.place_id)
                .and_then(|place| place.limited_day(r.now()));
            if let Some(day) = day {
                candidate.taken = room::taken_in(r, day).await?;
            }
        }
        Ok(())
    }

    /// Figures of an earlier instant that are still good. Of the same instant they are not: a clock that stands
    /// still says nothing about their age.
    fn remembered(&self, now: Time) -> Option<Arc<HashMap<PlaceId, Load>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = kept.as_ref()?;
        (counted.at < now && now.since(counted.at) < GOOD_FOR).then(|| Arc::clone(&counted.loads))
    }

    async fn count_in(&self, r: &Reader, book: &Book) -> Result<Arc<HashMap<PlaceId, Load>>> {
        let mut days: HashMap<Time, Vec<PlaceId>> = HashMap::new();
        for place in book.iter().filter(|place| place.active) {
            days.entry(place.midnight(r.now())).or_default().push(place.id);
        }
        let mut loads = HashMap::new();
        for (since, places) in days {
            let counted = orders::fulfilment_load_in(r, &places, since).await?;
            loads.extend(counted.into_iter().map(|load| (load.place_id, load)));
        }
        let loads = Arc::new(loads);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Counted {
            at: r.now(),
            loads: Arc::clone(&loads),
        });
        Ok(loads)
    }
}
