//! Which pieces of an order are served by whom, and which by nobody: pure.

use base::{Error, FulfilmentId, OrderLineId, Result, codes};

use crate::model::{Awaited, Fulfilment, Line, Order, Part};
use crate::rules::worth;
use crate::state::{FulfilmentState, OrderState, progress};

impl Fulfilment {
    /// How many pieces of a line it serves.
    #[must_use]
    pub fn quantity_of(&self, line: OrderLineId) -> i64 {
        self.parts
            .iter()
            .filter(|part| part.order_line_id == line)
            .map(|part| part.quantity)
            .sum()
    }

    /// Takes pieces out into a fulfilment of their own, in state `to`. `None` when they are all there is: the
    /// fulfilment itself then takes the step.
    ///
    /// # Errors
    /// `input.invalid` for pieces it does not serve, `fulfilment.illegal_step`.
    pub fn split(&mut self, pieces: &[Part], to: FulfilmentState) -> Result<Option<Self>> {
        let state = self.state.step(to)?;
        for (nth, piece) in pieces.iter().enumerate() {
            let most = self.quantity_of(piece.order_line_id);
            if piece.quantity < 1 || piece.quantity > most {
                return Err(out_of_range(nth, most));
            }
        }
        let taken = |line: OrderLineId| pieces.iter().find(|p| p.order_line_id == line);
        let rest: Vec<Part> = self
            .parts
            .iter()
            .map(|part| Part {
                quantity: part.quantity - taken(part.order_line_id).map_or(0, |p| p.quantity),
                ..*part
            })
            .filter(|part| part.quantity > 0)
            .collect();
        if rest.is_empty() {
            self.state = state;
            return Ok(None);
        }
        let split = Self {
            id: FulfilmentId::new(),
            state,
            parts: pieces.to_vec(),
            version: 1,
            ..self.clone()
        };
        self.parts = rest;
        Ok(Some(split))
    }
}

/// Two wishes for one line are judged as their sum.
#[must_use]
pub fn merged_parts(parts: &[Part]) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match merged.iter_mut().find(|p| p.order_line_id == part.order_line_id) {
            Some(same) => same.quantity = same.quantity.saturating_add(part.quantity),
            None => merged.push(*part),
        }
    }
    merged
}

fn out_of_range(nth: usize, most: i64) -> Error {
    let facts = [("min".to_owned(), 1.into()), ("max".to_owned(), most.into())];
    Error::new(&codes::INVALID_INPUT).and_field(
        format!("lines[{nth}].quantity"),
        &codes::OUT_OF_RANGE,
        facts.into_iter().collect(),
    )
}

/// What giving pieces of an order up comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenUp {
    /// Pieces nobody serves.
    pub unserved: Vec<Part>,
    /// Pieces that are still to come, by their place among those the order awaits.
    pub awaited: Vec<(usize, Part)>,
    /// Pieces a fulfilment must let go of, by its place in the order.
    pub served: Vec<(usize, Part)>,
    /// What they had cost, in minor units.
    pub worth: i64,
}

/// How many pieces of a line are sold and still to come.
#[must_use]
pub fn awaited(ahead: &[Awaited], line: OrderLineId) -> i64 {
    let parts = ahead.iter().flat_map(|awaited| &awaited.parts);
    let of_line = parts.filter(|part| part.order_line_id == line);
    of_line.map(|part| part.quantity).sum()
}

impl Order {
    /// Pieces that a fulfilment serves or has handed over.
    fn served(&self, line: &Line) -> i64 {
        self.fulfilments
            .iter()
            .filter(|f| f.state.is_live())
            .map(|f| f.quantity_of(line.id))
            .sum()
    }

    /// The pieces that are wanted and that nobody serves, those aside that are still to come.
    #[must_use]
    pub fn unserved(&self) -> Vec<Part> {
        self.lines
            .iter()
            .map(|line| Part {
                order_line_id: line.id,
                quantity: line.quantity
                    - line.quantity_cancelled
                    - self.served(line)
                    - awaited(&self.head.ahead, line.id),
            })
            .filter(|part| part.quantity > 0)
            .collect()
    }

    /// Where the order stands, seen from its pieces: as far as the slowest of its fulfilments, or undecided
    /// while nobody serves some of them, and no further than allocated while some are still to come. `None` when nothing is served or awaited at all.
    #[must_use]
    pub fn standing(&self) -> Option<OrderState> {
        let reached = progress(self.fulfilments.iter().map(|f| f.state));
        if reached.is_none() && self.head.ahead.is_empty() {
            return None;
        }
        if !self.unserved().is_empty() {
            return Some(OrderState::NeedsDecision);
        }
        // The rest is still to come, however far the others are.
        if !self.head.ahead.is_empty() {
            return Some(OrderState::Allocated);
        }
        reached
    }

    /// Whether some of it is with the customer or the carrier.
    #[must_use]
    pub fn is_partly_out(&self) -> bool {
        let mut live = self.fulfilments.iter().filter(|f| f.state.is_live());
        live.any(|f| !f.state.holds_stock())
    }

    /// Judges which pieces could be given up: first those nobody serves, then those still to come, then those of
    /// fulfilments in one of `states`, the latest first.
    ///
    /// # Errors
    /// `not_found` for a line of another order, `input.invalid` for more than that.
    pub fn give_up(&self, wanted: &[Part], states: &[FulfilmentState]) -> Result<GivenUp> {
        let open = self.unserved();
        let mut out = GivenUp {
            unserved: Vec::new(),
            awaited: Vec::new(),
            served: Vec::new(),
            worth: 0,
        };
        for (nth, want) in merged_parts(wanted).into_iter().enumerate() {
            let line = self.line(want.order_line_id)?;
            let mut left = want.quantity;
            let unserved = open.iter().find(|p| p.order_line_id == line.id);
            let mut take = |most: i64| {
                let quantity = left.min(most);
                left -= quantity;
                (quantity > 0).then_some(Part { quantity, ..want })
            };
            out.unserved.extend(take(unserved.map_or(0, |p| p.quantity)));
            for (at, coming) in self.head.ahead.iter().enumerate().rev() {
                let most = awaited(std::slice::from_ref(coming), line.id);
                out.awaited.extend(take(most).map(|part| (at, part)));
            }
            let may = |f: &Fulfilment| states.contains(&f.state);
            for (at, f) in self.fulfilments.iter().enumerate().rev().filter(|(_, f)| may(f)) {
                out.served
                    .extend(take(f.quantity_of(line.id)).map(|part| (at, part)));
            }
            if want.quantity < 1 || left > 0 {
                return Err(out_of_range(nth, want.quantity - left));
            }
            let before = line.quantity_returned + line.quantity_cancelled;
            out.worth += worth(line, before, want.quantity)?;
        }
        Ok(out)
    }

    /// Whether nothing of it is left once these pieces are given up.
    #[must_use]
    pub fn is_all(&self, wanted: &[Part]) -> bool {
        let wanted = merged_parts(wanted);
        self.lines.iter().all(|line| {
            let given = wanted.iter().find(|p| p.order_line_id == line.id);
            line.quantity - line.quantity_cancelled <= given.map_or(0, |p| p.quantity)
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use base::{Currency, FulfilmentId, HoldId, OrderId, OrderLineId, PlaceId, ProductId, SkuId, Text, Time};
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Amounts, Channel, Method, OrderHead, Plan, Snapshot};
    use crate::number::OrderNumber;

    fn line(quantity: i64, unit: i64) -> Line {
        Line {
            id: OrderLineId::new(),
            sku_id: SkuId::new(),
            product_id: ProductId::new(),
            snapshot: Snapshot::default(),
            quantity,
            quantity_returned: 0,
            quantity_cancelled: 0,
            unit_price: unit,
            discount: 0,
            total: quantity * unit,
        }
    }

    pub(crate) fn order(lines: Vec<Line>) -> Order {
        let id = OrderId::new();
        let head = OrderHead {
            id,
            number: OrderNumber::of(id, 0),
            state: OrderState::Allocated,
            channel: Channel::Web,
            currency: Currency::CNY,
            member_id: None,
            contact: crate::Contact::default(),
            method: Method::Collect,
            address: None,
            place_id: None,
            place_name: None,
            amounts: Amounts::default(),
            refunded: 0,
            item_count: 0,
            image: None,
            plan: Plan::default(),
            hold_expires_at: None,
            ahead: Vec::new(),
            waits_until: None,
            change: None,
            moments: Vec::new(),
            placed_at: Time::from_seconds(0),
            version: 1,
        };
        let parts = lines.iter().map(|l| Part {
            order_line_id: l.id,
            quantity: l.quantity,
        });
        let fulfilment = Fulfilment {
            id: FulfilmentId::new(),
            order_id: id,
            order_number: head.number.clone(),
            method: Method::Collect,
            place_id: PlaceId::new(),
            place_name: Text::default(),
            state: FulfilmentState::Requested,
            hold_id: Some(HoldId::new()),
            parts: parts.collect(),
            why_text: None,
            why_of: None,
            why: None,
            promised_at: None,
            contact_name: String::new(),
            carrier: None,
            tracking_number: None,
            code_tries: 0,
            code_locked_until: None,
            pickup_by: None,
            created_at: Time::from_seconds(0),
            version: 1,
        };
        Order {
            head,
            lines,
            fulfilments: vec![fulfilment],
            returns: Vec::new(),
        }
    }

    fn part(order: &Order, line: usize, quantity: i64) -> Part {
        Part {
            order_line_id: order.lines[line].id,
            quantity,
        }
    }

    /// What a step does in a random life of an order.
    fn live(order: &mut Order, (what, line, quantity): (u8, usize, i64)) {
        let wish = [part(order, line % order.lines.len(), quantity)];
        let at = order.fulfilments.iter().position(|f| f.state.holds_stock());
        match (what, at) {
            (0 | 1, Some(at)) => {
                let to = if what == 0 {
                    FulfilmentState::Rejected
                } else {
                    FulfilmentState::Cancelled
                };
                let taken = order.fulfilments[at].split(&wish, to);
                // What was cancelled is counted on the line, what was rejected is nobody's.
                let gone = match taken {
                    Ok(Some(split)) => {
                        let gone = split.parts.clone();
                        order.fulfilments.push(split);
                        gone
                    }
                    Ok(None) => order.fulfilments[at].parts.clone(),
                    Err(_) => Vec::new(),
                };
                if to == FulfilmentState::Cancelled {
                    for given in gone {
                        let line = order
                            .lines
                            .iter_mut()
                            .find(|l| l.id == given.order_line_id)
                            .unwrap();
                        line.quantity_cancelled += given.quantity;
                    }
                }
            }
            (2, Some(at)) => order.fulfilments[at].state = FulfilmentState::HandedOver,
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn every_piece_is_somebodys_or_known_to_be_nobodys(
            quantities in prop::collection::vec(1_i64..6, 1..5),
            steps in prop::collection::vec((0_u8..3, 0_usize..5, 1_i64..4), 0..20),
        ) {
            let mut order = order(quantities.iter().map(|q| line(*q, 100)).collect());
            for step in steps {
                live(&mut order, step);
            }
            for line in &order.lines {
                let open = order.unserved().iter().find(|p| p.order_line_id == line.id).map_or(0, |p| p.quantity);
                let served = order.served(line);
                prop_assert_eq!(open + served + line.quantity_cancelled, line.quantity);
                prop_assert!(open >= 0 && served >= 0);
            }
            if order.unserved().is_empty() {
                prop_assert_ne!(order.standing(), Some(OrderState::NeedsDecision));
            }
        }

        #[test]
        fn what_is_given_up_is_worth_what_it_cost_in_any_steps(
            quantity in 1_i64..30, unit in 1_i64..9_999, steps in prop::collection::vec(1_i64..5, 1..30),
        ) {
            let mut order = order(vec![line(quantity, unit)]);
            let states = &[FulfilmentState::Requested];
            let mut back = 0;
            for step in steps {
                let wish = [part(&order, 0, step)];
                let Ok(given) = order.give_up(&wish, states) else { continue };
                back += given.worth;
                for (at, part) in given.served {
                    if let Some(split) = order.fulfilments[at].split(&[part], FulfilmentState::Cancelled).unwrap() {
                        order.fulfilments.push(split);
                    }
                    order.lines[0].quantity_cancelled += part.quantity;
                }
            }
            let left = order.lines[0].quantity - order.lines[0].quantity_cancelled;
            if left > 0 {
                back += order.give_up(&[part(&order, 0, left)], states).unwrap().worth;
            }
            prop_assert_eq!(back, quantity * unit);
        }
    }

    #[test]
    fn what_is_still_to_come_waits_for_nobody_to_decide() {
        let mut order = order(vec![line(15, 100)]);
        order.fulfilments[0].parts = vec![part(&order, 0, 5)];
        assert_eq!(order.unserved(), [part(&order, 0, 10)]);
        order.head.ahead = vec![Awaited {
            id: FulfilmentId::new(),
            place_id: PlaceId::new(),
            place_name: Text::default(),
            timezone: None,
            parts: vec![part(&order, 0, 10)],
            promised_at: None,
            sent: None,
        }];
        assert!(order.unserved().is_empty());
        order.fulfilments[0].state = FulfilmentState::Shipped;
        assert_eq!(order.standing(), Some(OrderState::Allocated));
        let given = order.give_up(&[part(&order, 0, 4)], &[]).unwrap();
        assert_eq!(
            (given.unserved.len(), given.awaited.len(), given.worth),
            (0, 1, 400)
        );
        assert!(order.give_up(&[part(&order, 0, 11)], &[]).is_err());
    }

    #[test]
    fn what_went_out_is_not_given_up() {
        let mut order = order(vec![line(3, 100)]);
        let missing = [part(&order, 0, 2)];
        let split = order.fulfilments[0].split(&missing, FulfilmentState::Rejected);
        order.fulfilments.push(split.unwrap().unwrap());
        order.fulfilments[0].state = FulfilmentState::HandedOver;
        assert_eq!(order.standing(), Some(OrderState::NeedsDecision));
        assert!(order.is_partly_out());
        let all = [part(&order, 0, 3)];
        assert!(order.give_up(&all, &[FulfilmentState::Requested]).is_err());
        let given = order.give_up(&[part(&order, 0, 2)], &[]).unwrap();
        assert_eq!(
            (given.unserved.len(), given.served.len(), given.worth),
            (1, 0, 200)
        );
        assert!(!order.is_all(&[part(&order, 0, 2)]));
    }
}
