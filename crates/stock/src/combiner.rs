//! Groups the requests of this process: everybody who asks while a unit of work commits is answered by the next.
//!
//! A hot SKU is one row, and a row takes one change after the other. A thousand buyers who each wait for their
//! own commit wait for a thousand; grouped, they wait for one or two. The decision is the same either way: in
//! the order they came.

use std::sync::{Arc, OnceLock};

use base::{Ctx, Error, Result};
use db::{Db, Tx};
use tokio::sync::{mpsc, oneshot};

use crate::hold_store::PIECE_ROWS;
use crate::model::{Hold, ValidRequest};
use crate::placing::{self, Owners};

/// The most requests one unit of work carries: enough to make the commit's cost vanish, few enough for the last
/// one not to wait long.
const BATCH_MAX: usize = 1_024;
/// The most requests that may wait; beyond it askers wait to ask.
const QUEUE_MAX: usize = 16_384;
/// How often a batch is run again when another process got in its way.
const TRIES_MAX: usize = 5;

struct Waiting {
    request: ValidRequest,
    reply: oneshot::Sender<Result<Hold>>,
}

/// The door to the grouping task, which starts with the first request and ends with the last door.
#[derive(Clone)]
pub(crate) struct Combiner {
    db: Db,
    queue: Arc<OnceLock<mpsc::Sender<Waiting>>>,
}

impl Combiner {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            queue: Arc::default(),
        }
    }

    /// Asks; the answer comes with the commit that made it true.
    pub(crate) async fn ask(&self, request: ValidRequest) -> Result<oneshot::Receiver<Result<Hold>>> {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.get_or_init(|| {
            let (sender, receiver) = mpsc::channel(QUEUE_MAX);
            tokio::spawn(run(self.db.clone(), receiver));
            sender
        });
        queue
            .send(Waiting { request, reply })
            .await
            .map_err(|_| stopped())?;
        Ok(answer)
    }

    pub(crate) async fn hold(&self, request: ValidRequest) -> Result<Hold> {
        self.ask(request).await?.await.map_err(|_| stopped())?
    }
}

fn stopped() -> Error {
    Error::new(&db::UNAVAILABLE)
}

/// How many of those who wait make the next batch: all, or of very many a whole number of statements' worth, so
/// that a long queue is not slowed by a tail of small statements. Who is left over is the first of the next.
const fn limit(waiting: usize) -> usize {
    let whole = waiting / PIECE_ROWS * PIECE_ROWS;
    if whole == 0 || whole > BATCH_MAX {
        BATCH_MAX
    } else {
        whole
    }
}

async fn run(db: Db, mut queue: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while queue.recv_many(&mut batch, limit(queue.len())).await > 0 {
        let (requests, replies): (Vec<_>, Vec<_>) = batch
            .drain(..)
            .map(|waiting| (waiting.request, waiting.reply))
            .unzip();
        metrics::histogram!("stock_hold_batch_requests").record(requests.len() as f64);
        match place(&db, requests.into()).await {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // Whoever has stopped waiting finds the hold by its owner, or lets it run out.
                    let _ = reply.send(answer);
                }
            }
            Err(error) => {
                tracing::warn!(requests = replies.len(), %error, "a batch of holds failed");
                for reply in replies {
                    let _ = reply.send(Err(Error::new(&db::CONTENDED)));
                }
            }
        }
    }
}

/// One batch as one unit of work. Its every decision is made under the locks of the balances it concerns, so
/// READ COMMITTED is enough.
async fn place(db: &Db, requests: Arc<[ValidRequest]>) -> Result<Vec<Result<Hold>>> {
    let mut owners = Owners::TakenAsNew;
    let mut tries = 0;
    loop {
        let batch = Arc::clone(&requests);
        let unit = async move |tx: &Tx| placing::place(tx, &Ctx::system("stock"), &batch, owners).await;
        match db.write_guarded(unit).await {
            Err(error) if error.is(&db::CONTENDED) && tries < TRIES_MAX => {
                tries += 1;
                owners = Owners::LookedUp;
            }
            outcome => return outcome,
        }
    }
}
