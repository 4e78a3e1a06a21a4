//! Tenders beside the pay page: gift cards, and a provider outside that tells what happened.

use serde_json::{Value, json};

use super::book::money;
use super::view::{amount, list};
use super::{CaseShop, Kind, provider, rows, text};
use crate::shop::Answer;
use crate::verb::{NewGiftCard, PayByGiftCard, ProviderTells};

impl CaseShop<'_> {
    pub(super) fn pay_with_provider(&self, order: &str) -> Answer {
        let named = self.named(Kind::Order, order)?;
        let path = format!("/orders/{}/payments?token={}", named.id, named.other);
        let started = match self.shopper("POST", &path, Some(&json!({ "payment_method": "stripe" })))? {
            Ok(started) => started,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let path = format!("/payments/{}/open", text(&started["id"])?);
        self.then_see(
            self.shopper("POST", &path, Some(&json!({ "way": "intent" }))),
            order,
        )
    }

    pub(super) fn provider_tells(&self, tells: &ProviderTells) -> Answer {
        let order = match self.see(&tells.order)? {
            Ok(order) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let by = |payment: &&Value| payment["provider"] == "stripe";
        let payment = list(&order["payments"]).iter().rev().find(by);
        let payment = payment.ok_or("no provider was asked")?;
        let whole = payment["amount"]["amount_minor"]
            .as_i64()
            .ok_or("a payment has an amount")?;
        let minor = tells.amount.map_or(whole, |amount| amount.0);
        let body = provider::told(&tells.what, &text(&payment["id"])?, minor)?;
        let signed = if tells.forged {
            "t=1,v1=00".to_owned()
        } else {
            provider::signature(&body.to_string())?
        };
        let path = "/payments/notify/stripe";
        self.then_see(self.house.told(path, &body, &signed), &tells.order)
    }

    pub(super) fn gift_card(&self, card: &NewGiftCard, name: &str) -> Answer {
        let body = json!({ "amount": money(card.holds), "source": "cash" });
        let made = match self.staff("POST", "/gift_cards", Some(&body))? {
            Ok(made) => made,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let card = rows(&made).first().ok_or("no card was made")?;
        self.keep(Kind::GiftCard, name, &card["number"], &card["pin"])?;
        self.look_at_gift_card(name)
    }

    pub(super) fn pay_by_gift_card(&self, pay: &PayByGiftCard) -> Answer {
        let order = self.named(Kind::Order, &pay.order)?;
        let card = self.named(Kind::GiftCard, &pay.gift_card)?;
        let pin = if pay.wrong_code { "no" } else { card.other.as_str() };
        let path = format!("/orders/{}/gift_cards?token={}", order.id, order.other);
        let body = json!({ "number": card.id, "pin": pin, "amount": pay.amount.map(money) });
        self.then_see(self.shopper("POST", &path, Some(&body)), &pay.order)
    }

    pub(super) fn look_at_gift_card(&self, name: &str) -> Answer {
        let card = self.named(Kind::GiftCard, name)?;
        let body = json!({ "number": card.id, "pin": card.other });
        let seen = match self.shopper("POST", "/gift_cards/balance", Some(&body))? {
            Ok(seen) => seen,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let books = self.staff("GET", "/gift_cards/accounts", None)?;
        Ok(books.map(|books| {
            let books = if books["drift"] == 0 { "balance" } else { "differ" };
            json!({
                "balance": amount(&seen["balance"]), "held": amount(&seen["held"]),
                "available": amount(&seen["available"]), "books": books,
            })
        }))
    }
}
