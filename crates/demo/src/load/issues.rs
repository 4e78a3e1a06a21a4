//! Writes the issues that voices raised, with plan, proof and the answers people were given.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Ctx, Locale, MessageId, Result, StaffId, Text, Time};
use db::{Reader, Tx};
use outreach::{MessageImport, NewMessage, Recipient, Template, import_messages_in};
use voice::{
    Action, AnswerGiven, AnswerOutcome, Claim, Counts, IssueImport, Language, Metric, NewIssue, Period,
    Person, Priority, Proof, compare, import_answers_in, import_issue_in,
};

use super::{House, people};
use crate::chain::{self, Chain, Issue, Voice};
use crate::ids::Ids;

/// Characters of a person's words quoted in the answer to them.
const QUOTED_CHARS: usize = 40;

/// Writes every issue in a unit of its own.
pub(super) async fn write(house: &House, ctx: &Ctx, chain: &Arc<Chain>, staff: &[StaffId]) -> Result<()> {
    let mut ids = Ids::new(chain.seed, "answers");
    for (index, issue) in chain.issues.iter().enumerate() {
        let import = issue_import(chain, index, issue, staff);
        let claim = claim(chain, &issue.proof);
        let (given, messages) = answers(chain, index, issue, &mut ids);
        let (ctx, computed_at) = (ctx.clone(), issue.proof.computed_at);
        house
            .db
            .write(async move |tx: &Tx| {
                let mut import = import.clone();
                import.proof = Some(prove(tx, &claim, computed_at).await?);
                import_issue_in(tx, &ctx, &import).await?;
                if let Some(closed_at) = import.closed_at {
                    import_answers_in(tx, import.id, &given, closed_at).await?;
                    import_messages_in(tx, &messages).await?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

fn issue_import(chain: &Chain, index: usize, issue: &Issue, staff: &[StaffId]) -> IssueImport {
    let both = |text: &Text| people::in_both(&text.zh, &text.en);
    let raised = chain.voices.iter().filter(|voice| voice.issue == Some(index));
    IssueImport {
        id: issue.id,
        issue: NewIssue {
            title: both(&issue.title),
            feedback_ids: raised.filter_map(|voice| voice.feedback).collect(),
            priority: match issue.priority {
                "high" => Priority::High,
                "urgent" => Priority::Urgent,
                "low" => Priority::Low,
                _ => Priority::Normal,
            },
            owner_id: staff[issue.owner],
            due_on: issue.due_on,
        },
        cause: Some(both(&issue.cause)),
        actions: issue
            .actions
            .iter()
            .map(|action| Action {
                id: action.id,
                title: both(&action.title),
                owner_id: staff[action.owner],
                due_on: action.due_on,
                done_at: Some(action.done_at),
            })
            .collect(),
        proof: None,
        answer: issue.answer.clone(),
        created_at: issue.opened_at,
        closed_at: issue.closed_at,
    }
}

/// What everybody who raised a closed issue was answered, once each, by their latest words.
fn answers(
    chain: &Chain,
    index: usize,
    issue: &Issue,
    ids: &mut Ids,
) -> (Vec<AnswerGiven>, Vec<MessageImport>) {
    let Some((at, answer)) = issue.closed_at.zip(issue.answer.as_ref()) else {
        return (Vec::new(), Vec::new());
    };
    let mut latest: BTreeMap<usize, &Voice> = BTreeMap::new();
    for voice in chain.voices.iter().filter(|voice| voice.issue == Some(index)) {
        latest.extend(voice.member.map(|member| (member, voice)));
    }
    latest
        .into_iter()
        .filter_map(|(member, voice)| answer_to(chain, member, voice, issue, (at, answer), ids.at(at)))
        .unzip()
}

fn answer_to(
    chain: &Chain,
    member: usize,
    voice: &Voice,
    issue: &Issue,
    (at, answer): (Time, &Text),
    message_id: MessageId,
) -> Option<(AnswerGiven, MessageImport)> {
    let person = &chain.members[member];
    let given = AnswerGiven {
        person: Person {
            key: person.id.to_string(),
            feedback_id: voice.feedback?,
            words: voice.text.clone(),
            language: if voice.english { Language::En } else { Language::Zh },
            member_id: Some(person.id),
            phone: None,
        },
        message_id: Some(message_id),
        outcome: AnswerOutcome::Sent,
    };
    let message = NewMessage {
        to: Recipient {
            member_id: Some(person.id),
            phone: person.phone.parse().ok(),
            locale: if voice.english { Locale::En } else { Locale::Zh },
        },
        template: Template::IssueAnswer {
            words: voice.text.chars().take(QUOTED_CHARS).collect(),
            answer: answer.clone(),
        },
        dedupe: Some(format!("{}:{}", issue.id, person.id)),
    };
    Some((
        given,
        MessageImport {
            id: message_id,
            message,
            at,
        },
    ))
}

fn claim(chain: &Chain, proof: &chain::Proof) -> Claim {
    let period = |(from, to): (Time, Time)| Period { from, to };
    Claim {
        metric: match proof.metric {
            chain::Metric::LowScoreShare => Metric::LowScoreShare,
            chain::Metric::ReturnRate => Metric::ReturnRate,
        },
        product_id: proof.product.map(|product| chain.products[product].id),
        place_id: proof.place.map(|place| chain.places[place].id),
        before: period(proof.before),
        after: period(proof.after),
    }
}

/// The numbers of a claim, read from what was written.
async fn prove(reader: &Reader, claim: &Claim, computed_at: Time) -> Result<Proof> {
    let before = counts(reader, claim, claim.before).await?;
    let after = counts(reader, claim, claim.after).await?;
    Ok(compare(claim, before, after, computed_at))
}

async fn counts(reader: &Reader, claim: &Claim, period: Period) -> Result<Counts> {
    let Claim {
        product_id, place_id, ..
    } = *claim;
    if claim.metric == Metric::LowScoreShare {
        return voice::low_scores_in(reader, product_id, place_id, period.from, period.to).await;
    }
    let sold = orders::figures::sold_in(reader, product_id, place_id, period.from, period.to).await?;
    Ok(Counts {
        n: sold.pieces,
        k: sold.pieces_returned,
    })
}
