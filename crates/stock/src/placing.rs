//! Placing holds: one or hundreds in one unit of work, decided in the order they came.

use std::collections::HashMap;

use base::{Ctx, Error, HoldId, Result};
use db::Tx;
use futures_util::future::{try_join, try_join3};

use crate::error::{ALREADY_HELD, INSUFFICIENT};
use crate::events::{HoldPlaced, HoldsPlaced};
use crate::hands::Hands;
use crate::hold_store::{self, StoredHold};
use crate::model::{HeldLine, Hold, HoldLine, Key, ValidRequest};
use crate::rules;

/// Whether owners are looked up before anything is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Owners {
    /// They are taken to be new, which nearly all are. When one is not, the unit fails with `db.contended`,
    /// leaves nothing behind and is to be run again with [`Owners::LookedUp`].
    TakenAsNew,
    /// They are looked up first.
    LookedUp,
}

/// Places holds, each all or nothing, in the order given. The outer result is the unit's, the inner one each
/// request's own; nothing of a refused request is written.
pub(crate) async fn place(
    tx: &Tx,
    ctx: &Ctx,
    requests: &[ValidRequest],
    owners: Owners,
) -> Result<Vec<Result<Hold>>> {
    // What does not wait for one another is sent together: each round trip is one wait on PostgreSQL.
    let keys = requests
        .iter()
        .flat_map(|request| request.lines.iter().map(HoldLine::key))
        .collect();
    let lookup = async {
        match owners {
            Owners::TakenAsNew => Ok(HashMap::new()),
            Owners::LookedUp => known_holds(tx, requests).await,
        }
    };
    let (mut hands, known) = try_join(Hands::take(tx, keys), lookup).await?;
    let known = retire_run_out(tx, &mut hands, known).await?;

    let mut answers = Answers::new(requests, &known, tx);
    decide(tx, &mut hands, requests, &mut answers).await?;

    let placed: Vec<&Hold> = answers.placed().collect();
    let heads = async {
        let written = hold_store::holds_insert(tx, &placed).await?;
        // Somebody else's hold of the same owner has come between: the unit is rolled back whole.
        if written == placed.len() as u64 {
            Ok(())
        } else {
            Err(Error::new(&db::CONTENDED))
        }
    };
    let rest = try_join3(
        hold_store::lines_insert(tx, &placed),
        hands.put(tx, ctx),
        announce(tx, ctx, &placed),
    );
    if let [_] = placed[..] {
        try_join(heads, rest).await?;
    } else {
        // Many heads and lines go in several statements each, and no line may overtake its head.
        heads.await?;
        rest.await?;
    }
    Ok(answers.into_results(requests))
}

async fn known_holds(tx: &Tx, requests: &[ValidRequest]) -> Result<HashMap<String, StoredHold>> {
    let owners: Vec<&str> = requests.iter().map(|request| request.owner.as_str()).collect();
    let found = hold_store::holds_of(tx, &owners).await?;
    Ok(found
        .into_iter()
        .map(|hold| (hold.0.owner.clone(), hold))
        .collect())
}

async fn announce(tx: &Tx, ctx: &Ctx, placed: &[&Hold]) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    let holds = placed.iter().map(|hold| HoldPlaced {
        hold_id: hold.id,
        owner: hold.owner.clone(),
        expires_at: hold.expires_at,
    });
    bus::emit(
        tx,
        ctx,
        &HoldsPlaced {
            holds: holds.collect(),
        },
    )
    .await?;
    Ok(())
}

/// Ends the known holds that have run out, so that their owners may hold again; answers those that live.
async fn retire_run_out(
    tx: &Tx,
    hands: &mut Hands,
    known: HashMap<String, StoredHold>,
) -> Result<HashMap<String, Hold>> {
    let run_out: Vec<&str> = known
        .iter()
        .filter(|(_, hold)| hold.has_run_out(tx.now()))
        .map(|(owner, _)| owner.as_str())
        .collect();
    if !run_out.is_empty() {
        let held = known
            .values()
            .flat_map(|hold| hold.0.lines.iter().map(HeldLine::key));
        hands.take_more(tx, held.collect()).await?;
        // Read again under the locks: a sweeper may have been here since.
        let still: Vec<StoredHold> = hold_store::holds_of(tx, &run_out).await?;
        let ids: Vec<HoldId> = still
            .iter()
            .filter(|hold| hold.has_run_out(tx.now()))
            .map(|hold| hold.0.id)
            .collect();
        for hold in still.iter().filter(|hold| ids.contains(&hold.0.id)) {
            hands.unreserve(hold.0.outstanding())?;
        }
        if hold_store::holds_expire(tx, &ids).await? != ids.len() as u64 {
            // One of them was kept for good meanwhile, which takes no balance: this unit looks again.
            return Err(Error::new(&db::CONTENDED));
        }
    }
    Ok(known
        .into_iter()
        .filter(|(_, hold)| !hold.has_run_out(tx.now()))
        .map(|(owner, hold)| (owner, hold.0))
        .collect())
}

/// What becomes of each request.
enum Answer {
    /// To be decided, and then placed as this hold.
    New(Hold),
    /// The owner holds just this already.
    Same(Hold),
    /// The owner asks for the second time in this batch; the index is of the first.
    Again(usize),
    Refused(Error),
}

struct Answers(Vec<Answer>);

impl Answers {
    fn new(requests: &[ValidRequest], known: &HashMap<String, Hold>, tx: &Tx) -> Self {
        let mut first: HashMap<&str, usize> = HashMap::with_capacity(requests.len());
        let answers = requests.iter().enumerate().map(|(nth, request)| {
            if let Some(hold) = known.get(&request.owner) {
                return if holds_just(hold, &request.lines) {
                    Answer::Same(hold.clone())
                } else {
                    Answer::Refused(already_held(hold))
                };
            }
            let earlier = *first.entry(&request.owner).or_insert(nth);
            if earlier != nth {
                return Answer::Again(earlier);
            }
            Answer::New(hold_store::new_hold(request, tx.now()))
        });
        Self(answers.collect())
    }

    fn placed(&self) -> impl Iterator<Item = &Hold> {
        self.0.iter().filter_map(|answer| match answer {
            Answer::New(hold) => Some(hold),
            _ => None,
        })
    }

    fn into_results(self, requests: &[ValidRequest]) -> Vec<Result<Hold>> {
        let mut results: Vec<Result<Hold>> = Vec::with_capacity(self.0.len());
        for (nth, answer) in self.0.into_iter().enumerate() {
            let result = match answer {
                Answer::New(hold) | Answer::Same(hold) => Ok(hold),
                Answer::Refused(error) => Err(error),
                Answer::Again(earlier) => match &results[earlier] {
                    Ok(hold) if holds_just(hold, &requests[nth].lines) => Ok(hold.clone()),
                    Ok(hold) => Err(already_held(hold)),
                    Err(refusal) => Err(same_refusal(refusal)),
                },
            };
            results.push(result);
        }
        results
    }
}

/// Decides all new requests in order; when one is short, takes back what has run out where it wanted to
/// reserve and decides all of them anew, so that the order they came in still counts.
async fn decide(tx: &Tx, hands: &mut Hands, requests: &[ValidRequest], answers: &mut Answers) -> Result<()> {
    loop {
        let mut trial = hands.now.clone();
        let mut refused: Vec<(usize, Error)> = Vec::new();
        for (nth, request) in requests.iter().enumerate() {
            if matches!(answers.0[nth], Answer::New(_))
                && let Err(refusal) = rules::reserve(&mut trial, &request.lines, |key| request.leave.of(key))
            {
                refused.push((nth, refusal));
            }
        }
        let short: Vec<Key> = refused
            .iter()
            .flat_map(|(nth, _)| requests[*nth].lines.iter().map(HoldLine::key))
            .collect();
        if !hands.lapse(tx, short).await? {
            hands.now = trial;
            for (nth, refusal) in refused {
                answers.0[nth] = Answer::Refused(refusal);
            }
            return Ok(());
        }
    }
}

/// Whether a live hold is what a request asks for: asking twice is one hold.
fn holds_just(hold: &Hold, lines: &[HoldLine]) -> bool {
    hold.outstanding().eq(lines.iter().copied())
}

/// The refusal of the first asking, for the second.
fn same_refusal(refusal: &Error) -> Error {
    let code = if refusal.is(&INSUFFICIENT) {
        &INSUFFICIENT
    } else {
        &ALREADY_HELD
    };
    refusal
        .facts()
        .iter()
        .fold(Error::new(code), |error, (name, value)| {
            error.with(name, value.clone())
        })
}

fn already_held(hold: &Hold) -> Error {
    Error::new(&ALREADY_HELD)
        .with("owner", hold.owner.as_str())
        .with("hold_id", hold.id.to_string())
}
