//! The audit trail: written beside the work, chained a moment later, checked by anybody who may.

use std::fmt::Display;

use base::{Ctx, Page, PageSize, Resource, Result};
use crypto::{KeyId, equal_in_constant_time, hex};
use db::{Reader, Tx};
use serde_json::Value;

use super::{AUDIT_HEAD, Access};
use crate::AUDIT_READ;
use crate::model::AuditEntry;
use crate::rules::{GENESIS, Sealing, chain_hash};
use crate::store::audit::{self as rows, Head, Link};

/// Rings when entries wait for their place in the chain.
pub const AUDIT_BELL: &str = "access.audit";

/// Entries sealed in one transaction.
const SEAL_BATCH: i64 = 500;

/// Links read at once when the chain is checked.
const VERIFY_BATCH: i64 = 1_000;

/// Writes an entry of the audit trail in the transaction of the work it tells of. For what staff and
/// machines do to rights, settings and people's data; not for the daily stream of orders and stock, which
/// have ledgers of their own.
///
/// `facts` name things by their identifiers and never hold personal data or secrets: entries cannot be
/// taken back.
///
/// # Errors
/// `db.unavailable`.
pub async fn audit_in(
    tx: &Tx,
    ctx: &Ctx,
    action: &'static str,
    object: impl Display,
    facts: Value,
) -> Result<()> {
    let facts = facts.to_string();
    let (actor, object) = (ctx.actor.to_string(), object.to_string());
    rows::pending_insert(tx, &actor, action, &object, &facts, &ctx.request_id.0).await?;
    tx.ring(AUDIT_BELL);
    Ok(())
}

/// What a check of the chain found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditVerdict {
    /// Whether every entry is as it was sealed and none is missing.
    pub ok: bool,
    /// How many entries were found good.
    pub entries: i64,
    /// The head of the chain, `number:hash`: keep it elsewhere, and a later check can prove that nothing up
    /// to there was taken away.
    pub head: String,
    /// The first number that does not fit.
    pub broken_at: Option<i64>,
}

impl Access {
    /// Gives waiting entries their place in the chain, in the order they were committed; tells how many.
    /// Any number of nodes may do this at once.
    ///
    /// # Errors
    /// `db.unavailable`, `db.contended`.
    pub async fn audit_seal(&self) -> Result<usize> {
        // Asked by reading first: mostly nothing waits, and the writer is left alone.
        let waits = self
            .0
            .db
            .read(async |reader: &Reader| rows::pending(reader, 1).await)
            .await?;
        let mut sealed = 0;
        while !waits.is_empty() {
            let access = self.clone();
            let batch = self
                .0
                .db
                .write(async move |tx: &Tx| access.seal_batch(tx).await)
                .await?;
            sealed += batch;
            if batch < SEAL_BATCH as usize {
                break;
            }
        }
        Ok(sealed)
    }

    async fn seal_batch(&self, tx: &Tx) -> Result<usize> {
        let waiting = rows::pending(tx, SEAL_BATCH).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let head = rows::head(tx).await?;
        let (mut seq, mut hash) = head.map_or((0, GENESIS), |head| (head.seq, head.hash));
        let mut links = Vec::with_capacity(waiting.len());
        for entry in waiting {
            seq += 1;
            let prev_hash = hash;
            hash = hash_link(seq, &prev_hash, &entry);
            links.push(Link {
                seq,
                entry,
                prev_hash,
                hash,
            });
        }
        // The head comes first: two sealers meet on its row, where the later one starts over, and not on the
        // numbers of the entries, where it would fail.
        let key = self.0.keys.current();
        let mac = self
            .0
            .keys
            .mac_with(key, AUDIT_HEAD, &head_bytes(seq, &hash))?
            .to_vec();
        rows::head_put(
            tx,
            &Head {
                seq,
                hash,
                key_id: key.get(),
                mac,
            },
        )
        .await?;
        rows::seal(tx, &links).await?;
        Ok(links.len())
    }

    /// Entries, newest first.
    ///
    /// # Errors
    /// `access.forbidden` without `audit.read`.
    pub async fn audit_list(
        &self,
        ctx: &Ctx,
        before: Option<i64>,
        actor: Option<String>,
        action: Option<String>,
        size: PageSize,
    ) -> Result<Page<AuditEntry>> {
        ctx.require(AUDIT_READ, &Resource::Chain)?;
        self.audit_seal().await?;
        let entries = self
            .0
            .db
            .read(async move |reader: &Reader| {
                rows::page(reader, before, actor.as_deref(), action.as_deref(), size).await
            })
            .await?;
        Page::from_surplus(entries, size, |entry| entry.seq)
    }

    /// Checks the whole chain: that every entry is as it was sealed, that none is missing, added or moved,
    /// that the chain ends where its signed head says, and, with an anchor kept from an earlier check, that
    /// it still passes through there.
    ///
    /// # Errors
    /// `access.forbidden` without `audit.read`; `db.unavailable`.
    pub async fn audit_verify(&self, ctx: &Ctx, anchor: Option<&str>) -> Result<AuditVerdict> {
        ctx.require(AUDIT_READ, &Resource::Chain)?;
        self.audit_seal().await?;
        let anchor = anchor.map(Anchor::parse);
        let (mut seq, mut hash) = (0, GENESIS);
        let broken = |seq: i64, hash: &[u8; 32]| AuditVerdict {
            ok: false,
            entries: seq,
            head: written(seq, hash),
            broken_at: Some(seq + 1),
        };
        loop {
            // The head comes from the same picture as the links, so that sealing may go on meanwhile.
            let (head, links) = self
                .0
                .db
                .read(async move |reader: &Reader| {
                    Ok((
                        rows::head(reader).await?,
                        rows::links_after(reader, seq, VERIFY_BATCH).await?,
                    ))
                })
                .await?;
            let is_last = links.len() < VERIFY_BATCH as usize;
            for link in links {
                let fits = link.seq == seq + 1
                    && link.prev_hash == hash
                    && link.hash == hash_link(link.seq, &hash, &link.entry);
                if !fits
                    || anchor
                        .as_ref()
                        .is_some_and(|a| a.contradicts(link.seq, &link.hash))
                {
                    return Ok(broken(seq, &hash));
                }
                (seq, hash) = (link.seq, link.hash);
            }
            if !is_last {
                continue;
            }
            let ends_well = match &head {
                None => seq == 0,
                Some(head) => seq == head.seq && hash == head.hash && self.is_signed(head)?,
            };
            if !ends_well || anchor.is_some_and(|a| a.is_after(seq)) {
                // Links beyond a head that ends earlier are not vouched for by anything.
                let vouched = head.map_or(0, |head| head.seq).min(seq);
                return Ok(AuditVerdict {
                    broken_at: Some(vouched + 1),
                    ..broken(seq, &hash)
                });
            }
            return Ok(AuditVerdict {
                ok: true,
                entries: seq,
                head: written(seq, &hash),
                broken_at: None,
            });
        }
    }

    fn is_signed(&self, head: &Head) -> Result<bool> {
        let Some(key) = KeyId::new(head.key_id) else {
            return Ok(false);
        };
        match self
            .0
            .keys
            .mac_with(key, AUDIT_HEAD, &head_bytes(head.seq, &head.hash))
        {
            Ok(mac) => Ok(equal_in_constant_time(&mac, &head.mac)),
            Err(error) if error.is(&crypto::KEY_UNKNOWN) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes the head into the log when it has moved, where it is out of reach of whoever can write to the
    /// database; tells how far the log now vouches.
    pub(super) async fn log_anchor(&self, logged: i64) -> i64 {
        let head = self
            .0
            .db
            .read(async |reader: &Reader| rows::head(reader).await)
            .await;
        match head {
            Ok(Some(head)) if head.seq > logged => {
                tracing::info!(
                    anchor = written(head.seq, &head.hash),
                    "audit trail sealed up to this anchor"
                );
                head.seq
            }
            _ => logged,
        }
    }
}

fn hash_link(seq: i64, previous: &[u8; 32], entry: &rows::Pending) -> [u8; 32] {
    chain_hash(
        previous,
        &Sealing {
            seq,
            id: &entry.id,
            at: entry.at,
            actor: &entry.actor,
            action: &entry.action,
            object: &entry.object,
            facts_json: &entry.facts_json,
            request_id: &entry.request_id,
        },
    )
}

fn head_bytes(seq: i64, hash: &[u8; 32]) -> Vec<u8> {
    [seq.to_be_bytes().as_slice(), hash].concat()
}

fn written(seq: i64, hash: &[u8; 32]) -> String {
    format!("{seq}:{}", hex(hash))
}

/// A head somebody kept.
struct Anchor {
    seq: Option<i64>,
    hash: String,
}

impl Anchor {
    fn parse(text: &str) -> Self {
        let (seq, hash) = text.trim().split_once(':').unwrap_or_default();
        Self {
            seq: seq.parse().ok(),
            hash: hash.to_owned(),
        }
    }

    fn contradicts(&self, seq: i64, hash: &[u8; 32]) -> bool {
        self.seq == Some(seq) && !self.hash.eq_ignore_ascii_case(&hex(hash))
    }

    /// Whether the chain ends before it, or it is no anchor at all.
    fn is_after(&self, seq: i64) -> bool {
        self.seq.is_none_or(|kept| kept > seq)
    }
}
