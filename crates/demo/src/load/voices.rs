//! Writes surveys with their answers, and what was said.

use std::sync::Arc;

use base::{Ctx, FeedbackId, Locale, Result, StaffId, Time};
use db::Tx;
use orders::OrderNumber;
use voice::{
    About, Bought, FeedbackImport, FeedbackState, NewFeedback, NewSurvey, Source, SurveyAnswer, SurveyImport,
    import_answered_at_in, import_feedback_in, import_surveys_in,
};

use super::{House, Part, Report, issues, messages, ranges};
use crate::chain::{Chain, Fulfilment, PlaceKind, Voice, VoiceSource, VoiceState};

const VOICES_A_UNIT: usize = 2_000;

/// Brings in what was said, what became of it, and the messages of the last days.
pub(super) async fn write(
    house: &House,
    ctx: &Ctx,
    chain: &Arc<Chain>,
    staff: &[StaffId],
    report: Report<'_>,
) -> Result<()> {
    for range in ranges(chain.voices.len(), VOICES_A_UNIT) {
        let end = range.end;
        let unit = &chain.voices[range];
        let surveys: Vec<SurveyImport> = unit.iter().filter_map(|voice| survey(chain, voice)).collect();
        let voices: Vec<FeedbackImport> = unit.iter().filter_map(|voice| feedback(chain, voice)).collect();
        let answered: Vec<(FeedbackId, Time)> = unit
            .iter()
            .filter_map(|voice| voice.feedback.zip(voice.answered_at))
            .collect();
        house
            .db
            .write(async move |tx: &Tx| {
                import_surveys_in(tx, &surveys).await?;
                import_feedback_in(tx, &voices).await?;
                import_answered_at_in(tx, &answered).await.map(|_| ())
            })
            .await?;
        report(Part::Voices, end, chain.voices.len());
    }
    issues::write(house, ctx, chain, staff).await?;
    messages::write(house, chain).await
}

fn survey(chain: &Chain, voice: &Voice) -> Option<SurveyImport> {
    let (id, invited_at) = voice.survey?;
    let order = &chain.orders[voice.order?];
    let about = about(chain, voice);
    let products = order.lines.iter().map(|line| {
        let product = &chain.products[chain.skus[line.sku].product];
        Bought {
            product_id: product.id,
            name: product.name.clone(),
        }
    });
    Some(SurveyImport {
        id,
        about: NewSurvey {
            order_id: order.id,
            order_number: OrderNumber::of(order.id, 0).to_string(),
            member_id: about.member_id,
            contact_phone: None,
            locale: if voice.english { Locale::En } else { Locale::Zh },
            place_id: about.place_id,
            place_name: about.place_name,
            city: about.city,
            products: products.collect(),
        },
        token: None,
        invited_at,
        answered: voice.at.zip(score(voice)).map(|(at, score)| SurveyAnswer {
            score,
            text: voice.text.clone(),
            at,
        }),
    })
}

fn feedback(chain: &Chain, voice: &Voice) -> Option<FeedbackImport> {
    Some(FeedbackImport {
        id: voice.feedback?,
        feedback: NewFeedback {
            source: match voice.source {
                VoiceSource::Survey => Source::Survey,
                VoiceSource::Counter => Source::Counter,
                VoiceSource::Chat => Source::Chat,
                VoiceSource::Review => Source::Review,
                VoiceSource::Member => Source::Member,
            },
            score: score(voice),
            text: voice.text.clone(),
            topics: Vec::new(),
            about: about(chain, voice),
        },
        survey_id: voice.survey.map(|(id, _)| id),
        // Voices of an issue are grouped when the issue is written.
        state: match voice.state {
            _ if voice.issue.is_some() => FeedbackState::New,
            VoiceState::New | VoiceState::Grouped => FeedbackState::New,
            VoiceState::Answered => FeedbackState::Answered,
            VoiceState::Dismissed => FeedbackState::Dismissed,
        },
        heard_at: voice.at?,
    })
}

fn score(voice: &Voice) -> Option<u8> {
    voice.score.and_then(|score| u8::try_from(score).ok())
}

/// What a voice is about. A parcel is spoken of where it was delivered, not where it came from.
fn about(chain: &Chain, voice: &Voice) -> About {
    let order = voice.order.map(|order| &chain.orders[order]);
    let place = &chain.places[voice.place];
    let store = (place.kind == PlaceKind::Store).then_some(place);
    let city = match order.map(|order| &order.fulfilment) {
        Some(Fulfilment::Delivery { address, .. }) => &address.city,
        _ => &place.address.city,
    };
    let product = voice.product.map(|product| &chain.products[product]);
    About {
        place_id: store.map(|place| place.id),
        place_name: store.map(|place| place.name.clone()),
        city: Some(city.clone()),
        order_id: order.map(|order| order.id),
        order_number: order.map(|order| OrderNumber::of(order.id, 0).to_string()),
        product_id: product.map(|product| product.id),
        product_name: product.map(|product| product.name.clone()),
        member_id: voice.member.map(|member| chain.members[member].id),
        contact_phone: None,
    }
}
