//! Promotion codes typed into a cart: what one does to its price, and the use an order keeps of it.

use base::{Ctx, Error, Locale, Money, PromotionId, Result, Text, codes};
use db::{Reader, Tx};
use orders::{Cart, OrderHead, PlannedCode};
use pricing::rules::{PriceBook, Quote};
use pricing::{CODE_UNKNOWN, TypedCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Flows;

/// What became of a code somebody typed.
#[derive(Clone, Debug)]
pub(crate) struct CodeVerdict {
    code: String,
    promotion_id: Option<PromotionId>,
    name: Option<Text>,
    off: i64,
    why: Text,
}

/// What became of the promotion code of a cart, as sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CartPromotionCode)]
pub struct CartCodeOut {
    /// What was typed, in its one form.
    pub code: String,
    /// Whether it takes anything off now.
    pub applied: bool,
    /// What it takes off.
    pub off: Money,
    /// The name of its promotion.
    pub name: Option<Text>,
    /// What it does, or why it does nothing.
    pub why: Text,
}

impl CodeVerdict {
    /// A code that does nothing.
    fn refused(code: &str, why: Text) -> Self {
        Self {
            code: code.to_owned(),
            promotion_id: None,
            name: None,
            off: 0,
            why,
        }
    }

    /// What a quote says of it.
    pub(crate) fn of(code: &str, book: &PriceBook, quote: &Quote) -> Self {
        let promotion = book.promotion_of(code);
        let told = promotion.and_then(|promotion| {
            let verdict = quote.verdicts.iter().find(|v| v.promotion_id == promotion.id)?;
            Some(Self {
                code: code.to_owned(),
                promotion_id: Some(promotion.id),
                name: Some(promotion.name.clone()),
                off: verdict.off,
                why: verdict.why.clone(),
            })
        });
        told.unwrap_or_else(|| Self::refused(code, Text::new("优惠码已失效", "The code is no longer valid")))
    }

    /// The use an order keeps of it; none when it takes nothing off.
    pub(crate) fn planned(&self) -> Option<PlannedCode> {
        let promotion_id = self.promotion_id.filter(|_| self.off > 0)?;
        Some(PlannedCode {
            promotion_id,
            code: self.code.clone(),
        })
    }

    pub(crate) fn out(self, currency: base::Currency) -> CartCodeOut {
        CartCodeOut {
            applied: self.off > 0,
            off: Money::new(self.off, currency),
            code: self.code,
            name: self.name,
            why: self.why,
        }
    }
}

/// A code as it was typed, if it is a promotion's.
pub(crate) fn known(book: &PriceBook, typed: &str) -> Result<String> {
    let code = TypedCode::normal(typed);
    if book.promotion_of(&code).is_some() {
        return Ok(code);
    }
    let facts = [("code".to_owned(), code.into())];
    Err(Error::new(&codes::INVALID_INPUT).and_field(
        "promotion_code",
        &CODE_UNKNOWN,
        facts.into_iter().collect(),
    ))
}

impl Flows {
    /// Whether the code of a cart may be used now; the reason when it may not, which is an error when `strict`.
    /// An order that waits for its money has its use already.
    pub(crate) async fn code_refusal(
        &self,
        ctx: &Ctx,
        book: &PriceBook,
        cart: &Cart,
        strict: bool,
    ) -> Result<Option<CodeVerdict>> {
        let typed = cart.promotion_code.as_ref().filter(|_| cart.order_id.is_none());
        let Some((code, promotion)) = typed.and_then(|code| Some((code, book.promotion_of(code)?))) else {
            return Ok(None);
        };
        let (id, member) = (promotion.id, cart.member_id.or(ctx.member_id()));
        let read = async move |r: &Reader| pricing::code_standing_in(r, id, member).await;
        let standing = self.parts.db.read(read).await?;
        let most = promotion
            .typed_code
            .as_ref()
            .and_then(|typed| typed.max_uses_per_member);
        match standing.check(code, member, most) {
            Ok(()) => Ok(None),
            Err(refusal) if strict => Err(refusal),
            Err(refusal) => {
                let why = Text::new(refusal.message(Locale::Zh), refusal.message(Locale::En));
                Ok(Some(CodeVerdict::refused(code, why)))
            }
        }
    }
}

/// Keeps the use of the code an order was priced with, as long as its stock.
///
/// # Errors
/// `pricing.code_used_up`, `pricing.code_used_by_member`, `pricing.code_for_members`.
pub(crate) async fn take_in(tx: &Tx, head: &OrderHead) -> Result<()> {
    let Some(planned) = &head.plan.promotion_code else {
        return Ok(());
    };
    let (promotion, code) = (planned.promotion_id, planned.code.as_str());
    pricing::code_take_in(tx, promotion, code, head.id, head.member_id, head.hold_expires_at).await
}

/// The order is paid and its use stays. False when it had run out and gone to another.
pub(crate) async fn confirm_in(tx: &Tx, head: &OrderHead) -> Result<bool> {
    match head.plan.promotion_code {
        Some(_) => pricing::code_confirm_in(tx, head.id).await,
        None => Ok(true),
    }
}

/// The use is free again.
pub(crate) async fn release_in(tx: &Tx, head: &OrderHead) -> Result<()> {
    match head.plan.promotion_code {
        Some(_) => pricing::code_release_in(tx, head.id).await,
        None => Ok(()),
    }
}
