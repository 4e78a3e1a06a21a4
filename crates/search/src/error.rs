//! What can go wrong with the index. A question never does.

use base::{Category, ErrorCode};

/// The index is being made for the first time.
pub const BUILDING: ErrorCode = ErrorCode::new(
    "search.building",
    Category::Unavailable,
    "搜索索引正在建立，请稍后再试",
    "The search index is being built; try again in a moment",
);
/// Another process keeps the index.
pub const LOCKED: ErrorCode = ErrorCode::new(
    "search.locked",
    Category::Conflict,
    "{folder} 的搜索索引正由另一个进程维护；请先停止服务再重建",
    "The search index in {folder} is kept by another process; stop the server before rebuilding it",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&BUILDING, &LOCKED];
