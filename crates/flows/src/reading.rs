//! Counting by RFID: what readers saw, as EPCIS 2.0 tells it, becomes what was found of a count's lines.

use std::collections::{BTreeMap, BTreeSet};

use base::{CountId, Ctx, Error, Resource, Result, SkuId, codes};
use catalog::SkuLookup;
use db::Tx;
use serde::{Deserialize, Serialize};
use stock::{COUNT_TAKE, CountLine, Sgtin};
use utoipa::ToSchema;

use crate::Flows;
use crate::counting::picks_at;

/// The most tags one document may tell of.
const TAGS_MAX: usize = 20_000;
/// The most articles one document may tell of.
const ARTICLES_MAX: usize = 500;
/// The most strange articles an answer names.
const STRANGE_MAX: usize = 50;

/// An EPCIS 2.0 document, as far as a count cares: observations, and the tags in them. What else the standard puts
/// there (contexts, sensors, business steps) is read over.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EpcisDocument {
    /// `EPCISDocument`.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    pub kind: String,
    /// What happened.
    #[serde(rename = "epcisBody")]
    pub body: EpcisBody,
}

/// The body of a document.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EpcisBody {
    /// The events.
    #[serde(rename = "eventList")]
    #[schema(max_items = 5000)]
    pub events: Vec<EpcisEvent>,
}

/// One event.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EpcisEvent {
    /// Such as `ObjectEvent`.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    pub kind: String,
    /// `OBSERVE`, `ADD` or `DELETE`.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub action: Option<String>,
    /// The tags, each as a URI of its own or the 96 bits in hexadecimal.
    #[serde(default, rename = "epcList")]
    #[schema(max_items = 20_000)]
    pub epcs: Vec<String>,
}

/// What came of a document.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CountRead {
    /// Tags in its observations.
    pub tags: i64,
    /// Pieces of articles among them, each once.
    pub pieces: i64,
    /// Pieces this count had not seen before.
    pub new: i64,
    /// Tags that are on no piece of an article: pallets, places, other schemes.
    pub other_tags: i64,
    /// Articles the catalogue does not know, by GTIN; at most fifty.
    pub unknown_gtins: Vec<String>,
    /// The lines the pieces belong to, as they stand now.
    pub items: Vec<CountLine>,
}

/// What was seen, sorted out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    tags: usize,
    pieces: BTreeSet<Sgtin>,
    other: usize,
}

/// The pieces a document's observations tell of. Other events change what a tag belongs to, not what lies there.
fn seen(document: &EpcisDocument) -> Result<Seen> {
    if document.kind != "EPCISDocument" {
        let error = Error::field("type", &codes::MALFORMED);
        return Err(error.with("reason", "EPCISDocument"));
    }
    let mut seen = Seen::default();
    for event in &document.body.events {
        if event.kind != "ObjectEvent" || event.action.as_deref() != Some("OBSERVE") {
            continue;
        }
        seen.tags += event.epcs.len();
        if seen.tags > TAGS_MAX {
            return Err(crate::cart::range("epcisBody.eventList", 0, TAGS_MAX as i64));
        }
        for epc in &event.epcs {
            match Sgtin::parse(epc) {
                Some(piece) => drop(seen.pieces.insert(piece)),
                None => seen.other += 1,
            }
        }
    }
    Ok(seen)
}

impl Flows {
    /// Keeps what readers saw for a count. A piece seen again is still one, so that a shelf may be read as often
    /// as it takes.
    ///
    /// # Errors
    /// `access.*`, `not_found`, `input.invalid`, `stock.untracked`, `count.illegal_step`.
    pub async fn count_read(&self, ctx: &Ctx, id: CountId, document: &EpcisDocument) -> Result<CountRead> {
        ctx.require(COUNT_TAKE, &Resource::Somewhere)?;
        let seen = seen(document)?;
        let articles: BTreeSet<&str> = seen.pieces.iter().map(|piece| piece.gtin.as_str()).collect();
        if articles.len() > ARTICLES_MAX {
            return Err(crate::cart::range("epcisBody.eventList", 0, ARTICLES_MAX as i64));
        }
        let mut known: BTreeMap<String, SkuId> = BTreeMap::new();
        let mut unknown = Vec::new();
        for gtin in articles {
            let lookup = SkuLookup::Barcode(gtin.to_owned());
            let found = self.parts.catalog.sku_list(&ctx.elevated(), lookup).await?;
            match found.first() {
                // What is not counted has no shelf to be missing from.
                Some(found) if found.sku.tracked => drop(known.insert(gtin.to_owned(), found.sku.id)),
                Some(_) => {}
                None => unknown.push(gtin.to_owned()),
            }
        }
        unknown.truncate(STRANGE_MAX);
        let (tags, pieces_seen, other_tags) = (seen.tags as i64, seen.pieces.len() as i64, seen.other as i64);
        let pieces: Vec<(Sgtin, SkuId)> = seen
            .pieces
            .into_iter()
            .filter_map(|piece| known.get(&piece.gtin).map(|sku| (piece.clone(), *sku)))
            .collect();
        let (stock, actor) = (self.parts.stock.clone(), ctx.clone());
        let unit = async move |tx: &Tx| {
            let place = stock.count_place_in(tx, id).await?;
            actor.require(COUNT_TAKE, &Resource::Place(place))?;
            let picks = picks_at(tx, place).await?;
            let (new, items) = stock.count_read_in(tx, &actor, id, &pieces, &picks).await?;
            Ok(CountRead {
                tags,
                pieces: pieces_seen,
                new: new as i64,
                other_tags,
                unknown_gtins: unknown.clone(),
                items,
            })
        };
        self.parts.db.write_once(ctx, "count_read", unit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After the examples of EPCIS 2.0 (section 9.6.1) with the tags of the Tag Data Standard.
    fn document(events: &str) -> EpcisDocument {
        serde_json::from_str(&format!(
            r#"{{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
                "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-23T01:00:00Z",
                "epcisBody": {{"eventList": [{events}]}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn observations_count_and_a_piece_is_one_however_it_is_written() {
        let events = r#"{"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "cycle_counting",
             "eventTime": "2026-11-23T01:00:00Z", "eventTimeZoneOffset": "+08:00",
             "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
             "epcList": ["3074257BF7194E4000001A85", "urn:epc:id:sgtin:0614141.812345.6789",
                 "urn:epc:id:sgtin:0614141.812345.6790", "urn:epc:id:sscc:0614141.1234567890"]},
            {"type": "ObjectEvent", "action": "ADD", "epcList": ["urn:epc:id:sgtin:0614141.812345.1"]},
            {"type": "AggregationEvent", "action": "OBSERVE", "childEPCs": []}"#;
        let found = seen(&document(events)).unwrap();
        assert_eq!((found.tags, found.pieces.len(), found.other), (4, 2, 1));
    }

    #[test]
    fn another_document_is_refused() {
        let mut other = document("");
        other.kind = "EPCISQueryDocument".into();
        assert!(seen(&other).is_err());
    }
}
