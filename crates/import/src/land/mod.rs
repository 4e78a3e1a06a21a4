//! Landing: documents become records of the domains, in batches, each one unit of work.
//!
//! Every record has an identifier made from its natural key, and a line in `import_ref` written in the same
//! unit of work. A second run finds the keys and changes nothing; a run cut off goes on behind its last
//! committed batch.

mod catalogue;
mod ledger;
mod orders;
mod people;
mod reviews;
mod run;
mod stock;
mod summary;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use base::{
    Category, CategoryId, Ctx, Error, JobId, Locale, MemberId, OrderId, PlaceId, ProductId, Result, SkuId,
    Text, Time,
};
use catalog::Catalog;
use db::{Db, Reader, Tx};
use places::Places;

pub use run::{ImportError, Importer, Job, dry_run};
pub use summary::{Landed, Summary};

use crate::assemble::Assembly;
use crate::docs::Found;
use crate::issue::{IssueLog, RowIssue, codes};
use crate::mapping::Mapping;
use crate::progress::{Flow, Meter, Progress};
use crate::store;

/// The progress callback.
pub type OnProgress = Box<dyn FnMut(&Progress) -> Flow + Send>;

/// A SKU as lines need it.
#[derive(Clone, Debug)]
struct SkuTarget {
    id: SkuId,
    product: ProductId,
    name: Text,
    option: Text,
}

/// What keys became, filled stage by stage.
#[derive(Default)]
struct Targets {
    categories: HashMap<String, CategoryId>,
    products: HashMap<String, ProductId>,
    skus: Vec<Option<SkuTarget>>,
    places: HashMap<String, (PlaceId, Text)>,
    members: Vec<Option<MemberId>>,
    orders: HashMap<String, OrderId>,
}

/// One landing.
struct Landing {
    db: Db,
    catalog: Catalog,
    places: Places,
    stock: ::stock::Stock,
    ctx: Ctx,
    /// The store's time when the landing began.
    now: Time,
    mapping: Arc<Mapping>,
    assembly: Arc<Assembly>,
    run: JobId,
    started_at: Time,
    batch: usize,
    issues: IssueLog,
    landed: BTreeMap<&'static str, Landed>,
    targets: Targets,
    /// Positions of orders and members by their keys.
    order_at: HashMap<String, usize>,
    member_at: HashMap<String, usize>,
    meter: Meter,
    done: u64,
    on_progress: OnProgress,
    stopped: bool,
}

impl Landing {
    /// All stages, in the order records depend on each other.
    async fn all(&mut self) -> Result<()> {
        self.categories().await?;
        self.products().await?;
        self.all_places().await?;
        self.members().await?;
        self.orders().await?;
        self.movements().await?;
        self.entries().await?;
        self.reviews().await
    }

    /// The keys of one kind that are here already, and whether this run brought them.
    async fn known(&self, kind: &'static str) -> Result<HashMap<String, (String, bool)>> {
        let (source, run) = (self.mapping.source.clone(), self.run);
        self.db
            .read(async move |reader: &Reader| store::refs(reader, &source, kind, run).await)
            .await
    }

    /// Writes `todo` in batches. A batch that is refused is halved until the record at fault stands alone;
    /// that one becomes an issue and the others land.
    async fn stage(
        &mut self,
        name: &'static str,
        there: usize,
        todo: usize,
        write: impl AsyncFn(Range<usize>) -> Result<()>,
        blame: impl Fn(usize) -> (Option<Found>, String),
    ) -> Result<()> {
        let counted = self.landed.entry(name).or_default();
        counted.there += there as u64;
        self.done += there as u64;
        let mut waiting: Vec<Range<usize>> = Vec::new();
        let mut next = 0;
        while !self.stopped {
            let range = match waiting.pop() {
                Some(range) => range,
                None if next < todo => {
                    let start = next;
                    next = (start + self.batch).min(todo);
                    start..next
                }
                None => break,
            };
            match write(range.clone()).await {
                Ok(()) => {
                    self.landed.entry(name).or_default().new += range.len() as u64;
                }
                Err(error) if !is_refusal(&error) => return Err(error),
                Err(error) if range.len() == 1 => self.refuse(name, &error, blame(range.start)),
                Err(_) => {
                    let middle = range.start + range.len() / 2;
                    waiting.push(middle..range.end);
                    waiting.push(range.start..middle);
                    continue;
                }
            }
            self.done += range.len() as u64;
            let progress = self.meter.at(name, self.done, None);
            self.stopped = (self.on_progress)(&progress) == Flow::Stop;
        }
        Ok(())
    }

    fn refuse(&mut self, name: &'static str, error: &Error, (found, key): (Option<Found>, String)) {
        self.landed.entry(name).or_default().refused += 1;
        let mut words = vec![error.message(Locale::En)];
        words.extend(
            error
                .fields()
                .iter()
                .map(|f| format!("{}: {}", f.field, f.message(Locale::En))),
        );
        let found = found.unwrap_or_else(|| Found {
            file: Arc::from(self.mapping.name.as_str()),
            line: 0,
        });
        let value = format!("{key}: {}", words.join("; "));
        self.issues.add(RowIssue::new(
            &found.file,
            found.line,
            Some(name),
            &value,
            &codes::REFUSED,
        ));
    }

    /// What a unit of work of this landing needs to write its references.
    fn scribe(&self) -> Scribe {
        Scribe {
            source: Arc::from(self.mapping.source.as_str()),
            run: self.run,
        }
    }
}

/// Whether the record itself is at fault, and not the store.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.category(),
        Category::Invalid | Category::Conflict | Category::NotFound
    )
}

/// Writes references within a unit of work.
#[derive(Clone)]
struct Scribe {
    source: Arc<str>,
    run: JobId,
}

impl Scribe {
    async fn note(&self, tx: &Tx, kind: &str, refs: &[(String, String)]) -> Result<()> {
        store::refs_add(tx, &self.source, kind, self.run, refs).await
    }

    fn made<K: base::IdKind>(&self, kind: &str, key: &str, at: Option<base::Time>) -> base::Id<K> {
        crate::ids::made(&self.source, kind, key, at)
    }
}

/// A code the catalogue and the places take: what is longer than 64 characters is cut, and told apart by a
/// hash.
fn code(key: &str) -> String {
    const LONGEST: usize = 64;
    if key.chars().count() <= LONGEST {
        return key.to_owned();
    }
    use sha2::{Digest, Sha256};
    let hash: String = Sha256::digest(key)
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    let head: String = key.chars().take(LONGEST - 17).collect();
    format!("{head}-{hash}")
}

/// The first `limit` characters of a text, in both languages.
fn cut(text: &Text, limit: usize) -> Text {
    let cut = |t: &str| t.chars().take(limit).collect::<String>();
    Text::new(cut(&text.zh), cut(&text.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_codes_stay_apart() {
        let long = "x".repeat(80);
        assert_eq!(code(&long).len(), 64);
        assert_ne!(code(&format!("{long}a")), code(&format!("{long}b")));
        assert_eq!(code("85123A"), "85123A");
    }
}
