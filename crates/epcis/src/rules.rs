//! Reading events: which are right, what they name, what is wrong with the others. Pure.
//!
//! EPCIS 2.0, section 7.4: what each type of event must say; section 7.3.2: actions.

use std::collections::BTreeSet;

use base::Time;
use serde_json::{Map, Value};

use crate::model::Fault;
use crate::tag;

/// The most tags one event may name.
pub(crate) const TAGS_MAX: usize = 20_000;
const KINDS: [&str; 5] = [
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
];
const ACTIONS: [&str; 3] = ["ADD", "OBSERVE", "DELETE"];
/// Where events carry tags.
const TAG_LISTS: [&str; 4] = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
/// Where they carry quantities of classes.
const QUANTITY_LISTS: [&str; 4] = [
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputQuantityList",
];

/// An event that is right.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Read {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) action: Option<String>,
    pub(crate) happened_at: Time,
    pub(crate) biz_step: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) event: Value,
}

/// Reads the event at a place in its list, or says everything that is wrong with it.
pub(crate) fn read(nth: usize, value: &Value) -> Result<Read, Vec<Fault>> {
    let mut faults = Faults {
        nth,
        found: Vec::new(),
    };
    let Some(event) = value.as_object() else {
        faults.add("", "an object");
        return Err(faults.found);
    };
    let kind = text(event, "type").unwrap_or_default();
    if !KINDS.contains(&kind) {
        faults.add("type", &KINDS.join(", "));
    }
    let happened_at = text(event, "eventTime").and_then(|at| at.parse::<Time>().ok());
    if happened_at.is_none() {
        faults.add("eventTime", "2026-11-30T08:15:00.000Z");
    }
    if !text(event, "eventTimeZoneOffset").is_some_and(is_offset) {
        faults.add("eventTimeZoneOffset", "+08:00");
    }
    let action = text(event, "action");
    if kind == "TransformationEvent" {
        if event.contains_key("action") {
            faults.add("action", "absent");
        }
    } else if !action.is_some_and(|action| ACTIONS.contains(&action)) {
        faults.add("action", &ACTIONS.join(", "));
    }
    let tags = tags(event, &mut faults);
    what(event, kind, action, &mut faults);
    match (happened_at, faults.found.is_empty()) {
        (Some(happened_at), true) => Ok(Read {
            id: text(event, "eventID").map_or_else(|| digest(value), str::to_owned),
            kind: kind.to_owned(),
            action: action.map(str::to_owned),
            happened_at,
            biz_step: text(event, "bizStep").map(last_word),
            location: ["readPoint", "bizLocation"]
                .iter()
                .find_map(|key| text(event.get(*key)?.as_object()?, "id"))
                .map(str::to_owned),
            tags,
            event: value.clone(),
        }),
        _ => Err(faults.found),
    }
}

/// What an event must be about, by its type.
fn what(event: &Map<String, Value>, kind: &str, action: Option<&str>, faults: &mut Faults) {
    let some = |keys: &[&str]| keys.iter().any(|key| event.get(*key).is_some_and(is_filled));
    let parent = text(event, "parentID").is_some();
    match kind {
        "ObjectEvent" if !some(&["epcList", "quantityList"]) => faults.add("epcList", "one entry at least"),
        "TransactionEvent" => {
            if !some(&["bizTransactionList"]) {
                faults.add("bizTransactionList", "one entry at least");
            }
            if action != Some("DELETE") && !parent && !some(&["epcList", "quantityList"]) {
                faults.add("epcList", "one entry at least");
            }
        }
        "AggregationEvent" | "AssociationEvent" => {
            if !parent && (kind == "AssociationEvent" || action != Some("OBSERVE")) {
                faults.add("parentID", "what they are within");
            }
            // Without children everything is taken out.
            if action != Some("DELETE") && !some(&["childEPCs", "childQuantityList"]) {
                faults.add("childEPCs", "one entry at least");
            }
        }
        "TransformationEvent" => {
            // Parts of one transformation may be told apart, under its name.
            let named = text(event, "transformationID").is_some();
            let (took, made) = (
                some(&["inputEPCList", "inputQuantityList"]),
                some(&["outputEPCList", "outputQuantityList"]),
            );
            if !(took || named && made) {
                faults.add("inputEPCList", "one entry at least");
            }
            if !(made || named && took) {
                faults.add("outputEPCList", "one entry at least");
            }
        }
        _ => {}
    }
}

fn tags(event: &Map<String, Value>, faults: &mut Faults) -> BTreeSet<String> {
    let mut tags: BTreeSet<String> = text(event, "parentID").map(tag::normal).into_iter().collect();
    for key in TAG_LISTS {
        let Some(list) = event.get(key) else { continue };
        let Some(list) = list.as_array().filter(|list| list.len() <= TAGS_MAX) else {
            faults.add(key, &format!("a list of at most {TAGS_MAX}"));
            continue;
        };
        for (nth, one) in list.iter().enumerate() {
            match one.as_str().filter(|text| (1..=200).contains(&text.len())) {
                Some(text) => drop(tags.insert(tag::normal(text))),
                None => faults.add(&format!("{key}[{nth}]"), "urn:epc:id:sgtin:0614141.812345.6789"),
            }
        }
    }
    for key in QUANTITY_LISTS {
        let Some(list) = event.get(key) else { continue };
        let right = |one: &Value| {
            let one = one.as_object();
            let class = one.and_then(|one| text(one, "epcClass")).is_some();
            class
                && one
                    .and_then(|one| one.get("quantity"))
                    .is_none_or(|count| count.as_f64().is_some_and(|n| n > 0.0))
        };
        if !list.as_array().is_some_and(|list| list.iter().all(right)) {
            faults.add(key, "[{\"epcClass\": .., \"quantity\": 12}]");
        }
    }
    tags
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object
        .get(key)?
        .as_str()
        .filter(|text| (1..=500).contains(&text.len()))
}

fn is_filled(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty())
}

/// `+08:00`
fn is_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes[at].is_ascii_digit();
    bytes.len() == 6
        && matches!(bytes[0], b'+' | b'-')
        && bytes[3] == b':'
        && [1, 2, 4, 5].into_iter().all(digit)
}

/// Steps are told bare (`receiving`), as URIs of the standard, or as addresses of its vocabulary.
fn last_word(step: &str) -> String {
    let is_address = step.starts_with("urn:") || step.starts_with("http");
    let word = step.rsplit(['/', ':', '-']).next().filter(|_| is_address);
    word.unwrap_or(step).to_owned()
}

/// A name for an event that has none: the digest of what it says. Keys are in one order, so that the same event told
/// twice is the same.
fn digest(value: &Value) -> String {
    let hex = crypto::hex(&crypto::digest(value.to_string().as_bytes()));
    format!("ni:///sha-256;{hex}")
}

struct Faults {
    nth: usize,
    found: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, field: &str, expected: &str) {
        let (nth, dot) = (self.nth, if field.is_empty() { "" } else { "." });
        self.found.push(Fault {
            field: format!("epcisBody.eventList[{nth}]{dot}{field}"),
            expected: expected.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, more: Value) -> Value {
        let mut event = json!({
            "type": kind, "eventTime": "2026-11-23T08:00:00+08:00", "eventTimeZoneOffset": "+08:00", "action": "ADD",
        });
        for (key, value) in more.as_object().unwrap() {
            if value.is_null() {
                event.as_object_mut().unwrap().remove(key);
            } else {
                event[key] = value.clone();
            }
        }
        event
    }

    fn wrong(value: &Value) -> Vec<String> {
        let faults = read(3, value).expect_err("something is wrong with it");
        faults
            .into_iter()
            .map(|fault| fault.field.replace("epcisBody.eventList[3].", ""))
            .collect()
    }

    const PIECE: &str = "urn:epc:id:sgtin:0614141.812345.6789";
    const PALLET: &str = "urn:epc:id:sscc:0614141.1234567890";

    #[test]
    fn every_type_is_read() {
        let quantity = json!([{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200}]);
        for right in [
            event(
                "ObjectEvent",
                json!({"epcList": [PIECE], "bizStep": "urn:epcglobal:cbv:bizstep:receiving"}),
            ),
            event(
                "ObjectEvent",
                json!({"quantityList": quantity, "action": "OBSERVE"}),
            ),
            event(
                "AggregationEvent",
                json!({"parentID": PALLET, "childEPCs": [PIECE]}),
            ),
            event(
                "AggregationEvent",
                json!({"parentID": PALLET, "action": "DELETE"}),
            ),
            event(
                "AggregationEvent",
                json!({"childEPCs": [PIECE], "action": "OBSERVE"}),
            ),
            event(
                "TransactionEvent",
                json!({"bizTransactionList": [{"bizTransaction": "po:1"}], "epcList": [PIECE]}),
            ),
            event(
                "TransformationEvent",
                json!({"action": null, "inputEPCList": [PIECE], "outputQuantityList": quantity}),
            ),
            event(
                "AssociationEvent",
                json!({"parentID": PALLET, "childEPCs": [PIECE]}),
            ),
        ] {
            let read = read(0, &right).unwrap();
            assert_eq!(read.happened_at.to_string(), "2026-11-23T00:00:00Z");
        }
        let both = event(
            "AggregationEvent",
            json!({"parentID": PALLET, "childEPCs": [PIECE, "3074257BF7194E4000001A85"]}),
        );
        let tags: Vec<String> = read(0, &both).unwrap().tags.into_iter().collect();
        assert_eq!(tags, ["00106141412345678908", "0180614141123458216789"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(
            wrong(&event("ObjectEvent", json!({"action": "MOVE"}))),
            ["action", "epcList"]
        );
        assert_eq!(wrong(&event("QuantityEvent", json!({}))), ["type"]);
        assert_eq!(
            wrong(&event("AggregationEvent", json!({}))),
            ["parentID", "childEPCs"]
        );
        assert_eq!(
            wrong(&event(
                "AssociationEvent",
                json!({"action": "OBSERVE", "childEPCs": [PIECE]})
            )),
            ["parentID"]
        );
        assert_eq!(
            wrong(&event("TransactionEvent", json!({"epcList": [PIECE]}))),
            ["bizTransactionList"]
        );
        assert_eq!(
            wrong(&event("TransformationEvent", json!({"inputEPCList": [PIECE]}))),
            ["action", "outputEPCList"]
        );
        assert_eq!(
            wrong(&event(
                "ObjectEvent",
                json!({"epcList": [PIECE, 7], "eventTime": "today", "eventTimeZoneOffset": "8"})
            )),
            ["eventTime", "eventTimeZoneOffset", "epcList[1]"]
        );
        assert_eq!(
            wrong(&event("ObjectEvent", json!({"quantityList": [{"quantity": -1}]}))),
            ["quantityList"]
        );
    }

    #[test]
    fn the_same_event_has_the_same_name() {
        let told = event("ObjectEvent", json!({"epcList": [PIECE]}));
        let again: Value = serde_json::from_str(&told.to_string()).unwrap();
        assert_eq!(read(0, &told).unwrap().id, read(9, &again).unwrap().id);
        let named = event(
            "ObjectEvent",
            json!({"epcList": [PIECE], "eventID": "urn:uuid:1"}),
        );
        assert_eq!(read(0, &named).unwrap().id, "urn:uuid:1");
    }
}
