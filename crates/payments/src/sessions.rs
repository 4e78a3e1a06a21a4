//! The conversation with providers outside: letting a payer come, listening, asking, closing. Whatever becomes of
//! the payment's order is the flows' business; they are told what the provider's word comes to.

use base::{Ctx, Error, PaymentId, Result, Time};
use db::{Reader, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{CLOSED, METHOD_UNAVAILABLE, NOT_SUPPORTED, OTHER_WAY};
use crate::judge::{Judged, Step, judge, next_look, step};
use crate::model::{Payment, PaymentState, ProviderName, RefundId};
use crate::outside::{Action, Ask, Call, Notice, RefundSaid, Sent, Session, SessionState, Told, Way, What};
use crate::provider::Provider;
use crate::service::{Payments, payment_get_in};
use crate::{session_store, store};

/// Payments looked at in one go.
const LOOK_BATCH: i64 = 50;

/// How somebody may pay here.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PaymentMethodOffer)]
pub struct MethodOut {
    /// With whom.
    pub provider: ProviderName,
    /// How the payer can meet it; empty for the sandbox, which has a page of ours.
    pub ways: Vec<Way>,
}

/// What a look at a payment brought.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The provider's words.
    pub told: Vec<Told>,
    /// Whose they are.
    pub provider: Option<ProviderName>,
    /// The payment whose reserved money waits to be taken or let go.
    pub to_decide: Option<PaymentId>,
}

/// Begins the conversation about a payment, or finds the one there is. The provider is asked after the commit,
/// by [`Payments::session_open`].
///
/// # Errors
/// `payment.closed`, `payment.other_way`.
pub async fn session_begin_in(tx: &Tx, payment: &Payment, way: Way, expires_at: Time) -> Result<Session> {
    let state = payment.balance.state;
    let is_over = !matches!(state, PaymentState::Pending | PaymentState::Declined);
    if is_over {
        return Err(Error::new(&CLOSED).with("state", state.as_str()));
    }
    let session = Session {
        payment_id: payment.id,
        provider: payment.provider,
        way,
        state: SessionState::Asked,
        reference: None,
        action: None,
        expires_at,
        checks: 0,
    };
    if session_store::begin(tx, &session, next_look(tx.now(), 0, expires_at)).await? {
        return Ok(session);
    }
    let before = session_store::find(tx, payment.id).await?.unwrap_or(session);
    if before.way != way {
        return Err(Error::new(&OTHER_WAY).with("way", before.way.as_str()));
    }
    if before.state == SessionState::Over || before.expires_at <= tx.now() {
        return Err(Error::new(&CLOSED).with("state", "over"));
    }
    Ok(before)
}

/// The conversation about a payment.
///
/// # Errors
/// `not_found` when there is none.
pub async fn session_get_in(r: &Reader, id: PaymentId) -> Result<Session> {
    session_store::find(r, id)
        .await?
        .ok_or_else(|| Error::not_found("payment session", id))
}

impl Payments {
    /// How somebody may pay here.
    #[must_use]
    pub fn method_list(&self) -> Vec<MethodOut> {
        let outside = self.all().filter(|p| p.name().is_outside()).map(|p| MethodOut {
            provider: p.name(),
            ways: p.ways().to_vec(),
        });
        let sandbox = self.sandbox.then(|| MethodOut {
            provider: ProviderName::Sandbox,
            ways: Vec::new(),
        });
        outside.chain(sandbox).collect()
    }

    /// Whether somebody may pay with this provider here.
    ///
    /// # Errors
    /// `payment.method_unavailable`.
    pub fn method_require(&self, provider: ProviderName) -> Result<()> {
        let offered = match provider {
            ProviderName::Sandbox => self.sandbox,
            other => self.find(other).is_some(),
        };
        if offered {
            return Ok(());
        }
        Err(Error::new(&METHOD_UNAVAILABLE).with("provider", provider.as_str()))
    }

    /// Whether the provider can be met this way.
    ///
    /// # Errors
    /// `payment.method_unavailable`, `payment.not_supported`.
    pub fn way_require(&self, provider: ProviderName, way: Way) -> Result<()> {
        if self.provider(provider)?.ways().contains(&way) {
            return Ok(());
        }
        Err(Error::new(&NOT_SUPPORTED)
            .with("provider", provider.as_str())
            .with("what", way.as_str()))
    }

    /// Asks the provider to let the payer come. Asked again it answers the same; after an answer that got lost it
    /// asks under the same name.
    ///
    /// # Errors
    /// `payment.method_unavailable` and the provider's; unavailable means that it will be found out.
    pub async fn session_open(&self, payment: &Payment, session: Session, ask: &Ask) -> Result<Action> {
        if let Some(action) = session.action {
            return Ok(action);
        }
        let provider = self.provider(payment.provider)?;
        let call = Call {
            now: self.db.now().await?,
            payment,
            session: Some(&session),
        };
        let opened = provider.open(call, ask).await?;
        let (id, kept) = (payment.id, opened.clone());
        self.db
            .write_guarded(async move |tx: &Tx| session_store::opened(tx, id, &kept).await)
            .await?;
        Ok(opened.action)
    }

    /// Proves and reads a message a provider sent.
    ///
    /// # Errors
    /// `payment.method_unavailable`, `payment.notification_*`.
    pub async fn notification_read(&self, provider: ProviderName, sent: &Sent) -> Result<Notice> {
        let now = self.db.now().await?;
        self.provider(provider)?.notification(now, sent).await
    }

    /// Keeps a message that was worked in, with what came of it.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn notice_keep(
        &self,
        provider: ProviderName,
        notice: &Notice,
        judged: &[Judged],
    ) -> Result<()> {
        let outcome = if judged.contains(&Judged::Differs) {
            "differs"
        } else if judged.iter().any(|one| *one != Judged::Nothing) {
            "applied"
        } else {
            "ignored"
        };
        let (id, kind) = (notice.id.clone(), notice.kind.clone());
        self.db
            .write_guarded(async move |tx: &Tx| {
                session_store::keep_notice(tx, provider, &id, &kind, outcome).await
            })
            .await
    }

    /// What a provider's word comes to. A payment that is not known here differs from everything asked for; it
    /// shows up when the provider's statement is compared.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn told_judge(&self, provider: ProviderName, told: &Told) -> Result<Judged> {
        let told = told.clone();
        let judged = self
            .db
            .write_guarded(async move |tx: &Tx| {
                let Some(payment) = payment_of_in(tx, provider, &told).await? else {
                    return Ok((Judged::Differs, told.clone()));
                };
                if let Some(reference) = &told.reference {
                    session_store::name(tx, payment.id, reference).await?;
                }
                let refund = match &told.what {
                    What::Refund { ours: Some(ours), .. } => store::find_refund(tx, ours).await?,
                    _ => None,
                };
                let ours = refund.filter(|refund| refund.payment_id == payment.id);
                Ok((judge(&payment, ours.as_ref(), &told), told.clone()))
            })
            .await?;
        if judged.0 == Judged::Differs {
            tracing::error!(
                provider = provider.as_str(),
                payment = judged.1.payment,
                "a provider's word does not fit what was asked for; it was not booked"
            );
        }
        Ok(judged.0)
    }

    /// Payments that are to be looked at now.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn session_due(&self) -> Result<Vec<PaymentId>> {
        self.db
            .read(async move |r: &Reader| session_store::due(r, LOOK_BATCH).await)
            .await
    }

    /// Looks at a payment: asks how it stands, or lets nobody pay any more.
    ///
    /// # Errors
    /// The provider's; it is looked at again later.
    pub async fn session_look(&self, id: PaymentId) -> Result<Looked> {
        let Some((payment, session, now)) = self.claim(id).await? else {
            return Ok(Looked::default());
        };
        let call = Call {
            now,
            payment: &payment,
            session: Some(&session),
        };
        let what = step(&payment, &session, now);
        let told = match what {
            Step::Rest => {
                self.session_end(id).await?;
                return Ok(Looked::default());
            }
            Step::Decide => {
                return Ok(Looked {
                    to_decide: Some(id),
                    ..Looked::default()
                });
            }
            Step::Query => self.provider(payment.provider)?.query(call).await?,
            Step::Close => self.closed(call).await?,
        };
        Ok(Looked {
            told,
            provider: Some(payment.provider),
            to_decide: None,
        })
    }

    /// Lets nobody pay, and ends the conversation when it is certain that nobody did.
    async fn closed(&self, call: Call<'_>) -> Result<Vec<Told>> {
        let mut told = self.provider(call.payment.provider)?.close(call).await?;
        for one in &mut told {
            if one.what == What::Missing {
                one.what = What::Closed;
            }
        }
        if told.iter().any(|one| one.what == What::Closed) {
            self.session_end(call.payment.id).await?;
        }
        Ok(told)
    }

    /// Takes reserved money.
    ///
    /// # Errors
    /// The provider's.
    pub async fn session_capture(&self, id: PaymentId) -> Result<Vec<Told>> {
        self.acted(id, true).await
    }

    /// Lets reserved money go.
    ///
    /// # Errors
    /// The provider's.
    pub async fn session_close(&self, id: PaymentId) -> Result<Vec<Told>> {
        self.acted(id, false).await
    }

    async fn acted(&self, id: PaymentId, take: bool) -> Result<Vec<Told>> {
        let read = async move |r: &Reader| {
            Ok((
                payment_get_in(r, id).await?,
                session_store::find(r, id).await?,
                r.now(),
            ))
        };
        let (payment, session, now) = self.db.read(read).await?;
        let call = Call {
            now,
            payment: &payment,
            session: session.as_ref(),
        };
        if take {
            return self.provider(payment.provider)?.capture(call).await;
        }
        self.closed(call).await
    }

    async fn claim(&self, id: PaymentId) -> Result<Option<(Payment, Session, Time)>> {
        self.db
            .write_guarded(async move |tx: &Tx| {
                let Some(session) = session_store::find(tx, id).await? else {
                    return Ok(None);
                };
                let now = tx.now();
                let next = next_look(now, session.checks, session.expires_at);
                if !session_store::claim(tx, id, session.checks, next).await? {
                    return Ok(None);
                }
                Ok(Some((payment_get_in(tx, id).await?, session, now)))
            })
            .await
    }

    async fn session_end(&self, id: PaymentId) -> Result<()> {
        self.db
            .write_guarded(async move |tx: &Tx| session_store::end(tx, id).await)
            .await
    }

    /// Records how a refund stands, as its provider told unasked.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn refund_told(&self, ctx: &Ctx, id: &RefundId, said: &RefundSaid) -> Result<()> {
        let id = id.clone();
        let found = self
            .db
            .read(async move |r: &Reader| store::find_requested(r, &id).await)
            .await?;
        match found {
            Some((refund, payment)) => self.refund_said(ctx, refund, payment, said.clone()).await,
            None => Ok(()),
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &dyn Provider> {
        self.providers.iter().map(AsRef::as_ref)
    }

    pub(crate) fn find(&self, name: ProviderName) -> Option<&dyn Provider> {
        self.all().find(|p| p.name() == name)
    }

    pub(crate) fn provider(&self, name: ProviderName) -> Result<&dyn Provider> {
        self.find(name)
            .ok_or_else(|| Error::new(&METHOD_UNAVAILABLE).with("provider", name.as_str()))
    }
}

/// The payment a word is about: by our name for it, by the provider's, or by our name for the refund.
async fn payment_of_in(tx: &Tx, provider: ProviderName, told: &Told) -> Result<Option<Payment>> {
    let mut id = told.payment.parse::<PaymentId>().ok();
    if id.is_none()
        && let Some(reference) = &told.reference
    {
        id = session_store::find_by_reference(tx, provider, reference).await?;
    }
    let Some(id) = id else { return Ok(None) };
    let found = store::find(tx, id).await?;
    Ok(found.filter(|payment| payment.provider == provider))
}
