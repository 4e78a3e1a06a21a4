//! A cash desk for the tests: starts payments, lets payers come, listens, asks.

use std::sync::Arc;

use base::{Ctx, Currency, ManualClock, Money, OrderId, PaymentId, Result};
use db::testing::TestDb;
use db::{Reader, Tx};
use payments::{
    Action, Ask, Fact, Judged, Notice, Payment, Payments, ProviderEvent, ProviderName, RefundId, Sent,
    Session, Way,
};
use std::time::Duration;

/// How long a payer has.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

pub struct Desk {
    pub t: TestDb,
    pub payments: Payments,
    pub name: ProviderName,
}

pub fn ctx() -> Ctx {
    Ctx::system("test")
}

pub fn ask(way: Way) -> Ask {
    Ask {
        way,
        subject: "店环订单 SL-1 & more".into(),
        payer: Some("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into()),
        payer_address: Some("192.0.2.7".into()),
    }
}

impl Desk {
    pub fn new(t: TestDb, payments: Payments, name: ProviderName) -> Self {
        Self { t, payments, name }
    }

    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.t.clock
    }

    pub async fn start(&self, minor: i64) -> Payment {
        let name = self.name;
        let unit = async move |tx: &Tx| {
            let payment = Payment::new(OrderId::new(), name, Money::new(minor, Currency::CNY), tx.now());
            payments::payment_start_in(tx, &ctx(), &payment).await?;
            Ok(payment)
        };
        self.t.db.write(unit).await.unwrap()
    }

    pub async fn begin(&self, payment: &Payment, way: Way) -> Result<Session> {
        let payment = payment.clone();
        let unit = async move |tx: &Tx| {
            payments::session_begin_in(tx, &payment, way, tx.now().after(PATIENCE)).await
        };
        self.t.db.write(unit).await
    }

    pub async fn open(&self, payment: &Payment, way: Way) -> Result<Action> {
        let session = self.begin(payment, way).await?;
        self.payments.session_open(payment, session, &ask(way)).await
    }

    pub async fn see(&self, id: PaymentId) -> Payment {
        let read = async move |r: &Reader| payments::payment_get_in(r, id).await;
        self.t.db.read(read).await.unwrap()
    }

    /// A message of the provider, proved, judged, booked.
    pub async fn hear(&self, sent: &Sent) -> Result<Vec<Judged>> {
        let notice = self.payments.notification_read(self.name, sent).await?;
        let judged = self.book(&notice).await?;
        self.payments.notice_keep(self.name, &notice, &judged).await?;
        Ok(judged)
    }

    async fn book(&self, notice: &Notice) -> Result<Vec<Judged>> {
        let mut all = Vec::new();
        for told in &notice.told {
            let judged = self.payments.told_judge(self.name, told).await?;
            self.apply(&judged).await?;
            all.push(judged);
        }
        Ok(all)
    }

    pub async fn apply(&self, judged: &Judged) -> Result<()> {
        match judged {
            Judged::Event(event) => self.event(event.clone()).await,
            Judged::Refund(id, said) => self.payments.refund_told(&ctx(), id, said).await,
            _ => Ok(()),
        }
    }

    async fn event(&self, event: ProviderEvent) -> Result<()> {
        let unit = async move |tx: &Tx| {
            let payment = payments::payment_get_in(tx, event.payment_id).await?;
            payments::payment_apply_in(tx, &ctx(), payment, &event)
                .await
                .map(|_| ())
        };
        self.t.db.write(unit).await
    }

    /// What the loop does about payments that are due.
    pub async fn look(&self, id: PaymentId) -> Result<Vec<Judged>> {
        let looked = self.payments.session_look(id).await?;
        let mut all = Vec::new();
        for told in &looked.told {
            let judged = self.payments.told_judge(self.name, told).await?;
            self.apply(&judged).await?;
            all.push(judged);
        }
        Ok(all)
    }

    /// The payment is given up here; its provider is not told yet.
    pub async fn give_up(&self, payment: &Payment) {
        let id = payment.id;
        let unit = async move |tx: &Tx| {
            let payment = payments::payment_get_in(tx, id).await?;
            payments::payment_void_in(tx, &ctx(), &[payment]).await
        };
        self.t.db.write(unit).await.unwrap();
    }

    pub async fn captured(&self, minor: i64, way: Way) -> Payment {
        let payment = self.start(minor).await;
        self.open(&payment, way).await.unwrap();
        let event = ProviderEvent {
            payment_id: payment.id,
            event_id: "paid".into(),
            fact: Fact::Captured { total: minor },
        };
        self.event(event).await.unwrap();
        self.see(payment.id).await
    }

    pub async fn ask_back(&self, payment: &Payment, minor: i64, source: &'static str) -> RefundId {
        let id = payment.id;
        let unit = async move |tx: &Tx| {
            let payment = payments::payment_get_in(tx, id).await?;
            payments::payment_refund_one_in(tx, &ctx(), payment, minor, source).await
        };
        self.t.db.write(unit).await.unwrap()
    }

    pub async fn drift(&self) -> i64 {
        self.payments.payment_drift().await.unwrap()
    }
}
