//! What can go wrong between a word and its answer.

use base::{Category, ErrorCode};

/// One survey, one answer.
pub const ALREADY_ANSWERED: ErrorCode = ErrorCode::new(
    "survey.already_answered",
    Category::Conflict,
    "这份问卷已经回答过了，谢谢您",
    "This survey is answered already; thank you",
);
/// Too late.
pub const SURVEY_CLOSED: ErrorCode = ErrorCode::new(
    "survey.closed",
    Category::Conflict,
    "这份问卷已于 {closed_at} 截止",
    "This survey closed at {closed_at}",
);
/// A topic we do not know.
pub const TOPIC_UNKNOWN: ErrorCode = ErrorCode::new(
    "feedback.topic_unknown",
    Category::Invalid,
    "没有“{topic}”这个主题，可选：{known}",
    "There is no topic \"{topic}\"; choose from {known}",
);
/// Neither words nor a score.
pub const NOTHING_SAID: ErrorCode = ErrorCode::new(
    "feedback.nothing_said",
    Category::Invalid,
    "请写下意见或打分",
    "Write a word or give a score",
);
/// It belongs to an issue, or is dismissed or answered.
pub const FEEDBACK_NOT_OPEN: ErrorCode = ErrorCode::new(
    "feedback.not_open",
    Category::Conflict,
    "反馈 {feedback_id} 已处理（{state}），不能再这样操作",
    "Feedback {feedback_id} has been dealt with ({state}) and cannot be changed so",
);
/// Nothing changes any more.
pub const ISSUE_CLOSED: ErrorCode = ErrorCode::new(
    "issue.closed",
    Category::Conflict,
    "问题 {number} 已关闭",
    "Issue {number} is closed",
);
/// No evidence that it helped.
pub const PROOF_MISSING: ErrorCode = ErrorCode::new(
    "issue.proof_missing",
    Category::Conflict,
    "还没有前后对比的证据，请先计算改进效果",
    "There is no before-and-after evidence yet; compute it first",
);
/// Something is still to be done.
pub const ACTIONS_OPEN: ErrorCode = ErrorCode::new(
    "issue.actions_open",
    Category::Conflict,
    "还有 {open} 项措施未完成（共 {total} 项；至少需要一项）",
    "{open} of {total} actions are not done yet; there must be at least one",
);
/// Nothing to tell those who raised it.
pub const ANSWER_MISSING: ErrorCode = ErrorCode::new(
    "issue.answer_missing",
    Category::Conflict,
    "请用中英文写好给提出者的答复，或说明为何不答复",
    "Write the answer in Chinese and English for those who raised it, or say why none is sent",
);
/// The two periods make no sense together.
pub const PERIODS_INVALID: ErrorCode = ErrorCode::new(
    "issue.periods_invalid",
    Category::Invalid,
    "时段不正确：起点须早于终点，改进前的时段须在改进后之前，且都不能在未来开始",
    "The periods are not right: each must begin before it ends, the one before must end by the time the one after \
     begins, and neither may begin in the future",
);
/// A day that is not one.
pub const DUE_INVALID: ErrorCode = ErrorCode::new(
    "issue.due_invalid",
    Category::Invalid,
    "截止日期应为 YYYY-MM-DD，且在 2000 到 2100 年之间",
    "A due date is written YYYY-MM-DD, between the years 2000 and 2100",
);
/// Done is done.
pub const ACTION_DONE: ErrorCode = ErrorCode::new(
    "issue.action_done",
    Category::Conflict,
    "这项措施已经完成",
    "This action is done already",
);

/// Every failure this crate raises.
pub const ERRORS: &[&ErrorCode] = &[
    &ALREADY_ANSWERED,
    &SURVEY_CLOSED,
    &TOPIC_UNKNOWN,
    &NOTHING_SAID,
    &FEEDBACK_NOT_OPEN,
    &ISSUE_CLOSED,
    &PROOF_MISSING,
    &ACTIONS_OPEN,
    &ANSWER_MISSING,
    &PERIODS_INVALID,
    &DUE_INVALID,
    &ACTION_DONE,
];
