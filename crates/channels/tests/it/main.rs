//! Channels through their face, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod events;

use base::{Channel, Ctx, Locale, PageQuery, PlaceId, RequestId, SkuId, codes};
use catalog::Catalog;
use channels::{Channels, SellsFrom, SkuBuffer, Terms, ValidTerms};
use db::testing::{TestDb, each_engine};
use places::Places;

fn each(body: impl AsyncFn(Channels)) {
    let sets = [
        bus::MIGRATIONS,
        places::MIGRATIONS,
        catalog::MIGRATIONS,
        channels::MIGRATIONS,
    ];
    each_engine(&sets, async |t: TestDb| {
        let (catalog, places) = (Catalog::new(t.db.clone()), Places::new(t.db.clone()));
        body(Channels::new(t.db.clone(), catalog, places)).await;
    });
}

fn buffer(buffer: i64) -> ValidTerms {
    ValidTerms::try_from(Terms {
        buffer,
        ..Terms::default()
    })
    .unwrap()
}

fn system() -> Ctx {
    Ctx::system("test")
}

#[test]
fn each_channel_has_its_own_terms_and_every_version_stays() {
    each(async |channels: Channels| {
        let (web, app) = (Channel::Web, Channel::App);
        assert!(channels.views().await.unwrap().of(web).sees_all());
        for (pieces, note) in [(2, "spring"), (3, "summer")] {
            let said = channels
                .channel_replace(&system(), web, None, buffer(pieces), Some(note.into()))
                .await
                .unwrap();
            assert_eq!(said.version, pieces - 1);
        }
        let views = channels.views().await.unwrap();
        let (sku, place) = (SkuId::new(), PlaceId::new());
        assert_eq!(views.of(web).leaves(sku, place), 3);
        assert!(views.of(app).sees_all());
        let all = channels.channel_list(&system()).await.unwrap().items;
        assert_eq!(all.len(), Channel::ALL.len());
        assert_eq!((all[0].version, all[1].version), (2, 0));
        let history = channels
            .channel_version_list(&system(), web, &PageQuery::default())
            .await
            .unwrap();
        let notes: Vec<_> = history.items.iter().map(|v| v.note.as_deref()).collect();
        assert_eq!(notes, [Some("summer"), Some("spring")]);
    });
}

#[test]
fn whoever_read_an_older_version_is_refused() {
    each(async |channels: Channels| {
        let web = Channel::Web;
        channels
            .channel_replace(&system(), web, Some(0), buffer(1), None)
            .await
            .unwrap();
        let stale = channels
            .channel_replace(&system(), web, Some(0), buffer(2), None)
            .await;
        assert!(stale.unwrap_err().is(&codes::VERSION_MISMATCH));
    });
}

#[test]
fn places_and_articles_nobody_knows_are_refused() {
    each(async |channels: Channels| {
        let of_place = Terms {
            sells_from: SellsFrom::Named {
                place_ids: vec![PlaceId::new()],
            },
            ..Terms::default()
        };
        let of_sku = Terms {
            sku_buffers: vec![SkuBuffer {
                sku_id: SkuId::new(),
                place_id: None,
                pieces: 1,
            }],
            ..Terms::default()
        };
        for terms in [of_place, of_sku] {
            let terms = ValidTerms::try_from(terms).unwrap();
            let refused = channels
                .channel_replace(&system(), Channel::App, None, terms, None)
                .await;
            assert!(refused.unwrap_err().is(&codes::NOT_FOUND));
        }
    });
}

#[test]
fn a_visitor_neither_reads_nor_changes_terms() {
    each(async |channels: Channels| {
        let visitor = Ctx::anonymous(Locale::En, RequestId("test".into()));
        let read = channels.channel_list(&visitor).await.unwrap_err();
        assert_eq!(read.code(), "access.unauthenticated");
        let change = channels.channel_replace(&visitor, Channel::Web, None, buffer(1), None);
        assert_eq!(change.await.unwrap_err().code(), "access.unauthenticated");
    });
}
