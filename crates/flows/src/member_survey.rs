//! Asking how it was.

use base::{Ctx, Error, Locale, OrderId, Result};
use db::Tx;
use jobs::{Job, Runner};
use orders::{Order, order_get_in};
use outreach::{NewMessage, Template, message_send_in};
use serde::{Deserialize, Serialize};
use voice::{Bought, Invitation, NewSurvey};

use crate::member_news::recipient;
use crate::member_parts::People;

/// Asks about one order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Ask {
    order_id: OrderId,
}

impl Job for Ask {
    const KIND: &'static str = "voice.survey_ask";
    fn dedupe_key(&self) -> Option<String> {
        Some(self.order_id.to_string())
    }
}

/// Asks about an order after the time the policy leaves.
pub(crate) async fn ask_later(tx: &Tx, people: &People, order_id: OrderId) -> Result<()> {
    let at = tx.now().after(people.parts.voice.policy().delay);
    jobs::enqueue(tx, &Ask { order_id }, at).await
}

pub(crate) fn register(people: &People, runner: &mut Runner) {
    let people = people.clone();
    runner.register(move |ctx: Ctx, job: Ask| {
        let people = people.clone();
        async move { people.survey_ask(&ctx, job.order_id).await }
    });
}

impl People {
    /// Invites whoever ordered to a survey and sends them the link, once for each order.
    async fn survey_ask(&self, ctx: &Ctx, order_id: OrderId) -> Result<()> {
        let (people, ctx) = (self.clone(), ctx.clone());
        self.parts
            .db
            .write(async move |tx: &Tx| {
                let order = order_get_in(tx, order_id).await?;
                // What came back whole was spoken about at the counter.
                if !order.head.state.goods_went_out() || order.head.state == orders::OrderState::Returned {
                    return Ok(());
                }
                let Some(to) = recipient(&order.head) else {
                    return Ok(());
                };
                let about = people.survey_about(tx, &order).await?;
                let Invitation::Ask { token, .. } = people.parts.voice.survey_invite_in(tx, &about).await?
                else {
                    return Ok(());
                };
                let template = Template::SurveyInvitation {
                    order_number: about.order_number,
                    place_name: about.place_name,
                    url: format!("{}/s/{token}", people.parts.shop_url.trim_end_matches('/')),
                };
                let dedupe = Some(format!("survey:{order_id}"));
                message_send_in(tx, &ctx, &NewMessage { to, template, dedupe }).await?;
                Ok(())
            })
            .await
    }

    async fn survey_about(&self, tx: &Tx, order: &Order) -> Result<NewSurvey> {
        let head = &order.head;
        let city = match head.place_id {
            Some(place) => self.city(tx, place).await?,
            None => None,
        };
        let mut products: Vec<Bought> = Vec::new();
        for line in &order.lines {
            if !products.iter().any(|p| p.product_id == line.product_id) {
                products.push(Bought {
                    product_id: line.product_id,
                    name: line.snapshot.name.clone(),
                });
            }
        }
        Ok(NewSurvey {
            order_id: head.id,
            order_number: head.number.to_string(),
            member_id: head.member_id,
            contact_phone: head.contact.phone.parse().ok(),
            locale: Locale::default(),
            place_id: head.place_id,
            place_name: head.place_name.clone(),
            city,
            products,
        })
    }

    /// The city of a place; `None` when the place is gone.
    pub(crate) async fn city(&self, tx: &Tx, place: base::PlaceId) -> Result<Option<base::Text>> {
        match self.parts.places.place_get_in(tx, place).await {
            Ok(place) => Ok(Some(place.address.city)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

pub(crate) fn is_missing(error: &Error) -> bool {
    error.is(&base::codes::NOT_FOUND)
}
