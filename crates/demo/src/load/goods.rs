//! Goods in motion on the demo's own day: on the road, expected, being counted, told of by readers; and gift cards.
//!
//! Done by the people of the cast, by the steps they would take on a screen, each once however often a load is taken
//! up again.

use std::sync::Arc;
use std::time::Duration;

use base::{Actor, Ctx, Currency, IdempotencyKey, Money, PlaceId, Result, SkuId, StaffId, Time};
use db::Reader;
use epcis::Behaviour;
use payments::{GiftNew, GiftSource};
use serde_json::json;
use stock::{
    CountWish, Counted, NewCount, NewSupply, NewTransfer, PresaleMode, Received, ShortReason, Supply,
    SupplyArrival, SupplyChange, SupplyKind, SupplyQuantity, Transfer, TransferQuantity,
};

use super::House;
use super::people::in_both;
use crate::chain::Chain;
use crate::data::{makeup, skincare};
use crate::staff::Cast;
use crate::stories::{HUBIN, QINGCHUN, QUEUE_STORE};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Pieces of a parcel to a store, and of a pallet from a supplier.
const PARCEL: i64 = 8;
const PALLET: i64 = 96;

/// Writes it all.
pub(super) async fn write(house: &House, chain: &Arc<Chain>, staff: &[StaffId]) -> Result<()> {
    let now = house.db.read(async |reader: &Reader| Ok(reader.now())).await?;
    let desk = Desk {
        house,
        chain,
        staff,
        now,
        skus: by_plenty(chain),
    };
    desk.transfers().await?;
    desk.supplies().await?;
    desk.counts().await?;
    desk.gift_cards().await?;
    desk.readings().await
}

struct Desk<'a> {
    house: &'a House,
    chain: &'a Chain,
    staff: &'a [StaffId],
    now: Time,
    /// SKUs no story is told of, the most plentiful in Hubin's warehouse first.
    skus: Vec<usize>,
}

/// The stories count the pieces of two products; the others, those the warehouse has most of first.
fn by_plenty(chain: &Chain) -> Vec<usize> {
    let warehouse = chain.places[HUBIN].supplied_by;
    let told = [makeup::WISHED_LIPSTICK, skincare::LEAKING_SERUM];
    let mut skus: Vec<usize> = (0..chain.skus.len())
        .filter(|sku| !told.contains(&chain.products[chain.skus[*sku].product].code))
        .collect();
    skus.sort_by_key(|sku| (std::cmp::Reverse(free(chain, warehouse, *sku)), *sku));
    skus
}

fn free(chain: &Chain, place: usize, sku: usize) -> i64 {
    let level = &chain.levels[place * chain.skus.len() + sku];
    level.on_hand - level.reserved - level.quarantined - level.safety_stock
}

impl Desk<'_> {
    /// Somebody of the cast takes a step, once.
    fn by(&self, who: usize, step: &str) -> Ctx {
        let mut ctx = Ctx::system("demo");
        ctx.actor = Actor::Staff(self.staff[who]);
        ctx.with_idempotency(Some(IdempotencyKey {
            key: format!("demo.{step}").into(),
            fingerprint: "demo".into(),
        }))
    }

    fn place(&self, index: usize) -> PlaceId {
        self.chain.places[index].id
    }

    fn warehouse(&self) -> usize {
        self.chain.places[HUBIN].supplied_by
    }

    fn sku(&self, index: usize) -> SkuId {
        self.chain.skus[index].id
    }

    // ---- transfers ---------------------------------------------------------------------------------------------

    /// One on the road, one that arrived short, one that waits for somebody to agree.
    async fn transfers(&self) -> Result<()> {
        let note = in_both("周末活动备货", "Stock for the weekend");
        let lines = self.parcel(&self.skus[..3.min(self.skus.len())]);
        self.send("weekend", HUBIN, lines, note).await?;

        let lines = self.parcel(&self.skus[3.min(self.skus.len())..5.min(self.skus.len())]);
        let note = in_both("补齐畅销色号", "Best-selling shades");
        let sent = self.send("shades", QINGCHUN, lines, note).await?;
        let arrived = sent.lines.iter().enumerate().map(|(nth, line)| {
            let short = i64::from(nth == 0);
            Received {
                sku_id: line.sku_id,
                arrived: line.picked - 2 * short,
                damaged: short,
                reason: (short > 0).then_some(ShortReason::NotPacked),
            }
        });
        let ctx = self.by(Cast::MANAGER, "shades.receive");
        let stock = &self.house.stock;
        stock
            .transfer_receive(&ctx, sent.summary.id, arrived.collect(), None)
            .await?;

        let spare = self.skus.iter().find(|sku| free(self.chain, HUBIN, **sku) >= 3);
        if let Some(sku) = spare {
            let wish = NewTransfer {
                from_place_id: self.place(HUBIN),
                to_place_id: self.place(QUEUE_STORE),
                lines: vec![TransferQuantity {
                    sku_id: self.sku(*sku),
                    quantity: 2,
                }],
                note: Some(in_both("顾客预约到店试用", "A customer comes to try it")),
            };
            let ctx = self.by(Cast::SHANGHAI_ASSOCIATE, "try.request");
            stock.transfer_request(&ctx, wish).await?;
        }
        Ok(())
    }

    /// Lines of what the warehouse can spare.
    fn parcel(&self, skus: &[usize]) -> Vec<TransferQuantity> {
        let spared = |sku: &usize| PARCEL.min(free(self.chain, self.warehouse(), *sku) / 2).max(1);
        skus.iter()
            .map(|sku| TransferQuantity {
                sku_id: self.sku(*sku),
                quantity: spared(sku),
            })
            .collect()
    }

    /// Asked for by a store, agreed to, packed and sent by the warehouse.
    async fn send(
        &self,
        name: &str,
        to: usize,
        lines: Vec<TransferQuantity>,
        note: String,
    ) -> Result<Transfer> {
        let stock = &self.house.stock;
        let step = |step: &str| format!("{name}.{step}");
        let wish = NewTransfer {
            from_place_id: self.place(self.warehouse()),
            to_place_id: self.place(to),
            lines: lines.clone(),
            note: Some(note),
        };
        let asked = stock
            .transfer_request(&self.by(Cast::MANAGER, &step("request")), wish)
            .await?;
        let id = asked.summary.id;
        let ctx = self.by(Cast::SUPPLY, &step("approve"));
        stock.transfer_approve(&ctx, id, lines.clone()).await?;
        let ctx = self.by(Cast::SUPPLY, &step("pick"));
        stock.transfer_pick(&ctx, id, lines).await?;
        let ctx = self.by(Cast::SUPPLY, &step("ship"));
        stock.transfer_ship(&ctx, id, None).await
    }

    // ---- expected supply ---------------------------------------------------------------------------------------

    /// An order on its way in time, one that slipped, one of which half has come; and what is sold ahead of it.
    async fn supplies(&self) -> Result<()> {
        let scarce: Vec<usize> = self.skus.iter().rev().take(8).copied().collect();
        let Some((first, rest)) = scarce.split_at_checked(4) else {
            return Ok(());
        };
        let (second, third) = rest.split_at(2);
        self.expect(SupplyKind::PurchaseOrder, "PO-1142", 3 * DAY, first)
            .await?;

        let slipped = self
            .expect(SupplyKind::PurchaseOrder, "PO-1137", 2 * DAY, second)
            .await?;
        let later = SupplyChange {
            due_at: Some(self.now.after(6 * DAY)),
            note: Some(in_both("供应商推迟发货", "The supplier ships later")),
            ..SupplyChange::default()
        };
        let ctx = self.by(Cast::SUPPLY, "po-1137.later");
        let stock = &self.house.stock;
        stock.supply_change(&ctx, slipped.summary.id, later).await?;

        let coming = self
            .expect(SupplyKind::ShippingNotice, "ASN-20871", DAY, third)
            .await?;
        let some = SupplyArrival {
            lines: vec![SupplyQuantity {
                sku_id: self.sku(third[0]),
                quantity: PALLET / 2,
            }],
            ..SupplyArrival::default()
        };
        let ctx = self.by(Cast::SUPPLY, "asn-20871.some");
        stock.supply_receive(&ctx, coming.summary.id, some).await?;

        let ctx = self.by(Cast::SUPPLY, "backorder");
        let sku = self.sku(first[0]);
        stock
            .presale_set(&ctx, sku, PresaleMode::Backorder, PALLET / 4)
            .await?;
        Ok(())
    }

    /// What a supplier brings to Hubin's warehouse.
    async fn expect(
        &self,
        kind: SupplyKind,
        reference: &str,
        within: Duration,
        skus: &[usize],
    ) -> Result<Supply> {
        let lines = skus.iter().map(|sku| SupplyQuantity {
            sku_id: self.sku(*sku),
            quantity: PALLET,
        });
        let new = NewSupply {
            kind,
            reference: reference.to_owned(),
            place_id: self.place(self.warehouse()),
            due_at: self.now.after(within),
            lines: lines.collect(),
            note: None,
        };
        let ctx = self.by(Cast::SUPPLY, reference);
        self.house.stock.supply_enter(&ctx, new).await
    }

    // ---- counts ------------------------------------------------------------------------------------------------

    /// A blind one half done, one that waits for somebody to agree, one that was posted.
    async fn counts(&self) -> Result<()> {
        self.count("begun", HUBIN, Cast::ASSOCIATE, true, |_| 0, false)
            .await?;
        let gone = |nth| if nth == 0 { 7 } else { 0 };
        self.count("review", HUBIN, Cast::MANAGER, false, gone, true)
            .await?;
        let gone = |nth| i64::from(nth == 1);
        self.count("posted", QUEUE_STORE, Cast::SHANGHAI_ASSOCIATE, false, gone, true)
            .await
    }

    /// Counts six articles of a store, or half of them, and finds some gone.
    async fn count(
        &self,
        name: &str,
        place: usize,
        who: usize,
        blind: bool,
        gone: impl Fn(usize) -> i64,
        whole: bool,
    ) -> Result<()> {
        let level = |sku: usize| &self.chain.levels[place * self.chain.skus.len() + sku];
        // What waits for customers may lie elsewhere.
        let still = |sku: &usize| level(*sku).on_hand > 0 && level(*sku).reserved == 0;
        let mut skus: Vec<usize> = self.skus.iter().copied().filter(still).collect();
        skus.sort_by_key(|sku| (std::cmp::Reverse(level(*sku).on_hand), *sku));
        skus.truncate(6);
        if skus.len() < 2 {
            return Ok(());
        }
        let step = |step: &str| self.by(who, &format!("count.{name}.{step}"));
        let (stock, flows) = (&self.house.stock, &self.house.flows);
        let wish = NewCount {
            place_id: self.place(place),
            wish: CountWish::Skus(skus.iter().map(|sku| self.sku(*sku)).collect()),
            blind,
            note: None,
        };
        let count = stock.count_create(&step("begin"), wish).await?;
        let seen = if whole { skus.len() } else { skus.len() / 2 };
        let found = skus[..seen].iter().enumerate().map(|(nth, sku)| Counted {
            sku_id: self.sku(*sku),
            counted: (level(*sku).on_hand - level(*sku).quarantined - gone(nth)).max(0),
        });
        flows.count_take(&step("take"), count.id, found.collect()).await?;
        if whole {
            stock
                .count_submit(&step("submit"), count.id, Vec::new(), false)
                .await?;
        }
        Ok(())
    }

    // ---- gift cards --------------------------------------------------------------------------------------------

    async fn gift_cards(&self) -> Result<()> {
        let cards = [
            (
                "sold",
                5,
                20_000,
                GiftSource::Terminal,
                "双十一企业团购",
                "Company order",
            ),
            (
                "given",
                2,
                5_000,
                GiftSource::Goodwill,
                "泵头漏液致歉",
                "With our apologies",
            ),
        ];
        for (name, count, amount, source, zh, en) in cards {
            let new = GiftNew {
                count,
                amount: Money::new(amount, Currency::CNY),
                source,
                expires_at: Some(self.now.after(3 * 365 * DAY)),
                note: Some(in_both(zh, en)),
            };
            let ctx = self.by(Cast::HEAD_OFFICE, &format!("gift.{name}"));
            self.house.payments.gift_card_issue(&ctx, new).await?;
        }
        Ok(())
    }

    // ---- tag events --------------------------------------------------------------------------------------------

    /// Single pieces leave the warehouse in a carton and are seen in Hubin; one of them is sold.
    async fn readings(&self) -> Result<()> {
        let Some(sku) = self.skus.first() else {
            return Ok(());
        };
        let pieces: Vec<String> = (1..=6)
            .map(|serial| sgtin(&self.chain.skus[*sku].barcode, serial))
            .collect();
        let carton = "urn:epc:id:sscc:6901234.0000000117";
        let told = |kind: &str, action: &str, step: &str, place: usize, before: Duration| {
            json!({
                "type": kind, "action": action, "bizStep": step,
                "eventTime": self.now.before(before).to_string(), "eventTimeZoneOffset": "+08:00",
                "readPoint": {"id": format!("urn:storeloop:place:{}", self.chain.places[place].code)},
            })
        };
        let with = |mut event: serde_json::Value, name: &str, value: serde_json::Value| {
            event[name] = value;
            event
        };
        let packed = told("AggregationEvent", "ADD", "packing", self.warehouse(), 26 * HOUR);
        let events = vec![
            with(
                with(packed, "parentID", json!(carton)),
                "childEPCs",
                json!(pieces),
            ),
            with(
                told("ObjectEvent", "OBSERVE", "shipping", self.warehouse(), 25 * HOUR),
                "epcList",
                json!([carton]),
            ),
            with(
                told("ObjectEvent", "OBSERVE", "receiving", HUBIN, 3 * HOUR),
                "epcList",
                json!(pieces),
            ),
            with(
                told("ObjectEvent", "OBSERVE", "retail_selling", HUBIN, HOUR),
                "epcList",
                json!(pieces[..1]),
            ),
        ];
        let ctx = self.by(Cast::SUPPLY, "readings");
        self.house
            .epcis
            .capture(&ctx, "EPCISDocument", events, Behaviour::Rollback)
            .await?;
        Ok(())
    }
}

/// The name of one piece (GS1 Tag Data Standard, SGTIN) of an article with an EAN-13 whose company has seven digits.
fn sgtin(ean: &str, serial: u32) -> String {
    let (company, item) = (
        ean.get(..7).unwrap_or_default(),
        ean.get(7..12).unwrap_or_default(),
    );
    format!("urn:epc:id:sgtin:{company}.0{item}.{serial}")
}
