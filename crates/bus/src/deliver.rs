//! Delivery to one subscriber.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base::{Category, Ctx, Error, RequestId, Result, Time};
use db::{Db, Reader, Tx};

use crate::event::Envelope;
use crate::feed::Feed;
use crate::run::{Parked, Subscriber, matches};
use crate::store;

/// Events taken in one transaction.
const BATCH_EVENTS: i64 = 128;
/// Events of other kinds passed by before that is written down; after a restart they are passed by again.
const UNWRITTEN_EVENTS: i64 = 2_000;
/// Tries before a person must look.
const MAX_ATTEMPTS: i64 = 8;
/// The first pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How far a subscriber has come, as this node knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Its cursor as stored.
    cursor: i64,
    /// Up to here there is nothing for it; at or after the cursor.
    seen: i64,
}

/// Delivers what there is up to `head`; tells how many events were handled.
pub(crate) async fn deliver(
    db: &Db,
    feed: &Feed,
    subscriber: &Subscriber,
    place: &mut Option<Place>,
    head: i64,
) -> Result<usize> {
    let mut handled = 0;
    loop {
        let Place { cursor, seen } = match *place {
            Some(place) => place,
            None => read_place(db, subscriber).await?,
        };
        if seen >= head {
            *place = Some(Place { cursor, seen });
            return Ok(handled);
        }
        let mut events = feed.after(db, seen, BATCH_EVENTS).await?;
        let to = events.last().map_or(head, |event| event.position);
        events.retain(|event| matches(subscriber.kinds, &event.kind));
        if events.is_empty() && to - cursor < UNWRITTEN_EVENTS {
            *place = Some(Place { cursor, seen: to });
            continue;
        }
        // Forgotten unless the whole span was taken: another node may have moved the cursor.
        *place = None;
        if let Some(count) = deliver_span(db, subscriber, cursor, to, events).await? {
            *place = Some(Place { cursor: to, seen: to });
            handled += count;
        }
    }
}

async fn read_place(db: &Db, subscriber: &Subscriber) -> Result<Place> {
    let name = subscriber.name;
    let cursor = db
        .read(async move |reader: &Reader| store::cursor(reader, name).await)
        .await?;
    Ok(Place { cursor, seen: cursor })
}

/// Delivers the wanted events between two positions: together if that works, else one by one, setting aside
/// what fails. `None` when another node got there first.
async fn deliver_span(
    db: &Db,
    subscriber: &Subscriber,
    from: i64,
    to: i64,
    wanted: Vec<Arc<Envelope>>,
) -> Result<Option<usize>> {
    match take(db, subscriber, from, to, wanted.clone()).await {
        Err(error) if is_the_handlers(&error) => {}
        outcome => return outcome,
    }
    let mut handled = 0;
    let mut cursor = from;
    for event in wanted {
        let next = event.position;
        let taken = match take(db, subscriber, cursor, next, vec![Arc::clone(&event)]).await {
            Err(error) if is_the_handlers(&error) => set_aside(db, subscriber, cursor, event, &error).await?,
            outcome => outcome?,
        };
        let Some(count) = taken else { return Ok(None) };
        handled += count;
        cursor = next;
    }
    if cursor < to && take(db, subscriber, cursor, to, Vec::new()).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(handled))
}

/// A store that is away or overrun says nothing about the event.
fn is_the_handlers(error: &Error) -> bool {
    !matches!(error.category(), Category::Unavailable | Category::Timeout)
}

fn context(subscriber: &Subscriber, event: &Envelope) -> Ctx {
    let mut ctx = Ctx::system(subscriber.name);
    ctx.request_id = RequestId(event.request_id.as_str().into());
    ctx
}

/// Moves the cursor and handles the events, all in one transaction. `None` when another node moved it.
async fn take(
    db: &Db,
    subscriber: &Subscriber,
    from: i64,
    to: i64,
    events: Vec<Arc<Envelope>>,
) -> Result<Option<usize>> {
    let subscriber = subscriber.clone();
    let name = subscriber.name;
    let taken = db
        .write(async move |tx: &Tx| {
            if !store::advance(tx, name, from, to).await? {
                return Ok(None);
            }
            if events.is_empty() {
                return Ok(Some(0));
            }
            let stuck: HashSet<String> = store::stuck(tx, name).await?.into_iter().collect();
            let mut handled = 0;
            for event in &events {
                if stuck.contains(&event.aggregate) {
                    store::park(tx, name, event, 0, tx.now(), "waits behind an earlier event").await?;
                    continue;
                }
                subscriber
                    .handler
                    .handle(tx, &context(&subscriber, event), event)
                    .await?;
                handled += 1;
            }
            Ok(Some(handled))
        })
        .await?;
    if let Some(count) = taken {
        metrics::counter!("bus_handled_total", "subscriber" => name).increment(count as u64);
    }
    Ok(taken)
}

/// Moves the cursor past an event and parks it. `None` when another node moved the cursor.
async fn set_aside(
    db: &Db,
    subscriber: &Subscriber,
    from: i64,
    event: Arc<Envelope>,
    error: &Error,
) -> Result<Option<usize>> {
    let name = subscriber.name;
    let (position, kind) = (event.position, event.kind.as_str());
    tracing::warn!(
        subscriber = name,
        position,
        kind,
        ?error,
        "an event was set aside"
    );
    metrics::counter!("bus_parked_total", "subscriber" => name).increment(1);
    let reason = format!("{error:?}");
    db.write(async move |tx: &Tx| {
        if !store::advance(tx, name, from, event.position).await? {
            return Ok(None);
        }
        store::park(tx, name, &event, 1, tx.now().after(FIRST_PAUSE), &reason).await?;
        Ok(Some(0))
    })
    .await
}

/// Tries a parked event again; true when it was handled.
pub(crate) async fn retry(db: &Db, subscriber: &Subscriber, parked: Parked) -> Result<bool> {
    let position = parked.position;
    let outcome = {
        let subscriber = subscriber.clone();
        db.write(async move |tx: &Tx| {
            if !store::unpark(tx, subscriber.name, position).await? {
                return Ok(false);
            }
            let event = store::at(tx, position).await?;
            subscriber
                .handler
                .handle(tx, &context(&subscriber, &event), &event)
                .await?;
            Ok(true)
        })
        .await
    };
    let error = match outcome {
        Err(error) if is_the_handlers(&error) => error,
        decided => return decided,
    };
    let name = subscriber.name;
    let is_given_up = parked.attempts + 1 >= MAX_ATTEMPTS;
    if is_given_up {
        tracing::error!(
            subscriber = name,
            position,
            ?error,
            "an event is parked until a person retries it"
        );
    }
    let reason = format!("{error:?}");
    db.write(async move |tx: &Tx| {
        let retry_at = (!is_given_up).then(|| next_try(tx.now(), parked.attempts));
        store::tried(tx, &parked, retry_at, &reason).await
    })
    .await?;
    Ok(false)
}

fn next_try(now: Time, failures: i64) -> Time {
    let doublings = u32::try_from(failures).unwrap_or(0).min(12);
    now.after(FIRST_PAUSE * 2_u32.pow(doublings))
}
