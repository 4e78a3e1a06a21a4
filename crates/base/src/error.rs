//! One error type at every public face: a registered code, the facts, and nothing else.

use std::error::Error as StdError;
use std::fmt;

use serde_json::{Map, Value};

use crate::Locale;

/// A result with the house's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it is; decides the HTTP status and whether trying again can help.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Category {
    /// The request itself is wrong (400; 422 is not used).
    Invalid,
    /// Nobody, or nobody we can prove, asks (401).
    Unauthenticated,
    /// The actor may see it but not do this (403).
    Forbidden,
    /// Not there, or not for these eyes (404).
    NotFound,
    /// The state of things does not allow it (409).
    Conflict,
    /// The caller's picture is out of date (412).
    Precondition,
    /// A quota, a limit or a stock is used up: too many tries (429).
    Exhausted,
    /// A part we need does not answer (503).
    Unavailable,
    /// It took too long (504).
    Timeout,
    /// Our fault (500).
    Internal,
}

/// A registered failure: unique code, category and both languages. Declared as a constant by the crate that
/// raises it; `{name}` in a message is replaced by the fact of that name.
#[derive(Debug)]
pub struct ErrorCode {
    /// Globally unique, `domain.reason`.
    pub code: &'static str,
    /// What kind of failure.
    pub category: Category,
    /// The message in Simplified Chinese: what, where, how to mend.
    pub zh: &'static str,
    /// The message in English: what, where, how to mend.
    pub en: &'static str,
}

impl ErrorCode {
    /// Declares a failure.
    #[must_use]
    pub const fn new(code: &'static str, category: Category, zh: &'static str, en: &'static str) -> Self {
        Self {
            code,
            category,
            zh,
            en,
        }
    }
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// JSON path of the field, such as `lines[0].quantity`.
    pub field: String,
    /// What is wrong with it.
    pub code: &'static ErrorCode,
    /// The facts of it.
    pub facts: Map<String, Value>,
}

struct Inner {
    code: &'static ErrorCode,
    facts: Map<String, Value>,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A failure with its facts. What the client reads is the code's message; the source is for the log only.
pub struct Error(Box<Inner>);

impl Error {
    /// A failure of a registered kind.
    #[must_use]
    pub fn new(code: &'static ErrorCode) -> Self {
        Self(Box::new(Inner {
            code,
            facts: Map::new(),
            fields: Vec::new(),
            source: None,
        }))
    }

    /// An unforeseen failure: the operator reads `source`, the client only that it was our fault.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(&codes::INTERNAL).caused_by(source)
    }

    /// A thing that is not there, or not for these eyes.
    #[must_use]
    pub fn not_found(what: &'static str, id: impl fmt::Display) -> Self {
        Self::new(&codes::NOT_FOUND)
            .with("what", what)
            .with("id", id.to_string())
    }

    /// One field of the input is wrong.
    #[must_use]
    pub fn field(field: impl Into<String>, code: &'static ErrorCode) -> Self {
        Self::new(&codes::INVALID_INPUT).and_field(field, code, Map::new())
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn and_field(
        mut self,
        field: impl Into<String>,
        code: &'static ErrorCode,
        facts: Map<String, Value>,
    ) -> Self {
        self.0.fields.push(FieldError {
            field: field.into(),
            code,
            facts,
        });
        self
    }

    /// Adds the cause, for the operator's log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Whether this is that failure.
    #[must_use]
    pub fn is(&self, code: &ErrorCode) -> bool {
        self.0.code.code == code.code
    }

    /// The unique code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code.code
    }

    /// The category.
    #[must_use]
    pub fn category(&self) -> Category {
        self.0.code.category
    }

    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &Map<String, Value> {
        &self.0.facts
    }

    /// The wrong fields of the input.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The message in a language, with the facts filled in.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        fill(self.0.code, &self.0.facts, locale)
    }
}

impl FieldError {
    /// The message in a language, with the facts filled in.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        fill(self.code, &self.facts, locale)
    }
}

fn fill(code: &ErrorCode, facts: &Map<String, Value>, locale: Locale) -> String {
    let template = match locale {
        Locale::Zh => code.zh,
        Locale::En => code.en,
    };
    let mut out = template.to_owned();
    for (name, value) in facts {
        let written = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        out = out.replace(&format!("{{{name}}}"), &written);
    }
    out
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message(Locale::En))?;
        for field in &self.0.fields {
            write!(f, "; {}: {}", field.field, field.message(Locale::En))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        if !self.0.facts.is_empty() {
            write!(f, " {}", Value::Object(self.0.facts.clone()))?;
        }
        if let Some(source) = &self.0.source {
            write!(f, " (cause: {source})")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|s| s as &(dyn StdError + 'static))
    }
}

/// The failures every crate may raise.
pub mod codes {
    use super::{Category, ErrorCode};

    /// Our fault.
    pub const INTERNAL: ErrorCode = ErrorCode::new(
        "internal",
        Category::Internal,
        "系统内部出错，已记录，请稍后重试",
        "Something failed on our side and was recorded; please try again",
    );
    /// Not there, or not for these eyes.
    pub const NOT_FOUND: ErrorCode = ErrorCode::new(
        "not_found",
        Category::NotFound,
        "找不到 {what} {id}",
        "There is no {what} {id}",
    );
    /// No one is signed in.
    pub const UNAUTHENTICATED: ErrorCode = ErrorCode::new(
        "access.unauthenticated",
        Category::Unauthenticated,
        "请先登录",
        "Sign in first",
    );
    /// The right is missing.
    pub const FORBIDDEN: ErrorCode = ErrorCode::new(
        "access.forbidden",
        Category::Forbidden,
        "没有权限 {permission}，请联系管理员",
        "You do not have the permission {permission}; ask an administrator",
    );
    /// One or more fields are wrong; see `errors`.
    pub const INVALID_INPUT: ErrorCode = ErrorCode::new(
        "input.invalid",
        Category::Invalid,
        "提交的内容有误，请按提示修改",
        "The input is not right; see the fields listed",
    );
    /// A field must be given.
    pub const REQUIRED: ErrorCode =
        ErrorCode::new("input.required", Category::Invalid, "必填", "This is required");
    /// A field is outside its range.
    pub const OUT_OF_RANGE: ErrorCode = ErrorCode::new(
        "input.out_of_range",
        Category::Invalid,
        "超出允许范围（{min} 到 {max}）",
        "Outside the allowed range ({min} to {max})",
    );
    /// A text is too long.
    pub const TOO_LONG: ErrorCode = ErrorCode::new(
        "input.too_long",
        Category::Invalid,
        "太长，最多 {max} 个字符",
        "Too long; at most {max} characters",
    );
    /// A field's form is wrong.
    pub const MALFORMED: ErrorCode = ErrorCode::new(
        "input.malformed",
        Category::Invalid,
        "格式不正确：{reason}",
        "Not in the right form: {reason}",
    );
    /// Not an identifier of the expected kind.
    pub const INVALID_ID: ErrorCode = ErrorCode::new(
        "input.invalid_id",
        Category::Invalid,
        "“{value}”不是有效的编号，应形如 {expected}",
        "\"{value}\" is not an identifier of the form {expected}",
    );
    /// Not an RFC 3339 instant with an offset.
    pub const INVALID_TIME: ErrorCode = ErrorCode::new(
        "input.invalid_time",
        Category::Invalid,
        "“{value}”不是带时区的 RFC 3339 时间，例如 2026-11-23T09:00:00+08:00",
        "\"{value}\" is not an RFC 3339 time with an offset, such as 2026-11-23T09:00:00+08:00",
    );
    /// Not an ISO 4217 code.
    pub const INVALID_CURRENCY: ErrorCode = ErrorCode::new(
        "input.invalid_currency",
        Category::Invalid,
        "“{value}”不是 ISO 4217 货币代码",
        "\"{value}\" is not an ISO 4217 currency code",
    );
    /// A page cursor this server did not make.
    pub const INVALID_CURSOR: ErrorCode = ErrorCode::new(
        "input.invalid_cursor",
        Category::Invalid,
        "翻页标记无效，请从第一页重新开始",
        "The page cursor is not valid; start again from the first page",
    );
    /// Two currencies in one sum.
    pub const CURRENCY_MISMATCH: ErrorCode = ErrorCode::new(
        "money.currency_mismatch",
        Category::Invalid,
        "货币不同，不能相加减：{left} 与 {right}",
        "Amounts of different currencies cannot be combined: {left} and {right}",
    );
    /// An amount left its range.
    pub const AMOUNT_OVERFLOW: ErrorCode = ErrorCode::new(
        "money.overflow",
        Category::Invalid,
        "金额或数量超出可表示的范围",
        "An amount or quantity is outside the range that can be kept",
    );
    /// The object changed since it was read.
    pub const VERSION_MISMATCH: ErrorCode = ErrorCode::new(
        "precondition.failed",
        Category::Precondition,
        "内容已被他人更新（当前版本 {current}），请刷新后再改",
        "It has been changed since you read it (now version {current}); reload and try again",
    );
    /// A key was used before for another request.
    pub const KEY_REUSED: ErrorCode = ErrorCode::new(
        "idempotency.key_reused",
        Category::Conflict,
        "该 Idempotency-Key 已用于另一个请求，请换一个",
        "This Idempotency-Key was used for a different request; use a new one",
    );

    /// Every code of this module.
    pub const ALL: &[&ErrorCode] = &[
        &INTERNAL,
        &NOT_FOUND,
        &UNAUTHENTICATED,
        &FORBIDDEN,
        &INVALID_INPUT,
        &REQUIRED,
        &OUT_OF_RANGE,
        &TOO_LONG,
        &MALFORMED,
        &INVALID_ID,
        &INVALID_TIME,
        &INVALID_CURRENCY,
        &INVALID_CURSOR,
        &CURRENCY_MISMATCH,
        &AMOUNT_OVERFLOW,
        &VERSION_MISMATCH,
        &KEY_REUSED,
    ];
}
