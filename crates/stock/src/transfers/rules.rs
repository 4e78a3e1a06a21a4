//! Decisions about transfers: no clock, no I/O.

use base::{Error, PlaceId, Result, SkuId, codes};

use super::model::{
    Outcome, Received, Settled, StepLine, Stored, TransferLine, TransferQuantity, TransferState,
};
use crate::error::{TRANSFER_MORE_THAN_SENT, TRANSFER_NOTHING, TRANSFER_REASON_NEEDED};
use crate::model::{Key, MovementKind, QUANTITY_MAX, out_of_range};
use crate::rules::{Change, Entry};

/// The most lines a transfer may have: those of a hold.
pub(crate) const LINES_MAX: usize = 200;

/// An entry of the ledger and why it is there.
pub(crate) type Because = (Entry, Option<&'static str>);

/// Lines that can be meant, those of one SKU taken together, in SKU order.
pub(crate) fn merged(lines: &[TransferQuantity]) -> Result<Vec<TransferQuantity>> {
    if lines.is_empty() || lines.len() > LINES_MAX {
        return Err(out_of_range("lines", 1, LINES_MAX as i64));
    }
    for (at, line) in lines.iter().enumerate() {
        crate::model::check_quantity(&format_args!("lines[{at}].quantity"), line.quantity)?;
    }
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(|line| line.sku_id);
    let mut out: Vec<TransferQuantity> = Vec::with_capacity(sorted.len());
    for line in sorted {
        match out.last_mut().filter(|last| last.sku_id == line.sku_id) {
            // At most 200 lines of at most 10^9, so the sum fits.
            Some(last) => last.quantity += line.quantity,
            None => out.push(line),
        }
    }
    Ok(out)
}

/// Sets one figure of the lines: those named get theirs, the others nothing; all get their most when none are
/// named. Never more than the most, and something in all.
pub(crate) fn choose(
    lines: &mut [TransferLine],
    chosen: &[TransferQuantity],
    most: fn(&TransferLine) -> i64,
    figure: fn(&mut TransferLine) -> &mut i64,
) -> Result<()> {
    for (at, choice) in chosen.iter().enumerate() {
        let line = lines.iter().find(|line| line.sku_id == choice.sku_id);
        let most = line
            .map(most)
            .ok_or_else(|| Error::not_found("sku", choice.sku_id))?;
        if !(0..=most).contains(&choice.quantity) {
            return Err(out_of_range(&format!("lines[{at}].quantity"), 0, most));
        }
    }
    for line in lines.iter_mut() {
        let named = chosen.iter().rev().find(|choice| choice.sku_id == line.sku_id);
        let quantity = match named {
            Some(choice) => choice.quantity,
            None if chosen.is_empty() => most(line),
            None => 0,
        };
        *figure(line) = quantity;
    }
    if lines.iter_mut().all(|line| *figure(line) == 0) {
        return Err(Error::new(&TRANSFER_NOTHING));
    }
    Ok(())
}

/// The goods leave: off the sender's book, onto the road of the place they head for.
pub(crate) fn shipped(sku: SkuId, from: PlaceId, to: PlaceId, quantity: i64) -> [Entry; 2] {
    let out = Change {
        on_hand: -quantity,
        reserved: -quantity,
        ..Change::default()
    };
    [
        Entry {
            key: Key::new(sku, from),
            kind: MovementKind::TransferOut,
            change: out,
        },
        road(sku, to, quantity),
    ]
}

fn road(sku: SkuId, place: PlaceId, quantity: i64) -> Entry {
    let change = Change {
        in_transit: quantity,
        ..Change::default()
    };
    Entry {
        key: Key::new(sku, place),
        kind: MovementKind::InTransit,
        change,
    }
}

/// Pieces that come off the road, good to sell or set aside.
fn arrives(sku: SkuId, place: PlaceId, quantity: i64, broken: bool) -> Entry {
    let change = Change {
        on_hand: quantity,
        quarantined: if broken { quantity } else { 0 },
        in_transit: -quantity,
        ..Change::default()
    };
    Entry {
        key: Key::new(sku, place),
        kind: MovementKind::TransferIn,
        change,
    }
}

/// What a receipt does: nothing named means that everything arrived.
pub(crate) fn received(transfer: &mut Stored, found: &[Received]) -> Result<(Vec<Because>, Vec<StepLine>)> {
    let place = transfer.heading();
    for (at, one) in found.iter().enumerate() {
        let line = transfer.lines.iter().find(|line| line.sku_id == one.sku_id);
        let line = line.ok_or_else(|| Error::not_found("sku", one.sku_id))?;
        let figures = [("arrived", one.arrived), ("damaged", one.damaged)];
        if let Some((figure, _)) = figures.iter().find(|(_, n)| !(0..=QUANTITY_MAX).contains(n)) {
            return Err(out_of_range(
                &format!("lines[{at}].{figure}"),
                0,
                line.on_the_road,
            ));
        }
        if one.arrived + one.damaged > line.on_the_road {
            return Err(Error::new(&TRANSFER_MORE_THAN_SENT)
                .with("sku_id", one.sku_id.to_string())
                .with("sent", line.on_the_road)
                .with("arrived", one.arrived + one.damaged));
        }
        if found[..at].iter().any(|other| other.sku_id == one.sku_id) {
            let error = Error::field(format!("lines[{at}].sku_id"), &codes::MALFORMED);
            return Err(error.with("reason", "twice"));
        }
    }
    let (mut entries, mut told) = (Vec::new(), Vec::new());
    for line in &mut transfer.lines {
        let named = found.iter().find(|one| one.sku_id == line.sku_id);
        let (arrived, damaged, reason) = match named {
            Some(one) => (one.arrived, one.damaged, one.reason),
            None if found.is_empty() => (line.on_the_road, 0, None),
            None => (0, 0, None),
        };
        let missing = line.on_the_road - arrived - damaged;
        if missing > 0 && reason.is_none() {
            return Err(Error::new(&TRANSFER_REASON_NEEDED)
                .with("sku_id", line.sku_id.to_string())
                .with("missing", missing));
        }
        if missing > 0 {
            line.reason = reason;
        }
        line.arrived += arrived;
        line.damaged += damaged;
        line.on_the_road = missing;
        // What does not arrive with the rest is promised no more: its order looks elsewhere.
        line.promised = line.promised.min(arrived);
        for (quantity, what) in [(arrived, None), (damaged, Some("damaged"))] {
            if quantity > 0 {
                let mut entry = arrives(line.sku_id, place, quantity, what.is_some());
                if what.is_none() {
                    entry.change.reserved = line.promised;
                }
                entries.push((entry, what));
                told.push(StepLine::new(line.sku_id, quantity, what));
            }
        }
        if missing > 0 {
            told.push(StepLine::new(line.sku_id, missing, Some("missing")));
        }
    }
    Ok((entries, told))
}

/// What accounting for missing pieces does.
pub(crate) fn settled(transfer: &mut Stored, found: &[Settled]) -> Result<(Vec<Because>, Vec<StepLine>)> {
    if found.is_empty() || found.len() > LINES_MAX * 4 {
        return Err(out_of_range("lines", 1, LINES_MAX as i64 * 4));
    }
    let (heading, from) = (transfer.heading(), transfer.from);
    let (mut entries, mut told) = (Vec::new(), Vec::new());
    for (at, one) in found.iter().enumerate() {
        let line = transfer.line_mut(one.sku_id);
        let line = line.ok_or_else(|| Error::not_found("sku", one.sku_id))?;
        if !(1..=line.on_the_road).contains(&one.quantity) {
            return Err(out_of_range(
                &format!("lines[{at}].quantity"),
                1,
                line.on_the_road,
            ));
        }
        line.on_the_road -= one.quantity;
        let why = Some(one.outcome.as_str());
        match one.outcome {
            Outcome::Found => {
                line.arrived += one.quantity;
                entries.push((arrives(one.sku_id, heading, one.quantity, false), why));
            }
            Outcome::Damaged => {
                line.damaged += one.quantity;
                entries.push((arrives(one.sku_id, heading, one.quantity, true), why));
            }
            Outcome::Lost => {
                line.lost += one.quantity;
                entries.push((road(one.sku_id, heading, -one.quantity), why));
            }
            // What comes back to its sender cannot have stayed there.
            Outcome::NeverLeft if heading == from => {
                let error = Error::field(format!("lines[{at}].outcome"), &codes::MALFORMED);
                return Err(error.with("reason", "never_left"));
            }
            Outcome::NeverLeft => {
                line.kept += one.quantity;
                entries.push((road(one.sku_id, heading, -one.quantity), why));
                let back = Entry::on_hand(Key::new(one.sku_id, from), MovementKind::TransferIn, one.quantity);
                entries.push((back, why));
            }
        }
        told.push(StepLine::new(one.sku_id, one.quantity, why));
    }
    Ok((entries, told))
}

/// Takes promises back, all of them when no pieces are named; answers what was taken back. What has not been packed is
/// not sent either.
pub(crate) fn unbound(transfer: &mut Stored, pieces: Option<&[(SkuId, i64)]>) -> Vec<(SkuId, i64)> {
    let mut given = Vec::new();
    let is_packed = transfer.state != TransferState::Approved;
    for line in &mut transfer.lines {
        let wanted = pieces.map(|pieces| {
            let of = pieces.iter().filter(|(sku, _)| *sku == line.sku_id);
            of.map(|(_, quantity)| *quantity).sum::<i64>()
        });
        let quantity = wanted.unwrap_or(line.promised).min(line.promised);
        if quantity <= 0 {
            continue;
        }
        line.promised -= quantity;
        if !is_packed {
            line.approved -= quantity;
        }
        given.push((line.sku_id, quantity));
    }
    given
}

/// The state after pieces came off the road.
pub(crate) fn after_arrival(transfer: &Stored) -> Result<TransferState> {
    let open = transfer.lines.iter().any(|line| line.on_the_road > 0);
    let to = match (transfer.state, open) {
        (TransferState::Shipped, true) => TransferState::Short,
        (TransferState::Shipped | TransferState::Short, false) => TransferState::Received,
        (TransferState::Returning, true) => TransferState::ReturnShort,
        (TransferState::Returning | TransferState::ReturnShort, false) => TransferState::Returned,
        // Some are still missing: nothing changes but the figures.
        (state @ (TransferState::Short | TransferState::ReturnShort), true) => return Ok(state),
        (state, _) => state.step(TransferState::Received)?,
    };
    transfer.state.step(to)
}

/// Goods on the road turn around.
pub(crate) fn turned_back(transfer: &Stored) -> Vec<Because> {
    let on_the_road = transfer.lines.iter().filter(|line| line.on_the_road > 0);
    on_the_road
        .flat_map(|line| {
            [
                (
                    road(line.sku_id, transfer.to, -line.on_the_road),
                    Some("turned_back"),
                ),
                (
                    road(line.sku_id, transfer.from, line.on_the_road),
                    Some("turned_back"),
                ),
            ]
        })
        .collect()
}

/// Goods on the road are given up.
pub(crate) fn written_off(transfer: &mut Stored) -> Vec<Because> {
    let place = transfer.heading();
    let mut entries = Vec::new();
    for line in &mut transfer.lines {
        let gone = std::mem::take(&mut line.on_the_road);
        if gone > 0 {
            line.lost += gone;
            entries.push((road(line.sku_id, place, -gone), Some("written_off")));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use base::{Time, TransferId};

    use super::super::model::ShortReason;
    use super::*;
    use crate::error::TRANSFER_ILLEGAL_STEP;

    fn line(picked: i64) -> TransferLine {
        TransferLine {
            sku_id: SkuId::new(),
            requested: picked,
            approved: picked,
            picked,
            arrived: 0,
            damaged: 0,
            lost: 0,
            kept: 0,
            on_the_road: picked,
            promised: 0,
            reason: None,
        }
    }

    fn on_its_way(lines: Vec<TransferLine>) -> Stored {
        Stored {
            id: TransferId::new(),
            from: PlaceId::new(),
            to: PlaceId::new(),
            state: TransferState::Shipped,
            hold_id: None,
            bound: None,
            news_at: None,
            due_at: None,
            note: None,
            requested_by: "anna".into(),
            requested_at: Time::from_seconds(0),
            updated_at: Time::from_seconds(0),
            version: 1,
            lines,
        }
    }

    #[test]
    fn every_state_ends_and_none_goes_back() {
        for state in TransferState::ALL {
            assert_eq!(TransferState::parse(state.as_str()).unwrap(), state);
            for next in TransferState::ALL {
                match state.step(next) {
                    Ok(_) => assert!(state.exits().contains(&next)),
                    Err(error) => assert!(error.is(&TRANSFER_ILLEGAL_STEP)),
                }
            }
            // No way leads around in a circle.
            let mut reach = state.exits().to_vec();
            for _ in TransferState::ALL {
                reach = reach.iter().flat_map(|s| s.exits().to_vec()).collect();
            }
            assert!(reach.is_empty(), "{state}");
        }
    }

    #[test]
    fn a_partial_receipt_says_why() {
        let mut transfer = on_its_way(vec![line(10)]);
        let sku = transfer.lines[0].sku_id;
        let found = |arrived, damaged, reason| {
            [Received {
                sku_id: sku,
                arrived,
                damaged,
                reason,
            }]
        };
        let refusal = |transfer: &mut Stored, found: &[Received]| received(transfer, found).unwrap_err();
        assert!(refusal(&mut transfer.clone(), &found(11, 0, None)).is(&TRANSFER_MORE_THAN_SENT));
        assert!(refusal(&mut transfer.clone(), &found(9, 2, None)).is(&TRANSFER_MORE_THAN_SENT));
        assert!(refusal(&mut transfer.clone(), &found(8, 0, None)).is(&TRANSFER_REASON_NEEDED));
        let found = found(7, 1, Some(ShortReason::NotPacked));
        let (entries, _) = received(&mut transfer, &found).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(transfer.lines[0].on_the_road, 2);
        transfer.state = after_arrival(&transfer).unwrap();
        assert_eq!(transfer.state, TransferState::Short);

        let settle = |outcome, quantity| Settled {
            sku_id: sku,
            quantity,
            outcome,
        };
        settled(&mut transfer, &[settle(Outcome::Lost, 1)]).unwrap();
        assert_eq!(after_arrival(&transfer).unwrap(), TransferState::Short);
        assert!(settled(&mut transfer.clone(), &[settle(Outcome::Found, 2)]).is_err());
        settled(&mut transfer, &[settle(Outcome::NeverLeft, 1)]).unwrap();
        assert_eq!(after_arrival(&transfer).unwrap(), TransferState::Received);
        let line = &transfer.lines[0];
        assert_eq!(
            line.arrived + line.damaged + line.lost + line.kept,
            line.picked,
            "{line:?}"
        );
    }

    #[test]
    fn what_is_promised_is_kept_as_far_as_it_arrives() {
        for (promised, arrived, kept) in [(4, 10, 4), (10, 7, 7), (0, 10, 0), (3, 0, 0)] {
            let mut transfer = on_its_way(vec![line(10)]);
            transfer.lines[0].promised = promised;
            let found = [Received {
                sku_id: transfer.lines[0].sku_id,
                arrived,
                damaged: 0,
                reason: Some(ShortReason::Unknown),
            }];
            let (entries, _) = received(&mut transfer, &found).unwrap();
            let reserved: i64 = entries.iter().map(|(entry, _)| entry.change.reserved).sum();
            assert_eq!((reserved, transfer.lines[0].promised), (kept, kept));
        }
    }

    #[test]
    fn choosing_nothing_or_too_much_is_refused() {
        let mut lines = vec![line(3), line(2)];
        let first = lines[0].sku_id;
        let pick = |lines: &mut [TransferLine], quantity| {
            let chosen = [TransferQuantity {
                sku_id: first,
                quantity,
            }];
            choose(lines, &chosen, |l| l.approved, |l| &mut l.picked)
        };
        assert!(pick(&mut lines, 4).is_err());
        assert!(pick(&mut lines, 0).unwrap_err().is(&TRANSFER_NOTHING));
        pick(&mut lines, 2).unwrap();
        assert_eq!((lines[0].picked, lines[1].picked), (2, 0));
        choose(&mut lines, &[], |l| l.approved, |l| &mut l.picked).unwrap();
        assert_eq!((lines[0].picked, lines[1].picked), (3, 2));
    }
}
