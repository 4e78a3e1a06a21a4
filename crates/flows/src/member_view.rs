//! A member as seen by themselves and by staff: who they are, with points, tier and what they bought.

use std::collections::HashMap;

use base::{Ctx, Locale, MemberId, Money, Page, PageQuery, PlaceId, Result, Time};
use db::Reader;
use loyalty::{Standing, Tier};
use members::{ConsentState, Member, MemberChange, Method, Purpose, phone_for};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Field, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, State, Versioned};

use crate::member_parts::People;
use crate::member_sign_in::policy_field;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberOut {
    /// Who.
    id: MemberId,
    /// Ten digits, printed on cards.
    number: String,
    /// As they want to be called.
    name: Option<String>,
    /// E.164; `+86138****8000` for staff without the right to personal data, empty when none is known.
    phone: String,
    /// The language they are written to.
    locale: Locale,
    /// Day of birth; not shown without the right to personal data.
    birthday: Option<String>,
    /// By the points of the last twelve months.
    tier: Tier,
    /// What they have.
    points: i64,
    /// What holds of each purpose they were ever asked about.
    consents: Vec<ConsentState>,
    /// What staff noted; for staff only.
    notes: Option<String>,
    /// What staff marked them with; for staff only.
    tags: Vec<String>,
    /// The store they call theirs.
    home_place_id: Option<PlaceId>,
    /// Since when.
    joined_at: Time,
    /// Raised by one at every change.
    version: i64,
}

impl HasVersion for MemberOut {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A member as these eyes may see them.
pub(crate) fn member_out(ctx: &Ctx, member: Member, standing: Standing) -> MemberOut {
    let own = ctx.is_owner(Some(member.id));
    let phone = match &member.phone {
        None => String::new(),
        Some(phone) if own => phone.as_str().to_owned(),
        Some(phone) => phone_for(ctx, phone),
    };
    MemberOut {
        id: member.id,
        number: member.number,
        name: member.name,
        phone,
        locale: member.locale,
        birthday: member.birthday.map(|b| b.to_string()),
        tier: standing.tier,
        points: standing.balance,
        consents: member.consents,
        notes: member.notes.filter(|_| !own),
        tags: if own { Vec::new() } else { member.tags },
        home_place_id: member.home_place_id,
        joined_at: member.joined_at,
        version: member.version,
    }
}

/// A member in a list, with what they bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberRow)]
pub(crate) struct MemberRowOut {
    #[serde(flatten)]
    member: MemberOut,
    /// Orders, in every channel.
    order_count: i64,
    /// What they paid and kept.
    spent: Money,
    /// When they last ordered.
    last_order_at: Option<Time>,
}

/// Who I am
#[utoipa::path(get, path = "/me", tag = "members", security(("member" = [])),
    responses((status = 200, body = MemberOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn me_get(
    State(people): State<People>,
    Caller(ctx): Caller,
) -> Result<Versioned<MemberOut>, Problem> {
    let member = people.parts.members.me(&ctx).await?;
    Ok(Versioned(people.with_standing(&ctx, member).await?))
}

/// What I change of myself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MePatch {
    /// As I want to be called.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 80)]
    name: Field<String>,
    /// The language I am written to.
    locale: Option<Locale>,
    /// YYYY-MM-DD.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10)]
    birthday: Field<String>,
}

fn optional<T>(field: Field<T>) -> Option<Option<T>> {
    match field {
        Field::Absent => None,
        Field::Null => Some(None),
        Field::Value(value) => Some(Some(value)),
    }
}

/// Change who I am
#[utoipa::path(patch, path = "/me", tag = "members", security(("member" = [])), request_body = MePatch,
    responses((status = 200, body = MemberOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn me_change(
    State(people): State<People>,
    Caller(ctx): Caller,
    IfMatch(read_version): IfMatch,
    Json(patch): Json<MePatch>,
) -> Result<Versioned<MemberOut>, Problem> {
    let id = ctx.require_member()?;
    let change = MemberChange {
        name: optional(patch.name),
        locale: patch.locale,
        birthday: optional(patch.birthday),
        ..MemberChange::default()
    };
    let member = people
        .parts
        .members
        .member_change(&ctx, id, change, read_version)
        .await?;
    Ok(Versioned(people.with_standing(&ctx, member).await?))
}

/// A consent, given or withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentIn {
    /// Given or withdrawn.
    granted: bool,
    /// The text shown.
    #[schema(min_length = 1, max_length = 40)]
    policy_version: String,
}

/// Give or withdraw a consent
///
/// It holds from the moment this answers; every change is kept as a receipt.
#[utoipa::path(put, path = "/me/consents/{purpose}", tag = "members", security(("member" = [])),
    params(("purpose" = Purpose, Path)), request_body = ConsentIn,
    responses((status = 200, body = MemberOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn my_consent_set(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(purpose): Path<Purpose>,
    Json(input): Json<ConsentIn>,
) -> Reply<MemberOut> {
    policy_field(&input.policy_version)?;
    let members = &people.parts.members;
    let member = members
        .consent_set(
            &ctx,
            purpose,
            input.granted,
            input.policy_version,
            Method::Settings,
        )
        .await?;
    Ok(Json(people.with_standing(&ctx, member).await?))
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemberQuery {
    /// A phone in any form, part of one, a member number, a name, its pinyin, or a scanned member code.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Find members
#[utoipa::path(get, path = "/members", tag = "members", security(("staff" = ["member.read"])), params(MemberQuery),
    responses((status = 200, body = Page<MemberRowOut>), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_list(
    State(people): State<People>,
    Caller(ctx): Caller,
    Query(query): Query<MemberQuery>,
) -> Reply<Page<MemberRowOut>> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let members = people
        .parts
        .members
        .member_list(&ctx, query.q.as_deref(), &page)
        .await?;
    Ok(Json(people.with_figures(&ctx, members).await?))
}

impl People {
    async fn with_figures(&self, ctx: &Ctx, members: Page<Member>) -> Result<Page<MemberRowOut>> {
        let ids: Vec<MemberId> = members.items.iter().map(|m| m.id).collect();
        let currency = self.parts.currency;
        let (standings, figures) = self
            .parts
            .db
            .read(async move |reader: &Reader| {
                let standings = loyalty::standings_in(reader, &ids).await?;
                let figures = orders::figures::member_figures_in(reader, &ids, currency).await?;
                Ok((standings, figures))
            })
            .await?;
        let figures: HashMap<MemberId, _> = figures.into_iter().map(|f| (f.member_id, f)).collect();
        Ok(members.map(|member| {
            let (id, figure) = (member.id, figures.get(&member.id));
            MemberRowOut {
                member: member_out(ctx, member, standings.get(&id).copied().unwrap_or_default()),
                order_count: figure.map_or(0, |f| f.orders),
                spent: figure.map_or(Money::zero(currency), |f| f.spent),
                last_order_at: figure.and_then(|f| f.last_order_at),
            }
        }))
    }
}

/// See a member
#[utoipa::path(get, path = "/members/{id}", tag = "members", security(("staff" = ["member.read"])),
    params(("id" = MemberId, Path)),
    responses((status = 200, body = MemberOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_get(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<MemberId>,
) -> Result<Versioned<MemberOut>, Problem> {
    let member = people.parts.members.member_get(&ctx, id).await?;
    Ok(Versioned(people.with_standing(&ctx, member).await?))
}

/// What staff note of a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberPatch {
    /// A note; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000)]
    notes: Field<String>,
    /// The whole set of tags.
    #[schema(max_items = 30)]
    tags: Option<Vec<String>>,
}

/// Note and tag a member
#[utoipa::path(patch, path = "/members/{id}", tag = "members", security(("staff" = ["member.write"])),
    params(("id" = MemberId, Path)), request_body = MemberPatch,
    responses((status = 200, body = MemberOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_change(
    State(people): State<People>,
    Caller(ctx): Caller,
    Path(id): Path<MemberId>,
    IfMatch(read_version): IfMatch,
    Json(patch): Json<MemberPatch>,
) -> Result<Versioned<MemberOut>, Problem> {
    // A member may change themselves elsewhere; notes and tags are the staff's.
    ctx.require(members::MEMBER_WRITE, &base::Resource::Somewhere)?;
    let change = MemberChange {
        notes: optional(patch.notes),
        tags: patch.tags,
        ..MemberChange::default()
    };
    let member = people
        .parts
        .members
        .member_change(&ctx, id, change, read_version)
        .await?;
    Ok(Versioned(people.with_standing(&ctx, member).await?))
}
