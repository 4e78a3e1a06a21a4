//! The face of access.

mod api_key;
mod audit;
mod resolve;
mod session;
mod sign_in;
mod staff;
mod totp;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base::{Permission, Result, Time};
use crypto::{Cost, KeyRing, Passwords, Purpose};
use db::{Db, Tx};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::cache::Cache;
use crate::limit::{Limiter, RateLimit};
use crate::places::PlaceDirectory;
use crate::policy::Policies;
use crate::rights::Decider;
use crate::rules::SessionLife;
use crate::store;

pub use api_key::{NewApiKey, NewApiKeySecret};
pub use audit::{AUDIT_BELL, AuditVerdict, audit_in};
pub(crate) use resolve::Identity;
pub use sign_in::{SignIn, SignedIn};
pub use totp::TotpEnrolment;

const TOTP_SECRET: Purpose = Purpose::new("access.totp");
const ATTEMPT: Purpose = Purpose::new("access.attempt");
const AUDIT_HEAD: Purpose = Purpose::new("access.audit_head");
const API_KEY_ANSWER: Purpose = Purpose::new("access.api_key_answer");

/// How long ended sessions are kept, for questions about them.
const SESSION_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// How access behaves.
#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// How long staff stay signed in.
    pub staff_life: SessionLife,
    /// How long members stay signed in.
    pub member_life: SessionLife,
    /// How long a session or key is trusted without asking the store again. In the process that ends a
    /// session the end counts at once; on other nodes after this time at the latest.
    pub cache_ttl: Duration,
    /// How dear a password is to guess.
    pub password_cost: Cost,
    /// The name shown in authenticator apps.
    pub issuer: String,
    /// Whether a proxy of ours stands in front and says in `X-Forwarded-For` who calls.
    pub behind_proxy: bool,
    /// How many requests one caller may make: each signed-in person or machine, and each address of
    /// visitors. `None` counts nobody.
    pub rate_limit: Option<RateLimit>,
    /// Whether this process itself speaks TLS, so that cookies must never leave it in the clear.
    pub tls: bool,
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self {
            staff_life: SessionLife::STAFF,
            member_life: SessionLife::MEMBER,
            cache_ttl: Duration::from_secs(5),
            password_cost: Cost::DEFAULT,
            issuer: "Storeloop".to_owned(),
            behind_proxy: false,
            rate_limit: None,
            tls: false,
        }
    }
}

/// Who may do what, and who is here. Cheap to clone.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    db: Db,
    keys: KeyRing,
    passwords: Passwords,
    decider: Decider,
    cache: Arc<Cache>,
    limiter: Option<Limiter>,
    config: AccessConfig,
}

impl Access {
    /// Access over a migrated store.
    ///
    /// # Errors
    /// `access.policies` when the policies of this build do not hold together; `internal` when the password
    /// cost is not one Argon2 allows.
    pub fn new(db: Db, keys: KeyRing, places: PlaceDirectory, config: AccessConfig) -> Result<Self> {
        let passwords = Passwords::new(config.password_cost)?;
        let decider = Decider::new(places)?;
        let cache = Arc::new(Cache::new(config.cache_ttl));
        let limiter = config.rate_limit.map(Limiter::new);
        Ok(Self(Arc::new(Inner {
            db,
            keys,
            passwords,
            decider,
            cache,
            limiter,
            config,
        })))
    }

    /// How access behaves.
    #[must_use]
    pub fn config(&self) -> &AccessConfig {
        &self.0.config
    }

    /// Counts a request against its caller's rate.
    pub(crate) fn rate_check(&self, caller: &str) -> Result<()> {
        self.0
            .limiter
            .as_ref()
            .map_or(Ok(()), |limiter| limiter.check(caller))
    }

    /// Seals audit entries as they come and forgets what is over, until `shutdown` is done.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_until(shutdown.boxed()).boxed()
    }

    async fn run_until(self, mut shutdown: BoxFuture<'static, ()>) {
        const SEAL_EVERY: Duration = Duration::from_secs(1);
        const PRUNE_EVERY: Duration = Duration::from_secs(600);
        let mut bell = self.0.db.bell(AUDIT_BELL);
        let mut prune = tokio::time::interval(PRUNE_EVERY);
        let mut anchored = 0;
        loop {
            let outcome = tokio::select! {
                () = &mut shutdown => break,
                () = bell.rung() => self.audit_seal().await.map(|_| ()),
                () = tokio::time::sleep(SEAL_EVERY) => self.audit_seal().await.map(|_| ()),
                _ = prune.tick() => {
                    anchored = self.log_anchor(anchored).await;
                    self.prune().await
                }
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, "access housekeeping failed and will be tried again");
                tokio::time::sleep(SEAL_EVERY).await;
            }
        }
        match self.audit_seal().await {
            Ok(_) => {
                self.log_anchor(anchored).await;
            }
            Err(error) => tracing::warn!(%error, "the last audit entries are not sealed yet"),
        }
    }

    /// Forgets sessions long over and attempts nobody counts any more.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn prune(&self) -> Result<()> {
        self.0
            .db
            .write_guarded(async |tx: &Tx| {
                let before: Time = tx.now().before(SESSION_KEPT);
                store::session::prune(tx, before).await?;
                store::attempt::prune(tx, tx.now()).await?;
                Ok(())
            })
            .await
    }
}

/// Every permission the policies know. The composition root compares them with what the domains declare.
///
/// # Errors
/// `access.policies`.
pub fn known_permissions() -> Result<Vec<Permission>> {
    Ok(Policies::load()?.permissions().to_vec())
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Access(..)")
    }
}
