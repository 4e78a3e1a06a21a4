//! The face of search.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base::{Ctx, Cursor, Error, PageSize, PlaceId, ProductId, Resource, Result};
use catalog::{CATALOG_MANAGE, ProductStatus, ProductSummary};
use places::Point;
use tokio::sync::{Mutex, OnceCell};

use crate::BUILDING;
use crate::collect::{After, Found, Harvest, Sieve, collect};
use crate::facets::Facets;
use crate::follow::Follower;
use crate::highlight::Marks;
use crate::index::TextIndex;
use crate::matching::{Matcher, Plan, Wanted};
use crate::model::{
    Availability, Hit, ProductSearch, Results, Suggestion, SuggestionKind, Suggestions, check_question,
};
use crate::parts::SearchParts;
use crate::picture::{Picture, is_counter};
use crate::question::Question;
use crate::suggest::{self, SUGGESTIONS_MAX};
use crate::synonyms::Thesaurus;

/// How long a question waits for an index that is just being opened.
const OPENING_MAX: Duration = Duration::from_secs(2);
/// Fewer answers than this, and those that have most of what was asked for are shown as well.
const FEW: u64 = 3;
/// How near is near, and how many places at most.
const NEAR_MAX_M: i64 = 20_000;
const NEAR_MAX_PLACES: usize = 8;

/// Product search. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) parts: SearchParts,
    pub(crate) thesaurus: Thesaurus,
    engine: OnceCell<Arc<Engine>>,
}

/// An index with its picture, open.
pub(crate) struct Engine {
    pub(crate) text: TextIndex,
    pub(crate) picture: RwLock<Picture>,
    pub(crate) follower: Mutex<Follower>,
}

/// How the index is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// Products in it.
    pub products: usize,
    /// Whether it lives in memory only.
    pub in_memory: bool,
    /// Events that are not in it yet.
    pub behind: i64,
    /// Whether all stock has been looked at since the start.
    pub stock_known: bool,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").finish_non_exhaustive()
    }
}

impl Search {
    /// Search over its parts. Nothing is opened before it is asked or runs.
    #[must_use]
    pub fn new(parts: SearchParts) -> Self {
        let thesaurus = Thesaurus::new(parts.synonyms.clone());
        Self {
            inner: Arc::new(Inner {
                parts,
                thesaurus,
                engine: OnceCell::new(),
            }),
        }
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> &SearchParts {
        &self.inner.parts
    }

    pub(crate) async fn engine(&self) -> Result<Arc<Engine>> {
        let opened = self.inner.engine.get_or_try_init(|| self.open(false)).await?;
        Ok(Arc::clone(opened))
    }

    /// The index, if it is open.
    pub(crate) fn opened(&self) -> Option<Arc<Engine>> {
        self.inner.engine.get().map(Arc::clone)
    }

    async fn engine_soon(&self) -> Result<Arc<Engine>> {
        tokio::time::timeout(OPENING_MAX, self.engine())
            .await
            .map_err(|_| Error::new(&BUILDING))?
    }

    /// How the index is doing.
    ///
    /// # Errors
    /// The store's.
    pub async fn state(&self) -> Result<State> {
        let engine = self.engine().await?;
        let head = self.inner.parts.bus.head().await?;
        let behind = head - engine.follower.lock().await.position();
        let picture = engine.picture();
        Ok(State {
            products: picture.len(),
            in_memory: engine.text.is_in_memory(),
            behind,
            stock_known: picture.stock_known(),
        })
    }

    /// Products that answer a question, or all, narrowed and counted.
    ///
    /// # Errors
    /// `input.invalid`, `input.invalid_cursor`, `not_found` for a place that does not trade, `search.building`.
    pub async fn product_search(&self, ctx: &Ctx, mut wanted: ProductSearch) -> Result<Results> {
        wanted.check()?;
        if !ctx.may(CATALOG_MANAGE, &Resource::Chain) {
            wanted.status = Some(ProductStatus::Active);
        }
        let after: Option<After> = wanted.cursor.as_deref().map(Cursor::decode).transpose()?;
        let size = match wanted.size {
            Some(size) => size,
            None => PageSize::new(None)?,
        };
        let around = self.around(wanted.place, wanted.near).await?;
        let engine = self.engine_soon().await?;
        let search = self.clone();
        let answer = tokio::task::spawn_blocking(move || search.find(&engine, &wanted, &around, after, size))
            .await
            .map_err(Error::internal)??;
        self.told(answer).await
    }

    /// What somebody may be typing.
    ///
    /// # Errors
    /// As [`Search::product_search`].
    pub async fn suggestion_list(
        &self,
        ctx: &Ctx,
        typed: String,
        place: Option<PlaceId>,
        near: Option<Point>,
    ) -> Result<Suggestions> {
        check_question("q", &typed)?;
        if Question::read(&typed).is_empty() {
            return Ok(Suggestions {
                items: Vec::new(),
                corrected: None,
            });
        }
        let engine = self.engine_soon().await?;
        let mut items = suggest::groups(&engine.picture(), &typed);
        let wanted = ProductSearch {
            question: typed,
            place,
            near,
            status: Some(ProductStatus::Active),
            size: Some(PageSize::new(u32::try_from(SUGGESTIONS_MAX - items.len()).ok())?),
            ..ProductSearch::default()
        };
        let found = self.product_search(ctx, wanted).await?;
        items.extend(found.items.into_iter().map(|hit| Suggestion {
            kind: SuggestionKind::Product,
            text: hit.product.name.clone(),
            parts: hit.name_parts,
            category_id: None,
            brand: None,
            product: Some(hit.product),
        }));
        Ok(Suggestions {
            items,
            corrected: found.corrected,
        })
    }

    /// The chosen place and the counters around it or around a point, nearest first.
    async fn around(&self, place: Option<PlaceId>, near: Option<Point>) -> Result<Around> {
        let mut around = Around::default();
        if place.is_none() && near.is_none() {
            return Ok(around);
        }
        let book = self.inner.parts.places.book().await?;
        let mut from = near;
        if let Some(id) = place {
            let chosen = book
                .get(id)
                .filter(|place| place.active)
                .ok_or_else(|| Error::not_found("place", id))?;
            from = from.or(Some(chosen.point()));
            around.here = Some(id);
        }
        let Some(from) = from else { return Ok(around) };
        around.near = book
            .near(from, &places::Filter::default())
            .into_iter()
            .filter(|near| is_counter(&near.place) && near.distance_m <= NEAR_MAX_M)
            .map(|near| near.place.id)
            .filter(|id| Some(*id) != place)
            .take(NEAR_MAX_PLACES)
            .collect();
        Ok(around)
    }

    /// Looks into the index. Takes processor time, so not to be run among the requests.
    fn find(
        &self,
        engine: &Engine,
        wanted: &ProductSearch,
        around: &Around,
        after: Option<After>,
        size: PageSize,
    ) -> Result<Answer> {
        let question = Question::read(&wanted.question);
        let picture = engine.picture();
        // Taken after the picture: numbers of products are in the picture before they are in the index.
        let searcher = engine.text.searcher();
        let sieve = Sieve::new(&picture, picture.view(around.here, &around.near), wanted);
        let synonyms = self.inner.thesaurus.get();
        let matcher = Matcher {
            searcher: &searcher,
            fields: engine.text.fields(),
            synonyms: &synonyms,
        };
        // What holds no word is no question, and finds nothing rather than everything.
        if question.is_empty() && !wanted.question.trim().is_empty() {
            return Ok(Answer::default());
        }
        let with_counts = wanted.with_facets && after.is_none();
        let limit = size.get() + 1;
        let run = |plan: &Plan| {
            collect(
                &searcher,
                plan.query.as_ref(),
                &sieve,
                wanted.sort,
                after,
                limit,
                with_counts,
            )
        };
        let mut plan = matcher.plan(&question, Wanted::All)?;
        let mut harvest = run(&plan)?;
        let mut partial = false;
        for wanted in [Wanted::Most, Wanted::Some] {
            let forgives = match wanted {
                Wanted::Some => harvest.total == 0,
                _ => harvest.total < FEW && (plan.elements > 2 || plan.unknown > 0),
            };
            if !forgives || plan.elements < 2 {
                continue;
            }
            let forgiving = matcher.plan(&question, wanted)?;
            let more = run(&forgiving)?;
            if more.total > harvest.total {
                partial = harvest.total == 0;
                (plan, harvest) = (forgiving, more);
            }
        }
        Ok(Answer::of(
            &picture, around, question, plan, harvest, partial, size,
        ))
    }

    /// The answer with the products as they stand in the catalogue.
    async fn told(&self, answer: Answer) -> Result<Results> {
        let ids: Vec<ProductId> = answer.rows.iter().map(|(found, _)| found.after.1).collect();
        let known = self.inner.parts.catalog.product_summaries(&ids).await?;
        let mut known: HashMap<ProductId, ProductSummary> =
            known.into_iter().map(|product| (product.id, product)).collect();
        let next = match answer.rows.last() {
            Some((last, _)) if answer.has_more => Some(Cursor::encode(&last.after)?),
            _ => None,
        };
        let mut items = Vec::with_capacity(answer.rows.len());
        for (found, places) in answer.rows {
            let Some(product) = known.remove(&found.after.1) else {
                continue;
            };
            items.push(Hit {
                name_parts: answer.marks.parts(&product.name),
                product,
                availability: Availability {
                    state: found.state,
                    places,
                },
                rank: found.rank,
            });
        }
        let corrected = match items.first() {
            Some(first) => corrected(&answer.question, &answer.meant, &answer.heard, &first.product),
            None => None,
        };
        Ok(Results {
            items,
            next,
            total: answer.total,
            corrected,
            partial: answer.partial,
            facets: answer.facets,
        })
    }
}

impl Engine {
    /// The picture, to look at.
    pub(crate) fn picture(&self) -> std::sync::RwLockReadGuard<'_, Picture> {
        // Every change of the picture leaves it whole, so a poisoned lock still guards a true one.
        self.picture.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The picture, to change.
    pub(crate) fn picture_mut(&self) -> std::sync::RwLockWriteGuard<'_, Picture> {
        self.picture.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From where somebody looks.
#[derive(Default)]
struct Around {
    here: Option<PlaceId>,
    near: Vec<PlaceId>,
}

/// What the index answered.
#[derive(Default)]
struct Answer {
    rows: Vec<(Found, Vec<PlaceId>)>,
    has_more: bool,
    total: u64,
    facets: Option<Facets>,
    question: Question,
    marks: Marks,
    meant: Vec<(String, String)>,
    heard: Vec<(String, String)>,
    partial: bool,
}

impl Answer {
    fn of(
        picture: &Picture,
        around: &Around,
        question: Question,
        plan: Plan,
        harvest: Harvest,
        partial: bool,
        size: PageSize,
    ) -> Self {
        let mut best = harvest.best;
        let has_more = best.len() > size.get();
        best.truncate(size.get());
        let candidates: Vec<PlaceId> = around.here.iter().chain(&around.near).copied().collect();
        let rows = best
            .into_iter()
            .map(|found| {
                let row = picture.row(found.slot);
                (
                    found,
                    row.map_or_else(Vec::new, |row| picture.places_of(row, &candidates)),
                )
            })
            .collect();
        Self {
            rows,
            has_more,
            total: harvest.total,
            facets: harvest.counts.map(|counts| counts.told(picture)),
            question,
            marks: plan.marks,
            meant: plan.meant,
            heard: plan.heard,
            partial,
        }
    }
}

/// The question with what was meant in place of what was written: words from the index, Chinese from the name
/// that was found by its sound.
fn corrected(
    question: &Question,
    meant: &[(String, String)],
    heard: &[(String, String)],
    first: &ProductSummary,
) -> Option<String> {
    let mut out = question.normal.clone();
    for (written, meant) in meant {
        out = out.replacen(written, meant, 1);
    }
    let name: Vec<char> = crate::analysis::normal(&first.name.zh).chars().collect();
    for (written, sounds) in heard {
        let pair = name
            .windows(2)
            .find(|pair| crate::analysis::sounds(pair[0], pair[1]).as_ref() == Some(sounds));
        if let Some(pair) = pair {
            out = out.replacen(written, &pair.iter().collect::<String>(), 1);
        }
    }
    (out != question.normal).then_some(out)
}
