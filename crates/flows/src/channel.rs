//! What is there, seen through a channel: the places it sells from, less what it leaves there for the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Channel, Result};
use channels::View;
use db::Reader;
use places::Book;
use stock::{Available, HoldLine, Key, Leave};

use crate::Flows;

/// What a channel sees of what is there. Places nobody knows are left out.
pub(crate) fn seen(available: Vec<Available>, view: &View, book: &Book) -> Vec<Available> {
    if view.sees_all() {
        return available;
    }
    let seen = available.into_iter().filter_map(|there| {
        let place = book.get(there.place_id)?;
        Some(Available {
            available: view.sees(there.sku_id, place, there.available),
            ..there
        })
    });
    seen.collect()
}

/// What a channel leaves of the balances that lines draw on.
pub(crate) fn leave(lines: &[HoldLine], view: &View) -> Leave {
    if !view.leaves_anything() {
        return Leave::default();
    }
    let keys = lines.iter().map(HoldLine::key);
    keys.map(|key| (key, leaves(view, key))).collect()
}

/// What a channel leaves of one balance.
pub(crate) fn leaves(view: &View, key: Key) -> i64 {
    view.leaves(key.sku_id, key.place_id)
}

/// What a channel leaves where somebody takes pieces: nothing of balances of which they take no more than they had.
pub(crate) struct Taking {
    view: Arc<View>,
    had: BTreeMap<Key, i64>,
}

impl Taking {
    pub(crate) fn new(view: Arc<View>, had: &[HoldLine]) -> Self {
        Self {
            view,
            had: by_key(had),
        }
    }

    pub(crate) fn leave(&self, lines: &[HoldLine]) -> Leave {
        let beyond = by_key(lines)
            .into_iter()
            .filter(|(key, pieces)| *pieces > self.had.get(key).copied().unwrap_or(0));
        beyond.map(|(key, _)| (key, leaves(&self.view, key))).collect()
    }
}

fn by_key(lines: &[HoldLine]) -> BTreeMap<Key, i64> {
    let mut sums = BTreeMap::new();
    for line in lines {
        *sums.entry(line.key()).or_default() += line.quantity;
    }
    sums
}

impl Flows {
    /// How a channel sees what is there; nobody's channel sees everything.
    pub(crate) async fn view(&self, channel: Option<Channel>) -> Result<Arc<View>> {
        match channel {
            Some(channel) => Ok(self.channels.views().await?.of(channel)),
            None => Ok(Arc::default()),
        }
    }

    /// The same within a read or a unit of work.
    pub(crate) async fn view_in(&self, r: &Reader, channel: Channel) -> Result<Arc<View>> {
        Ok(self.channels.views_in(r).await?.of(channel))
    }
}
