//! `storeloop doctor`

use base::Ctx;
use startup::config::Config;

use crate::commands::{Done, open, say, words};
use crate::house::{self, House};

/// What was looked at, what was found, and how to mend it.
struct Finding {
    what: &'static str,
    good: bool,
    found: String,
}

/// Looks whether everything is as it should be.
///
/// # Errors
/// When something is not; each finding says how to mend it.
pub(crate) async fn doctor(config: &Config) -> Done {
    let house = open(config).await?;
    let findings = look(config, &house).await;
    house.db.shutdown().await;
    for one in &findings {
        say(&format!(
            "{} {:<18} {}",
            if one.good { "ok " } else { "BAD" },
            one.what,
            one.found
        ));
    }
    let bad = findings.iter().filter(|one| !one.good).count();
    if bad == 0 {
        Ok(())
    } else {
        Err(format!("{bad} of {} checks found something", findings.len()))
    }
}

async fn look(config: &Config, house: &House) -> Vec<Finding> {
    vec![
        database(house).await,
        keys(config),
        stock(house).await,
        points(house).await,
        audit(house).await,
        events(house).await,
        jobs(house).await,
        staff(house).await,
    ]
}

fn finding(what: &'static str, found: Result<(bool, String), String>) -> Finding {
    match found {
        Ok((good, found)) => Finding { what, good, found },
        Err(found) => Finding {
            what,
            good: false,
            found,
        },
    }
}

async fn database(house: &House) -> Finding {
    let now = house.db.now().await.map_err(words);
    finding(
        "database",
        now.map(|now| {
            (
                true,
                format!("{} answers, its clock says {now}", house.db.engine().as_str()),
            )
        }),
    )
}

fn keys(config: &Config) -> Finding {
    let path = config.data_dir.join(house::KEY_FILE);
    #[cfg(unix)]
    let private = {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(&path).map(|m| m.permissions().mode() & 0o077 == 0)
    };
    #[cfg(not(unix))]
    let private = std::fs::metadata(&path).map(|_| true);
    let found = match private {
        Ok(true) => Ok((true, format!("{} is readable by its owner only", path.display()))),
        Ok(false) => Ok((
            false,
            format!("others can read {0}; run: chmod 600 {0}", path.display()),
        )),
        Err(error) => Err(format!("{}: {error}", path.display())),
    };
    finding("key file", found)
}

async fn stock(house: &House) -> Finding {
    let report = house
        .stock
        .drift_check(&Ctx::system("doctor"))
        .await
        .map_err(words);
    finding(
        "stock ledger",
        report.map(|report| match report.rows {
            0 => (true, "every balance equals its ledger".to_owned()),
            rows => (
                false,
                format!("{rows} balances differ; repair with POST /api/v1/stock/drift/repair"),
            ),
        }),
    )
}

async fn points(house: &House) -> Finding {
    let drift = house.loyalty.drift().await.map_err(words);
    finding(
        "points ledger",
        drift.map(|rows| match rows.len() {
            0 => (true, "every balance equals its ledger".to_owned()),
            rows => (
                false,
                format!("{rows} balances differ from the ledger; restore from a backup"),
            ),
        }),
    )
}

async fn audit(house: &House) -> Finding {
    let verdict = house
        .access
        .audit_verify(&Ctx::system("doctor"), None)
        .await
        .map_err(words);
    finding(
        "audit trail",
        verdict.map(|verdict| {
            if verdict.ok {
                (
                    true,
                    format!("{} entries, head {}", verdict.entries, verdict.head),
                )
            } else {
                (
                    false,
                    format!("broken after entry {}; compare with a backup", verdict.entries),
                )
            }
        }),
    )
}

async fn events(house: &House) -> Finding {
    let parked = house.bus.parked().await.map_err(words);
    finding(
        "events",
        parked.map(|parked| {
            let stuck: Vec<String> = parked
                .iter()
                .filter(|one| one.retry_at.is_none())
                .map(|one| format!("{} {}: {}", one.subscriber, one.aggregate, one.reason))
                .collect();
            match stuck.is_empty() {
                true => (true, "no event is stuck".to_owned()),
                false => (false, format!("{} stuck: {}", stuck.len(), stuck.join("; "))),
            }
        }),
    )
}

async fn jobs(house: &House) -> Finding {
    let dead = house.jobs().dead().await.map_err(words);
    finding(
        "background jobs",
        dead.map(|dead| match dead.len() {
            0 => (true, "none gave up".to_owned()),
            count => (false, format!("{count} gave up; see the log for their reasons")),
        }),
    )
}

async fn staff(house: &House) -> Finding {
    let ctx = Ctx::system("doctor");
    let page = match base::PageSize::new(Some(1)) {
        Ok(size) => house.access.staff_list(&ctx, None, size).await.map_err(words),
        Err(error) => Err(words(error)),
    };
    finding(
        "staff",
        page.map(|page| match page.items.is_empty() {
            false => (true, "somebody can sign in".to_owned()),
            true => (
                false,
                "nobody can sign in; run: storeloop user create <login> --role admin".to_owned(),
            ),
        }),
    )
}
