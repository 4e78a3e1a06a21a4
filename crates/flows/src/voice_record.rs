//! Words heard outside a survey, with order, place, product and person attached.

use base::{Ctx, Error, FeedbackId, MemberId, OrderId, PlaceId, ProductId, Resource, Result};
use db::Tx;
use orders::order_get_in;
use serde::Deserialize;
use utoipa::ToSchema;
use voice::{About, FEEDBACK_WRITE, Feedback, FeedbackOut, FeedbackView, NewFeedback, Source, feedback_out};
use web::{Caller, Created, Json, Problem, State};

use crate::member_parts::People;

/// What a voice names; the rest is looked up.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    place_id: Option<PlaceId>,
    order_id: Option<OrderId>,
    product_id: Option<ProductId>,
    member_id: Option<MemberId>,
    /// The order must be this member's.
    owner: Option<MemberId>,
}

impl People {
    async fn feedback_record(
        &self,
        ctx: &Ctx,
        source: Source,
        text: String,
        score: Option<u8>,
        named: Named,
    ) -> Result<Feedback> {
        let (people, unit_ctx) = (self.clone(), ctx.clone());
        let id: FeedbackId = self
            .parts
            .db
            .write_once(ctx, "voice.feedback_record", async move |tx: &Tx| {
                let about = people.about(tx, named, &text).await?;
                let new = NewFeedback {
                    source,
                    score,
                    text: text.clone(),
                    topics: Vec::new(),
                    about,
                };
                Ok(voice::feedback_record_in(tx, &unit_ctx, new).await?.id)
            })
            .await?;
        Ok(self.parts.voice.feedback_get(&ctx.elevated(), id).await?.feedback)
    }

    async fn about(&self, tx: &Tx, named: Named, text: &str) -> Result<About> {
        let mut about = About {
            place_id: named.place_id,
            product_id: named.product_id,
            member_id: named.member_id,
            ..About::default()
        };
        if let Some(id) = named.order_id {
            let order = order_get_in(tx, id).await?;
            if named.owner.is_some() && order.head.member_id != named.owner {
                return Err(Error::not_found("order", id));
            }
            about.order_id = Some(id);
            about.order_number = Some(order.head.number.to_string());
            about.place_id = about.place_id.or(order.head.place_id);
            about.member_id = about.member_id.or(order.head.member_id);
            about.contact_phone = order.head.contact.phone.parse().ok();
            let products: Vec<_> = order
                .lines
                .iter()
                .map(|l| (l.product_id, l.snapshot.name.clone()))
                .collect();
            about.product_id = about.product_id.or_else(|| voice::product_meant(text, &products));
            about.product_name = products
                .into_iter()
                .find(|(p, _)| Some(*p) == about.product_id)
                .map(|(_, name)| name);
        }
        if let Some(id) = about.place_id {
            let place = self.parts.places.place_get_in(tx, id).await?;
            about.place_name = Some(place.name);
            about.city = Some(place.address.city);
        }
        if let Some(id) = about.product_id
            && about.product_name.is_none()
        {
            about.product_name = Some(self.parts.catalog.product_get_in(tx, id).await?.summary.name);
        }
        if let Some(id) = named.member_id {
            members::member_find_in(tx, id)
                .await?
                .ok_or_else(|| Error::not_found("member", id))?;
        }
        Ok(about)
    }
}

/// Words heard by staff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackIn {
    /// Where they were heard.
    source: Source,
    /// In the person's words.
    #[schema(max_length = 5000)]
    text: String,
    /// 1 to 5, if given.
    #[schema(minimum = 1, maximum = 5)]
    score: Option<u8>,
    /// Where.
    place_id: Option<PlaceId>,
    /// About which order; brings its place, member and products along.
    order_id: Option<OrderId>,
    /// About which product.
    product_id: Option<ProductId>,
    /// Whose.
    member_id: Option<MemberId>,
}

/// Note what somebody said
#[utoipa::path(post, path = "/feedback", tag = "voice", security(("staff" = ["feedback.write"])),
    request_body = FeedbackIn,
    responses((status = 201, body = FeedbackOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn feedback_record(
    State(people): State<People>,
    Caller(ctx): Caller,
    Json(input): Json<FeedbackIn>,
) -> Result<Created<FeedbackOut>, Problem> {
    ctx.require(FEEDBACK_WRITE, &Resource::Somewhere)?;
    let named = Named {
        place_id: input.place_id,
        order_id: input.order_id,
        product_id: input.product_id,
        member_id: input.member_id,
        owner: None,
    };
    let feedback = people
        .feedback_record(&ctx, input.source, input.text, input.score, named)
        .await?;
    Ok(Created(feedback_out(FeedbackView {
        feedback,
        member_name: None,
    })))
}

/// My own words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyFeedbackIn {
    /// In my words.
    #[schema(max_length = 5000)]
    text: String,
    /// About which of my orders.
    order_id: Option<OrderId>,
    /// 1 to 5, if given.
    #[schema(minimum = 1, maximum = 5)]
    score: Option<u8>,
}

/// Tell the chain something
#[utoipa::path(post, path = "/me/feedback", tag = "voice", security(("member" = [])), request_body = MyFeedbackIn,
    responses((status = 201, body = FeedbackOut), (status = "default", response = web::ProblemResponse)))]
pub(crate) async fn my_feedback_record(
    State(people): State<People>,
    Caller(ctx): Caller,
    Json(input): Json<MyFeedbackIn>,
) -> Result<Created<FeedbackOut>, Problem> {
    let me = ctx.require_member()?;
    let named = Named {
        order_id: input.order_id,
        member_id: Some(me),
        owner: Some(me),
        ..Named::default()
    };
    let feedback = people
        .feedback_record(&ctx, Source::Member, input.text, input.score, named)
        .await?;
    Ok(Created(feedback_out(FeedbackView {
        feedback,
        member_name: None,
    })))
}
