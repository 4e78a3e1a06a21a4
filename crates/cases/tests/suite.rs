//! Every case, on each engine; and the document that lists them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says what it played"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cases::case::{Case, Section, Start, read};
use cases::report::document;
use cases::run::{Outcome, play};
use cases::storeloop::{Storeloop, program};
use db::testing::{PrivateServer, engines};

/// How many entries each section of the floor of behaviour has; every one is taken up by a case at least.
const FLOOR: [(&str, usize); 8] = [
    ("A", 18),
    ("B", 10),
    ("C", 7),
    ("D", 12),
    ("E", 10),
    ("F", 7),
    ("G", 5),
    ("H", 1),
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sections() -> Vec<Section> {
    read(&here("cases")).unwrap_or_else(|why| panic!("{why}"))
}

/// Plays the cases that are wanted, or those of them whose id contains `STORELOOP_CASE`; those that take the usual
/// start on one system, those that do not on systems of their own.
fn all_hold(servers: usize, is_wanted: impl Fn(&Case) -> bool, database: impl Fn() -> Option<String>) {
    let program = program().unwrap();
    let sections = sections();
    let chosen = std::env::var("STORELOOP_CASE").unwrap_or_default();
    let all = sections.iter().flat_map(|section| &section.cases);
    let cases = all.filter(|case| case.id.contains(&chosen) && is_wanted(case));
    let mut systems: BTreeMap<Start, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        systems.entry(case.given.start()).or_default().push(case);
    }
    let mut broken = String::new();
    let mut played = Vec::new();
    for (start, cases) in &systems {
        let database = database();
        if start.second_clock_ahead_s.is_some() && database.is_none() {
            println!("an embedded store has one server: {} not played", cases.len());
            continue;
        }
        let servers = servers.max(1 + usize::from(start.second_clock_ahead_s.is_some()));
        let shop = Storeloop::start(&program, database.as_deref(), *start, servers).unwrap();
        played.extend(cases.iter().copied().zip(play(cases, &shop)));
    }
    for (case, outcome) in played {
        match outcome {
            Outcome::Holds => println!("holds    {}", case.id),
            Outcome::Pending(missing) => println!("pending  {}: {missing}", case.id),
            Outcome::Broken(why) => broken.push_str(&format!("\n{} ({}): {why}\n", case.id, case.title)),
        }
    }
    assert!(broken.is_empty(), "cases that do not hold:\n{broken}");
}

#[test]
fn every_case_holds_on_sqlite() {
    all_hold(1, |_| true, || None);
}

fn on_postgres(servers: usize, is_wanted: impl Fn(&Case) -> bool) {
    if !engines().contains(&db::Engine::Postgres) {
        return;
    }
    // Each has one empty database; they end with the last case.
    let started = RefCell::new(Vec::new());
    all_hold(servers, is_wanted, || {
        let server = PrivateServer::start().unwrap();
        let url = server.url("postgres");
        started.borrow_mut().push(server);
        Some(url)
    });
}

fn is_for_four(case: &Case) -> bool {
    case.is_a_rush() && !case.runs_alone()
}

#[test]
fn every_case_holds_on_postgres() {
    on_postgres(1, |case| !is_for_four(case));
}

#[test]
fn every_rush_holds_on_four_servers_of_one_postgres() {
    on_postgres(4, is_for_four);
}

#[test]
fn every_entry_of_the_floor_is_taken_up() {
    let sections = sections();
    let sources: Vec<&str> = sections
        .iter()
        .flat_map(|section| &section.cases)
        .map(|case| case.source.trim_end_matches('+'))
        .collect();
    let floor: Vec<String> = FLOOR
        .iter()
        .flat_map(|(section, entries)| (1..=*entries).map(move |nth| format!("{section}{nth}")))
        .collect();
    let left_out: Vec<_> = floor
        .iter()
        .filter(|entry| !sources.contains(&entry.as_str()))
        .collect();
    assert!(left_out.is_empty(), "no case takes up {left_out:?}");
    let unknown: Vec<_> = sources
        .iter()
        .filter(|source| !floor.iter().any(|entry| entry == *source))
        .collect();
    assert!(unknown.is_empty(), "there is no entry {unknown:?}");
}

#[test]
fn the_document_lists_every_case() {
    let path = here("../../docs/cases.md");
    let now = document(&sections());
    if std::env::var_os("STORELOOP_UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "docs/cases.md is out of date; run with STORELOOP_UPDATE=1"
    );
}
