//! Carts, orders and their money.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::book::{City, city, money};
use super::view::{list, now, rfc3339, tally};
use super::{CaseShop, Kind, Who, rows, text};
use crate::shop::Answer;
use crate::verb::{
    Basket, CancelOrder, ChangeCart, ChangeOrder, Checkout, Decide, ExchangeGoods, LookAtOrder, NewOrder,
    Payment, ReturnGoods, With,
};
use crate::words::Piece;

fn method(pay: With) -> &'static str {
    match pay {
        With::Online => "sandbox",
        With::InStore => "pay_in_store",
    }
}

impl CaseShop<'_> {
    fn choice(&self, collect: Option<&str>, deliver_to: Option<&str>) -> Result<Value, String> {
        match (collect, deliver_to) {
            (Some(place), None) => {
                Ok(json!({ "method": "collect", "place_id": self.id(Kind::Place, place)? }))
            }
            (None, Some(to)) => {
                let City {
                    city: [city, _],
                    province: [province, _],
                    ..
                } = city(Some(to))?;
                Ok(json!({ "method": "delivery", "address": {
                    "name": "Han Meimei", "phone": self.phone, "province": province, "city": city, "line": "1",
                } }))
            }
            (None, None) => Ok(Value::Null),
            (Some(_), Some(_)) => Err("an order is collected or delivered".to_owned()),
        }
    }

    pub(super) fn cart(&self, basket: &Basket, name: &str) -> Answer {
        self.new_cart(basket, name, None)
    }

    /// Something a shopper does, with a key if there is one.
    fn keyed(&self, key: Option<&str>, step: &str, path: &str, body: &Value) -> Answer {
        let key = key.map(|key| format!("{}-{key}-{step}", self.tag));
        self.house
            .ask(Who::Anybody, "POST", path, Some(body), key.as_deref())
    }

    fn new_cart(&self, basket: &Basket, name: &str, key: Option<&str>) -> Answer {
        let body = json!({
            "channel": basket.channel.as_deref().unwrap_or("web"),
            "lines": self.lines(&basket.lines.0, |_| ())?,
            "fulfilment": self.choice(basket.collect.as_deref(), basket.deliver_to.as_deref())?,
            "contact": { "name": "Han Meimei", "phone": self.phone },
        });
        let made = self.keyed(key, "cart", "/carts", &body)?;
        if let Ok(made) = &made {
            self.keep(Kind::Cart, name, &made["id"], &Value::Null)?;
            if let Some(code) = &basket.code {
                return self.type_code(&text(&made["id"])?, code);
            }
        }
        Ok(made.map(|cart| self.cart_view(&cart)))
    }

    fn type_code(&self, cart: &str, code: &str) -> Answer {
        let typed = (!code.is_empty()).then(|| self.typed_code(code));
        let body = json!({ "promotion_code": typed });
        let changed = self.shopper("PATCH", &format!("/carts/{cart}"), Some(&body))?;
        Ok(changed.map(|cart| self.cart_view(&cart)))
    }

    pub(super) fn change_cart(&self, change: &ChangeCart) -> Answer {
        let cart = self.id(Kind::Cart, &change.cart)?;
        let line = match (&change.line, &change.code) {
            (Some(line), None) => line,
            (None, Some(code)) => return self.type_code(&cart, code),
            _ => return Err("a cart is changed by a line or by a code".to_owned()),
        };
        let sku = self.id(Kind::Article, &line.article)?;
        let body = json!({ "quantity": line.count });
        let changed = self.shopper("PUT", &format!("/carts/{cart}/lines/{sku}"), Some(&body))?;
        Ok(changed.map(|cart| self.cart_view(&cart)))
    }

    pub(super) fn look_at_cart(&self, cart: &str) -> Answer {
        let seen = self.shopper("GET", &format!("/carts/{}", self.id(Kind::Cart, cart)?), None)?;
        Ok(seen.map(|cart| self.cart_view(&cart)))
    }

    pub(super) fn checkout(&self, checkout: &Checkout, name: &str) -> Answer {
        let path = format!("/carts/{}/checkout", self.id(Kind::Cart, &checkout.cart)?);
        let body = json!({
            "payment_method": method(checkout.pay), "seen_total": checkout.seen.map(money),
        });
        let placed = self.keyed(checkout.key.as_deref(), "checkout", &path, &body)?;
        if let Ok(order) = &placed {
            self.keep(Kind::Order, name, &order["id"], &order["access_token"])?;
        }
        Ok(placed.map(|order| self.order_view(&order)))
    }

    pub(super) fn order(&self, order: &NewOrder, name: &str) -> Answer {
        let basket = Basket {
            lines: order.lines.clone(),
            collect: order.collect.clone(),
            deliver_to: order.deliver_to.clone(),
            channel: order.channel.clone(),
            code: order.code.clone(),
        };
        let cart = format!("cart of {name}");
        if let Err(refusal) = self.new_cart(&basket, &cart, order.key.as_deref())? {
            return Ok(Err(refusal));
        }
        let checkout = Checkout {
            cart,
            pay: order.pay,
            seen: None,
            key: order.key.clone(),
        };
        let placed = self.checkout(&checkout, name)?;
        if !order.paid || placed.is_err() {
            return Ok(placed);
        }
        let payment = Payment {
            order: name.to_owned(),
            nth: None,
        };
        self.pay_for(&payment, "approve", order.key.as_deref())
    }

    /// The order as staff see it, before it is put into the words of the cases.
    pub(super) fn see(&self, order: &str) -> Answer {
        self.staff("GET", &format!("/orders/{}", self.id(Kind::Order, order)?), None)
    }

    /// What became of the order after something was done to it.
    pub(super) fn then_see(&self, done: Answer, order: &str) -> Answer {
        match done? {
            Ok(_) => Ok(self.see(order)?.map(|order| self.order_view(&order))),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    pub(super) fn look_at_order(&self, look: &LookAtOrder) -> Answer {
        let seen = if look.by_a_stranger {
            self.shopper(
                "GET",
                &format!("/orders/{}", self.id(Kind::Order, &look.order)?),
                None,
            )?
        } else {
            self.see(&look.order)?
        };
        Ok(seen.map(|order| self.order_view(&order)))
    }

    pub(super) fn payment(&self, payment: &Payment, outcome: &str) -> Answer {
        self.pay_for(payment, outcome, None)
    }

    fn pay_for(&self, payment: &Payment, outcome: &str, key: Option<&str>) -> Answer {
        let order = match self.see(&payment.order)? {
            Ok(order) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let payments = list(&order["payments"]);
        let found = payment
            .nth
            .map_or(payments.last(), |nth| payments.get(nth.saturating_sub(1)));
        let id = text(&found.ok_or("the order has no such payment")?["id"])?;
        let body = json!({ "outcome": outcome });
        let done = self.keyed(key, "pay", &format!("/payments/{id}/sandbox"), &body);
        self.then_see(done, &payment.order)
    }

    pub(super) fn pay_anew(&self, order: &str) -> Answer {
        let named = self.named(Kind::Order, order)?;
        let path = format!("/orders/{}/payments?token={}", named.id, named.other);
        let done = self.shopper("POST", &path, Some(&json!({ "payment_method": "sandbox" })));
        self.then_see(done, order)
    }

    pub(super) fn cancel(&self, cancel: &CancelOrder) -> Answer {
        let path = format!("/orders/{}/cancel", self.id(Kind::Order, &cancel.order)?);
        let mut body = json!({ "reason": "changed my mind" });
        if !cancel.pieces.0.is_empty() {
            body["lines"] = json!(self.parts_of(&cancel.order, &cancel.pieces.0)?);
        }
        self.then_see(self.staff("POST", &path, Some(&body)), &cancel.order)
    }

    pub(super) fn change_order(&self, change: &ChangeOrder) -> Answer {
        let named = self.named(Kind::Order, &change.order)?;
        let path = format!("/orders/{}/changes", named.id);
        let ask = |path: &str, body: &Value, key: Option<&str>| {
            let (who, path) = match change.by_customer {
                true => (Who::Anybody, format!("{path}?token={}", named.other)),
                false => (Who::Staff, path.to_owned()),
            };
            self.house.ask(who, "POST", &path, Some(body), key)
        };
        let mut body = json!({});
        if !change.to.0.is_empty() {
            body["lines"] = json!(self.lines(&change.to.0, |_| ())?);
        }
        let choice = self.choice(change.collect.as_deref(), change.deliver_to.as_deref())?;
        if !choice.is_null() {
            body["fulfilment"] = choice;
        }
        let agreed = match change.agreed {
            Some(agreed) => money(agreed),
            None => match ask(&format!("{path}/preview"), &body, None)? {
                Ok(preview) => preview["difference"].clone(),
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        body["agreed_difference"] = agreed;
        body["reason"] = json!("asked for it");
        let key = change.key.as_ref().map(|key| format!("{}-{key}", self.tag));
        self.then_see(ask(&path, &body, key.as_deref()), &change.order)
    }

    pub(super) fn withdraw_change(&self, order: &str) -> Answer {
        let path = format!("/orders/{}/changes", self.id(Kind::Order, order)?);
        self.then_see(self.staff("DELETE", &path, None), order)
    }

    pub(super) fn decide(&self, decide: &Decide) -> Answer {
        let path = format!("/orders/{}/decision", self.id(Kind::Order, &decide.order)?);
        let place = decide
            .place
            .as_ref()
            .map(|place| self.id(Kind::Place, place))
            .transpose()?;
        let until = decide
            .days
            .map(|days| Ok::<_, String>(rfc3339(now()? + days * 86_400)))
            .transpose()?;
        let body = json!({ "choice": decide.choice, "place_id": place, "until": until });
        self.then_see(self.staff("POST", &path, Some(&body)), &decide.order)
    }

    /// `[{order_line_id, quantity}]` of pieces of an order.
    pub(super) fn parts_of(&self, order: &str, pieces: &[Piece]) -> Result<Vec<Value>, String> {
        let order = self.see(order)?.map_err(|refusal| refusal.said)?;
        let line = |piece: &Piece| {
            let sku = self.id(Kind::Article, &piece.article)?;
            let line = list(&order["lines"]).iter().find(|line| line["sku_id"] == *sku);
            let line = line.ok_or_else(|| format!("the order has no {}", piece.article))?;
            Ok(json!({ "order_line_id": line["id"], "quantity": piece.count }))
        };
        pieces.iter().map(line).collect()
    }

    pub(super) fn return_goods(&self, goods: &ReturnGoods) -> Answer {
        let mut lines = self.parts_of(&goods.order, &goods.pieces.0)?;
        for line in &mut lines {
            line["reason"] = json!("changed_mind");
            line["condition"] = json!(goods.condition.as_deref().unwrap_or("inspect"));
        }
        let body = json!({
            "order_id": self.id(Kind::Order, &goods.order)?, "place_id": self.id(Kind::Place, &goods.at)?,
            "lines": lines,
        });
        Ok(self
            .staff("POST", "/returns", Some(&body))?
            .map(|document| Self::refund_view(&document)))
    }

    pub(super) fn exchange_goods(&self, goods: &ExchangeGoods) -> Answer {
        let mut lines = self.parts_of(&goods.order, &goods.pieces.0)?;
        for line in &mut lines {
            line["reason"] = json!("changed_mind");
            line["condition"] = json!(goods.condition.as_deref().unwrap_or("inspect"));
        }
        let mut body = json!({
            "order_id": self.id(Kind::Order, &goods.order)?, "place_id": self.id(Kind::Place, &goods.at)?,
            "lines": lines, "taken": self.lines(&goods.take.0, |_| ())?,
        });
        body["agreed_difference"] = match goods.agreed {
            Some(agreed) => money(agreed),
            None => match self.staff("POST", "/exchanges/preview", Some(&body))? {
                Ok(preview) => preview["difference"].clone(),
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let key = goods.key.as_ref().map(|key| format!("{}-{key}", self.tag));
        let done = self
            .house
            .ask(Who::Staff, "POST", "/exchanges", Some(&body), key.as_deref())?;
        Ok(done.map(|document| self.exchange_view(&document)))
    }

    /// Signs the customer of this case in with the code that was sent to their telephone.
    fn signed_in(&self) -> Result<String, String> {
        let phone = format!("+86{}", self.phone);
        let expect = |answer: Answer| answer?.map_err(|refusal| refusal.said);
        let known = self.member.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(token) = known {
            return Ok(token);
        }
        expect(self.shopper("POST", "/member/otp", Some(&json!({ "phone": phone }))))?;
        let sent = expect(self.staff(
            "GET",
            &format!("/messages?to=%2B86{}&limit=200", self.phone),
            None,
        ))?;
        let code = rows(&sent)
            .iter()
            .filter(|message| message["template"] == "otp_code")
            .find_map(|message| {
                let words = message["body"].as_str()?.split(|c: char| !c.is_ascii_digit());
                words.filter(|word| word.len() == 6).map(str::to_owned).next()
            });
        let code = code.ok_or("no code was sent")?;
        let body = json!({ "phone": phone, "code": code });
        let session = expect(self.shopper("POST", "/member/session", Some(&body)))?;
        let token = text(&session["token"])?;
        *self.member.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    pub(super) fn join(&self, order: &str) -> Answer {
        let named = self.named(Kind::Order, order)?;
        let token = self.signed_in()?;
        let path = format!("/me/orders/{}/join", named.id);
        let body = json!({ "token": named.other });
        let done = self
            .house
            .ask(Who::Member(&token), "POST", &path, Some(&body), None);
        self.then_see(done, order)
    }

    pub(super) fn points(&self, _: &str) -> Answer {
        let token = self.signed_in()?;
        let points = self
            .house
            .ask(Who::Member(&token), "GET", "/me/points", None, None)?;
        Ok(points.map(|points| json!({ "balance": points["balance"] })))
    }

    pub(super) fn messages(&self, order: &str) -> Answer {
        let order = match self.see(order)? {
            Ok(order) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let number = text(&order["number"])?;
        let found = self.staff(
            "GET",
            &format!("/messages?to=%2B86{}&limit=200", self.phone),
            None,
        )?;
        Ok(found.map(|page| {
            let about = rows(&page)
                .iter()
                .filter(|m| m["body"].as_str().is_some_and(|b| b.contains(&number)));
            json!({ "kinds": tally(about.filter_map(|m| m["template"].as_str())) })
        }))
    }
}
