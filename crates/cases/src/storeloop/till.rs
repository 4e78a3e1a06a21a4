//! What places do: pick, hand over, ship, move goods among themselves, count.

use serde_json::{Value, json};

use super::view::list;
use super::{CaseShop, Kind, rows, text};
use crate::shop::Answer;
use crate::verb::{CountFound, HandOver, MoveTransfer, NewCount, Part, Reject, Transfer};

/// States of a part in which nobody works on it any more.
const OVER: [&str; 4] = ["rejected", "cancelled", "handed_over", "delivered"];

impl CaseShop<'_> {
    /// The part of an order at a place; the last one still at work there, or else the last one.
    fn part(&self, order: &str, at: Option<&str>) -> Result<String, String> {
        let place = at.map(|at| self.id(Kind::Place, at)).transpose()?;
        let order = self.see(order)?.map_err(|refusal| refusal.said)?;
        let here = |part: &&Value| place.as_ref().is_none_or(|place| part["place_id"] == **place);
        let parts: Vec<&Value> = list(&order["fulfilments"]).iter().filter(here).collect();
        let at_work = |part: &&&Value| !OVER.contains(&part["state"].as_str().unwrap_or_default());
        let found = parts.iter().rev().find(at_work).or(parts.last());
        text(&found.ok_or("nobody serves that")?["id"])
    }

    pub(super) fn on_part(&self, part: &Part, step: &str, body: Option<&Value>) -> Answer {
        let id = self.part(&part.order, part.at.as_deref())?;
        let done = self.staff("POST", &format!("/fulfilments/{id}/{step}"), body);
        self.then_see(done, &part.order)
    }

    pub(super) fn ship(&self, part: &Part) -> Answer {
        let tracking = format!("{}{}", self.tag, part.at.as_deref().unwrap_or_default());
        let body = json!({ "carrier": "SF", "tracking_number": tracking });
        self.on_part(part, "ship", Some(&body))
    }

    pub(super) fn reject(&self, reject: &Reject) -> Answer {
        let part = Part {
            order: reject.order.clone(),
            at: reject.at.clone(),
        };
        let lines = self.parts_of(&reject.order, &reject.pieces.0)?;
        self.on_part(
            &part,
            "reject",
            Some(&json!({ "reason": reject.because, "lines": lines })),
        )
    }

    pub(super) fn hand_over(&self, hand_over: &HandOver) -> Answer {
        let named = self.named(Kind::Order, &hand_over.order)?;
        let path = format!("/orders/{}?token={}", named.id, named.other);
        let own = match self.shopper("GET", &path, None)? {
            Ok(order) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let code = own["pickup_code"].as_str().unwrap_or_default();
        // As many digits as the right one, and none of them right.
        let wrong: String = code
            .chars()
            .map(|digit| if digit == '9' { '0' } else { '9' })
            .collect();
        let mut body = json!({
            "pickup_code": if hand_over.wrong_code { &wrong } else { code }, "proxy": hand_over.proxy,
        });
        if !hand_over.missing.0.is_empty() {
            body["missing"] = json!({
                "reason": "not_in_stock", "refund": hand_over.refund_missing,
                "lines": self.parts_of(&hand_over.order, &hand_over.missing.0)?,
            });
        }
        let part = Part {
            order: hand_over.order.clone(),
            at: hand_over.at.clone(),
        };
        self.on_part(&part, "hand-over", Some(&body))
    }

    pub(super) fn pickup_checks(&self, at: &str) -> Answer {
        let path = format!("/places/{}/pickup-checks", self.id(Kind::Place, at)?);
        Ok(self.staff("GET", &path, None)?.map(|checks| {
            let row = |row: &Value| {
                json!({
                    "has_check": row["check"].as_str().is_some_and(|check| check.len() > 16),
                    "locked": row["locked_until"].is_string(), "to_pay": row["to_pay"],
                })
            };
            json!({ "waiting": rows(&checks).iter().map(row).collect::<Vec<_>>() })
        }))
    }

    pub(super) fn transfer(&self, transfer: &Transfer, name: &str) -> Answer {
        let body = json!({
            "from_place_id": self.id(Kind::Place, &transfer.from)?,
            "to_place_id": self.id(Kind::Place, &transfer.to)?,
            "lines": self.lines(&transfer.pieces.0, |_| ())?,
        });
        let made = self.staff("POST", "/stock/transfers", Some(&body))?;
        if let Ok(made) = &made {
            self.keep(Kind::Transfer, name, &made["id"], &Value::Null)?;
        }
        Ok(made.map(|transfer| transfer_view(&transfer)))
    }

    pub(super) fn sent_for(&self, order: &str, name: &str) -> Answer {
        let order = match self.see(order)? {
            Ok(order) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut ahead = list(&order["ahead"]).iter();
        let sent = ahead.find_map(|awaited| awaited["sent"]["transfer_id"].as_str());
        let id = sent.ok_or("nobody sends anything for it")?;
        self.keep(Kind::Transfer, name, &json!(id), &Value::Null)?;
        let found = self.staff("GET", &format!("/stock/transfers/{id}"), None)?;
        Ok(found.map(|transfer| {
            let mut seen = transfer_view(&transfer);
            seen["from"] = self.name(Kind::Place, &transfer["from_place_id"]).into();
            seen["to"] = self.name(Kind::Place, &transfer["to_place_id"]).into();
            seen["promised"] = transfer["promised"].clone();
            seen
        }))
    }

    pub(super) fn move_transfer(&self, go: &MoveTransfer) -> Answer {
        let id = self.id(Kind::Transfer, &go.transfer)?;
        let mut lines = self.lines(&go.pieces.0, |_| ())?;
        let body = match go.step.as_str() {
            "approve" | "pick" => json!({ "lines": lines }),
            "ship" => json!({}),
            "receive" | "settle" => {
                for line in &mut lines {
                    let quantity = line["quantity"].take();
                    *line = match go.step.as_str() {
                        "receive" => {
                            json!({ "sku_id": line["sku_id"], "arrived": quantity, "reason": go.because })
                        }
                        _ => json!({ "sku_id": line["sku_id"], "quantity": quantity, "outcome": go.because }),
                    };
                }
                json!({ "lines": lines })
            }
            "cancel" => json!({ "goods": go.because }),
            other => return Err(format!("a transfer has no step {other}")),
        };
        let done = self.staff("POST", &format!("/stock/transfers/{id}/{}", go.step), Some(&body))?;
        Ok(done.map(|transfer| transfer_view(&transfer)))
    }

    pub(super) fn count(&self, count: &NewCount, name: &str) -> Answer {
        let skus = count
            .articles
            .0
            .iter()
            .map(|article| self.id(Kind::Article, article));
        let body = json!({
            "place_id": self.id(Kind::Place, &count.at)?, "scope": "skus",
            "sku_ids": skus.collect::<Result<Vec<_>, _>>()?,
        });
        let made = self.staff("POST", "/stock/counts", Some(&body))?;
        if let Ok(made) = &made {
            self.keep(Kind::Count, name, &made["id"], &Value::Null)?;
        }
        Ok(made)
    }

    pub(super) fn count_found(&self, found: &CountFound) -> Answer {
        let path = format!("/stock/counts/{}/takes", self.id(Kind::Count, &found.count)?);
        let mut lines = self.lines(&found.pieces.0, |_| ())?;
        for line in &mut lines {
            *line = json!({ "sku_id": line["sku_id"], "counted": line["quantity"] });
        }
        let done = self.staff("POST", &path, Some(&json!({ "lines": lines })))?;
        Ok(done.map(|taken| {
            let line = |line: &Value| {
                json!({
                    "article": self.name(Kind::Article, &line["sku_id"]), "expected": line["expected"],
                    "variance": line["variance"],
                })
            };
            json!({ "lines": rows(&taken).iter().map(line).collect::<Vec<_>>() })
        }))
    }

    pub(super) fn submit_count(&self, count: &str) -> Answer {
        let path = format!("/stock/counts/{}/submit", self.id(Kind::Count, count)?);
        self.staff("POST", &path, Some(&json!({})))
    }
}

fn transfer_view(transfer: &Value) -> Value {
    let gap = |gap: &Value| json!({ "missing": gap["missing"], "because": gap["reason"] });
    json!({
        "state": transfer["state"], "on_the_road": transfer["on_the_road"],
        "gaps": list(&transfer["discrepancies"]).iter().map(gap).collect::<Vec<_>>(),
    })
}
