//! Messages through their face, on every engine.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base::{
    Actor, Ctx, Locale, MemberId, PageQuery, Permission, PlaceId, RequestId, Resource, Rights, StaffId, Text,
    Time,
};
use crypto::KeyRing;
use db::testing::{TestDb, each_engine};
use db::{MigrationSet, Tx};
use futures_util::future::BoxFuture;
use jobs::Runner;
use members::{Members, Method, OtpPolicy, Phone, Purpose, SignIn};
use outreach::{
    Accepted, Adapters, Channel, ChannelAdapter, Message, MessageImport, NewMessage, Outreach, Recipient,
    Refusal, State, Template,
};

const SETS: &[MigrationSet] = &[
    bus::MIGRATIONS,
    jobs::MIGRATIONS,
    members::MIGRATIONS,
    outreach::MIGRATIONS,
];

fn ctx() -> Ctx {
    Ctx::system("test")
}

fn phone() -> Phone {
    "13800138000".parse().unwrap()
}

fn guest() -> Recipient {
    Recipient {
        member_id: None,
        phone: Some(phone()),
        locale: Locale::En,
    }
}

fn ready(to: Recipient) -> NewMessage {
    NewMessage {
        to,
        template: Template::OrderReady {
            order_number: "S7K3-M9QD".to_owned(),
            place_name: Text::new("湖滨店", "Hubin store"),
            pickup_code: "7KQ4".to_owned(),
        },
        dedupe: Some("order_ready:1".to_owned()),
    }
}

fn campaign(to: Recipient) -> NewMessage {
    let words = Text::new("新品到店", "New in store");
    NewMessage {
        to,
        template: Template::Marketing {
            subject: words.clone(),
            body: words,
        },
        dedupe: None,
    }
}

async fn send(t: &TestDb, new: NewMessage) -> Accepted {
    t.db.write(async move |tx: &Tx| outreach::message_send_in(tx, &ctx(), &new).await)
        .await
        .unwrap()
}

/// A member who allows marketing by text message, and how they set consents later.
async fn member(t: &TestDb, locale: Locale) -> (Recipient, Members) {
    let members = Members::new(t.db.clone(), KeyRing::ephemeral().unwrap(), OtpPolicy::default());
    let house = members.clone();
    let sign_in = SignIn {
        phone: phone(),
        name: None,
        locale,
        consents: vec![(Purpose::MarketingSms, true)],
        policy_version: "2026-01".to_owned(),
    };
    let (member, _) =
        t.db.write(async move |tx: &Tx| house.member_sign_in_in(tx, &ctx(), &sign_in).await)
            .await
            .unwrap();
    (
        Recipient {
            member_id: Some(member.id),
            phone: None,
            locale: Locale::En,
        },
        members,
    )
}

fn me(to: &Recipient) -> Ctx {
    Ctx::member(to.member_id.unwrap(), Locale::Zh, RequestId("test".into()))
}

fn runner(t: &TestDb, adapters: Adapters) -> (Outreach, Runner) {
    let outreach = Outreach::new(t.db.clone(), adapters);
    let mut runner = Runner::new(t.db.clone());
    outreach.register(&mut runner);
    (outreach, runner)
}

async fn all(outreach: &Outreach) -> Vec<Message> {
    outreach
        .message_list(&ctx(), None, None, &PageQuery::default())
        .await
        .unwrap()
        .items
}

#[test]
fn told_twice_the_customer_hears_once() {
    each_engine(SETS, async |t| {
        let (outreach, runner) = runner(&t, Adapters::mailbox());
        let told = futures_util::future::join_all((0..5).map(|_| send(&t, ready(guest())))).await;
        assert!(told.iter().all(|a| a.id == told[0].id));
        assert_eq!(runner.step().await.unwrap(), 1);
        let messages = all(&outreach).await;
        assert_eq!(
            (messages.len(), messages[0].state, messages[0].locale),
            (1, State::Sent, Locale::En)
        );
        assert!(messages[0].body.contains("7KQ4"));
        assert_eq!(send(&t, ready(guest())).await.state, State::Sent);
    });
}

#[test]
fn a_member_is_written_to_in_their_language_and_reads_it() {
    each_engine(SETS, async |t| {
        let (outreach, runner) = runner(&t, Adapters::mailbox());
        let (to, _) = member(&t, Locale::Zh).await;
        send(&t, ready(to.clone())).await;
        runner.step().await.unwrap();
        let mine = outreach
            .my_messages(&me(&to), &PageQuery::default())
            .await
            .unwrap()
            .items;
        assert!(mine[0].body.contains("取货码 7KQ4") && mine[0].recipient == "+8613800138000");
        let stranger = Ctx::member(MemberId::new(), Locale::Zh, RequestId("test".into()));
        assert!(
            outreach
                .my_messages(&stranger, &PageQuery::default())
                .await
                .unwrap()
                .items
                .is_empty()
        );
        assert_eq!(
            outreach
                .message_list(&stranger, None, None, &PageQuery::default())
                .await
                .unwrap_err()
                .code(),
            "access.forbidden"
        );
    });
}

#[test]
fn marketing_needs_consent_and_service_may_be_refused() {
    each_engine(SETS, async |t| {
        let (outreach, runner) = runner(&t, Adapters::mailbox());
        assert_eq!(send(&t, campaign(guest())).await.state, State::Suppressed);
        let (to, members) = member(&t, Locale::Zh).await;
        assert_eq!(send(&t, campaign(to.clone())).await.state, State::Queued);
        members
            .consent_set(
                &me(&to),
                Purpose::Service,
                false,
                "2026-01".to_owned(),
                Method::Settings,
            )
            .await
            .unwrap();
        let answer = NewMessage {
            to: to.clone(),
            template: Template::IssueAnswer {
                words: "漏".to_owned(),
                answer: Text::new("改了", "Mended"),
            },
            dedupe: None,
        };
        assert_eq!(send(&t, answer).await.state, State::Suppressed);
        assert_eq!(send(&t, ready(to)).await.state, State::Queued);
        runner.step().await.unwrap();
        let states: Vec<State> = all(&outreach).await.iter().map(|m| m.state).collect();
        assert_eq!(states.iter().filter(|s| **s == State::Sent).count(), 2);
        assert_eq!(states.iter().filter(|s| **s == State::Suppressed).count(), 2);
    });
}

/// The campaign was queued at noon; the consent was withdrawn before it left.
#[test]
fn a_consent_withdrawn_while_the_message_waits_holds_it_back() {
    each_engine(SETS, async |t| {
        let (outreach, runner) = runner(&t, Adapters::mailbox());
        let (to, members) = member(&t, Locale::Zh).await;
        send(&t, campaign(to.clone())).await;
        members
            .consent_set(
                &me(&to),
                Purpose::MarketingSms,
                false,
                "2026-01".to_owned(),
                Method::SmsStop,
            )
            .await
            .unwrap();
        runner.step().await.unwrap();
        let messages = all(&outreach).await;
        assert_eq!(
            (messages[0].state, messages[0].suppressed_reason.as_deref()),
            (State::Suppressed, Some("consent"))
        );
        assert!(messages[0].sent_at.is_none());
    });
}

/// Fails once, then refuses what begins with a mark, and remembers what it took.
#[derive(Default)]
struct Carrier {
    calls: AtomicUsize,
    taken: Mutex<Vec<String>>,
}

impl ChannelAdapter for Carrier {
    fn deliver<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            if self.calls.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(Refusal::Later(base::Error::internal("no answer")));
            }
            if message.template == "order_ready" {
                return Err(Refusal::Final("unknown number".to_owned()));
            }
            self.taken.lock().unwrap().push(message.body.clone());
            Ok(())
        })
    }
}

#[test]
fn a_carrier_may_be_slow_or_refuse_and_keeps_no_codes() {
    each_engine(SETS, async |t| {
        let carrier = Arc::new(Carrier::default());
        let (outreach, runner) = runner(
            &t,
            Adapters::mailbox().with(Channel::Sms, Arc::clone(&carrier) as Arc<dyn ChannelAdapter>),
        );
        let otp = Template::OtpCode {
            code: "042917".to_owned(),
            minutes: 5,
        };
        send(
            &t,
            NewMessage {
                to: guest(),
                template: otp,
                dedupe: None,
            },
        )
        .await;
        runner.step().await.unwrap();
        assert_eq!(all(&outreach).await[0].state, State::Queued);
        t.clock.advance(std::time::Duration::from_secs(10));
        runner.step().await.unwrap();
        let kept = all(&outreach).await;
        assert_eq!(kept[0].state, State::Sent);
        assert!(carrier.taken.lock().unwrap()[0].contains("042917") && !kept[0].body.contains("042917"));

        send(&t, ready(guest())).await;
        runner.step().await.unwrap();
        assert_eq!(all(&outreach).await[0].state, State::Failed);
    });
}

#[test]
fn messages_of_the_past_come_over_once() {
    each_engine(SETS, async |t| {
        let (outreach, runner) = runner(&t, Adapters::mailbox());
        let at = Time::from_seconds(1_700_000_000);
        let import = MessageImport {
            id: base::MessageId::new(),
            message: ready(guest()),
            at,
        };
        for landed in [1, 0] {
            let import = import.clone();
            let done = t.db.write(async move |tx: &Tx| {
                outreach::import_messages_in(tx, std::slice::from_ref(&import)).await
            });
            assert_eq!(done.await.unwrap(), landed);
        }
        assert_eq!(runner.step().await.unwrap(), 0);
        assert_eq!(all(&outreach).await[0].sent_at, Some(at));
        let (caller, page) = (ctx(), PageQuery::default());
        let found = outreach
            .message_list(&caller, Some("138 0013 8000"), Some(Channel::Sms), &page)
            .await;
        assert_eq!(found.unwrap().items.len(), 1);
    });
}

/// May read messages and nothing else.
#[derive(Debug)]
struct Reader;

impl Rights for Reader {
    fn allows(&self, permission: Permission, _: &Resource) -> bool {
        permission == outreach::MESSAGE_READ
    }
    fn places(&self, _: Permission) -> Option<Vec<PlaceId>> {
        None
    }
}

#[test]
fn without_the_right_to_personal_data_nobody_reads_phones_or_codes() {
    each_engine(SETS, async |t| {
        let (outreach, _) = runner(&t, Adapters::mailbox());
        let otp = Template::OtpCode {
            code: "042917".to_owned(),
            minutes: 5,
        };
        send(
            &t,
            NewMessage {
                to: guest(),
                template: otp,
                dedupe: None,
            },
        )
        .await;
        let staff = Actor::Staff(StaffId::new());
        let reader = Ctx::new(staff, Arc::new(Reader), Locale::Zh, RequestId("test".into()));
        let page = PageQuery::default();
        let seen = outreach
            .message_list(&reader, None, None, &page)
            .await
            .unwrap()
            .items;
        assert_eq!(seen[0].recipient, "+86138****8000");
        assert!(!seen[0].body.contains("042917"));
        let whole = all(&outreach).await;
        assert!(whole[0].body.contains("042917") && whole[0].recipient == "+8613800138000");
    });
}
