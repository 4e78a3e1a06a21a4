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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Assignment, Role, Scope};
    use crate::places::PlaceScopes;
    use std::collections::BTreeSet;

    struct Chain {
        decider: Decider,
        places: PlaceDirectory,
        bund: PlaceId,
        lujiazui: PlaceId,
        tianhe: PlaceId,
    }

    fn chain() -> Chain {
        let (bund, lujiazui, tianhe) = (PlaceId::new(), PlaceId::new(), PlaceId::new());
        let places = PlaceDirectory::new();
        let place = |id, region: &str, brand: &str| PlaceScopes {
            id,
            region: Some(region.to_owned()),
            brand: Some(brand.to_owned()),
        };
        places.replace([
            place(bund, "east", "lumi"),
            place(lujiazui, "east", "atelier"),
            place(tianhe, "south", "lumi"),
        ]);
        let decider = Decider::new(places.clone()).unwrap();
        Chain {
            decider,
            places,
            bund,
            lujiazui,
            tianhe,
        }
    }

    impl Chain {
        fn staff(&self, roles: &[(Role, Scope)]) -> Arc<Held> {
            let roles = roles
                .iter()
                .map(|(r, s)| Assignment::new(*r, s.clone()).unwrap())
                .collect();
            self.decider.rights(&Grants::Staff(roles))
        }
    }

    const MOVE: Permission = Permission::new("stock.move");
    const MEMBER_READ: Permission = Permission::new("member.read");
    const STAFF_MANAGE: Permission = Permission::new("staff.manage");

    fn region(code: &str) -> Scope {
        Scope::Region(code.to_owned())
    }

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        let nobody = chain().staff(&[]);
        assert!(nobody.permissions().is_empty());
        assert_eq!(nobody.places(MOVE), Some(Vec::new()));
    }

    #[test]
    fn a_region_reaches_its_places_and_no_other() {
        let chain = chain();
        let east = chain.staff(&[(Role::AreaManager, region("east"))]);
        assert!(east.allows(MOVE, &Resource::Place(chain.bund)));
        assert!(east.allows(MOVE, &Resource::Place(chain.lujiazui)));
        assert!(!east.allows(MOVE, &Resource::Place(chain.tianhe)));
        assert!(!east.allows(MOVE, &Resource::Chain));
        assert!(east.allows(MOVE, &Resource::Somewhere));
        assert_eq!(east.places(MOVE), Some(vec![chain.bund, chain.lujiazui]));
    }

    #[test]
    fn a_brand_and_a_place_are_scopes_too() {
        let chain = chain();
        let lumi = chain.staff(&[(Role::AreaManager, Scope::Brand("lumi".to_owned()))]);
        assert_eq!(lumi.places(MOVE), Some(vec![chain.bund, chain.tianhe]));
        let bund = chain.staff(&[(Role::Associate, Scope::Place(chain.bund))]);
        assert_eq!(bund.places(MOVE), Some(vec![chain.bund]));
    }

    #[test]
    fn roles_add_up_but_do_not_leak_into_each_other_s_scope() {
        let chain = chain();
        let both = chain.staff(&[
            (Role::Associate, Scope::Place(chain.tianhe)),
            (Role::ExperienceManager, region("east")),
        ]);
        assert_eq!(both.places(MOVE), Some(vec![chain.tianhe]));
        let feedback = Permission::new("feedback.read");
        assert_eq!(both.places(feedback), Some(vec![chain.bund, chain.lujiazui]));
    }

    #[test]
    fn what_the_chain_shares_is_reached_from_any_scope() {
        let chain = chain();
        let associate = chain.staff(&[(Role::Associate, Scope::Place(chain.bund))]);
        for resource in [
            Resource::Chain,
            Resource::Somewhere,
            Resource::Place(chain.tianhe),
        ] {
            assert!(associate.allows(MEMBER_READ, &resource), "{resource:?}");
            assert!(
                !associate.allows(Permission::new("member.read_pii"), &resource),
                "{resource:?}"
            );
        }
        assert_eq!(associate.places(MEMBER_READ), None);
    }

    #[test]
    fn the_whole_chain_reaches_places_nobody_has_told_of() {
        let admin = chain().staff(&[(Role::Admin, Scope::All)]);
        assert!(admin.allows(MOVE, &Resource::Place(PlaceId::new())));
        assert!(admin.allows(STAFF_MANAGE, &Resource::Chain));
        assert_eq!(admin.places(MOVE), None);
    }

    #[test]
    fn an_unknown_permission_is_refused_even_to_an_administrator() {
        let admin = chain().staff(&[(Role::Admin, Scope::All)]);
        assert!(!admin.allows(Permission::new("universe.destroy"), &Resource::Chain));
    }

    #[test]
    fn a_machine_may_what_its_key_says_where_it_says_and_never_hand_out_rights() {
        let chain = chain();
        let permissions: BTreeSet<String> = ["stock.move", "member.read", "staff.manage", "api_key.manage"]
            .map(str::to_owned)
            .into();
        let key = |scope| {
            chain.decider.rights(&Grants::Machine {
                permissions: permissions.clone(),
                scope,
            })
        };
        let bund = key(Scope::Place(chain.bund));
        assert!(bund.allows(MOVE, &Resource::Place(chain.bund)));
        assert!(!bund.allows(MOVE, &Resource::Place(chain.tianhe)));
        assert!(!bund.allows(Permission::new("stock.hold"), &Resource::Place(chain.bund)));
        assert!(bund.allows(MEMBER_READ, &Resource::Chain));
        assert!(!key(Scope::All).allows(STAFF_MANAGE, &Resource::Chain));
        assert!(!key(Scope::All).allows(Permission::new("api_key.manage"), &Resource::Chain));
    }

    #[test]
    fn a_place_that_moves_takes_its_rights_along() {
        let chain = chain();
        let east = chain.staff(&[(Role::AreaManager, region("east"))]);
        assert!(!east.allows(MOVE, &Resource::Place(chain.tianhe)));
        assert_eq!(east.places(MOVE).unwrap().len(), 2);
        chain.places.put(PlaceScopes {
            id: chain.tianhe,
            region: Some("east".to_owned()),
            brand: None,
        });
        assert!(east.allows(MOVE, &Resource::Place(chain.tianhe)));
        assert_eq!(east.places(MOVE).unwrap().len(), 3);
    }

    #[test]
    fn equal_grants_share_one_memory() {
        let chain = chain();
        let roles = [(Role::Associate, Scope::Place(chain.bund))];
        assert!(Arc::ptr_eq(&chain.staff(&roles), &chain.staff(&roles)));
    }

    /// The table people read is the policies, written out: run with `STORELOOP_UPDATE=1` after changing them.
    #[test]
    fn the_table_in_the_security_document_is_what_the_policies_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security.md");
        let document = std::fs::read_to_string(path).unwrap();
        let (begin, end) = ("<!-- permissions: begin -->\n", "<!-- permissions: end -->");
        let start = document.find(begin).unwrap() + begin.len();
        let stop = document.find(end).unwrap();
        let table = table(&chain());
        if std::env::var_os("STORELOOP_UPDATE").is_some() {
            let written = format!("{}{table}{}", &document[..start], &document[stop..]);
            std::fs::write(path, written).unwrap();
        } else {
            assert_eq!(
                document[start..stop],
                table,
                "run with STORELOOP_UPDATE=1 to write the table anew"
            );
        }
    }

    fn table(chain: &Chain) -> String {
        let head: Vec<String> = Role::ALL.iter().map(|r| r.as_str().replace('_', " ")).collect();
        let mut out = format!("| permission | reach | {} |\n", head.join(" | "));
        out += &format!("| --- | --- |{}\n", " :-: |".repeat(Role::ALL.len()));
        let key_at_bund = |permission: Permission| {
            let permissions = [permission.as_str().to_owned()].into();
            chain.decider.rights(&Grants::Machine {
                permissions,
                scope: Scope::Place(chain.bund),
            })
        };
        for permission in chain.decider.policies().permissions() {
            let cells = Role::ALL.map(|role| {
                let held = chain
                    .staff(&[(role, Scope::All)])
                    .allows(*permission, &Resource::Somewhere);
                if held { "✓" } else { "" }
            });
            // What rights over people hand out is forbidden to keys; of the rest a key shows the reach.
            let shared = key_at_bund(*permission).allows(*permission, &Resource::Chain)
                || [STAFF_MANAGE.as_str(), "api_key.manage"].contains(&permission.as_str());
            let reach = if shared { "shared" } else { "placed" };
            out += &format!("| `{permission}` | {reach} | {} |\n", cells.join(" | "));
        }
        out
    }
}
