//! The real files of the data folder, reconciled with the figures its README states. Skipped where absent.

use std::path::{Path, PathBuf};

use base::Locale;
use import::{Assembly, IssueLog, assemble, preset};

/// The data folder: `STORELOOP_DATA`, or `../shared/data` beside the workspace.
fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("STORELOOP_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: data not present");
    None
}

fn read(name: &str, files: &[&str]) -> Option<(Assembly, IssueLog)> {
    let folder = data()?;
    let files: Vec<PathBuf> = files
        .iter()
        .flat_map(|f| match folder.join(f) {
            path if path.is_dir() => {
                let mut all: Vec<_> = std::fs::read_dir(path)
                    .unwrap()
                    .map(|e| e.unwrap().path())
                    .collect();
                all.sort();
                all
            }
            path => vec![path],
        })
        .collect();
    let mapping = preset::preset(name).unwrap().unwrap();
    let mut issues = IssueLog::default();
    let assembly = assemble(&mapping, &files, &mut issues, &mut |_| {}).unwrap_or_else(|e| panic!("{e}"));
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
