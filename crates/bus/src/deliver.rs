//! Delivery to one subscriber.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base::{Category, Ctx, Error, RequestId, Result, Time};
use db::{Db, Reader, Tx};

use crate::event::Envelope;
use crate::run::{Parked, Subscriber, matches};
use crate::store;

/// Events taken in one transaction.
const BATCH_EVENTS: i64 = 128;
/// Tries before a person must look.
const MAX_ATTEMPTS: i64 = 8;
/// The first pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Delivers all that is due; tells how many events were handled.
pub(crate) async fn deliver(db: &Db, subscriber: &Subscriber) -> Result<usize> {
    let mut handled = retry_parked(db, subscriber).await?;
    loop {
        let name = subscriber.name;
        let (from, events) = db
            .read(async move |reader: &Reader| {
                let from = store::cursor(reader, name).await?;
                Ok((from, store::after(reader, from, BATCH_EVENTS).await?))
            })
            .await?;
        let Some(to) = events.last().map(|e| e.position) else {
            return Ok(handled);
        };
        let wanted: Vec<Envelope> = events
            .into_iter()
            .filter(|e| matches(subscriber.kinds, &e.kind))
            .collect();
        handled += deliver_span(db, subscriber, from, to, wanted).await?;
    }
}

/// Delivers the wanted events between two positions: together if that works, else one by one, setting aside
/// what fails.
async fn deliver_span(
    db: &Db,
    subscriber: &Subscriber,
    from: i64,
    to: i64,
    wanted: Vec<Envelope>,
) -> Result<usize> {
    let wanted: Vec<Arc<Envelope>> = wanted.into_iter().map(Arc::new).collect();
    match take(db, subscriber, from, to, wanted.clone()).await {
        Err(error) if is_the_handlers(&error) => {}
        outcome => return outcome.map(Option::unwrap_or_default),
    }
    let mut handled = 0;
    let mut cursor = from;
    for event in wanted {
        let next = event.position;
        match take(db, subscriber, cursor, next, vec![Arc::clone(&event)]).await {
            Ok(Some(count)) => handled += count,
            // Another node is at it.
            Ok(None) => return Ok(handled),
            Err(error) if is_the_handlers(&error) => set_aside(db, subscriber, cursor, event, &error).await?,
            Err(error) => return Err(error),
        }
        cursor = next;
    }
    if cursor < to {
        take(db, subscriber, cursor, to, Vec::new()).await?;
    }
    Ok(handled)
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

async fn set_aside(
    db: &Db,
    subscriber: &Subscriber,
    from: i64,
    event: Arc<Envelope>,
    error: &Error,
) -> Result<()> {
    let name = subscriber.name;
    tracing::warn!(
        subscriber = name,
        position = event.position,
        kind = event.kind,
        ?error,
        "an event was set aside"
    );
    metrics::counter!("bus_parked_total", "subscriber" => name).increment(1);
    let reason = format!("{error:?}");
    db.write(async move |tx: &Tx| {
        if store::advance(tx, name, from, event.position).await? {
            store::park(tx, name, &event, 1, tx.now().after(FIRST_PAUSE), &reason).await?;
        }
        Ok(())
    })
    .await
}

/// Tries parked events whose time has come, the first of each aggregate, until none is due.
async fn retry_parked(db: &Db, subscriber: &Subscriber) -> Result<usize> {
    let mut handled = 0;
    loop {
        let name = subscriber.name;
        let due = db
            .read(async move |reader: &Reader| store::due(reader, name, BATCH_EVENTS).await)
            .await?;
        if due.is_empty() {
            return Ok(handled);
        }
        for parked in due {
            handled += usize::from(retry_one(db, subscriber, parked).await?);
        }
    }
}

async fn retry_one(db: &Db, subscriber: &Subscriber, parked: Parked) -> Result<bool> {
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
    let given_up = parked.attempts + 1 >= MAX_ATTEMPTS;
    if given_up {
        tracing::error!(
            subscriber = name,
            position,
            ?error,
            "an event is parked until a person retries it"
        );
    }
    let reason = format!("{error:?}");
    db.write(async move |tx: &Tx| {
        let retry_at = (!given_up).then(|| next_try(tx.now(), parked.attempts));
        store::tried(tx, &parked, retry_at, &reason).await
    })
    .await?;
    Ok(false)
}

fn next_try(now: Time, failures: i64) -> Time {
    let doublings = u32::try_from(failures).unwrap_or(0).min(12);
    now.after(FIRST_PAUSE * 2_u32.pow(doublings))
}
