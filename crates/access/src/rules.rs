//! Decisions without a store: what may be a login or a password, when a login is locked, how long a session
//! lives.

use std::fmt;
use std::time::Duration;

use base::{Error, Result, Time, codes};
use crypto::digest;
use serde_json::Map;

use crate::error::{PASSWORD_TOO_COMMON, PASSWORD_TOO_SHORT};

const LOGIN_MIN: usize = 2;
const LOGIN_MAX: usize = 64;
const NAME_MAX: usize = 100;
const EMAIL_MAX: usize = 254;

/// The shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// The longest password, in characters: enough for a sentence, too short to make hashing dear.
pub const PASSWORD_MAX: usize = 128;

/// The name somebody signs in with: letters, digits and `. _ - @ +`, lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Login(String);

impl Login {
    /// A login, brought to lower case.
    ///
    /// # Errors
    /// `input.invalid` naming the field `login`.
    pub fn parse(text: &str) -> Result<Self> {
        let login = text.trim().to_ascii_lowercase();
        let fits = (LOGIN_MIN..=LOGIN_MAX).contains(&login.len());
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@+".contains(&b);
        if fits && login.bytes().all(known) {
            return Ok(Self(login));
        }
        let reason = format!("{LOGIN_MIN}-{LOGIN_MAX}: a-z 0-9 . _ - @ +");
        Err(malformed("login", reason))
    }

    /// The login.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name people read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonName(String);

impl PersonName {
    /// A name without blanks around it.
    ///
    /// # Errors
    /// `input.invalid` naming the field `name`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        if name.is_empty() {
            return Err(Error::field("name", &codes::REQUIRED));
        }
        check_length("name", name, NAME_MAX)?;
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where mail goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Email(String);

impl Email {
    /// Something that can be an address; only a message that arrives proves one.
    ///
    /// # Errors
    /// `input.invalid` naming the field `email`.
    pub fn parse(text: &str) -> Result<Self> {
        let email = text.trim();
        check_length("email", email, EMAIL_MAX)?;
        let parts = email.rsplit_once('@');
        let plausible = parts.is_some_and(|(local, host)| {
            !local.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        });
        if plausible && !email.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Ok(Self(email.to_owned()));
        }
        Err(malformed("email", "name@example.com"))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password fit to be set. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

/// What people choose first, as far as it is long enough to be taken at all.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "1q2w3e4r5t",
    "qwertyuiop",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "iloveyou123",
    "administrator",
    "woaini1314520",
    "woaini520520",
    "a123456789",
    "qq123456789",
    "zxcvbnm123",
    "asdfghjkl123",
    "letmein1234",
    "welcome1234",
    "abcd123456",
    "abc123456789",
];

impl NewPassword {
    /// A password that is not among the first to be guessed.
    ///
    /// # Errors
    /// `input.invalid` naming the field `password`.
    pub fn parse(text: &str, login: &str) -> Result<Self> {
        let length = text.chars().count();
        if length < PASSWORD_MIN {
            let facts = [("min".to_owned(), PASSWORD_MIN.into())].into_iter().collect();
            return Err(Error::new(&codes::INVALID_INPUT).and_field("password", &PASSWORD_TOO_SHORT, facts));
        }
        check_length("password", text, PASSWORD_MAX)?;
        let lower = text.to_lowercase();
        let distinct = lower.chars().collect::<std::collections::BTreeSet<_>>().len();
        if distinct < 4 || COMMON.contains(&lower.as_str()) || (!login.is_empty() && lower.starts_with(login))
        {
            return Err(Error::field("password", &PASSWORD_TOO_COMMON));
        }
        Ok(Self(text.to_owned()))
    }

    /// The password, for hashing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}

pub(crate) fn check_length(field: &str, text: &str, max: usize) -> Result<()> {
    if text.chars().count() <= max {
        return Ok(());
    }
    let facts = [("max".to_owned(), max.into())].into_iter().collect();
    Err(Error::new(&codes::INVALID_INPUT).and_field(field, &codes::TOO_LONG, facts))
}

pub(crate) fn malformed(field: &str, reason: impl Into<String>) -> Error {
    let facts: Map<_, _> = [("reason".to_owned(), reason.into().into())]
        .into_iter()
        .collect();
    Error::new(&codes::INVALID_INPUT).and_field(field, &codes::MALFORMED, facts)
}

/// How many attempts one counter allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limit {
    /// Attempts without success within a window.
    pub(crate) attempts: i64,
    /// How long attempts are remembered.
    pub(crate) window: Duration,
    /// How long it stays shut after the last of them.
    pub(crate) lock: Duration,
}

const MINUTE: Duration = Duration::from_secs(60);

/// One login from one address: somebody guessing, or somebody who forgot.
pub(crate) const PAIR_LIMIT: Limit = Limit {
    attempts: 5,
    window: MINUTE.saturating_mul(15),
    lock: MINUTE.saturating_mul(15),
};
/// One login from anywhere: a guess spread over addresses. Higher, since it lets a stranger shut somebody out.
pub(crate) const LOGIN_LIMIT: Limit = Limit {
    attempts: 30,
    window: MINUTE.saturating_mul(60),
    lock: MINUTE.saturating_mul(15),
};
/// One address with any login: one password tried on many. A whole shop may share an address.
pub(crate) const ADDRESS_LIMIT: Limit = Limit {
    attempts: 100,
    window: MINUTE.saturating_mul(60),
    lock: MINUTE.saturating_mul(15),
};

/// What one counter remembers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Attempts {
    pub(crate) failures: i64,
    pub(crate) window_ends_at: Time,
    pub(crate) locked_until_at: Time,
}

impl Attempts {
    /// When it opens again, if it is shut.
    pub(crate) fn locked_until(self, now: Time) -> Option<Time> {
        (self.locked_until_at > now).then_some(self.locked_until_at)
    }
}

/// Counts an attempt before it is made, as if it had failed: many at once cannot slip through together. A
/// success takes it back.
pub(crate) fn attempt_count(known: Option<Attempts>, limit: Limit, now: Time) -> Attempts {
    let open = known.filter(|a| a.window_ends_at > now && a.locked_until_at.micros() == 0);
    let mut next = open.unwrap_or(Attempts {
        failures: 0,
        window_ends_at: now.after(limit.window),
        locked_until_at: Time::from_micros(0),
    });
    next.failures = next.failures.saturating_add(1);
    if next.failures >= limit.attempts {
        next.locked_until_at = now.after(limit.lock);
    }
    next
}

/// How long sessions live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionLife {
    /// Without use.
    pub idle: Duration,
    /// However much it is used.
    pub total: Duration,
}

impl SessionLife {
    /// A working day without use, a week in all.
    pub const STAFF: Self = Self {
        idle: Duration::from_secs(12 * 3_600),
        total: Duration::from_secs(7 * 86_400),
    };
    /// A month without use, a year in all.
    pub const MEMBER: Self = Self {
        idle: Duration::from_secs(30 * 86_400),
        total: Duration::from_secs(365 * 86_400),
    };

    /// Where the end of a session that is used now moves to, once a tenth of the idle time has passed; not
    /// at every request, so that reading does not write.
    pub(crate) fn slide(self, expires_at: Time, ends_at: Time, now: Time) -> Option<Time> {
        let fresh = now.after(self.idle).min(ends_at);
        (fresh.since(expires_at) > self.idle / 10).then_some(fresh)
    }
}

/// One entry of the audit trail as it is hashed.
pub(crate) struct Sealing<'a> {
    pub(crate) seq: i64,
    pub(crate) id: &'a str,
    pub(crate) at: Time,
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    pub(crate) object: &'a str,
    pub(crate) facts_json: &'a str,
    pub(crate) request_id: &'a str,
}

/// The hash before the first entry.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// The chain's hash at an entry: SHA-256 over the hash before it and every field, each with its length in
/// front, so that no two entries read the same.
pub(crate) fn chain_hash(previous: &[u8; 32], entry: &Sealing<'_>) -> [u8; 32] {
    let (seq, at) = (entry.seq.to_be_bytes(), entry.at.micros().to_be_bytes());
    let fields: [&[u8]; 9] = [
        previous,
        &seq,
        entry.id.as_bytes(),
        &at,
        entry.actor.as_bytes(),
        entry.action.as_bytes(),
        entry.object.as_bytes(),
        entry.facts_json.as_bytes(),
        entry.request_id.as_bytes(),
    ];
    let mut canonical = Vec::with_capacity(fields.iter().map(|f| f.len() + 8).sum());
    for field in fields {
        canonical.extend_from_slice(&(field.len() as u64).to_be_bytes());
        canonical.extend_from_slice(field);
    }
    digest(&canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Time = Time::from_seconds(1_800_000_000);

    #[test]
    fn logins_are_lower_case_and_plain() {
        assert_eq!(Login::parse(" Li.Lei@Shop ").unwrap().as_str(), "li.lei@shop");
        for bad in ["", "a", "李雷", "a b", &"x".repeat(65), "a'--"] {
            assert!(Login::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn easy_passwords_are_refused() {
        for (bad, code) in [
            ("short", "access.password_too_short"),
            ("aaaaaaaaaaaa", "access.password_too_common"),
            ("1234567890", "access.password_too_common"),
            ("PASSWORD123", "access.password_too_common"),
            ("lilei-lilei-1", "access.password_too_common"),
        ] {
            let refused = NewPassword::parse(bad, "lilei").unwrap_err();
            assert_eq!(refused.fields()[0].code.code, code, "{bad}");
        }
        assert!(NewPassword::parse(&"ab1".repeat(50), "lilei").is_err());
        let good = NewPassword::parse("四个字的密码加十个", "lilei");
        assert!(good.is_err(), "nine characters");
        let good = NewPassword::parse("storeloop-demo", "lilei").unwrap();
        assert_eq!(format!("{good:?}"), "NewPassword(..)");
    }

    #[test]
    fn the_fifth_attempt_is_the_last_before_the_lock() {
        let mut known = None;
        for n in 1..=5 {
            assert!(
                known.is_none_or(|a: Attempts| a.locked_until(NOW).is_none()),
                "attempt {n} is let in"
            );
            known = Some(attempt_count(known, PAIR_LIMIT, NOW));
        }
        let locked = known.unwrap();
        assert_eq!(locked.locked_until(NOW), Some(NOW.after(PAIR_LIMIT.lock)));

        let later = NOW.after(PAIR_LIMIT.lock);
        assert_eq!(locked.locked_until(later), None);
        assert_eq!(
            attempt_count(Some(locked), PAIR_LIMIT, later).failures,
            1,
            "counted afresh"
        );
    }

    #[test]
    fn attempts_are_forgotten_after_their_window() {
        let one = attempt_count(None, PAIR_LIMIT, NOW);
        assert_eq!(attempt_count(Some(one), PAIR_LIMIT, NOW).failures, 2);
        assert_eq!(
            attempt_count(Some(one), PAIR_LIMIT, NOW.after(PAIR_LIMIT.window)).failures,
            1
        );
    }

    #[test]
    fn a_session_slides_seldom_and_never_past_its_end() {
        let life = SessionLife {
            idle: Duration::from_secs(100),
            total: Duration::from_secs(250),
        };
        let (opened, ends) = (NOW, NOW.after(life.total));
        let expires = opened.after(life.idle);
        assert_eq!(
            life.slide(expires, ends, NOW.after(Duration::from_secs(10))),
            None
        );
        let at = NOW.after(Duration::from_secs(11));
        assert_eq!(life.slide(expires, ends, at), Some(at.after(life.idle)));
        assert_eq!(life.slide(ends, ends, NOW.after(Duration::from_secs(249))), None);
    }

    fn entry<'a>(seq: i64, actor: &'a str, action: &'a str, facts: &'a str) -> Sealing<'a> {
        Sealing {
            seq,
            id: "evt",
            at: NOW,
            actor,
            action,
            object: "o",
            facts_json: facts,
            request_id: "r",
        }
    }

    proptest! {
        #[test]
        fn fields_never_run_into_each_other(a in "[a-z]{0,4}", b in "[a-z]{0,4}", c in "[a-z]{0,4}", d in "[a-z]{0,4}") {
            let one = chain_hash(&GENESIS, &entry(1, &a, &b, "{}"));
            let two = chain_hash(&GENESIS, &entry(1, &c, &d, "{}"));
            prop_assert_eq!(one == two, (a, b) == (c, d));
        }
    }

    #[test]
    fn the_hash_depends_on_everything_before() {
        let first = chain_hash(&GENESIS, &entry(1, "a", "b", "{}"));
        assert_ne!(
            chain_hash(&first, &entry(2, "a", "b", "{}")),
            chain_hash(&GENESIS, &entry(2, "a", "b", "{}"))
        );
        assert_ne!(first, chain_hash(&GENESIS, &entry(1, "a", "b", "{ }")));
    }
}
