//! What channels see: what of them needs the stock.

use base::{Channel, SkuId};
use channels::Terms;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Reply, Router, State, routes};

use crate::Flows;
use crate::channel_preview::ChannelPreviewOut;

pub(super) fn routes() -> Router<Flows> {
    Router::new().routes(routes!(channel_preview))
}

/// An article to look at through a channel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelPreviewIn {
    /// The article.
    sku_id: SkuId,
    /// Terms to look by instead of those in force.
    terms: Option<Terms>,
}

/// What a channel sees of an article
///
/// Place by place, by its terms in force or by those given. Nothing is written.
#[utoipa::path(post, path = "/channels/{channel}/preview", tag = "channels",
    security(("staff" = ["channel.read"])), params(("channel" = Channel, Path)), request_body = ChannelPreviewIn,
    responses((status = 200, body = ChannelPreviewOut), (status = "default", response = web::ProblemResponse)))]
async fn channel_preview(
    State(flows): State<Flows>,
    Caller(ctx): Caller,
    Path(channel): Path<Channel>,
    Json(input): Json<ChannelPreviewIn>,
) -> Reply<ChannelPreviewOut> {
    let seen = flows
        .channel_preview(&ctx, channel, input.sku_id, input.terms)
        .await?;
    Ok(Json(seen))
}
