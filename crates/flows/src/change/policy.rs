//! Who may change what of a placed order, and until when.

use base::{Ctx, Error, Resource, Result, Time};
use orders::{
    CHANGE_BEGUN, CHANGE_NOT_YOURS, CHANGE_OPEN, CHANGE_TOO_LATE, CHANGE_WAITS, FulfilmentState,
    NOT_CHANGEABLE, ORDER_CHANGE, Order, OrderHead, OrderState,
};

use crate::view::Viewer;

/// What somebody may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MayChange {
    /// Goods, address and the way to the customer.
    Everything,
    /// Address and way only.
    Way,
    /// Nothing.
    Nothing,
}

/// At which prices a changed order is priced anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChangePrices {
    /// At those of the moment in which it was placed: what was bought keeps its price, and promotions of that day
    /// hold.
    AsPlaced,
    /// At today's.
    Today,
}

/// What the chain allows. An order that is paid, or is to be paid at the counter, can be changed until some of it is
/// packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangePolicy {
    /// What its customer may change alone.
    pub shopper: MayChange,
    /// For how many minutes after it was placed; without limit when zero.
    pub shopper_minutes: u32,
    /// What staff who may change orders may change.
    pub staff: MayChange,
    /// At which prices.
    pub prices: ChangePrices,
}

impl Default for ChangePolicy {
    /// Everybody everything, until some of it is packed, at the prices of the day it was placed.
    fn default() -> Self {
        Self {
            shopper: MayChange::Everything,
            shopper_minutes: 0,
            staff: MayChange::Everything,
            prices: ChangePrices::AsPlaced,
        }
    }
}

/// What of an order is to be changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scope {
    pub(crate) goods: bool,
    pub(crate) way: bool,
}

/// The states of a fulfilment in which its order may still be changed.
pub(crate) const UNPACKED: &[FulfilmentState] = &[FulfilmentState::Requested, FulfilmentState::Picking];

impl ChangePolicy {
    fn of(&self, viewer: Viewer) -> MayChange {
        match viewer {
            Viewer::Owner => self.shopper,
            Viewer::Staff { .. } => self.staff,
            Viewer::Payer => MayChange::Nothing,
        }
    }

    /// Whether any of it may be changed now by who looks at it.
    pub(crate) fn is_changeable(&self, order: &Order, viewer: Viewer, now: Time) -> bool {
        self.of(viewer) != MayChange::Nothing
            && self.in_time(&order.head, viewer, now).is_ok()
            && stands(order).is_ok()
    }

    /// Refuses who may not change this.
    ///
    /// # Errors
    /// `access.forbidden`, `order.change_not_yours`, `order.change_too_late`, `order.not_changeable`,
    /// `order.change_begun`, `order.change_waits`.
    pub(crate) fn check(
        &self,
        ctx: &Ctx,
        order: &Order,
        viewer: Viewer,
        scope: Scope,
        now: Time,
    ) -> Result<()> {
        if viewer != Viewer::Owner {
            let place = order.head.place_id.map_or(Resource::Chain, Resource::Place);
            ctx.require(ORDER_CHANGE, &place)?;
        }
        let refused = match self.of(viewer) {
            MayChange::Everything => None,
            MayChange::Way if !scope.goods => None,
            MayChange::Way => Some(("商品", "what is in the order")),
            MayChange::Nothing if scope.goods => Some(("商品", "what is in the order")),
            MayChange::Nothing => Some(("地址或取货方式", "where it goes")),
        };
        if let Some((zh, en)) = refused {
            let what = base::Text::new(zh, en).get(ctx.locale).to_owned();
            return Err(Error::new(&CHANGE_NOT_YOURS).with("what", what));
        }
        self.in_time(&order.head, viewer, now)?;
        stands(order)
    }

    fn in_time(&self, order: &OrderHead, viewer: Viewer, now: Time) -> Result<()> {
        let limit = u64::from(self.shopper_minutes) * 60;
        let is_over = order.placed_at.after(std::time::Duration::from_secs(limit)) < now;
        if viewer == Viewer::Owner && limit > 0 && is_over {
            return Err(Error::new(&CHANGE_TOO_LATE).with("minutes", i64::from(self.shopper_minutes)));
        }
        Ok(())
    }
}

/// Refuses an order that stands where it cannot be changed any more, or not yet.
///
/// # Errors
/// `order.not_changeable`, `order.change_begun`, `order.change_waits`.
pub(crate) fn stands(order: &Order) -> Result<()> {
    let begun = order
        .fulfilments
        .iter()
        .find(|f| f.state.is_live() && !UNPACKED.contains(&f.state));
    match (order.head.state, begun) {
        (OrderState::Allocated | OrderState::Ready, Some(begun)) => {
            Err(Error::new(&CHANGE_BEGUN).with("place", begun.place_name.zh.clone()))
        }
        (OrderState::Allocated, None) if !order.head.ahead.is_empty() => Err(Error::new(&CHANGE_WAITS)),
        (OrderState::Allocated, None) => Ok(()),
        (state, _) => Err(Error::new(&NOT_CHANGEABLE).with("state", state.as_str())),
    }
}

/// Refuses a second change while one waits for its payment in time.
///
/// # Errors
/// `order.change_open`.
pub(crate) fn none_waits(order: &OrderHead, now: Time) -> Result<()> {
    match &order.change {
        Some(change) if change.expires_at > now => {
            Err(Error::new(&CHANGE_OPEN).with("amount", change.difference.to_string()))
        }
        _ => Ok(()),
    }
}
