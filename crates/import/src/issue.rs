//! What is wrong with a row, and the log of it.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use base::Locale;

/// A way in which a row can be wrong: what it means and how to mend it, in both languages.
#[derive(Debug)]
pub struct IssueCode {
    /// Unique, stable, `where.what`.
    pub code: &'static str,
    /// What is wrong, in Simplified Chinese.
    pub zh: &'static str,
    /// What is wrong, in English.
    pub en: &'static str,
    /// How to mend it, in Simplified Chinese.
    pub mend_zh: &'static str,
    /// How to mend it, in English.
    pub mend_en: &'static str,
}

impl IssueCode {
    /// What is wrong, in a language.
    #[must_use]
    pub const fn reason(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Zh => self.zh,
            Locale::En => self.en,
        }
    }

    /// How to mend it, in a language.
    #[must_use]
    pub const fn mend(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Zh => self.mend_zh,
            Locale::En => self.mend_en,
        }
    }
}

macro_rules! issue_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal, $mend_zh:literal, $mend_en:literal;)*) => {
        /// Every issue a row can have.
        pub mod codes {
            use super::IssueCode;
            $($(#[$doc])* pub static $name: IssueCode = IssueCode {
                code: $code, zh: $zh, en: $en, mend_zh: $mend_zh, mend_en: $mend_en,
            };)*
            /// All of them, for the documentation and its test.
            pub static ALL: &[&IssueCode] = &[$(&$name),*];
        }
    };
}

issue_codes! {
    /// Bytes that are no text in the file's encoding.
    ENCODING = "source.encoding", "不是有效的文本编码", "not valid text in the file's encoding",
        "用 UTF-8 或 GB18030 另存文件，或在映射中写 encoding", "save the file as UTF-8 or GB18030, or name its encoding in the mapping";
    /// A row with more or fewer cells than the header.
    CELLS = "source.cells", "这一行的列数与表头不同", "the row has another number of cells than the header",
        "检查多余或缺少的分隔符、未加引号的逗号", "look for a missing or extra delimiter, or a comma outside quotes";
    /// A row the format's grammar does not allow.
    SYNTAX = "source.syntax", "无法按文件格式读出这一行", "the row breaks the file's format",
        "重新导出文件", "export the file again";
    /// A required cell is blank.
    REQUIRED = "cell.required", "必填项为空", "a required value is blank",
        "填写该单元格，或在映射中给出 default", "fill the cell, or give the field a default in the mapping";
    /// Not a number.
    NUMBER = "cell.number", "不是数字", "not a number",
        "改为数字；千分位和小数点写法可在映射的 group、decimal 中说明", "write a number; name its signs with group and decimal in the mapping";
    /// Not a whole number.
    INTEGER = "cell.integer", "不是整数", "not a whole number",
        "改为整数", "write a whole number";
    /// Not a time of the given format.
    TIME = "cell.time", "不符合日期时间格式", "not a date or time of the given format",
        "按映射中的 format 书写，或改映射的 format", "write it as the mapping's format says, or change that format";
    /// Neither yes nor no.
    BOOL = "cell.bool", "不是“是/否”", "neither yes nor no",
        "用 true/false、1/0、yes/no 或 是/否", "use true/false, 1/0, yes/no or 是/否";
    /// Not one of the allowed words.
    CHOICE = "cell.choice", "不在允许的取值之内", "not one of the allowed values",
        "改为允许的取值，或在映射中用 lookup 对应", "use an allowed value, or translate it with lookup in the mapping";
    /// Not in the mapping's lookup table.
    LOOKUP = "cell.lookup", "映射的对照表里没有这个值", "not in the mapping's lookup table",
        "在映射的 lookup 中补上该值，或加 otherwise", "add the value to the lookup, or an otherwise";
    /// Does not match the mapping's pattern.
    PATTERN = "cell.pattern", "与映射的 take 模式不符", "does not match the mapping's take pattern",
        "改正单元格，或放宽映射的模式", "mend the cell, or widen the pattern";
    /// Not a known time zone.
    ZONE = "cell.zone", "不是已知的时区", "not a known time zone",
        "用 IANA 时区名，例如 Asia/Shanghai", "use an IANA zone name such as Asia/Shanghai";
    /// No telephone number anybody could call.
    PHONE = "cell.phone", "不是有效的电话号码，会员已导入但没有电话", "not a telephone number; the member landed without one",
        "写成带国家区号的号码，例如 +86 138 0000 0000", "write it with its country code, such as +86 138 0000 0000";
    /// Opening hours that cannot be read.
    HOURS = "cell.hours", "无法读出营业时间", "opening hours that cannot be read",
        "写成 Mon: 10-21:30; Tue: 10-21:30 的样子", "write them like Mon: 10-21:30; Tue: 10-21:30";
    /// A number outside its range.
    RANGE = "cell.range", "数值超出范围", "the value is out of range",
        "检查数值和单位", "check the number and its unit";
    /// A second record with a key seen before.
    DUPLICATE = "record.duplicate", "同一个键出现了两次，保留第一条", "the key was there before; the first one is kept",
        "删除重复的行，或改正它的键", "remove the second row, or correct its key";
    /// A record that names another which is not there.
    REFERENCE = "record.reference", "引用的记录不存在", "it names a record that is not there",
        "补上被引用的记录，或改正引用", "add the record it names, or correct the name";
    /// A row that none of the mapping's classes takes.
    CLASS = "record.class", "没有任何 class 规则收下这一行", "no class of the mapping takes this row",
        "在映射中加一条 class", "add a class to the mapping";
    /// A sign that does not fit the row's class.
    SIGN = "record.sign", "数量或金额的正负与这类行不符", "the sign of the quantity or amount does not fit this class of row",
        "检查数量、单价与分类规则", "check quantity, price and the class rules";
    /// More than the ledgers can hold.
    OVERFLOW = "record.overflow", "金额或数量超出可记录的范围", "the amount or quantity is more than can be recorded",
        "检查数值和单位", "check the number and its unit";
    /// A record the receiving part of the system would not take.
    REFUSED = "land.refused", "系统拒绝了这条记录", "the record was refused",
        "按所给的原因改正这一行", "mend the row as the reason given says";
    /// The file itself marks the row as not real.
    REJECTED = "record.rejected", "映射规定拒收这类行", "the mapping refuses rows of this class",
        "按映射中的说明处理", "see the mapping for why";
}

/// One row that did not land, and why.
#[derive(Clone, Debug)]
pub struct RowIssue {
    /// The file's name.
    pub file: Arc<str>,
    /// Its line, counted from 1 (for JSON, the element).
    pub line: u64,
    /// The column, where one cell is to blame.
    pub column: Option<String>,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub code: &'static IssueCode,
}

/// Longest value quoted in a report, in characters.
const QUOTED_CHARS: usize = 200;

impl RowIssue {
    /// An issue; the value is shortened to what a report can show.
    #[must_use]
    pub fn new(
        file: &Arc<str>,
        line: u64,
        column: Option<&str>,
        value: &str,
        code: &'static IssueCode,
    ) -> Self {
        let value = match value.char_indices().nth(QUOTED_CHARS) {
            Some((at, _)) => format!("{}…", &value[..at]),
            None => value.to_owned(),
        };
        Self {
            file: file.clone(),
            line,
            column: column.map(str::to_owned),
            value,
            code,
        }
    }
}

/// How often something went wrong, and where first.
#[derive(Clone, Debug)]
pub struct IssueCount {
    /// What.
    pub code: &'static IssueCode,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first: RowIssue,
}

/// Counts issues and writes each to the report as it comes, so that a file of any size can be all wrong.
#[derive(Default)]
pub struct IssueLog {
    counts: BTreeMap<&'static str, IssueCount>,
    report: Option<csv::Writer<Box<dyn Write + Send>>>,
    failure: Option<std::io::Error>,
}

impl IssueLog {
    /// A log that also writes a CSV report: file, line, column, value, code, reason and mending in both
    /// languages. A byte order mark comes first, because spreadsheets need it to show Chinese.
    ///
    /// # Errors
    /// When the report cannot be written to.
    pub fn with_report(mut out: Box<dyn Write + Send>) -> std::io::Result<Self> {
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut report = csv::Writer::from_writer(out);
        report.write_record([
            "file",
            "line",
            "column",
            "value",
            "code",
            "reason_zh",
            "reason_en",
            "mend_zh",
            "mend_en",
        ])?;
        Ok(Self {
            report: Some(report),
            ..Self::default()
        })
    }

    /// Records an issue.
    pub fn add(&mut self, issue: RowIssue) {
        if let Some(report) = &mut self.report {
            let line = issue.line.to_string();
            let code = issue.code;
            let written = report.write_record([
                &*issue.file,
                &line,
                issue.column.as_deref().unwrap_or_default(),
                &issue.value,
                code.code,
                code.zh,
                code.en,
                code.mend_zh,
                code.mend_en,
            ]);
            if let Err(error) = written {
                self.failure.get_or_insert_with(|| error.into());
            }
        }
        self.counts
            .entry(issue.code.code)
            .and_modify(|count| count.rows += 1)
            .or_insert_with(|| IssueCount {
                code: issue.code,
                rows: 1,
                first: issue,
            });
    }

    /// Rows with an issue.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.counts.values().map(|c| c.rows).sum()
    }

    /// What went wrong, most frequent first.
    #[must_use]
    pub fn summary(&self) -> Vec<IssueCount> {
        let mut counts: Vec<_> = self.counts.values().cloned().collect();
        counts.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.code.code.cmp(b.code.code)));
        counts
    }

    /// Ends the report.
    ///
    /// # Errors
    /// When the report could not be written, at this or an earlier row.
    pub fn finish(&mut self) -> std::io::Result<()> {
        if let Some(report) = &mut self.report {
            report.flush()?;
        }
        self.failure.take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_bilingual() {
        let mut seen = HashSet::new();
        for code in codes::ALL {
            assert!(seen.insert(code.code), "{}", code.code);
            assert!(!code.zh.is_ascii() && !code.mend_zh.is_ascii(), "{}", code.code);
        }
    }

    #[test]
    fn a_long_value_is_shortened_between_characters() {
        let issue = RowIssue::new(&"f".into(), 1, None, &"环".repeat(300), &codes::NUMBER);
        assert_eq!(issue.value.chars().count(), QUOTED_CHARS + 1);
    }
}
