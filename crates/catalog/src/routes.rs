//! HTTP of the catalogue.

use axum::response::{IntoResponse, Response};
use base::{CategoryId, Error, MediaId, Page, PageSize, ProductId, SkuId, Text, codes};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{
    Caller, Created, HasVersion, IfMatch, Json, Path, Problem, Query, Reply, Router, State, Versioned, routes,
};

use crate::category::Category;
use crate::kit::Component;
use crate::model::{
    Attribute, Media, Product, ProductIn, ProductStatus, ProductSummary, Sku, SkuIn, ValidProduct,
};
use crate::service::{Catalog, SkuLookup};

/// The most SKUs one look-up takes.
const LOOKUP_MAX_IDS: usize = 200;

/// The routes of this domain.
pub fn routes(catalog: Catalog) -> Router {
    Router::new()
        .routes(routes!(category_list))
        .routes(routes!(product_list, product_create))
        .routes(routes!(product_get, product_change))
        .routes(routes!(sku_list))
        .routes(routes!(kit_set))
        .routes(routes!(media_get))
        .with_state(catalog)
}

impl HasVersion for Product {
    fn version(&self) -> i64 {
        self.version
    }
}

/// The whole tree.
#[derive(Debug, Serialize, ToSchema)]
struct CategoryList {
    items: Vec<Category>,
}

/// Lists all categories, siblings in order.
#[utoipa::path(get, path = "/categories", tag = "catalog", security(()),
    responses((status = 200, body = CategoryList), (status = "default", response = web::ProblemResponse)))]
async fn category_list(State(catalog): State<Catalog>) -> Reply<CategoryList> {
    Ok(Json(CategoryList {
        items: catalog.category_list().await?,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductListQuery {
    /// Words in Chinese or English, pinyin, a SKU code or a barcode: best answers first.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only in this category and below.
    category: Option<CategoryId>,
    /// Only of this status; visitors see active products whatever they ask.
    status: Option<ProductStatus>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists or searches products.
#[utoipa::path(get, path = "/products", tag = "catalog", security(()), params(ProductListQuery),
    responses((status = 200, body = Page<ProductSummary>), (status = "default", response = web::ProblemResponse)))]
async fn product_list(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Query(query): Query<ProductListQuery>,
) -> Reply<Page<ProductSummary>> {
    let size = PageSize::new(query.limit)?;
    let (q, cursor) = (query.q.as_deref(), query.cursor.as_deref());
    Ok(Json(
        catalog
            .product_list(&ctx, q, query.category, query.status, cursor, size)
            .await?,
    ))
}

/// Reads one product with its SKUs.
#[utoipa::path(get, path = "/products/{id}", tag = "catalog", security(()), params(("id" = ProductId, Path)),
    responses((status = 200, body = Product), (status = "default", response = web::ProblemResponse)))]
async fn product_get(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Path(id): Path<ProductId>,
) -> Result<Versioned<Product>, Problem> {
    Ok(Versioned(catalog.product_get(&ctx, id).await?))
}

/// Creates a product.
#[utoipa::path(post, path = "/products", tag = "catalog", security(("staff" = ["catalog.manage"])),
    request_body = ProductIn,
    responses((status = 201, body = Product), (status = "default", response = web::ProblemResponse)))]
async fn product_create(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Json(input): Json<ProductIn>,
) -> Result<Created<Product>, Problem> {
    Ok(Created(
        catalog
            .product_create(&ctx, ValidProduct::try_from(input)?)
            .await?,
    ))
}

/// What to change about a product; what is absent stays. `skus` replaces the list: a SKU left out sells no more.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProductPatch {
    code: Option<String>,
    name: Option<Text>,
    brand: Option<Text>,
    category_id: Option<CategoryId>,
    description: Option<Text>,
    #[schema(max_items = 50)]
    media: Option<Vec<Media>>,
    #[schema(max_items = 100)]
    attributes: Option<Vec<Attribute>>,
    status: Option<ProductStatus>,
    #[schema(min_items = 1, max_items = 500)]
    skus: Option<Vec<SkuIn>>,
}

impl ProductPatch {
    fn apply(self, before: ProductIn) -> ProductIn {
        ProductIn {
            code: self.code.unwrap_or(before.code),
            name: self.name.unwrap_or(before.name),
            brand: self.brand.unwrap_or(before.brand),
            category_id: self.category_id.unwrap_or(before.category_id),
            description: self.description.unwrap_or(before.description),
            media: self.media.unwrap_or(before.media),
            attributes: self.attributes.unwrap_or(before.attributes),
            status: self.status.unwrap_or(before.status),
            skus: self.skus.unwrap_or(before.skus),
        }
    }
}

/// Changes a product.
#[utoipa::path(patch, path = "/products/{id}", tag = "catalog", security(("staff" = ["catalog.manage"])),
    params(("id" = ProductId, Path)), request_body = ProductPatch,
    responses((status = 200, body = Product), (status = "default", response = web::ProblemResponse)))]
async fn product_change(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Path(id): Path<ProductId>,
    IfMatch(read_version): IfMatch,
    Json(patch): Json<ProductPatch>,
) -> Result<Versioned<Product>, Problem> {
    let change = move |before: ProductIn| ValidProduct::try_from(patch.clone().apply(before));
    Ok(Versioned(
        catalog.product_change(&ctx, id, read_version, change).await?,
    ))
}

/// What a kit is made of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KitIn {
    /// The articles in one piece of it; none, and it is an article like any other.
    #[schema(max_items = 20)]
    components: Vec<Component>,
}

/// Makes a SKU of others: what can be had of it is what can be had of them. Answers its product.
#[utoipa::path(put, path = "/skus/{id}/components", tag = "catalog", security(("staff" = ["catalog.manage"])),
    params(("id" = SkuId, Path)), request_body = KitIn,
    responses((status = 200, body = Product), (status = "default", response = web::ProblemResponse)))]
async fn kit_set(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Path(id): Path<SkuId>,
    IfMatch(read_version): IfMatch,
    Json(input): Json<KitIn>,
) -> Result<Versioned<Product>, Problem> {
    Ok(Versioned(
        catalog.kit_set(&ctx, id, read_version, input.components).await?,
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SkuListQuery {
    /// By the chain's code.
    #[param(max_length = 64)]
    code: Option<String>,
    /// By what the scanner reads.
    #[param(max_length = 64)]
    barcode: Option<String>,
    /// By identifier, separated by commas; at most 200.
    ids: Option<String>,
}

impl SkuListQuery {
    fn lookup(self) -> Result<SkuLookup, Error> {
        match (self.code, self.barcode, self.ids) {
            (Some(code), None, None) => Ok(SkuLookup::Code(code)),
            (None, Some(barcode), None) => Ok(SkuLookup::Barcode(barcode)),
            (None, None, Some(ids)) => {
                let ids = ids
                    .split(',')
                    .map(|id| {
                        id.trim().parse::<SkuId>().map_err(|e| {
                            let facts = e.facts().clone();
                            Error::new(&codes::INVALID_INPUT).and_field("ids", &codes::INVALID_ID, facts)
                        })
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                if ids.len() > LOOKUP_MAX_IDS {
                    let facts = [
                        ("min".to_owned(), 1.into()),
                        ("max".to_owned(), LOOKUP_MAX_IDS.into()),
                    ];
                    let facts = facts.into_iter().collect();
                    return Err(Error::new(&codes::INVALID_INPUT).and_field(
                        "ids",
                        &codes::OUT_OF_RANGE,
                        facts,
                    ));
                }
                Ok(SkuLookup::Ids(ids))
            }
            _ => {
                let facts = [("reason".to_owned(), "code | barcode | ids".into())]
                    .into_iter()
                    .collect();
                Err(Error::new(&codes::INVALID_INPUT).and_field("query", &codes::MALFORMED, facts))
            }
        }
    }
}

/// A SKU with its product.
#[derive(Debug, Serialize, ToSchema)]
struct SkuWithProduct {
    #[serde(flatten)]
    sku: Sku,
    /// Its product as lists show it.
    product: ProductSummary,
}

/// The SKUs found.
#[derive(Debug, Serialize, ToSchema)]
struct SkuList {
    items: Vec<SkuWithProduct>,
}

/// Looks SKUs up by one of code, barcode or identifiers.
#[utoipa::path(get, path = "/skus", tag = "catalog", security(()), params(SkuListQuery),
    responses((status = 200, body = SkuList), (status = "default", response = web::ProblemResponse)))]
async fn sku_list(
    State(catalog): State<Catalog>,
    Caller(ctx): Caller,
    Query(query): Query<SkuListQuery>,
) -> Reply<SkuList> {
    let found = catalog.sku_list(&ctx, query.lookup()?).await?;
    let items = found
        .into_iter()
        .map(|f| SkuWithProduct {
            sku: f.sku,
            product: f.product,
        })
        .collect();
    Ok(Json(SkuList { items }))
}

/// A picture's bytes. The address never changes its content, so it may be kept for a year.
#[utoipa::path(get, path = "/media/{id}", tag = "catalog", security(()), params(("id" = MediaId, Path)),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/*"),
        (status = "default", response = web::ProblemResponse)))]
async fn media_get(State(catalog): State<Catalog>, Path(id): Path<MediaId>) -> Result<Response, Problem> {
    let file = catalog.media_get(id).await?;
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, &file.content_type);
    put(header::ETAG, &format!("\"{}\"", file.sha256));
    put(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A drawing may hold scripts; opened by itself it runs none.
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    Ok(response)
}
