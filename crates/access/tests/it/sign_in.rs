//! Who is let in, and how long somebody may guess.

use std::time::Duration;

use access::{BAD_CREDENTIALS, LOCKED, Role, Scope, StaffChange};
use base::Ctx;

use crate::world::{PASSWORD, each};

#[test]
fn the_right_password_opens_a_session_with_the_role_s_permissions() {
    each(|world| async move {
        world
            .hire("li.lei", &[(Role::Associate, Scope::Place(world.bund))])
            .await;
        let signed_in = world.sign_in(" Li.Lei ", PASSWORD, None).await.unwrap();
        assert_eq!(signed_in.staff.login, "li.lei");
        let permissions: Vec<&str> = signed_in.permissions.iter().map(|p| p.as_str()).collect();
        assert!(permissions.contains(&"fulfilment.pick") && !permissions.contains(&"staff.manage"));
    });
}

#[test]
fn an_unknown_login_and_a_wrong_password_look_the_same() {
    each(|world| async move {
        world.admin().await;
        let unknown = world.sign_in("nobody", PASSWORD, None).await.unwrap_err();
        let wrong = world.sign_in("admin", "wrong password", None).await.unwrap_err();
        assert!(unknown.is(&BAD_CREDENTIALS) && wrong.is(&BAD_CREDENTIALS));
        assert_eq!(unknown.facts(), wrong.facts());
    });
}

#[test]
fn a_shut_account_cannot_sign_in() {
    each(|world| async move {
        world.admin().await;
        let staff = world.hire("han.mei", &[(Role::Data, Scope::All)]).await;
        let change = StaffChange {
            active: Some(false),
            ..StaffChange::default()
        };
        world
            .access
            .staff_update(&Ctx::system("test"), staff.id, change, None)
            .await
            .unwrap();
        assert!(
            world
                .sign_in("han.mei", PASSWORD, None)
                .await
                .unwrap_err()
                .is(&BAD_CREDENTIALS)
        );
    });
}

#[test]
fn after_five_wrong_guesses_even_the_right_one_waits() {
    each(|world| async move {
        world.admin().await;
        for _ in 0..5 {
            assert!(
                world
                    .sign_in("admin", "wrong password", None)
                    .await
                    .unwrap_err()
                    .is(&BAD_CREDENTIALS)
            );
        }
        let locked = world.sign_in("admin", PASSWORD, None).await.unwrap_err();
        assert!(locked.is(&LOCKED));
        assert_eq!(locked.facts()["retry_after_s"], 900);

        world
            .sign_in_from("10.9.9.9", "admin", PASSWORD, None)
            .await
            .unwrap();

        world.test.clock.advance(Duration::from_secs(900));
        world.sign_in("admin", PASSWORD, None).await.unwrap();
    });
}

#[test]
fn a_success_forgets_the_failures_before_it() {
    each(|world| async move {
        world.admin().await;
        for _ in 0..3 {
            for _ in 0..4 {
                world.sign_in("admin", "wrong password", None).await.unwrap_err();
            }
            world.sign_in("admin", PASSWORD, None).await.unwrap();
        }
    });
}

#[test]
fn guesses_spread_over_addresses_are_counted_together() {
    each(|world| async move {
        world.admin().await;
        for n in 0..30 {
            let address = format!("10.0.1.{n}");
            let refused = world
                .sign_in_from(&address, "admin", "wrong password", None)
                .await
                .unwrap_err();
            assert!(refused.is(&BAD_CREDENTIALS), "guess {n}");
        }
        let locked = world
            .sign_in_from("10.0.2.1", "admin", PASSWORD, None)
            .await
            .unwrap_err();
        assert!(locked.is(&LOCKED));
    });
}

#[test]
fn one_password_tried_on_many_logins_is_counted_together() {
    each(|world| async move {
        for n in 0..100 {
            let refused = world
                .sign_in(&format!("user{n}"), "Spring-2026!", None)
                .await
                .unwrap_err();
            assert!(refused.is(&BAD_CREDENTIALS), "guess {n}");
        }
        assert!(
            world
                .sign_in("user100", "Spring-2026!", None)
                .await
                .unwrap_err()
                .is(&LOCKED)
        );
    });
}

#[test]
fn guesses_at_the_same_moment_do_not_slip_through_together() {
    each(|world| async move {
        world.admin().await;
        let guesses = (0..20).map(|_| world.sign_in("admin", "wrong password", None));
        let outcomes = futures_util::future::join_all(guesses).await;
        let looked_at = outcomes
            .iter()
            .filter(|o| o.as_ref().is_err_and(|e| e.is(&BAD_CREDENTIALS)))
            .count();
        assert_eq!(looked_at, 5);
        assert!(
            world
                .sign_in("admin", PASSWORD, None)
                .await
                .unwrap_err()
                .is(&LOCKED)
        );
    });
}
