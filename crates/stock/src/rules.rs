//! Decisions about stock: no clock, no I/O.

use std::collections::BTreeMap;

use base::{Error, PlaceId, Result};

use crate::error::{COUNT_CONFLICT, NOT_ENOUGH, PROMISED, at, insufficient};
use crate::model::{
    Balance, HoldLine, Key, MovementKind, NewMovement, QUANTITY_MAX, Rejection, check_quantity, out_of_range,
};

/// The balances a unit of work has in its hands.
pub(crate) type Balances = BTreeMap<Key, Balance>;

/// What a change does to one balance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Change {
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) quarantined: i64,
    pub(crate) in_transit: i64,
}

/// The balance after a change. A change that leaves promises without goods is refused, unless `overriding`:
/// then the difference stands in `shortfall`.
pub(crate) fn changed(key: Key, before: Balance, change: Change, overriding: bool) -> Result<Balance> {
    let sum = |a: i64, b: i64| {
        a.checked_add(b)
            .ok_or_else(|| Error::internal("a balance would overflow"))
    };
    let on_hand = sum(before.on_hand, change.on_hand)?;
    let reserved = sum(before.reserved, change.reserved)?;
    let quarantined = sum(before.quarantined, change.quarantined)?;
    let in_transit = sum(before.in_transit, change.in_transit)?;
    if reserved < 0 {
        return Err(Error::internal(format!(
            "more would be taken from {key:?} than is reserved there"
        )));
    }
    if quarantined < 0 {
        return Err(not_enough(
            key,
            "quarantined",
            before.quarantined,
            -change.quarantined,
        ));
    }
    if in_transit < 0 {
        return Err(not_enough(
            key,
            "in_transit",
            before.in_transit,
            -change.in_transit,
        ));
    }
    let promised = sum(reserved, quarantined)?;
    let shortfall = promised.saturating_sub(on_hand).max(0);
    if shortfall > before.shortfall && !overriding {
        return Err(at(&PROMISED, key)
            .with("on_hand", on_hand)
            .with("promised", promised));
    }
    Ok(Balance {
        on_hand,
        reserved,
        quarantined,
        in_transit,
        shortfall,
        safety_stock: before.safety_stock,
        version: before.version,
    })
}

fn not_enough(key: Key, state: &str, available: i64, wanted: i64) -> Error {
    at(&NOT_ENOUGH, key)
        .with("state", state)
        .with("available", available)
        .with("wanted", wanted)
}

/// Reserves all lines or none. Of each balance so many pieces stay free.
pub(crate) fn reserve(balances: &mut Balances, lines: &[HoldLine], leave: impl Fn(Key) -> i64) -> Result<()> {
    for line in lines {
        let free = balances.get(&line.key()).map_or(0, Balance::available);
        let available = free.saturating_sub(leave(line.key()));
        if available < line.quantity {
            return Err(insufficient(line.key(), line.quantity, available));
        }
    }
    for line in lines {
        if let Some(balance) = balances.get_mut(&line.key()) {
            balance.reserved += line.quantity;
        }
    }
    Ok(())
}

/// Gives back what lines had reserved.
pub(crate) fn unreserve(balances: &mut Balances, lines: impl IntoIterator<Item = HoldLine>) -> Result<()> {
    for line in lines {
        apply(
            balances,
            line.key(),
            Change {
                reserved: -line.quantity,
                ..Change::default()
            },
            false,
        )?;
    }
    Ok(())
}

pub(crate) fn apply(balances: &mut Balances, key: Key, change: Change, overriding: bool) -> Result<()> {
    let before = balances
        .get(&key)
        .copied()
        .ok_or_else(|| Error::internal(format!("the balance {key:?} is not in the hands of this unit")))?;
    balances.insert(key, changed(key, before, change, overriding)?);
    Ok(())
}

/// One entry to write to the ledger, and what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) kind: MovementKind,
    pub(crate) change: Change,
}

impl Entry {
    pub(crate) fn on_hand(key: Key, kind: MovementKind, quantity: i64) -> Self {
        Self {
            key,
            kind,
            change: Change {
                on_hand: quantity,
                ..Change::default()
            },
        }
    }

    fn quarantined(key: Key, kind: MovementKind, quantity: i64) -> Self {
        Self {
            key,
            kind,
            change: Change {
                quarantined: quantity,
                ..Change::default()
            },
        }
    }

    /// The signed effect people read.
    pub(crate) const fn quantity(&self) -> i64 {
        match self.kind {
            MovementKind::Quarantine | MovementKind::Release => self.change.quarantined,
            MovementKind::InTransit => self.change.in_transit,
            _ => self.change.on_hand,
        }
    }
}

/// The balances a movement touches, in lock order.
pub(crate) fn keys_of(movement: &NewMovement) -> Vec<Key> {
    let mut keys = vec![movement.key()];
    if let Some(to) = destination(movement) {
        keys.push(Key::new(movement.sku_id, to));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn destination(movement: &NewMovement) -> Option<PlaceId> {
    movement
        .to_place_id
        .filter(|_| movement.kind == MovementKind::TransferOut)
}

/// Whether a movement's figures can be meant, whatever the balance.
pub(crate) fn check(movement: &NewMovement) -> Result<()> {
    match movement.kind {
        MovementKind::Adjustment => {
            let range = -QUANTITY_MAX..=QUANTITY_MAX;
            if movement.quantity == 0 || !range.contains(&movement.quantity) {
                return Err(out_of_range("quantity", -QUANTITY_MAX, QUANTITY_MAX));
            }
        }
        MovementKind::Count => {
            if !(0..=QUANTITY_MAX).contains(&movement.quantity) {
                return Err(out_of_range("quantity", 0, QUANTITY_MAX));
            }
        }
        _ => check_quantity(&"quantity", movement.quantity)?,
    }
    let required = |field: &str| Err(Error::field(field, &base::codes::REQUIRED));
    if movement.kind == MovementKind::TransferOut && movement.to_place_id.is_none() {
        return required("to_place_id");
    }
    if movement.kind == MovementKind::TransferOut && movement.to_place_id == Some(movement.place_id) {
        return Err(
            Error::field("to_place_id", &base::codes::MALFORMED).with("reason", "to_place_id = place_id")
        );
    }
    // A transfer sets goods on their way; nothing else does.
    if movement.kind == MovementKind::InTransit {
        return required("to_place_id");
    }
    if movement.overriding
        && movement
            .reason
            .as_ref()
            .is_none_or(|reason| reason.trim().is_empty())
    {
        return required("reason");
    }
    Ok(())
}

/// What a movement writes, given the balance of its place.
pub(crate) fn entries(movement: &NewMovement, balance: Balance) -> Result<Vec<Entry>> {
    let (key, quantity) = (movement.key(), movement.quantity);
    let kind = movement.kind;
    Ok(match kind {
        MovementKind::Receipt | MovementKind::Adjustment => vec![Entry::on_hand(key, kind, quantity)],
        MovementKind::Sale | MovementKind::Damage => vec![Entry::on_hand(key, kind, -quantity)],
        MovementKind::Return => {
            let quarantined = if movement.inspect { quantity } else { 0 };
            let change = Change {
                on_hand: quantity,
                quarantined,
                ..Change::default()
            };
            vec![Entry { key, kind, change }]
        }
        MovementKind::Quarantine => vec![Entry::quarantined(key, kind, quantity)],
        MovementKind::Release => vec![Entry::quarantined(key, kind, -quantity)],
        MovementKind::Count => {
            if let Some(expected) = movement.expected_on_hand
                && expected != balance.on_hand
            {
                let conflict = at(&COUNT_CONFLICT, key);
                return Err(conflict
                    .with("expected", expected)
                    .with("actual", balance.on_hand));
            }
            vec![Entry::on_hand(key, kind, quantity - balance.on_hand)]
        }
        MovementKind::TransferOut => {
            let out = Entry::on_hand(key, kind, -quantity);
            let to =
                destination(movement).ok_or_else(|| Error::internal("a transfer without destination"))?;
            let to = Key::new(movement.sku_id, to);
            if movement.arrived {
                vec![out, Entry::on_hand(to, MovementKind::TransferIn, quantity)]
            } else {
                let change = Change {
                    in_transit: quantity,
                    ..Change::default()
                };
                vec![
                    out,
                    Entry {
                        key: to,
                        kind: MovementKind::InTransit,
                        change,
                    },
                ]
            }
        }
        MovementKind::TransferIn => {
            let change = Change {
                on_hand: quantity,
                in_transit: -quantity,
                ..Change::default()
            };
            vec![Entry { key, kind, change }]
        }
        MovementKind::InTransit => return Err(Error::internal("only a transfer sets goods on their way")),
    })
}

/// What a rejected pick of `quantity` pieces says about the balance, once its own hold is given back.
/// Promises to others stay: `not_in_stock` leaves nothing to sell, `damaged` sets the pieces aside, `mismatch`
/// takes them off the book. Never more than is free.
pub(crate) fn rejected(key: Key, balance: Balance, quantity: i64, why: Rejection) -> Option<Entry> {
    let free = (balance.on_hand - balance.reserved - balance.quarantined).max(0);
    let entry = match why {
        Rejection::NotInStock => Entry::on_hand(key, MovementKind::Count, -free),
        Rejection::Damaged => Entry::quarantined(key, MovementKind::Quarantine, quantity.min(free)),
        Rejection::Mismatch => Entry::on_hand(key, MovementKind::Adjustment, -quantity.min(free)),
    };
    (entry.change != Change::default()).then_some(entry)
}

#[cfg(test)]
mod tests {
    use base::SkuId;
    use proptest::prelude::*;

    use super::*;

    fn key() -> Key {
        Key::new(SkuId::new(), PlaceId::new())
    }
    fn on_hand(on_hand: i64) -> Balance {
        Balance {
            on_hand,
            version: 1,
            ..Balance::default()
        }
    }

    #[test]
    fn more_than_there_is_is_refused() {
        let key = key();
        let mut balances = Balances::from([(key, on_hand(10))]);
        let error = reserve(
            &mut balances,
            &[HoldLine::new(key.sku_id, key.place_id, 11)],
            |_| 0,
        )
        .unwrap_err();
        assert_eq!(
            (
                error.facts()["wanted"].as_i64(),
                error.facts()["available"].as_i64()
            ),
            (Some(11), Some(10))
        );
        assert_eq!(balances[&key].reserved, 0);
    }

    #[test]
    fn safety_stock_is_kept_back() {
        let key = key();
        let balance = Balance {
            safety_stock: 3,
            ..on_hand(10)
        };
        assert_eq!(balance.available(), 7);
        let mut balances = Balances::from([(key, balance)]);
        assert!(
            reserve(
                &mut balances,
                &[HoldLine::new(key.sku_id, key.place_id, 8)],
                |_| 0
            )
            .is_err()
        );
        assert!(
            reserve(
                &mut balances,
                &[HoldLine::new(key.sku_id, key.place_id, 7)],
                |_| 0
            )
            .is_ok()
        );
    }

    proptest! {
        /// Whoever asks in whatever order, each with pieces to leave: what was given is there, nobody got what was to
        /// be left, and nobody was refused who could have been served.
        #[test]
        fn nobody_gets_what_must_stay_free(
            there in 0_i64..30,
            asked in prop::collection::vec((1_i64..6, 0_i64..12), 1..40),
        ) {
            let key = key();
            let mut balances = Balances::from([(key, on_hand(there))]);
            for (wanted, leave) in asked {
                let free = balances[&key].available();
                let line = HoldLine::new(key.sku_id, key.place_id, wanted);
                let given = reserve(&mut balances, &[line], |_| leave).is_ok();
                prop_assert_eq!(given, free - leave >= wanted);
                let left = balances[&key].available();
                prop_assert_eq!(left, if given { free - wanted } else { free });
                prop_assert!(left >= 0 && (!given || left >= leave));
            }
        }
    }

    #[test]
    fn promises_are_kept_unless_overridden() {
        let key = key();
        let before = Balance {
            reserved: 4,
            ..on_hand(5)
        };
        let change = Change {
            on_hand: -3,
            ..Change::default()
        };
        assert!(changed(key, before, change, false).unwrap_err().is(&PROMISED));
        let after = changed(key, before, change, true).unwrap();
        assert_eq!((after.on_hand, after.reserved, after.shortfall), (2, 4, 2));
        // What is short may get less short without anybody's leave.
        let receipt = Change {
            on_hand: 1,
            ..Change::default()
        };
        assert_eq!(changed(key, after, receipt, false).unwrap().shortfall, 1);
    }

    #[test]
    fn rejections_keep_the_promises_to_others() {
        let key = key();
        let balance = Balance {
            reserved: 2,
            quarantined: 1,
            ..on_hand(8)
        };
        let effect = |why| rejected(key, balance, 1, why).unwrap().change;
        assert_eq!(
            effect(Rejection::NotInStock),
            Change {
                on_hand: -5,
                ..Change::default()
            }
        );
        assert_eq!(
            effect(Rejection::Damaged),
            Change {
                quarantined: 1,
                ..Change::default()
            }
        );
        assert_eq!(
            effect(Rejection::Mismatch),
            Change {
                on_hand: -1,
                ..Change::default()
            }
        );
        let empty = Balance {
            reserved: 2,
            ..on_hand(2)
        };
        for why in [Rejection::NotInStock, Rejection::Damaged, Rejection::Mismatch] {
            assert_eq!(rejected(key, empty, 1, why), None);
        }
    }

    #[test]
    fn a_count_against_another_figure_is_refused() {
        let (a, b) = (SkuId::new(), PlaceId::new());
        let count = NewMovement {
            expected_on_hand: Some(10),
            ..NewMovement::new(MovementKind::Count, a, b, 9)
        };
        assert!(entries(&count, on_hand(9)).unwrap_err().is(&COUNT_CONFLICT));
        assert_eq!(entries(&count, on_hand(10)).unwrap()[0].quantity(), -1);
    }

    #[test]
    fn figures_nobody_can_mean_are_refused() {
        let (a, b) = (SkuId::new(), PlaceId::new());
        let check = |kind, quantity| check(&NewMovement::new(kind, a, b, quantity));
        assert!(check(MovementKind::Receipt, 0).is_err());
        assert!(check(MovementKind::Receipt, -1).is_err());
        assert!(check(MovementKind::Receipt, QUANTITY_MAX + 1).is_err());
        assert!(check(MovementKind::Adjustment, 0).is_err());
        assert!(check(MovementKind::Adjustment, -1).is_ok());
        assert!(check(MovementKind::Count, 0).is_ok());
        assert!(check(MovementKind::TransferOut, 1).is_err());
        assert!(check(MovementKind::InTransit, 1).is_err());
    }
}
