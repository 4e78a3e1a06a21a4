//! The real files of the data folder, reconciled with the figures its README states. Skipped where absent.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on can only fail"
)]

mod common;

use base::Locale;
use import::{Assembly, Flow, IssueLog, assemble};

fn read(name: &str, files: &[&str]) -> Option<(Assembly, IssueLog)> {
    let job = common::preset_job(name, files)?;
    let mut issues = IssueLog::default();
    let assembly = assemble(&job.mapping, &job.files, &mut issues, &mut |_| Flow::Continue)
        .unwrap_or_else(|e| panic!("{e}"));
    eprintln!("{}", assembly.reconciliation.table(Locale::En));
    for count in issues.summary() {
        eprintln!("{:>6} {} e.g. {:?}", count.rows, count.code.code, count.first);
    }
    Some((assembly, issues))
}

#[test]
fn online_retail_adds_up() {
    let Some((assembly, issues)) = read(
        "online-retail",
        &["online_retail/online_retail_2010-12_2011-12.csv.gz"],
    ) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(assembly.reconciliation.agrees());
    let total = assembly.reconciliation.total();
    assert_eq!((total.rows, total.quantity), (541_909, 5_176_450));
    assert_eq!(total.amount.to_string(), "9747747.934");
    assert_eq!(total.rounding(2).to_string(), "0.004");
}

#[test]
fn olist_adds_up() {
    let Some((assembly, issues)) = read("olist", &["olist/sample_cabg"]) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(assembly.reconciliation.agrees());
}

#[test]
fn tmall_adds_up() {
    let Some((assembly, issues)) = read("tmall-orders", &["tmall_orders/tmall_order_report.csv"]) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(assembly.reconciliation.agrees());
}

#[test]
fn best_buy_adds_up() {
    let Some((stores, issues)) = read("bestbuy-stores", &["stores/bestbuy/stores.json"]) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(stores.reconciliation.agrees());
    let Some((tree, issues)) = read("bestbuy-categories", &["stores/bestbuy/categories.json"]) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(tree.reconciliation.agrees());
}

#[test]
fn starbucks_adds_up() {
    let Some((assembly, issues)) = read("starbucks-stores", &["stores/starbucks_store_worldwide.csv.gz"])
    else {
        return;
    };
    assert!(assembly.reconciliation.agrees());
    assert_eq!(assembly.places.len() as u64 + issues.rows(), 25_600);
    assert!(issues.rows() < 5);
}

#[test]
fn litemall_adds_up() {
    let Some((assembly, issues)) = read("litemall-catalogue", &["catalogue_cn/litemall_data.sql"]) else {
        return;
    };
    assert_eq!(issues.rows(), 0);
    assert!(assembly.reconciliation.agrees());
}
