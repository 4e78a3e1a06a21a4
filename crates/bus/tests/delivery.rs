//! What the outbox promises, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::{Ctx, Error, Result};
use bus::{Bus, Envelope, Event, Handler, Subscriber, emit};
use db::testing::{TestDb, each_engine};
use db::{Db, MigrationSet, Reader, Tx, params};
use futures_util::future::{LocalBoxFuture, join, join_all};
use serde::{Deserialize, Serialize};

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    MigrationSet {
        domain: "t",
        files: &[(
            "0001_log.sql",
            "CREATE TABLE t_log (
                entry BIGINT PRIMARY KEY, subscriber TEXT NOT NULL, position BIGINT NOT NULL, aggregate TEXT NOT NULL,
                n BIGINT NOT NULL, UNIQUE (subscriber, position));
             CREATE TABLE t_thing (id TEXT PRIMARY KEY, n BIGINT NOT NULL);",
        )],
    },
];

#[derive(Serialize, Deserialize)]
struct Counted {
    thing: String,
    n: i64,
}

impl Event for Counted {
    const KIND: &'static str = "t.counted.v1";
    fn aggregate(&self) -> String {
        self.thing.clone()
    }
}

#[derive(Serialize, Deserialize)]
struct Other;

impl Event for Other {
    const KIND: &'static str = "other.happened.v1";
    fn aggregate(&self) -> String {
        "other".to_owned()
    }
}

/// Writes down what it is told; refuses one thing while told to.
struct Log {
    name: &'static str,
    refuses: Option<(&'static str, Arc<AtomicBool>)>,
}

impl Handler for Log {
    fn handle<'a>(&'a self, tx: &'a Tx, _: &'a Ctx, event: &'a Envelope) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let Some(counted) = event.parse::<Counted>()? else {
                return Ok(());
            };
            if let Some((thing, refuses)) = &self.refuses
                && counted.thing == *thing
                && refuses.load(Ordering::SeqCst)
            {
                return Err(Error::not_found("shelf for", thing));
            }
            tx.execute(
                "INSERT INTO t_log (entry, subscriber, position, aggregate, n)
                 SELECT COALESCE(MAX(entry), 0) + 1, $1, $2, $3, $4 FROM t_log",
                params![self.name, event.position, event.aggregate, counted.n],
            )
            .await?;
            Ok(())
        })
    }
}

fn subscriber(name: &'static str) -> Subscriber {
    Subscriber {
        name,
        kinds: &["t."],
        handler: Arc::new(Log { name, refuses: None }),
    }
}

/// Counts a thing up and says so: the row is the aggregate, the event its announcement.
async fn count_up(db: &Db, thing: &str) -> Result<()> {
    let thing = thing.to_owned();
    db.write_guarded(async move |tx: &Tx| {
        let sql = "INSERT INTO t_thing (id, n) VALUES ($1, 1)
            ON CONFLICT (id) DO UPDATE SET n = t_thing.n + 1 RETURNING n";
        let n = tx.query_write(sql, params![thing]).await?[0].get(0)?;
        emit(
            tx,
            &Ctx::system("tests"),
            &Counted {
                thing: thing.clone(),
                n,
            },
        )
        .await?;
        Ok(())
    })
    .await
}

/// What a subscriber was told, in the order its transactions took it: position, thing, number.
async fn told(db: &Db, name: &'static str) -> Vec<(i64, String, i64)> {
    db.read(async move |reader: &Reader| {
        let sql = "SELECT position, aggregate, n FROM t_log WHERE subscriber = $1 ORDER BY entry";
        let rows = reader.query(sql, params![name]).await?;
        rows.iter()
            .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .collect()
    })
    .await
    .unwrap()
}

#[test]
fn an_event_is_told_when_its_transaction_is_kept() {
    each_engine(SETS, async |t: TestDb| {
        let bus = Bus::new(t.db.clone(), vec![subscriber("one"), subscriber("two")]);
        count_up(&t.db, "a").await.unwrap();
        let undone: Result<()> =
            t.db.write(async |tx: &Tx| {
                emit(
                    tx,
                    &Ctx::system("tests"),
                    &Counted {
                        thing: "a".into(),
                        n: 99,
                    },
                )
                .await?;
                Err(Error::not_found("reason", 1))
            })
            .await;
        assert!(undone.is_err());
        t.db.write(async |tx: &Tx| emit(tx, &Ctx::system("tests"), &Other).await)
            .await
            .unwrap();
        count_up(&t.db, "a").await.unwrap();
        assert_eq!(bus.step().await.unwrap(), 4);
        assert_eq!(bus.step().await.unwrap(), 0);
        let numbers: Vec<i64> = told(&t.db, "one").await.into_iter().map(|(_, _, n)| n).collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(told(&t.db, "one").await, told(&t.db, "two").await);
        let positions: Vec<i64> = bus
            .since(0, &[])
            .await
            .unwrap()
            .iter()
            .map(|e| e.position)
            .collect();
        assert_eq!(positions.len(), 3);
        let of_kind = bus.since(0, &["other."]).await.unwrap();
        assert_eq!(of_kind.len(), 1);
        assert_eq!(of_kind[0].actor, "system:tests");
        assert_eq!(of_kind[0].occurred_at, db::testing::START);
    });
}

#[test]
fn many_nodes_tell_everything_once_and_in_order() {
    each_engine(SETS, async |t: TestDb| {
        let nodes = [
            t.db.clone(),
            t.another().await.unwrap(),
            t.another().await.unwrap(),
        ];
        let buses = nodes.clone().map(|db| Bus::new(db, vec![subscriber("one")]));
        let writing = AtomicBool::new(true);
        let writers = join_all((0..12).map(async |n| {
            for round in 0..20 {
                count_up(&nodes[n % 3], ["a", "b", "c", "d"][(n + round) % 4])
                    .await
                    .unwrap();
            }
        }));
        let readers = join_all(buses.iter().map(async |bus| {
            while writing.load(Ordering::SeqCst) {
                bus.step().await.unwrap();
            }
        }));
        let both = async {
            writers.await;
            writing.store(false, Ordering::SeqCst);
        };
        join(both, readers).await;
        for bus in &buses {
            bus.step().await.unwrap();
        }
        let told = told(&t.db, "one").await;
        assert_eq!(told.len(), 240);
        assert!(
            told.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "positions rise"
        );
        assert_eq!(
            told.iter()
                .map(|(position, ..)| position)
                .collect::<HashSet<_>>()
                .len(),
            240
        );
        let mut last: HashMap<&str, i64> = HashMap::new();
        for (_, thing, n) in &told {
            let previous = last.insert(thing, *n).unwrap_or(0);
            assert_eq!(*n, previous + 1, "{thing} in the order it was counted");
        }
        let positions: Vec<i64> = buses[1]
            .since(0, &[])
            .await
            .unwrap()
            .iter()
            .map(|e| e.position)
            .collect();
        assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1), "no gaps");
    });
}

#[test]
fn a_late_commit_is_not_stepped_over() {
    each_engine(SETS, async |t: TestDb| {
        if t.db.engine() == db::Engine::Sqlite {
            // One writer: nothing can commit between.
            return;
        }
        let other = t.another().await.unwrap();
        let bus = Bus::new(t.another().await.unwrap(), vec![subscriber("one")]);
        let (emitted, go_on) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
        let go_on_receiver = std::sync::Mutex::new(go_on.1);
        let slow = tokio::spawn(async move {
            other
                .write_guarded(async move |tx: &Tx| {
                    emit(
                        tx,
                        &Ctx::system("tests"),
                        &Counted {
                            thing: "slow".into(),
                            n: 1,
                        },
                    )
                    .await?;
                    emitted.0.send(()).unwrap();
                    go_on_receiver.lock().unwrap().recv().unwrap();
                    Ok(())
                })
                .await
        });
        tokio::task::block_in_place(|| emitted.1.recv().unwrap());
        count_up(&t.db, "quick").await.unwrap();
        assert_eq!(bus.step().await.unwrap(), 1);
        go_on.0.send(()).unwrap();
        slow.await.unwrap().unwrap();
        assert_eq!(bus.step().await.unwrap(), 1);
        let things: Vec<String> = told(&t.db, "one")
            .await
            .into_iter()
            .map(|(_, thing, _)| thing)
            .collect();
        assert_eq!(things, ["quick", "slow"]);
    });
}

#[test]
fn poison_holds_up_its_own_aggregate_only() {
    each_engine(SETS, async |t: TestDb| {
        let refuses = Arc::new(AtomicBool::new(true));
        let handler = Arc::new(Log {
            name: "one",
            refuses: Some(("bad", Arc::clone(&refuses))),
        });
        let bus = Bus::new(
            t.db.clone(),
            vec![Subscriber {
                name: "one",
                kinds: &["t."],
                handler,
            }],
        );
        for thing in ["good", "bad", "good", "bad", "fine"] {
            count_up(&t.db, thing).await.unwrap();
        }
        assert_eq!(bus.step().await.unwrap(), 3);
        let things: Vec<String> = told(&t.db, "one")
            .await
            .into_iter()
            .map(|(_, thing, _)| thing)
            .collect();
        assert_eq!(things, ["good", "good", "fine"]);
        let parked = bus.parked().await.unwrap();
        assert_eq!(parked.iter().map(|p| p.attempts).collect::<Vec<_>>(), [1, 0]);
        assert!(parked[0].reason.contains("not_found"), "{}", parked[0].reason);
        // Every pause is longer than the last, and there is a last one.
        for _ in 0..20 {
            t.clock.advance(Duration::from_secs(3_600));
            assert_eq!(bus.step().await.unwrap(), 0);
        }
        let parked = bus.parked().await.unwrap();
        assert_eq!((parked[0].attempts, parked[0].retry_at), (8, None));
        count_up(&t.db, "bad").await.unwrap();
        count_up(&t.db, "good").await.unwrap();
        assert_eq!(bus.step().await.unwrap(), 1);
        // Mended and released, all of it comes, in order.
        refuses.store(false, Ordering::SeqCst);
        bus.retry("one", parked[0].position).await.unwrap();
        assert_eq!(bus.step().await.unwrap(), 3);
        let bad: Vec<i64> = told(&t.db, "one")
            .await
            .into_iter()
            .filter(|(_, thing, _)| thing == "bad")
            .map(|(_, _, n)| n)
            .collect();
        assert_eq!(bad, [1, 2, 3]);
        assert_eq!(bus.parked().await.unwrap(), []);
        assert!(bus.retry("one", 1).await.is_err());
    });
}

#[test]
fn listeners_hear_live_and_can_resume() {
    each_engine(SETS, async |t: TestDb| {
        let bus = Bus::new(t.db.clone(), Vec::new());
        count_up(&t.db, "before").await.unwrap();
        bus.step().await.unwrap();
        let mut live = bus.live();
        let resume_at = bus.head().await.unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(bus.clone().run(async {
            let _ = stopped.await;
        }));
        count_up(&t.db, "now").await.unwrap();
        let heard = live.recv().await.unwrap();
        assert_eq!(heard.aggregate, "now");
        assert_eq!(
            bus.since(resume_at, &[]).await.unwrap(),
            [Envelope::clone(&heard)]
        );
        stop.send(()).unwrap();
        running.await.unwrap();
    });
}

async fn kept(bus: &Bus) -> Vec<i64> {
    let events = bus.since(0, &[]).await.unwrap();
    events.iter().map(|event| event.position).collect()
}

#[test]
fn what_everybody_has_heard_is_forgotten_in_time() {
    const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);
    each_engine(SETS, async |t: TestDb| {
        let refuses = Arc::new(AtomicBool::new(false));
        let log = Log {
            name: "one",
            refuses: Some(("bad", Arc::clone(&refuses))),
        };
        let one = Subscriber {
            name: "one",
            kinds: &["t."],
            handler: Arc::new(log),
        };
        let bus = Bus::new(t.db.clone(), vec![one, subscriber("two")]);
        for _ in 0..3 {
            count_up(&t.db, "good").await.unwrap();
        }
        t.clock.advance(2 * WEEK);
        let a_week_ago = async || t.db.now().await.unwrap().before(WEEK);
        // Old and in its place, but nobody has heard of it.
        Bus::new(t.db.clone(), Vec::new()).step().await.unwrap();
        bus.forget(a_week_ago().await).await.unwrap();
        assert_eq!(kept(&bus).await, [1, 2, 3]);
        // Heard, and the newest stays whatever its age.
        bus.step().await.unwrap();
        bus.forget(a_week_ago().await).await.unwrap();
        assert_eq!(kept(&bus).await, [3]);

        // What waits for somebody stays with all behind it; what is young stays.
        count_up(&t.db, "good").await.unwrap();
        refuses.store(true, Ordering::SeqCst);
        count_up(&t.db, "bad").await.unwrap();
        count_up(&t.db, "good").await.unwrap();
        bus.step().await.unwrap();
        bus.forget(a_week_ago().await).await.unwrap();
        assert_eq!(kept(&bus).await, [4, 5, 6]);
        t.clock.advance(2 * WEEK);
        bus.forget(a_week_ago().await).await.unwrap();
        assert_eq!(kept(&bus).await, [5, 6]);
        refuses.store(false, Ordering::SeqCst);
        bus.step().await.unwrap();
        assert_eq!(bus.parked().await.unwrap(), []);
        bus.forget(a_week_ago().await).await.unwrap();
        assert_eq!(kept(&bus).await, [6]);
        assert_eq!(told(&t.db, "one").await.len(), 6);
        count_up(&t.db, "good").await.unwrap();
        bus.step().await.unwrap();
        assert_eq!((kept(&bus).await, bus.head().await.unwrap()), (vec![6, 7], 7));
    });
}
