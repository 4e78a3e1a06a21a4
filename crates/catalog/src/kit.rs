//! Kits: SKUs that are made of other SKUs. What can be had of a kit is what can be had of its components; the ledger
//! knows only those. A kit has a price of its own and is made of no other kit.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Error, Result, SkuId, Text, codes};
use db::{Reader, Tx, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{NESTED_KIT, REPEATED, UNKNOWN_COMPONENT};
use crate::model::Sku;
use crate::product_store::{CHUNK, placeholders};

/// The most components one kit has.
pub(crate) const COMPONENTS_MAX: usize = 20;
/// The most pieces of one component.
const QUANTITY_MAX: i64 = 999;

/// So many of a SKU in one piece of a kit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which SKU.
    pub sku_id: SkuId,
    /// How many.
    #[schema(minimum = 1, maximum = 999)]
    pub quantity: i64,
}

/// A component with what an order keeps of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KitPart {
    /// Its SKU.
    pub sku_id: SkuId,
    /// How many are in one piece of the kit.
    pub quantity: i64,
    /// The name of its product.
    pub name: Text,
    /// What sets it apart from its siblings.
    pub option: Text,
    /// One barcode as written, if there is any.
    pub barcode: Option<String>,
    /// Whether its stock is counted.
    pub tracked: bool,
}

/// Components that can make a kit: some, each once, in quantities one can pack. None takes a kit apart.
pub(crate) fn check(components: &[Component]) -> Result<()> {
    let invalid = || Error::new(&codes::INVALID_INPUT);
    let range = |min: i64, max: i64| {
        let facts = [("min".to_owned(), min.into()), ("max".to_owned(), max.into())];
        facts.into_iter().collect()
    };
    if components.len() > COMPONENTS_MAX {
        let most = range(0, COMPONENTS_MAX as i64);
        return Err(invalid().and_field("components", &codes::OUT_OF_RANGE, most));
    }
    let mut seen = HashSet::new();
    for (at, component) in components.iter().enumerate() {
        if !(1..=QUANTITY_MAX).contains(&component.quantity) {
            let field = format!("components[{at}].quantity");
            return Err(invalid().and_field(field, &codes::OUT_OF_RANGE, range(1, QUANTITY_MAX)));
        }
        if !seen.insert(component.sku_id) {
            let facts = [("value".to_owned(), component.sku_id.to_string().into())];
            let field = format!("components[{at}].sku_id");
            return Err(invalid().and_field(field, &REPEATED, facts.into_iter().collect()));
        }
    }
    Ok(())
}

/// Makes a SKU of components, or of none: then it is an article like any other. The SKUs are read in the same unit, so
/// that no kit becomes a part of a kit.
pub(crate) async fn put(tx: &Tx, kit: SkuId, components: &[Component]) -> Result<()> {
    if !components.is_empty() {
        let keys: Vec<Value> = components.iter().map(|c| c.sku_id.into()).collect();
        let known = known(tx, &keys).await?;
        let unknown = |c: &&Component| !known.contains_key(&c.sku_id);
        if let Some(unknown) = components.iter().find(unknown) {
            return Err(Error::new(&UNKNOWN_COMPONENT).with("sku_id", unknown.sku_id.to_string()));
        }
        let nested = components.iter().find(|c| c.sku_id == kit || known[&c.sku_id]);
        if let Some(nested) = nested {
            return Err(Error::new(&NESTED_KIT).with("sku_id", nested.sku_id.to_string()));
        }
        let used = "SELECT 1 FROM catalog_component WHERE sku_id = $1 LIMIT 1";
        if tx.query_opt(used, &[kit.into()]).await?.is_some() {
            return Err(Error::new(&NESTED_KIT).with("sku_id", kit.to_string()));
        }
    }
    tx.execute(
        "DELETE FROM catalog_component WHERE kit_sku_id = $1",
        &[kit.into()],
    )
    .await?;
    let rows: Vec<Vec<Value>> = components
        .iter()
        .enumerate()
        .map(|(position, c)| {
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            vec![kit.into(), c.sku_id.into(), c.quantity.into(), position.into()]
        })
        .collect();
    tx.insert_many(
        "catalog_component (kit_sku_id, sku_id, quantity, position)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// Which of these SKUs there are, and whether each is a kit.
async fn known(reader: &Reader, keys: &[Value]) -> Result<HashMap<SkuId, bool>> {
    let sql = format!(
        "SELECT s.id, EXISTS (SELECT 1 FROM catalog_component c WHERE c.kit_sku_id = s.id) \
         FROM catalog_sku s WHERE s.id IN ({})",
        placeholders(1, keys.len())
    );
    let rows = reader.query(&sql, keys).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Reads what SKUs are made of into them.
pub(crate) async fn with_components(reader: &Reader, mut skus: Vec<Sku>) -> Result<Vec<Sku>> {
    let ids: Vec<Value> = skus.iter().map(|sku| sku.id.into()).collect();
    let mut found: HashMap<SkuId, Vec<Component>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT kit_sku_id, sku_id, quantity FROM catalog_component WHERE kit_sku_id IN ({}) \
             ORDER BY kit_sku_id, position, sku_id",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            found.entry(row.get(0)?).or_default().push(Component {
                sku_id: row.get(1)?,
                quantity: row.get(2)?,
            });
        }
    }
    for sku in &mut skus {
        sku.components = found.remove(&sku.id).unwrap_or_default();
    }
    Ok(skus)
}

/// What SKUs are made of, with names; SKUs that are no kits are left out.
pub(crate) async fn parts_of(reader: &Reader, ids: &[Value]) -> Result<HashMap<SkuId, Vec<KitPart>>> {
    let mut found: HashMap<SkuId, Vec<KitPart>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT c.kit_sku_id, c.sku_id, c.quantity, p.name_zh, p.name_en, s.option_zh, s.option_en, s.tracked, \
             (SELECT MIN(b.written) FROM catalog_barcode b WHERE b.sku_id = s.id) \
             FROM catalog_component c JOIN catalog_sku s ON s.id = c.sku_id \
             JOIN catalog_product p ON p.id = s.product_id WHERE c.kit_sku_id IN ({}) \
             ORDER BY c.kit_sku_id, c.position, c.sku_id",
            placeholders(1, chunk.len())
        );
        for row in reader.query(&sql, chunk).await? {
            found.entry(row.get(0)?).or_default().push(KitPart {
                sku_id: row.get(1)?,
                quantity: row.get(2)?,
                name: Text {
                    zh: row.get(3)?,
                    en: row.get(4)?,
                },
                option: Text {
                    zh: row.get(5)?,
                    en: row.get(6)?,
                },
                tracked: row.get(7)?,
                barcode: row.get(8)?,
            });
        }
    }
    Ok(found)
}

/// The kits among SKUs and those that are made of them, with the counted SKUs each takes.
pub(crate) async fn kits_with(reader: &Reader, ids: &[Value]) -> Result<BTreeMap<SkuId, Vec<Component>>> {
    let mut found: BTreeMap<SkuId, Vec<Component>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let list = placeholders(1, chunk.len());
        let sql = format!(
            "SELECT c.kit_sku_id, c.sku_id, c.quantity FROM catalog_component c \
             JOIN catalog_sku s ON s.id = c.sku_id WHERE s.tracked AND (c.kit_sku_id IN ({list}) \
             OR c.kit_sku_id IN (SELECT k.kit_sku_id FROM catalog_component k WHERE k.sku_id IN ({list}))) \
             ORDER BY c.kit_sku_id, c.sku_id"
        );
        let mut these: BTreeMap<SkuId, Vec<Component>> = BTreeMap::new();
        for row in reader.query(&sql, chunk).await? {
            these.entry(row.get(0)?).or_default().push(Component {
                sku_id: row.get(1)?,
                quantity: row.get(2)?,
            });
        }
        found.extend(these);
    }
    Ok(found)
}
