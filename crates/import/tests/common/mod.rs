//! What the tests of this crate share.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test without its data can only say so"
)]

use std::path::{Path, PathBuf};

use db::{Db, MigrationSet, Reader};
use import::{Flow, Importer, Job, OnProgress, Summary, preset};

/// Every table an import writes to, and the outbox.
pub(crate) fn migrations() -> Vec<MigrationSet> {
    vec![
        bus::MIGRATIONS,
        catalog::MIGRATIONS,
        places::MIGRATIONS,
        members::MIGRATIONS,
        orders::MIGRATIONS,
        payments::MIGRATIONS,
        stock::MIGRATIONS,
        voice::MIGRATIONS,
        import::MIGRATIONS,
    ]
}

pub(crate) fn importer(db: &Db) -> Importer {
    let (catalog, places) = (catalog::Catalog::new(db.clone()), places::Places::new(db.clone()));
    let stock = stock::Stock::new(db.clone(), catalog.clone(), places.clone());
    Importer::new(db.clone(), catalog, places, stock)
}

pub(crate) fn quiet() -> OnProgress {
    Box::new(|_| Flow::Continue)
}

pub(crate) async fn land(db: &Db, job: Job) -> Summary {
    importer(db)
        .run(job, timed())
        .await
        .unwrap_or_else(|e| panic!("{e}"))
}

/// Says how long each step takes.
fn timed() -> OnProgress {
    let started = std::time::Instant::now();
    let mut last = String::new();
    Box::new(move |progress| {
        if last != progress.step {
            eprintln!(
                "{:>8.2} s {:?} {}",
                started.elapsed().as_secs_f64(),
                progress.phase,
                progress.step
            );
            last.clone_from(&progress.step);
        }
        Flow::Continue
    })
}

/// The data folder: `STORELOOP_DATA`, or `../shared/data` beside the workspace.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("STORELOOP_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: data not present");
    None
}

/// A job of a preset over files of the data folder; a folder stands for all files in it.
pub(crate) fn preset_job(name: &str, files: &[&str]) -> Option<Job> {
    let folder = data()?;
    let expand = |file: &&str| match folder.join(file) {
        path if path.is_dir() => {
            let mut all: Vec<_> = std::fs::read_dir(path)
                .unwrap()
                .map(|e| e.unwrap().path())
                .collect();
            all.sort();
            all
        }
        path => vec![path],
    };
    let files = files.iter().flat_map(expand).collect();
    Some(Job {
        mapping: preset::preset(name).unwrap().unwrap(),
        files,
        report: None,
    })
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// The one number a query gives.
pub(crate) async fn number(db: &Db, sql: &'static str) -> i64 {
    db.read(async move |r: &Reader| r.query_one(sql, db::params![]).await?.get(0))
        .await
        .unwrap()
}
