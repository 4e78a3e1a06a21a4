//! The face: captures documents, tells what was captured.

use base::{Ctx, Error, Page, PageQuery, PlaceId, Resource, Result, Time, codes};
use db::{Db, Reader, Tx};
use places::{Book, Places};
use serde_json::Value;

use crate::events::Captured;
use crate::model::{Behaviour, Capture, CaptureId, Event, Fault};
use crate::rules::{self, Read};
use crate::store::{self, Query};
use crate::{EPCIS_CAPTURE, EPCIS_READ, tag};

/// The most events one document may tell of ..
pub const EVENTS_MAX: usize = 1_000;
/// .. and the most tags.
const TAGS_MAX: usize = rules::TAGS_MAX;
/// The most faults a job keeps.
const FAULTS_MAX: usize = 50;

/// EPCIS, as the rest of the house sees it. Cheap to clone.
#[derive(Clone)]
pub struct Epcis {
    db: Db,
    places: Places,
}

/// What a list of events is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Only those that name this tag, in whatever form.
    pub tag: Option<String>,
    /// Only at this place.
    pub place: Option<PlaceId>,
    /// Only of this type.
    pub kind: Option<String>,
}

impl Epcis {
    /// Over a migrated store.
    #[must_use]
    pub const fn new(db: Db, places: Places) -> Self {
        Self { db, places }
    }

    /// Captures the events of a document. An event told before is counted and not kept again.
    ///
    /// # Errors
    /// `access.*` without `epcis.capture`; `input.invalid` for a document that is none, or too large. What is wrong
    /// with single events stands in the answer.
    pub async fn capture(
        &self,
        ctx: &Ctx,
        kind: &str,
        events: Vec<Value>,
        behaviour: Behaviour,
    ) -> Result<Capture> {
        ctx.require(EPCIS_CAPTURE, &Resource::Chain)?;
        if kind != "EPCISDocument" {
            return Err(Error::field("type", &codes::MALFORMED).with("reason", "EPCISDocument"));
        }
        if events.is_empty() || events.len() > EVENTS_MAX {
            return Err(out_of_range(1, EVENTS_MAX));
        }
        let (mut right, mut faults): (Vec<Read>, Vec<Fault>) = (Vec::new(), Vec::new());
        for (nth, event) in events.iter().enumerate() {
            match rules::read(nth, event) {
                Ok(read) => right.push(read),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if right.iter().map(|read| read.tags.len()).sum::<usize>() > TAGS_MAX {
            return Err(out_of_range(0, TAGS_MAX));
        }
        let success = faults.is_empty();
        faults.truncate(FAULTS_MAX);
        if !success && behaviour == Behaviour::Rollback {
            right.clear();
        }
        let book = self.places.book().await?;
        let placed: Vec<(Read, Option<PlaceId>)> = right
            .into_iter()
            .map(|read| {
                let place = read
                    .location
                    .as_deref()
                    .and_then(|location| place_of(&book, location));
                (read, place)
            })
            .collect();
        let (by, count) = (ctx.clone(), events.len() as i64);
        let unit = async move |tx: &Tx| {
            let mut capture = Capture {
                id: CaptureId::new(),
                created_at: tx.now(),
                finished_at: tx.now(),
                running: false,
                success,
                capture_error_behaviour: behaviour,
                errors: faults.clone(),
                events: count,
                stored: 0,
                duplicates: 0,
                actor: by.actor.to_string(),
            };
            store::capture_add(tx, &capture).await?;
            for (read, place) in &placed {
                if store::event_add(tx, &capture, read, *place).await? {
                    capture.stored += 1;
                } else {
                    capture.duplicates += 1;
                }
            }
            store::capture_count(tx, &capture).await?;
            let event = Captured {
                capture_id: capture.id,
                stored: capture.stored,
            };
            bus::emit(tx, &by, &event).await?;
            Ok(capture)
        };
        self.db.write_once(ctx, "epcis.capture", unit).await
    }

    /// A capture job.
    ///
    /// # Errors
    /// `access.*` without `epcis.read`; `not_found`.
    pub async fn capture_get(&self, ctx: &Ctx, id: CaptureId) -> Result<Capture> {
        ctx.require(EPCIS_READ, &Resource::Chain)?;
        let read = async move |reader: &Reader| store::capture_get(reader, id).await;
        self.db
            .read(read)
            .await?
            .ok_or_else(|| Error::not_found("capture", id))
    }

    /// Capture jobs, the newest first.
    ///
    /// # Errors
    /// `access.*` without `epcis.read`; `input.*`.
    pub async fn capture_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<Capture>> {
        ctx.require(EPCIS_READ, &Resource::Chain)?;
        let (size, before) = (page.size()?, page.after()?);
        let read = async move |reader: &Reader| store::captures(reader, before, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |one| (one.created_at, one.id))
    }

    /// Events that were captured, the newest first.
    ///
    /// # Errors
    /// `access.*` without `epcis.read`; `input.*`.
    pub async fn event_list(&self, ctx: &Ctx, filter: EventFilter, page: &PageQuery) -> Result<Page<Event>> {
        ctx.require(EPCIS_READ, &Resource::Chain)?;
        let size = page.size()?;
        let before: Option<(Time, String)> = page.after()?;
        let query = Query {
            tag: filter.tag.as_deref().map(tag::normal),
            places: filter.place.map(|place| vec![place]),
            kind: filter.kind,
            before,
            limit: size.with_surplus(),
        };
        let read = async move |reader: &Reader| store::events(reader, &query).await;
        Page::from_surplus(self.db.read(read).await?, size, |one| {
            (one.happened_at, one.id.clone())
        })
    }
}

fn out_of_range(min: usize, max: usize) -> Error {
    let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
    let invalid = Error::new(&codes::INVALID_INPUT);
    invalid.and_field(
        "epcisBody.eventList",
        &codes::OUT_OF_RANGE,
        facts.into_iter().collect(),
    )
}

/// The place a location names: by its identifier, or by its code at the end (`.../places/HZ-HUBIN`,
/// `urn:storeloop:place:HZ-HUBIN`).
fn place_of(book: &Book, location: &str) -> Option<PlaceId> {
    let word = location.rsplit(['/', ':']).next().unwrap_or(location);
    let named = |place: &PlaceId| place.to_string() == word;
    let mut places = book.iter();
    places
        .find(|place| place.code == word || named(&place.id))
        .map(|place| place.id)
}
