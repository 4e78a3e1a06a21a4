use base::Locale;
use proptest::prelude::*;

use super::*;

fn wrong(text: &str) -> (usize, String) {
    let error = Mapping::parse("m.toml", text).unwrap_err();
    assert!(!error.message(Locale::Zh).is_ascii());
    (error.line, error.reason.en)
}

const GOOD: &str = r#"
currency = "EUR"
timezone = "Europe/Berlin"

[[table]]
file = "*.csv"
record = "sku"
[table.field]
key = "SKU"
product = { first = ["Parent", "SKU"], case = "upper" }
price = { column = "Preis", decimal = ",", group = "." }
"#;

#[test]
fn a_small_mapping() {
    let mapping = Mapping::parse("shop/m.toml", GOOD).unwrap();
    assert_eq!(mapping.source, "m");
    assert_eq!(mapping.currency, Currency::EUR);
    assert_eq!(mapping.tables[0].kind, Kind::Sku);
    assert!(mapping.tables[0].takes(Path::new("/x/Prices.CSV")));
    assert_eq!(mapping.digest.len(), 64);
}

#[test]
fn errors_point_at_the_line() {
    let misspelt = GOOD.replace("product =", "prodct =");
    assert_eq!(
        wrong(&misspelt),
        (10, "`prodct` means nothing here; did you mean `product`?".into())
    );
    let missing = GOOD.replace("price =", "# price =");
    assert_eq!(wrong(&missing), (5, "a sku needs the field `price`".into()));
    let zone = GOOD.replace("Europe/Berlin", "Berlin");
    assert_eq!(wrong(&zone).0, 3);
    let two = GOOD.replace("case =", "column = \"A\", case =");
    assert_eq!(
        wrong(&two),
        (
            10,
            "a field has exactly one source: column, join, first, sum or value".into()
        )
    );
    let syntax = GOOD.replace("key = \"SKU\"", "key = \"SKU");
    assert_eq!(wrong(&syntax).0, 9);
    let kind = GOOD.replace("\"sku\"", "\"skus\"");
    assert_eq!(wrong(&kind).0, 7);
    let pattern = GOOD.replace("case = \"upper\"", "take = \"(\"");
    assert_eq!(wrong(&pattern).0, 10);
}

#[test]
fn a_class_may_refer_to_another() {
    let text = r#"
place = { key = "w", kind = "warehouse", name = "W", country = "CN", city = "C", latitude = 1, longitude = 1.5 }
[[table]]
record = "order_line"
[table.field]
order = "o"
sku = "s"
quantity = "q"
unit_price = "p"
[[table.class]]
name = "free"
effect = "sale"
when = { p = { equals = 0 } }
if_document_unpaid = "found"
[[table.class]]
name = "found"
effect = "adjustment"
when = { s = { in = [] } }
"#;
    let mapping = Mapping::parse("m", text).unwrap();
    assert_eq!(mapping.tables[0].classes[0].unpaid, Some(1));
    assert_eq!(
        wrong(&text.replace("= \"found\"\n[[", "= \"fund\"\n[[")),
        (14, "there is no class `fund`".into())
    );
    assert_eq!(wrong(&text.replace("\"adjustment\"", "\"adjust\"")).0, 17);
}

#[test]
fn every_preset_is_a_good_mapping() {
    for preset in crate::preset::PRESETS {
        let mapping = Mapping::parse(preset.name, preset.text).unwrap_or_else(|e| panic!("{e}"));
        assert!(!mapping.title.zh.is_ascii(), "{}", preset.name);
    }
}

proptest! {
    #[test]
    fn rubbish_never_panics(text in ".*") {
        let _ = Mapping::parse("m", &text);
    }

    #[test]
    fn a_broken_mapping_never_panics(at in 0_usize..GOOD.len(), with in "[\\PC\n]{0,3}") {
        let mut text = GOOD.to_owned();
        if text.is_char_boundary(at) {
            text.replace_range(at..at, &with);
            let _ = Mapping::parse("m", &text);
        }
    }
}
