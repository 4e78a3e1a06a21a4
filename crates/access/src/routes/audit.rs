//! The audit trail.

use base::{Page, PageQuery, PageSize, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, Query, Reply, State};

use crate::model::AuditEntry;
use crate::service::Access;

/// One entry of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(super) struct AuditEntryOut {
    /// Its number in the chain, without gaps.
    seq: i64,
    at: Time,
    /// Who did it.
    actor: String,
    /// What was done.
    action: String,
    /// To what.
    object: String,
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
    /// The chain's hash up to here, in hexadecimal.
    hash: String,
}

impl From<AuditEntry> for AuditEntryOut {
    fn from(entry: AuditEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            facts: entry.facts,
            hash: crypto::hex(&entry.hash),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only what this actor did.
    #[param(max_length = 100)]
    actor: Option<String>,
    /// Only this action.
    #[param(max_length = 100)]
    action: Option<String>,
}

/// Lists the audit trail, newest first.
#[utoipa::path(get, path = "/audit", tag = "access", security(("staff" = ["audit.read"])), params(AuditQuery),
    responses((status = 200, body = Page<AuditEntryOut>),
        (status = "default", response = web::ProblemResponse)))]
pub(super) async fn audit_list(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Query(query): Query<AuditQuery>,
) -> Reply<Page<AuditEntryOut>> {
    let before = PageQuery {
        cursor: query.cursor,
        limit: None,
    }
    .after()?;
    let size = PageSize::new(query.limit)?;
    let page = access
        .audit_list(&ctx, before, query.actor, query.action, size)
        .await?;
    Ok(Json(page.map(AuditEntryOut::from)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditVerifyQuery {
    /// A `head` kept from an earlier check: proves that nothing up to there was taken away since.
    #[param(max_length = 100)]
    anchor: Option<String>,
}

/// What a check of the chain found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditVerdict)]
pub(super) struct AuditVerdictOut {
    /// Whether every entry is as it was sealed and none is missing.
    ok: bool,
    /// How many entries were found good.
    entries: i64,
    /// The chain's head, `number:hash`. Keep it elsewhere and pass it as `anchor` later.
    head: String,
    /// The first number that does not fit.
    #[schema(required)]
    broken_at: Option<i64>,
}

/// Checks the whole audit trail against tampering.
#[utoipa::path(get, path = "/audit/verify", tag = "access", security(("staff" = ["audit.read"])),
    params(AuditVerifyQuery),
    responses((status = 200, body = AuditVerdictOut), (status = "default", response = web::ProblemResponse)))]
pub(super) async fn audit_verify(
    State(access): State<Access>,
    Caller(ctx): Caller,
    Query(query): Query<AuditVerifyQuery>,
) -> Reply<AuditVerdictOut> {
    let verdict = access.audit_verify(&ctx, query.anchor.as_deref()).await?;
    Ok(Json(AuditVerdictOut {
        ok: verdict.ok,
        entries: verdict.entries,
        head: verdict.head,
        broken_at: verdict.broken_at,
    }))
}
