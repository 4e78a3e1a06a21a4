//! Drift: whether balances still equal what they are the sum of.

use base::{Ctx, PlaceId, Result, SkuId, Time};
use db::{Reader, Row, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::hands::Hands;
use crate::model::Key;

/// The most differences one report lists; it counts them all.
const REPORT_MAX_ITEMS: usize = 1_000;

/// One figure of one balance that is not what its rows say.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Drift {
    /// Which SKU.
    pub sku_id: SkuId,
    /// Where.
    pub place_id: PlaceId,
    /// `on_hand`, `quarantined`, `in_transit` or `reserved`.
    pub field: String,
    /// What the ledger (for `reserved`, the holds) adds up to.
    pub ledger: i64,
    /// What the balance says.
    pub balance: i64,
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct DriftReport {
    /// How many balances differ. Anything but zero is a fault of ours.
    pub rows: i64,
    /// The differences; at most a thousand.
    pub items: Vec<Drift>,
    /// When it was checked.
    pub checked_at: Time,
}

const FIELDS: [&str; 4] = ["on_hand", "quarantined", "in_transit", "reserved"];

/// Each balance beside its sums, where they differ.
const DIFFERENCES: &str = "SELECT b.sku_id, b.place_id, b.on_hand, b.quarantined, b.in_transit, b.reserved, \
     COALESCE(m.on_hand, 0), COALESCE(m.quarantined, 0), COALESCE(m.in_transit, 0), COALESCE(h.reserved, 0) \
     FROM stock_balance b \
     LEFT JOIN (SELECT sku_id, place_id, CAST(SUM(on_hand_delta) AS BIGINT) AS on_hand, \
         CAST(SUM(quarantined_delta) AS BIGINT) AS quarantined, \
         CAST(SUM(in_transit_delta) AS BIGINT) AS in_transit \
         FROM stock_movement GROUP BY sku_id, place_id) m ON m.sku_id = b.sku_id AND m.place_id = b.place_id \
     LEFT JOIN (SELECT sku_id, place_id, CAST(SUM(outstanding) AS BIGINT) AS reserved \
         FROM stock_hold_line WHERE outstanding > 0 GROUP BY sku_id, place_id) h \
         ON h.sku_id = b.sku_id AND h.place_id = b.place_id \
     WHERE b.on_hand <> COALESCE(m.on_hand, 0) OR b.quarantined <> COALESCE(m.quarantined, 0) \
     OR b.in_transit <> COALESCE(m.in_transit, 0) OR b.reserved <> COALESCE(h.reserved, 0) \
     ORDER BY b.sku_id, b.place_id";

struct Difference {
    key: Key,
    balance: [i64; 4],
    ledger: [i64; 4],
}

fn difference(row: &Row) -> Result<Difference> {
    let figures = |from: usize| -> Result<[i64; 4]> {
        Ok([
            row.get(from)?,
            row.get(from + 1)?,
            row.get(from + 2)?,
            row.get(from + 3)?,
        ])
    };
    Ok(Difference {
        key: Key::new(row.get(0)?, row.get(1)?),
        balance: figures(2)?,
        ledger: figures(6)?,
    })
}

async fn differences(reader: &Reader) -> Result<Vec<Difference>> {
    reader
        .query(DIFFERENCES, params![])
        .await?
        .iter()
        .map(difference)
        .collect()
}

fn report(differences: &[Difference], checked_at: Time) -> DriftReport {
    let mut items = Vec::new();
    for d in differences {
        for (nth, field) in FIELDS.iter().enumerate() {
            if d.balance[nth] != d.ledger[nth] && items.len() < REPORT_MAX_ITEMS {
                items.push(Drift {
                    sku_id: d.key.sku_id,
                    place_id: d.key.place_id,
                    field: (*field).to_owned(),
                    ledger: d.ledger[nth],
                    balance: d.balance[nth],
                });
            }
        }
    }
    DriftReport {
        rows: differences.len() as i64,
        items,
        checked_at,
    }
}

/// Compares every balance with the rows it is the sum of.
pub(crate) async fn check(reader: &Reader) -> Result<DriftReport> {
    Ok(report(&differences(reader).await?, reader.now()))
}

/// Brings the balances that differ back to what their rows say; answers what it mended.
pub(crate) async fn repair(tx: &Tx, ctx: &Ctx) -> Result<DriftReport> {
    let keys: Vec<Key> = differences(tx).await?.iter().map(|d| d.key).collect();
    let mut hands = Hands::take(tx, keys).await?;
    // Compared again under the locks.
    let found = differences(tx).await?;
    for d in &found {
        if let Some(balance) = hands.now.get_mut(&d.key) {
            let [on_hand, quarantined, in_transit, reserved] = d.ledger;
            balance.on_hand = on_hand;
            balance.quarantined = quarantined.max(0);
            balance.in_transit = in_transit.max(0);
            balance.reserved = reserved;
            balance.shortfall = (balance.reserved + balance.quarantined - on_hand).max(0);
        }
    }
    hands.put(tx, ctx).await?;
    Ok(report(&found, tx.now()))
}
