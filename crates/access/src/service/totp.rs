//! The second factor: set up, confirmed, switched off.

use std::fmt;

use base::{Ctx, Error, Result, StaffId, codes};
use crypto::TotpSecret;
use db::{Reader, Tx};
use serde_json::json;

use super::{Access, TOTP_SECRET, audit_in};
use crate::error::{TOTP_ENABLED, TOTP_NOT_STARTED, TOTP_WRONG};
use crate::model::Staff;
use crate::store;
use crate::store::staff::Secrets;

/// What the authenticator app needs. Shown once.
pub struct TotpEnrolment {
    /// The secret, to be typed in.
    pub secret: String,
    /// The same, to be scanned.
    pub otpauth_url: String,
}

impl fmt::Debug for TotpEnrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpEnrolment(..)")
    }
}

impl Access {
    /// Begins to set up the caller's authenticator; it counts once confirmed.
    ///
    /// # Errors
    /// `access.unauthenticated` when the caller is not staff; `access.totp_enabled`.
    pub async fn totp_enrol(&self, ctx: &Ctx) -> Result<TotpEnrolment> {
        let (staff, _) = self.caller(ctx).await?;
        let secret = TotpSecret::random()?;
        let sealed = self
            .0
            .keys
            .seal(TOTP_SECRET, staff.id.to_string().as_bytes(), secret.bytes())?;
        let started = self
            .0
            .db
            .write_guarded(async move |tx: &Tx| store::staff::totp_start(tx, staff.id, &sealed).await)
            .await?;
        if !started {
            return Err(Error::new(&TOTP_ENABLED));
        }
        Ok(TotpEnrolment {
            secret: secret.base32(),
            otpauth_url: secret.otpauth_url(&self.0.config.issuer, &staff.login),
        })
    }

    /// Switches the authenticator on, once a code proves that the app has the secret.
    ///
    /// # Errors
    /// `access.totp_not_started`, `access.totp_enabled`, `access.totp_wrong`.
    pub async fn totp_confirm(&self, ctx: &Ctx, code: &str) -> Result<()> {
        self.totp_switch(ctx, code, true).await
    }

    /// Switches the authenticator off, against a code of it.
    ///
    /// # Errors
    /// `access.totp_not_started` when it is not on; `access.totp_wrong`.
    pub async fn totp_disable(&self, ctx: &Ctx, code: &str) -> Result<()> {
        self.totp_switch(ctx, code, false).await
    }

    async fn totp_switch(&self, ctx: &Ctx, code: &str, on: bool) -> Result<()> {
        let (staff, secrets) = self.caller(ctx).await?;
        let sealed = secrets.totp_sealed.ok_or_else(|| Error::new(&TOTP_NOT_STARTED))?;
        match (on, staff.totp_enabled) {
            (true, true) => return Err(Error::new(&TOTP_ENABLED)),
            (false, false) => return Err(Error::new(&TOTP_NOT_STARTED)),
            _ => {}
        }
        let now = self.0.db.now().await?;
        let wrong = || Error::new(&TOTP_WRONG);
        let step = self
            .totp_open(staff.id, &sealed)?
            .check(code, now, secrets.totp_last_step)?
            .ok_or_else(wrong)?;
        let ctx = ctx.clone();
        self.0
            .db
            .write(async move |tx: &Tx| {
                if !store::staff::totp_take(tx, staff.id, step).await? {
                    return Err(wrong());
                }
                let action = if on {
                    store::staff::totp_enable(tx, staff.id).await?;
                    "totp.enabled"
                } else {
                    store::staff::totp_clear(tx, staff.id).await?;
                    "totp.disabled"
                };
                audit_in(tx, &ctx, action, staff.id, json!({})).await
            })
            .await
    }

    pub(super) fn totp_open(&self, id: StaffId, sealed: &[u8]) -> Result<TotpSecret> {
        let bytes = self.0.keys.open(TOTP_SECRET, id.to_string().as_bytes(), sealed)?;
        Ok(TotpSecret::from_bytes(&bytes))
    }

    async fn caller(&self, ctx: &Ctx) -> Result<(Staff, Secrets)> {
        let unknown = || Error::new(&codes::UNAUTHENTICATED);
        let id = ctx.staff_id().ok_or_else(unknown)?;
        let found = self
            .0
            .db
            .read(async move |reader: &Reader| store::staff::by_id(reader, id).await)
            .await?;
        found.ok_or_else(unknown)
    }
}
