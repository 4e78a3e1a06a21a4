//! What carts would cost.

use base::{PlaceId, PromotionId, Time};
use orders::{Channel, Wanted};
use pricing::{BuyerTier, PromotionIn, TypedCode, ValidPromotion};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Reply, Router, State, routes};

use crate::Flows;
use crate::cart::merged;
use crate::price_preview::{PreviewAsk, PreviewOut};

pub(super) fn routes() -> Router<Flows> {
    Router::new().routes(routes!(price_preview))
}

/// A cart somebody imagines.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PricePreviewIn {
    /// Where it is filled.
    channel: Channel,
    /// The place that sells it or hands it over.
    #[serde(default)]
    place_id: Option<PlaceId>,
    /// The buyer's tier; absent for somebody who is not signed in.
    #[serde(default)]
    tier: Option<BuyerTier>,
    /// Whether it is delivered.
    #[serde(default)]
    is_delivered: bool,
    /// When; now when absent.
    #[serde(default)]
    at: Option<Time>,
    /// The promotion code that is typed; that of `promotion` when absent.
    #[serde(default)]
    #[schema(max_length = 64)]
    promotion_code: Option<String>,
    /// What is in it.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<Wanted>,
    /// A promotion that is not saved yet.
    #[serde(default)]
    promotion: Option<PromotionIn>,
    /// The saved promotion it would replace.
    #[serde(default)]
    promotion_id: Option<PromotionId>,
}

/// Say what a cart would cost and why
///
/// With the promotions as they are, or with one that is not saved yet. Nothing is kept.
#[utoipa::path(post, path = "/price_preview", tag = "prices", security(("staff" = ["price.read"])),
    request_body = PricePreviewIn,
    responses((status = 200, body = PreviewOut), (status = "default", response = web::ProblemResponse)))]
async fn price_preview(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Json(input): Json<PricePreviewIn>,
) -> Reply<PreviewOut> {
    let draft = input.promotion.map(ValidPromotion::try_from).transpose()?;
    let own = draft
        .as_ref()
        .and_then(|draft| draft.details().typed_code.as_ref());
    let typed = input.promotion_code.or(own.map(|own| own.code.clone()));
    let ask = PreviewAsk {
        channel: input.channel,
        place_id: input.place_id,
        tier: input.tier,
        is_delivered: input.is_delivered,
        at: input.at,
        promotion_code: typed.map(|typed| TypedCode::normal(&typed)),
        lines: merged(input.lines)?,
        draft: draft.map(|draft| (input.promotion_id, draft)),
    };
    Ok(Json(flows.price_preview(&ctx, ask).await?))
}
