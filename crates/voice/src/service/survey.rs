//! Asking, and taking the answer.

use base::{Ctx, Error, FeedbackId, Result, SurveyId};
use db::{Reader, Tx};
use members::must_be_few;

use crate::error::ALREADY_ANSWERED;
use crate::events::SurveyAnswered;
use crate::model::{
    About, Feedback, FeedbackState, Invitation, NewFeedback, NewSurvey, Source, Survey, SurveyAnswer,
};
use crate::reading::{product_meant, read};
use crate::service::Voice;
use crate::service::feedback::{TOPICS_MAX, feedback_keep, must_be_a_score, must_be_words};
use crate::{rules, store};

/// Makes the beginning of a link recognisable to people and secret scanners.
const TOKEN_PREFIX: &str = "sv";

impl Voice {
    /// Invites to a survey about an order, once. The link's secret is told here and never again.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn survey_invite_in(&self, tx: &Tx, about: &NewSurvey) -> Result<Invitation> {
        if let Some(member) = about.member_id
            && !self.policy.quiet.is_zero()
            && store::survey::invited_since(tx, member, tx.now().before(self.policy.quiet)).await?
        {
            return Ok(Invitation::TooSoon);
        }
        let token = crypto::SecretToken::random(TOKEN_PREFIX)?;
        let survey = Survey {
            id: SurveyId::new(),
            about: about.clone(),
            invited_at: tx.now(),
            closes_at: tx.now().after(self.policy.open),
            answered: None,
        };
        let id = survey.id;
        if store::survey::survey_add(tx, &[(survey, token.hash().to_vec())]).await? == 0 {
            return Ok(Invitation::Before);
        }
        let products: Vec<_> = about.products.iter().map(|p| (id, p.product_id)).collect();
        store::survey::survey_products_add(tx, &products).await?;
        Ok(Invitation::Ask {
            survey_id: id,
            token: token.reveal().to_owned(),
        })
    }

    /// The survey behind a link.
    ///
    /// # Errors
    /// `not_found` for a link we did not make.
    pub async fn survey_get(&self, token: &str) -> Result<Survey> {
        let hash = crypto::token_hash(token);
        self.db
            .read(async move |reader: &Reader| found(reader, &hash).await)
            .await
    }

    /// Files the answer to a survey. Words, or a score of 3 or less, are a voice to be heard by a person.
    ///
    /// # Errors
    /// `not_found`, `survey.already_answered`, `survey.closed`, `input.invalid`.
    pub async fn survey_answer(
        &self,
        ctx: &Ctx,
        token: &str,
        score: u8,
        text: String,
        topics: Vec<String>,
    ) -> Result<Survey> {
        must_be_a_score("score", score)?;
        must_be_few("topics", topics.len(), TOPICS_MAX)?;
        let text = must_be_words(text)?;
        let (hash, ctx) = (crypto::token_hash(token), ctx.clone());
        self.db
            .write_once(&ctx.clone(), "voice.survey_answer", async move |tx: &Tx| {
                let survey = found(tx, &hash).await?;
                if survey.answered.is_some() {
                    return Err(Error::new(&ALREADY_ANSWERED));
                }
                let late = rules::is_late(&survey, tx.now())?;
                if !store::survey::survey_answer(tx, survey.id, score, &text, late).await? {
                    return Err(Error::new(&ALREADY_ANSWERED));
                }
                hear(tx, &ctx, &survey, score, &text, &topics).await?;
                let about = &survey.about;
                let event = SurveyAnswered {
                    survey_id: survey.id,
                    order_id: about.order_id,
                    place_id: about.place_id,
                    member_id: about.member_id,
                    score,
                    at: tx.now(),
                };
                bus::emit(tx, &ctx, &event).await?;
                Ok(())
            })
            .await?;
        self.survey_get(token).await
    }
}

async fn found(reader: &Reader, token_hash: &[u8]) -> Result<Survey> {
    let survey = store::survey::survey_by_token(reader, token_hash).await?;
    survey.ok_or_else(|| Error::not_found("survey", "…"))
}

async fn hear(tx: &Tx, ctx: &Ctx, survey: &Survey, score: u8, text: &str, topics: &[String]) -> Result<()> {
    // Chosen topics are checked whether or not there is a voice to keep.
    let chosen = rules::topics_with(topics, &[])?;
    if text.is_empty() && score > 3 {
        return Ok(());
    }
    let new = NewFeedback {
        source: Source::Survey,
        score: Some(score),
        text: text.to_owned(),
        topics: chosen,
        about: about(&survey.about, text),
    };
    feedback_keep(tx, ctx, new, Some(survey.id)).await.map(|_| ())
}

/// What an answer is about: the order's place and people, and the product the words mean.
pub(crate) fn about(survey: &NewSurvey, text: &str) -> About {
    let products: Vec<_> = survey
        .products
        .iter()
        .map(|p| (p.product_id, p.name.clone()))
        .collect();
    let product_id = product_meant(text, &products);
    let product_name = products
        .into_iter()
        .find(|(id, _)| Some(*id) == product_id)
        .map(|(_, name)| name);
    About {
        place_id: survey.place_id,
        place_name: survey.place_name.clone(),
        city: survey.city.clone(),
        order_id: Some(survey.order_id),
        order_number: Some(survey.order_number.clone()),
        product_id,
        product_name,
        member_id: survey.member_id,
        contact_phone: survey.contact_phone.clone(),
    }
}

/// A voice with what its words tell.
pub(crate) fn voice(
    id: FeedbackId,
    new: NewFeedback,
    survey_id: Option<SurveyId>,
    state: FeedbackState,
    heard_at: base::Time,
) -> Result<Feedback> {
    let reading = read(&new.text, new.score);
    let topics = rules::topics_with(&new.topics, &reading.topics)?;
    Ok(Feedback {
        id,
        source: new.source,
        score: new.score,
        text: new.text,
        language: reading.language,
        sentiment: reading.sentiment,
        basis: reading.basis,
        conflicting: reading.conflicting,
        topics,
        state,
        about: new.about,
        issue_id: None,
        survey_id,
        heard_at,
    })
}

/// An answer of a past survey, for imports.
pub(crate) fn past(import: &crate::model::SurveyImport, open: std::time::Duration) -> Survey {
    Survey {
        id: import.id,
        about: import.about.clone(),
        invited_at: import.invited_at,
        closes_at: import.invited_at.after(open),
        answered: import.answered.clone().map(|a| SurveyAnswer {
            text: a.text.trim().to_owned(),
            ..a
        }),
    }
}
