//! Passwords of people: Argon2id, off the async threads, a few at a time.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base::{Error, Result};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::BUSY;

/// How dear one guess is. Kept inside every hash, so that raising it later strands nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// 32 MiB, three passes, one lane: above OWASP's minimum (19 MiB, two passes); about 50 ms of one core.
    pub const DEFAULT: Self = Self {
        memory_kib: 32 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// The least Argon2 allows, for tests that sign many people in. Never for people.
    pub const TEST: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
}

/// What a check found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Not the password, or nobody has that login.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed at another cost than today's: hash it again and store that.
    RightButOutdated,
}

/// Checks that may run at once: the memory they need is this times [`Cost::memory_kib`].
const PARALLEL: usize = 2;

/// Checks that may wait for a turn; one more is told to come back.
const QUEUE: usize = 64;

/// Hashes and checks passwords. Cheap to clone; clones share the turn-taking.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    params: Params,
    decoy: String,
    running: Semaphore,
    admitted: Semaphore,
}

impl Passwords {
    /// At a cost.
    ///
    /// # Errors
    /// `internal` when Argon2 does not allow the cost.
    pub fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|e| Error::internal(e.to_string()))?;
        // A hash no password has, at today's cost: checking against it takes as long as checking a real
        // one, so that the time taken does not tell whether a login exists.
        let decoy = format!(
            "$argon2id$v=19$m={},t={},p={}$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            cost.memory_kib, cost.passes, cost.lanes
        );
        let running = Semaphore::new(PARALLEL);
        let admitted = Semaphore::new(PARALLEL + QUEUE);
        Ok(Self(Arc::new(Inner {
            params,
            decoy,
            running,
            admitted,
        })))
    }

    /// The hash to store, in PHC form with a salt of its own.
    ///
    /// # Errors
    /// `crypto.busy` when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = Zeroizing::new(password.to_owned());
        self.in_turn(move |argon| {
            argon
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|e| Error::internal(e.to_string()))
        })
        .await
    }

    /// Checks a password against a stored hash, or against nothing in the same time when nobody has that
    /// login.
    ///
    /// # Errors
    /// `crypto.busy` when too many wait; `internal` when the stored hash is not one.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict> {
        let password = Zeroizing::new(password.to_owned());
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.0.decoy).to_owned();
        let wanted = self.0.params.clone();
        self.in_turn(move |argon| {
            let hash = PasswordHash::new(&stored).map_err(|e| Error::internal(e.to_string()))?;
            if argon.verify_password(password.as_bytes(), &hash).is_err() || !known {
                return Ok(Verdict::Wrong);
            }
            let same_cost = Params::try_from(&hash).is_ok_and(|used| {
                (used.m_cost(), used.t_cost(), used.p_cost())
                    == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
            });
            Ok(if same_cost {
                Verdict::Right
            } else {
                Verdict::RightButOutdated
            })
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _admitted = self.0.admitted.try_acquire().map_err(|_| Error::new(&BUSY))?;
        let _running = self.0.running.acquire().await.map_err(Error::internal)?;
        let params = self.0.params.clone();
        tokio::task::spawn_blocking(move || work(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)))
            .await
            .map_err(Error::internal)?
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_password_and_only_it_is_right() {
        let passwords = Passwords::new(Cost::TEST).unwrap();
        let stored = passwords.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("correct horse").await.unwrap(), "salted");
        assert_eq!(
            passwords.verify("correct horse", Some(&stored)).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            passwords.verify("correct house", Some(&stored)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(passwords.verify("", Some(&stored)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new(Cost::TEST).unwrap();
        assert_eq!(passwords.verify("anything", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_taken_and_reported() {
        let stored = Passwords::new(Cost::TEST)
            .unwrap()
            .hash("correct horse")
            .await
            .unwrap();
        let dearer = Passwords::new(Cost {
            memory_kib: 16,
            ..Cost::TEST
        })
        .unwrap();
        assert_eq!(
            dearer.verify("correct horse", Some(&stored)).await.unwrap(),
            Verdict::RightButOutdated
        );
    }

    #[tokio::test]
    async fn the_default_cost_is_allowed_and_its_decoy_is_a_hash() {
        let passwords = Passwords::new(Cost::DEFAULT).unwrap();
        assert_eq!(passwords.verify("anything", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away_and_the_rest_served() {
        let passwords = Passwords::new(Cost::TEST).unwrap();
        let held = passwords
            .0
            .admitted
            .acquire_many((PARALLEL + QUEUE) as u32)
            .await
            .unwrap();
        assert!(passwords.verify("x", None).await.unwrap_err().is(&BUSY));
        drop(held);
        assert!(passwords.verify("x", None).await.is_ok());
    }
}
