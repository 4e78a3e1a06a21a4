//! Members through their face, on every engine.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use base::{Ctx, Locale, MemberId, PageQuery, RequestId, Result, Time};
use crypto::KeyRing;
use db::testing::{TestDb, each_engine};
use db::{MigrationSet, Reader, Tx};
use members::{
    Consent, Member, MemberChange, MemberImport, Members, Method, OtpPolicy, OtpVerdict, Phone, Purpose,
    SignIn,
};

const SETS: &[MigrationSet] = &[bus::MIGRATIONS, members::MIGRATIONS];

fn phone(text: &str) -> Phone {
    text.parse().unwrap()
}

fn guest() -> Ctx {
    Ctx::anonymous(Locale::Zh, RequestId("test".into()))
}

fn member_ctx(id: MemberId) -> Ctx {
    Ctx::member(id, Locale::Zh, RequestId("test".into()))
}

fn house(t: &TestDb) -> Members {
    Members::new(t.db.clone(), KeyRing::ephemeral().unwrap(), OtpPolicy::default())
}

async fn issue(t: &TestDb, members: &Members, phone: &Phone) -> Result<String> {
    let (members, phone) = (members.clone(), phone.clone());
    t.db.write(async move |tx: &Tx| {
        members
            .otp_issue_in(tx, &phone, Some("10.0.0.1"))
            .await
            .map(|o| o.code)
    })
    .await
}

async fn try_code(t: &TestDb, members: &Members, phone: &Phone, code: &str) -> OtpVerdict {
    let (members, phone, code) = (members.clone(), phone.clone(), code.to_owned());
    t.db.write(async move |tx: &Tx| members.otp_consume_in(tx, &phone, &code).await)
        .await
        .unwrap()
}

async fn sign_in(
    t: &TestDb,
    members: &Members,
    number: &str,
    consents: &[(Purpose, bool)],
) -> (Member, bool) {
    let members = members.clone();
    let sign_in = SignIn {
        phone: phone(number),
        name: Some(" 王小明 ".to_owned()),
        locale: Locale::Zh,
        consents: consents.to_vec(),
        policy_version: "2026-01".to_owned(),
    };
    t.db.write(async move |tx: &Tx| members.member_sign_in_in(tx, &guest(), &sign_in).await)
        .await
        .unwrap()
}

/// A code that is not this one.
fn other(code: &str) -> String {
    let first = if code.starts_with('0') { '1' } else { '0' };
    format!("{first}{}", &code[1..])
}

#[test]
fn a_code_opens_once_within_its_time() {
    each_engine(SETS, async |t| {
        let (members, p) = (house(&t), phone("13800138000"));
        assert_eq!(try_code(&t, &members, &p, "000000").await, OtpVerdict::Wrong);
        let code = issue(&t, &members, &p).await.unwrap();
        assert_eq!(
            try_code(&t, &members, &phone("13800138001"), &code).await,
            OtpVerdict::Wrong
        );
        assert_eq!(try_code(&t, &members, &p, &other(&code)).await, OtpVerdict::Wrong);
        assert_eq!(try_code(&t, &members, &p, &code).await, OtpVerdict::Right);
        assert_eq!(try_code(&t, &members, &p, &code).await, OtpVerdict::Wrong);

        t.clock.advance(Duration::from_secs(60));
        let late = issue(&t, &members, &p).await.unwrap();
        t.clock.advance(Duration::from_secs(5 * 60));
        assert_eq!(try_code(&t, &members, &p, &late).await, OtpVerdict::Wrong);
    });
}

#[test]
fn a_newer_code_makes_the_older_void() {
    each_engine(SETS, async |t| {
        let (members, p) = (house(&t), phone("13800138000"));
        let first = issue(&t, &members, &p).await.unwrap();
        t.clock.advance(Duration::from_secs(60));
        let mut second = issue(&t, &members, &p).await.unwrap();
        while second == first {
            t.clock.advance(Duration::from_secs(3_600));
            second = issue(&t, &members, &p).await.unwrap();
        }
        assert_eq!(try_code(&t, &members, &p, &first).await, OtpVerdict::Wrong);
        assert_eq!(try_code(&t, &members, &p, &second).await, OtpVerdict::Right);
    });
}

#[test]
fn the_fifth_wrong_try_spends_the_code() {
    each_engine(SETS, async |t| {
        let (members, p) = (house(&t), phone("13800138000"));
        let code = issue(&t, &members, &p).await.unwrap();
        for _ in 0..4 {
            assert_eq!(try_code(&t, &members, &p, &other(&code)).await, OtpVerdict::Wrong);
        }
        assert_eq!(try_code(&t, &members, &p, &other(&code)).await, OtpVerdict::Spent);
        assert_eq!(try_code(&t, &members, &p, &code).await, OtpVerdict::Spent);
    });
}

#[test]
fn of_many_at_once_one_code_lets_one_in() {
    each_engine(SETS, async |t| {
        let (members, p) = (house(&t), phone("13800138000"));
        let code = issue(&t, &members, &p).await.unwrap();
        let tries = (0..20).map(|_| try_code(&t, &members, &p, &code));
        let verdicts = futures_util::future::join_all(tries).await;
        assert_eq!(verdicts.iter().filter(|v| **v == OtpVerdict::Right).count(), 1);
    });
}

#[test]
fn asking_again_too_soon_is_refused_alike_for_members_and_strangers() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        sign_in(&t, &members, "13800138000", &[]).await;
        for number in ["13800138000", "13900139000"] {
            issue(&t, &members, &phone(number)).await.unwrap();
            let refusal = issue(&t, &members, &phone(number)).await.unwrap_err();
            assert_eq!(
                (refusal.code(), refusal.facts()["retry_after_s"].as_u64()),
                ("member.otp_throttled", Some(60))
            );
        }
    });
}

#[test]
fn one_phone_is_one_member_however_it_is_typed() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        let (first, new) = sign_in(&t, &members, "13800138000", &[(Purpose::MarketingSms, true)]).await;
        assert!(new && first.allows(Purpose::Service) && first.allows(Purpose::MarketingSms));
        assert_eq!(first.name.as_deref(), Some("王小明"));
        // An empty box withdraws nothing from a member who is known.
        let (again, new) = sign_in(
            &t,
            &members,
            "００８６ 138-0013-8000",
            &[(Purpose::MarketingSms, false)],
        )
        .await;
        assert!(!new);
        assert_eq!((again.id, again.version), (first.id, first.version));

        let racing = (0..8).map(|_| sign_in(&t, &members, "13900139000", &[]));
        let landed = futures_util::future::join_all(racing).await;
        assert_eq!(landed.iter().filter(|(_, new)| *new).count(), 1);
        assert!(landed.iter().all(|(m, _)| m.id == landed[0].0.id));
    });
}

#[test]
fn a_withdrawal_holds_at_once_and_every_receipt_is_kept() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        let (member, _) = sign_in(&t, &members, "13800138000", &[(Purpose::MarketingSms, true)]).await;
        let me = member_ctx(member.id);
        // Text message, link, settings and counter, at the same time.
        let said = [Method::SmsStop, Method::Link, Method::Settings, Method::Counter].map(|method| {
            members.consent_set(&me, Purpose::MarketingSms, false, "2026-01".to_owned(), method)
        });
        for outcome in futures_util::future::join_all(said).await {
            assert!(!outcome.unwrap().allows(Purpose::MarketingSms));
        }
        let contact =
            t.db.read(async move |r: &Reader| members::contact_in(r, member.id).await)
                .await
                .unwrap()
                .unwrap();
        assert!(!contact.marketing_sms && contact.service);
        let receipts = members.consent_receipts(&me).await.unwrap();
        let about_sms = || {
            receipts
                .iter()
                .filter(|(c, _)| c.purpose == Purpose::MarketingSms)
        };
        assert_eq!(
            about_sms().map(|(c, _)| c.granted).collect::<Vec<_>>(),
            [true, false, false, false, false]
        );
        assert!(
            about_sms()
                .skip(1)
                .all(|(_, actor)| *actor == member.id.to_string())
        );
    });
}

#[test]
fn staff_find_members_and_see_what_they_may() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        let (member, _) = sign_in(&t, &members, "13800138000", &[]).await;
        sign_in(&t, &members, "13900139000", &[]).await;
        let staff = Ctx::system("test");
        let find = async |text: &str| {
            let page = members
                .member_list(&staff, Some(text), &PageQuery::default())
                .await
                .unwrap();
            page.items.into_iter().map(|m| m.id).collect::<Vec<_>>()
        };
        for text in ["13800138000", "８０００", "138-0013", &member.number] {
            assert_eq!(find(text).await, [member.id], "{text}");
        }
        for text in ["小明", "xiaoming", "WXM", " 王 小明"] {
            assert_eq!(find(text).await.len(), 2, "{text}");
        }
        assert!(find("李雷").await.is_empty());
        let code = members.code_show(&member_ctx(member.id)).await.unwrap();
        assert_eq!(find(&code.payload).await, [member.id]);
        t.clock.advance(Duration::from_secs(121));
        let late = members
            .member_list(&staff, Some(&code.payload), &PageQuery::default())
            .await
            .unwrap_err();
        assert_eq!(late.code(), "member.code_invalid");

        let first = PageQuery {
            limit: Some(1),
            cursor: None,
        };
        let page = members.member_list(&staff, None, &first).await.unwrap();
        let second = PageQuery {
            limit: Some(1),
            cursor: page.next.clone(),
        };
        let rest = members.member_list(&staff, None, &second).await.unwrap();
        assert!(rest.next.is_none() && rest.items[0].id != page.items[0].id);

        assert_eq!(
            members
                .member_list(&guest(), None, &first)
                .await
                .unwrap_err()
                .code(),
            "access.unauthenticated"
        );
        let nosy = members
            .member_get(&member_ctx(member.id), member.id)
            .await
            .unwrap_err();
        assert_eq!(nosy.code(), "access.forbidden");
    });
}

#[test]
fn changes_are_checked_and_versioned() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        let (member, _) = sign_in(&t, &members, "13800138000", &[]).await;
        let (me, staff) = (member_ctx(member.id), Ctx::system("test"));
        let change = MemberChange {
            name: Some(Some("Alice Smith".to_owned())),
            birthday: Some(Some("1990-02-28".to_owned())),
            locale: Some(Locale::En),
            ..MemberChange::default()
        };
        let changed = members
            .member_change(&me, member.id, change.clone(), Some(member.version))
            .await
            .unwrap();
        assert_eq!(
            (changed.name.as_deref(), changed.locale),
            (Some("Alice Smith"), Locale::En)
        );
        let stale = members
            .member_change(&me, member.id, change, Some(member.version))
            .await
            .unwrap_err();
        assert_eq!(stale.code(), "precondition.failed");

        let note = MemberChange {
            notes: Some(Some("敏感肌".to_owned())),
            tags: Some(vec!["sensitive".to_owned(), "vip".to_owned()]),
            ..MemberChange::default()
        };
        let noted = members
            .member_change(&staff, member.id, note, None)
            .await
            .unwrap();
        assert_eq!((noted.tags.len(), noted.notes.as_deref()), (2, Some("敏感肌")));
        let future = MemberChange {
            birthday: Some(Some("2999-01-01".to_owned())),
            ..MemberChange::default()
        };
        assert_eq!(
            members
                .member_change(&me, member.id, future, None)
                .await
                .unwrap_err()
                .code(),
            "input.invalid"
        );
        let stranger = member_ctx(MemberId::new());
        let refusal = members
            .member_change(&stranger, member.id, MemberChange::default(), None)
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), "access.forbidden");
    });
}

#[test]
fn an_import_repeats_without_effect_and_leaves_taken_phones_out() {
    each_engine(SETS, async |t| {
        let members = house(&t);
        let (known, _) = sign_in(&t, &members, "13800138000", &[]).await;
        let at = Time::from_seconds(1_700_000_000);
        let import = |number: &str| MemberImport {
            id: MemberId::new(),
            number: None,
            name: Some("李雷".to_owned()),
            phone: Some(phone(number)),
            email: None,
            locale: Locale::Zh,
            birthday: None,
            tags: vec!["old".to_owned()],
            notes: None,
            home_place_id: None,
            consents: [true, false, true]
                .map(|granted| Consent {
                    purpose: Purpose::MarketingSms,
                    granted,
                    policy_version: "2020-01".to_owned(),
                    method: Method::Import,
                    at,
                })
                .to_vec(),
            joined_at: at,
        };
        let rows = [
            import("13800138000"),
            import("13900139000"),
            import("13700137000"),
        ];
        let run = async |rows: Vec<MemberImport>| {
            t.db.write(async move |tx: &Tx| {
                members::import_members_in(tx, &rows)
                    .await
                    .map(|o| (o.inserted, o.refused))
            })
            .await
            .unwrap()
        };
        assert_eq!(run(rows.to_vec()).await, (2, vec![rows[0].id]));
        assert_eq!(run(rows.to_vec()).await, (0, vec![rows[0].id]));
        let ids = [rows[1].id, known.id];
        let mut found =
            t.db.read(async move |r: &Reader| members::members_find_in(r, &ids).await)
                .await
                .unwrap();
        found.sort_by_key(|m| m.id != ids[0]);
        assert!(found[0].allows(Purpose::MarketingSms) && !found[1].allows(Purpose::MarketingSms));
        assert_eq!(found[0].tags, ["old"]);
    });
}
