//! Staff.

use std::collections::BTreeSet;

use base::{Error, Locale, Page, PageQuery, PlaceId, Result, StaffId, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Created, Field, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, State, Versioned};

use super::{RoleAssignment, ScopeWire, in_field};
use crate::model::{Assignment, Email, Login, NewPassword, NewStaff, PersonName, Staff, StaffChange};
use crate::service::Access;

/// The most roles one person can hold.
const ROLES_MAX: usize = 50;

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Staff)]
pub(super) struct StaffOut {
    id: StaffId,
    login: String,
    name: String,
    #[schema(required)]
    email: Option<String>,
    locale: Locale,
    active: bool,
    totp_enabled: bool,
    roles: Vec<RoleAssignment>,
    #[schema(required)]
    home_place_id: Option<PlaceId>,
    version: i64,
}

impl From<&Staff> for StaffOut {
    fn from(staff: &Staff) -> Self {
        let roles = staff.roles.iter();
        Self {
            id: staff.id,
            login: staff.login.clone(),
            name: staff.name.clone(),
            email: staff.email.clone(),
            locale: staff.locale,
            active: staff.active,
            totp_enabled: staff.totp_enabled,
            roles: roles
                .map(|a| RoleAssignment {
                    role: a.role,
                    scope: ScopeWire::from(&a.scope),
                })
                .collect(),
            home_place_id: staff.home_place_id,
            version: staff.version,
        }
    }
}

impl HasVersion for StaffOut {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Somebody to take on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffIn {
    /// Letters, digits and `. _ - @ +`.
    #[schema(min_length = 2, max_length = 64)]
    login: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(min_length = 10, max_length = 128, format = Password)]
    password: String,
    #[schema(max_length = 254)]
    email: Option<String>,
    locale: Locale,
    #[schema(max_items = 50)]
    roles: Vec<RoleAssignment>,
    home_place_id: Option<PlaceId>,
}

impl TryFrom<StaffIn> for NewStaff {
    type Error = Error;

    fn try_from(input: StaffIn) -> Result<Self> {
        let login = Login::parse(&input.login)?;
        Ok(Self {
            password: NewPassword::parse(&input.password, login.as_str())?,
            login,
            name: PersonName::parse(&input.name)?,
            email: input.email.as_deref().map(Email::parse).transpose()?,
            locale: input.locale,
            roles: roles(&input.roles)?,
            home_place_id: input.home_place_id,
        })
    }
}

/// What to change of somebody; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffPatch {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 254)]
    email: Field<String>,
    locale: Option<Locale>,
    /// `false` ends their sessions at once.
    active: Option<bool>,
    #[schema(max_items = 50)]
    roles: Option<Vec<RoleAssignment>>,
    /// Null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<PlaceId>)]
    home_place_id: Field<PlaceId>,
    /// A new password, for somebody who lost theirs.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    password: Option<String>,
    /// `true` takes the authenticator away, for somebody who lost their phone.
    #[serde(default)]
    totp_reset: bool,
}

impl TryFrom<StaffPatch> for StaffChange {
    type Error = Error;

    fn try_from(patch: StaffPatch) -> Result<Self> {
        let email = match patch.email {
            Field::Absent => None,
            Field::Null => Some(None),
            Field::Value(text) => Some(Some(Email::parse(&text)?)),
        };
        let home_place_id = match patch.home_place_id {
            Field::Absent => None,
            Field::Null => Some(None),
            Field::Value(id) => Some(Some(id)),
        };
        Ok(Self {
            name: patch.name.as_deref().map(PersonName::parse).transpose()?,
            email,
            locale: patch.locale,
            active: patch.active,
            roles: patch.roles.as_deref().map(roles).transpose()?,
            home_place_id,
            password: patch
                .password
                .as_deref()
                .map(|text| NewPassword::parse(text, ""))
                .transpose()?,
            totp_reset: patch.totp_reset,
        })
    }
}

fn roles(wire: &[RoleAssignment]) -> Result<BTreeSet<Assignment>> {
    if wire.len() > ROLES_MAX {
        let facts = [("min".to_owned(), 0.into()), ("max".to_owned(), ROLES_MAX.into())]
            .into_iter()
            .collect();
        return Err(Error::new(&codes::INVALID_INPUT).and_field("roles", &codes::OUT_OF_RANGE, facts));
    }
    let parsed = wire.iter().enumerate().map(|(index, one)| {
        let scope = one.scope.parse(&format!("roles[{index}].scope"))?;
        Assignment::new(one.role, scope).map_err(|e| in_field(&format!("roles[{index}]"), &e))
    });
    parsed.collect()
}

/// Lists staff in the order they were taken on.
#[utoipa::path(get, path = "/staff", tag = "access", security(("staff" = ["staff.read"])), params(PageQuery),
    responses((status = 200, body = Page<StaffOut>), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_list(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Query(query): Query<PageQuery>,
) -> Reply<Page<StaffOut>> {
    let page = access.staff_list(&ctx, query.after()?, query.size()?).await?;
    Ok(Json(page.map(|staff| StaffOut::from(&staff))))
}

/// Takes somebody on.
#[utoipa::path(post, path = "/staff", tag = "access", security(("staff" = ["staff.manage"])),
    request_body = StaffIn,
    responses((status = 201, body = StaffOut), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_create(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Json(input): Json<StaffIn>,
) -> Result<Created<StaffOut>, Problem> {
    let staff = access.staff_create(&ctx, input.try_into()?).await?;
    Ok(Created(StaffOut::from(&staff)))
}

/// Reads one member of staff.
#[utoipa::path(get, path = "/staff/{id}", tag = "access", security(("staff" = ["staff.manage"])),
    params(("id" = StaffId, Path)),
    responses((status = 200, body = StaffOut), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_get(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Path(id): Path<StaffId>,
) -> Result<Versioned<StaffOut>, Problem> {
    Ok(Versioned(StaffOut::from(&access.staff_get(&ctx, id).await?)))
}

/// Changes somebody. What takes rights away takes effect at once.
#[utoipa::path(patch, path = "/staff/{id}", tag = "access", security(("staff" = ["staff.manage"])),
    params(("id" = StaffId, Path)), request_body = StaffPatch,
    responses((status = 200, body = StaffOut), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn staff_update(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Path(id): Path<StaffId>,
    IfMatch(version): IfMatch,
    Json(patch): Json<StaffPatch>,
) -> Result<Versioned<StaffOut>, Problem> {
    let staff = access.staff_update(&ctx, id, patch.try_into()?, version).await?;
    Ok(Versioned(StaffOut::from(&staff)))
}
