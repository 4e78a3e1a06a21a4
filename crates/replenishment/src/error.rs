//! What can go wrong here.

use base::{Category, ErrorCode};

/// A run is under way already.
pub const RUN_BUSY: ErrorCode = ErrorCode::new(
    "replenishment.run_busy",
    Category::Conflict,
    "补货计算正在进行（{run_id}），请等它结束",
    "Proposals are being made already ({run_id}); wait until that is done",
);
/// Somebody decided about it before, or a newer run has replaced it.
pub const NOT_OPEN: ErrorCode = ErrorCode::new(
    "replenishment.not_open",
    Category::Conflict,
    "补货建议 {proposal_id} 已被处理或已由新的计算取代，请刷新列表",
    "Proposal {proposal_id} was decided about, or a newer run has replaced it; look at the list again",
);
/// A supplier is said of articles only.
pub const SUPPLIER_OF_ARTICLES: ErrorCode = ErrorCode::new(
    "replenishment.supplier_of_articles",
    Category::Invalid,
    "供应商只能针对商品设置",
    "A supplier is said of articles only",
);
/// Who supplies a place cannot be the place itself.
pub const SUPPLIES_ITSELF: ErrorCode = ErrorCode::new(
    "replenishment.supplies_itself",
    Category::Invalid,
    "地点不能由自己供货",
    "A place cannot supply itself",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&RUN_BUSY, &NOT_OPEN, &SUPPLIER_OF_ARTICLES, &SUPPLIES_ITSELF];
