//! HTTP of search.

use base::{CategoryId, Error, PageSize, PlaceId, Result, codes};
use catalog::ProductStatus;
use places::Point;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Caller, Json, Query, Reply, Router, State, routes};

use crate::model::{AvailabilityWanted, ProductSearch, Results, Sort, Suggestions};
use crate::service::Search;

/// The routes of search.
pub fn routes(search: Search) -> Router {
    Router::new()
        .routes(routes!(product_search))
        .routes(routes!(suggestion_list))
        .with_state(search)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ProductSearchQuery {
    /// Words in Chinese or English, pinyin or its initials, a code or a barcode; absent for everything.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only in this category and below.
    category: Option<CategoryId>,
    /// Only of one of these brands: `key` of the facet.
    #[serde(default)]
    #[param(max_items = 50)]
    brand: Vec<String>,
    /// Only with these attributes, `key:value`: one of the values of each key.
    #[serde(default)]
    #[param(max_items = 50)]
    attribute: Vec<String>,
    /// Not cheaper, in minor units.
    #[param(minimum = 0)]
    min_price: Option<i64>,
    /// Not dearer, in minor units.
    #[param(minimum = 0)]
    max_price: Option<i64>,
    /// The chosen place: what it has comes first.
    place: Option<PlaceId>,
    /// Latitude and longitude in degrees, separated by a comma; the chosen place when absent.
    #[param(example = "30.2741,120.1551", max_length = 64)]
    near: Option<String>,
    /// Only what can be had so.
    availability: Option<AvailabilityWanted>,
    /// Only of this status; visitors see active products whatever they ask.
    status: Option<ProductStatus>,
    /// The order.
    sort: Option<Sort>,
    /// Whether to count by category, brand, attribute, price and availability; only on the first page.
    #[serde(default)]
    facets: bool,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

fn attribute(written: &str) -> Result<(String, String)> {
    written
        .split_once(':')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| {
            let facts = [("reason".to_owned(), "key:value".into())];
            Error::new(&codes::INVALID_INPUT).and_field(
                "attribute",
                &codes::MALFORMED,
                facts.into_iter().collect(),
            )
        })
}

fn point(near: Option<&str>) -> Result<Option<Point>> {
    near.map(|near| Point::parse("near", near)).transpose()
}

/// Finds products
///
/// By words in Chinese or English, pinyin, codes and barcodes, forgiving slips of the finger. Best answers first:
/// how well the words fit, how much a product sells, and whether it can be had at the chosen place or near it. What
/// is out of stock comes last and is not hidden.
#[utoipa::path(get, path = "/search/products", tag = "search", security(()), params(ProductSearchQuery),
    responses((status = 200, body = Results), (status = "default", response = web::ProblemResponse)))]
async fn product_search(
    State(search): State<Search>,
    Caller(ctx): Caller,
    Query(query): Query<ProductSearchQuery>,
) -> Reply<Results> {
    let wanted = ProductSearch {
        question: query.q.unwrap_or_default(),
        category: query.category,
        brands: query.brand,
        attributes: query
            .attribute
            .iter()
            .map(|one| attribute(one))
            .collect::<Result<_>>()?,
        min_price: query.min_price,
        max_price: query.max_price,
        place: query.place,
        near: point(query.near.as_deref())?,
        availability: query.availability,
        status: query.status,
        sort: query.sort.unwrap_or_default(),
        with_facets: query.facets,
        cursor: query.cursor,
        size: Some(PageSize::new(query.limit)?),
    };
    Ok(Json(search.product_search(&ctx, wanted).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SuggestionListQuery {
    /// What is typed so far.
    #[param(max_length = 200)]
    q: String,
    /// The chosen place: what it has comes first.
    place: Option<PlaceId>,
    /// Latitude and longitude in degrees, separated by a comma.
    #[param(example = "30.2741,120.1551", max_length = 64)]
    near: Option<String>,
}

/// Suggests while somebody types
///
/// Categories, brands and products; eight at most.
#[utoipa::path(get, path = "/search/suggestions", tag = "search", security(()), params(SuggestionListQuery),
    responses((status = 200, body = Suggestions), (status = "default", response = web::ProblemResponse)))]
async fn suggestion_list(
    State(search): State<Search>,
    Caller(ctx): Caller,
    Query(query): Query<SuggestionListQuery>,
) -> Reply<Suggestions> {
    let near = point(query.near.as_deref())?;
    Ok(Json(
        search.suggestion_list(&ctx, query.q, query.place, near).await?,
    ))
}
