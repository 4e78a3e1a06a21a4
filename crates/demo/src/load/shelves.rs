//! Writes the stock books, one place a unit: so every balance is touched, and announced, once.

use std::sync::Arc;

use base::{Ctx, Result};
use db::Tx;
use stock::{HoldLine, HoldRequest, Key, Leave, MovementKind, MovementRow, NewMovement, Stock};

use super::trade::{Holds, awaits_payment};
use super::{House, Part, Report, ranges};
use crate::calendar::Seconds;
use crate::chain::{self, Chain, Level, Movement, Order, Source};
use crate::ledger::ON_ITS_WAY_SECONDS;

const HOLDS_A_UNIT: usize = 500;

/// Writes ledger, safety stock, what is set aside and what is on its way; then keeps goods for open orders.
pub(super) async fn write(house: &House, ctx: &Ctx, chain: &Arc<Chain>, report: Report<'_>) -> Result<Holds> {
    let mut by_place: Vec<Vec<usize>> = vec![Vec::new(); chain.places.len()];
    for (index, movement) in chain.movements.iter().enumerate() {
        by_place[movement.place].push(index);
    }
    let mut done = 0;
    for (place, movements) in by_place.into_iter().enumerate() {
        done += movements.len();
        let (stock, ctx, unit_chain) = (house.stock.clone(), ctx.clone(), Arc::clone(chain));
        house
            .db
            .write(async move |tx: &Tx| write_place(tx, &ctx, &stock, &unit_chain, place, &movements).await)
            .await?;
        report(Part::Stock, done, chain.movements.len());
    }
    keep_goods(house, ctx, chain).await
}

async fn write_place(
    tx: &Tx,
    ctx: &Ctx,
    stock: &Stock,
    chain: &Chain,
    place: usize,
    movements: &[usize],
) -> Result<()> {
    let (mut rows, mut on_the_road) = (Vec::with_capacity(movements.len()), Vec::new());
    for movement in movements.iter().map(|index| &chain.movements[*index]) {
        if is_on_its_way(chain, movement) {
            on_the_road.push(recorded(chain, movement));
        } else {
            rows.push(imported(chain, movement));
        }
    }
    if stock.import_movements_in(tx, ctx, &rows).await? == 0 {
        // An earlier run wrote this place, all of it in one unit.
        return Ok(());
    }
    for movement in &on_the_road {
        stock.movement_record_in(tx, ctx, movement).await?;
    }
    let levels = &chain.levels[place * chain.skus.len()..(place + 1) * chain.skus.len()];
    for level in levels.iter().filter(|level| level.safety_stock > 0) {
        stock
            .safety_stock_set_in(tx, ctx, key(chain, level), level.safety_stock)
            .await?;
    }
    Ok(())
}

fn key(chain: &Chain, level: &Level) -> Key {
    Key::new(chain.skus[level.sku].id, chain.places[level.place].id)
}

/// A van of today that has not arrived.
fn is_on_its_way(chain: &Chain, movement: &Movement) -> bool {
    let Some(other) = movement.counterpart else {
        return false;
    };
    let level = &chain.levels[other * chain.skus.len() + movement.sku];
    movement.kind == chain::MovementKind::TransferOut
        && level.in_transit == -movement.quantity
        && movement.at >= chain.as_of.plus_seconds(-ON_ITS_WAY_SECONDS)
}

fn imported(chain: &Chain, movement: &Movement) -> MovementRow {
    MovementRow {
        id: Some(movement.id),
        kind: kind(movement.kind),
        sku_id: chain.skus[movement.sku].id,
        place_id: chain.places[movement.place].id,
        quantity: movement.quantity,
        reason: reason(movement).map(str::to_owned),
        source: source(chain, movement.source),
        occurred_at: movement.at,
    }
}

fn recorded(chain: &Chain, movement: &Movement) -> NewMovement {
    let (sku, place) = (chain.skus[movement.sku].id, chain.places[movement.place].id);
    NewMovement {
        to_place_id: movement.counterpart.map(|other| chain.places[other].id),
        source: source(chain, movement.source),
        reason: reason(movement).map(str::to_owned),
        occurred_at: Some(movement.at),
        ..NewMovement::new(kind(movement.kind), sku, place, movement.quantity.abs())
    }
}

/// Orders are the source of what they took, returns of what they brought back.
fn source(chain: &Chain, source: Source) -> Option<String> {
    match source {
        Source::None => None,
        Source::Order(order) => Some(chain.orders[order].id.to_string()),
        Source::Return(order) => chain.orders[order]
            .returns
            .first()
            .map(|goods| goods.id.to_string()),
    }
}

const fn reason(movement: &Movement) -> Option<&'static str> {
    match (movement.kind, movement.source) {
        (chain::MovementKind::Damage, Source::None) => Some("tester"),
        (chain::MovementKind::Damage, _) => Some("returned_damaged"),
        (chain::MovementKind::Quarantine, _) => Some("inspection"),
        (chain::MovementKind::Count, _) => Some("cycle_count"),
        _ => None,
    }
}

const fn kind(kind: chain::MovementKind) -> MovementKind {
    use chain::MovementKind as From;
    match kind {
        From::Receipt => MovementKind::Receipt,
        From::Sale => MovementKind::Sale,
        From::Return => MovementKind::Return,
        From::TransferOut => MovementKind::TransferOut,
        From::TransferIn => MovementKind::TransferIn,
        From::Count => MovementKind::Count,
        From::Damage => MovementKind::Damage,
        From::Quarantine => MovementKind::Quarantine,
        From::Release => MovementKind::Release,
    }
}

/// Holds the goods of orders that are paid and not yet with the customer or the carrier.
async fn keep_goods(house: &House, ctx: &Ctx, chain: &Arc<Chain>) -> Result<Holds> {
    let open: Vec<usize> = (0..chain.orders.len())
        .filter(|index| {
            let order = &chain.orders[*index];
            order.keeps_goods_waiting() && !awaits_payment(order)
        })
        .collect();
    let mut holds = Holds::with_capacity(open.len());
    for range in ranges(open.len(), HOLDS_A_UNIT) {
        let (unit, stock) = (open[range].to_vec(), house.stock.clone());
        let (ctx, unit_chain) = (ctx.clone(), Arc::clone(chain));
        let placed = house
            .db
            .write(async move |tx: &Tx| {
                let mut placed = Vec::with_capacity(unit.len());
                for index in &unit {
                    let request = hold_request(&unit_chain, &unit_chain.orders[*index]);
                    placed.push((*index, stock.hold_place_in(tx, &ctx, request).await?.id));
                }
                Ok(placed)
            })
            .await?;
        holds.extend(placed);
    }
    Ok(holds)
}

fn hold_request(chain: &Chain, order: &Order) -> HoldRequest {
    let place = chain.places[order.place].id;
    let lines = order
        .lines
        .iter()
        .map(|line| HoldLine::new(chain.skus[line.sku].id, place, line.quantity));
    HoldRequest {
        owner: order.id.to_string(),
        lines: lines.collect(),
        expires_at: None,
        leave: Leave::default(),
    }
}
