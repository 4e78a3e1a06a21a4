//! What access refuses, and how it says so.

use base::{Category, ErrorCode};

/// Login and password do not go together; which of the two is wrong is not told.
pub const BAD_CREDENTIALS: ErrorCode = ErrorCode::new(
    "access.bad_credentials",
    Category::Unauthenticated,
    "账号或密码不正确",
    "The login or the password is not right",
);
/// The password was right; the one-time code is missing, wrong or used.
pub const TOTP_REQUIRED: ErrorCode = ErrorCode::new(
    "access.totp_required",
    Category::Unauthenticated,
    "请输入验证器上的最新 6 位动态码",
    "Enter the newest six-digit code of your authenticator app",
);
/// Too many wrong attempts.
pub const LOCKED: ErrorCode = ErrorCode::new(
    "access.locked",
    Category::Exhausted,
    "尝试次数过多，请在 {retry_after_s} 秒后重试",
    "Too many attempts; try again in {retry_after_s} seconds",
);
/// Too many requests.
pub const RATE_LIMITED: ErrorCode = ErrorCode::new(
    "access.rate_limited",
    Category::Exhausted,
    "请求过于频繁，请在 {retry_after_s} 秒后重试",
    "Too many requests; try again in {retry_after_s} seconds",
);
/// An unsafe call with a cookie but without the header that only our own pages can send.
pub const CSRF: ErrorCode = ErrorCode::new(
    "access.csrf",
    Category::Forbidden,
    "缺少请求头 X-Storeloop-Csrf: 1",
    "The header X-Storeloop-Csrf: 1 is missing",
);
/// Somebody has that login.
pub const LOGIN_TAKEN: ErrorCode = ErrorCode::new(
    "access.login_taken",
    Category::Conflict,
    "账号“{login}”已被使用，请换一个",
    "The login \"{login}\" is taken; choose another",
);
/// The change would leave nobody who can hand out rights.
pub const LAST_ADMIN: ErrorCode = ErrorCode::new(
    "access.last_admin",
    Category::Conflict,
    "至少要保留一名启用的管理员",
    "At least one active administrator must remain",
);
/// The password is too short.
pub const PASSWORD_TOO_SHORT: ErrorCode = ErrorCode::new(
    "access.password_too_short",
    Category::Invalid,
    "密码至少需要 {min} 个字符",
    "A password has at least {min} characters",
);
/// The password is among the first that anybody would guess.
pub const PASSWORD_TOO_COMMON: ErrorCode = ErrorCode::new(
    "access.password_too_common",
    Category::Invalid,
    "密码太容易被猜到，请换一个更独特的",
    "This password is easy to guess; choose a less common one",
);
/// The role cannot be held in that scope.
pub const ROLE_SCOPE: ErrorCode = ErrorCode::new(
    "access.role_scope",
    Category::Invalid,
    "角色 {role} 不能授予范围 {scope}",
    "The role {role} cannot be given for the scope {scope}",
);
/// The permission does not exist.
pub const UNKNOWN_PERMISSION: ErrorCode = ErrorCode::new(
    "access.unknown_permission",
    Category::Invalid,
    "没有名为 {permission} 的权限",
    "There is no permission {permission}",
);
/// A key that would have stopped before it began.
pub const EXPIRY_PAST: ErrorCode = ErrorCode::new(
    "access.expiry_past",
    Category::Invalid,
    "到期时间须在当前时间之后",
    "The end must lie in the future",
);
/// The permission cannot be handed over: the giver does not have it, or no machine may.
pub const NOT_GRANTABLE: ErrorCode = ErrorCode::new(
    "access.not_grantable",
    Category::Forbidden,
    "不能授予权限 {permission}",
    "The permission {permission} cannot be given to this key",
);
/// The second factor is on already.
pub const TOTP_ENABLED: ErrorCode = ErrorCode::new(
    "access.totp_enabled",
    Category::Conflict,
    "动态码已启用；如需更换，请先停用",
    "The authenticator is on already; switch it off first to change it",
);
/// The second factor is not being set up.
pub const TOTP_NOT_STARTED: ErrorCode = ErrorCode::new(
    "access.totp_not_started",
    Category::Conflict,
    "还没有开始绑定验证器",
    "No authenticator is being set up",
);
/// The one-time code is wrong or was used before.
pub const TOTP_WRONG: ErrorCode = ErrorCode::new(
    "access.totp_wrong",
    Category::Invalid,
    "动态码不正确或已使用，请输入最新的一个",
    "The code is not right or was used before; enter the newest one",
);
/// The policies or their schema do not hold together.
pub const POLICIES: ErrorCode = ErrorCode::new(
    "access.policies",
    Category::Internal,
    "访问策略有误：{reason}",
    "The access policies are wrong: {reason}",
);

/// Every code of this crate.
pub const ERRORS: &[&ErrorCode] = &[
    &BAD_CREDENTIALS,
    &TOTP_REQUIRED,
    &LOCKED,
    &RATE_LIMITED,
    &EXPIRY_PAST,
    &CSRF,
    &LOGIN_TAKEN,
    &LAST_ADMIN,
    &PASSWORD_TOO_SHORT,
    &PASSWORD_TOO_COMMON,
    &ROLE_SCOPE,
    &UNKNOWN_PERMISSION,
    &NOT_GRANTABLE,
    &TOTP_ENABLED,
    &TOTP_NOT_STARTED,
    &TOTP_WRONG,
    &POLICIES,
];
