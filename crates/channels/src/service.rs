//! The face: how each channel sees stock, and the terms that say so.

use std::sync::Arc;

use base::{Channel, Ctx, Error, Page, PageQuery, Resource, Result, SkuId, codes};
use catalog::Catalog;
use db::{Db, Reader, Tx};
use places::Places;

use crate::check::{ValidTerms, known_places};
use crate::events::TermsChanged;
use crate::model::ChannelTerms;
use crate::shelf::Shelf;
use crate::view::Views;
use crate::{CHANNEL_MANAGE, CHANNEL_READ, store};

/// Channels, as the rest of the house sees them. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    db: Db,
    catalog: Catalog,
    places: Places,
    shelf: Arc<Shelf>,
}

impl Channels {
    /// Over a migrated store, the catalogue and the places it knows.
    #[must_use]
    pub fn new(db: Db, catalog: Catalog, places: Places) -> Self {
        Self {
            db,
            catalog,
            places,
            shelf: Arc::default(),
        }
    }

    /// How channels see what is there, from memory where it is fresh.
    ///
    /// # Errors
    /// The store's.
    pub async fn views(&self) -> Result<Arc<Views>> {
        if let Some(views) = self.shelf.get() {
            return Ok(views);
        }
        let channels = self.clone();
        self.db
            .read(async move |reader: &Reader| channels.views_in(reader).await)
            .await
    }

    /// The same within a read or a unit of work.
    ///
    /// # Errors
    /// The store's.
    pub async fn views_in(&self, reader: &Reader) -> Result<Arc<Views>> {
        if let Some(views) = self.shelf.get() {
            return Ok(views);
        }
        let epoch = self.shelf.epoch();
        let views = Arc::new(Views::new(&store::in_force(reader).await?));
        self.shelf.put(epoch, &views);
        Ok(views)
    }

    /// The terms in force of every channel.
    ///
    /// # Errors
    /// `access.*` without `channel.read`.
    pub async fn channel_list(&self, ctx: &Ctx) -> Result<Page<ChannelTerms>> {
        ctx.require(CHANNEL_READ, &Resource::Chain)?;
        let read = async |reader: &Reader| store::in_force(reader).await;
        let said = self.db.read(read).await?;
        let of = |channel| {
            let said = said.iter().find(|said| said.channel == channel).cloned();
            said.unwrap_or_else(|| ChannelTerms::initial(channel))
        };
        Ok(Page {
            items: Channel::ALL.into_iter().map(of).collect(),
            next: None,
        })
    }

    /// The terms in force of one channel.
    ///
    /// # Errors
    /// `access.*` without `channel.read`.
    pub async fn channel_get(&self, ctx: &Ctx, channel: Channel) -> Result<ChannelTerms> {
        ctx.require(CHANNEL_READ, &Resource::Chain)?;
        let read = async move |reader: &Reader| store::latest(reader, channel).await;
        let latest = self.db.read(read).await?;
        Ok(latest.unwrap_or_else(|| ChannelTerms::initial(channel)))
    }

    /// Every version there was of a channel's terms, the newest first.
    ///
    /// # Errors
    /// `access.*` without `channel.read`; `input.*`.
    pub async fn channel_version_list(
        &self,
        ctx: &Ctx,
        channel: Channel,
        page: &PageQuery,
    ) -> Result<Page<ChannelTerms>> {
        ctx.require(CHANNEL_READ, &Resource::Chain)?;
        let (size, before) = (page.size()?, page.after()?);
        let read =
            async move |reader: &Reader| store::versions(reader, channel, before, size.with_surplus()).await;
        Page::from_surplus(self.db.read(read).await?, size, |version| version.version)
    }

    /// Puts a channel's terms into force; `read_version` is the version the caller has read, if it said.
    ///
    /// # Errors
    /// `access.*` without `channel.manage`; `not_found` for a place or SKU nobody knows; `precondition.failed` when
    /// somebody was faster.
    pub async fn channel_replace(
        &self,
        ctx: &Ctx,
        channel: Channel,
        read_version: Option<i64>,
        terms: ValidTerms,
        note: Option<String>,
    ) -> Result<ChannelTerms> {
        ctx.require(CHANNEL_MANAGE, &Resource::Chain)?;
        known_places(terms.get(), self.places.book().await?.as_ref())?;
        let skus: Vec<SkuId> = terms.get().sku_buffers.iter().map(|said| said.sku_id).collect();
        let known = self.catalog.sku_snapshots(&skus).await?;
        if let Some(unknown) = skus.iter().find(|sku| !known.contains_key(sku)) {
            return Err(Error::not_found("sku", unknown));
        }
        let (by, shelf) = (ctx.clone(), Arc::clone(&self.shelf));
        let unit = async move |tx: &Tx| {
            let current = store::latest(tx, channel)
                .await?
                .map_or(0, |latest| latest.version);
            let stale = |current: i64| Error::new(&codes::VERSION_MISMATCH).with("current", current);
            if read_version.is_some_and(|read| read != current) {
                return Err(stale(current));
            }
            let next = ChannelTerms {
                channel,
                version: current + 1,
                terms: terms.get().clone(),
                note: note.clone(),
                actor: Some(by.actor.to_string()),
                changed_at: Some(tx.now()),
            };
            if !store::version_add(tx, &next).await? {
                return Err(stale(current + 1));
            }
            let event = TermsChanged {
                channel,
                version: next.version,
                note: next.note.clone(),
            };
            bus::emit(tx, &by, &event).await?;
            let shelf = Arc::clone(&shelf);
            tx.after_commit(move || shelf.forget());
            Ok(next)
        };
        self.db.write_once(ctx, "channel_replace", unit).await
    }
}
