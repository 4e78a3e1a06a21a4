//! Words and answers through their face, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use base::{
    Ctx, FeedbackId, Locale, MemberId, OrderId, PageQuery, PlaceId, ProductId, RequestId, Result, StaffId,
    Text,
};
use db::testing::{START, TestDb, each_engine};
use db::{MigrationSet, Reader, Tx};
use voice::{
    About, AnswerGiven, AnswerOutcome, Bought, Claim, Counts, FeedbackFilter, FeedbackImport, FeedbackState,
    Invitation, Issue, IssueChange, IssueState, Metric, MyVoiceState, NewAction, NewFeedback, NewIssue,
    NewSurvey, Period, Priority, Source, Survey, SurveyPolicy, Voice,
};

const SETS: &[MigrationSet] = &[bus::MIGRATIONS, members::MIGRATIONS, voice::MIGRATIONS];
const DAY: Duration = Duration::from_secs(86_400);

fn ctx() -> Ctx {
    Ctx::system("test")
}

fn guest() -> Ctx {
    Ctx::anonymous(Locale::Zh, RequestId("test".into()))
}

fn house(t: &TestDb) -> Voice {
    Voice::new(t.db.clone(), SurveyPolicy::default())
}

fn asked(member_id: Option<MemberId>) -> NewSurvey {
    NewSurvey {
        order_id: OrderId::new(),
        order_number: "S7K3-M9QD".to_owned(),
        member_id,
        contact_phone: None,
        locale: Locale::Zh,
        place_id: Some(PlaceId::new()),
        place_name: Some(Text::new("湖滨店", "Hubin store")),
        city: Some(Text::new("杭州", "Hangzhou")),
        products: vec![Bought {
            product_id: ProductId::new(),
            name: Text::new("玫瑰精华", "Rose Serum"),
        }],
    }
}

async fn invite(t: &TestDb, voice: &Voice, about: &NewSurvey) -> Invitation {
    let (voice, about) = (voice.clone(), about.clone());
    t.db.write(async move |tx: &Tx| voice.survey_invite_in(tx, &about).await)
        .await
        .unwrap()
}

fn token(invitation: Invitation) -> String {
    match invitation {
        Invitation::Ask { token, .. } => token,
        other => panic!("not asked: {other:?}"),
    }
}

async fn answer(voice: &Voice, token: &str, score: u8, text: &str) -> Result<Survey> {
    voice
        .survey_answer(&guest(), token, score, text.to_owned(), vec![])
        .await
}

async fn said(t: &TestDb, text: &str, member_id: Option<MemberId>) -> FeedbackId {
    let new = NewFeedback {
        source: Source::Counter,
        score: Some(1),
        text: text.to_owned(),
        topics: vec![],
        about: About {
            member_id,
            ..About::default()
        },
    };
    t.db.write(async move |tx: &Tx| Ok(voice::feedback_record_in(tx, &ctx(), new.clone()).await?.id))
        .await
        .unwrap()
}

async fn all(voice: &Voice, filter: FeedbackFilter) -> Vec<voice::Feedback> {
    let page = voice
        .feedback_list(&ctx(), filter, &PageQuery::default())
        .await
        .unwrap();
    page.items.into_iter().map(|view| view.feedback).collect()
}

#[test]
fn an_order_is_asked_about_once_and_answered_once() {
    each_engine(SETS, async |t| {
        let (voice, about) = (house(&t), asked(Some(MemberId::new())));
        let token = token(invite(&t, &voice, &about).await);
        assert!(token.len() > 40);
        assert_eq!(invite(&t, &voice, &about).await, Invitation::Before);
        assert_eq!(
            voice.survey_get("sv_guess").await.unwrap_err().code(),
            "not_found"
        );

        // Two tabs, twenty presses.
        let presses = (0..20).map(|_| answer(&voice, &token, 2, " 泵头漏液，太失望了 "));
        let outcomes = futures_util::future::join_all(presses).await;
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1);
        let refused = outcomes.iter().filter_map(|o| o.as_ref().err());
        assert!(refused.into_iter().all(|e| e.code() == "survey.already_answered"));

        let heard = all(&voice, FeedbackFilter::default()).await;
        assert_eq!(heard.len(), 1);
        let feedback = &heard[0];
        assert_eq!(
            (feedback.source, feedback.score, feedback.topics[0].as_str()),
            (Source::Survey, Some(2), "packaging")
        );
        assert_eq!(
            (feedback.about.order_id, feedback.about.member_id),
            (Some(about.order_id), about.member_id)
        );
        assert_eq!(feedback.about.product_id, Some(about.products[0].product_id));
        assert_eq!(feedback.text, "泵头漏液，太失望了");
    });
}

#[test]
fn only_words_or_a_low_score_wait_for_a_person() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        for (score, text) in [(5, ""), (4, "  "), (3, ""), (5, "很好用")] {
            let token = token(invite(&t, &voice, &asked(None)).await);
            answer(&voice, &token, score, text).await.unwrap();
        }
        assert_eq!(all(&voice, FeedbackFilter::default()).await.len(), 2);
        let csat =
            t.db.read(async |r: &Reader| voice::csat_in(r, START, START.after(DAY)).await)
                .await
                .unwrap();
        assert_eq!(
            (csat.n, csat.mean, csat.share_satisfied),
            (4, Some(4.25), Some(0.75))
        );
        let [low, high] = csat.interval.unwrap();
        assert!(low < 4.25 && high > 4.25);
    });
}

#[test]
fn answers_outside_the_scale_or_unknown_topics_change_nothing() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        let token = token(invite(&t, &voice, &asked(None)).await);
        for score in [0, 6, 11] {
            assert_eq!(
                answer(&voice, &token, score, "").await.unwrap_err().code(),
                "input.invalid"
            );
        }
        assert_eq!(
            answer(&voice, &token, 1, &"漏".repeat(5_001))
                .await
                .unwrap_err()
                .code(),
            "input.invalid"
        );
        let weather = voice
            .survey_answer(&guest(), &token, 5, String::new(), vec!["weather".to_owned()])
            .await;
        assert_eq!(weather.unwrap_err().code(), "input.invalid");
        assert!(voice.survey_get(&token).await.unwrap().answered.is_none());
        let waited = voice
            .survey_answer(&guest(), &token, 1, String::new(), vec!["wait".to_owned()])
            .await;
        assert!(waited.is_ok());
        assert_eq!(
            all(
                &voice,
                FeedbackFilter {
                    topic: Some("wait".to_owned()),
                    ..FeedbackFilter::default()
                }
            )
            .await
            .len(),
            1
        );
    });
}

#[test]
fn a_survey_closes_with_a_day_of_grace() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        let (first, second) = (
            invite(&t, &voice, &asked(None)).await,
            invite(&t, &voice, &asked(None)).await,
        );
        t.clock.advance(30 * DAY);
        answer(&voice, &token(first), 1, "晚了一点").await.unwrap();
        t.clock.advance(DAY);
        assert_eq!(
            answer(&voice, &token(second), 1, "").await.unwrap_err().code(),
            "survey.closed"
        );
    });
}

#[test]
fn who_was_asked_lately_is_left_in_peace() {
    each_engine(SETS, async |t| {
        let policy = SurveyPolicy {
            quiet: 14 * DAY,
            ..SurveyPolicy::default()
        };
        let (voice, member) = (Voice::new(t.db.clone(), policy), Some(MemberId::new()));
        token(invite(&t, &voice, &asked(member)).await);
        t.clock.advance(3 * DAY);
        assert_eq!(invite(&t, &voice, &asked(member)).await, Invitation::TooSoon);
        token(invite(&t, &voice, &asked(None)).await);
        t.clock.advance(11 * DAY);
        token(invite(&t, &voice, &asked(member)).await);
    });
}

#[test]
fn voices_are_listed_filtered_and_set_aside() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        let leak = said(&t, "泵头漏液", None).await;
        t.clock.advance(Duration::from_secs(1));
        let wait = said(&t, "waited in the queue for ages", None).await;
        let ids =
            async |filter: FeedbackFilter| all(&voice, filter).await.iter().map(|f| f.id).collect::<Vec<_>>();
        assert_eq!(ids(FeedbackFilter::default()).await, [wait, leak]);
        let topic = |topic: &str| FeedbackFilter {
            topic: Some(topic.to_owned()),
            ..FeedbackFilter::default()
        };
        assert_eq!(ids(topic("packaging")).await, [leak]);
        let words = |words: &str| FeedbackFilter {
            words: Some(words.to_owned()),
            ..FeedbackFilter::default()
        };
        assert_eq!(ids(words("QUEUE")).await, [wait]);
        assert_eq!(ids(words("漏液")).await, [leak]);
        assert!(ids(words("100%")).await.is_empty());
        assert!(
            ids(FeedbackFilter {
                place: Some(PlaceId::new()),
                ..FeedbackFilter::default()
            })
            .await
            .is_empty()
        );

        let done = voice.feedback_dismiss(&ctx(), leak, "重复").await.unwrap();
        assert_eq!(done.feedback.state, FeedbackState::Dismissed);
        assert_eq!(
            voice
                .feedback_dismiss(&ctx(), leak, "重复")
                .await
                .unwrap_err()
                .code(),
            "feedback.not_open"
        );
        assert_eq!(
            voice
                .feedback_dismiss(&ctx(), wait, "  ")
                .await
                .unwrap_err()
                .code(),
            "input.invalid"
        );
        let nobody = voice
            .feedback_list(&guest(), FeedbackFilter::default(), &PageQuery::default())
            .await;
        assert_eq!(nobody.unwrap_err().code(), "access.unauthenticated");
    });
}

#[test]
fn alike_voices_are_grouped_with_their_usual_rate() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        for days in 0..5 {
            t.clock.set(START.after(days * 7 * DAY));
            let old = said(&t, "瓶子漏液", None).await;
            voice.feedback_dismiss(&ctx(), old, "已处理").await.unwrap();
        }
        t.clock.set(START.after(60 * DAY));
        for text in [
            "泵头漏液",
            "精华漏液，泵头坏了",
            "The pump leaks",
            "排队等了一小时",
        ] {
            said(&t, text, None).await;
        }
        let groups = voice.feedback_groups(&ctx()).await.unwrap();
        assert_eq!(groups.len(), 1);
        let leak = &groups[0];
        assert_eq!(
            (leak.feedback_ids.len(), leak.rate.recent, leak.rate.earlier),
            (3, 3, 5)
        );
        assert!((leak.ratio().unwrap() - 3.0 / (5.0 / 12.0)).abs() < 1e-9);
    });
}

async fn open_issue(t: &TestDb, feedback_ids: Vec<FeedbackId>) -> Result<Issue> {
    let new = NewIssue {
        title: "泵头漏液".to_owned(),
        feedback_ids,
        priority: Priority::High,
        owner_id: StaffId::new(),
        due_on: "2026-11-30".parse().unwrap(),
    };
    t.db.write(async move |tx: &Tx| voice::issue_open_in(tx, &ctx(), &new).await)
        .await
}

async fn add_action(t: &TestDb, issue: &Issue) -> Issue {
    let (id, due_on) = (issue.id, issue.due_on);
    let new = NewAction {
        title: "停用批次 0417".to_owned(),
        owner_id: StaffId::new(),
        due_on,
    };
    t.db.write(async move |tx: &Tx| voice::action_add_in(tx, &ctx(), id, &new).await)
        .await
        .unwrap()
}

async fn prove(t: &TestDb, issue: &Issue) -> Result<Issue> {
    let (id, now) = (issue.id, t.db.now().await?);
    let claim = Claim {
        metric: Metric::ReturnRate,
        product_id: None,
        place_id: None,
        before: Period {
            from: now.before(60 * DAY),
            to: now.before(30 * DAY),
        },
        after: Period {
            from: now.before(30 * DAY),
            to: now,
        },
    };
    t.db.write(async move |tx: &Tx| {
        let issue = voice::proof_begin_in(tx, &ctx(), id, &claim).await?;
        let (before, after) = (Counts { n: 400, k: 40 }, Counts { n: 400, k: 10 });
        voice::proof_file_in(tx, &ctx(), issue, voice::compare(&claim, before, after, tx.now())).await
    })
    .await
}

async fn close(t: &TestDb, issue: &Issue, outcome: AnswerOutcome) -> Result<Issue> {
    let id = issue.id;
    t.db.write(async move |tx: &Tx| {
        let answer = Text::new("已更换泵头", "The pump was replaced");
        let (issue, people) = voice::issue_close_begin_in(tx, &ctx(), id, &answer, None).await?;
        let given: Vec<AnswerGiven> = people
            .into_iter()
            .map(|person| AnswerGiven {
                person,
                message_id: None,
                outcome,
            })
            .collect();
        voice::issue_close_finish_in(tx, &ctx(), issue, &answer, None, &given).await
    })
    .await
}

#[test]
fn from_word_to_answer() {
    each_engine(SETS, async |t| {
        let (voice, member) = (house(&t), MemberId::new());
        let ids = vec![
            said(&t, "漏液", Some(member)).await,
            said(&t, "又漏了", Some(member)).await,
        ];
        let issue = open_issue(&t, ids.clone()).await.unwrap();
        assert_eq!(
            (issue.number, issue.state, issue.feedback_count),
            (1, IssueState::Open, 2)
        );
        assert_eq!(
            open_issue(&t, ids[..1].to_vec()).await.unwrap_err().code(),
            "feedback.not_open"
        );
        assert_eq!(
            open_issue(&t, vec![FeedbackId::new()]).await.unwrap_err().code(),
            "not_found"
        );

        let me = Ctx::member(member, Locale::En, RequestId("test".into()));
        let mine = async || voice.my_voices(&me, &PageQuery::default()).await.unwrap().items;
        assert!(
            mine()
                .await
                .iter()
                .all(|v| v.state == MyVoiceState::BeingFixed && v.answer.is_none())
        );

        let id = issue.id;
        let stale = issue.version;
        let change = IssueChange {
            cause: Some("批次 0417 的泵".to_owned()),
            ..IssueChange::default()
        };
        let changed = async |version: Option<i64>| {
            let change = change.clone();
            t.db.write(async move |tx: &Tx| voice::issue_change_in(tx, &ctx(), id, &change, version).await)
                .await
        };
        assert_eq!(changed(Some(stale)).await.unwrap().state, IssueState::CauseFound);
        assert_eq!(
            changed(Some(stale)).await.unwrap_err().code(),
            "precondition.failed"
        );

        assert_eq!(
            close(&t, &issue, AnswerOutcome::Sent).await.unwrap_err().code(),
            "issue.actions_open"
        );
        let issue = add_action(&t, &issue).await;
        assert_eq!(issue.state, IssueState::Acting);
        let action = issue.actions[0].id;
        let done = async || {
            t.db.write(async move |tx: &Tx| voice::action_done_in(tx, &ctx(), id, action).await)
                .await
        };
        t.clock.advance(DAY);
        assert_eq!(done().await.unwrap().state, IssueState::Proving);
        assert_eq!(done().await.unwrap_err().code(), "issue.action_done");
        assert_eq!(
            close(&t, &issue, AnswerOutcome::Sent).await.unwrap_err().code(),
            "issue.proof_missing"
        );
        t.clock.advance(DAY);
        let issue = prove(&t, &issue).await.unwrap();

        let closed = close(&t, &issue, AnswerOutcome::Sent).await.unwrap();
        assert_eq!(
            (closed.state, closed.answers.unwrap().sent),
            (IssueState::Closed, 1)
        );
        assert_eq!(
            close(&t, &issue, AnswerOutcome::Sent).await.unwrap_err().code(),
            "issue.closed"
        );
        assert_eq!(changed(None).await.unwrap_err().code(), "issue.closed");
        let mine = mine().await;
        assert!(mine.iter().all(|v| v.state == MyVoiceState::Answered));
        assert_eq!(mine[0].answer.as_ref().unwrap().en, "The pump was replaced");

        let (hours, n) = t
            .db
            .read(async |r: &Reader| voice::hours_word_to_answer_in(r, START, START.after(30 * DAY)).await)
            .await
            .unwrap();
        assert_eq!((hours, n), (Some(48.0), 2));
        let (_, notes) = voice.issue_get(&ctx(), id).await.unwrap();
        let kinds: Vec<&str> = notes.iter().map(|n| n.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "opened",
                "cause_found",
                "action_added",
                "action_done",
                "proof",
                "closed"
            ]
        );
    });
}

#[test]
fn issues_opened_at_once_have_their_own_numbers_and_voices() {
    each_engine(SETS, async |t| {
        let mut ids = Vec::new();
        for _ in 0..8 {
            ids.push(said(&t, "漏液", None).await);
        }
        // Everybody wants the first voice, and one of their own.
        let opened =
            futures_util::future::join_all(ids.iter().map(|id| open_issue(&t, vec![ids[0], *id]))).await;
        let mut numbers: Vec<i64> = opened
            .iter()
            .filter_map(|o| o.as_ref().ok())
            .map(|i| i.number)
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1]);
        let again = futures_util::future::join_all((0..5).map(|_| open_issue(&t, vec![]))).await;
        let mut numbers: Vec<i64> = again.into_iter().map(|i| i.unwrap().number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [2, 3, 4, 5, 6]);
    });
}

#[test]
fn evidence_counts_what_the_surveys_said() {
    each_engine(SETS, async |t| {
        let (voice, about) = (house(&t), asked(None));
        let product = about.products[0].product_id;
        let token_a = token(invite(&t, &voice, &about).await);
        answer(&voice, &token_a, 2, "漏").await.unwrap();
        let token_b = token(invite(&t, &voice, &asked(None)).await);
        answer(&voice, &token_b, 5, "").await.unwrap();
        let count = async |product: Option<ProductId>, place: Option<PlaceId>| {
            t.db.read(async move |r: &Reader| {
                let (from, to) = (START, START.after(DAY));
                let low = voice::low_scores_in(r, product, place, from, to).await?;
                Ok((
                    low.k,
                    low.n,
                    voice::orders_spoken_of_in(r, product, place, from, to).await?,
                ))
            })
            .await
            .unwrap()
        };
        assert_eq!(count(None, None).await, (1, 2, 1));
        assert_eq!(count(Some(product), None).await, (1, 1, 1));
        assert_eq!(count(Some(product), about.place_id).await, (1, 1, 1));
        assert_eq!(count(None, Some(PlaceId::new())).await, (0, 0, 0));
    });
}

#[test]
fn what_was_said_before_comes_over_once() {
    each_engine(SETS, async |t| {
        let voice = house(&t);
        let import = FeedbackImport {
            id: FeedbackId::new(),
            feedback: NewFeedback {
                source: Source::Review,
                score: None,
                text: "The pump leaks, very disappointed".to_owned(),
                topics: vec![],
                about: About::default(),
            },
            survey_id: None,
            state: FeedbackState::New,
            heard_at: START.before(10 * DAY),
        };
        for landed in [1, 0] {
            let import = import.clone();
            let run = t.db.write(async move |tx: &Tx| {
                voice::import_feedback_in(tx, std::slice::from_ref(&import)).await
            });
            assert_eq!(run.await.unwrap(), landed);
        }
        let heard = all(&voice, FeedbackFilter::default()).await;
        assert_eq!(
            (heard.len(), heard[0].topics[0].as_str(), heard[0].heard_at),
            (1, "packaging", import.heard_at)
        );
    });
}
