//! The whole product's migrations, as they lie in the tree: accepted, and the same schema on both engines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use db::MigrationSet;
use db::testing::{TestDb, engines, logical_schema};

/// Tables made by a pair of texts: their columns may differ, and a decision says why.
const PAIRED_TABLES: &[&str] = &["bus_outbox"];

/// The migrations of every crate, platform first, as the wiring of the binary has them.
fn all_sets() -> Vec<MigrationSet> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sets = BTreeMap::new();
    for entry in fs::read_dir(crates).unwrap() {
        let path = entry.unwrap().path();
        let domain = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Ok(files) = fs::read_dir(path.join("migrations")) else {
            continue;
        };
        if domain == "db" {
            continue;
        }
        let mut texts: Vec<(&'static str, &'static str)> = files
            .map(|file| {
                let file = file.unwrap().path();
                let name = file.file_name().unwrap().to_str().unwrap().to_owned();
                (&*name.leak(), &*fs::read_to_string(&file).unwrap().leak())
            })
            .collect();
        texts.sort_unstable();
        let domain: &'static str = domain.leak();
        sets.insert(
            domain,
            MigrationSet {
                domain,
                files: texts.leak(),
            },
        );
    }
    sets.into_values().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_has_one_schema_on_both_engines() {
    let sets = all_sets();
    assert!(sets.len() > 2, "the crates lie beside this one");
    let mut schemas = Vec::new();
    for engine in engines() {
        let t = TestDb::new(engine, &sets).await;
        let mut facts = logical_schema(&t.db).await.unwrap();
        facts.retain(|fact| !PAIRED_TABLES.iter().any(|table| fact.contains(table)));
        schemas.push(facts);
    }
    let facts = &schemas[0];
    for column in facts.iter().filter(|fact| fact.starts_with("column ")) {
        if column.contains("_at ") {
            assert!(column.contains(" bigint"), "times are BIGINT: {column}");
        }
        if column.contains("_json ") {
            assert!(column.contains(" text"), "JSON is TEXT: {column}");
        }
    }
    for other in &schemas[1..] {
        let (left, right): (Vec<_>, Vec<_>) = (
            facts.iter().filter(|f| !other.contains(f)).collect(),
            other.iter().filter(|f| !facts.contains(f)).collect(),
        );
        assert!(
            left.is_empty() && right.is_empty(),
            "only SQLite: {left:#?}, only PostgreSQL: {right:#?}"
        );
    }
}
