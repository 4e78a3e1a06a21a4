//! Finding products by words: by how many of the wanted terms they have, then by where they have them.

use base::{CategoryId, ProductId, Result};
use db::{Reader, Value};
use serde::{Deserialize, Serialize};
use text::Wanted;

use crate::model::{ProductStatus, ProductSummary};
use crate::product_store::{SUMMARY_COLUMNS, placeholders, summary};

/// Where a search goes on: matched terms, weight and identifier of the last product shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct After(pub(crate) i64, pub(crate) i64, pub(crate) ProductId);

/// A product found, with its rank.
pub(crate) struct Found {
    pub(crate) product: ProductSummary,
    pub(crate) after: After,
}

/// How many of the wanted terms a product must have: all of one or two, two thirds of more, so that one odd
/// word in a long question does not empty the shelf.
fn must_match(wanted: usize) -> usize {
    if wanted <= 2 {
        wanted
    } else {
        (wanted * 2).div_ceil(3)
    }
}

/// The first text after every text that begins with `prefix`, in byte order.
fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

pub(crate) struct Question<'a> {
    pub(crate) wanted: &'a [Wanted],
    pub(crate) categories: Option<Vec<CategoryId>>,
    pub(crate) status: Option<ProductStatus>,
    pub(crate) after: Option<After>,
    pub(crate) limit: i64,
}

pub(crate) async fn search(reader: &Reader, question: &Question<'_>) -> Result<Vec<Found>> {
    if question.wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut params: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        params.push(value);
        params.len()
    };
    let mut hits = Vec::with_capacity(question.wanted.len());
    for want in question.wanted {
        let from = bind(want.term.as_str().into());
        let condition = if want.prefix {
            let to = bind(after_prefix(&want.term).into());
            format!("term >= ${from} AND term < ${to}")
        } else {
            format!("term = ${from}")
        };
        hits.push(format!(
            "SELECT product_id, MAX(weight) AS weight FROM catalog_term WHERE {condition} GROUP BY product_id"
        ));
    }
    let enough = bind((must_match(question.wanted.len()) as i64).into());
    let status = bind(question.status.map_or("", ProductStatus::as_str).into());
    let mut conditions = format!("f.matched >= ${enough} AND (${status} = '' OR p.status = ${status})");
    if let Some(categories) = &question.categories {
        let first = categories.iter().map(|id| bind((*id).into())).min().unwrap_or(1);
        conditions.push_str(&match categories.len() {
            0 => " AND p.id IS NULL".to_owned(),
            count => format!(" AND p.category_id IN ({})", placeholders(first, count)),
        });
    }
    if let Some(After(matched, weight, id)) = question.after {
        let (m, w, i) = (bind((-matched).into()), bind((-weight).into()), bind(id.into()));
        conditions.push_str(&format!(
            " AND (-f.matched, -f.weight, p.id) > (${m}, ${w}, ${i})"
        ));
    }
    let limit = bind(question.limit.into());
    let sql = format!(
        "SELECT {SUMMARY_COLUMNS}, f.matched, f.weight FROM catalog_product p JOIN ( \
         SELECT product_id, COUNT(*) AS matched, CAST(SUM(weight) AS BIGINT) AS weight FROM ({}) AS hit \
         GROUP BY product_id) AS f ON f.product_id = p.id \
         WHERE {conditions} ORDER BY f.matched DESC, f.weight DESC, p.id LIMIT ${limit}",
        hits.join(" UNION ALL ")
    );
    let rows = reader.query(&sql, &params).await?;
    rows.iter()
        .map(|row| {
            let product = summary(row)?;
            let after = After(row.get(12)?, row.get(13)?, product.id);
            Ok(Found { product, after })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::must_match;

    #[test]
    fn long_questions_forgive() {
        let needed: Vec<_> = (1..=6).map(must_match).collect();
        assert_eq!(needed, [1, 2, 2, 3, 4, 4]);
    }
}
