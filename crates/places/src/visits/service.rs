//! The face of visits.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{Ctx, Error, PlaceId, Resource, Result, Time};
use db::{Reader, Tx};

use super::model::{DoorCount, VisitsOfDay, VisitsRecorded};
use super::{rules, store};
use crate::error::VISITS_OVERLAP;
use crate::{Places, VISIT_RECORD};

/// Rows written by one statement of an import.
const ROWS_AT_ONCE: usize = 500;
const DAY: Duration = Duration::from_secs(24 * 3_600);

impl Places {
    /// Keeps what door counters tell. An interval told again is a correction: the newest word holds.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `visits.overlap` for counts that share time with others of the same
    /// counter.
    pub async fn visits_record(&self, ctx: &Ctx, counts: Vec<DoorCount>) -> Result<VisitsRecorded> {
        ctx.require(VISIT_RECORD, &Resource::Somewhere)?;
        let mut by_place: BTreeMap<PlaceId, Vec<DoorCount>> = BTreeMap::new();
        for count in &counts {
            by_place.entry(count.place_id).or_default().push(count.clone());
        }
        let book = self.book().await?;
        for place in by_place.keys() {
            ctx.require(VISIT_RECORD, &Resource::Place(*place))?;
            if book.get(*place).is_none() {
                return Err(Error::not_found("place", place));
            }
        }
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            rules::check(tx.now(), &counts)?;
            let mut done = VisitsRecorded::default();
            for (place, counts) in &by_place {
                let begins = || counts.iter().map(|count| count.from_at);
                let (Some(first), Some(last)) =
                    (begins().min(), counts.iter().map(|count| count.to_at).max())
                else {
                    continue;
                };
                let known = store::told(tx, *place, first.before(DAY), last).await?;
                if let Some(twice) = rules::overlapping(&known, counts) {
                    return Err(Error::new(&VISITS_OVERLAP)
                        .with("counter", twice.counter.trim())
                        .with("from_at", twice.from_at.to_string()));
                }
                for count in counts {
                    let before = known.iter().find(|before| {
                        before.counter == count.counter.trim() && before.from_at == count.from_at
                    });
                    match before {
                        None => done.stored += 1,
                        Some(before) if (before.to_at, before.entered) == (count.to_at, count.entered) => {
                            done.known += 1;
                        }
                        Some(_) => done.changed += 1,
                    }
                }
                store::put(tx, &actor, counts).await?;
            }
            Ok(done)
        };
        self.db.write_once(ctx, "visits_record", unit).await
    }
}

/// Brings counts in from elsewhere, as they are; those that are there stay.
///
/// # Errors
/// Only the store's.
pub async fn visits_import_in(tx: &Tx, ctx: &Ctx, counts: &[DoorCount]) -> Result<()> {
    let actor = ctx.actor.to_string();
    for counts in counts.chunks(ROWS_AT_ONCE) {
        store::add(tx, &actor, counts).await?;
    }
    Ok(())
}

/// Visits of each place by day, of a period that begins at a local midnight; days nobody counted are left out.
///
/// # Errors
/// Only the store's.
pub async fn visits_by_day_in(r: &Reader, from: Time, to: Time) -> Result<Vec<VisitsOfDay>> {
    store::by_day(r, from, to).await
}
