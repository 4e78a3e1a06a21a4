//! Storeloop behind the cases: the verbs as requests to `/api/v1`.

mod book;
mod order;
mod provider;
mod server;
mod supply;
mod tender;
mod till;
mod view;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::case::Start;
use crate::http::{Client, Request};
use crate::shop::{Answer, Refusal, Shop, System};
use crate::verb::Verb;
use crate::words::Why;
use provider::Provider;
use server::Servers;
pub use server::program;

/// How long servers may take to hear of what another has changed.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A running Storeloop.
pub struct Storeloop {
    client: Client,
    staff: String,
    category: String,
    shops: AtomicUsize,
    servers: Servers,
    /// The last place that was opened: its id, and where it lies.
    newest_place: Mutex<Option<(String, String)>>,
}

impl Storeloop {
    /// Starts so many servers of it on an empty database, or one on a scratch file.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(
        program: &Path,
        database: Option<&str>,
        start: Start,
        servers: usize,
    ) -> Result<Self, String> {
        let provider = Provider::start()?;
        let servers = Servers::start(program, database, start, servers, provider.at)?;
        let mut storeloop = Self {
            client: Client::new(servers.addresses()),
            staff: String::new(),
            category: String::new(),
            shops: AtomicUsize::new(0),
            servers,
            newest_place: Mutex::default(),
        };
        let sign_in = json!({ "login": server::LOGIN, "password": server::PASSWORD });
        let session = storeloop.must(Who::Anybody, "POST", "/staff/session", Some(&sign_in))?;
        storeloop.staff = format!("Bearer {}", text(&session["token"])?);
        let categories = storeloop.must(Who::Staff, "GET", "/categories", None)?;
        let care = rows(&categories).iter().find(|c| c["code"] == server::CATEGORY);
        storeloop.category = text(&care.ok_or("the category was not brought in")?["id"])?;
        Ok(storeloop)
    }

    fn place_opened(&self, place: &Value) -> Result<(), String> {
        let near = format!("{},{}", place["latitude"], place["longitude"]);
        let mut newest = self.newest_place.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = Some((text(&place["id"])?, near));
        Ok(())
    }

    fn must(&self, who: Who<'_>, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.ask(who, method, path, body, None)?
            .map_err(|refusal| refusal.said)
    }

    fn ask(&self, who: Who<'_>, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Answer {
        let mut headers = vec![("accept-language", "en")];
        let bearer = match who {
            Who::Anybody => None,
            Who::Staff => Some(self.staff.clone()),
            Who::Member(token) => Some(format!("Bearer {token}")),
        };
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.send(method, path, &headers, body)
    }

    /// A provider's message, with what proves it.
    fn told(&self, path: &str, body: &Value, signature: &str) -> Answer {
        self.send("POST", path, &[("stripe-signature", signature)], Some(body))
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let path = format!("/api/v1{path}");
        let request = Request {
            method,
            path: &path,
            headers,
            body,
        };
        // A look may be repeated, and so may what has a key: who does not hear the answer asks again.
        let may_repeat = method == "GET" || headers.iter().any(|(name, _)| *name == "idempotency-key");
        let (status, answer) = match may_repeat {
            false => self.client.send(request)?,
            true => self.client.send_until_heard(request)?,
        };
        if (200..300).contains(&status) {
            return Ok(Ok(answer));
        }
        let code = answer["code"].as_str().unwrap_or_default();
        let said = format!(
            "{method} {path}: {status} {code}: {}",
            answer["detail"].as_str().unwrap_or_default()
        );
        match why(status, code) {
            Some(why) => Ok(Err(Refusal {
                why,
                said: format!("{said} {}", answer["errors"]),
                facts: answer["facts"].clone(),
            })),
            None => Err(said),
        }
    }
}

impl System for Storeloop {
    fn open(&self, _case: &str) -> Result<Box<dyn Shop + '_>, String> {
        let nth = self.shops.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(CaseShop {
            house: self,
            tag: format!("C{nth}"),
            phone: format!("139{nth:08}"),
            names: Mutex::default(),
            policy_before: Mutex::default(),
            channels_changed: Mutex::default(),
            member: Mutex::default(),
        }))
    }

    /// Servers keep the places in memory and see a change made through another within seconds: waits until every one
    /// knows the newest, and spreads what is asked from then on.
    fn settle(&self) -> Result<(), String> {
        let newest = self
            .newest_place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some((id, near)) = newest else {
            return Ok(());
        };
        let path = format!("/api/v1/places?near={near}&limit=200");
        let request = Request {
            method: "GET",
            path: &path,
            headers: &[],
            body: None,
        };
        for server in 0..self.client.servers() {
            let until = Instant::now() + SETTLES_WITHIN;
            loop {
                let (_, places) = self.client.send_to(server, request)?;
                if rows(&places).iter().any(|place| place["id"] == *id) {
                    break;
                }
                if Instant::now() > until {
                    return Err(format!("server {server} does not hear of a new place"));
                }
                thread::sleep(LOOK_AGAIN);
            }
        }
        self.client.spread();
        Ok(())
    }
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who<'a> {
    Anybody,
    Staff,
    /// With a token that was given when they signed in.
    Member(&'a str),
}

/// What a name of a case stands for.
#[derive(Clone, Debug, Default)]
struct Named {
    id: String,
    /// Of an article: its product. Of an order: what lets its owner see it. Of a gift card: its PIN.
    other: String,
}

/// What kind of thing a name is the name of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    Article,
    Place,
    Cart,
    Order,
    Hold,
    Transfer,
    Count,
    Supply,
    GiftCard,
}

/// The shop of one case: its own articles, places and customer on a server it shares.
struct CaseShop<'a> {
    house: &'a Storeloop,
    /// Set before every code, so that no two cases have one in common.
    tag: String,
    phone: String,
    names: Mutex<HashMap<(Kind, String), Named>>,
    /// What held for all before the case decided otherwise.
    policy_before: Mutex<Option<Value>>,
    /// Channels that sell otherwise than usual for this case.
    channels_changed: Mutex<Vec<String>>,
    /// What its customer was given when they signed in.
    member: Mutex<Option<String>>,
}

impl CaseShop<'_> {
    fn staff(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.house.ask(Who::Staff, method, path, body, None)
    }

    fn shopper(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.house.ask(Who::Anybody, method, path, body, None)
    }

    fn keep(&self, kind: Kind, name: &str, id: &Value, other: &Value) -> Result<(), String> {
        let named = Named {
            id: text(id)?,
            other: other.as_str().unwrap_or_default().to_owned(),
        };
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert((kind, name.to_owned()), named);
        Ok(())
    }

    fn named(&self, kind: Kind, name: &str) -> Result<Named, String> {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let found = names.get(&(kind, name.to_owned())).cloned();
        found.ok_or_else(|| format!("nothing is called {name} ({kind:?})"))
    }

    fn id(&self, kind: Kind, name: &str) -> Result<String, String> {
        Ok(self.named(kind, name)?.id)
    }

    /// The name of what has an id; the id itself when the case never named it.
    fn name(&self, kind: Kind, id: &Value) -> String {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let found = names
            .iter()
            .find(|((k, _), named)| *k == kind && *id == *named.id);
        found.map_or_else(
            || id.as_str().unwrap_or_default().to_owned(),
            |((_, name), _)| name.clone(),
        )
    }

    fn names_of(&self, kind: Kind) -> Vec<String> {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names
            .keys()
            .filter(|(k, _)| *k == kind)
            .map(|(_, name)| name.clone())
            .collect()
    }
}

impl Shop for CaseShop<'_> {
    fn act(&self, verb: &Verb, name: &str) -> Answer {
        match verb {
            Verb::Article(article) => self.article(article),
            Verb::ChangeArticle(change) => self.change_article(change),
            Verb::MakeKit(kit) => self.make_kit(kit),
            Verb::Place(place) => self.place(place),
            Verb::ChangePlace(change) => self.change_place(change),
            Verb::Promotion(promotion) => self.promotion(promotion),
            Verb::Policy(policy) => self.policy(policy),
            Verb::Receive(goods) => self.receive(goods),
            Verb::Expect(supply) => self.expect(supply, name),
            Verb::PutOff(change) => self.put_off(change),
            Verb::Arrive(goods) => self.arrive(goods),
            Verb::CallOff(of) => self.call_off(of),
            Verb::SellAhead(how) => self.sell_ahead(how),
            Verb::Promise(at) => self.promise(at),
            Verb::KeepBack(goods) => self.keep_back(goods),
            Verb::TakeOff(goods) => self.take_off(goods),
            Verb::SoldEarlier(sale) => self.sold_earlier(sale),
            Verb::SetStock(count) => self.set_stock(count),
            Verb::Hold(hold) => self.hold(hold, name),
            Verb::Release(of) => self.release(&of.hold),
            Verb::LookAtHold(of) => self.look_at_hold(&of.hold),
            Verb::Level(at) => self.level(at),
            Verb::Ledger(at) => self.ledger(at),
            Verb::Availability(of) => self.availability(&of.article, of.channel.as_deref()),
            Verb::Search(of) => self.search(&of.article),
            Verb::Books(_) => self.books(),
            Verb::Cart(basket) => self.cart(basket, name),
            Verb::ChangeCart(change) => self.change_cart(change),
            Verb::LookAtCart(of) => self.look_at_cart(&of.cart),
            Verb::Checkout(checkout) => self.checkout(checkout, name),
            Verb::Order(order) => self.order(order, name),
            Verb::LookAtOrder(look) => self.look_at_order(look),
            Verb::Pay(payment) => self.payment(payment, "approve"),
            Verb::Decline(payment) => self.payment(payment, "decline"),
            Verb::PayAnew(of) => self.pay_anew(&of.order),
            Verb::PayWithProvider(of) => self.pay_with_provider(&of.order),
            Verb::ProviderTells(tells) => self.provider_tells(tells),
            Verb::GiftCard(card) => self.gift_card(card, name),
            Verb::PayByGiftCard(pay) => self.pay_by_gift_card(pay),
            Verb::LookAtGiftCard(of) => self.look_at_gift_card(&of.gift_card),
            Verb::Cancel(cancel) => self.cancel(cancel),
            Verb::ChangeOrder(change) => self.change_order(change),
            Verb::WithdrawChange(of) => self.withdraw_change(&of.order),
            Verb::Decide(decide) => self.decide(decide),
            Verb::Pick(part) => self.on_part(part, "pick", None),
            Verb::Reject(reject) => self.reject(reject),
            Verb::HandOver(hand_over) => self.hand_over(hand_over),
            Verb::Unlock(part) => self.on_part(part, "unlock", Some(&json!({ "reason": "card shown" }))),
            Verb::Ship(part) => self.ship(part),
            Verb::Deliver(part) => self.on_part(part, "deliver", None),
            Verb::PickupChecks(at) => self.pickup_checks(&at.at),
            Verb::Return(goods) => self.return_goods(goods),
            Verb::Exchange(goods) => self.exchange_goods(goods),
            Verb::Join(of) => self.join(&of.order),
            Verb::Points(of) => self.points(&of.order),
            Verb::Messages(of) => self.messages(&of.order),
            Verb::Transfer(transfer) => self.transfer(transfer, name),
            Verb::SentFor(of) => self.sent_for(&of.order, name),
            Verb::MoveTransfer(step) => self.move_transfer(step),
            Verb::Count(count) => self.count(count, name),
            Verb::CountFound(found) => self.count_found(found),
            Verb::SubmitCount(of) => self.submit_count(&of.count),
            Verb::ServerDies(death) => self.house.servers.die_at(death.at).map(|()| Ok(json!({}))),
        }
    }
}

impl Drop for CaseShop<'_> {
    fn drop(&mut self) {
        let before = self
            .policy_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(before) = before {
            // The next case that runs alone would say so if this had failed.
            let _ = self.staff("PUT", "/price_settings", Some(&before));
        }
        let changed = std::mem::take(
            &mut *self
                .channels_changed
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for channel in changed {
            let usual = json!({ "terms": {} });
            let _ = self.staff("PUT", &format!("/channels/{channel}"), Some(&usual));
        }
    }
}

/// What a code of Storeloop means in the words of the cases; none where a case cannot want it.
fn why(status: u16, code: &str) -> Option<Why> {
    Some(match code {
        "stock.insufficient" | "stock.not_enough" | "order.still_unserved" => Why::NotEnoughStock,
        "gift_card.short" => Why::NotEnoughMoney,
        "gift_card.refused" => Why::WrongCode,
        "gift_card.locked" => Why::CodeLocked,
        "stock.promised" | "supply.promised" => Why::Promised,
        "stock.count_conflict" | "precondition.failed" | "order.busy" | "payment.busy" => Why::Changed,
        "stock.already_held" | "order.change_open" => Why::AlreadyThere,
        "pricing.code_used_up" | "pricing.code_used_by_member" => Why::UsedUp,
        "pricing.code_for_members" => Why::MembersOnly,
        "checkout.price_changed" | "exchange.other_amount" | "order.change_amount" => Why::PriceChanged,
        "checkout.place_full" => Why::PlaceFull,
        "checkout.no_collect"
        | "checkout.ahead_is_paid_first"
        | "checkout.pay_in_store_needs_collect"
        | "return.no_return" => Why::NotOffered,
        "cart.not_for_sale" => Why::NotForSale,
        "fulfilment.wrong_code" => Why::WrongCode,
        "fulfilment.code_locked" => Why::CodeLocked,
        "return.over_quantity" | "payment.over_refund" | "transfer.more_than_sent" => Why::MoreThanThereWas,
        "transfer.reason_needed" | "transfer.goods_on_the_road" | "count.reason_needed" => Why::ReasonNeeded,
        "return.not_handed_over" | "order.not_cancellable" | "order.lines_not_cancellable" => {
            Why::TooLateOrTooEarly
        }
        "payment.closed" | "payment.nothing_to_pay" | "stock.hold_ended" | "stock.hold_lapsed" => {
            Why::TooLateOrTooEarly
        }
        "cart.already_ordered" | "order.nothing_to_decide" | "order.money_went_back" => {
            Why::TooLateOrTooEarly
        }
        "order.not_changeable"
        | "order.change_begun"
        | "order.change_waits"
        | "order.change_too_late"
        | "order.no_change" => Why::TooLateOrTooEarly,
        "order.change_nothing" | "order.change_empty" => Why::BadInput,
        _ if code.ends_with(".illegal_step") => Why::TooLateOrTooEarly,
        _ if status == 400 => Why::BadInput,
        _ if status == 401 || status == 403 => Why::NotAllowed,
        _ if status == 404 => Why::NotThere,
        _ => return None,
    })
}

fn text(value: &Value) -> Result<String, String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| format!("a text was expected, not {value}"))
}

fn rows(page: &Value) -> &[Value] {
    page["items"].as_array().map_or(&[], Vec::as_slice)
}
