//! Follows three problems from the words to the answer: long queues and broken powder,
//! proven better and closed, and wrong shades bought online, fixed and still measured.

use base::{Text, Time};
use jiff::ToSpan;

use crate::calendar::{Seconds, local_date};
use crate::chain::{Issue, IssueAction, IssueState, Metric, Order, Proof, Voice, VoiceState};
use crate::data::makeup;
use crate::data::voices::Aspect;
use crate::ids::Ids;
use crate::places::text;
use crate::staff::Cast;
use crate::stories::{
    BREAKING_POWDER, POWDER_FIXED_DAYS_AGO, QUEUE_STORE, QUEUES_FIXED_DAYS_AGO, SHADES_FIXED_DAYS_AGO, Stage,
};

const HOUR: i64 = 3_600;
/// An issue is opened so many days before its fix takes effect.
const OPENED_DAYS_BEFORE: i64 = 16;
/// And closed so many days after.
const CLOSED_DAYS_AFTER: i64 = 35;
/// Voices older than this before the opening are not part of it.
const HEARD_DAYS_BEFORE: i64 = 45;

/// The outline of an issue.
struct Outline {
    aspect: Aspect,
    product: Option<usize>,
    place: Option<usize>,
    fixed_days_ago: usize,
    /// Days compared before the fix.
    before_days: i64,
    metric: Metric,
    closed: bool,
    owner: usize,
    priority: &'static str,
    title: (&'static str, &'static str),
    cause: (&'static str, &'static str),
    actions: &'static [(&'static str, &'static str)],
    answer: (&'static str, &'static str),
}

fn outlines(stage: &Stage) -> [Outline; 3] {
    [
        Outline {
            aspect: Aspect::Waiting,
            product: None,
            place: Some(QUEUE_STORE),
            fixed_days_ago: QUEUES_FIXED_DAYS_AGO,
            before_days: 60,
            metric: Metric::LowScoreShare,
            closed: true,
            owner: Cast::EXPERIENCE,
            priority: "high",
            title: (
                "南京西路店周末排队过长",
                "Long weekend queues at Nanjing West Road",
            ),
            cause: (
                "周六日午后只开一个收银台，自提与结账同队。",
                "One till on weekend afternoons, and collection in the same line as payment.",
            ),
            actions: &[
                (
                    "周末 13 至 19 点开第二收银台",
                    "Open a second till at weekends from 13:00 to 19:00",
                ),
                (
                    "设独立自提货架与取货台",
                    "Set up a shelf and a counter for collection",
                ),
            ],
            answer: (
                "您说得对：周末只有一个收银台，让您久等了。现在周末下午开两个收银台，自提有单独的取货台，不用再排队。谢谢您告诉我们。",
                "You were right: one till at weekends kept you waiting. There are now two tills on weekend afternoons and a separate counter for collection. Thank you for telling us.",
            ),
        },
        Outline {
            aspect: Aspect::Packaging,
            product: Some(stage.catalogue.product(BREAKING_POWDER)),
            place: None,
            fixed_days_ago: POWDER_FIXED_DAYS_AGO,
            before_days: 75,
            metric: Metric::ReturnRate,
            closed: true,
            owner: Cast::SUPPLY,
            priority: "high",
            title: ("轻羽定妆粉饼运输碎裂", "Feather Setting Powder breaks in transit"),
            cause: (
                "单层信封无缓冲，粉饼在分拣线上受压。",
                "A single envelope without cushioning lets the compact be crushed on the sorting line.",
            ),
            actions: &[
                ("改用带内托的硬纸盒", "Switch to a rigid box with an inner tray"),
                ("三仓跌落测试各 50 件", "Drop-test 50 pieces in each warehouse"),
            ],
            answer: (
                "您收到的粉饼碎裂，是我们的包装不够结实。现在改用带内托的硬盒，跌落测试全部通过，退货已明显减少。抱歉让您失望了。",
                "Your powder broke because our parcel was too weak. It now travels in a rigid box with a tray, passed every drop test, and far fewer come back. We are sorry we let you down.",
            ),
        },
        Outline {
            aspect: Aspect::Shade,
            product: Some(stage.catalogue.product(makeup::MATCHED_FOUNDATION)),
            place: None,
            fixed_days_ago: SHADES_FIXED_DAYS_AGO,
            before_days: 60,
            metric: Metric::LowScoreShare,
            closed: false,
            owner: Cast::EXPERIENCE,
            priority: "normal",
            title: (
                "网购云感粉底色号不符",
                "Cloud Wear Foundation bought online in the wrong shade",
            ),
            cause: (
                "商品页图片偏暖，且不标冷暖调，按图选色偏深一度。",
                "Page pictures are too warm and do not name the undertone, so people choose a tone too dark.",
            ),
            actions: &[
                (
                    "重拍全部色号并标注冷暖调",
                    "Photograph every shade again and name the undertone",
                ),
                (
                    "随单附两个邻近色号小样",
                    "Add samples of the two neighbouring shades to each parcel",
                ),
            ],
            answer: ("", ""),
        },
    ]
}

/// Opens the issues and files the voices that raised them.
pub(crate) fn follow_up(stage: &Stage, orders: &[Order], voices: &mut [Voice]) -> Vec<Issue> {
    let mut ids = Ids::new(stage.seed, "issues");
    outlines(stage)
        .into_iter()
        .enumerate()
        .map(|(index, outline)| {
            let fixed = stage
                .calendar
                .moment(stage.calendar.days_ago(outline.fixed_days_ago), 0);
            let opened = fixed.plus_days(-OPENED_DAYS_BEFORE).plus_seconds(10 * HOUR);
            let closed = outline
                .closed
                .then(|| fixed.plus_days(CLOSED_DAYS_AFTER).plus_seconds(16 * HOUR));
            let until = closed.unwrap_or_else(|| stage.calendar.as_of());
            file(index, &outline, opened, until, orders, voices);
            issue(stage, index, &outline, fixed, opened, closed, &mut ids)
        })
        .collect()
}

/// Files voices under the issue they raised.
fn file(index: usize, outline: &Outline, opened: Time, until: Time, orders: &[Order], voices: &mut [Voice]) {
    let since = opened.plus_days(-HEARD_DAYS_BEFORE);
    for voice in voices {
        let Some(at) = voice.at else { continue };
        let about = voice.aspect == Some(outline.aspect)
            && outline
                .product
                .is_none_or(|product| voice.product == Some(product))
            && outline.place.is_none_or(|place| {
                voice.place == place && voice.order.is_none_or(|order| orders[order].place == place)
            });
        let unhappy = voice.score.is_none_or(|score| score <= 3);
        if voice.feedback.is_some() && about && unhappy && at >= since && at <= until {
            voice.issue = Some(index);
            voice.state = if outline.closed {
                VoiceState::Answered
            } else {
                VoiceState::Grouped
            };
        }
    }
}

fn issue(
    stage: &Stage,
    index: usize,
    outline: &Outline,
    fixed: Time,
    opened: Time,
    closed: Option<Time>,
    ids: &mut Ids,
) -> Issue {
    let now = stage.calendar.as_of();
    let date = |moment: Time| local_date(moment);
    let computed_at = closed.map_or(now, |closed| closed.plus_seconds(-HOUR));
    let actions = outline
        .actions
        .iter()
        .zip(1_i64..)
        .map(|(title, nth)| IssueAction {
            id: ids.at(opened.plus_seconds(nth * HOUR)),
            title: text(*title),
            owner: if nth == 1 { outline.owner } else { Cast::SUPPLY },
            due_on: date(fixed),
            done_at: fixed.plus_days(-nth).plus_seconds(17 * HOUR),
        })
        .collect();
    let due = date(fixed.plus_days(CLOSED_DAYS_AFTER + 5));
    Issue {
        id: ids.at(opened),
        number: i64::try_from(index).unwrap_or(0) + 1,
        title: text(outline.title),
        state: if outline.closed {
            IssueState::Closed
        } else {
            IssueState::Proving
        },
        priority: outline.priority,
        owner: outline.owner,
        due_on: if outline.closed {
            due
        } else {
            due.max(date(now).checked_add(5.days()).unwrap_or(due))
        },
        cause: text(outline.cause),
        actions,
        proof: Proof {
            metric: outline.metric,
            product: outline.product,
            place: outline.place,
            before: (fixed.plus_days(-outline.before_days), fixed),
            after: (fixed, computed_at),
            computed_at,
        },
        answer: outline
            .closed
            .then(|| Text::new(outline.answer.0, outline.answer.1)),
        opened_at: opened,
        closed_at: closed,
    }
}
