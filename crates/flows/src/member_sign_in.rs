//! Signing in with a phone: a code goes out, a code comes back, a member is known.

use access::{Client, Principal, SessionKind};
use axum::response::{IntoResponse, Response};
use base::{Ctx, Error, Result, Time, codes};
use db::Tx;
use http::{HeaderValue, StatusCode, header};
use members::{Member, NAME_MAX_CHARS, OtpVerdict, Phone, Purpose, SignIn, must_be_short};
use outreach::{NewMessage, Recipient, Template, message_send_in};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, NoContent, Problem, State};

use crate::member_parts::People;
use crate::member_view::{MemberOut, member_out};

/// The policy people agree to when their client does not say which text it showed.
const POLICY_VERSION: &str = "2026-01";
const SECONDS_PER_MINUTE: u64 = 60;

impl People {
    /// Sends a one-time code to a phone; the answer is the same whether or not it is a member's.
    async fn otp_start(&self, ctx: &Ctx, phone: Phone, address: Option<String>) -> Result<OtpOut> {
        let (members, ctx) = (self.parts.members.clone(), ctx.clone());
        self.parts
            .db
            .write(async move |tx: &Tx| {
                let issued = members.otp_issue_in(tx, &phone, address.as_deref()).await?;
                let minutes = issued.expires_at.since(tx.now()).as_secs() / SECONDS_PER_MINUTE;
                let message = NewMessage {
                    to: Recipient {
                        member_id: None,
                        phone: Some(phone.clone()),
                        locale: ctx.locale,
                    },
                    template: Template::OtpCode {
                        code: issued.code,
                        minutes,
                    },
                    dedupe: None,
                };
                message_send_in(tx, &ctx, &message).await?;
                Ok(OtpOut {
                    expires_at: issued.expires_at,
                    resend_after_s: issued.resend_after_s,
                })
            })
            .await
    }

    /// Tries a code; the right one makes or finds the member and opens their session, all in one unit. A wrong
    /// one is counted, which is why it leaves the unit as a verdict and not as an error.
    async fn sign_in(&self, ctx: &Ctx, code: String, sign_in: SignIn, client: &Client) -> Result<SignedIn> {
        let (people, unit_ctx, old) = (self.clone(), ctx.clone(), client.session);
        let outcome = self
            .parts
            .db
            .write(async move |tx: &Tx| {
                let members = &people.parts.members;
                let verdict = members.otp_consume_in(tx, &sign_in.phone, &code).await?;
                if verdict != OtpVerdict::Right {
                    return Ok(Err(verdict));
                }
                let (member, new) = members.member_sign_in_in(tx, &unit_ctx, &sign_in).await?;
                if let Some(old) = old.filter(|s| s.principal.kind() == SessionKind::Member) {
                    people.parts.access.session_close_in(tx, old).await?;
                }
                let session = people
                    .parts
                    .access
                    .session_open_in(tx, Principal::Member(member.id))
                    .await?;
                Ok(Ok(SignedIn { member, new, session }))
            })
            .await?;
        match outcome {
            Ok(signed_in) => Ok(signed_in),
            Err(verdict) => {
                verdict.into_result()?;
                Err(Error::internal("a right code was refused"))
            }
        }
    }
}

struct SignedIn {
    member: Member,
    new: bool,
    session: access::OpenedSession,
}

/// The phone a code is wanted for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtpIn {
    /// In any form people write; a mainland number unless it begins with + or 00.
    #[schema(max_length = 40, example = "138 0013 8000")]
    phone: String,
}

/// A code is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtpOut {
    /// When it stops opening anything.
    expires_at: Time,
    /// How soon another may be asked for.
    resend_after_s: u64,
}

/// Ask for a one-time code
///
/// Answers alike whether or not the phone is a member's.
#[utoipa::path(post, path = "/member/otp", tag = "members", security(()), request_body = OtpIn,
    responses((status = 202, body = OtpOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_otp_start(
    State(people): State<People>,
    Caller(ctx): Caller,
    client: Client,
    Json(input): Json<OtpIn>,
) -> Result<Response, Problem> {
    let phone = phone_field(&input.phone)?;
    let address = Some(client.address).filter(|a| !a.is_empty());
    let out = people.otp_start(&ctx, phone, address).await?;
    Ok((StatusCode::ACCEPTED, Json(out)).into_response())
}

fn phone_field(text: &str) -> Result<Phone> {
    must_be_short("phone", text, 40)?;
    text.parse()
        .map_err(|_| Error::field("phone", &members::PHONE_INVALID))
}

/// What a person agrees to on the way in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentsIn {
    /// Marketing by text message.
    marketing_sms: Option<bool>,
    /// Marketing by e-mail.
    marketing_email: Option<bool>,
    /// Recommendations from their own history.
    personalisation: Option<bool>,
}

/// A phone, its code, and who is behind it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberSessionIn {
    /// The phone the code went to.
    #[schema(max_length = 40)]
    phone: String,
    /// The six digits.
    #[schema(max_length = 20)]
    code: String,
    /// How a new member wants to be called.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// The boxes ticked or left.
    consents: Option<ConsentsIn>,
    /// The text shown beside the boxes.
    #[schema(max_length = 40)]
    policy_version: Option<String>,
}

impl MemberSessionIn {
    fn consents(&self) -> Vec<(Purpose, bool)> {
        let Some(consents) = &self.consents else {
            return Vec::new();
        };
        [
            (Purpose::MarketingSms, consents.marketing_sms),
            (Purpose::MarketingEmail, consents.marketing_email),
            (Purpose::Personalisation, consents.personalisation),
        ]
        .into_iter()
        .filter_map(|(purpose, granted)| granted.map(|granted| (purpose, granted)))
        .collect()
    }
}

/// A member who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberSessionOut {
    /// Who.
    member: MemberOut,
    /// Whether they joined just now.
    new: bool,
    /// The session's token, for clients that keep no cookies.
    token: String,
}

/// Sign in with a code
///
/// Makes the member when the phone is new. Sets the cookie `storeloop_member`.
#[utoipa::path(post, path = "/member/session", tag = "members", security(()), request_body = MemberSessionIn,
    responses((status = 200, body = MemberSessionOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_sign_in(
    State(people): State<People>,
    Caller(ctx): Caller,
    client: Client,
    Json(input): Json<MemberSessionIn>,
) -> Result<Response, Problem> {
    let consents = input.consents();
    let policy_version = input.policy_version.filter(|v| !v.trim().is_empty());
    let policy_version = policy_version.unwrap_or_else(|| POLICY_VERSION.to_owned());
    policy_field(&policy_version)?;
    let phone = phone_field(&input.phone)?;
    must_be_short("code", &input.code, 20)?;
    must_be_short("name", input.name.as_deref().unwrap_or_default(), NAME_MAX_CHARS)?;
    let sign_in = SignIn {
        phone,
        name: input.name,
        locale: ctx.locale,
        consents,
        policy_version,
    };
    let signed_in = people.sign_in(&ctx, input.code, sign_in, &client).await?;
    let cookie = client.cookie_set(&signed_in.session);
    let own = Ctx::member(signed_in.member.id, ctx.locale, ctx.request_id.clone());
    let body = MemberSessionOut {
        member: people.with_standing(&own, signed_in.member).await?,
        new: signed_in.new,
        token: signed_in.session.token.reveal().to_owned(),
    };
    Ok(with_cookie(cookie, Json(body)))
}

/// The name of a policy text.
///
/// # Errors
/// `input.invalid` when it is empty or too long to be one.
pub(crate) fn policy_field(version: &str) -> Result<()> {
    if version.trim().is_empty() {
        return Err(Error::field("policy_version", &codes::REQUIRED));
    }
    must_be_short("policy_version", version, 40)
}

/// Sign out
#[utoipa::path(delete, path = "/member/session", tag = "members", security(("member" = [])),
    responses((status = 204), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn member_sign_out(
    State(people): State<People>,
    Caller(ctx): Caller,
    client: Client,
) -> Result<Response, Problem> {
    ctx.require_member()?;
    let session = client
        .session
        .filter(|s| s.principal.kind() == SessionKind::Member);
    let session = session.ok_or_else(|| Error::new(&codes::UNAUTHENTICATED))?;
    people.parts.access.session_close(&ctx, session).await?;
    Ok(with_cookie(client.cookie_clear(SessionKind::Member), NoContent))
}

fn with_cookie(cookie: Option<HeaderValue>, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl People {
    /// A member with their points and tier, as these eyes may see them.
    pub(crate) async fn with_standing(&self, ctx: &Ctx, member: Member) -> Result<MemberOut> {
        let id = member.id;
        let standings = self
            .parts
            .db
            .read(async move |reader: &db::Reader| loyalty::standings_in(reader, &[id]).await)
            .await?;
        Ok(member_out(
            ctx,
            member,
            standings.get(&id).copied().unwrap_or_default(),
        ))
    }
}
