//! Uses of typed codes: kept with an order like stock, never more than there are. For `flows`, in the caller's
//! transaction; the statements are guarded, so that READ COMMITTED is enough.

use base::{Error, MemberId, OrderId, PromotionId, Result, Time};
use db::{Reader, Tx};

use crate::code_store as store;
use crate::error::{CODE_FOR_MEMBERS, CODE_USED_BY_MEMBER, CODE_USED_UP};

/// What is left of a code at an instant; nothing where there is no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeStanding {
    /// Uses left in all.
    pub left: Option<i64>,
    /// Uses left for the member who asks.
    pub left_for_member: Option<i64>,
    /// Whether only members may use it.
    pub for_members: bool,
}

impl CodeStanding {
    /// Whether whoever asks may use it now.
    ///
    /// # Errors
    /// `pricing.code_used_up`, `pricing.code_used_by_member`, `pricing.code_for_members`.
    pub fn check(&self, code: &str, member: Option<MemberId>, per_member: Option<i64>) -> Result<()> {
        if self.left.is_some_and(|left| left < 1) {
            return Err(Error::new(&CODE_USED_UP).with("code", code));
        }
        if self.for_members && member.is_none() {
            return Err(Error::new(&CODE_FOR_MEMBERS).with("code", code));
        }
        if self.left_for_member.is_some_and(|left| left < 1) {
            return Err(used_by_member(code, per_member));
        }
        Ok(())
    }
}

fn used_by_member(code: &str, max: Option<i64>) -> Error {
    Error::new(&CODE_USED_BY_MEMBER)
        .with("code", code)
        .with("max", max.unwrap_or_default())
}

/// What is left of a promotion's code. Of one that has none any more, nothing is left.
///
/// # Errors
/// The store's.
pub async fn code_standing_in(
    r: &Reader,
    promotion: PromotionId,
    member: Option<MemberId>,
) -> Result<CodeStanding> {
    let Some(found) = store::standing(r, promotion, member).await? else {
        return Ok(CodeStanding {
            left: Some(0),
            left_for_member: None,
            for_members: false,
        });
    };
    let left_for_member = found.max_uses_per_member.filter(|_| member.is_some());
    Ok(CodeStanding {
        left: found.max_uses.map(|most| most - found.taken),
        left_for_member: left_for_member.map(|most| most - found.taken_by_member),
        for_members: found.max_uses_per_member.is_some(),
    })
}

/// Keeps a use of a code for an order until an instant, or for good.
///
/// # Errors
/// `pricing.code_used_up`, `pricing.code_used_by_member`, `pricing.code_for_members`.
pub async fn code_take_in(
    tx: &Tx,
    promotion: PromotionId,
    code: &str,
    order: OrderId,
    member: Option<MemberId>,
    expires_at: Option<Time>,
) -> Result<()> {
    let taken = store::Use {
        order_id: order,
        promotion_id: promotion,
        code: code.to_owned(),
        member_id: member,
    };
    count_in(tx, &taken).await?;
    store::use_insert(tx, &taken, expires_at).await
}

/// Counts one more use, after those whose time is over were let go where that makes the difference.
async fn count_in(tx: &Tx, taken: &store::Use) -> Result<()> {
    match try_count(tx, taken).await {
        Err(error) if error.is(&CODE_USED_UP) || error.is(&CODE_USED_BY_MEMBER) => {
            if !let_go_run_out(tx, taken.promotion_id).await? {
                return Err(error);
            }
            try_count(tx, taken).await
        }
        counted => counted,
    }
}

async fn try_count(tx: &Tx, taken: &store::Use) -> Result<()> {
    let (promotion, code) = (taken.promotion_id, taken.code.as_str());
    let Some(limits) = store::take(tx, promotion, code).await? else {
        return Err(Error::new(&CODE_USED_UP).with("code", code));
    };
    let counted = match (taken.member_id, limits.max_uses_per_member) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Error::new(&CODE_FOR_MEMBERS).with("code", code)),
        (Some(member), most) if store::take_for_member(tx, promotion, member, most).await? => Ok(()),
        (Some(_), most) => Err(used_by_member(code, most)),
    };
    if counted.is_err() {
        store::give_back(tx, promotion, 1).await?;
    }
    counted
}

/// Lets uses go whose time is over; false when there were none.
async fn let_go_run_out(tx: &Tx, promotion: PromotionId) -> Result<bool> {
    let gone = store::release_run_out(tx, promotion).await?;
    if gone.is_empty() {
        return Ok(false);
    }
    store::give_back(tx, promotion, i64::try_from(gone.len()).unwrap_or(i64::MAX)).await?;
    let mut members: Vec<MemberId> = gone.into_iter().flatten().collect();
    // In one order everywhere, so that two who come by cannot wait for each other.
    members.sort_unstable();
    for member in members {
        store::give_back_of_member(tx, promotion, member).await?;
    }
    Ok(true)
}

/// The order is paid: its use stays. One that had run out and was let go is counted anew; false when no use is
/// left for it.
///
/// # Errors
/// The store's.
pub async fn code_confirm_in(tx: &Tx, order: OrderId) -> Result<bool> {
    if store::use_up(tx, order, "kept").await? {
        return Ok(true);
    }
    let Some(released) = store::released(tx, order).await? else {
        return Ok(true);
    };
    match count_in(tx, &released).await {
        Ok(()) => store::use_up(tx, order, "released").await,
        Err(error) if error.is(&CODE_USED_UP) || error.is(&CODE_USED_BY_MEMBER) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The order was given up or not paid in time: its use is free again, once.
///
/// # Errors
/// The store's.
pub async fn code_release_in(tx: &Tx, order: OrderId) -> Result<()> {
    if let Some(released) = store::release(tx, order).await? {
        store::give_back(tx, released.promotion_id, 1).await?;
        if let Some(member) = released.member_id {
            store::give_back_of_member(tx, released.promotion_id, member).await?;
        }
    }
    Ok(())
}
