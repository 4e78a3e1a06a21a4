//! The face of places.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Ctx, Cursor, Error, Page, PageSize, PlaceId, Resource, Result, codes};
use db::{Db, Reader, Tx};

use crate::error::CODE_TAKEN;
use crate::events::PlaceChanged;
use crate::geo::{Point, distance_m};
use crate::model::{Place, PlaceIn, PlaceKind, Service, ValidPlace};
use crate::shelf::Shelf;
use crate::{PLACE_MANAGE, store};

/// Places, as the rest of the house sees them.
#[derive(Clone)]
pub struct Places {
    pub(crate) db: Db,
    book: Arc<Shelf>,
}

/// Every place, in memory: there are few, and every promise and every sourcing needs many of them.
#[derive(Debug, Default)]
pub struct Book {
    places: Vec<Arc<Place>>,
    by_id: HashMap<PlaceId, Arc<Place>>,
}

impl Book {
    /// One place.
    #[must_use]
    pub fn get(&self, id: PlaceId) -> Option<&Arc<Place>> {
        self.by_id.get(&id)
    }

    /// Every place, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Place>> {
        self.places.iter()
    }

    /// The trading places that pass the filter, nearest first; ties by identifier.
    #[must_use]
    pub fn near(&self, from: Point, filter: &Filter) -> Vec<Near> {
        let mut out: Vec<Near> = self
            .places
            .iter()
            .filter(|place| place.active && filter.admits(place))
            .map(|place| Near {
                distance_m: distance_m(from, place.point()),
                place: Arc::clone(place),
            })
            .collect();
        out.sort_by_key(|near| near.key());
        out
    }
}

/// A place and how far away it is.
#[derive(Clone, Debug)]
pub struct Near {
    /// Great-circle distance.
    pub distance_m: i64,
    /// The place.
    pub place: Arc<Place>,
}

impl Near {
    fn key(&self) -> (i64, PlaceId) {
        (self.distance_m, self.place.id)
    }
}

/// What a list of places is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<PlaceKind>,
    /// Only with this service.
    pub service: Option<Service>,
    /// Only in this region.
    pub region: Option<String>,
    /// Only with these words in code, name or address.
    pub search: Option<String>,
}

impl Filter {
    fn admits(&self, place: &Place) -> bool {
        self.kind.is_none_or(|kind| place.kind == kind)
            && self.service.is_none_or(|service| place.offers(service))
            && self.region.as_ref().is_none_or(|region| place.region == *region)
            && self
                .search
                .as_ref()
                .is_none_or(|s| place.search_text().contains(&text::normalize(s)))
    }
}

/// What an import did with one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imported {
    /// It is new.
    Created(PlaceId),
    /// It was there and differed.
    Updated(PlaceId),
    /// It was there just so.
    Unchanged(PlaceId),
}

impl Imported {
    /// The place's identifier.
    #[must_use]
    pub const fn id(self) -> PlaceId {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

impl Places {
    /// Places over a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            book: Arc::default(),
        }
    }

    /// Every place, in memory.
    ///
    /// # Errors
    /// The store's.
    pub async fn book(&self) -> Result<Arc<Book>> {
        if let Some(book) = self.book.get() {
            return Ok(book);
        }
        let epoch = self.book.epoch();
        let places = self
            .db
            .read(async |reader: &Reader| store::place_all(reader).await)
            .await?;
        let places: Vec<Arc<Place>> = places.into_iter().map(Arc::new).collect();
        let by_id = places.iter().map(|place| (place.id, Arc::clone(place))).collect();
        let book = Arc::new(Book { places, by_id });
        self.book.put(epoch, &book);
        Ok(book)
    }

    /// One place. Visitors see the trading ones only.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn place_get(&self, ctx: &Ctx, id: PlaceId) -> Result<Place> {
        let place = self
            .db
            .read(async move |reader: &Reader| store::place_get(reader, id).await)
            .await?;
        place
            .filter(|place| place.active || ctx.may(PLACE_MANAGE, &Resource::Place(id)))
            .ok_or_else(|| Error::not_found("place", id))
    }

    /// One place by identifier within a read or a unit of work, trading or not.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn place_get_in(&self, reader: &Reader, id: PlaceId) -> Result<Place> {
        store::place_get(reader, id)
            .await?
            .ok_or_else(|| Error::not_found("place", id))
    }

    /// Places by code. Visitors see the trading ones only.
    ///
    /// # Errors
    /// `input.invalid_cursor`.
    pub async fn place_list(
        &self,
        ctx: &Ctx,
        filter: Filter,
        after: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Place>> {
        let inactive_too = ctx.may(PLACE_MANAGE, &Resource::Somewhere);
        let after_code: String = after.map(Cursor::decode).transpose()?.unwrap_or_default();
        let places = self
            .db
            .read(async move |reader: &Reader| {
                let search = filter.search.as_deref().map(text::normalize).unwrap_or_default();
                let query = store::ListQuery {
                    kind: filter.kind.map(PlaceKind::as_str),
                    region: filter.region.as_deref(),
                    service: filter.service.map(Service::as_str),
                    search: &search,
                    inactive_too,
                    after_code: &after_code,
                    limit: size.with_surplus(),
                };
                store::place_list(reader, &query).await
            })
            .await?;
        Page::from_surplus(places, size, |place| place.code.clone())
    }

    /// The trading places nearest to a point.
    ///
    /// # Errors
    /// `input.invalid_cursor`.
    pub async fn places_near(
        &self,
        from: Point,
        filter: &Filter,
        after: Option<&str>,
        size: PageSize,
    ) -> Result<Page<Near>> {
        let after: Option<(i64, PlaceId)> = after.map(Cursor::decode).transpose()?;
        let book = self.book().await?;
        let rest = book
            .near(from, filter)
            .into_iter()
            .filter(|near| after.is_none_or(|key| near.key() > key))
            .take(size.get() + 1)
            .collect();
        Page::from_surplus(rest, size, Near::key)
    }

    /// Opens a place.
    ///
    /// # Errors
    /// `access.*`, `places.code_taken`.
    pub async fn place_create(&self, ctx: &Ctx, details: ValidPlace) -> Result<Place> {
        ctx.require(PLACE_MANAGE, &Resource::Chain)?;
        let place = Place::new(PlaceId::new(), details, 1);
        let (ctx_in, shelf) = (ctx.clone(), Arc::clone(&self.book));
        let unit = async move |tx: &Tx| {
            if store::place_insert(tx, std::slice::from_ref(&place)).await? == 0 {
                return Err(Error::new(&CODE_TAKEN).with("code", place.code.as_str()));
            }
            announce(tx, &ctx_in, &place, &shelf).await?;
            Ok(place.clone())
        };
        self.db.write_once(ctx, "place_create", unit).await
    }

    /// Changes a place. `change` gets the present details and answers the new ones; `read_version` is the
    /// version the caller has read, if it said.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `precondition.failed`, `places.code_taken`, `input.invalid`.
    pub async fn place_change(
        &self,
        ctx: &Ctx,
        id: PlaceId,
        read_version: Option<i64>,
        change: impl Fn(PlaceIn) -> Result<ValidPlace> + Send + 'static,
    ) -> Result<Place> {
        ctx.require(PLACE_MANAGE, &Resource::Place(id))?;
        let (ctx_in, shelf) = (ctx.clone(), Arc::clone(&self.book));
        let unit = async move |tx: &Tx| {
            let before = store::place_get(tx, id)
                .await?
                .ok_or_else(|| Error::not_found("place", id))?;
            if read_version.is_some_and(|read| read != before.version) {
                return Err(Error::new(&codes::VERSION_MISMATCH).with("current", before.version));
            }
            let after = Place::new(id, change(before.details())?, before.version + 1);
            if let Some(other) = store::place_by_code(tx, &after.code).await?
                && other.id != id
            {
                return Err(Error::new(&CODE_TAKEN).with("code", after.code.as_str()));
            }
            if !store::place_update(tx, &after).await? {
                return Err(Error::internal(
                    "the place changed under the unit that had read it",
                ));
            }
            announce(tx, &ctx_in, &after, &shelf).await?;
            Ok(after)
        };
        self.db.write_once(ctx, "place_change", unit).await
    }

    /// Brings places in by code: new ones are created (with the identifier given, if any), those that differ
    /// are updated, the rest stay. Asks for no right: the importer has.
    ///
    /// # Errors
    /// The store's.
    pub async fn import_places_in(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        rows: &[(Option<PlaceId>, ValidPlace)],
    ) -> Result<Vec<Imported>> {
        let mut out = Vec::with_capacity(rows.len());
        for (id, details) in rows {
            let before = store::place_by_code(tx, &details.details().code).await?;
            let (place, outcome) = match before {
                Some(before) if before.details() == *details.details() => {
                    out.push(Imported::Unchanged(before.id));
                    continue;
                }
                Some(before) => {
                    let after = Place::new(before.id, details.clone(), before.version + 1);
                    store::place_update(tx, &after).await?;
                    (after, Imported::Updated(before.id))
                }
                None => {
                    let place = Place::new(id.unwrap_or_default(), details.clone(), 1);
                    store::place_insert(tx, std::slice::from_ref(&place)).await?;
                    let id = place.id;
                    (place, Imported::Created(id))
                }
            };
            announce(tx, ctx, &place, &self.book).await?;
            out.push(outcome);
        }
        Ok(out)
    }
}

async fn announce(tx: &Tx, ctx: &Ctx, place: &Place, shelf: &Arc<Shelf>) -> Result<()> {
    let event = PlaceChanged {
        place_id: place.id,
        code: place.code.clone(),
        kind: place.kind,
        active: place.active,
        version: place.version,
    };
    bus::emit(tx, ctx, &event).await?;
    let shelf = Arc::clone(shelf);
    tx.after_commit(move || shelf.forget());
    Ok(())
}
