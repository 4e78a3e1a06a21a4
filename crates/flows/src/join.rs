//! A guest's order joins the account of the member who shows its token.

use base::{Ctx, Error, MemberId, OrderId, Result};
use bus::emit;
use db::Tx;
use orders::events::OrderJoined;
use orders::{Moment, MomentKind};

use crate::Flows;
use crate::pay::Done;
use crate::view::{OrderOut, Viewer, order_out_in};

impl Flows {
    /// Makes a guest's order the signed-in member's. The token proves that it was theirs; a telephone number would
    /// not, since anybody may have written it down. Asked again, it is the same order.
    ///
    /// # Errors
    /// `access.unauthenticated`; `not_found` for another token, and for an order that is somebody's already.
    pub async fn order_join(&self, ctx: &Ctx, id: OrderId, token: String) -> Result<OrderOut> {
        let member = ctx.require_member()?;
        let (flows, actor) = (self.clone(), ctx.clone());
        let unit = async move |tx: &Tx| flows.join_in(tx, &actor, id, member, &token).await;
        let done = self.parts.db.write_once(ctx, "order.join", unit).await?;
        Ok(self.finish(ctx, done).await)
    }

    async fn join_in(&self, tx: &Tx, ctx: &Ctx, id: OrderId, member: MemberId, token: &str) -> Result<Done> {
        let mut order = orders::order_get_in(tx, id).await?;
        if order.head.member_id != Some(member) {
            let is_free = order.head.member_id.is_none();
            if !is_free || !self.parts.secrets.is_access_token(id, token) {
                return Err(Error::not_found("order", id));
            }
            order.head.member_id = Some(member);
            let moment = Moment::new(tx.now(), MomentKind::Joined, &ctx.actor);
            orders::order_change_in(tx, &mut order.head, vec![moment]).await?;
            emit(
                tx,
                ctx,
                &OrderJoined {
                    order: (&order.head).into(),
                },
            )
            .await?;
        }
        Ok(Done {
            out: order_out_in(tx, &order, Viewer::Owner).await?,
            viewer: Viewer::Owner,
            refunds: Vec::new(),
        })
    }
}
