//! Which region and brand a place belongs to: a picture of the places, kept by the composition root.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::PlaceId;

/// A place as far as rights care.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceScopes {
    /// The place.
    pub id: PlaceId,
    /// The code of its region.
    pub region: Option<String>,
    /// The code of its brand.
    pub brand: Option<String>,
}

/// The places of the chain. `access` owns no places and never sees who does: the composition root fills this
/// at start and again whenever a place changes. Cheap to clone; clones share the picture.
///
/// A place that is not in it belongs to no region: rights over regions do not reach it.
#[derive(Clone, Debug, Default)]
pub struct PlaceDirectory(Arc<RwLock<Picture>>);

#[derive(Debug, Default)]
struct Picture {
    generation: u64,
    places: Arc<BTreeMap<PlaceId, PlaceScopes>>,
}

impl PlaceDirectory {
    /// An empty directory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the whole picture.
    pub fn replace(&self, places: impl IntoIterator<Item = PlaceScopes>) {
        let places: BTreeMap<_, _> = places.into_iter().map(|place| (place.id, place)).collect();
        let mut picture = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // The same picture again leaves what was decided over it standing.
        if *picture.places == places {
            return;
        }
        picture.generation += 1;
        picture.places = Arc::new(places);
    }

    /// Adds a place or changes where it belongs.
    pub fn put(&self, place: PlaceScopes) {
        let mut picture = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if picture.places.get(&place.id) == Some(&place) {
            return;
        }
        picture.generation += 1;
        Arc::make_mut(&mut picture.places).insert(place.id, place);
    }

    /// The present picture, and a number that changes whenever it does.
    pub(crate) fn snapshot(&self) -> (u64, Arc<BTreeMap<PlaceId, PlaceScopes>>) {
        let picture = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (picture.generation, Arc::clone(&picture.places))
    }

    pub(crate) fn generation(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).generation
    }
}
