//! Plays cases on a system.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::case::{Branch, Case, Given, Step, Told};
use crate::matching::difference;
use crate::shop::{Refusal, Shop, System};
use crate::verb::{Goods, Verb};
use crate::words::Why;

/// Cases played at the same time.
const WORKERS: usize = 4;
/// People who act at the same moment, of each branch; the others follow as these are done.
const AT_ONCE_MAX: usize = 100;
/// How long may pass until what comes soon is there.
const SOON: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What became of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not; where and why.
    Broken(String),
    /// It was not played: this is missing.
    Pending(String),
}

/// Plays cases, several at a time, and those last that need the shop to themselves. Answers in their order.
#[must_use]
pub fn play(cases: &[&Case], system: &dyn System) -> Vec<Outcome> {
    let done: Vec<Mutex<Option<Outcome>>> = cases.iter().map(|_| Mutex::new(None)).collect();
    let keep = |nth: usize, outcome| *locked(&done[nth]) = Some(outcome);
    let (alone, shared): (Vec<usize>, Vec<usize>) =
        (0..cases.len()).partition(|nth| cases[*nth].runs_alone());
    // First everything that is given, so that a system of several servers is waited for once.
    let shops: Vec<Mutex<Option<Box<dyn Shop + '_>>>> = cases.iter().map(|_| Mutex::new(None)).collect();
    several_at_a_time(&shared, |nth| match prepared(cases[nth], system) {
        Ok(shop) => *locked(&shops[nth]) = Some(shop),
        Err(outcome) => keep(nth, outcome),
    });
    let settled = system.settle();
    several_at_a_time(&shared, |nth| {
        let Some(shop) = locked(&shops[nth]).take() else {
            return;
        };
        let played = settled.clone().and_then(|()| play_in(shop.as_ref(), cases[nth]));
        keep(nth, outcome(played));
    });
    for nth in alone {
        let played = prepared(cases[nth], system).map(|shop| outcome(play_in(shop.as_ref(), cases[nth])));
        keep(nth, played.unwrap_or_else(|outcome| outcome));
    }
    let told = |outcome: Mutex<Option<Outcome>>| {
        let outcome = outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.unwrap_or_else(|| Outcome::Broken("it was never played".to_owned()))
    };
    done.into_iter().map(told).collect()
}

fn locked<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

fn several_at_a_time(cases: &[usize], work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(nth) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(*nth);
                }
            });
        }
    });
}

/// The shop of a case, with everything in it that is given; what became of the case when there is no playing it.
fn prepared<'a>(case: &Case, system: &'a dyn System) -> Result<Box<dyn Shop + 'a>, Outcome> {
    if let Some(missing) = &case.pending {
        return Err(Outcome::Pending(missing.clone()));
    }
    let shop = system.open(&case.id).map_err(Outcome::Broken)?;
    match prepare(shop.as_ref(), &case.given) {
        Ok(()) => Ok(shop),
        Err(why) => Err(Outcome::Broken(format!("given: {why}"))),
    }
}

fn play_in(shop: &dyn Shop, case: &Case) -> Result<(), String> {
    let player = Player {
        shop,
        suffix: String::new(),
        named: Vec::new(),
    };
    player.play("when", &case.when)?;
    player.play("then", &case.then)
}

fn outcome(played: Result<(), String>) -> Outcome {
    match played {
        Ok(()) => Outcome::Holds,
        Err(why) => Outcome::Broken(why),
    }
}

fn prepare(shop: &dyn Shop, given: &Given) -> Result<(), String> {
    let set_up = |verb: Verb, name: &str| match shop.act(&verb, name)? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(format!("{name}: {}", refusal.said)),
    };
    for (name, article) in &given.articles {
        set_up(Verb::Article(article.named(name)), name)?;
    }
    for (name, place) in &given.places {
        let mut place = place.clone();
        name.clone_into(&mut place.name);
        let pieces = std::mem::take(&mut place.stock);
        set_up(Verb::Place(place), name)?;
        if !pieces.0.is_empty() {
            let at = name.clone();
            set_up(Verb::Receive(Goods { at, pieces }), name)?;
        }
    }
    for promotion in &given.promotions {
        set_up(Verb::Promotion(promotion.clone()), &promotion.name)?;
    }
    match &given.policy {
        Some(policy) => set_up(Verb::Policy(policy.clone()), "policy"),
        None => Ok(()),
    }
}

/// Somebody who takes steps, and whose names are their own where many do the same.
struct Player<'a> {
    shop: &'a dyn Shop,
    suffix: String,
    named: Vec<String>,
}

/// What the steps of one of many came to.
enum Came {
    /// All were taken; the `id` of the last answer.
    Through(Option<String>),
    Refused(Why),
}

impl Player<'_> {
    fn play(&self, part: &str, steps: &[Step]) -> Result<(), String> {
        for (nth, step) in steps.iter().enumerate() {
            let at = |why: String| format!("{part}, step {}: {why}", nth + 1);
            match step {
                Step::One(told) => match self.take(told).map_err(at)? {
                    Ok(_) => {}
                    Err(refusal) => return Err(at(format!("{} was refused: {}", told.verb, refusal.said))),
                },
                Step::Together(branches) => self.together(branches).map_err(at)?,
            }
        }
        Ok(())
    }

    /// Takes a step; what is neither as expected nor left open is an error.
    fn take(&self, told: &Told) -> Result<Result<Value, Refusal>, String> {
        let verb = Verb::read(&told.verb, &self.renamed(&told.with))?;
        let name = self.own_name(told);
        let wrong = |why: String| format!("{}: {why}", told.verb);
        if let Some(expected) = &told.soon {
            return self.wait(&verb, &name, expected).map(Ok).map_err(wrong);
        }
        let answer = self.shop.act(&verb, &name).map_err(wrong)?;
        let seen = match (&told.refused, &answer) {
            (None, Err(_)) => return Ok(answer),
            (None, Ok(seen)) => seen,
            (Some(why), Ok(seen)) => return Err(wrong(format!("expected {why}, and it was done: {seen}"))),
            (Some(why), Err(refusal)) if *why == refusal.why => &refusal.facts,
            (Some(why), Err(refusal)) => {
                return Err(wrong(format!(
                    "expected {why}, refused as {}: {}",
                    refusal.why, refusal.said
                )));
            }
        };
        if let Some(difference) = told
            .gives
            .as_ref()
            .and_then(|expected| difference(expected, seen))
        {
            return Err(wrong(difference));
        }
        Ok(Ok(seen.clone()))
    }

    fn wait(&self, verb: &Verb, name: &str, expected: &Value) -> Result<Value, String> {
        let until = Instant::now() + SOON;
        loop {
            let seen = self.shop.act(verb, name)?;
            let why = match &seen {
                Ok(seen) => difference(expected, seen),
                Err(refusal) => Some(refusal.said.clone()),
            };
            match (why, seen) {
                (None, Ok(seen)) => return Ok(seen),
                (why, _) if Instant::now() > until => return Err(why.unwrap_or_default()),
                _ => thread::sleep(LOOK_AGAIN),
            }
        }
    }

    fn together(&self, branches: &[Branch]) -> Result<(), String> {
        let crowd: Vec<usize> = branches.iter().map(|b| b.times.min(AT_ONCE_MAX)).collect();
        let start = Barrier::new(crowd.iter().sum());
        let next: Vec<AtomicUsize> = branches.iter().map(|_| AtomicUsize::new(0)).collect();
        let mut came: Vec<Vec<Result<Came, String>>> = Vec::new();
        thread::scope(|scope| {
            let people: Vec<Vec<_>> = (0..branches.len())
                .map(|at| {
                    let (branch, next, start) = (&branches[at], &next[at], &start);
                    let walk = move || {
                        start.wait();
                        let mut came = Vec::new();
                        loop {
                            let nth = next.fetch_add(1, Ordering::Relaxed);
                            if nth >= branch.times {
                                return came;
                            }
                            came.push(self.one_of_many(branch, at, nth));
                        }
                    };
                    (0..crowd[at]).map(|_| scope.spawn(walk)).collect()
                })
                .collect();
            for crowd in people {
                let joined = crowd.into_iter().flat_map(|one| {
                    one.join()
                        .unwrap_or_else(|_| vec![Err("somebody fell over".to_owned())])
                });
                came.push(joined.collect());
            }
        });
        for (nth, (branch, came)) in branches.iter().zip(came).enumerate() {
            let seen = summed(came.into_iter().collect::<Result<_, _>>()?);
            let nobody_refused = json!({ "refused": [] });
            let expected = branch.gives.as_ref().unwrap_or(&nobody_refused);
            if let Some(difference) = difference(expected, &seen) {
                return Err(format!("together, branch {}: {difference} in {seen}", nth + 1));
            }
        }
        Ok(())
    }

    fn one_of_many(&self, branch: &Branch, at: usize, nth: usize) -> Result<Came, String> {
        // Who does something alone may be asked about it afterwards.
        let suffix = if branch.times > 1 {
            format!("#{at}.{nth}")
        } else {
            String::new()
        };
        let mut one = Player {
            shop: self.shop,
            suffix,
            named: Vec::new(),
        };
        let mut id = None;
        for step in &branch.steps {
            let Step::One(told) = step else {
                return Err("together within together".to_owned());
            };
            match one.take(told)? {
                Ok(seen) => id = seen["id"].as_str().map(str::to_owned),
                Err(refusal) => return Ok(Came::Refused(refusal.why)),
            }
            one.named.push(called(told).to_owned());
        }
        Ok(Came::Through(id))
    }

    fn own_name(&self, told: &Told) -> String {
        format!("{}{}", called(told), self.suffix)
    }

    /// The step with the names this one of many gave.
    fn renamed(&self, with: &Value) -> Value {
        let mut with = with.clone();
        for field in Verb::REFERENCES {
            if let Some(Value::String(name)) = with.get_mut(field)
                && self.named.contains(name)
            {
                name.push_str(&self.suffix);
            }
        }
        with
    }
}

/// The name of what a step makes: as told, or what it is.
fn called(told: &Told) -> &str {
    match (&told.name, told.verb.as_str()) {
        (Some(name), _) => name,
        (None, "checkout") => "order",
        (None, verb) => verb,
    }
}

/// How many came through, how many different things they have, and how many were refused for what.
fn summed(came: Vec<Came>) -> Value {
    let (mut done, mut ids, mut refused) = (0, Vec::new(), BTreeMap::new());
    for one in came {
        match one {
            Came::Through(id) => {
                done += 1;
                ids.extend(id);
            }
            Came::Refused(why) => *refused.entry(why).or_insert(0) += 1,
        }
    }
    ids.sort();
    ids.dedup();
    let refused: Vec<String> = refused
        .iter()
        .map(|(why, count)| format!("{count} {why}"))
        .collect();
    json!({ "done": done, "different": ids.len(), "refused": refused })
}
