//! The importer's face: a run, a dry run.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use base::{Ctx, Error, JobId, Result, Time};
use catalog::Catalog;
use db::{Db, Reader, Tx};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use places::Places;
use sha2::{Digest, Sha256};
use stock::Stock;

use super::{Landing, OnProgress, Summary, Targets};
use crate::apply::ApplyError;
use crate::assemble::{Assembly, assemble};
use crate::issue::IssueLog;
use crate::mapping::Mapping;
use crate::progress::{Meter, Phase};
use crate::store;

/// Records of one unit of work, where the stage does not say fewer.
const BATCH: usize = 1_000;

/// What to import.
#[derive(Clone, Debug)]
pub struct Job {
    /// The mapping.
    pub mapping: Mapping,
    /// The files.
    pub files: Vec<PathBuf>,
    /// Where to write the rows that did not land, as CSV.
    pub report: Option<PathBuf>,
}

/// Why an import ended early.
#[derive(Debug)]
pub enum ImportError {
    /// A file could not be read, or the mapping does not fit the files.
    Apply(ApplyError),
    /// The report could not be written.
    Report(PathBuf, std::io::Error),
    /// The store's, or a domain's.
    Store(Error),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apply(error) => error.fmt(f),
            Self::Report(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Store(error) => error.fmt(f),
        }
    }
}
impl std::error::Error for ImportError {}
impl From<ApplyError> for ImportError {
    fn from(error: ApplyError) -> Self {
        Self::Apply(error)
    }
}
impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Files read and put together, with what was wrong with them.
struct Prepared {
    assembly: Assembly,
    issues: IssueLog,
    fingerprint: String,
    on_progress: OnProgress,
}

fn prepare(job: &Job, mut on_progress: OnProgress) -> Result<Prepared, ImportError> {
    let mut issues = match &job.report {
        Some(path) => File::create(path)
            .and_then(|file| IssueLog::with_report(Box::new(BufWriter::new(file))))
            .map_err(|e| ImportError::Report(path.clone(), e))?,
        None => IssueLog::default(),
    };
    let meter = Meter::new(Phase::Reading, None);
    let assembly = assemble(&job.mapping, &job.files, &mut issues, &mut |read| {
        on_progress(&meter.at(&read.file, read.rows, Some(read.fraction)))
    })?;
    Ok(Prepared {
        assembly,
        issues,
        fingerprint: fingerprint(job),
        on_progress,
    })
}

/// Names a run by what goes into it: the mapping's text and the files' bytes, whatever their names.
fn fingerprint(job: &Job) -> String {
    let mut all = Sha256::new();
    all.update(&job.mapping.digest);
    let mut files: Vec<Vec<u8>> = job.files.iter().map(|f| digest(f)).collect();
    files.sort();
    for file in files {
        all.update(file);
    }
    all.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn digest(path: &Path) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    // A file that has just been read to its end can be read again; if not, its run is simply another.
    if let Ok(mut file) = File::open(path) {
        while let Ok(got @ 1..) = file.read(&mut buffer) {
            hash.update(&buffer[..got]);
        }
    }
    hash.finalize().to_vec()
}

/// Reads and checks everything and writes nothing. Needs no store.
///
/// # Errors
/// When a file cannot be read, the mapping does not fit, or the report cannot be written.
pub fn dry_run(job: &Job, on_progress: OnProgress) -> Result<Summary, ImportError> {
    let started = Instant::now();
    let mut prepared = prepare(job, on_progress)?;
    finish_report(job, &mut prepared.issues)?;
    Ok(Summary {
        mapping: job.mapping.name.clone(),
        dry: true,
        run: None,
        resumed: false,
        stopped: false,
        rows: prepared.assembly.rows,
        issues: prepared.issues.summary(),
        landed: BTreeMap::new(),
        reconciliation: prepared.assembly.reconciliation,
        took: started.elapsed(),
    })
}

fn finish_report(job: &Job, issues: &mut IssueLog) -> Result<(), ImportError> {
    let path = job.report.clone().unwrap_or_default();
    issues.finish().map_err(|e| ImportError::Report(path, e))
}

/// Brings files into the store.
#[derive(Clone)]
pub struct Importer {
    db: Db,
    catalog: Catalog,
    places: Places,
    stock: Stock,
}

impl Importer {
    /// An importer over a store. The store must be migrated.
    #[must_use]
    pub const fn new(db: Db, catalog: Catalog, places: Places, stock: Stock) -> Self {
        Self {
            db,
            catalog,
            places,
            stock,
        }
    }

    /// Runs an import: reads the files on a thread of their own, then writes in batches. What was committed
    /// stays, whatever happens; the same job run again goes on from there, and when all is there changes
    /// nothing.
    ///
    /// # Errors
    /// When a file cannot be read, the mapping does not fit, the report cannot be written, or the store
    /// fails. A record that is refused is no error but an issue.
    pub fn run(&self, job: Job, on_progress: OnProgress) -> LocalBoxFuture<'_, Result<Summary, ImportError>> {
        self.land(job, on_progress).boxed_local()
    }

    async fn land(&self, job: Job, on_progress: OnProgress) -> Result<Summary, ImportError> {
        let started = Instant::now();
        let (job, prepared) = tokio::task::spawn_blocking(move || {
            let prepared = prepare(&job, on_progress);
            (job, prepared)
        })
        .await
        .map_err(Error::internal)?;
        let Prepared {
            assembly,
            issues,
            fingerprint,
            on_progress,
        } = prepared?;
        let (run, started_at, resumed) = self.open_run(&job.mapping, &fingerprint).await?;
        let total = work(&assembly, job.mapping.move_stock);
        let mut landing = Landing {
            db: self.db.clone(),
            catalog: self.catalog.clone(),
            places: self.places.clone(),
            stock: self.stock.clone(),
            ctx: Ctx::system("import"),
            now: self.db.now().await?,
            order_at: positions(assembly.orders.iter().map(|o| &o.key)),
            member_at: positions(assembly.members.iter().map(|m| &m.key)),
            mapping: Arc::new(job.mapping.clone()),
            assembly: Arc::new(assembly),
            run,
            started_at,
            batch: BATCH,
            issues,
            landed: BTreeMap::new(),
            targets: Targets::default(),
            meter: Meter::new(Phase::Landing, Some(total)),
            done: 0,
            on_progress,
            stopped: false,
        };
        let outcome = landing.all().await;
        finish_report(&job, &mut landing.issues)?;
        outcome?;
        let summary = Summary {
            mapping: job.mapping.name.clone(),
            dry: false,
            run: Some(run),
            resumed,
            stopped: landing.stopped,
            rows: landing.assembly.rows,
            issues: landing.issues.summary(),
            landed: landing.landed,
            reconciliation: landing.assembly.reconciliation.clone(),
            took: started.elapsed(),
        };
        if !summary.stopped {
            let words = summary.stored();
            self.db
                .write(async move |tx: &Tx| store::run_finish(tx, run, &words).await)
                .await?;
        }
        Ok(summary)
    }

    /// The run of this job: the one that was cut off, or a new one.
    async fn open_run(&self, mapping: &Mapping, fingerprint: &str) -> Result<(JobId, Time, bool)> {
        let (source, name, print) = (
            mapping.source.clone(),
            mapping.name.clone(),
            fingerprint.to_owned(),
        );
        let wanted = print.clone();
        let before = self
            .db
            .read(async move |r: &Reader| store::run_find(r, &wanted).await)
            .await?;
        if let Some(run) = before {
            return Ok((run.id, run.started_at, !run.done));
        }
        let id = JobId::new();
        let start = async move |tx: &Tx| {
            let at = store::run_start(tx, id, &source, &name, &print).await?;
            store::runs_adopt(tx, id, &source).await?;
            Ok(at)
        };
        Ok((id, self.db.write(start).await?, false))
    }
}

fn positions<'a>(keys: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    keys.enumerate().map(|(at, key)| (key.clone(), at)).collect()
}

/// Records to write, in all; movements are about as many as lines.
fn work(assembly: &Assembly, move_stock: bool) -> u64 {
    let lines = assembly.orders.iter().map(|o| o.lines.len()).sum::<usize>();
    let moves = assembly.stock.len()
        + if move_stock {
            lines + assembly.skus.len()
        } else {
            0
        };
    let blind = assembly
        .returns
        .iter()
        .filter(|r| r.order.is_none())
        .map(|r| r.lines.len())
        .sum::<usize>();
    let all = assembly.categories.len()
        + assembly.products.len()
        + assembly.places.len()
        + assembly.members.len()
        + assembly.orders.len()
        + assembly.ledger.len()
        + assembly.reviews.len()
        + moves
        + blind;
    all as u64
}
