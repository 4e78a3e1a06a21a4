//! What can go wrong here.

use base::{Category, ErrorCode};

/// A tier stands in the list twice.
pub const TIER_TWICE: ErrorCode = ErrorCode::new(
    "sourcing.tier_twice",
    Category::Invalid,
    "同一条优先规则出现了两次，请删去一条",
    "The same rule of precedence stands there twice; take one out",
);
/// The bands of the carrier's tariff are not in order.
pub const BANDS_ORDER: ErrorCode = ErrorCode::new(
    "sourcing.bands_order",
    Category::Invalid,
    "运费分段须由近到远，只有最后一段不设上限",
    "Bands of the tariff go from near to far, and the last one alone has no end",
);
/// A replay is already running.
pub const REPLAY_BUSY: ErrorCode = ErrorCode::new(
    "sourcing.replay_busy",
    Category::Conflict,
    "已有一次回放正在进行（{replay_id}），请等它结束或先停止它",
    "A replay is running already ({replay_id}); wait for it or stop it first",
);
/// The period of a replay is empty or too long.
pub const REPLAY_PERIOD: ErrorCode = ErrorCode::new(
    "sourcing.replay_period",
    Category::Invalid,
    "回放时段须在 1 到 {max_days} 天之间，且结束晚于开始",
    "A replay covers 1 to {max_days} days, and ends after it begins",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&TIER_TWICE, &BANDS_ORDER, &REPLAY_BUSY, &REPLAY_PERIOD];
