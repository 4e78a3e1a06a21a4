//! The face: bringing statements in, comparing, deciding; and refunds that providers gave up.

use base::{Ctx, Error, Money, OrderId, Page, PageQuery, PageSize, PaymentId, Resource, Result, Time};
use db::{Reader, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::compare;
use super::store::Counted;
use super::{Decision, MatchId, Outcome, Row, may_decide, store};
use crate::model::{ProviderName, RefundId};
use crate::service::Payments;
use crate::statement::{Day, LineKind};
use crate::{PAYMENT_READ, PAYMENT_RECONCILE, store as ledger};

/// A provider's account of a day, as sent.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = PaymentStatement)]
pub struct StatementOut {
    /// Whose.
    pub provider: ProviderName,
    /// Of which day, by the provider's calendar.
    pub day: String,
    /// `fetched` from the provider, or `brought` by a person.
    pub source: String,
    /// Payments and refunds in it.
    pub lines: i64,
    /// Who brought it in.
    pub actor: String,
    /// When.
    pub loaded_at: Time,
    /// Rows that fit.
    pub matched: i64,
    /// Rows that do not.
    pub differing: i64,
    /// Those of them that wait for a decision.
    pub open: i64,
}

impl From<Counted> for StatementOut {
    fn from(day: Counted) -> Self {
        Self {
            provider: day.provider,
            day: day.day,
            source: day.source,
            lines: day.lines,
            actor: day.actor,
            loaded_at: day.loaded_at,
            matched: day.matched,
            differing: day.differing,
            open: day.open,
        }
    }
}

/// A payment or refund of a day, seen from both sides, as sent.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = PaymentMatch)]
pub struct MatchOut {
    /// Its name.
    pub id: MatchId,
    /// Which provider.
    pub provider: ProviderName,
    /// The day, by the provider's calendar.
    pub day: String,
    /// What it is about.
    pub kind: LineKind,
    /// How the two sides compare.
    pub outcome: Outcome,
    /// The payment here.
    pub payment_id: Option<PaymentId>,
    /// The order it paid for.
    pub order_id: Option<OrderId>,
    /// The provider's name for it.
    pub provider_reference: Option<String>,
    /// What our books say.
    pub ours: Option<Money>,
    /// What the provider's say.
    pub theirs: Option<Money>,
    /// What the provider keeps.
    pub fee: Option<Money>,
    /// When it was booked, there if they have it, here otherwise.
    pub booked_at: Time,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why.
    pub note: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
}

impl From<Row> for MatchOut {
    fn from(row: Row) -> Self {
        let compared = row.compared;
        let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, compared.currency));
        Self {
            id: row.id,
            provider: row.provider,
            day: row.day,
            kind: compared.kind,
            outcome: compared.outcome,
            payment_id: compared.payment_id,
            order_id: compared.order_id,
            provider_reference: compared.theirs,
            ours: money(compared.our_minor),
            theirs: money(compared.their_minor),
            fee: money(compared.fee_minor),
            booked_at: compared.at,
            note: row.note.filter(|_| row.decision.is_some()),
            decided_by: row.decided_by.filter(|_| row.decision.is_some()),
            decided_at: row.decided_at.filter(|_| row.decision.is_some()),
            decision: row.decision,
        }
    }
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct MatchFilter {
    /// Of this provider.
    pub provider: Option<ProviderName>,
    /// Of this outcome.
    pub outcome: Option<Outcome>,
    /// Only those that wait for a decision.
    pub open: bool,
}

/// A refund that its provider gave up, as sent.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = FailedRefund)]
pub struct RefundOut {
    /// Its name.
    pub id: String,
    /// The payment it comes from.
    pub payment_id: PaymentId,
    /// The order it had paid for.
    pub order_id: OrderId,
    /// Who gave it up.
    pub provider: ProviderName,
    /// How much waits.
    pub amount: Money,
    /// The provider's word for why.
    pub reason: String,
    /// When it was given up.
    pub failed_at: Time,
}

impl Payments {
    /// Fetches the provider's account of a day and compares.
    ///
    /// # Errors
    /// `access.forbidden`, `payment.*`.
    pub async fn statement_fetch(&self, ctx: &Ctx, provider: ProviderName, day: Day) -> Result<StatementOut> {
        ctx.require(PAYMENT_RECONCILE, &Resource::Chain)?;
        let now = self.db.now().await?;
        let bytes = self.provider(provider)?.statement_fetch(now, day).await?;
        self.statement_work_in(ctx, provider, day, "fetched", &bytes)
            .await
    }

    /// Takes the provider's account of a day from a person, in the format its console gives out, and compares.
    ///
    /// # Errors
    /// `access.forbidden`, `payment.statement_malformed`.
    pub async fn statement_bring(
        &self,
        ctx: &Ctx,
        provider: ProviderName,
        day: Day,
        bytes: &[u8],
    ) -> Result<StatementOut> {
        ctx.require(PAYMENT_RECONCILE, &Resource::Chain)?;
        self.statement_work_in(ctx, provider, day, "brought", bytes).await
    }

    async fn statement_work_in(
        &self,
        ctx: &Ctx,
        provider: ProviderName,
        day: Day,
        source: &'static str,
        bytes: &[u8],
    ) -> Result<StatementOut> {
        let lines = self.provider(provider)?.statement_read(bytes)?;
        let actor = ctx.actor.to_string();
        let unit = async move |tx: &Tx| {
            store::replace(tx, provider, day, source, &actor, &lines).await?;
            // The days beside it may have waited for these lines.
            for near in [day.previous(), day, day.next()] {
                compare_in(tx, provider, near).await?;
            }
            let before_any_name = Some((day.to_string(), String::new()));
            let mut days = store::days(tx, Some(provider), before_any_name, 1).await?;
            days.pop().ok_or_else(|| Error::internal("a statement vanished"))
        };
        let counted = self.db.write_once(ctx, "statement.load", async move |tx: &Tx| {
            unit(tx).await.map(StatementOut::from)
        });
        counted.await
    }

    /// Days with a statement, the newest first.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn statement_list(
        &self,
        ctx: &Ctx,
        provider: Option<ProviderName>,
        page: &PageQuery,
    ) -> Result<Page<StatementOut>> {
        ctx.require(PAYMENT_READ, &Resource::Chain)?;
        let size = PageSize::new(page.limit)?;
        let after: Option<(String, String)> = page.cursor.as_deref().map(base::Cursor::decode).transpose()?;
        let limit = i64::try_from(size.get() + 1).unwrap_or(i64::MAX);
        let read = async move |r: &Reader| store::days(r, provider, after.clone(), limit).await;
        let days = self.db.read(read).await?;
        let rows: Vec<StatementOut> = days.into_iter().map(StatementOut::from).collect();
        Page::from_surplus(rows, size, |row| {
            (row.day.clone(), row.provider.as_str().to_owned())
        })
    }

    /// Rows of the comparison, the newest first.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn match_list(
        &self,
        ctx: &Ctx,
        filter: MatchFilter,
        page: &PageQuery,
    ) -> Result<Page<MatchOut>> {
        ctx.require(PAYMENT_READ, &Resource::Chain)?;
        let size = PageSize::new(page.limit)?;
        let after: Option<(Time, MatchId)> = page.cursor.as_deref().map(base::Cursor::decode).transpose()?;
        let limit = i64::try_from(size.get() + 1).unwrap_or(i64::MAX);
        let read = async move |r: &Reader| {
            store::list(r, filter.provider, filter.outcome, filter.open, after, limit).await
        };
        let rows = self.db.read(read).await?;
        let rows: Vec<MatchOut> = rows.into_iter().map(MatchOut::from).collect();
        Page::from_surplus(rows, size, |row| (row.booked_at, row.id))
    }

    /// Decides about a difference; a later decision takes the place of the one before.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found`, `payment.no_decision`.
    pub async fn match_decide(
        &self,
        ctx: &Ctx,
        id: MatchId,
        decision: Decision,
        note: String,
    ) -> Result<MatchOut> {
        ctx.require(PAYMENT_RECONCILE, &Resource::Chain)?;
        let actor = ctx.actor.to_string();
        let find = async move |tx: &Tx| {
            store::find(tx, id)
                .await?
                .ok_or_else(|| Error::not_found("match", id))
        };
        let unit = async move |tx: &Tx| {
            may_decide(find(tx).await?.compared.outcome, decision)?;
            store::decide(tx, id, decision, &note, &actor).await?;
            find(tx).await.map(MatchOut::from)
        };
        self.db.write_once(ctx, "match.decide", unit).await
    }

    /// Refunds that their providers gave up, the oldest first: a hundred at most.
    ///
    /// # Errors
    /// `access.forbidden`.
    pub async fn refund_failed_list(&self, ctx: &Ctx) -> Result<Vec<RefundOut>> {
        ctx.require(PAYMENT_READ, &Resource::Chain)?;
        self.db
            .read(async |r: &Reader| ledger::failed_refunds(r).await)
            .await
    }

    /// Asks anew for a refund that its provider gave up, under another name.
    ///
    /// # Errors
    /// `access.forbidden`, `not_found` when there is none that was given up.
    pub async fn refund_retry(&self, ctx: &Ctx, id: String) -> Result<()> {
        ctx.require(PAYMENT_RECONCILE, &Resource::Chain)?;
        let unit = async move |tx: &Tx| {
            let id = RefundId(id.clone());
            match ledger::retry_refund(tx, &id).await? {
                true => Ok(()),
                false => Err(Error::not_found("refund", id)),
            }
        };
        self.db.write_once(ctx, "refund.retry", unit).await
    }
}

/// Compares a day again, if its statement is here.
async fn compare_in(tx: &Tx, provider: ProviderName, day: Day) -> Result<()> {
    let Some(lines) = store::lines(tx, provider, day).await? else {
        return Ok(());
    };
    let mut near = store::lines(tx, provider, day.previous())
        .await?
        .unwrap_or_default();
    near.extend(store::lines(tx, provider, day.next()).await?.unwrap_or_default());
    let (from, to) = day.bounds(provider);
    let (first, last) = (day.previous().bounds(provider).0, day.next().bounds(provider).1);
    let ours = store::ours(tx, provider, first, last).await?;
    let rows = compare(&lines, &near, &ours, |own| from <= own.at && own.at < to);
    store::keep(tx, provider, day, &rows, tx.now()).await
}
