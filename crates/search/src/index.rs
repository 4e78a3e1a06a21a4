//! The full-text index: its fields, how it is opened, written and made anew. No decisions about ranking.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base::{Error, EventId, ProductId, Result, Text};
use catalog::Product;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term};

use crate::LOCKED;
use crate::analysis::{Placed, squeezed, terms};
use crate::card::Card;

/// Raised when texts are taken apart or fields kept in another way: older indexes are then made anew.
const VERSION: u32 = 2;
/// What one writer may hold before it writes, in bytes; tantivy wants at least fifteen million.
const WRITER_BYTES: usize = 20_000_000;

/// What an index says about itself, written with every commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Stamp {
    version: u32,
    /// The last event that is in it.
    pub(crate) position: i64,
    /// That event's identifier, so that an index is not taken for another database's, or for this one's before
    /// a restore.
    pub(crate) event: Option<EventId>,
    /// A print of the category tree.
    pub(crate) categories: u64,
}

impl Stamp {
    pub(crate) const fn new(position: i64, event: Option<EventId>, categories: u64) -> Self {
        Self {
            version: VERSION,
            position,
            event,
            categories,
        }
    }
}

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    id: Field,
    slot: Field,
    card: Field,
    pub(crate) name: Field,
    pub(crate) chars: Field,
    pub(crate) brand: Field,
    pub(crate) category: Field,
    pub(crate) attributes: Field,
    pub(crate) description: Field,
    pub(crate) words: Field,
    pub(crate) syllables: Field,
    pub(crate) sounds: Field,
    pub(crate) initials: Field,
    pub(crate) codes: Field,
    pub(crate) exact: Field,
}

/// The name of the fast field that holds a product's number.
pub(crate) const SLOT: &str = "slot";

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    // Terms come ready made; "raw" is never asked to make any.
    let terms = |option, with_lengths| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(option)
            .set_fieldnorms(with_lengths);
        TextOptions::default().set_indexing_options(indexing)
    };
    let (places, counts, bare) = (
        IndexRecordOption::WithFreqsAndPositions,
        IndexRecordOption::WithFreqs,
        IndexRecordOption::Basic,
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        slot: builder.add_u64_field(SLOT, FAST),
        card: builder.add_bytes_field("card", STORED),
        name: builder.add_text_field("name", terms(places, true)),
        chars: builder.add_text_field("chars", terms(bare, true)),
        brand: builder.add_text_field("brand", terms(counts, true)),
        category: builder.add_text_field("category", terms(counts, true)),
        attributes: builder.add_text_field("attributes", terms(counts, true)),
        description: builder.add_text_field("description", terms(counts, true)),
        words: builder.add_text_field("words", terms(bare, false)),
        syllables: builder.add_text_field("syllables", terms(bare, false)),
        sounds: builder.add_text_field("sounds", terms(places, false)),
        initials: builder.add_text_field("initials", terms(places, false)),
        codes: builder.add_text_field("codes", terms(bare, false)),
        exact: builder.add_text_field("exact", terms(bare, false)),
    };
    (builder.build(), fields)
}

/// What is written of one product.
pub(crate) struct Entry {
    id: ProductId,
    document: TantivyDocument,
}

/// The index of one node.
pub(crate) struct TextIndex {
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    fields: Fields,
    in_memory: bool,
}

fn failed(error: TantivyError) -> Error {
    Error::internal(error)
}

impl TextIndex {
    /// Opens the index of a folder, or an empty one in memory; answers what it says about itself, if it can be
    /// gone on with.
    ///
    /// # Errors
    /// `search.locked` when another process keeps it.
    pub(crate) fn open(folder: Option<&Path>) -> Result<(Self, Option<Stamp>)> {
        let (schema, fields) = schema();
        let Some(folder) = folder else {
            return Ok((Self::over(Index::create_in_ram(schema), fields, true)?, None));
        };
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
        let open = || -> Result<(Self, Option<String>)> {
            let directory = MmapDirectory::open(folder).map_err(Error::internal)?;
            let index = Index::open_or_create(directory, schema.clone()).map_err(failed)?;
            let stamp = index.load_metas().map_err(failed)?.payload;
            Ok((Self::over(index, fields, false)?, stamp))
        };
        let (opened, stamp) = match open() {
            Ok(opened) => opened,
            Err(error) if error.is(&LOCKED) => {
                return Err(error.with("folder", folder.display().to_string()));
            }
            // What cannot be read, or has other fields, is a copy of no use; a new one is made.
            Err(_) => {
                clear(folder)?;
                open()?
            }
        };
        let stamp: Option<Stamp> = stamp.and_then(|json| serde_json::from_str(&json).ok());
        Ok((opened, stamp.filter(|stamp| stamp.version == VERSION)))
    }

    fn over(index: Index, fields: Fields, in_memory: bool) -> Result<Self> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        let writer = index.writer_with_options(options).map_err(|error| match error {
            TantivyError::LockFailure(..) => Error::new(&LOCKED).caused_by(error),
            other => failed(other),
        })?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(failed)?;
        Ok(Self {
            reader,
            writer: Mutex::new(writer),
            fields,
            in_memory,
        })
    }

    pub(crate) const fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) const fn is_in_memory(&self) -> bool {
        self.in_memory
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Every card, by the number its product has in this index.
    pub(crate) fn cards(&self) -> Result<Vec<(u32, Card)>> {
        let mut out = Vec::new();
        let searcher = self.searcher();
        for segment in searcher.segment_readers() {
            let store = segment.get_store_reader(1).map_err(Error::internal)?;
            let slots = segment.fast_fields().u64(SLOT).map_err(failed)?;
            for doc in 0..segment.max_doc() {
                if segment.is_deleted(doc) {
                    continue;
                }
                let document: TantivyDocument = store.get(doc).map_err(failed)?;
                let card = document
                    .get_first(self.fields.card)
                    .and_then(|value| value.as_bytes())
                    .ok_or_else(|| Error::internal("a product without its card"))?;
                let card = serde_json::from_slice(card).map_err(Error::internal)?;
                out.push((slots.first(doc).unwrap_or_default() as u32, card));
            }
        }
        // Numbers are given anew in the same order, so that none is missing between them.
        out.sort_by_key(|(slot, _)| *slot);
        Ok(out)
    }

    /// Writes products, each in place of what was there of it, and says how far the index now is.
    pub(crate) fn write(&self, entries: Vec<Entry>, stamp: &Stamp) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.replace(&writer, entries).and_then(|()| {
            let mut commit = writer.prepare_commit().map_err(failed)?;
            commit.set_payload(&serde_json::to_string(stamp).map_err(Error::internal)?);
            commit.commit().map_err(failed)
        });
        if let Err(error) = written {
            // Nothing half-written is left for the next commit to take along.
            writer.rollback().map_err(failed)?;
            return Err(error);
        }
        drop(writer);
        self.reader.reload().map_err(failed)
    }

    fn replace(&self, writer: &IndexWriter, entries: Vec<Entry>) -> Result<()> {
        for entry in entries {
            writer.delete_term(Term::from_field_text(self.fields.id, &entry.id.to_string()));
            writer.add_document(entry.document).map_err(failed)?;
        }
        Ok(())
    }

    /// Adds products to an index that is being made anew; nothing is seen before [`TextIndex::write`].
    pub(crate) fn begin_anew(&self) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_all_documents().map_err(failed).map(drop)
    }

    /// See [`TextIndex::begin_anew`].
    pub(crate) fn add_anew(&self, entries: Vec<Entry>) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            writer.add_document(entry.document).map_err(failed)?;
        }
        Ok(())
    }

    /// What is written of a product.
    pub(crate) fn entry(&self, slot: u32, product: &Product, card: &Card, path: &[&Text]) -> Result<Entry> {
        Ok(Entry {
            id: card.id,
            document: self.document(slot, product, card, path)?,
        })
    }

    fn document(&self, slot: u32, product: &Product, card: &Card, path: &[&Text]) -> Result<TantivyDocument> {
        let fields = &self.fields;
        let summary = &product.summary;
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, summary.id.to_string());
        document.add_u64(fields.slot, u64::from(slot));
        document.add_bytes(fields.card, &serde_json::to_vec(card).map_err(Error::internal)?);

        let mut bag = Bag::default();
        let name = bag.take(both(&summary.name));
        let brand = bag.take(both(&summary.brand));
        let category = bag.take(path.iter().flat_map(|name| both(name)));
        let options = product
            .skus
            .iter()
            .filter(|sku| sku.active)
            .flat_map(|sku| both(&sku.option));
        let values = product
            .attributes
            .iter()
            .flat_map(|attribute| both(&attribute.value));
        let attributes = bag.take(values.chain(options));
        // A description is found by its terms, but nobody's slip of the finger or sound is corrected to its words.
        let description = Bag::default().take(both(&product.description));
        for (field, terms) in [
            (fields.name, name),
            (fields.brand, brand),
            (fields.category, category),
            (fields.attributes, attributes),
            (fields.description, description),
            (fields.sounds, bag.sounds),
            (fields.initials, bag.initials),
        ] {
            document.add_pre_tokenized_text(field, placed(terms));
        }
        for (field, terms) in [
            (fields.chars, bag.chars),
            (fields.words, bag.words),
            (fields.syllables, bag.syllables),
            (fields.codes, codes(product)),
            (
                fields.exact,
                vec![squeezed(&summary.name.zh), squeezed(&summary.name.en)],
            ),
        ] {
            document.add_pre_tokenized_text(field, distinct(terms));
        }
        Ok(document)
    }
}

/// Empties a folder of ours.
fn clear(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).map_err(Error::internal)?;
    std::fs::create_dir_all(folder).map_err(Error::internal)
}

fn both(text: &Text) -> impl Iterator<Item = &str> {
    let same = text.zh == text.en;
    [text.zh.as_str(), text.en.as_str()]
        .into_iter()
        .take(if same { 1 } else { 2 })
        .filter(|side| !side.is_empty())
}

/// What all the short texts of a product share.
#[derive(Default)]
struct Bag {
    words: Vec<String>,
    chars: Vec<String>,
    syllables: Vec<String>,
    sounds: Vec<Placed>,
    initials: Vec<Placed>,
    /// Where the next text begins among the sounds.
    end: usize,
}

impl Bag {
    /// The placed terms of some texts; the rest is collected.
    fn take<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Vec<Placed> {
        let mut out = Vec::new();
        let mut start = 0;
        for text in texts {
            let terms = terms(text);
            let length = terms.terms.last().map_or(0, |(_, place)| place + 1);
            let from = |start: usize| move |(term, place): Placed| (term, start + place);
            out.extend(terms.terms.into_iter().map(from(start)));
            self.sounds.extend(terms.sounds.into_iter().map(from(self.end)));
            self.initials
                .extend(terms.initials.into_iter().map(from(self.end)));
            // No phrase reaches from one text into the next.
            start += length + 1;
            self.end += length + 1;
            self.words.extend(terms.words);
            self.chars.extend(terms.chars);
            self.syllables.extend(terms.syllables);
        }
        out
    }
}

/// The codes of a product, its SKUs and their barcodes, as they are typed and as they are read by a scanner.
fn codes(product: &Product) -> Vec<String> {
    let mut out = vec![squeezed(&product.summary.code)];
    for sku in &product.skus {
        out.push(squeezed(&sku.code));
        for barcode in &sku.barcodes {
            out.push(squeezed(barcode));
            out.extend(catalog::Gtin::parse(barcode).map(|gtin| gtin.as_str().to_owned()));
        }
    }
    out
}

fn distinct(mut terms: Vec<String>) -> PreTokenizedString {
    terms.retain(|term| !term.is_empty());
    terms.sort_unstable();
    terms.dedup();
    placed(
        terms
            .into_iter()
            .enumerate()
            .map(|(at, term)| (term, at))
            .collect(),
    )
}

fn placed(terms: Vec<Placed>) -> PreTokenizedString {
    let tokens = terms
        .into_iter()
        .map(|(text, position)| Token {
            offset_from: 0,
            offset_to: 0,
            position,
            text,
            position_length: 1,
        })
        .collect();
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}
