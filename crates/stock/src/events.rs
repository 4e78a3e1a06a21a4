//! What this domain announces.

use base::{CountId, HoldId, PlaceId, SkuId, SupplyId, Time, TransferId};
use serde::{Deserialize, Serialize};

use crate::model::{HoldLine, Movement};
use crate::supplies::SupplyState;
use crate::transfers::TransferState;

/// What can be promised of a SKU at a place has changed: once per balance and unit of work.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct BalanceChanged {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// Physically there.
    pub on_hand: i64,
    /// What can be promised; never below zero.
    pub available: i64,
}

/// Holds were placed: one event per unit of work, because one unit may carry hundreds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldsPlaced {
    /// The holds.
    pub holds: Vec<HoldPlaced>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Which hold.
    pub hold_id: HoldId,
    /// Whose.
    pub owner: String,
    /// Until when.
    pub expires_at: Option<Time>,
}

macro_rules! about_a_hold {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub struct $name {
            /// Which hold.
            pub hold_id: HoldId,
            /// Whose.
            pub owner: String,
            /// What of it.
            pub lines: Vec<HoldLine>,
        }

        impl bus::Event for $name {
            const KIND: &'static str = $kind;

            fn aggregate(&self) -> String {
                self.hold_id.to_string()
            }
        }
    )+};
}

about_a_hold! {
    /// A hold will not run out any more.
    HoldConfirmed = "stock.hold_confirmed.v1";
    /// Goods of a hold have gone.
    HoldCommitted = "stock.hold_committed.v1";
    /// Goods of a hold were given back.
    HoldReleased = "stock.hold_released.v1";
    /// A hold ran out. Its stock was free from that instant, whenever this is told.
    HoldExpired = "stock.hold_expired.v1";
}

/// An entry was added to the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MovementRecorded {
    /// The entry.
    #[serde(flatten)]
    pub movement: Movement,
}

/// Somebody recorded, with a reason, that less is there than was promised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShortfallRaised {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// How many are missing now.
    pub shortfall: i64,
    /// Why.
    pub reason: Option<String>,
    /// Who still holds there, oldest first: somebody must decide whom to disappoint. At most 100.
    pub owners: Vec<String>,
}

/// A count was handed in and waits for somebody to agree.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CountSubmitted {
    /// Which count.
    pub count_id: CountId,
    /// Where.
    pub place_id: PlaceId,
    /// How many lines differ from the book.
    pub differing: i64,
}

/// A count was posted: the book says what was found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CountPosted {
    /// Which count.
    pub count_id: CountId,
    /// Where.
    pub place_id: PlaceId,
    /// How many lines differed.
    pub differing: i64,
    /// Pieces that were missing.
    pub missing: i64,
    /// Pieces that were too many.
    pub surplus: i64,
}

/// Something happened to a transfer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TransferChanged {
    /// Which transfer.
    pub transfer_id: TransferId,
    /// From where.
    pub from_place_id: PlaceId,
    /// Where to.
    pub to_place_id: PlaceId,
    /// Where it stands now.
    pub state: TransferState,
}

/// Something happened to expected supply: `due_before` is there when it comes on another day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SupplyChanged {
    /// Which supply.
    pub supply_id: SupplyId,
    /// The number on its document.
    pub reference: String,
    /// Where it is due.
    pub place_id: PlaceId,
    /// Where it stands now.
    pub state: SupplyState,
    /// By when it is due now.
    pub due_at: Time,
    /// By when it was due before.
    pub due_before: Option<Time>,
    /// What it carries.
    pub skus: Vec<SkuId>,
}

impl bus::Event for SupplyChanged {
    const KIND: &'static str = "stock.supply_changed.v1";

    fn aggregate(&self) -> String {
        self.supply_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

impl bus::Event for TransferChanged {
    const KIND: &'static str = "stock.transfer_changed.v1";

    fn aggregate(&self) -> String {
        self.transfer_id.to_string()
    }
    /// The place that has to do something now, or would have had.
    fn place(&self) -> Option<PlaceId> {
        Some(match self.state {
            TransferState::Requested | TransferState::Approved | TransferState::Picked => self.from_place_id,
            TransferState::Returning | TransferState::ReturnShort => self.from_place_id,
            _ => self.to_place_id,
        })
    }
}

impl bus::Event for CountSubmitted {
    const KIND: &'static str = "stock.count_submitted.v1";

    fn aggregate(&self) -> String {
        self.count_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

impl bus::Event for CountPosted {
    const KIND: &'static str = "stock.count_posted.v1";

    fn aggregate(&self) -> String {
        self.count_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

impl bus::Event for BalanceChanged {
    const KIND: &'static str = "stock.balance_changed.v1";

    fn aggregate(&self) -> String {
        self.sku_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

impl bus::Event for HoldsPlaced {
    const KIND: &'static str = "stock.holds_placed.v1";

    fn aggregate(&self) -> String {
        self.holds
            .first()
            .map(|hold| hold.hold_id.to_string())
            .unwrap_or_default()
    }
}

impl bus::Event for MovementRecorded {
    const KIND: &'static str = "stock.movement_recorded.v1";

    fn aggregate(&self) -> String {
        self.movement.sku_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.movement.place_id)
    }
}

impl bus::Event for ShortfallRaised {
    const KIND: &'static str = "stock.shortfall_raised.v1";

    fn aggregate(&self) -> String {
        self.sku_id.to_string()
    }
    fn place(&self) -> Option<PlaceId> {
        Some(self.place_id)
    }
}

#[cfg(test)]
mod tests {
    use bus::Event;
    use serde_json::Value;

    use super::*;

    /// What was once announced can be read for ever, and is written the same way.
    fn keeps_its_form<E: Event>(fixture: &str) {
        let written: Value = serde_json::from_str(fixture).unwrap();
        let event: E = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), written, "{}", E::KIND);
        assert!(!event.aggregate().is_empty());
    }

    #[test]
    fn fixtures_of_every_kind() {
        let (sku, place) = ("sku_01jd0000000000000000000001", "plc_01jd0000000000000000000002");
        let hold = "hld_01jd0000000000000000000003";
        keeps_its_form::<BalanceChanged>(&format!(
            r#"{{"sku_id":"{sku}","place_id":"{place}","on_hand":5,"available":3}}"#
        ));
        keeps_its_form::<HoldsPlaced>(&format!(
            r#"{{"holds":[{{"hold_id":"{hold}","owner":"ord_1","expires_at":"2026-11-23T01:15:00Z"}},
                {{"hold_id":"{hold}","owner":"ord_2","expires_at":null}}]}}"#
        ));
        let about = format!(
            r#"{{"hold_id":"{hold}","owner":"ord_1",
                "lines":[{{"sku_id":"{sku}","place_id":"{place}","quantity":2}}]}}"#
        );
        keeps_its_form::<HoldConfirmed>(&about);
        keeps_its_form::<HoldCommitted>(&about);
        keeps_its_form::<HoldReleased>(&about);
        keeps_its_form::<HoldExpired>(&about);
        keeps_its_form::<MovementRecorded>(&format!(
            r#"{{"id":"mov_01jd0000000000000000000004","kind":"transfer_out","sku_id":"{sku}",
                "place_id":"{place}","quantity":-6,"reason":null,"source":"ord_1","note":null,
                "actor":"system:test","occurred_at":"2026-11-23T01:00:00Z",
                "recorded_at":"2026-11-23T01:00:01Z"}}"#
        ));
        let count = "cnt_01jd0000000000000000000005";
        keeps_its_form::<CountSubmitted>(&format!(
            r#"{{"count_id":"{count}","place_id":"{place}","differing":3}}"#
        ));
        keeps_its_form::<CountPosted>(&format!(
            r#"{{"count_id":"{count}","place_id":"{place}","differing":3,"missing":4,"surplus":1}}"#
        ));
        keeps_its_form::<TransferChanged>(&format!(
            r#"{{"transfer_id":"trf_01jd0000000000000000000006","from_place_id":"{place}",
                "to_place_id":"{place}","state":"return_short"}}"#
        ));
        keeps_its_form::<SupplyChanged>(&format!(
            r#"{{"supply_id":"spl_01jd0000000000000000000007","reference":"PO-1","place_id":"{place}",
                "state":"expected","due_at":"2026-12-13T10:00:00Z","due_before":"2026-12-03T10:00:00Z",
                "skus":["{sku}"]}}"#
        ));
        keeps_its_form::<ShortfallRaised>(&format!(
            r#"{{"sku_id":"{sku}","place_id":"{place}","shortfall":2,"reason":"flood","owners":["ord_1"]}}"#
        ));
    }
}
