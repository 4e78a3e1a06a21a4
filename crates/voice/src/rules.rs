//! Pure decisions on surveys and issues.

use std::collections::HashSet;
use std::time::Duration;

use base::{Error, Result, Text, Time};
use jiff::civil::Date;

use crate::error::{ACTIONS_OPEN, ANSWER_MISSING, DUE_INVALID, ISSUE_CLOSED, PROOF_MISSING, SURVEY_CLOSED};
use crate::lexicon::{self, TOPICS};
use crate::model::{Feedback, Issue, IssueState, Person, Survey};

/// When people are asked.
#[derive(Clone, Copy, Debug)]
pub struct SurveyPolicy {
    /// From hand-over to the question.
    pub delay: Duration,
    /// How long a person who was asked is left in peace.
    pub quiet: Duration,
    /// How long an answer counts.
    pub open: Duration,
}

impl Default for SurveyPolicy {
    fn default() -> Self {
        let day = Duration::from_secs(24 * 60 * 60);
        Self {
            delay: Duration::ZERO,
            quiet: Duration::ZERO,
            open: 30 * day,
        }
    }
}

/// An answer written before the survey closed may arrive so much later, from a phone without network.
pub(crate) const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether an answer is taken now, and whether it is late.
///
/// # Errors
/// `survey.closed` beyond the time of grace.
pub(crate) fn is_late(survey: &Survey, now: Time) -> Result<bool> {
    if now < survey.closes_at {
        return Ok(false);
    }
    if now < survey.closes_at.after(GRACE) {
        return Ok(true);
    }
    Err(Error::new(&SURVEY_CLOSED).with("closed_at", survey.closes_at.to_string()))
}

/// How far an issue is. Nobody sets this: it follows from what is known.
#[must_use]
pub fn state_of(issue: &Issue) -> IssueState {
    if issue.closed_at.is_some() {
        return IssueState::Closed;
    }
    if !issue.actions.is_empty() && issue.actions.iter().all(|a| a.done_at.is_some()) {
        return IssueState::Proving;
    }
    if !issue.actions.is_empty() {
        return IssueState::Acting;
    }
    if issue.cause.is_some() {
        IssueState::CauseFound
    } else {
        IssueState::Open
    }
}

/// A closed issue changes no more.
///
/// # Errors
/// `issue.closed`.
pub(crate) fn must_be_open(issue: &Issue) -> Result<()> {
    if issue.closed_at.is_some() {
        return Err(Error::new(&ISSUE_CLOSED).with("number", issue.number));
    }
    Ok(())
}

/// What closing needs: something done, all of it; evidence, whatever it says; and an answer in both
/// languages, or a reason for none.
///
/// # Errors
/// `issue.closed`, `issue.actions_open`, `issue.proof_missing`, `issue.answer_missing`.
pub(crate) fn may_close(issue: &Issue, answer: &Text, waive_reason: Option<&str>) -> Result<()> {
    must_be_open(issue)?;
    let open = issue.actions.iter().filter(|a| a.done_at.is_none()).count();
    if open > 0 || issue.actions.is_empty() {
        return Err(Error::new(&ACTIONS_OPEN)
            .with("open", open)
            .with("total", issue.actions.len()));
    }
    // Evidence older than the last thing done says nothing about it.
    let last_done = issue.actions.iter().filter_map(|a| a.done_at).max();
    if issue
        .proof
        .as_ref()
        .is_none_or(|p| Some(p.computed_at) < last_done)
    {
        return Err(Error::new(&PROOF_MISSING));
    }
    let is_answer = !answer.zh.trim().is_empty() && !answer.en.trim().is_empty();
    let is_waived = waive_reason.is_some_and(|r| !r.trim().is_empty());
    if is_answer || is_waived {
        Ok(())
    } else {
        Err(Error::new(&ANSWER_MISSING))
    }
}

/// Everybody who raised an issue, once each, by their latest words. Members are one person whatever phone
/// they gave; somebody without a name or number is a person of their own.
#[must_use]
pub(crate) fn people(mut voices: Vec<Feedback>) -> Vec<Person> {
    voices.sort_by_key(|v| std::cmp::Reverse((v.heard_at, v.id)));
    let mut known = HashSet::new();
    voices
        .into_iter()
        .filter_map(|voice| {
            let key = match (&voice.about.member_id, &voice.about.contact_phone) {
                (Some(member), _) => member.to_string(),
                (None, Some(phone)) => phone.as_str().to_owned(),
                (None, None) => voice.id.to_string(),
            };
            known.insert(key.clone()).then_some(Person {
                key,
                feedback_id: voice.id,
                words: voice.text,
                language: voice.language,
                member_id: voice.about.member_id,
                phone: voice.about.contact_phone,
            })
        })
        .collect()
}

/// Topics a person chose, put before those their words tell.
///
/// # Errors
/// `input.invalid` naming a topic nobody knows.
pub(crate) fn topics_with(chosen: &[String], read: &[&'static str]) -> Result<Vec<String>> {
    let mut topics: Vec<String> = Vec::new();
    for (at, code) in chosen.iter().enumerate() {
        if lexicon::topic(code).is_none() {
            let known = TOPICS.iter().map(|t| t.code).collect::<Vec<_>>().join(", ");
            let facts = [
                ("topic".to_owned(), code.as_str().into()),
                ("known".to_owned(), known.into()),
            ];
            let facts = facts.into_iter().collect();
            let field = format!("topics[{at}]");
            return Err(Error::new(&base::codes::INVALID_INPUT).and_field(
                field,
                &crate::error::TOPIC_UNKNOWN,
                facts,
            ));
        }
        topics.push(code.clone());
    }
    topics.extend(read.iter().map(|code| (*code).to_owned()));
    let mut seen = HashSet::new();
    topics.retain(|code| seen.insert(code.clone()));
    Ok(topics)
}

/// A due date as written on the wire.
///
/// # Errors
/// `input.invalid` naming the field.
pub fn parse_due(field: &str, text: &str) -> Result<Date> {
    text.parse::<Date>()
        .ok()
        .filter(|day| text.len() == 10 && (2000..=2100).contains(&day.year()))
        .ok_or_else(|| Error::field(field, &DUE_INVALID))
}

#[cfg(test)]
mod tests {
    use base::{ActionId, FeedbackId, IssueId, MemberId, StaffId};

    use super::*;
    use crate::model::{About, Action, Basis, FeedbackState, Language, Priority, Sentiment, Source};
    use crate::proof::{Claim, Counts, Metric, Period, compare};

    fn at(day: i64) -> Time {
        Time::from_seconds(1_790_000_000 + day * 86_400)
    }

    fn issue() -> Issue {
        Issue {
            id: IssueId::new(),
            number: 1,
            title: "泵头漏液".to_owned(),
            state: IssueState::Open,
            priority: Priority::High,
            owner_id: StaffId::new(),
            due_on: "2026-11-30".parse().unwrap(),
            cause: None,
            feedback_count: 0,
            actions: Vec::new(),
            proof: None,
            answer: None,
            waive_reason: None,
            answers: None,
            created_at: at(0),
            closed_at: None,
            version: 1,
        }
    }

    fn action(done_at: Option<Time>) -> Action {
        let due_on = "2026-11-30".parse().unwrap();
        Action {
            id: ActionId::new(),
            title: "停用批次".to_owned(),
            owner_id: StaffId::new(),
            due_on,
            done_at,
        }
    }

    fn proof(now: Time) -> crate::proof::Proof {
        let claim = Claim {
            metric: Metric::ReturnRate,
            product_id: None,
            place_id: None,
            before: Period {
                from: at(-30),
                to: at(-1),
            },
            after: Period {
                from: at(0),
                to: at(3),
            },
        };
        compare(&claim, Counts { n: 10, k: 5 }, Counts { n: 10, k: 0 }, now)
    }

    #[test]
    fn the_state_follows_from_what_is_known() {
        let mut issue = issue();
        assert_eq!(state_of(&issue), IssueState::Open);
        issue.cause = Some("批次 0417 的泵".to_owned());
        assert_eq!(state_of(&issue), IssueState::CauseFound);
        issue.actions = vec![action(Some(at(1))), action(None)];
        assert_eq!(state_of(&issue), IssueState::Acting);
        issue.actions[1].done_at = Some(at(2));
        assert_eq!(state_of(&issue), IssueState::Proving);
        issue.closed_at = Some(at(5));
        assert_eq!(state_of(&issue), IssueState::Closed);
    }

    #[test]
    fn closing_needs_deeds_evidence_and_an_answer() {
        let refusal = |issue: &Issue, answer: &Text, waive: Option<&str>| {
            may_close(issue, answer, waive).err().map(|e| e.code())
        };
        let (answer, none) = (Text::new("已更换泵头", "The pump was replaced"), Text::default());
        let mut issue = issue();
        assert_eq!(refusal(&issue, &answer, None), Some("issue.actions_open"));
        issue.actions = vec![action(None)];
        assert_eq!(refusal(&issue, &answer, None), Some("issue.actions_open"));
        issue.actions[0].done_at = Some(at(2));
        assert_eq!(refusal(&issue, &answer, None), Some("issue.proof_missing"));
        issue.proof = Some(proof(at(1)));
        assert_eq!(
            refusal(&issue, &answer, None),
            Some("issue.proof_missing"),
            "evidence older than the deed"
        );
        issue.proof = Some(proof(at(3)));
        assert_eq!(refusal(&issue, &none, None), Some("issue.answer_missing"));
        assert_eq!(
            refusal(&issue, &Text::new("好", " "), None),
            Some("issue.answer_missing"),
            "one language only"
        );
        assert_eq!(refusal(&issue, &none, Some("  ")), Some("issue.answer_missing"));
        assert_eq!(refusal(&issue, &none, Some("同一人已当面答复")), None);
        assert_eq!(refusal(&issue, &answer, None), None);
        issue.closed_at = Some(at(4));
        assert_eq!(refusal(&issue, &answer, None), Some("issue.closed"));
    }

    #[test]
    fn everybody_is_answered_once_by_their_latest_words() {
        let voice = |day: i64, text: &str, member_id: Option<MemberId>, phone: Option<&str>| Feedback {
            id: FeedbackId::new(),
            source: Source::Survey,
            score: Some(1),
            text: text.to_owned(),
            language: Language::Zh,
            sentiment: Sentiment::Negative,
            basis: Basis::Score,
            conflicting: false,
            topics: Vec::new(),
            state: FeedbackState::Grouped,
            about: About {
                member_id,
                contact_phone: phone.map(|p| p.parse().unwrap()),
                ..About::default()
            },
            issue_id: None,
            survey_id: None,
            heard_at: at(day),
        };
        let member = MemberId::new();
        let voices = vec![
            voice(1, "漏", Some(member), Some("13800138000")),
            voice(2, "又漏", Some(member), None),
            voice(1, "漏了", None, Some("13900139000")),
            voice(3, "还漏", None, Some("0086 139 0013 9000")),
            voice(1, "匿名一", None, None),
            voice(1, "匿名二", None, None),
        ];
        let mut words: Vec<String> = people(voices).into_iter().map(|p| p.words).collect();
        words.sort();
        assert_eq!(words, ["匿名一", "匿名二", "又漏", "还漏"]);
    }

    #[test]
    fn chosen_topics_come_first_and_must_exist() {
        let chosen = ["wait".to_owned(), "staff".to_owned()];
        assert_eq!(
            topics_with(&chosen, &["staff", "price"]).unwrap(),
            ["wait", "staff", "price"]
        );
        assert_eq!(
            topics_with(&["weather".to_owned()], &[]).unwrap_err().code(),
            "input.invalid"
        );
        assert!(parse_due("due_on", "2026-11-30").is_ok() && parse_due("due_on", "2026-11-31").is_err());
    }
}
