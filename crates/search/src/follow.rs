//! How the index comes about and stays true: made from the catalogue when there is none, then kept by events.
//!
//! Each node follows the outbox for itself. Balances and products are told absolutely, not as differences, so that
//! hearing an event twice, or once more than was read, changes nothing in the end.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Error, EventId, PlaceId, ProductId, Result, SkuId};
use bus::{Envelope, Event};
use catalog::{Category, Component, ProductChanged};
use db::Reader;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use orders::events::OrderPlaced;
use stock::{BalanceChanged, Key};
use tokio::sync::Mutex;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::LOCKED;
use crate::card::Card;
use crate::index::{Entry, Stamp, TextIndex};
use crate::picture::Picture;
use crate::service::{Engine, Search};

/// What is listened to.
const KINDS: &[&str] = &[ProductChanged::KIND, BalanceChanged::KIND, OrderPlaced::KIND];
/// Products read and written at once.
const PRODUCTS_AT_ONCE: i64 = 500;
/// Balances read at once, and read before the first question is answered.
const BALANCES_AT_ONCE: i64 = 5_000;
const BALANCES_BEFORE_ANSWERS: usize = 100_000;
/// Events taken at once.
const EVENTS_AT_ONCE: usize = 1_000;
/// How often categories, places and synonyms are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often what sells is summed up anew, and over how long.
const SUM_EVERY: Duration = Duration::from_secs(3_600);
const SUM_OVER: Duration = Duration::from_secs(90 * 24 * 3_600);
/// Events heard before the index notes how far it is, although no product changed.
const NOTE_EVERY_EVENTS: i64 = 20_000;

/// How far this node has followed.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    position: i64,
    event: Option<EventId>,
    /// The position the index on disk says.
    noted: i64,
    categories: u64,
    /// The last balance looked at; done when `stock_done`.
    stock_after: Option<Key>,
    stock_done: bool,
    sums: Option<(Instant, i64)>,
    dirty: BTreeSet<ProductId>,
    /// SKUs of which more or less is there, or that are made of others now: the kits with them are looked at.
    moved: BTreeSet<SkuId>,
}

impl Follower {
    pub(crate) const fn position(&self) -> i64 {
        self.position
    }
}

fn print_of(categories: &[Category]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for category in categories {
        (category.id, category.parent_id).hash(&mut hasher);
        (&category.name.zh, &category.name.en).hash(&mut hasher);
    }
    hasher.finish()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

impl Search {
    // ---- opening ---------------------------------------------------------------------------------------------

    /// Opens the index of this node, or makes it. `anew` makes it whatever is there, and nowhere else.
    pub(crate) async fn open(&self, anew: bool) -> Result<Arc<Engine>> {
        let parts = &self.inner.parts;
        let folder = parts.folder.clone();
        let opened = blocking(move || TextIndex::open(folder.as_deref())).await;
        let (text, stamp) = match opened {
            Err(error) if error.is(&LOCKED) && !anew => {
                tracing::warn!("another process keeps the search index; this one keeps its own in memory");
                blocking(|| TextIndex::open(None)).await?
            }
            opened => opened?,
        };
        let categories = parts.catalog.category_list().await?;
        let print = print_of(&categories);
        let book = parts.places.book().await?;
        let empty = || {
            let mut picture = Picture::default();
            picture.put_categories(&categories);
            picture.put_places(&book);
            picture
        };
        let mut picture = empty();

        let mut stamp = stamp.filter(|stamp| !anew && stamp.categories == print);
        if let Some(told) = &stamp
            && (told.position == 0 || self.event_at(told.position).await? != told.event)
        {
            stamp = None;
        }
        if stamp.is_some() && !take_cards(&text, &mut picture)? {
            stamp = None;
            picture = empty();
        }
        let engine = Arc::new(Engine {
            text,
            picture: picture.into(),
            follower: Mutex::new(Follower {
                categories: print,
                ..Follower::default()
            }),
        });
        let mut follower = engine.follower.lock().await;
        match stamp {
            Some(stamp) => {
                (follower.position, follower.event) = (stamp.position, stamp.event);
                follower.noted = stamp.position;
            }
            None => self.make(&engine, &mut follower).await?,
        }
        self.look_at_stock(&engine, &mut follower, BALANCES_BEFORE_ANSWERS)
            .await?;
        if follower.stock_done {
            self.sum_sales(&engine, &mut follower).await?;
            self.catch_up(&engine, &mut follower).await?;
        }
        drop(follower);
        Ok(engine)
    }

    /// The identifier of the event at a position.
    async fn event_at(&self, position: i64) -> Result<Option<EventId>> {
        let events = self.inner.parts.bus.since(position - 1, &[]).await?;
        Ok(events
            .first()
            .filter(|event| event.position == position)
            .map(|event| event.id))
    }

    /// Makes the index from the catalogue. What changes meanwhile is announced after the position noted here.
    async fn make(&self, engine: &Arc<Engine>, follower: &mut Follower) -> Result<()> {
        let started = Instant::now();
        let catalog = &self.inner.parts.catalog;
        let position = self.inner.parts.bus.head().await?;
        let event = if position > 0 {
            self.event_at(position).await?
        } else {
            None
        };
        engine.text.begin_anew()?;
        let (mut after, mut products) = (None, 0);
        loop {
            let ids = catalog.product_ids_after(after, PRODUCTS_AT_ONCE).await?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            products += ids.len();
            let (entries, fresh) = self.entries(engine, &ids).await?;
            let kept = Arc::clone(engine);
            blocking(move || kept.text.add_anew(entries)).await?;
            if follower.stock_done {
                self.look_at(engine, &fresh).await?;
            }
        }
        (follower.position, follower.event, follower.noted) = (position, event, position);
        let (kept, stamp) = (
            Arc::clone(engine),
            Stamp::new(position, event, follower.categories),
        );
        blocking(move || kept.text.write(Vec::new(), &stamp)).await?;
        let elapsed_ms = started.elapsed().as_millis() as u64;
        tracing::info!(products, elapsed_ms, "the search index was made");
        Ok(())
    }

    /// What is to be written of some products, once the picture has them; and their SKUs it had not.
    async fn entries(&self, engine: &Arc<Engine>, ids: &[ProductId]) -> Result<(Vec<Entry>, Vec<SkuId>)> {
        let products = self.inner.parts.catalog.products_whole(ids).await?;
        let engine = Arc::clone(engine);
        blocking(move || {
            let (mut entries, mut fresh) = (Vec::with_capacity(products.len()), Vec::new());
            for product in &products {
                let card = Card::from(product);
                let (slot, skus) = engine.picture_mut().put(&card);
                fresh.extend(skus);
                let picture = engine.picture();
                let path = picture.path(card.category);
                entries.push(engine.text.entry(slot, product, &card, &path)?);
            }
            Ok((entries, fresh))
        })
        .await
    }

    // ---- stock and sales -------------------------------------------------------------------------------------

    /// Looks at the next balances; at so many at most.
    async fn look_at_stock(&self, engine: &Engine, follower: &mut Follower, most: usize) -> Result<()> {
        let mut seen = 0;
        while !follower.stock_done && seen < most {
            let stock = &self.inner.parts.stock;
            let rows = stock
                .availability_after(follower.stock_after, BALANCES_AT_ONCE)
                .await?;
            seen += rows.len();
            let mut skus: Vec<SkuId> = rows.iter().map(|row| row.sku_id).collect();
            skus.dedup();
            {
                let mut picture = engine.picture_mut();
                for row in &rows {
                    picture.put_stock(row.sku_id, row.place_id, row.available > 0);
                }
            }
            self.look_at_kits(engine, &skus).await?;
            let mut picture = engine.picture_mut();
            match rows.last() {
                Some(last) => follower.stock_after = Some(Key::new(last.sku_id, last.place_id)),
                None => {
                    follower.stock_done = true;
                    picture.set_stock_known();
                }
            }
        }
        Ok(())
    }

    /// Looks at the balances of SKUs the picture has just met.
    async fn look_at(&self, engine: &Engine, skus: &[SkuId]) -> Result<()> {
        let rows = self.inner.parts.stock.availability(skus).await?;
        {
            let mut picture = engine.picture_mut();
            for row in rows {
                picture.put_stock(row.sku_id, row.place_id, row.available > 0);
            }
        }
        self.look_at_kits(engine, skus).await
    }

    /// Looks at the kits among SKUs, and at those that are made of them: one is there where all of it is.
    async fn look_at_kits(&self, engine: &Engine, skus: &[SkuId]) -> Result<()> {
        let parts = &self.inner.parts;
        let kits = parts.catalog.kits_with(skus).await?;
        if kits.is_empty() {
            return Ok(());
        }
        let mut all: Vec<SkuId> = kits.values().flatten().map(|part| part.sku_id).collect();
        all.sort_unstable();
        all.dedup();
        let there: HashMap<(SkuId, PlaceId), i64> = parts
            .stock
            .availability(&all)
            .await?
            .into_iter()
            .map(|row| ((row.sku_id, row.place_id), row.available))
            .collect();
        let places: BTreeSet<PlaceId> = there.keys().map(|(_, place)| *place).collect();
        let mut picture = engine.picture_mut();
        for (kit, components) in &kits {
            for place in &places {
                let enough = |part: &Component| there.get(&(part.sku_id, *place)) >= Some(&part.quantity);
                picture.put_stock(*kit, *place, components.iter().all(enough));
            }
        }
        Ok(())
    }

    /// Looks at the kits of what has moved since.
    async fn look_at_moved_kits(&self, engine: &Engine, follower: &mut Follower) -> Result<()> {
        let moved: Vec<SkuId> = std::mem::take(&mut follower.moved).into_iter().collect();
        self.look_at_kits(engine, &moved).await
    }

    /// Sums up what sold; orders heard of up to here are in it.
    async fn sum_sales(&self, engine: &Engine, follower: &mut Follower) -> Result<()> {
        let head = self.inner.parts.bus.head().await?;
        let read =
            async |r: &Reader| orders::figures::pieces_by_product_in(r, r.now().before(SUM_OVER)).await;
        let sold = self.inner.parts.db.read(read).await?;
        engine.picture_mut().put_sold_all(&sold);
        follower.sums = Some((Instant::now(), head));
        Ok(())
    }

    // ---- following -------------------------------------------------------------------------------------------

    /// Looks at everything there is to look at and takes in every event so far; answers how many. For loops and
    /// tests; [`Search::run`] calls it.
    ///
    /// # Errors
    /// The store's.
    pub async fn step(&self) -> Result<usize> {
        let engine = self.engine().await?;
        let mut follower = engine.follower.lock().await;
        self.inner.thesaurus.refresh();
        let parts = &self.inner.parts;
        let book = parts.places.book().await?;
        engine.picture_mut().put_places(&book);
        let categories = parts.catalog.category_list().await?;
        let print = print_of(&categories);
        if print != follower.categories {
            engine.picture_mut().put_categories(&categories);
            follower.categories = print;
            self.make(&engine, &mut follower).await?;
        }
        self.look_at_stock(&engine, &mut follower, usize::MAX).await?;
        if follower.sums.is_none_or(|(since, _)| since.elapsed() > SUM_EVERY) {
            self.sum_sales(&engine, &mut follower).await?;
        }
        self.catch_up(&engine, &mut follower).await
    }

    async fn catch_up(&self, engine: &Arc<Engine>, follower: &mut Follower) -> Result<usize> {
        let mut taken = 0;
        loop {
            let head = self.inner.parts.bus.head().await?;
            let events = self.inner.parts.bus.since(follower.position, KINDS).await?;
            let Some(last) = events.last() else {
                // Nothing of interest up to there.
                if head > follower.position {
                    follower.event = self.event_at(head).await?;
                    follower.position = head;
                }
                self.note(engine, follower, NOTE_EVERY_EVENTS).await?;
                return Ok(taken);
            };
            taken += events.len();
            let (position, event) = (last.position, last.id);
            {
                let mut picture = engine.picture_mut();
                for event in &events {
                    hear(&mut picture, follower, event)?;
                }
            }
            (follower.position, follower.event) = (position, Some(event));
            self.write_dirty(engine, follower).await?;
            self.look_at_moved_kits(engine, follower).await?;
        }
    }

    /// Writes the products that have changed.
    async fn write_dirty(&self, engine: &Arc<Engine>, follower: &mut Follower) -> Result<()> {
        if follower.dirty.is_empty() {
            return Ok(());
        }
        let ids: Vec<ProductId> = follower.dirty.iter().copied().collect();
        let mut all = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(PRODUCTS_AT_ONCE as usize) {
            let (entries, fresh) = self.entries(engine, chunk).await?;
            self.look_at(engine, &fresh).await?;
            all.extend(entries);
        }
        let stamp = Stamp::new(follower.position, follower.event, follower.categories);
        let kept = Arc::clone(engine);
        blocking(move || kept.text.write(all, &stamp)).await?;
        follower.noted = follower.position;
        follower.dirty.clear();
        Ok(())
    }

    /// Notes how far the index is, when that is so many events farther than it says.
    async fn note(&self, engine: &Arc<Engine>, follower: &mut Follower, farther: i64) -> Result<()> {
        if follower.position - follower.noted < farther || engine.text.is_in_memory() {
            return Ok(());
        }
        let stamp = Stamp::new(follower.position, follower.event, follower.categories);
        let kept = Arc::clone(engine);
        blocking(move || kept.text.write(Vec::new(), &stamp)).await?;
        follower.noted = follower.position;
        Ok(())
    }

    /// Takes in events told live; false when some are missing before them.
    async fn take(&self, engine: &Arc<Engine>, events: &[Arc<Envelope>]) -> Result<bool> {
        let mut follower = engine.follower.lock().await;
        {
            let mut picture = engine.picture_mut();
            for event in events {
                if event.position <= follower.position {
                    continue;
                }
                if event.position > follower.position + 1 {
                    return Ok(false);
                }
                hear(&mut picture, &mut follower, event)?;
                (follower.position, follower.event) = (event.position, Some(event.id));
            }
        }
        self.write_dirty(engine, &mut follower).await?;
        self.look_at_moved_kits(engine, &mut follower).await?;
        self.note(engine, &mut follower, NOTE_EVERY_EVENTS).await?;
        Ok(true)
    }

    /// Follows whatever is announced, here or elsewhere, until `shutdown` completes.
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.run_until(shutdown.boxed()).boxed()
    }

    async fn run_until(self, mut shutdown: BoxFuture<'static, ()>) {
        loop {
            let live = self.inner.parts.bus.live();
            tokio::select! {
                () = &mut shutdown => break,
                followed = self.follow(live) => if let Err(error) = followed {
                    tracing::error!(?error, "the search index could not follow");
                    // What was heard and not written is read again.
                    tokio::select! {
                        () = &mut shutdown => break,
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                },
            }
        }
        if let Err(error) = self.note_last().await {
            tracing::warn!(?error, "the search index could not note how far it is");
        }
    }

    /// Steps, then takes in what is told live until it is time to look around again.
    async fn follow(&self, mut live: tokio::sync::broadcast::Receiver<Arc<Envelope>>) -> Result<()> {
        self.step().await?;
        let engine = self.engine().await?;
        let mut look = pin!(tokio::time::sleep(LOOK_EVERY));
        loop {
            let first = tokio::select! {
                () = &mut look => return Ok(()),
                told = live.recv() => match told {
                    Ok(event) => event,
                    Err(RecvError::Lagged(_)) => return Ok(()),
                    Err(RecvError::Closed) => {
                        look.as_mut().await;
                        return Ok(());
                    }
                },
            };
            let mut events = vec![first];
            while events.len() < EVENTS_AT_ONCE {
                match live.try_recv() {
                    Ok(event) => events.push(event),
                    Err(TryRecvError::Lagged(_)) => return Ok(()),
                    Err(_) => break,
                }
            }
            if !self.take(&engine, &events).await? {
                return Ok(());
            }
        }
    }

    async fn note_last(&self) -> Result<()> {
        let Some(engine) = self.opened() else {
            return Ok(());
        };
        let mut follower = engine.follower.lock().await;
        self.note(&engine, &mut follower, 1).await
    }

    /// Makes the index of the folder anew; answers how many products are in it.
    ///
    /// # Errors
    /// `search.locked` when a server keeps it.
    pub async fn rebuild(&self) -> Result<usize> {
        let engine = self.open(true).await?;
        Ok(engine.picture().len())
    }
}

/// Takes the cards of an index into a picture; false when the numbers have holes, and it must be made anew.
fn take_cards(text: &TextIndex, picture: &mut Picture) -> Result<bool> {
    for (slot, card) in text.cards()? {
        if picture.put(&card).0 != slot {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What an event changes in the picture, and which products must be written.
fn hear(picture: &mut Picture, follower: &mut Follower, event: &Envelope) -> Result<()> {
    if let Some(balance) = event.parse::<BalanceChanged>()? {
        picture.put_stock(balance.sku_id, balance.place_id, balance.available > 0);
        follower.moved.insert(balance.sku_id);
    } else if let Some(product) = event.parse::<ProductChanged>()? {
        follower.moved.extend(&product.sku_ids);
        follower.dirty.insert(product.product_id);
    } else if follower.sums.is_some_and(|(_, head)| event.position > head)
        && let Some(order) = event.parse::<OrderPlaced>()?
    {
        for line in order.lines {
            picture.add_sold(line.product_id, line.quantity);
        }
    }
    Ok(())
}
