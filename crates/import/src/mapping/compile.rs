//! Turns a TOML document into a [`Mapping`], refusing what it cannot mean.

use base::{Currency, Locale, Text};
use jiff::tz::TimeZone;
use regex::Regex;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::class::{Class, Condition, Effect, Test};
use super::compile_field::fields;
use super::error::position;
use super::schema::{CHANNELS, Kind, PLACE_KINDS};
use super::walk::{Document, Entry, Outcome, Section};
use super::{Count, DefaultPlace, Join, Mapping, Placeholder, Stated, Table};
use crate::exact::{Exact, NumberFormat};
use crate::source::{Encoding, Format, Options};

pub(super) fn mapping(name: &str, text: &str) -> Outcome<Mapping> {
    let document = Document { name, text };
    let parsed = DeTable::parse(text).map_err(|e| {
        let span = e.span().unwrap_or(0..0);
        document.error(&span, format!("TOML 语法错误：{}", e.message()), e.message())
    })?;
    let root = Section {
        document: &document,
        table: parsed.get_ref(),
        span: 0..0,
    };
    root.only(&[
        "title",
        "source",
        "currency",
        "timezone",
        "language",
        "channel",
        "place",
        "placeholder",
        "match_returns",
        "move_stock",
        "table",
        "stated",
    ])?;
    let tables = root
        .required("table")?
        .items()?
        .iter()
        .map(|e| table(&e.section()?))
        .collect::<Outcome<Vec<_>>>()?;
    needs_place(&root, &tables)?;
    Ok(Mapping {
        name: name.to_owned(),
        title: root
            .get("title")
            .map(|e| bilingual(&e))
            .transpose()?
            .unwrap_or_else(|| Text::same(name)),
        source: root.text("source")?.map_or_else(|| stem(name), str::to_owned),
        currency: currency(&root)?,
        zone: zone(&root)?,
        language: language(&root)?,
        channel: root
            .get("channel")
            .map(|e| word(&e, CHANNELS))
            .transpose()?
            .unwrap_or_else(|| "web".into()),
        place: root.get("place").map(|e| place(&e.section()?)).transpose()?,
        placeholder: root
            .get("placeholder")
            .map(|e| placeholder(&e.section()?))
            .transpose()?,
        match_returns: flag(&root, "match_returns")?,
        move_stock: flag(&root, "move_stock")?,
        tables,
        stated: root
            .list("stated")?
            .iter()
            .map(|e| stated(&e.section()?))
            .collect::<Outcome<_>>()?,
        digest: Sha256::digest(text.as_bytes())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect(),
    })
}

/// Returns, stock and adjustments happen somewhere.
fn needs_place(root: &Section<'_, '_>, tables: &[Table]) -> Outcome<()> {
    let somewhere = |t: &Table| {
        let has = |field: &str| {
            t.kind
                .position(field)
                .is_some_and(|at| t.fields.get(at).is_some_and(Option::is_some))
        };
        let moves = t
            .classes
            .iter()
            .any(|c| matches!(c.effect, Effect::Return | Effect::Adjustment));
        moves || (t.kind == Kind::Sku && has("stock")) || (t.kind == Kind::StockLevel && !has("place"))
    };
    if root.get("place").is_none() && (flag(root, "move_stock")? || tables.iter().any(somewhere)) {
        return Err(root.document.error(
            &(0..0),
            "映射会移动库存或收退货，须在 [place] 中说明地点",
            "the mapping moves stock or takes returns: say where, with [place]",
        ));
    }
    Ok(())
}

fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}

pub(super) fn flag(section: &Section<'_, '_>, name: &str) -> Outcome<bool> {
    section.get(name).map_or(Ok(false), |e| e.bool())
}

/// A text in both languages, `{ zh = "", en = "" }`, or one string for both.
fn bilingual(entry: &Entry<'_, '_>) -> Outcome<Text> {
    if !entry.is_table() {
        return Ok(Text::same(entry.text()?));
    }
    let section = entry.section()?;
    section.only(&["zh", "en"])?;
    Ok(Text::new(
        section.required("zh")?.text()?,
        section.required("en")?.text()?,
    ))
}

pub(super) fn word(entry: &Entry<'_, '_>, allowed: &[&str]) -> Outcome<String> {
    let text = entry.text()?;
    if allowed.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(entry.error(
        format!("{} 只能是：{}", entry.key, allowed.join("、")),
        format!("`{}` must be one of: {}", entry.key, allowed.join(", ")),
    ))
}

fn currency(root: &Section<'_, '_>) -> Outcome<Currency> {
    let Some(entry) = root.get("currency") else {
        return Ok(Currency::CNY);
    };
    entry.text()?.parse().map_err(|_| {
        entry.error(
            "币种应为三个大写字母，例如 CNY",
            "a currency is three capital letters, such as CNY",
        )
    })
}

fn zone(root: &Section<'_, '_>) -> Outcome<TimeZone> {
    let Some(entry) = root.get("timezone") else {
        return Ok(TimeZone::UTC);
    };
    TimeZone::get(entry.text()?).map_err(|_| {
        entry.error(
            "时区应为 IANA 名称，例如 Asia/Shanghai",
            "a zone is an IANA name, such as Asia/Shanghai",
        )
    })
}

fn language(root: &Section<'_, '_>) -> Outcome<Locale> {
    let word = root
        .get("language")
        .map(|e| word(&e, &["zh", "en"]))
        .transpose()?;
    Ok(if word.as_deref() == Some("en") {
        Locale::En
    } else {
        Locale::Zh
    })
}

fn place(section: &Section<'_, '_>) -> Outcome<DefaultPlace> {
    section.only(&["key", "kind", "name", "country", "city", "latitude", "longitude"])?;
    let degrees = |name: &str, limit: f64| {
        let entry = section.required(name)?;
        entry
            .scalar()?
            .parse::<f64>()
            .ok()
            .filter(|d| d.abs() <= limit)
            .ok_or_else(|| entry.error("不是有效的度数", "not a number of degrees"))
    };
    Ok(DefaultPlace {
        key: section.required("key")?.text()?.to_owned(),
        kind: word(&section.required("kind")?, PLACE_KINDS)?,
        name: bilingual(&section.required("name")?)?,
        country: section.required("country")?.text()?.to_owned(),
        city: section.required("city")?.text()?.to_owned(),
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
    })
}

fn placeholder(section: &Section<'_, '_>) -> Outcome<Placeholder> {
    section.only(&["key", "name"])?;
    Ok(Placeholder {
        key: section.required("key")?.text()?.to_owned(),
        name: bilingual(&section.required("name")?)?,
    })
}

fn stated(section: &Section<'_, '_>) -> Outcome<Stated> {
    section.only(&["measure", "value"])?;
    let value = section.required("value")?;
    Ok(Stated {
        measure: section.required("measure")?.text()?.to_owned(),
        value: exact(&value)?,
    })
}

fn exact(entry: &Entry<'_, '_>) -> Outcome<Exact> {
    Exact::parse(&entry.scalar()?, NumberFormat::default())
        .ok_or_else(|| entry.error("不是数字", "not a number"))
}

pub(super) fn pattern(entry: &Entry<'_, '_>) -> Outcome<Regex> {
    let text = entry.text()?;
    Regex::new(text).map_err(|e| {
        entry.error(
            format!("正则表达式有误：{e}"),
            format!("not a regular expression: {e}"),
        )
    })
}

const OPTION_KEYS: [&str; 6] = ["format", "delimiter", "encoding", "member", "sheet", "columns"];

fn options(section: &Section<'_, '_>) -> Outcome<Options> {
    let format = section.get("format").map(|e| {
        Format::named(e.text()?).ok_or_else(|| {
            e.error(
                "format 只能是 csv、tsv、xlsx、json、mysql",
                "`format` must be csv, tsv, xlsx, json or mysql",
            )
        })
    });
    let delimiter = section.get("delimiter").map(|e| match e.text()?.as_bytes() {
        [one] => Ok(*one),
        _ => Err(e.error(
            "delimiter 应为一个 ASCII 字符",
            "`delimiter` must be one ASCII character",
        )),
    });
    let encoding = section.get("encoding").map(|e| {
        Encoding::named(e.text()?).ok_or_else(|| e.error("不认识的编码", "an encoding nobody knows"))
    });
    Ok(Options {
        format: format.transpose()?,
        delimiter: delimiter.transpose()?,
        encoding: encoding.transpose()?,
        member: section.text("member")?.map(str::to_owned),
        table: section.text("sheet")?.map(str::to_owned),
        columns: section.get("columns").map(|e| e.texts()).transpose()?,
    })
}

fn table(section: &Section<'_, '_>) -> Outcome<Table> {
    let mut allowed = vec![
        "file", "record", "optional", "only", "join", "field", "class", "count",
    ];
    allowed.extend(OPTION_KEYS);
    section.only(&allowed)?;
    let record = section.required("record")?;
    let kind = Kind::named(record.text()?).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|k| k.name()).collect();
        record.error(
            format!("record 只能是：{}", known.join("、")),
            format!("`record` must be one of: {}", known.join(", ")),
        )
    })?;
    let fields = fields(section, kind)?;
    let classes = classes(section, kind)?;
    let options = options(section)?;
    let file = section.text("file")?.map(str::to_owned);
    let label = options
        .table
        .clone()
        .or_else(|| file.clone())
        .unwrap_or_else(|| kind.name().to_owned());
    Ok(Table {
        label,
        file,
        may_be_absent: flag(section, "optional")?,
        options,
        kind,
        only: section
            .get("only")
            .map(|e| conditions(&e.section()?))
            .transpose()?
            .unwrap_or_default(),
        joins: section
            .list("join")?
            .iter()
            .map(|e| join(&e.section()?))
            .collect::<Outcome<_>>()?,
        fields,
        classes,
        counts: section
            .list("count")?
            .iter()
            .map(|e| count(&e.section()?))
            .collect::<Outcome<_>>()?,
        line: position(section.document.text, section.span.start).0,
    })
}

fn count(section: &Section<'_, '_>) -> Outcome<Count> {
    section.only(&["name", "when"])?;
    Ok(Count {
        name: section.required("name")?.text()?.to_owned(),
        when: conditions(&section.required("when")?.section()?)?,
    })
}

fn join(section: &Section<'_, '_>) -> Outcome<Join> {
    let mut allowed = vec!["file", "on", "to", "prefix", "pick", "shorten_to"];
    allowed.extend(OPTION_KEYS);
    section.only(&allowed)?;
    let on = section.required("on")?.text()?.to_owned();
    Ok(Join {
        file: section.text("file")?.map(str::to_owned),
        options: options(section)?,
        to: section.text("to")?.map_or_else(|| on.clone(), str::to_owned),
        on,
        prefix: section.text("prefix")?.unwrap_or_default().to_owned(),
        mean: section
            .get("pick")
            .map(|e| word(&e, &["first", "mean"]))
            .transpose()?
            .as_deref()
            == Some("mean"),
        shorten_to: section
            .get("shorten_to")
            .map(|e| e.integer())
            .transpose()?
            .and_then(|n| usize::try_from(n).ok()),
        line: position(section.document.text, section.span.start).0,
    })
}

fn conditions(section: &Section<'_, '_>) -> Outcome<Vec<Condition>> {
    let mut conditions = Vec::new();
    for entry in section.entries() {
        let column = entry.key.trim().to_owned();
        if entry.is_list() {
            let words = entry.texts()?.into_iter().collect();
            conditions.push(Condition {
                column,
                test: Test::In(words),
            });
            continue;
        }
        if !entry.is_table() {
            let words = [entry.scalar()?].into();
            conditions.push(Condition {
                column,
                test: Test::In(words),
            });
            continue;
        }
        for test in entry.section()?.entries() {
            let test = match test.key {
                "in" => Test::In(test.texts()?.into_iter().collect()),
                "not_in" => Test::NotIn(test.texts()?.into_iter().collect()),
                "starts_with" => Test::StartsWith(test.text()?.to_owned()),
                "matches" => Test::Matches(pattern(&test)?),
                "blank" => Test::Blank(test.bool()?),
                "less_than" => Test::LessThan(exact(&test)?),
                "more_than" => Test::MoreThan(exact(&test)?),
                "equals" => Test::Equal(exact(&test)?),
                _ => {
                    let known = [
                        "in",
                        "not_in",
                        "starts_with",
                        "matches",
                        "blank",
                        "less_than",
                        "more_than",
                        "equals",
                    ];
                    return Err(test.unknown(known));
                }
            };
            conditions.push(Condition {
                column: column.clone(),
                test,
            });
        }
    }
    Ok(conditions)
}

fn classes(section: &Section<'_, '_>, kind: Kind) -> Outcome<Vec<Class>> {
    let entries = section.list("class")?;
    if let (Some(first), true) = (entries.first(), kind != Kind::OrderLine) {
        return Err(first.error("class 只用于 order_line", "classes are for order_line only"));
    }
    let mut classes: Vec<Class> = Vec::new();
    let mut instead = Vec::new();
    for entry in &entries {
        let section = entry.section()?;
        section.only(&["name", "title", "effect", "goods", "when", "if_document_unpaid"])?;
        let name = section.required("name")?;
        let effect = section.required("effect")?;
        instead.push(section.get("if_document_unpaid"));
        classes.push(Class {
            name: name.text()?.to_owned(),
            title: section
                .get("title")
                .map(|e| bilingual(&e))
                .transpose()?
                .unwrap_or_else(|| Text::same(name.text().unwrap_or_default())),
            effect: Effect::named(effect.text()?).ok_or_else(|| {
                let known = Effect::NAMES.join(", ");
                effect.error(
                    format!("effect 只能是：{known}"),
                    format!("`effect` must be one of: {known}"),
                )
            })?,
            goods: section.get("goods").map_or(Ok(true), |e| e.bool())?,
            unpaid: None,
            conditions: section
                .get("when")
                .map(|e| conditions(&e.section()?))
                .transpose()?
                .unwrap_or_default(),
        });
    }
    for (at, entry) in instead.iter().enumerate() {
        let Some(entry) = entry else { continue };
        let name = entry.text()?;
        let target = classes.iter().position(|c| c.name == name).ok_or_else(|| {
            entry.error(
                format!("没有名为 {name} 的 class"),
                format!("there is no class `{name}`"),
            )
        })?;
        classes[at].unpaid = Some(target);
    }
    Ok(classes)
}
