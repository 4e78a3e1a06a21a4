//! Refusals on the wire: problem+json (RFC 9457) with our stable codes.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use base::{Category, Error, ErrorCode, Locale};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{ToResponse, ToSchema};

/// The body is not JSON.
pub(crate) const NOT_JSON: ErrorCode = ErrorCode::new(
    "input.not_json",
    Category::Invalid,
    "请求体应为 JSON，并带 Content-Type: application/json",
    "The body must be JSON, sent with Content-Type: application/json",
);
/// The body did not arrive whole or is too large.
pub(crate) const BODY_UNREADABLE: ErrorCode = ErrorCode::new(
    "input.body_unreadable",
    Category::Invalid,
    "请求体没有完整到达，或超过大小上限",
    "The body did not arrive whole, or is larger than allowed",
);
/// No such address.
pub(crate) const NO_ROUTE: ErrorCode = ErrorCode::new(
    "not_found.route",
    Category::NotFound,
    "没有这个地址：{path}",
    "There is nothing at {path}",
);
/// The address does not take this method. Answered 405, the one status a category does not decide.
pub(crate) const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode::new(
    "input.method_not_allowed",
    Category::Invalid,
    "该地址不支持 {method} 方法",
    "This address does not take {method}",
);
/// The idempotency key is empty or too long.
pub(crate) const BAD_IDEMPOTENCY_KEY: ErrorCode = ErrorCode::new(
    "idempotency.bad_key",
    Category::Invalid,
    "Idempotency-Key 须为 1 到 {max} 个可见 ASCII 字符",
    "Idempotency-Key must be 1 to {max} visible ASCII characters",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &NOT_JSON,
    &BODY_UNREADABLE,
    &NO_ROUTE,
    &METHOD_NOT_ALLOWED,
    &BAD_IDEMPOTENCY_KEY,
    crate::extract::CODES[0],
];

/// What is wrong with one field of the input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON path of the field.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// In the caller's language.
    pub detail: String,
}

/// A refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `urn:storeloop:error:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of failure, in the caller's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable, globally unique code.
    pub code: String,
    /// What happened and how to mend it, in the caller's language.
    pub detail: String,
    /// The facts of it, by name.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
    /// What is wrong with which field, when fields are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Names this request in the server's log.
    pub request_id: String,
}

/// Any refusal, as documented for every operation's `default` answer.
#[derive(Debug, ToResponse)]
#[response(description = "A refusal", content_type = "application/problem+json")]
pub struct ProblemResponse(#[allow(dead_code, reason = "only its schema is used")] ProblemBody);

/// An error on its way out. The boundary writes the body, since it knows the language and the request.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

pub(crate) fn status(error: &Error) -> StatusCode {
    if error.is(&METHOD_NOT_ALLOWED) {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    match error.category() {
        Category::Invalid => StatusCode::BAD_REQUEST,
        Category::Unauthenticated => StatusCode::UNAUTHORIZED,
        Category::Forbidden => StatusCode::FORBIDDEN,
        Category::NotFound => StatusCode::NOT_FOUND,
        Category::Conflict => StatusCode::CONFLICT,
        Category::Precondition => StatusCode::PRECONDITION_FAILED,
        Category::Exhausted => StatusCode::TOO_MANY_REQUESTS,
        Category::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Category::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Category::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(category: Category, locale: Locale) -> &'static str {
    let (zh, en) = match category {
        Category::Invalid => ("请求有误", "Invalid request"),
        Category::Unauthenticated => ("未登录", "Not signed in"),
        Category::Forbidden => ("没有权限", "Not allowed"),
        Category::NotFound => ("找不到", "Not found"),
        Category::Conflict => ("与当前状态冲突", "Conflict with the present state"),
        Category::Precondition => ("内容已更新", "Out of date"),
        Category::Exhausted => ("次数或数量已用完", "Limit reached"),
        Category::Unavailable => ("暂时不可用", "Temporarily unavailable"),
        Category::Timeout => ("超时", "Timed out"),
        Category::Internal => ("系统错误", "Server error"),
    };
    match locale {
        Locale::Zh => zh,
        Locale::En => en,
    }
}

/// Writes the refusal for this caller.
pub(crate) fn render(error: &Error, locale: Locale, request_id: &str) -> Response {
    let status = status(error);
    let body = ProblemBody {
        kind: format!("urn:storeloop:error:{}", error.code()),
        title: title(error.category(), locale).to_owned(),
        status: status.as_u16(),
        code: error.code().to_owned(),
        detail: error.message(locale),
        facts: error.facts().clone(),
        errors: error
            .fields()
            .iter()
            .map(|f| FieldProblem {
                field: f.field.clone(),
                code: f.code.code.to_owned(),
                detail: f.message(locale),
            })
            .collect(),
        request_id: request_id.to_owned(),
    };
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let kind = HeaderValue::from_static("application/problem+json");
    let mut response = (status, [(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Some(seconds) = error.facts().get("retry_after_s").and_then(Value::as_u64) {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
