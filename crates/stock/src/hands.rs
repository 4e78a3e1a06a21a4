//! The balances a unit of work has taken into its hands: locked, decided on in memory, written back once.

use std::collections::BTreeSet;

use base::{Ctx, Result};
use db::Tx;
use futures_util::future::{try_join, try_join_all};

use crate::error;
use crate::events::BalanceChanged;
use crate::model::{HoldLine, Key};
use crate::rules::{self, Balances, Change};
use crate::{balance_store, hold_store};

/// Balances under lock. Whoever takes them puts them back, whatever was decided: what has run out meanwhile
/// may already be taken back in the tables.
pub(crate) struct Hands {
    taken: Balances,
    pub(crate) now: Balances,
    lapsed: BTreeSet<Key>,
}

impl Hands {
    /// Takes balances, in lock order. Those that are not there are empty.
    pub(crate) async fn take(tx: &Tx, mut keys: Vec<Key>) -> Result<Self> {
        keys.sort_unstable();
        keys.dedup();
        let taken = balance_store::balances_lock(tx, &keys).await?;
        Ok(Self {
            now: taken.clone(),
            taken,
            lapsed: BTreeSet::new(),
        })
    }

    /// Takes more balances. Out of order, so that two units may wait for each other; the store then runs one of
    /// them again. For rare cases only.
    pub(crate) async fn take_more(&mut self, tx: &Tx, mut keys: Vec<Key>) -> Result<()> {
        keys.retain(|key| !self.taken.contains_key(key));
        keys.sort_unstable();
        keys.dedup();
        let more = balance_store::balances_lock(tx, &keys).await?;
        self.now.extend(more.clone());
        self.taken.extend(more);
        Ok(())
    }

    /// Takes back what has run out on these balances; answers whether that freed anything. Asked again for the
    /// same balance it does nothing: the unit's instant does not move.
    pub(crate) async fn lapse(&mut self, tx: &Tx, keys: impl IntoIterator<Item = Key>) -> Result<bool> {
        let mut freed = false;
        for key in keys {
            if !self.now.contains_key(&key) || !self.lapsed.insert(key) {
                continue;
            }
            let quantity = hold_store::lapse(tx, key).await?;
            if quantity > 0 {
                freed = true;
                self.apply(
                    key,
                    Change {
                        reserved: -quantity,
                        ..Change::default()
                    },
                    false,
                )?;
            }
        }
        Ok(freed)
    }

    pub(crate) fn apply(&mut self, key: Key, change: Change, overriding: bool) -> Result<()> {
        rules::apply(&mut self.now, key, change, overriding)
    }

    /// Reserves all lines or none, taking back what has run out when that is needed. Of each balance so many pieces
    /// stay free.
    pub(crate) async fn reserve(
        &mut self,
        tx: &Tx,
        lines: &[HoldLine],
        leave: impl Fn(Key) -> i64,
    ) -> Result<()> {
        loop {
            let refusal = match rules::reserve(&mut self.now, lines, &leave) {
                Ok(()) => return Ok(()),
                Err(refusal) => refusal,
            };
            if !refusal.is(&error::INSUFFICIENT) || !self.lapse(tx, lines.iter().map(HoldLine::key)).await? {
                return Err(refusal);
            }
        }
    }

    pub(crate) fn unreserve(&mut self, lines: impl IntoIterator<Item = HoldLine>) -> Result<()> {
        rules::unreserve(&mut self.now, lines)
    }

    /// Writes back what changed and announces it, once per balance.
    pub(crate) async fn put(self, tx: &Tx, ctx: &Ctx) -> Result<()> {
        let changed: Vec<_> = self
            .now
            .into_iter()
            .filter(|(key, balance)| self.taken.get(key) != Some(balance))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let events: Vec<BalanceChanged> = changed
            .iter()
            .map(|(key, balance)| BalanceChanged {
                sku_id: key.sku_id,
                place_id: key.place_id,
                on_hand: balance.on_hand,
                available: balance.available().max(0),
            })
            .collect();
        let told = try_join_all(events.iter().map(|event| bus::emit(tx, ctx, event)));
        try_join(balance_store::balances_write(tx, changed), told).await?;
        Ok(())
    }
}
