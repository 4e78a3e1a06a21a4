//! What is due, and what is sold of it before it is there.

use serde_json::{Value, json};

use super::view::{list, now, rfc3339, seconds_of};
use super::{CaseShop, Kind, rows};
use crate::shop::Answer;
use crate::verb::{Arrive, AtPlace, CallOff, Expect, PutOff, SellAhead};

const DAY_S: i64 = 86_400;

/// Noon of a day stays that day for as long as a case lasts.
fn in_days(days: i64) -> Result<String, String> {
    Ok(rfc3339(now()? + days * DAY_S + 60))
}

/// How many whole days it is until an instant.
pub(super) fn days_until(instant: &Value) -> Value {
    let until = instant.as_str().and_then(seconds_of).zip(now().ok());
    until.map_or(Value::Null, |(then, now)| json!((then - now).div_euclid(DAY_S)))
}

fn supply_view(supply: &Value) -> Value {
    json!({ "id": supply["id"], "state": supply["state"], "due": supply["due"] })
}

impl CaseShop<'_> {
    pub(super) fn expect(&self, supply: &Expect, name: &str) -> Answer {
        let body = json!({
            "kind": "purchase_order", "reference": format!("{} {name}", self.tag),
            "place_id": self.id(Kind::Place, &supply.at)?, "due_at": in_days(supply.in_days)?,
            "lines": self.lines(&supply.pieces.0, |_| ())?,
        });
        let made = self.staff("POST", "/stock/supplies", Some(&body))?;
        if let Ok(made) = &made {
            self.keep(Kind::Supply, name, &made["id"], &Value::Null)?;
        }
        Ok(made.map(|supply| supply_view(&supply)))
    }

    pub(super) fn put_off(&self, change: &PutOff) -> Answer {
        let path = format!("/stock/supplies/{}", self.id(Kind::Supply, &change.supply)?);
        let body = json!({ "due_at": in_days(change.in_days)? });
        let changed = self.staff("PATCH", &path, Some(&body))?;
        Ok(changed.map(|supply| supply_view(&supply)))
    }

    pub(super) fn arrive(&self, goods: &Arrive) -> Answer {
        let path = format!(
            "/stock/supplies/{}/receive",
            self.id(Kind::Supply, &goods.supply)?
        );
        let body = json!({ "lines": self.lines(&goods.pieces.0, |_| ())? });
        let received = self.staff("POST", &path, Some(&body))?;
        Ok(received.map(|supply| supply_view(&supply)))
    }

    pub(super) fn call_off(&self, of: &CallOff) -> Answer {
        let path = format!("/stock/supplies/{}/cancel", self.id(Kind::Supply, &of.supply)?);
        let body = json!({ "overriding": of.although_promised });
        let cancelled = self.staff("POST", &path, Some(&body))?;
        Ok(cancelled.map(|supply| supply_view(&supply)))
    }

    pub(super) fn sell_ahead(&self, how: &SellAhead) -> Answer {
        let path = format!("/stock/presales/{}", self.id(Kind::Article, &how.article)?);
        let body = json!({ "mode": "backorder", "cap": how.up_to });
        self.staff("PUT", &path, Some(&body))
    }

    pub(super) fn promise(&self, at: &AtPlace) -> Answer {
        let (sku, place) = (
            self.id(Kind::Article, &at.article)?,
            self.id(Kind::Place, &at.at)?,
        );
        let found = self.shopper("GET", &format!("/availability?sku={sku}&coming=true"), None)?;
        Ok(found.map(|page| {
            let all = rows(&page).first().cloned().unwrap_or_default();
            let coming = list(&all["coming"]).iter().find(|at| at["place_id"] == *place);
            let by = |by: &Value| json!({ "in_days": days_until(&by["at"]), "pieces": by["available"] });
            let Some(coming) = coming else {
                return json!({ "now": Value::Null, "by": [] });
            };
            let by: Vec<Value> = list(&coming["by_date"]).iter().map(by).collect();
            json!({ "now": coming["available"], "by": by })
        }))
    }
}
