//! Decisions, remembered: the policies are asked once for each question, not once for each request.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base::{Permission, PlaceId, Resource, Result, Rights};

use crate::places::PlaceDirectory;
use crate::policy::{Grants, Policies};

/// Decisions remembered for one set of grants, at most; then it starts afresh.
const DECISIONS_MAX: usize = 20_000;

/// Sets of grants remembered, at most; then the unused are forgotten.
const GRANTS_MAX: usize = 10_000;

/// Hands out rights. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Decider(Arc<Shared>);

struct Shared {
    policies: Arc<Policies>,
    places: PlaceDirectory,
    held: RwLock<HashMap<Grants, Arc<Held>>>,
}

impl Decider {
    pub(crate) fn new(places: PlaceDirectory) -> Result<Self> {
        let policies = Policies::load()?;
        Ok(Self(Arc::new(Shared {
            policies,
            places,
            held: RwLock::default(),
        })))
    }

    pub(crate) fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// The rights of these grants. All who have the same grants share one memory.
    pub(crate) fn rights(&self, grants: &Grants) -> Arc<Held> {
        let known = self
            .0
            .held
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(grants)
            .cloned();
        if let Some(held) = known {
            return held;
        }
        let mut all = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= GRANTS_MAX {
            all.retain(|_, held| Arc::strong_count(held) > 1);
        }
        let fresh = || {
            Arc::new(Held {
                grants: grants.clone(),
                decider: self.clone(),
                memory: RwLock::default(),
            })
        };
        Arc::clone(all.entry(grants.clone()).or_insert_with(fresh))
    }
}

/// The rights of one set of grants.
pub(crate) struct Held {
    grants: Grants,
    decider: Decider,
    memory: RwLock<Memory>,
}

/// What was decided over one picture of the places.
#[derive(Default)]
struct Memory {
    generation: u64,
    allowed: HashMap<(Permission, Resource), bool>,
    places: HashMap<Permission, Option<Arc<[PlaceId]>>>,
}

impl Held {
    /// What the holder may do somewhere: the list screens are built from.
    pub(crate) fn permissions(&self) -> Vec<Permission> {
        let all = self.decider.policies().permissions().iter().copied();
        all.filter(|permission| self.allows(*permission, &Resource::Somewhere))
            .collect()
    }

    fn decide(&self, permission: Permission, resource: &Resource) -> bool {
        let (_, places) = self.decider.0.places.snapshot();
        match self
            .decider
            .policies()
            .decide(&self.grants, permission, resource, &places)
        {
            Ok(allowed) => allowed,
            Err(error) => {
                tracing::error!(%permission, ?resource, %error, "a right could not be decided and was refused");
                false
            }
        }
    }

    fn remember(&self, generation: u64, write: impl FnOnce(&mut Memory)) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        if memory.generation != generation || memory.allowed.len() >= DECISIONS_MAX {
            *memory = Memory {
                generation,
                ..Memory::default()
            };
        }
        write(&mut memory);
    }

    fn recall<T>(&self, generation: u64, read: impl FnOnce(&Memory) -> Option<T>) -> Option<T> {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        if memory.generation == generation {
            read(&memory)
        } else {
            None
        }
    }
}

impl Rights for Held {
    fn allows(&self, permission: Permission, resource: &Resource) -> bool {
        // Taken before deciding: a picture that changes meanwhile leaves an answer nobody will recall.
        let generation = self.decider.0.places.generation();
        let question = (permission, *resource);
        if let Some(known) = self.recall(generation, |memory| memory.allowed.get(&question).copied()) {
            return known;
        }
        let allowed = self.decide(permission, resource);
        self.remember(generation, |memory| {
            memory.allowed.insert(question, allowed);
        });
        allowed
    }

    fn places(&self, permission: Permission) -> Option<Vec<PlaceId>> {
        let (generation, places) = self.decider.0.places.snapshot();
        let known = self.recall(generation, |memory| memory.places.get(&permission).cloned());
        let list = known.unwrap_or_else(|| {
            let list = if self.allows(permission, &Resource::Chain) {
                None
            } else {
                let mut reached: Vec<PlaceId> = self.named_places();
                reached.extend(places.keys().copied());
                reached.sort_unstable();
                reached.dedup();
                reached.retain(|id| self.allows(permission, &Resource::Place(*id)));
                Some(reached.into())
            };
            self.remember(generation, |memory| {
                memory.places.insert(permission, list.clone());
            });
            list
        });
        list.map(|places| places.to_vec())
    }
}

impl Held {
    /// Places the grants name themselves: they count even before the directory knows them.
    fn named_places(&self) -> Vec<PlaceId> {
        use crate::model::Scope;
        let place = |scope: &Scope| match scope {
            Scope::Place(id) => Some(*id),
            _ => None,
        };
        match &self.grants {
            Grants::Staff(roles) => roles.iter().filter_map(|a| place(&a.scope)).collect(),
            Grants::Machine { scope, .. } => place(scope).into_iter().collect(),
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rights({:?})", self.grants)
    }
}
