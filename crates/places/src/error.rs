//! What can go wrong with places.

use base::{Category, ErrorCode};

/// Another place has this code.
pub const CODE_TAKEN: ErrorCode = ErrorCode::new(
    "places.code_taken",
    Category::Conflict,
    "门店编码 {code} 已被使用，请换一个",
    "The place code {code} is taken; choose another",
);
/// Not a zone of the IANA database.
pub(crate) const UNKNOWN_TIMEZONE: ErrorCode = ErrorCode::new(
    "places.unknown_timezone",
    Category::Invalid,
    "“{value}”不是 IANA 时区名，例如 Asia/Shanghai",
    "\"{value}\" is not an IANA time zone name such as Asia/Shanghai",
);
/// Two stretches of one day overlap, or one is empty.
pub(crate) const HOURS_CLASH: ErrorCode = ErrorCode::new(
    "places.hours_clash",
    Category::Invalid,
    "营业时段为空或互相重叠",
    "Opening hours are empty or overlap",
);

/// One counter tells of the same time twice.
pub const VISITS_OVERLAP: ErrorCode = ErrorCode::new(
    "visits.overlap",
    Category::Conflict,
    "计数器 {counter} 从 {from_at} 起的时段与它的另一时段重叠，同一批人会被数两次；请按不重叠的时段上报",
    "Counter {counter} tells of a time from {from_at} that overlaps another interval of its own, so people would be \
     counted twice; send intervals that do not overlap",
);

/// The failures this crate raises.
pub const ERRORS: &[&ErrorCode] = &[&CODE_TAKEN, &UNKNOWN_TIMEZONE, &HOURS_CLASH, &VISITS_OVERLAP];
