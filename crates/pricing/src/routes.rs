//! HTTP of prices.

use base::{Error, Page, PageQuery, PriceListId, PromotionId, SkuId, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{
    Caller, Created, HasVersion, IfMatch, Json, NoContent, Path, Problem, Query, Reply, Router, State,
    Versioned, routes,
};

use crate::error::SKU_OR_CODE;
use crate::model::{
    PriceChange, PriceList, PriceListIn, PriceSettings, Promotion, PromotionIn, SalesChannel, TaxRule,
};
use crate::service::{EntryPut, EntryRow, EntrySku, Pricing};
use crate::valid::{MAX_AMOUNT, ValidList, ValidPromotion, ValidSettings};

/// The most prices one request sets.
const PUT_MAX_ENTRIES: usize = 1_000;
const MAX_PIECES: i64 = 9_999;

/// The routes of this domain.
pub fn routes(pricing: Pricing) -> Router {
    Router::new()
        .routes(routes!(price_list_list, price_list_create))
        .routes(routes!(price_list_get, price_list_change, price_list_remove))
        .routes(routes!(price_entry_list, price_entry_put))
        .routes(routes!(promotion_list, promotion_create))
        .routes(routes!(promotion_get, promotion_change, promotion_remove))
        .routes(routes!(price_settings_get, price_settings_change))
        .with_state(pricing)
}

impl HasVersion for PriceList {
    fn version(&self) -> i64 {
        self.version
    }
}

impl HasVersion for Promotion {
    fn version(&self) -> i64 {
        self.version
    }
}

/// List price lists, by code
#[utoipa::path(get, path = "/price_lists", tag = "prices", security(("staff" = ["price.read"])), params(PageQuery),
    responses((status = 200, body = Page<PriceList>), (status = "default", response = web::ProblemResponse)))]
async fn price_list_list(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<PriceList>> {
    let size = page.size()?;
    Ok(Json(
        pricing
            .price_list_list(&ctx, page.cursor.as_deref(), size)
            .await?,
    ))
}

/// Read one price list
#[utoipa::path(get, path = "/price_lists/{id}", tag = "prices", security(("staff" = ["price.read"])),
    params(("id" = PriceListId, Path)),
    responses((status = 200, body = PriceList), (status = "default", response = web::ProblemResponse)))]
async fn price_list_get(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PriceListId>,
) -> Result<Versioned<PriceList>, Problem> {
    Ok(Versioned(pricing.price_list_get(&ctx, id).await?))
}

/// Create a price list
///
/// It has no prices yet; put them in afterwards.
#[utoipa::path(post, path = "/price_lists", tag = "prices", security(("staff" = ["price.manage"])),
    request_body = PriceListIn,
    responses((status = 201, body = PriceList), (status = "default", response = web::ProblemResponse)))]
async fn price_list_create(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Json(input): Json<PriceListIn>,
) -> Result<Created<PriceList>, Problem> {
    let list = ValidList::try_from(input)?;
    Ok(Created(pricing.price_list_create(&ctx, list).await?))
}

/// Decide anew about a price list
///
/// The whole of it; its prices stay.
#[utoipa::path(put, path = "/price_lists/{id}", tag = "prices", security(("staff" = ["price.manage"])),
    params(("id" = PriceListId, Path)), request_body = PriceListIn,
    responses((status = 200, body = PriceList), (status = "default", response = web::ProblemResponse)))]
async fn price_list_change(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PriceListId>,
    IfMatch(read_version): IfMatch,
    Json(input): Json<PriceListIn>,
) -> Result<Versioned<PriceList>, Problem> {
    let list = ValidList::try_from(input)?;
    Ok(Versioned(
        pricing.price_list_change(&ctx, id, read_version, list).await?,
    ))
}

/// Remove a price list with its prices
///
/// Orders keep what they were priced by.
#[utoipa::path(delete, path = "/price_lists/{id}", tag = "prices", security(("staff" = ["price.manage"])),
    params(("id" = PriceListId, Path)),
    responses((status = 204, description = "It is gone"), (status = "default", response = web::ProblemResponse)))]
async fn price_list_remove(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PriceListId>,
    IfMatch(read_version): IfMatch,
) -> Result<NoContent, Problem> {
    pricing.price_list_remove(&ctx, id, read_version).await?;
    Ok(NoContent)
}

/// List the prices of a price list
#[utoipa::path(get, path = "/price_lists/{id}/entries", tag = "prices", security(("staff" = ["price.read"])),
    params(("id" = PriceListId, Path), PageQuery),
    responses((status = 200, body = Page<EntryRow>), (status = "default", response = web::ProblemResponse)))]
async fn price_entry_list(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PriceListId>,
    Query(page): Query<PageQuery>,
) -> Reply<Page<EntryRow>> {
    let size = page.size()?;
    Ok(Json(
        pricing
            .price_entry_list(&ctx, id, page.cursor.as_deref(), size)
            .await?,
    ))
}

/// One price to set or to take away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceEntryIn {
    /// The SKU by identifier; or else by code.
    sku_id: Option<SkuId>,
    /// The SKU by the chain's code.
    #[schema(max_length = 64)]
    sku_code: Option<String>,
    /// From how many pieces on; 1 when absent.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 9999)]
    min_quantity: i64,
    /// What one piece costs, in minor units of the list's currency; null takes the price away.
    #[schema(minimum = 0)]
    amount_minor: Option<i64>,
}

const fn one() -> i64 {
    1
}

/// Prices to set or to take away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceEntriesIn {
    /// All of them, or none.
    #[schema(min_items = 1, max_items = 1000)]
    entries: Vec<PriceEntryIn>,
}

impl PriceEntriesIn {
    fn checked(self) -> Result<Vec<EntryPut>, Error> {
        let mut faults: Option<Error> = None;
        let mut fault = |field: String, code, range: Option<(i64, i64)>| {
            let facts = range
                .into_iter()
                .flat_map(|(min, max)| [("min".to_owned(), min.into()), ("max".to_owned(), max.into())]);
            let error = faults.take().unwrap_or_else(|| Error::new(&codes::INVALID_INPUT));
            faults = Some(error.and_field(field, code, facts.collect()));
        };
        if !(1..=PUT_MAX_ENTRIES).contains(&self.entries.len()) {
            fault(
                "entries".to_owned(),
                &codes::OUT_OF_RANGE,
                Some((1, PUT_MAX_ENTRIES as i64)),
            );
        }
        let mut out = Vec::with_capacity(self.entries.len());
        for (at, entry) in self.entries.into_iter().enumerate() {
            if !(1..=MAX_PIECES).contains(&entry.min_quantity) {
                let field = format!("entries[{at}].min_quantity");
                fault(field, &codes::OUT_OF_RANGE, Some((1, MAX_PIECES)));
            }
            if entry
                .amount_minor
                .is_some_and(|amount| !(0..=MAX_AMOUNT).contains(&amount))
            {
                let field = format!("entries[{at}].amount_minor");
                fault(field, &codes::OUT_OF_RANGE, Some((0, MAX_AMOUNT)));
            }
            let sku = match (entry.sku_id, entry.sku_code) {
                (Some(id), None) => EntrySku::Id(id),
                (None, Some(code)) => EntrySku::Code(code.trim().to_owned()),
                _ => {
                    fault(format!("entries[{at}].sku_code"), &SKU_OR_CODE, None);
                    continue;
                }
            };
            out.push(EntryPut {
                sku,
                min_quantity: entry.min_quantity,
                amount_minor: entry.amount_minor,
            });
        }
        faults.map_or(Ok(out), Err)
    }
}

/// Set and take away prices
///
/// At most 1,000 at a time, all or none; every row that is wrong is named. Prices not named stay.
#[utoipa::path(put, path = "/price_lists/{id}/entries", tag = "prices", security(("staff" = ["price.manage"])),
    params(("id" = PriceListId, Path)), request_body = PriceEntriesIn,
    responses((status = 200, body = PriceList), (status = "default", response = web::ProblemResponse)))]
async fn price_entry_put(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PriceListId>,
    Json(input): Json<PriceEntriesIn>,
) -> Result<Versioned<PriceList>, Problem> {
    Ok(Versioned(
        pricing.price_entry_put(&ctx, id, input.checked()?).await?,
    ))
}

/// List promotions, by code
#[utoipa::path(get, path = "/promotions", tag = "prices", security(("staff" = ["price.read"])), params(PageQuery),
    responses((status = 200, body = Page<Promotion>), (status = "default", response = web::ProblemResponse)))]
async fn promotion_list(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Query(page): Query<PageQuery>,
) -> Reply<Page<Promotion>> {
    let size = page.size()?;
    Ok(Json(
        pricing.promotion_list(&ctx, page.cursor.as_deref(), size).await?,
    ))
}

/// Read one promotion
#[utoipa::path(get, path = "/promotions/{id}", tag = "prices", security(("staff" = ["price.read"])),
    params(("id" = PromotionId, Path)),
    responses((status = 200, body = Promotion), (status = "default", response = web::ProblemResponse)))]
async fn promotion_get(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PromotionId>,
) -> Result<Versioned<Promotion>, Problem> {
    Ok(Versioned(pricing.promotion_get(&ctx, id).await?))
}

/// Create a promotion
#[utoipa::path(post, path = "/promotions", tag = "prices", security(("staff" = ["price.manage"])),
    request_body = PromotionIn,
    responses((status = 201, body = Promotion), (status = "default", response = web::ProblemResponse)))]
async fn promotion_create(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Json(input): Json<PromotionIn>,
) -> Result<Created<Promotion>, Problem> {
    let promotion = ValidPromotion::try_from(input)?;
    Ok(Created(pricing.promotion_create(&ctx, promotion).await?))
}

/// Decide anew about a promotion
#[utoipa::path(put, path = "/promotions/{id}", tag = "prices", security(("staff" = ["price.manage"])),
    params(("id" = PromotionId, Path)), request_body = PromotionIn,
    responses((status = 200, body = Promotion), (status = "default", response = web::ProblemResponse)))]
async fn promotion_change(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PromotionId>,
    IfMatch(read_version): IfMatch,
    Json(input): Json<PromotionIn>,
) -> Result<Versioned<Promotion>, Problem> {
    let promotion = ValidPromotion::try_from(input)?;
    Ok(Versioned(
        pricing
            .promotion_change(&ctx, id, read_version, promotion)
            .await?,
    ))
}

/// Remove a promotion
///
/// Orders keep what it took off.
#[utoipa::path(delete, path = "/promotions/{id}", tag = "prices", security(("staff" = ["price.manage"])),
    params(("id" = PromotionId, Path)),
    responses((status = 204, description = "It is gone"), (status = "default", response = web::ProblemResponse)))]
async fn promotion_remove(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    Path(id): Path<PromotionId>,
    IfMatch(read_version): IfMatch,
) -> Result<NoContent, Problem> {
    pricing.promotion_remove(&ctx, id, read_version).await?;
    Ok(NoContent)
}

/// What holds for all prices, with its version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceSettingsRead)]
struct SettingsOut {
    /// What becomes of a price that changes before it is paid.
    price_change: PriceChange,
    /// The channels that show the tax apart from the price.
    tax_apart_channels: Vec<SalesChannel>,
    /// The rates that differ from the chain's own.
    tax_rules: Vec<TaxRule>,
    /// Raised by one at every change.
    version: i64,
}

impl From<(PriceSettings, i64)> for SettingsOut {
    fn from((settings, version): (PriceSettings, i64)) -> Self {
        Self {
            price_change: settings.price_change,
            tax_apart_channels: settings.tax_apart_channels,
            tax_rules: settings.tax_rules,
            version,
        }
    }
}

impl HasVersion for SettingsOut {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Read what holds for all prices
#[utoipa::path(get, path = "/price_settings", tag = "prices", security(("staff" = ["price.read"])),
    responses((status = 200, body = SettingsOut), (status = "default", response = web::ProblemResponse)))]
async fn price_settings_get(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
) -> Result<Versioned<SettingsOut>, Problem> {
    Ok(Versioned(pricing.price_settings_get(&ctx).await?.into()))
}

/// Decide anew what holds for all prices
#[utoipa::path(put, path = "/price_settings", tag = "prices", security(("staff" = ["price.manage"])),
    request_body = PriceSettings,
    responses((status = 200, body = SettingsOut), (status = "default", response = web::ProblemResponse)))]
async fn price_settings_change(
    State(pricing): State<Pricing>,
    Caller(ctx): Caller,
    IfMatch(read_version): IfMatch,
    Json(input): Json<PriceSettings>,
) -> Result<Versioned<SettingsOut>, Problem> {
    let settings = ValidSettings::try_from(input)?;
    let changed = pricing
        .price_settings_change(&ctx, read_version, settings)
        .await?;
    Ok(Versioned(changed.into()))
}
