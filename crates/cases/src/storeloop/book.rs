//! Articles, places, prices, and the book of stock.

use serde_json::{Value, json};

use super::view::{both, list, now, rfc3339};
use super::{CaseShop, Kind, rows};
use crate::shop::Answer;
use crate::verb::{
    Article, ArticleChange, AtPlace, ChannelPolicy, Goods, Hold, KeepBack, Kind as PlaceKind, Kit, Place,
    PlaceChange, Policy, Promotion, SetStock, SoldEarlier, TakeOff,
};
use crate::words::{Amount, Piece};

pub(super) const CURRENCY: &str = "CNY";
/// The longest page of a list.
const PAGE: usize = 200;

/// A city, and where its middle is.
pub(super) struct City {
    name: &'static str,
    pub(super) city: [&'static str; 2],
    pub(super) province: [&'static str; 2],
    latitude: f64,
    longitude: f64,
}

const CITIES: [City; 3] = [
    City {
        name: "Hangzhou",
        city: ["杭州市", "Hangzhou"],
        province: ["浙江省", "Zhejiang"],
        latitude: 30.25,
        longitude: 120.16,
    },
    City {
        name: "Shanghai",
        city: ["上海市", "Shanghai"],
        province: ["上海市", "Shanghai"],
        latitude: 31.23,
        longitude: 121.47,
    },
    City {
        name: "Chengdu",
        city: ["成都市", "Chengdu"],
        province: ["四川省", "Sichuan"],
        latitude: 30.66,
        longitude: 104.06,
    },
];

pub(super) fn city(name: Option<&str>) -> Result<&'static City, String> {
    let wanted = name.unwrap_or("Hangzhou");
    let found = CITIES.iter().find(|city| city.name == wanted);
    found.ok_or_else(|| format!("no case knows where {wanted} is"))
}

pub(super) fn money(amount: Amount) -> Value {
    json!({ "amount_minor": amount.0, "currency": CURRENCY })
}

fn zh_en([zh, en]: [&str; 2]) -> Value {
    json!({ "zh": zh, "en": en })
}

impl CaseShop<'_> {
    fn sku(&self, code: &str, price: Amount, counted: bool, sold: bool) -> Value {
        json!({
            "code": format!("{code}-1"), "price": money(price), "tracked": counted, "active": sold,
        })
    }

    pub(super) fn article(&self, article: &Article) -> Answer {
        let code = format!("{}-{}", self.tag, article.name);
        let body = json!({
            "code": code, "name": both(&article.name), "brand": both("Cases"),
            "category_id": self.house.category, "status": "active",
            "skus": [self.sku(&code, article.price, article.counted, true)],
        });
        let made = self.staff("POST", "/products", Some(&body))?;
        if let Ok(product) = &made {
            self.keep(
                Kind::Article,
                &article.name,
                &product["skus"][0]["id"],
                &product["id"],
            )?;
        }
        Ok(made)
    }

    pub(super) fn change_article(&self, change: &ArticleChange) -> Answer {
        let product = self.named(Kind::Article, &change.article)?.other;
        let path = format!("/products/{product}");
        let mut patch = json!({});
        if let Some(name) = &change.renamed {
            patch["code"] = json!(format!("{}-{name}", self.tag));
            patch["name"] = both(name);
        }
        match (change.price, change.sold) {
            (None, None) => {}
            (price, sold) => {
                let before = match self.staff("GET", &path, None)? {
                    Ok(product) => product["skus"][0].clone(),
                    Err(refusal) => return Ok(Err(refusal)),
                };
                patch["skus"] = json!([{
                    "code": before["code"], "barcodes": before["barcodes"], "option": before["option"],
                    "price": price.map_or_else(|| before["price"].clone(), money),
                    "tracked": before["tracked"],
                    "active": sold.map_or_else(|| before["active"].clone(), Value::from),
                }]);
            }
        }
        self.staff("PATCH", &path, Some(&patch))
    }

    pub(super) fn make_kit(&self, kit: &Kit) -> Answer {
        let path = format!("/skus/{}/components", self.id(Kind::Article, &kit.article)?);
        let components = self.lines(&kit.of.0, |_| {})?;
        self.staff("PUT", &path, Some(&json!({ "components": components })))
    }

    pub(super) fn place(&self, place: &Place) -> Answer {
        let middle = city(place.city.as_deref())?;
        // No two places of a case lie at one spot, and the first is the nearest to the middle of its city.
        let nth = self.names_of(Kind::Place).len();
        let (kind, usual): (&str, &[&str]) = match place.kind {
            PlaceKind::Store => ("store", &["collect", "ship", "return"]),
            PlaceKind::Warehouse => ("warehouse", &["ship"]),
        };
        let services = place
            .services
            .as_ref()
            .map_or_else(|| json!(usual), |services| json!(services));
        let body = json!({
            "code": format!("{}-{}", self.tag, place.name), "kind": kind, "name": both(&place.name),
            "region": "east", "latitude": middle.latitude + nth as f64 / 100.0, "longitude": middle.longitude,
            "address": {
                "country": "CN", "province": zh_en(middle.province), "city": zh_en(middle.city), "line": both("1"),
            },
            "timezone": "Asia/Shanghai", "services": services, "prep_minutes": 30,
            "daily_order_capacity": place.daily_orders, "active": true,
        });
        let made = self.staff("POST", "/places", Some(&body))?;
        if let Ok(made) = &made {
            self.keep(Kind::Place, &place.name, &made["id"], &Value::Null)?;
            self.house.place_opened(made)?;
        }
        Ok(made)
    }

    pub(super) fn change_place(&self, change: &PlaceChange) -> Answer {
        let path = format!("/places/{}", self.id(Kind::Place, &change.place)?);
        let mut patch = json!({});
        if let Some(open) = change.open {
            patch["active"] = json!(open);
        }
        if let Some(orders) = change.daily_orders {
            patch["daily_order_capacity"] = json!(orders);
        }
        self.staff("PATCH", &path, Some(&patch))
    }

    pub(super) fn promotion(&self, promotion: &Promotion) -> Answer {
        let on = match promotion.on.0.as_slice() {
            [] => self.names_of(Kind::Article),
            named => named.to_vec(),
        };
        let products = on
            .iter()
            .map(|article| Ok(self.named(Kind::Article, article)?.other))
            .collect::<Result<Vec<_>, String>>()?;
        let effect = match (promotion.amount_off, promotion.percent_off) {
            (Some(amount), None) => json!({ "kind": "amount_off", "amount_minor": amount.0 }),
            (None, Some(percent)) => json!({ "kind": "percent_off", "basis_points": percent * 100 }),
            _ => return Err("a promotion takes off a sum or a share".to_owned()),
        };
        let body = json!({
            "code": format!("{}-{}", self.tag, promotion.name), "name": both(&promotion.name),
            "goods": { "product_ids": products }, "effect": effect, "currency": CURRENCY,
            "priority": promotion.priority,
            "typed_code": promotion.typed.as_ref().map(|typed| json!({
                "code": self.typed_code(typed), "max_uses": promotion.uses,
                "max_uses_per_member": promotion.uses_per_member,
            })),
        });
        self.staff("POST", "/promotions", Some(&body))
    }

    /// A code as it is typed in this case and in no other.
    pub(super) fn typed_code(&self, typed: &str) -> String {
        format!("{typed}-{}", self.tag)
    }

    pub(super) fn policy(&self, policy: &Policy) -> Answer {
        let mut settings = match self.staff("GET", "/price_settings", None)? {
            Ok(settings) => settings,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(fields) = settings.as_object_mut() {
            fields.remove("version");
        }
        let mut before = self
            .policy_before
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        before.get_or_insert_with(|| settings.clone());
        if let Some(price_change) = &policy.price_change {
            settings["price_change"] = json!(price_change);
        }
        if let Some(channels) = &policy.tax_apart {
            settings["tax_apart_channels"] = json!(channels);
        }
        for (channel, terms) in &policy.channels {
            if let Err(refusal) = self.channel(channel, terms)? {
                return Ok(Err(refusal));
            }
        }
        self.staff("PUT", "/price_settings", Some(&settings))
    }

    fn channel(&self, channel: &str, policy: &ChannelPolicy) -> Answer {
        let places = policy.sells_from.iter().map(|name| self.id(Kind::Place, name));
        let places = places.collect::<Result<Vec<_>, String>>()?;
        let sells_from = match places.is_empty() {
            true => json!({ "choose": "all" }),
            false => json!({ "choose": "named", "place_ids": places }),
        };
        let terms = json!({ "sells_from": sells_from, "buffer": policy.leaves });
        self.channels_changed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(channel.to_owned());
        self.staff(
            "PUT",
            &format!("/channels/{channel}"),
            Some(&json!({ "terms": terms })),
        )
    }

    /// Records one movement a piece.
    fn movements(&self, at: &str, pieces: &[Piece], more: impl Fn(&Piece) -> Value) -> Answer {
        let place = self.id(Kind::Place, at)?;
        let mut last = Value::Null;
        for piece in pieces {
            let mut body = json!({
                "sku_id": self.id(Kind::Article, &piece.article)?, "place_id": place, "quantity": piece.count,
            });
            if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more(piece)) {
                body.extend(more);
            }
            match self.staff("POST", "/stock/movements", Some(&body))? {
                Ok(answer) => last = answer,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(last))
    }

    pub(super) fn receive(&self, goods: &Goods) -> Answer {
        self.movements(&goods.at, &goods.pieces.0, |_| json!({ "kind": "receipt" }))
    }

    pub(super) fn keep_back(&self, goods: &KeepBack) -> Answer {
        let place = self.id(Kind::Place, &goods.at)?;
        if let Some(each) = goods.of_each {
            let path = format!("/stock/safety_defaults/{place}");
            return self.staff("PUT", &path, Some(&json!({ "safety_stock": each })));
        }
        let item = |piece: &Piece| {
            let sku = self.id(Kind::Article, &piece.article)?;
            Ok(json!({ "sku_id": sku, "place_id": place, "safety_stock": piece.count }))
        };
        let items = goods
            .pieces
            .0
            .iter()
            .map(item)
            .collect::<Result<Vec<_>, String>>()?;
        self.staff("PUT", "/stock/safety", Some(&json!({ "items": items })))
    }

    pub(super) fn take_off(&self, goods: &TakeOff) -> Answer {
        let reason = goods.although_promised.as_deref();
        self.movements(&goods.at, &goods.pieces.0, |piece| {
            json!({
                "kind": "adjustment", "quantity": -piece.count, "reason": reason, "override": reason.is_some(),
            })
        })
    }

    pub(super) fn sold_earlier(&self, sale: &SoldEarlier) -> Answer {
        let at = rfc3339(now()? - sale.minutes_ago * 60);
        self.movements(
            &sale.at,
            &sale.pieces.0,
            |_| json!({ "kind": "sale", "occurred_at": at }),
        )
    }

    pub(super) fn set_stock(&self, count: &SetStock) -> Answer {
        self.movements(
            &count.at,
            &count.found.0,
            |_| json!({ "kind": "count", "expected_on_hand": count.book_said }),
        )
    }

    pub(super) fn hold(&self, hold: &Hold, name: &str) -> Answer {
        let place = self.id(Kind::Place, &hold.at)?;
        let lines = self.lines(&hold.pieces.0, |line| line["place_id"] = json!(place))?;
        let body = json!({ "lines": lines, "owner": format!("{} {name}", self.tag), "ttl_s": hold.seconds });
        let made = self.staff("POST", "/stock/holds", Some(&body))?;
        if let Ok(made) = &made {
            self.keep(Kind::Hold, name, &made["id"], &Value::Null)?;
        }
        Ok(made)
    }

    /// `[{sku_id, quantity}]` of pieces, each with what else it needs.
    pub(super) fn lines(&self, pieces: &[Piece], more: impl Fn(&mut Value)) -> Result<Vec<Value>, String> {
        let line = |piece: &Piece| {
            let sku = self.id(Kind::Article, &piece.article)?;
            let mut line = json!({ "sku_id": sku, "quantity": piece.count });
            more(&mut line);
            Ok(line)
        };
        pieces.iter().map(line).collect()
    }

    pub(super) fn release(&self, hold: &str) -> Answer {
        let path = format!("/stock/holds/{}/release", self.id(Kind::Hold, hold)?);
        self.staff("POST", &path, None)
    }

    pub(super) fn look_at_hold(&self, hold: &str) -> Answer {
        self.staff(
            "GET",
            &format!("/stock/holds/{}", self.id(Kind::Hold, hold)?),
            None,
        )
    }

    pub(super) fn level(&self, at: &AtPlace) -> Answer {
        let (sku, place) = (
            self.id(Kind::Article, &at.article)?,
            self.id(Kind::Place, &at.at)?,
        );
        let found = self.staff("GET", &format!("/stock/levels?sku={sku}&place={place}"), None)?;
        let nothing = || {
            json!({
                "on_hand": 0, "reserved": 0, "quarantined": 0, "in_transit": 0, "safety_stock": 0,
                "shortfall": 0, "available": 0,
            })
        };
        Ok(found.map(|page| rows(&page).first().cloned().unwrap_or_else(nothing)))
    }

    pub(super) fn ledger(&self, at: &AtPlace) -> Answer {
        let (sku, place) = (
            self.id(Kind::Article, &at.article)?,
            self.id(Kind::Place, &at.at)?,
        );
        let (mut sum, mut entries, mut next) = (0, 0, String::new());
        loop {
            let path = format!("/stock/movements?sku={sku}&place={place}&limit={PAGE}{next}");
            let page = match self.staff("GET", &path, None)? {
                Ok(page) => page,
                Err(refusal) => return Ok(Err(refusal)),
            };
            for row in rows(&page) {
                entries += 1;
                let kind = row["kind"].as_str().unwrap_or_default();
                if !["quarantine", "release", "in_transit"].contains(&kind) {
                    sum += row["quantity"].as_i64().unwrap_or_default();
                }
            }
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => return Ok(Ok(json!({ "sum": sum, "entries": entries }))),
            }
        }
    }

    pub(super) fn availability(&self, article: &str, channel: Option<&str>) -> Answer {
        let sku = self.id(Kind::Article, article)?;
        let seen_by = channel.map_or_else(String::new, |channel| format!("&channel={channel}"));
        let found = self.staff("GET", &format!("/availability?sku={sku}{seen_by}"), None)?;
        Ok(found.map(|page| {
            let all = rows(&page).first().cloned().unwrap_or_default();
            let mut places = json!({});
            for name in self.names_of(Kind::Place) {
                places[name] = json!(0);
            }
            for place in list(&all["places"]) {
                places[self.name(Kind::Place, &place["place_id"])] = place["available"].clone();
            }
            json!({ "total": all["total"], "online": all["online"], "places": places })
        }))
    }

    pub(super) fn search(&self, article: &str) -> Answer {
        let code = format!("{}-{article}", self.tag);
        let sku = self.named(Kind::Article, article)?;
        let found = self.shopper("GET", &format!("/search/products?q={code}"), None)?;
        Ok(found.map(|page| {
            let hit = rows(&page).iter().find(|hit| hit["id"] == *sku.other);
            let state = hit.map_or(Value::Null, |hit| hit["availability"]["state"].clone());
            json!({ "found": hit.is_some(), "availability": state })
        }))
    }

    /// Differences in articles of this case; other cases are at work.
    pub(super) fn books(&self) -> Answer {
        let found = self.staff("GET", "/stock/drift", None)?;
        let mut skus = Vec::new();
        for article in self.names_of(Kind::Article) {
            skus.push(json!(self.id(Kind::Article, &article)?));
        }
        Ok(found.map(|report| {
            let ours = rows(&report).iter().filter(|row| skus.contains(&row["sku_id"]));
            json!({ "differences": ours.count() })
        }))
    }
}
