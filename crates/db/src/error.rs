//! The store's failures.

/// The failures this crate raises. Drivers' own errors stay below as the cause, for the operator's log.
pub mod codes {
    use base::{Category, ErrorCode};

    /// A row with that key exists. Facts: `table`, `constraint` where the engine tells.
    pub const UNIQUE_VIOLATION: ErrorCode = ErrorCode::new(
        "db.unique_violation",
        Category::Conflict,
        "记录已存在",
        "That record exists already",
    );
    /// A value the table forbids, such as a quantity below zero. Facts: `table`, `constraint`.
    pub const CHECK_VIOLATION: ErrorCode = ErrorCode::new(
        "db.check_violation",
        Category::Conflict,
        "数据不符合约束，未保存",
        "The data breaks a rule of the store and was not saved",
    );
    /// A row points at one that is not there, or one still pointed at would go. Facts: `table`, `constraint`.
    pub const FOREIGN_KEY_VIOLATION: ErrorCode = ErrorCode::new(
        "db.foreign_key_violation",
        Category::Conflict,
        "关联的记录不存在或仍被引用",
        "A related record is missing or still in use",
    );
    /// A text holds a character that cannot be stored.
    pub const NUL_IN_TEXT: ErrorCode = ErrorCode::new(
        "db.nul_in_text",
        Category::Invalid,
        "文字中含有不可保存的空字符（U+0000），请删除后重试",
        "The text holds a NUL character (U+0000), which cannot be stored; remove it and try again",
    );
    /// The store does not answer, or its queue is full.
    pub const UNAVAILABLE: ErrorCode = ErrorCode::new(
        "db.unavailable",
        Category::Unavailable,
        "数据库暂时不可用，请稍后重试",
        "The database is not available at the moment; please try again",
    );
    /// Others changed the same rows on every attempt.
    pub const CONTENDED: ErrorCode = ErrorCode::new(
        "db.contended",
        Category::Unavailable,
        "同一数据的并发操作过多（已重试 {attempts} 次），请稍后重试",
        "Too many changes of the same data at once (gave up after {attempts} attempts); please try again",
    );
    /// One statement took longer than a statement may.
    pub const TIMEOUT: ErrorCode = ErrorCode::new(
        "db.timeout",
        Category::Timeout,
        "查询超时，请缩小范围后重试",
        "The query took too long; narrow it and try again",
    );
    /// A migration cannot be applied as it is.
    pub const MIGRATION_REFUSED: ErrorCode = ErrorCode::new(
        "db.migration_refused",
        Category::Internal,
        "拒绝执行数据库迁移 {domain}/{file}：{reason}",
        "Migration {domain}/{file} is refused: {reason}",
    );
    /// A backup could not be made or brought back.
    pub const BACKUP_FAILED: ErrorCode = ErrorCode::new(
        "db.backup_failed",
        Category::Internal,
        "备份或恢复失败：{reason}",
        "The backup, or bringing it back, failed: {reason}",
    );
    /// The configuration of the store is wrong.
    pub const INVALID_CONFIG: ErrorCode = ErrorCode::new(
        "db.invalid_config",
        Category::Internal,
        "数据库配置有误：{reason}",
        "The database configuration is wrong: {reason}",
    );

    /// Every code of this crate.
    pub const ALL: &[&ErrorCode] = &[
        &UNIQUE_VIOLATION,
        &CHECK_VIOLATION,
        &FOREIGN_KEY_VIOLATION,
        &NUL_IN_TEXT,
        &UNAVAILABLE,
        &CONTENDED,
        &TIMEOUT,
        &MIGRATION_REFUSED,
        &BACKUP_FAILED,
        &INVALID_CONFIG,
    ];
}

use base::{Error, ErrorCode};

/// A constraint refused a row.
pub(crate) fn violation(code: &'static ErrorCode, table: Option<&str>, constraint: Option<&str>) -> Error {
    let mut error = Error::new(code);
    if let Some(table) = table {
        error = error.with("table", table);
    }
    if let Some(constraint) = constraint {
        error = error.with("constraint", constraint);
    }
    error
}

/// The store went away, with what the operator should read.
pub(crate) fn unavailable(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(&codes::UNAVAILABLE).caused_by(reason)
}
