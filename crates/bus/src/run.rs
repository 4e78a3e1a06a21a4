//! The bus of one process.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::{Ctx, Error, Result, Time};
use db::{Db, Reader, Tx};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, LocalBoxFuture, try_join_all};
use tokio::sync::{Mutex, broadcast};

use crate::deliver::{self, Place};
use crate::event::Envelope;
use crate::feed::Feed;
use crate::store;

/// How often other nodes' events are looked for.
const POLL: Duration = Duration::from_millis(200);
/// How long a broken store is left alone before the next try.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);
/// Live events a slow listener may fall behind by before it must resume with [`Bus::since`].
const LIVE_EVENTS: usize = 1_024;
/// Events one call of [`Bus::since`] answers at most, and one read of the tail.
const PAGE_EVENTS: i64 = 500;

/// Does something about an event, in the store, exactly once.
///
/// What it writes through `tx` is committed together with the subscriber's cursor. It must do nothing
/// outside `tx`; work in the outside world goes into a job enqueued here.
pub trait Handler: Send + Sync + 'static {
    /// Handles one event. May run again if the transaction did not commit.
    fn handle<'a>(&'a self, tx: &'a Tx, ctx: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>>;
}

/// Who listens to what.
#[derive(Clone)]
pub struct Subscriber {
    /// Unique and never changed: its cursor is stored under it.
    pub name: &'static str,
    /// Whole kinds (`orders.order_paid.v1`) or prefixes ending in a dot (`orders.`).
    pub kinds: &'static [&'static str],
    /// What to do.
    pub handler: Arc<dyn Handler>,
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscriber")
            .field("name", &self.name)
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

/// An event a subscriber could not take, or one waiting behind such a one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parked {
    /// Who could not take it.
    pub subscriber: String,
    /// Which event.
    pub position: i64,
    /// What it happened to; later events of it wait.
    pub aggregate: String,
    /// Failed tries.
    pub attempts: i64,
    /// The next try; empty when the tries are used up.
    pub retry_at: Option<Time>,
    /// What went wrong last.
    pub reason: String,
    /// Since when.
    pub parked_at: Time,
}

/// Delivers the outbox to its subscribers. Cheap to clone. Any number of nodes may run one on the same store.
#[derive(Clone, Debug)]
pub struct Bus {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    subscribers: Vec<(Subscriber, Mutex<Option<Place>>)>,
    feed: Feed,
    live: broadcast::Sender<Arc<Envelope>>,
    /// The last position told live; nothing before the first step.
    told: Mutex<Option<i64>>,
}

impl Bus {
    /// A bus over a store whose [`crate::MIGRATIONS`] are applied.
    #[must_use]
    pub fn new(db: Db, subscribers: Vec<Subscriber>) -> Self {
        let subscribers = subscribers.into_iter().map(|s| (s, Mutex::new(None))).collect();
        let live = broadcast::channel(LIVE_EVENTS).0;
        Self {
            inner: Arc::new(Inner {
                db,
                subscribers,
                feed: Feed::default(),
                live,
                told: Mutex::new(None),
            }),
        }
    }

    /// Delivers everything due, including what handlers announce meanwhile, and tells how many deliveries
    /// that were. For loops and tests; [`Bus::run`] calls it.
    ///
    /// # Errors
    /// `db.unavailable` and the like; a handler's failure is not one, it parks the event.
    pub async fn step(&self) -> Result<usize> {
        let mut total = 0;
        loop {
            self.place().await?;
            let (head, due) = self.pulse().await?;
            self.tell(head).await?;
            let has_tried = !due.is_empty();
            let retried = self.retry_due(due).await?;
            let delivered = self.deliver(head).await?;
            total += retried + delivered;
            if !has_tried && delivered == 0 {
                return Ok(total);
            }
        }
    }

    /// Steps whenever something was announced here or elsewhere, until `shutdown` completes.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_until(shutdown.boxed()).boxed()
    }

    async fn run_until(self, mut shutdown: BoxFuture<'static, ()>) {
        let mut bell = self.inner.db.bell(store::BELL);
        loop {
            let pause = match self.step().await {
                Ok(_) => POLL,
                Err(error) => {
                    tracing::error!(?error, "events could not be delivered");
                    PAUSE_AFTER_ERROR
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = bell.rung() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// The events of all kinds from now on, as this node hears of them. A listener that is told `Lagged`
    /// catches up with [`Bus::since`]. Told by [`Bus::step`], so nothing comes unless the bus runs.
    #[must_use]
    pub fn live(&self) -> broadcast::Receiver<Arc<Envelope>> {
        self.inner.live.subscribe()
    }

    /// The events after a position, in order, 500 at most; `kinds` as in [`Subscriber`], empty for all.
    /// None means that there are none up to the newest.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn since(&self, position: i64, kinds: &[&str]) -> Result<Vec<Envelope>> {
        let mut from = position;
        loop {
            let read = async move |reader: &Reader| store::after(reader, from, PAGE_EVENTS).await;
            let mut events = self.inner.db.read(read).await?;
            let Some(last) = events.last() else {
                return Ok(events);
            };
            from = last.position;
            events.retain(|event| kinds.is_empty() || matches(kinds, &event.kind));
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// The position of the newest event.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn head(&self) -> Result<i64> {
        self.inner
            .db
            .read(async |reader: &Reader| store::head(reader).await)
            .await
    }

    /// Forgets what happened before an instant and everybody has heard: every subscriber of this node, and those an
    /// event is parked for. A listener that comes back later than that finds no more than what is left.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn forget(&self, before: Time) -> Result<()> {
        let names: Vec<&'static str> = self.inner.subscribers.iter().map(|(s, _)| s.name).collect();
        let heard = async move |reader: &Reader| {
            let mut heard = store::head(reader).await?;
            for name in &names {
                heard = heard.min(store::cursor(reader, name).await?);
            }
            Ok(heard)
        };
        let heard = self.inner.db.read(heard).await?;
        while self
            .inner
            .db
            .write_guarded(async move |tx: &Tx| store::forget(tx, before, heard).await)
            .await?
        {}
        Ok(())
    }

    /// What is parked, oldest first, 500 at most.
    ///
    /// # Errors
    /// `db.unavailable`.
    pub async fn parked(&self) -> Result<Vec<Parked>> {
        self.inner
            .db
            .read(async |reader: &Reader| store::all_parked(reader, PAGE_EVENTS).await)
            .await
    }

    /// Gives a parked event its tries back, after its cause was mended.
    ///
    /// # Errors
    /// `not_found` when it is not parked.
    pub async fn retry(&self, subscriber: &str, position: i64) -> Result<()> {
        let name = subscriber.to_owned();
        self.inner
            .db
            .write_guarded(async move |tx: &Tx| {
                if store::release(tx, &name, position).await? {
                    tx.ring(store::BELL);
                    return Ok(());
                }
                Err(Error::not_found("parked event", position))
            })
            .await
    }

    /// Gives every committed event its position.
    async fn place(&self) -> Result<()> {
        let db = &self.inner.db;
        if !db
            .read(async |reader: &Reader| store::has_unplaced(reader).await)
            .await?
        {
            return Ok(());
        }
        while db.write_guarded(async |tx: &Tx| store::place(tx).await).await? {}
        Ok(())
    }

    /// The newest position, and what is parked and due for subscribers of this node.
    async fn pulse(&self) -> Result<(i64, Vec<Parked>)> {
        let read =
            async |reader: &Reader| Ok((store::head(reader).await?, store::due(reader, PAGE_EVENTS).await?));
        let (head, mut due) = self.inner.db.read(read).await?;
        due.retain(|parked| self.subscriber(&parked.subscriber).is_some());
        Ok((head, due))
    }

    fn subscriber(&self, name: &str) -> Option<&Subscriber> {
        self.inner
            .subscribers
            .iter()
            .map(|(subscriber, _)| subscriber)
            .find(|s| s.name == name)
    }

    /// Tells live listeners what is new up to `head`.
    async fn tell(&self, head: i64) -> Result<()> {
        let mut told = self.inner.told.lock().await;
        let mut from = told.unwrap_or(head);
        while from < head {
            let events = self.since(from, &[]).await?;
            let Some(last) = events.last() else { break };
            from = last.position;
            for event in events.into_iter().map(Arc::new) {
                self.inner.feed.push(Arc::clone(&event));
                // Nobody listens: nothing to tell.
                let _ = self.inner.live.send(event);
            }
            *told = Some(from);
        }
        *told = Some(from);
        Ok(())
    }

    async fn deliver(&self, head: i64) -> Result<usize> {
        let Inner { db, feed, .. } = &*self.inner;
        let each = self.inner.subscribers.iter().map(async |(subscriber, place)| {
            deliver::deliver(db, feed, subscriber, &mut *place.lock().await, head).await
        });
        Ok(try_join_all(each).await?.into_iter().sum())
    }

    /// Tries parked events whose time has come; tells how many were handled.
    async fn retry_due(&self, due: Vec<Parked>) -> Result<usize> {
        let mut handled = 0;
        for parked in due {
            if let Some(subscriber) = self.subscriber(&parked.subscriber) {
                handled += usize::from(deliver::retry(&self.inner.db, subscriber, parked).await?);
            }
        }
        Ok(handled)
    }
}

pub(crate) fn matches(kinds: &[&str], kind: &str) -> bool {
    kinds
        .iter()
        .any(|wanted| kind == *wanted || (wanted.ends_with('.') && kind.starts_with(wanted)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn kinds_match_whole_or_by_prefix() {
        assert!(matches(&["orders."], "orders.order_paid.v1"));
        assert!(matches(&["stock.hold_placed.v1"], "stock.hold_placed.v1"));
        assert!(!matches(&["stock.hold_placed.v1"], "stock.hold_placed.v10"));
        assert!(!matches(&["order"], "orders.order_paid.v1"));
    }
}
