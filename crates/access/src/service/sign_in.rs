//! Staff sign in: password, second factor, and a limit to guessing.

use std::fmt;

use base::{Category, Ctx, Error, Permission, Result, Time};
use crypto::{TotpStep, Verdict};
use db::Tx;
use serde_json::json;

use super::{ATTEMPT, Access, audit_in};
use crate::error::{BAD_CREDENTIALS, LOCKED, TOTP_REQUIRED};
use crate::model::{CurrentSession, OpenedSession, Principal, SessionKind, Staff};
use crate::policy::Grants;
use crate::rules::{ADDRESS_LIMIT, LOGIN_LIMIT, Limit, PAIR_LIMIT, attempt_count};
use crate::store;
use crate::store::staff::Secrets;

/// What somebody shows to be let in.
pub struct SignIn {
    /// Who they say they are.
    pub login: String,
    /// Their password.
    pub password: String,
    /// The code of their authenticator app.
    pub totp: Option<String>,
    /// Where the attempt comes from; counted, never stored in the clear.
    pub address: String,
    /// The session the browser held before; it ends.
    pub replaces: Option<CurrentSession>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn(..)")
    }
}

/// Somebody who was let in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// What they may do somewhere.
    pub permissions: Vec<Permission>,
    /// Their session.
    pub session: OpenedSession,
}

/// The counters one attempt moves, by keyed fingerprint: no login and no address is stored.
#[derive(Clone, Copy)]
struct Counters {
    pair: [u8; 32],
    login: [u8; 32],
    address: [u8; 32],
}

impl Counters {
    const fn limits(&self) -> [(&[u8; 32], Limit); 3] {
        [
            (&self.pair, PAIR_LIMIT),
            (&self.login, LOGIN_LIMIT),
            (&self.address, ADDRESS_LIMIT),
        ]
    }
}

impl Access {
    /// Lets a member of staff in, or says why not. Every attempt is counted before it is looked at and
    /// taken back when it succeeds, so that many at once cannot slip through together.
    ///
    /// # Errors
    /// `access.bad_credentials`, `access.totp_required`, `access.locked`.
    pub async fn sign_in(&self, ctx: &Ctx, input: SignIn) -> Result<SignedIn> {
        let login = input.login.trim().to_lowercase();
        let counters = self.counters(&login, &input.address)?;
        let known = self.attempt_begin(counters, login).await?;
        let (staff, stored) = known.map_or((None, None), |(staff, secrets)| (Some(staff), Some(secrets)));

        let hash = stored.as_ref().map(|s| s.password_hash.as_str());
        let verdict = self.0.passwords.verify(&input.password, hash).await?;
        let (Some(staff), Some(secrets)) = (staff, stored) else {
            return self.refuse(ctx, None, &BAD_CREDENTIALS).await;
        };
        if verdict == Verdict::Wrong || !staff.active {
            return self.refuse(ctx, Some(&staff), &BAD_CREDENTIALS).await;
        }
        let step = if staff.totp_enabled {
            match self.totp_step(&staff, &secrets, input.totp.as_deref()).await? {
                Some(step) => Some(step),
                None if input.totp.is_none() => return Err(Error::new(&TOTP_REQUIRED)),
                None => return self.refuse(ctx, Some(&staff), &TOTP_REQUIRED).await,
            }
        } else {
            None
        };
        let rehash = match verdict {
            Verdict::RightButOutdated => Some(self.0.passwords.hash(&input.password).await?),
            _ => None,
        };
        let admitted = Admitted {
            staff,
            secrets,
            step,
            rehash,
            replaces: input.replaces,
            counters,
        };
        let refused = admitted.staff.clone();
        match self.admit(ctx, admitted).await {
            Err(error) if error.category() == Category::Unauthenticated => {
                self.audit_refusal(ctx, Some(&refused), error.code()).await?;
                Err(error)
            }
            outcome => outcome,
        }
    }

    fn counters(&self, login: &str, address: &str) -> Result<Counters> {
        let mac = |kind: &str, what: &str| self.0.keys.mac(ATTEMPT, format!("{kind}\0{what}").as_bytes());
        Ok(Counters {
            pair: mac("pair", &format!("{login}\0{address}"))?,
            login: mac("login", login)?,
            address: mac("address", address)?,
        })
    }

    /// Counts an attempt, unless one of its counters is shut, and looks up who it is about.
    async fn attempt_begin(&self, counters: Counters, login: String) -> Result<Option<(Staff, Secrets)>> {
        self.0
            .db
            .write(async move |tx: &Tx| {
                let mut next = Vec::with_capacity(3);
                for (key, limit) in counters.limits() {
                    let known = store::attempt::get(tx, key).await?;
                    if let Some(until) = known.and_then(|a| a.locked_until(tx.now())) {
                        return Err(locked(until, tx.now()));
                    }
                    next.push((key, attempt_count(known, limit, tx.now())));
                }
                for (key, attempts) in next {
                    store::attempt::put(tx, key, attempts).await?;
                }
                store::staff::by_login(tx, &login).await
            })
            .await
    }

    async fn totp_step(
        &self,
        staff: &Staff,
        secrets: &Secrets,
        code: Option<&str>,
    ) -> Result<Option<TotpStep>> {
        let (Some(code), Some(sealed)) = (code, &secrets.totp_sealed) else {
            return Ok(None);
        };
        let secret = self.totp_open(staff.id, sealed)?;
        secret.check(code, self.0.db.now().await?, secrets.totp_last_step)
    }

    async fn refuse<T>(&self, ctx: &Ctx, staff: Option<&Staff>, code: &'static base::ErrorCode) -> Result<T> {
        self.audit_refusal(ctx, staff, code.code).await?;
        Err(Error::new(code))
    }

    /// The login somebody typed is not written down unless it is one: people type passwords there.
    async fn audit_refusal(&self, ctx: &Ctx, staff: Option<&Staff>, reason: &'static str) -> Result<()> {
        let (ctx, object) = (
            ctx.clone(),
            staff.map_or_else(|| "unknown".to_owned(), |s| s.id.to_string()),
        );
        self.0
            .db
            .write_guarded(async move |tx: &Tx| {
                audit_in(tx, &ctx, "session.refused", &object, json!({ "reason": reason })).await
            })
            .await
    }

    async fn admit(&self, ctx: &Ctx, admitted: Admitted) -> Result<SignedIn> {
        let (access, ctx) = (self.clone(), ctx.clone());
        let (staff, session) = self
            .0
            .db
            .write(async move |tx: &Tx| access.admit_in(tx, &ctx, &admitted).await)
            .await?;
        let rights = self.0.decider.rights(&Grants::Staff(staff.roles.clone()));
        Ok(SignedIn {
            staff,
            permissions: rights.permissions(),
            session,
        })
    }

    async fn admit_in(&self, tx: &Tx, ctx: &Ctx, admitted: &Admitted) -> Result<(Staff, OpenedSession)> {
        let refused = || Error::new(&BAD_CREDENTIALS);
        // Since the password was read, somebody may have changed it or shut the account.
        let (staff, secrets) = store::staff::by_id(tx, admitted.staff.id)
            .await?
            .ok_or_else(refused)?;
        let same = secrets.password_hash == admitted.secrets.password_hash
            && staff.totp_enabled == admitted.staff.totp_enabled;
        if !staff.active || !same {
            return Err(refused());
        }
        if let Some(step) = admitted.step
            && !store::staff::totp_take(tx, staff.id, step).await?
        {
            return Err(Error::new(&TOTP_REQUIRED));
        }
        if let Some(hash) = &admitted.rehash {
            store::staff::password_set(tx, staff.id, hash).await?;
        }
        store::attempt::delete(tx, &admitted.counters.pair).await?;
        store::attempt::delete(tx, &admitted.counters.login).await?;
        store::attempt::take_back(tx, &admitted.counters.address).await?;
        if let Some(old) = admitted
            .replaces
            .filter(|s| s.principal.kind() == SessionKind::Staff)
        {
            self.session_close_in(tx, old).await?;
        }
        let session = self.session_open_in(tx, Principal::Staff(staff.id)).await?;
        let facts = json!({ "session": session.id.to_string(), "totp": staff.totp_enabled });
        let by = self.ctx_of(&staff, ctx.request_id.clone());
        audit_in(tx, &by, "session.opened", staff.id, facts).await?;
        Ok((staff, session))
    }
}

/// An attempt that proved itself, before it is written down.
struct Admitted {
    staff: Staff,
    secrets: Secrets,
    step: Option<TotpStep>,
    rehash: Option<String>,
    replaces: Option<CurrentSession>,
    counters: Counters,
}

fn locked(until: Time, now: Time) -> Error {
    let seconds = until.since(now).as_secs().max(1);
    Error::new(&LOCKED).with("retry_after_s", seconds)
}
