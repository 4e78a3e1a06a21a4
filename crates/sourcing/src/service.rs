//! The face: the rules in force, their versions, and the figures they weigh.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base::{Ctx, Error, Page, PageQuery, PlaceId, Resource, Result, SkuId, Time, codes};
use db::{Db, Reader, Tx};

use crate::check::ValidRules;
use crate::events::RulesChanged;
use crate::figures::{PlaceFigure, Rejections, Sold};
use crate::model::RulesVersion;
use crate::rules::Rules;
use crate::{SOURCING_MANAGE, SOURCING_READ, store};

/// Changes made by another process are seen at the latest after this long; our own at once.
const ACTIVE_MAX_AGE: Duration = Duration::from_secs(5);
/// Counted sales change once in a while only.
const SOLD_MAX_AGE: Duration = Duration::from_secs(300);
/// SKUs whose sales are remembered; more and all are forgotten.
const SOLD_MAX_SKUS: usize = 20_000;
/// How old figures may be before they are counted again: they speak of weeks, and counting reads the whole ledger.
pub const COUNT_EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows written in one unit of work: others wait for it on the embedded store.
const CHUNK: usize = 500;

/// Sourcing, as the rest of the house sees it. Cheap to clone.
#[derive(Clone)]
pub struct Sourcing {
    pub(crate) db: Db,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    active: Option<(Instant, Arc<Active>)>,
    /// The newest version written here.
    newest: i64,
    sold: HashMap<SkuId, (Instant, Pace)>,
}

impl Kept {
    /// Keeps what was read, unless it is older than what was written since.
    fn keep(&mut self, active: &Arc<Active>) {
        if active.version >= self.newest {
            self.active = Some((Instant::now(), Arc::clone(active)));
        }
    }

    /// There are new rules.
    fn changed(&mut self, version: i64) {
        self.newest = self.newest.max(version);
        self.active = None;
    }
}

/// What places sold of one SKU.
type Pace = Arc<[(PlaceId, i64)]>;

/// The rules in force, and what is known of places.
#[derive(Clone, Debug)]
pub struct Active {
    /// Their version.
    pub version: i64,
    /// The rules.
    pub rules: Rules,
    /// When sales and rejections were counted; absent when they never were.
    pub counted_at: Option<Time>,
    rejections: Rejections,
}

impl Active {
    /// The same, deciding by other rules.
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// How likely a place rejects an order, in millionths.
    #[must_use]
    pub fn reject_ppm(&self, place: PlaceId) -> i64 {
        self.rejections.of(place)
    }
}

impl Sourcing {
    /// Over a migrated store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            kept: Arc::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rules in force, from memory where they are fresh.
    ///
    /// # Errors
    /// The store's.
    pub async fn active_in(&self, reader: &Reader) -> Result<Arc<Active>> {
        if let Some((since, active)) = &self.kept().active
            && since.elapsed() < ACTIVE_MAX_AGE
        {
            return Ok(Arc::clone(active));
        }
        let latest = store::latest(reader).await?.unwrap_or_else(RulesVersion::initial);
        let counted_at = store::counted_at(reader).await?;
        let active = Arc::new(Active {
            version: latest.version,
            rules: latest.rules,
            counted_at,
            rejections: Rejections::new(&store::places(reader).await?),
        });
        self.kept().keep(&active);
        Ok(active)
    }

    /// What places sold of SKUs in the last weeks, from memory where it is fresh; places that sold nothing are
    /// left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn sold_in(&self, reader: &Reader, skus: &[SkuId]) -> Result<HashMap<(SkuId, PlaceId), i64>> {
        let mut found: HashMap<SkuId, Pace> = HashMap::new();
        {
            let kept = self.kept();
            for sku in skus {
                if let Some((since, pace)) = kept.sold.get(sku)
                    && since.elapsed() < SOLD_MAX_AGE
                {
                    found.insert(*sku, Arc::clone(pace));
                }
            }
        }
        let unknown: Vec<SkuId> = skus
            .iter()
            .copied()
            .filter(|sku| !found.contains_key(sku))
            .collect();
        if !unknown.is_empty() {
            let rows = store::sold(reader, &unknown).await?;
            let mut kept = self.kept();
            if kept.sold.len() + unknown.len() > SOLD_MAX_SKUS {
                kept.sold.clear();
            }
            for sku in unknown {
                let of_sku = rows.iter().filter(|row| row.sku_id == sku);
                let pace: Pace = of_sku.map(|row| (row.place_id, row.pieces)).collect();
                kept.sold.insert(sku, (Instant::now(), Arc::clone(&pace)));
                found.insert(sku, pace);
            }
        }
        let pairs = found
            .iter()
            .flat_map(|(sku, pace)| pace.iter().map(|(place, sold)| ((*sku, *place), *sold)));
        Ok(pairs.collect())
    }

    /// The rules in force.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`.
    pub async fn rules_get(&self, ctx: &Ctx) -> Result<RulesVersion> {
        ctx.require(SOURCING_READ, &Resource::Chain)?;
        let latest = self
            .db
            .read(async |reader: &Reader| store::latest(reader).await)
            .await?;
        Ok(latest.unwrap_or_else(RulesVersion::initial))
    }

    /// Every version there was, the newest first.
    ///
    /// # Errors
    /// `access.*` without `sourcing.read`; `input.*`.
    pub async fn version_list(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<RulesVersion>> {
        ctx.require(SOURCING_READ, &Resource::Chain)?;
        let (size, before) = (page.size()?, page.after()?);
        let read = async move |reader: &Reader| store::versions(reader, before, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |version| version.version)
    }

    /// Puts rules into force; `read_version` is the version the caller has read, if it said.
    ///
    /// # Errors
    /// `access.*` without `sourcing.manage`; `precondition.failed` when somebody was faster.
    pub async fn rules_replace(
        &self,
        ctx: &Ctx,
        read_version: Option<i64>,
        rules: ValidRules,
        note: Option<String>,
    ) -> Result<RulesVersion> {
        ctx.require(SOURCING_MANAGE, &Resource::Chain)?;
        let (by, kept) = (ctx.clone(), Arc::clone(&self.kept));
        let unit = async move |tx: &Tx| {
            let current = store::latest(tx).await?.map_or(0, |latest| latest.version);
            let stale = |current: i64| Error::new(&codes::VERSION_MISMATCH).with("current", current);
            if read_version.is_some_and(|read| read != current) {
                return Err(stale(current));
            }
            let next = RulesVersion {
                version: current + 1,
                rules: rules.get().clone(),
                note: note.clone(),
                actor: by.actor.to_string(),
                changed_at: tx.now(),
            };
            if !store::version_add(tx, &next).await? {
                return Err(stale(current + 1));
            }
            let event = RulesChanged {
                version: next.version,
                note: next.note.clone(),
            };
            bus::emit(tx, &by, &event).await?;
            let kept = Arc::clone(&kept);
            let version = next.version;
            tx.after_commit(move || {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .changed(version);
            });
            Ok(next)
        };
        self.db.write_once(ctx, "sourcing.rules_replace", unit).await
    }

    /// Whether it is this node's turn to count the figures again.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_is_due(&self) -> Result<bool> {
        let claim = async |tx: &Tx| store::count_claim(tx, tx.now().before(COUNT_EVERY)).await;
        self.db.write(claim).await
    }

    /// Keeps newly counted figures, a few rows at a time.
    ///
    /// # Errors
    /// The store's.
    pub async fn figures_keep(&self, sold: Vec<Sold>, places: Vec<PlaceFigure>) -> Result<()> {
        let at = self.db.now().await?;
        for chunk in sold.chunks(CHUNK) {
            let rows = chunk.to_vec();
            self.db
                .write(async move |tx: &Tx| store::sold_put(tx, &rows, at).await)
                .await?;
        }
        let unit = async move |tx: &Tx| {
            store::sold_forget(tx, at).await?;
            store::places_put(tx, &places).await?;
            store::count_done(tx, at).await
        };
        self.db.write(unit).await?;
        let mut kept = self.kept();
        kept.active = None;
        kept.sold.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Active, Kept, Rules};
    use crate::figures::Rejections;

    #[test]
    fn what_was_read_before_a_change_is_not_put_back_after_it() {
        let read = |version| {
            Arc::new(Active {
                version,
                rules: Rules::default(),
                counted_at: None,
                rejections: Rejections::new(&[]),
            })
        };
        let mut kept = Kept::default();
        kept.keep(&read(0));
        assert!(kept.active.is_some());
        kept.changed(1);
        kept.keep(&read(0));
        assert!(kept.active.is_none());
        kept.keep(&read(1));
        assert!(kept.active.is_some());
    }
}
