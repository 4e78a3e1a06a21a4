//! EPCIS through its face, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Ctx, Locale, PageQuery, RequestId};
use db::testing::{TestDb, each_engine};
use epcis::{Behaviour, Capture, Epcis, EventFilter, MIGRATIONS};
use places::Places;
use serde_json::{Value, json};

const SETS: &[db::MigrationSet] = &[bus::MIGRATIONS, places::MIGRATIONS, MIGRATIONS];
const PIECE: &str = "urn:epc:id:sgtin:0614141.812345.6789";

fn system() -> Ctx {
    Ctx::system("test")
}

fn over(test: &TestDb) -> Epcis {
    Epcis::new(test.db.clone(), Places::new(test.db.clone()))
}

/// Seen at a minute of an hour.
fn seen(minute: u32, tag: &str) -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE", "eventTime": format!("2026-11-23T08:{minute:02}:00Z"),
        "eventTimeZoneOffset": "+08:00", "epcList": [tag],
    })
}

async fn told(epcis: &Epcis, events: Vec<Value>, behaviour: Behaviour) -> Capture {
    epcis
        .capture(&system(), "EPCISDocument", events, behaviour)
        .await
        .unwrap()
}

async fn kept(epcis: &Epcis, tag: Option<&str>) -> Vec<String> {
    let filter = EventFilter {
        tag: tag.map(str::to_owned),
        ..EventFilter::default()
    };
    let page = epcis
        .event_list(&system(), filter, &PageQuery::default())
        .await
        .unwrap();
    page.items
        .into_iter()
        .map(|event| event.happened_at.to_string())
        .collect()
}

#[test]
fn an_event_is_kept_once_and_found_by_any_form_of_its_tag() {
    each_engine(SETS, async |test: TestDb| {
        let epcis = over(&test);
        let first = told(&epcis, vec![seen(1, PIECE), seen(2, "x")], Behaviour::Rollback).await;
        assert_eq!((first.success, first.stored, first.duplicates), (true, 2, 0));
        let again = told(&epcis, vec![seen(3, PIECE), seen(1, PIECE)], Behaviour::Rollback).await;
        assert_eq!((again.stored, again.duplicates), (1, 1));
        let by_bits = kept(&epcis, Some("3074257BF7194E4000001A85")).await;
        assert_eq!(by_bits, ["2026-11-23T08:03:00Z", "2026-11-23T08:01:00Z"]);
        assert_eq!(epcis.capture_get(&system(), again.id).await.unwrap(), again);
        let jobs = epcis
            .capture_list(&system(), &PageQuery::default())
            .await
            .unwrap();
        assert_eq!(jobs.items.len(), 2);
    });
}

#[test]
fn one_wrong_event_keeps_all_out_unless_told_to_proceed() {
    each_engine(SETS, async |test: TestDb| {
        let epcis = over(&test);
        let mut wrong = seen(2, PIECE);
        wrong["action"] = "MOVE".into();
        let events = vec![seen(1, PIECE), wrong];
        let none = told(&epcis, events.clone(), Behaviour::Rollback).await;
        assert_eq!((none.success, none.stored), (false, 0));
        assert_eq!(none.errors[0].field, "epcisBody.eventList[1].action");
        assert!(kept(&epcis, None).await.is_empty());
        let some = told(&epcis, events, Behaviour::Proceed).await;
        assert_eq!((some.success, some.stored, some.errors.len()), (false, 1, 1));
        assert_eq!(kept(&epcis, None).await.len(), 1);
    });
}

#[test]
fn what_is_no_document_is_refused() {
    each_engine(SETS, async |test: TestDb| {
        let epcis = over(&test);
        for (kind, events) in [
            ("EPCISQueryDocument", vec![seen(1, PIECE)]),
            ("EPCISDocument", Vec::new()),
            ("EPCISDocument", vec![seen(1, PIECE); epcis::EVENTS_MAX + 1]),
        ] {
            let refused = epcis
                .capture(&system(), kind, events, Behaviour::Proceed)
                .await
                .unwrap_err();
            assert_eq!(refused.code(), "input.invalid");
        }
        let visitor = Ctx::anonymous(Locale::En, RequestId("test".into()));
        let refused = epcis
            .capture(&visitor, "EPCISDocument", Vec::new(), Behaviour::Proceed)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "access.unauthenticated");
    });
}
