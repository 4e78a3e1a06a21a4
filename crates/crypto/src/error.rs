//! What can go wrong with keys and sealed things.

use base::{Category, ErrorCode};

/// A sealed value was altered, belongs to another record, or was never sealed.
pub const UNREADABLE: ErrorCode = ErrorCode::new(
    "crypto.unreadable",
    Category::Internal,
    "加密内容无法解密：数据被改动或密钥不符",
    "A sealed value does not open: it was altered or the key is not the one it was sealed with",
);

/// A sealed value names a key that is not on the ring.
pub const KEY_UNKNOWN: ErrorCode = ErrorCode::new(
    "crypto.key_unknown",
    Category::Internal,
    "缺少密钥 {key_id}：请把它加回密钥文件",
    "The key {key_id} is missing; put it back into the key file",
);

/// The master keys cannot be read or written.
pub const KEY_FILE: ErrorCode = ErrorCode::new(
    "crypto.key_file",
    Category::Internal,
    "主密钥文件 {path} 有问题：{reason}",
    "The master key file {path} is not usable: {reason}",
);

/// More passwords wait to be checked than the machine can take.
pub const BUSY: ErrorCode = ErrorCode::new(
    "crypto.busy",
    Category::Unavailable,
    "登录人数过多，请稍后重试",
    "Too many sign-ins at this moment; please try again shortly",
);

/// A signed code that this ring did not sign, or that was altered.
pub const CODE_INVALID: ErrorCode = ErrorCode::new(
    "crypto.code_invalid",
    Category::Invalid,
    "二维码或验证串无效，请重新出示",
    "This code is not valid; please show a fresh one",
);

/// A signed code past its time.
pub const CODE_EXPIRED: ErrorCode = ErrorCode::new(
    "crypto.code_expired",
    Category::Invalid,
    "二维码已过期，请刷新后重新出示",
    "This code has expired; please refresh it",
);

/// A key or certificate of a peer, or ours towards it, cannot be used.
pub const PEER_KEY: ErrorCode = ErrorCode::new(
    "crypto.peer_key",
    Category::Internal,
    "密钥或证书无法使用：{reason}",
    "A key or certificate is not usable: {reason}",
);

/// Every code of this crate.
pub const ERRORS: &[&ErrorCode] = &[
    &UNREADABLE,
    &KEY_UNKNOWN,
    &KEY_FILE,
    &BUSY,
    &CODE_INVALID,
    &CODE_EXPIRED,
    &PEER_KEY,
];
