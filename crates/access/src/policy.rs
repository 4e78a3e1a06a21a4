//! Rights are decided here and nowhere else: Cedar over the texts in `policies/`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use base::{Error, Permission, PlaceId, Resource, Result};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};

use crate::error::POLICIES;
use crate::model::{Assignment, Role, Scope};
use crate::places::PlaceScopes;

const SCHEMA: &str = include_str!("../policies/schema.cedarschema");

/// The policies, one text per kind of actor.
const TEXTS: &[(&str, &str)] = &[
    ("admin", include_str!("../policies/admin.cedar")),
    ("head_office", include_str!("../policies/head_office.cedar")),
    ("area_manager", include_str!("../policies/area_manager.cedar")),
    ("store_manager", include_str!("../policies/store_manager.cedar")),
    ("associate", include_str!("../policies/associate.cedar")),
    ("service_agent", include_str!("../policies/service_agent.cedar")),
    ("marketer", include_str!("../policies/marketer.cedar")),
    (
        "experience_manager",
        include_str!("../policies/experience_manager.cedar"),
    ),
    ("data", include_str!("../policies/data.cedar")),
    ("auditor", include_str!("../policies/auditor.cedar")),
    ("api_key", include_str!("../policies/api_key.cedar")),
];

/// What an actor was given. Equal grants decide alike, so their decisions are kept together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Grants {
    /// A member of staff: roles and where they hold.
    Staff(BTreeSet<Assignment>),
    /// A machine: permissions and where they hold.
    Machine {
        permissions: BTreeSet<String>,
        scope: Scope,
    },
}

impl Grants {
    fn scopes(&self) -> BTreeSet<Scope> {
        match self {
            Self::Staff(roles) => roles.iter().map(|a| a.scope.clone()).collect(),
            Self::Machine { scope, .. } => [scope.clone()].into(),
        }
    }
}

/// The policies, parsed and checked against their schema.
pub(crate) struct Policies {
    authorizer: Authorizer,
    set: PolicySet,
    schema: Schema,
    actions: Entities,
    permissions: Vec<Permission>,
    scope: EntityTypeName,
    action: EntityTypeName,
    staff: EntityUid,
    machine: EntityUid,
}

impl Policies {
    /// The policies this build carries. Parsed once in a process.
    pub(crate) fn load() -> Result<Arc<Self>> {
        static LOADED: OnceLock<Arc<Policies>> = OnceLock::new();
        if let Some(loaded) = LOADED.get() {
            return Ok(Arc::clone(loaded));
        }
        let parsed = Arc::new(Self::parse()?);
        Ok(Arc::clone(LOADED.get_or_init(|| parsed)))
    }

    fn parse() -> Result<Self> {
        let (schema, warnings) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| wrong("schema", e))?;
        if let Some(warning) = warnings.into_iter().next() {
            return Err(wrong("schema", warning));
        }
        let mut set = PolicySet::new();
        for (name, text) in TEXTS {
            let policies: PolicySet = text.parse().map_err(|e| wrong(name, e))?;
            set.merge(&policies, true).map_err(|e| wrong(name, e))?;
        }
        let verdict = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        if !verdict.validation_passed_without_warnings() {
            return Err(wrong("validation", format!("{verdict:?}")));
        }
        let name = |text: &str| text.parse::<EntityTypeName>().map_err(|e| wrong(text, e));
        let actor = |kind: &str| {
            Ok::<_, Error>(EntityUid::from_type_name_and_id(
                name(kind)?,
                EntityId::new("actor"),
            ))
        };
        Ok(Self {
            authorizer: Authorizer::new(),
            actions: schema.action_entities().map_err(|e| wrong("actions", e))?,
            permissions: permissions(&schema),
            scope: name("Scope")?,
            action: name("Action")?,
            staff: actor("Staff")?,
            machine: actor("ApiKey")?,
            schema,
            set,
        })
    }

    /// Every permission there is, in alphabetical order.
    pub(crate) fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// The permission of that name.
    pub(crate) fn permission(&self, name: &str) -> Option<Permission> {
        self.permissions.iter().copied().find(|p| p.as_str() == name)
    }

    /// Decides. Takes tens of microseconds: see [`crate::rights`] for the memory in front of it.
    ///
    /// # Errors
    /// `access.policies` when the question does not fit the schema; the caller then refuses.
    pub(crate) fn decide(
        &self,
        grants: &Grants,
        permission: Permission,
        resource: &Resource,
        places: &BTreeMap<PlaceId, PlaceScopes>,
    ) -> Result<bool> {
        let action =
            EntityUid::from_type_name_and_id(self.action.clone(), EntityId::new(permission.as_str()));
        let words = [(
            "permission".to_owned(),
            RestrictedExpression::new_string(permission.as_str().to_owned()),
        )];
        let context = Context::from_pairs(words).map_err(|e| wrong("context", e))?;
        let (principal, described) = self.actor(grants)?;
        let (target, scopes) = self.target(resource, grants, places);
        let entities = self
            .actions
            .clone()
            .add_entities(scopes.into_iter().chain([described]), Some(&self.schema))
            .map_err(|e| wrong("entities", e))?;
        let request = Request::new(principal, action, target, context, Some(&self.schema))
            .map_err(|e| wrong(permission.as_str(), e))?;
        let response = self.authorizer.is_authorized(&request, &self.set, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(wrong(permission.as_str(), error));
        }
        Ok(response.decision() == Decision::Allow)
    }

    fn actor(&self, grants: &Grants) -> Result<(EntityUid, Entity)> {
        let scope_set = |scopes: Vec<&Scope>| {
            RestrictedExpression::new_set(
                scopes
                    .into_iter()
                    .map(|s| RestrictedExpression::new_entity_uid(self.scope_uid(&s.to_string()))),
            )
        };
        let (uid, attributes) = match grants {
            Grants::Staff(roles) => {
                let held = |role: Role| {
                    roles
                        .iter()
                        .filter(|a| a.role == role)
                        .map(|a| &a.scope)
                        .collect()
                };
                let attributes: HashMap<_, _> = Role::ALL
                    .map(|role| (role.as_str().to_owned(), scope_set(held(role))))
                    .into();
                (self.staff.clone(), attributes)
            }
            Grants::Machine { permissions, scope } => {
                let words = permissions
                    .iter()
                    .map(|p| RestrictedExpression::new_string(p.clone()));
                let attributes = HashMap::from([
                    ("permissions".to_owned(), RestrictedExpression::new_set(words)),
                    ("scopes".to_owned(), scope_set(vec![scope])),
                ]);
                (self.machine.clone(), attributes)
            }
        };
        let entity = Entity::new(uid.clone(), attributes, HashSet::new()).map_err(|e| wrong("actor", e))?;
        Ok((uid, entity))
    }

    /// The resource as a scope, with the scopes that contain it.
    fn target(
        &self,
        resource: &Resource,
        grants: &Grants,
        places: &BTreeMap<PlaceId, PlaceScopes>,
    ) -> (EntityUid, Vec<Entity>) {
        let all = self.scope_uid("all");
        let mut containers: HashSet<EntityUid> = HashSet::from([all.clone()]);
        let uid = match resource {
            Resource::Chain => return (all.clone(), vec![Entity::new_no_attrs(all, HashSet::new())]),
            Resource::Place(id) => {
                if let Some(place) = places.get(id) {
                    let region = place.region.clone().map(Scope::Region);
                    let brand = place.brand.clone().map(Scope::Brand);
                    containers.extend(
                        region
                            .into_iter()
                            .chain(brand)
                            .map(|s| self.scope_uid(&s.to_string())),
                    );
                }
                self.scope_uid(&Scope::Place(*id).to_string())
            }
            // A thing inside every scope the actor has: whoever holds the right anywhere reaches it.
            Resource::Somewhere => {
                containers.extend(grants.scopes().iter().map(|s| self.scope_uid(&s.to_string())));
                self.scope_uid("somewhere")
            }
        };
        let entity = Entity::new_no_attrs(uid.clone(), containers);
        (uid, vec![entity])
    }

    fn scope_uid(&self, id: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.scope.clone(), EntityId::new(id))
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policies({} permissions)", self.permissions.len())
    }
}

/// The schema's actions that can be asked for. Called once in a process, so the names may live as long.
fn permissions(schema: &Schema) -> Vec<Permission> {
    let groups: HashSet<&EntityUid> = schema.action_groups().collect();
    let names: BTreeSet<String> = schema
        .actions()
        .filter(|action| !groups.contains(action))
        .map(|action| action.id().unescaped().to_owned())
        .collect();
    names
        .into_iter()
        .map(|name| Permission::new(Box::leak(name.into_boxed_str())))
        .collect()
}

fn wrong(what: &str, reason: impl fmt::Display) -> Error {
    Error::new(&POLICIES).with("reason", format!("{what}: {reason}"))
}
