//! Every preset on a small file of its kind: what lands, what is named as wrong, and that it adds up.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on can only fail"
)]

mod common;

use common::fixture;
use import::{Assembly, Exact, Flow, IssueLog, OrderDoc, assemble, preset};
use proptest::prelude::*;

fn read(name: &str, files: &[&str]) -> (Assembly, Vec<(u64, String)>) {
    let mapping = preset::preset(name).unwrap().unwrap();
    let files: Vec<_> = files
        .iter()
        .flat_map(|f| match fixture(f) {
            path if path.is_dir() => std::fs::read_dir(path)
                .unwrap()
                .map(|e| e.unwrap().path())
                .collect(),
            path => vec![path],
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("bad.csv");
    let mut issues = IssueLog::with_report(Box::new(std::fs::File::create(&report).unwrap())).unwrap();
    let assembly =
        assemble(&mapping, &files, &mut issues, &mut |_| Flow::Continue).unwrap_or_else(|e| panic!("{e}"));
    issues.finish().unwrap();
    let mut rows: Vec<(u64, String)> = csv::Reader::from_path(&report)
        .unwrap()
        .records()
        .map(|row| {
            let row = row.unwrap();
            (
                row[1].parse().unwrap(),
                format!("{} {}={}", &row[4], &row[2], &row[3]),
            )
        })
        .collect();
    rows.sort();
    (assembly, rows)
}

fn issue(line: u64, text: &str) -> (u64, String) {
    (line, text.to_owned())
}

fn order<'a>(assembly: &'a Assembly, key: &str) -> &'a OrderDoc {
    assembly.orders.iter().find(|o| o.key == key).unwrap()
}

fn sku(assembly: &Assembly, at: usize) -> &str {
    &assembly.skus[at].key
}

#[test]
fn online_retail() {
    let (assembly, issues) = read("online-retail", &["online_retail.csv"]);
    assert_eq!(
        issues,
        [
            issue(18, "cell.integer Quantity=two"),
            issue(19, "cell.time InvoiceDate=09.03.2011"),
            issue(
                20,
                "source.cells =700012,11111A,BLUE TEAPOT,2,2011-03-09 10:00:00,2.55,20001.0"
            ),
            issue(
                21,
                "record.class =700012,11111A,BLUE TEAPOT,2,2011-03-09 10:00:00,-2.55,20001.0,United Kingdom"
            ),
        ]
    );
    insta_like(
        &assembly.reconciliation.to_string(),
        "\
class                                                  becomes     rows  quantity  amount in the file  in the ledgers  rounding
Bad debt adjustments                                   ledger         1         1                 -40             -40         0
Seller's own fees (Amazon, bank, commission, samples)  ledger         1        -1              -0.001               0    -0.001
Discounts given afterwards                             ledger         1        -1                -3.5            -3.5         0
Carriage given back                                    return         1        -1                 -18             -18         0
Carriage                                               sale           1         1                  18              18         0
Returns                                                return         2       -12              -19.95          -19.95         0
Write-offs                                             adjustment     1       -20                   0               0         0
Free lines                                             sale           1         1                   0               0         0
Sales                                                  sale           7       126              88.851           88.85     0.001
Stock found and corrected                              adjustment     1        12                   0               0         0
Total                                                                17       106                25.4            25.4         0",
    );
    let first = order(&assembly, "700001");
    assert_eq!(first.lines.len(), 5);
    assert_eq!(first.total_minor, 1000 * 255 / 100 + 1250 + 1800);
    // Seven teapots came back: the latest line first, then the one before.
    assert_eq!(
        first.lines.iter().map(|l| l.returned).collect::<Vec<_>>(),
        [3, 4, 0, 1, 0]
    );
    // One article, however its code is written; a service keeps no stock.
    assert_eq!(assembly.skus.iter().filter(|s| s.key == "11111A").count(), 1);
    let post = assembly.skus.iter().find(|s| s.key == "POST").unwrap();
    assert!(!post.tracked);
    let name = |key: &str| {
        assembly
            .products
            .iter()
            .find(|p| p.key == key)
            .unwrap()
            .name
            .en
            .clone()
    };
    assert_eq!(
        (name("22222").as_str(), name("33333").as_str()),
        ("TIN, LARGE", "PAPER STAR")
    );
    let matched: Vec<_> = assembly
        .returns
        .iter()
        .map(|r| (r.key.as_str(), r.order.is_some()))
        .collect();
    assert_eq!(
        matched,
        [
            ("C700006/700001", true),
            ("C700007/-", false),
            ("C700010/700001", true)
        ]
    );
}

fn insta_like(found: &str, wanted: &str) {
    let head = found.split("\n\n").next().unwrap().trim_end();
    assert!(head == wanted, "found:\n{head}\nwanted:\n{wanted}");
}

#[test]
fn olist() {
    let (assembly, issues) = read("olist", &["olist"]);
    assert_eq!(
        issues,
        [
            issue(5, "cell.lookup order_status=teleported"),
            issue(5, "cell.range score=6"),
            issue(6, "record.reference order=o9"),
        ]
    );
    assert_eq!(assembly.members.len(), 2);
    let first = order(&assembly, "o1");
    assert_eq!(
        (first.lines.len(), first.shipping_minor, first.total_minor),
        (2, 2500, 22_480)
    );
    assert_eq!(
        first.payments.iter().map(|p| p.amount_minor).collect::<Vec<_>>(),
        [2480, 20_000]
    );
    // An order that lost its items stands for what was paid.
    let lost = order(&assembly, "o3");
    assert_eq!(
        (sku(&assembly, lost.lines[0].sku), lost.total_minor),
        ("olist-items-not-recorded", 7700)
    );
    assert_eq!(lost.state, "cancelled");
    // Duplicate points become their mean; an unknown prefix takes its neighbourhood's.
    let seller = |key: &str| assembly.places.iter().find(|p| p.key == key).unwrap();
    assert!((seller("s1").latitude - -23.55).abs() < 1e-6 && (seller("s2").longitude - -46.65).abs() < 1e-6);
    assert_eq!(assembly.reviews[0].text, "Otimo\nChegou antes\ndo prazo");
    assert_eq!(assembly.products[0].name.en, "beauty p1");
    // Local time of São Paulo in winter.
    assert_eq!(first.placed_at.to_string(), "2017-07-10T00:57:05Z");
}

#[test]
fn tmall() {
    let (assembly, issues) = read("tmall-orders", &["tmall.csv"]);
    assert_eq!(issues, [issue(6, "cell.number 买家实际支付金额 + 退款金额=八")]);
    let states: Vec<_> = assembly
        .orders
        .iter()
        .map(|o| (o.key.as_str(), o.state.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("4", "closed"),
            ("3", "closed"),
            ("2", "closed"),
            ("1", "expired")
        ]
    );
    let partly = order(&assembly, "3");
    assert_eq!(
        (partly.payments[0].amount_minor, partly.payments[0].refunded_minor),
        (5000, 3000)
    );
    assert_eq!(partly.address[1], "北京市");
    assert_eq!(order(&assembly, "1").total_minor, 10_050);
}

#[test]
fn stores_and_categories() {
    let (stores, issues) = read("bestbuy-stores", &["stores.json"]);
    assert_eq!(issues, [issue(2, "cell.zone state=ZZ")]);
    assert_eq!(stores.places[0].timezone, "America/Denver");
    assert_eq!(
        stores.places[0].hours[0].written(),
        ("10:00".into(), "21:30".into())
    );
    let (tree, issues) = read("bestbuy-categories", &["categories.json"]);
    assert!(issues.is_empty());
    let shape: Vec<_> = tree
        .categories
        .iter()
        .map(|c| (c.key.as_str(), c.parent.as_deref()))
        .collect();
    assert_eq!(shape, [("a", None), ("c", Some("a")), ("d", Some("a"))]);
    let (coffee, issues) = read("starbucks-stores", &["starbucks_store.csv"]);
    assert_eq!(
        issues,
        [
            issue(3, "record.duplicate key=1-1"),
            issue(4, "cell.required Latitude="),
            issue(5, "cell.range latitude=99")
        ]
    );
    assert_eq!(
        (coffee.places.len(), coffee.places[0].timezone.as_str()),
        (1, "Asia/Shanghai")
    );
}

#[test]
fn litemall() {
    let (assembly, issues) = read("litemall-catalogue", &["litemall.sql"]);
    assert_eq!(issues, [issue(5, "record.reference category=3")]);
    let product = &assembly.products[0];
    assert_eq!(
        (product.name.zh.as_str(), product.brand.zh.as_str()),
        ("羽绒'冬'被", "好物制造")
    );
    assert_eq!(product.description.zh, "轻 100% 白鹅绒");
    assert_eq!(product.attributes, [("材质".to_owned(), "白鹅绒".to_owned())]);
    let skus: Vec<_> = assembly
        .skus
        .iter()
        .map(|s| (s.key.as_str(), s.option.zh.as_str(), s.price_minor))
        .collect();
    assert_eq!(
        skus,
        [
            ("10-1", "1.5m / 白", 49_900),
            ("10-2", "1.8m / 白", 59_900),
            ("11-3", "", 9_900)
        ]
    );
    assert_eq!(assembly.stock.iter().map(|s| s.quantity).sum::<i64>(), 105);
    assert_eq!(assembly.reviews.len(), 2);
    assert!(assembly.reviews.iter().all(|r| r.score.is_none()));
}

#[test]
fn shopify() {
    let (assembly, issues) = read("shopify-products", &["shopify_products.csv"]);
    assert!(issues.is_empty(), "{issues:?}");
    let skus: Vec<_> = assembly
        .skus
        .iter()
        .map(|s| (s.key.as_str(), s.option.en.as_str(), s.price_minor))
        .collect();
    assert_eq!(
        skus,
        [
            ("RC-30", "30 ml", 1990),
            ("RC-50", "50 ml", 2990),
            ("soap", "", 450)
        ]
    );
    assert_eq!(assembly.skus[0].barcodes, ["4006381333931"]);
    assert_eq!(
        assembly.products[0].category.as_deref(),
        Some("Health & Beauty > Personal Care")
    );
    assert_eq!(assembly.products[1].status, "draft");

    let (assembly, issues) = read("shopify-orders", &["shopify_orders.csv"]);
    assert_eq!(
        issues,
        [
            issue(5, "cell.choice currency=EUR"),
            issue(5, "record.reference =Soap"),
            issue(5, "record.reference order=#1003")
        ]
    );
    let first = order(&assembly, "#1001");
    // Tax came on top: it is a line of its own, and the discount is shared out.
    assert_eq!(first.total_minor, 7636);
    assert_eq!(first.lines.iter().map(|l| l.discount_minor).sum::<i64>(), 500);
    assert_eq!(sku(&assembly, first.lines[2].sku), "sales-tax");
    assert_eq!(first.payments[0].refunded_minor, 1990);
    assert_eq!(order(&assembly, "#1002").state, "cancelled");
    assert_eq!(assembly.members.iter().filter(|m| m.phone.is_some()).count(), 1);
}

#[test]
fn woocommerce() {
    let (assembly, issues) = read("woocommerce-products", &["woocommerce_products.csv"]);
    assert!(issues.is_empty(), "{issues:?}");
    let skus: Vec<_> = assembly
        .skus
        .iter()
        .map(|s| (s.key.as_str(), s.product.as_str(), s.price_minor))
        .collect();
    assert_eq!(
        skus,
        [
            ("wc-scarf-red", "wc-scarf", 1800),
            ("46", "wc-scarf", 2000),
            ("wc-mug", "wc-mug", 950)
        ]
    );
    assert_eq!(assembly.products[1].description.en, "Big mug");

    let (assembly, issues) = read("woocommerce-orders", &["woocommerce_orders.csv"]);
    assert_eq!(
        issues,
        [
            issue(5, "cell.lookup status=unheard-of"),
            issue(5, "record.reference =wc-mug")
        ]
    );
    let first = order(&assembly, "501");
    // Three for 10.00 are three at 3.34 less 0.02; the order's own discount comes on top.
    assert_eq!((first.lines[1].unit_minor, first.total_minor), (334, 3200));
    assert_eq!(order(&assembly, "502").payments[0].refunded_minor, 950);
}

/// A row of an invoice file: any document, any code, any quantity, prices down to a thousandth.
fn any_row() -> impl Strategy<Value = (String, String, i64, String, u8)> {
    let code = prop::sample::select(vec![
        "10001",
        "10002",
        "10003A",
        "POST",
        "M",
        "D",
        "AMAZONFEE",
        "PADS",
        "gift_0001_10",
    ]);
    let document = (prop::sample::select(vec!["", "C", "A"]), 500_000_u32..500_012);
    let price =
        (0_u32..5_000).prop_map(|thousandths| format!("{}.{:03}", thousandths / 1000, thousandths % 1000));
    let price = prop_oneof![1 => Just("0.0".to_owned()), 3 => price];
    (document, code, -20_i64..20, price, 0_u8..4).prop_map(
        |((kind, number), code, quantity, price, buyer)| {
            (format!("{kind}{number}"), code.to_owned(), quantity, price, buyer)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the rows: each is in one class or an issue, and what the documents hold, in pieces and in
    /// money, plus what rounding took away, is what the rows say.
    #[test]
    fn any_invoice_file_adds_up(rows in prop::collection::vec(any_row(), 1..120)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("any_retail.csv");
        let mut file = csv::Writer::from_path(&path).unwrap();
        file.write_record(["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]).unwrap();
        for (at, (document, code, quantity, price, buyer)) in rows.iter().enumerate() {
            let buyer = if *buyer == 0 { String::new() } else { buyer.to_string() };
            let date = format!("2011-01-{:02} 10:00:00", 1 + at % 28);
            file.write_record([document, code, "x", &quantity.to_string(), &date, price, &buyer, "Spain"]).unwrap();
        }
        file.flush().unwrap();
        drop(file);

        let mapping = preset::preset("online-retail").unwrap().unwrap();
        let mut issues = IssueLog::default();
        let found = assemble(&mapping, &[path], &mut issues, &mut |_| Flow::Continue).unwrap();
        let total = found.reconciliation.total();
        prop_assert_eq!(total.rows + issues.rows(), rows.len() as u64);

        let lines = || found.orders.iter().flat_map(|o| &o.lines);
        let back = || found.returns.iter().flat_map(|r| &r.lines);
        let pieces = lines().map(|l| l.quantity).sum::<i64>() - back().map(|l| l.quantity).sum::<i64>()
            + found.adjustments.iter().map(|a| a.quantity).sum::<i64>()
            + found.ledger.iter().map(|l| l.quantity).sum::<i64>();
        prop_assert_eq!(pieces, total.quantity);

        let money = found.orders.iter().map(|o| o.total_minor).sum::<i64>() - back().map(|l| l.refund_minor).sum::<i64>()
            + found.ledger.iter().map(|l| l.amount_minor).sum::<i64>();
        prop_assert_eq!(money, total.minor);
        let exact = Exact::from_minor(money, 2).plus(total.rounding(2)).unwrap();
        prop_assert_eq!(exact, total.amount);

        // No line gives back more than it sold, and what came back is what the returns say.
        prop_assert!(lines().all(|l| (0..=l.quantity).contains(&l.returned)));
        let matched = found.returns.iter().filter(|r| r.order.is_some()).flat_map(|r| &r.lines).map(|l| l.quantity).sum::<i64>();
        prop_assert_eq!(lines().map(|l| l.returned).sum::<i64>(), matched);
    }
}

#[test]
fn skipped_rows_and_lines_without_an_order_claim_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.csv");
    std::fs::write(
        &path,
        "o,s,q,p,t\n1,A,2,1.005,2024-01-01T08:00\n1,NOTE,7,9,2024-01-01T08:00\n2,A,3,4,\n",
    )
    .unwrap();
    let text = r#"
source = "x"
[[table]]
record = "order_line"
[table.field]
order = "o"
sku = "s"
quantity = "q"
unit_price = "p"
placed_at = "t"
[[table.class]]
name = "notes"
effect = "skip"
when = { s = ["NOTE"] }
[[table.class]]
name = "sale"
effect = "sale"
"#;
    let mapping = import::mapping::Mapping::parse("x", text).unwrap();
    let mut issues = IssueLog::default();
    let found = assemble(&mapping, &[path], &mut issues, &mut |_| Flow::Continue).unwrap();
    assert_eq!(issues.summary()[0].code.code, "record.reference");
    let total = found.reconciliation.total();
    // 1.005 is sold as 1.01: the ledgers hold a hundredth more than the file says.
    assert_eq!((total.rows, total.quantity, total.minor), (2, 2, 202));
    assert_eq!(total.rounding(2).to_string(), "-0.01");
}
