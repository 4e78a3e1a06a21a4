//! The fields of a table: where their text comes from and what is done to it.

use std::collections::HashMap;

use super::compile::{flag, pattern, word};
use super::error::position;
use super::field::{Field, Origin, Step};
use super::schema::{FieldSpec, FieldType, Kind};
use super::walk::{Entry, Outcome, Section};
use crate::exact::NumberFormat;

pub(super) fn fields(section: &Section<'_, '_>, kind: Kind) -> Outcome<Vec<Option<Field>>> {
    let specs = kind.fields();
    let mut fields: Vec<Option<Field>> = specs.iter().map(|_| None).collect();
    let mapped = section.required("field")?.section()?;
    for entry in mapped.entries() {
        let Some(at) = kind.position(entry.key) else {
            return Err(entry.unknown(specs.iter().map(|f| f.name)));
        };
        fields[at] = Some(field(&entry, &specs[at])?);
    }
    match specs
        .iter()
        .zip(&fields)
        .find(|(spec, field)| spec.required && field.is_none())
    {
        Some((spec, _)) => Err(section.document.error(
            &section.span,
            format!("{} 缺少必填字段 {}", kind.name(), spec.name),
            format!("a {} needs the field `{}`", kind.name(), spec.name),
        )),
        None => Ok(fields),
    }
}

const FIELD_KEYS: [&str; 24] = [
    "column",
    "join",
    "first",
    "sum",
    "value",
    "between",
    "take",
    "strip",
    "replace",
    "lookup",
    "otherwise",
    "case",
    "plain",
    "json",
    "item",
    "us_zone",
    "split",
    "default",
    "required",
    "optional",
    "format",
    "epoch",
    "decimal",
    "group",
];

fn field(entry: &Entry<'_, '_>, spec: &FieldSpec) -> Outcome<Field> {
    let line = position(entry.document.text, entry.span.start).0;
    let plain = |origin| Field {
        origin,
        steps: Vec::new(),
        default: None,
        required: spec.required,
        optional: false,
        holds: spec.holds,
        formats: Vec::new(),
        epoch_unit: None,
        numbers: NumberFormat::default(),
        split: None,
        line,
    };
    if !entry.is_table() {
        return Ok(plain(Origin::Column(entry.text()?.trim().to_owned())));
    }
    let section = entry.section()?;
    section.only(&FIELD_KEYS)?;
    let mut field = plain(origin(entry, &section)?);
    field.steps = steps(&section)?;
    field.default = section.get("default").map(|e| e.scalar()).transpose()?;
    field.required = section.get("required").map_or(Ok(spec.required), |e| e.bool())?;
    field.optional = flag(&section, "optional")?;
    if let Some(format) = section.get("format") {
        field.formats = if format.is_list() {
            format.texts()?
        } else {
            vec![format.text()?.to_owned()]
        };
        if !matches!(spec.holds, FieldType::Time | FieldType::Date) {
            return Err(format.error(
                "format 只用于时间和日期字段",
                "`format` is for times and dates only",
            ));
        }
    }
    if let Some(epoch) = section.get("epoch") {
        let unit = word(&epoch, &["seconds", "milliseconds"])?;
        field.epoch_unit = Some(if unit == "seconds" { 1_000_000 } else { 1_000 });
    }
    let sign = |name: &str| {
        section.get(name).map(|e| {
            let mut chars = e.text()?.chars();
            match (chars.next(), chars.next()) {
                (Some(one), None) => Ok(one),
                _ => Err(e.error("应为一个字符", "must be one character")),
            }
        })
    };
    field.numbers = NumberFormat {
        decimal: sign("decimal").transpose()?.unwrap_or('.'),
        group: sign("group").transpose()?,
    };
    field.split = section.text("split")?.map(str::to_owned);
    Ok(field)
}

fn origin(entry: &Entry<'_, '_>, section: &Section<'_, '_>) -> Outcome<Origin> {
    let names = |e: Entry<'_, '_>| -> Outcome<Vec<String>> {
        Ok(e.texts()?.into_iter().map(|n| n.trim().to_owned()).collect())
    };
    let mut found = Vec::new();
    for source in section.entries() {
        found.push(match source.key {
            "column" => Origin::Column(source.text()?.trim().to_owned()),
            "join" => Origin::Joined(names(source)?, section.text("between")?.unwrap_or(" ").to_owned()),
            "first" => Origin::First(names(source)?),
            "sum" => Origin::Sum(names(source)?),
            "value" => Origin::Value(source.scalar()?),
            _ => continue,
        });
    }
    match (found.pop(), found.is_empty()) {
        (Some(origin), true) => Ok(origin),
        _ => Err(entry.error(
            "字段须有且仅有一个来源：column、join、first、sum 或 value",
            "a field has exactly one source: column, join, first, sum or value",
        )),
    }
}

fn dictionary(entry: &Entry<'_, '_>) -> Outcome<HashMap<String, String>> {
    entry
        .section()?
        .entries()
        .map(|e| Ok((e.key.to_owned(), e.scalar()?)))
        .collect()
}

/// The steps, in the one order they are applied in, whatever order they are written in.
fn steps(section: &Section<'_, '_>) -> Outcome<Vec<Step>> {
    let mut steps = Vec::new();
    if section.get("json").is_some_and(|e| e.bool().unwrap_or(false)) {
        steps.push(Step::JsonList);
    }
    if let Some(item) = section.get("item") {
        let between = section.text("split")?.unwrap_or("|").to_owned();
        steps.push(Step::Item(between, item.integer()?));
    }
    if flag(section, "plain")? {
        steps.push(Step::Plain);
    }
    if let Some(entry) = section.get("take") {
        steps.push(Step::Take(pattern(&entry)?));
    }
    if let Some(entry) = section.get("strip") {
        steps.push(Step::Strip(pattern(&entry)?));
    }
    if let Some(entry) = section.get("replace") {
        steps.push(Step::Replace(dictionary(&entry)?));
    }
    if let Some(entry) = section.get("lookup") {
        let otherwise = section.get("otherwise").map(|e| e.scalar()).transpose()?;
        steps.push(Step::Lookup(dictionary(&entry)?, otherwise));
    }
    if let Some(entry) = section.get("us_zone") {
        steps.push(Step::UsZone(entry.text()?.to_owned()));
    }
    if let Some(entry) = section.get("case") {
        steps.push(if word(&entry, &["upper", "lower"])? == "upper" {
            Step::Upper
        } else {
            Step::Lower
        });
    }
    Ok(steps)
}
