//! The tree products are sorted into.

use std::collections::{HashMap, HashSet};

use base::{CategoryId, Error, Result, Text};
use db::{Reader, Row, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::UNKNOWN_CATEGORY;
use crate::faults::Faults;

/// A category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its identifier.
    pub id: CategoryId,
    /// The chain's own code, unique.
    pub code: String,
    /// The category above; null at the top.
    pub parent_id: Option<CategoryId>,
    /// Its name.
    pub name: Text,
    /// Order among its siblings.
    pub position: i64,
}

/// A category to bring in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CategoryIn {
    /// The chain's own code, unique.
    pub code: String,
    /// Code of the category above, there already or earlier in the same list.
    pub parent_code: Option<String>,
    /// Its name.
    pub name: Text,
    /// Order among its siblings.
    pub position: i64,
}

fn category(row: &Row) -> Result<Category> {
    Ok(Category {
        id: row.get(0)?,
        code: row.get(1)?,
        parent_id: row.get(2)?,
        name: Text {
            zh: row.get(3)?,
            en: row.get(4)?,
        },
        position: row.get(5)?,
    })
}

/// The whole tree: parents before children is not promised, siblings in order is.
pub(crate) async fn category_all(reader: &Reader) -> Result<Vec<Category>> {
    let sql = "SELECT id, code, parent_id, name_zh, name_en, position FROM catalog_category \
               ORDER BY position, code";
    reader.query(sql, params![]).await?.iter().map(category).collect()
}

pub(crate) async fn category_exists(reader: &Reader, id: CategoryId) -> Result<bool> {
    let sql = "SELECT id FROM catalog_category WHERE id = $1";
    Ok(reader.query_opt(sql, params![id]).await?.is_some())
}

/// Brings categories in by code: creates what is new, mends what differs.
pub(crate) async fn import_categories(
    tx: &Tx,
    rows: &[(Option<CategoryId>, CategoryIn)],
) -> Result<Vec<CategoryId>> {
    let mut known: HashMap<String, Category> = category_all(tx)
        .await?
        .into_iter()
        .map(|c| (c.code.clone(), c))
        .collect();
    let mut out = Vec::with_capacity(rows.len());
    for (id, input) in rows {
        check(input)?;
        let parent_id = match &input.parent_code {
            None => None,
            Some(code) => Some(
                known
                    .get(code)
                    .map(|c| c.id)
                    .ok_or_else(|| Error::new(&UNKNOWN_CATEGORY).with("category", code.as_str()))?,
            ),
        };
        let before = known.get(&input.code);
        let after = Category {
            id: before.map_or_else(|| id.unwrap_or_default(), |c| c.id),
            code: input.code.clone(),
            parent_id,
            name: input.name.clone(),
            position: input.position,
        };
        out.push(after.id);
        if before == Some(&after) {
            continue;
        }
        let sql = "INSERT INTO catalog_category (id, code, parent_id, name_zh, name_en, position) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
                   parent_id = excluded.parent_id, name_zh = excluded.name_zh, name_en = excluded.name_en, \
                   position = excluded.position";
        let name = &after.name;
        tx.execute(
            sql,
            params![
                after.id,
                after.code,
                after.parent_id,
                name.zh,
                name.en,
                after.position
            ],
        )
        .await?;
        known.insert(after.code.clone(), after);
    }
    is_tree(known.values())?;
    Ok(out)
}

fn check(input: &CategoryIn) -> Result<()> {
    let mut faults = Faults::default();
    faults.text("code", &input.code, 1, 128);
    faults.both("name", &input.name, 1, 200);
    faults.finish()
}

/// Refuses a category that is, over any number of steps, above itself.
fn is_tree<'a>(categories: impl Iterator<Item = &'a Category>) -> Result<()> {
    let parents: HashMap<CategoryId, Option<CategoryId>> = categories.map(|c| (c.id, c.parent_id)).collect();
    for &start in parents.keys() {
        let mut seen = HashSet::from([start]);
        let mut at = start;
        while let Some(Some(above)) = parents.get(&at).copied() {
            if !seen.insert(above) {
                return Err(Error::new(&UNKNOWN_CATEGORY).with("category", above.to_string()));
            }
            at = above;
        }
    }
    Ok(())
}
