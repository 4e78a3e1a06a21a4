//! The face: signing in with a phone, the member's own settings, and what staff may see and note.

use std::collections::HashMap;

use base::{Ctx, Error, MemberId, Page, PageQuery, Permission, Resource, Result, Time};
use crypto::KeyRing;
use db::{Db, Reader, Tx};

use crate::error;
use crate::events::{ConsentChanged, MemberJoined};
use crate::model::{
    Consent, Contact, Member, MemberChange, Method, NAME_MAX_CHARS, NOTES_MAX_CHARS, Purpose, SignIn, Source,
    clean, clean_tags, parse_birthday,
};
use crate::phone::Phone;
use crate::rules::{self, OTP_TRIES, OtpPolicy};
use crate::store;

/// See members, their phones masked.
pub const MEMBER_READ: Permission = Permission::new("member.read");
/// See members' phones, addresses and birthdays whole.
pub const MEMBER_READ_PII: Permission = Permission::new("member.read_pii");
/// Note and tag members.
pub const MEMBER_WRITE: Permission = Permission::new("member.write");

/// Every right this crate asks for.
pub const PERMISSIONS: &[Permission] = &[MEMBER_READ, MEMBER_READ_PII, MEMBER_WRITE];

/// Digits of a one-time code.
const OTP_DIGITS: usize = 6;
/// Characters of a search.
const QUERY_MAX_CHARS: usize = 200;
/// Tries at a number nobody has yet; two collisions in a row mean that something else is wrong.
pub(crate) const NUMBER_TRIES: usize = 5;

/// The members. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Members {
    db: Db,
    keys: KeyRing,
    policy: OtpPolicy,
}

/// A number that is hardly anybody's.
pub(crate) fn number_random() -> Result<String> {
    Ok(rules::member_number(&crypto::digits_random(9)?))
}

/// A one-time code on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct OtpIssued {
    /// The code, for the message and nothing else.
    pub code: String,
    /// When it stops opening anything.
    pub expires_at: Time,
    /// How soon another may be asked for.
    pub resend_after_s: u64,
}

impl std::fmt::Debug for OtpIssued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtpIssued")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What became of a typed code. Not an error, because a wrong try must be counted, and an error would undo
/// the count; turn it into one after the unit of work with [`OtpVerdict::into_result`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum OtpVerdict {
    /// It was right and is used up now.
    Right,
    /// Wrong, too old, used or never sent.
    Wrong,
    /// Tried too often.
    Spent,
}

impl OtpVerdict {
    /// The refusal, if it is one.
    ///
    /// # Errors
    /// `member.otp_wrong`, `member.otp_spent`.
    pub fn into_result(self) -> Result<()> {
        match self {
            Self::Right => Ok(()),
            Self::Wrong => Err(Error::new(&error::OTP_WRONG)),
            Self::Spent => Err(Error::new(&error::OTP_SPENT)),
        }
    }
}

/// A signed member code for the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberCode {
    /// What the square code holds.
    pub payload: String,
    /// The number beneath it, for people.
    pub number: String,
    /// When to fetch the next.
    pub expires_at: Time,
}

impl Members {
    /// The members over a store.
    #[must_use]
    pub const fn new(db: Db, keys: KeyRing, policy: OtpPolicy) -> Self {
        Self { db, keys, policy }
    }

    /// Makes a one-time code for a phone, whether or not it is a member's: the answer is the same.
    /// `address` is the caller's network address, where known.
    ///
    /// # Errors
    /// `member.otp_throttled`.
    pub async fn otp_issue_in(&self, tx: &Tx, phone: &Phone, address: Option<&str>) -> Result<OtpIssued> {
        let most = self.policy.phone_per_day.max(self.policy.address_per_hour);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let (by_phone, by_address) = store::otp_requests(tx, phone, address, most).await?;
        rules::otp_gate(&self.policy, &by_phone, &by_address, tx.now())?;

        let code = crypto::digits_random(OTP_DIGITS)?;
        let challenge = base::EventId::new().to_string();
        let hash = rules::otp_hash(&self.keys, &challenge, phone, &code)?;
        let expires_at = tx.now().after(self.policy.lifetime);
        store::otp_add(tx, &challenge, phone, address, hash, expires_at).await?;
        Ok(OtpIssued {
            code,
            expires_at,
            resend_after_s: self.policy.resend_after.as_secs(),
        })
    }

    /// Tries a code. Of any number of callers with the right one, exactly one hears [`OtpVerdict::Right`].
    ///
    /// # Errors
    /// Those of the store. A wrong code is a verdict, not an error: let the unit of work commit.
    pub async fn otp_consume_in(&self, tx: &Tx, phone: &Phone, code: &str) -> Result<OtpVerdict> {
        let Some(last) = store::otp_last(tx, phone).await? else {
            return Ok(OtpVerdict::Wrong);
        };
        if last.consumed || last.expires_at <= tx.now() {
            return Ok(OtpVerdict::Wrong);
        }
        if last.tries >= OTP_TRIES {
            return Ok(OtpVerdict::Spent);
        }
        if rules::otp_matches(&self.keys, &last.id, phone, &rules::otp_typed(code), &last.hash)? {
            let won = store::otp_consume(tx, &last.id).await?;
            return Ok(if won { OtpVerdict::Right } else { OtpVerdict::Wrong });
        }
        store::otp_missed(tx, &last.id, OTP_TRIES).await?;
        Ok(if last.tries + 1 >= OTP_TRIES {
            OtpVerdict::Spent
        } else {
            OtpVerdict::Wrong
        })
    }

    /// The member of a proven phone, new or known, with the consents given on the way in. A box a known
    /// member leaves empty withdraws nothing: that is done in the settings.
    ///
    /// # Errors
    /// `input.invalid` for a name that is too long.
    pub async fn member_sign_in_in(&self, tx: &Tx, ctx: &Ctx, sign_in: &SignIn) -> Result<(Member, bool)> {
        if let Some(known) = store::member_by_phone(tx, &sign_in.phone).await? {
            let new_grants = sign_in
                .consents
                .iter()
                .filter(|(p, granted)| *granted && !known.allows(*p));
            let receipts: Vec<Consent> = new_grants
                .map(|(p, _)| receipt(sign_in, *p, true, tx.now()))
                .collect();
            if receipts.is_empty() {
                return Ok((known, false));
            }
            self.consents_file(tx, &acting(ctx, known.id), known.id, &receipts)
                .await?;
            return Ok((found(tx, known.id).await?, false));
        }
        let name = clean("name", sign_in.name.clone(), NAME_MAX_CHARS)?;
        let member = Member {
            id: MemberId::new(),
            number: String::new(),
            name,
            phone: Some(sign_in.phone.clone()),
            email: None,
            locale: sign_in.locale,
            birthday: None,
            notes: None,
            tags: Vec::new(),
            home_place_id: None,
            consents: Vec::new(),
            joined_at: tx.now(),
            version: 1,
        };
        let member = self.member_add(tx, member, Source::SignIn).await?;
        let service = (!sign_in.consents.iter().any(|(p, _)| *p == Purpose::Service))
            .then(|| receipt(sign_in, Purpose::Service, true, tx.now()));
        let asked = sign_in
            .consents
            .iter()
            .map(|(p, granted)| receipt(sign_in, *p, *granted, tx.now()));
        let receipts: Vec<Consent> = service.into_iter().chain(asked).collect();
        let ctx = &acting(ctx, member.id);
        self.consents_file(tx, ctx, member.id, &receipts).await?;
        let joined = MemberJoined {
            member_id: member.id,
            number: member.number,
            locale: member.locale,
            source: Source::SignIn,
            joined_at: member.joined_at,
        };
        bus::emit(tx, ctx, &joined).await?;
        Ok((found(tx, member.id).await?, true))
    }

    async fn member_add(&self, tx: &Tx, mut member: Member, source: Source) -> Result<Member> {
        let key = rules::name_key(member.name.as_deref().unwrap_or_default());
        for _ in 0..NUMBER_TRIES {
            member.number = number_random()?;
            if store::member_add(tx, &member, &key, source).await? {
                return Ok(member);
            }
            if let Some(phone) = &member.phone
                && store::member_by_phone(tx, phone).await?.is_some()
            {
                return Err(Error::new(&error::PHONE_TAKEN));
            }
        }
        Err(Error::internal("no free member number was found"))
    }

    async fn consents_file(&self, tx: &Tx, ctx: &Ctx, id: MemberId, receipts: &[Consent]) -> Result<()> {
        // Raising the version also keeps two withdrawals at the same moment in line.
        store::member_touch(tx, id)
            .await?
            .ok_or_else(|| Error::not_found("member", id))?;
        for consent in receipts {
            store::consent_add(tx, id, consent, &ctx.actor.to_string()).await?;
            let event = ConsentChanged {
                member_id: id,
                purpose: consent.purpose,
                granted: consent.granted,
                policy_version: consent.policy_version.clone(),
                method: consent.method,
                at: consent.at,
            };
            bus::emit(tx, ctx, &event).await?;
        }
        Ok(())
    }

    /// The signed-in member.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn me(&self, ctx: &Ctx) -> Result<Member> {
        let id = ctx.require_member()?;
        self.db
            .read(async move |reader: &Reader| found(reader, id).await)
            .await
    }

    /// A member for staff: whole with [`MEMBER_READ_PII`], masked without.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`.
    pub async fn member_get(&self, ctx: &Ctx, id: MemberId) -> Result<Member> {
        ctx.require(MEMBER_READ, &Resource::Somewhere)?;
        let member = self
            .db
            .read(async move |reader: &Reader| found(reader, id).await)
            .await?;
        Ok(masked_for(ctx, member))
    }

    /// Members by phone, fragment of one, number, name, pinyin, or scanned code; newest first.
    ///
    /// # Errors
    /// `access.forbidden`, `member.code_invalid`, `input.invalid_cursor`.
    pub async fn member_list(&self, ctx: &Ctx, text: Option<&str>, page: &PageQuery) -> Result<Page<Member>> {
        ctx.require(MEMBER_READ, &Resource::Somewhere)?;
        let (size, after) = (page.size()?, page.after::<(Time, MemberId)>()?);
        let text = clean("q", text.map(str::to_owned), QUERY_MAX_CHARS)?;
        let text = text.as_deref();
        if let Some(code) = text.filter(|t| rules::looks_like_code(t)) {
            let id = rules::code_read(&self.keys, code, self.db.now().await?)?;
            return Ok(Page {
                items: vec![self.member_get(ctx, id).await?],
                next: None,
            });
        }
        let needle = text.map(rules::needle).unwrap_or_default();
        let rows = self
            .db
            .read(async move |reader: &Reader| store::member_search(reader, &needle, after, size).await)
            .await?;
        let page = Page::from_surplus(rows, size, |m| (m.joined_at, m.id))?;
        Ok(page.map(|member| masked_for(ctx, member)))
    }

    /// Changes what the member may change of themselves, or staff of a member (see [`MEMBER_WRITE`]).
    /// `read_version` is the version the caller has seen, if they say.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `precondition.failed`, `input.invalid`.
    pub async fn member_change(
        &self,
        ctx: &Ctx,
        id: MemberId,
        change: MemberChange,
        read_version: Option<i64>,
    ) -> Result<Member> {
        if !ctx.is_owner(Some(id)) {
            ctx.require(MEMBER_WRITE, &Resource::Somewhere)?;
        }
        let caller = ctx.clone();
        let member = self
            .db
            .write(async move |tx: &Tx| {
                let mut member = found(tx, id).await?;
                web::IfMatch(read_version).check(member.version)?;
                let change = change.clone();
                if let Some(name) = change.name {
                    member.name = clean("name", name, NAME_MAX_CHARS)?;
                }
                if let Some(notes) = change.notes {
                    member.notes = clean("notes", notes, NOTES_MAX_CHARS)?;
                }
                if let Some(birthday) = change.birthday {
                    member.birthday = birthday.map(|day| parse_birthday(&day, tx.now())).transpose()?;
                }
                member.locale = change.locale.unwrap_or(member.locale);
                store::member_touch(tx, id).await?;
                let key = rules::name_key(member.name.as_deref().unwrap_or_default());
                store::member_write(tx, &member, &key).await?;
                if let Some(tags) = change.tags {
                    store::tags_write(tx, id, &clean_tags(tags)?).await?;
                }
                found(tx, id).await
            })
            .await?;
        Ok(if caller.is_owner(Some(id)) {
            member
        } else {
            masked_for(&caller, member)
        })
    }

    /// Gives or withdraws a consent; it holds from the moment this returns.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn consent_set(
        &self,
        ctx: &Ctx,
        purpose: Purpose,
        granted: bool,
        policy_version: String,
        method: Method,
    ) -> Result<Member> {
        let id = ctx.require_member()?;
        let (this, ctx) = (self.clone(), ctx.clone());
        self.db
            .write(async move |tx: &Tx| {
                let policy_version = policy_version.clone();
                let consent = Consent {
                    purpose,
                    granted,
                    policy_version,
                    method,
                    at: tx.now(),
                };
                this.consents_file(tx, &ctx, id, &[consent]).await?;
                found(tx, id).await
            })
            .await
    }

    /// Every receipt of the signed-in member, oldest first, with who filed it.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn consent_receipts(&self, ctx: &Ctx) -> Result<Vec<(Consent, String)>> {
        let id = ctx.require_member()?;
        self.db
            .read(async move |reader: &Reader| store::consent_receipts(reader, id).await)
            .await
    }

    /// A fresh signed code for the member's screen.
    ///
    /// # Errors
    /// `access.unauthenticated`.
    pub async fn code_show(&self, ctx: &Ctx) -> Result<MemberCode> {
        let member = self.me(ctx).await?;
        let expires_at = self.db.now().await?.after(rules::CODE_LIFETIME);
        let payload = rules::code_sign(&self.keys, member.id, expires_at)?;
        Ok(MemberCode {
            payload,
            number: member.number,
            expires_at,
        })
    }
}

fn receipt(sign_in: &SignIn, purpose: Purpose, granted: bool, at: Time) -> Consent {
    Consent {
        purpose,
        granted,
        policy_version: sign_in.policy_version.clone(),
        method: Method::SignIn,
        at,
    }
}

/// Whoever proved a phone acts as its member from here on.
fn acting(ctx: &Ctx, member: MemberId) -> Ctx {
    Ctx::member(member, ctx.locale, ctx.request_id.clone())
}

async fn found(reader: &Reader, id: MemberId) -> Result<Member> {
    store::member_find(reader, id)
        .await?
        .ok_or_else(|| Error::not_found("member", id))
}

/// The member as these eyes may see them. What is masked here is masked everywhere.
#[must_use]
pub fn masked_for(ctx: &Ctx, mut member: Member) -> Member {
    if !ctx.may(MEMBER_READ_PII, &Resource::Somewhere) {
        member.email = None;
        member.birthday = None;
    }
    member
}

/// How a phone is written for these eyes.
#[must_use]
pub fn phone_for(ctx: &Ctx, phone: &Phone) -> String {
    if ctx.may(MEMBER_READ_PII, &Resource::Somewhere) {
        phone.as_str().to_owned()
    } else {
        phone.masked()
    }
}

/// A member, without asking for rights: for the floors above.
///
/// # Errors
/// Those of the store.
pub async fn member_find_in(reader: &Reader, id: MemberId) -> Result<Option<Member>> {
    store::member_find(reader, id).await
}

/// The member of a phone.
///
/// # Errors
/// Those of the store.
pub async fn member_by_phone_in(reader: &Reader, phone: &Phone) -> Result<Option<Member>> {
    store::member_by_phone(reader, phone).await
}

/// Several members, in no order; those that are not there are left out.
///
/// # Errors
/// Those of the store.
pub async fn members_find_in(reader: &Reader, ids: &[MemberId]) -> Result<Vec<Member>> {
    store::members_find(reader, ids).await
}

/// The names of several members.
///
/// # Errors
/// Those of the store.
pub async fn names_in(reader: &Reader, ids: &[MemberId]) -> Result<HashMap<MemberId, String>> {
    store::names_find(reader, ids).await
}

/// How to reach a member, and what they allow at this instant.
///
/// # Errors
/// Those of the store.
pub async fn contact_in(reader: &Reader, id: MemberId) -> Result<Option<Contact>> {
    store::contact_find(reader, id).await
}

/// How many members there are.
///
/// # Errors
/// Those of the store.
pub async fn member_count_in(reader: &Reader) -> Result<i64> {
    store::member_count(reader).await
}
