//! What people said: answers to surveys after an order, and what was noted at the
//! counter, in the chat and under the products.

use base::Time;

use crate::calendar::Seconds;
use crate::chain::{Fulfilment, Order, Voice, VoiceSource, VoiceState};
use crate::data::voices::{Aspect, SHRUGS, SIGHS, SMILES, THANKS, WISHES};
use crate::data::{Both, makeup, skincare};
use crate::ids::Ids;
use crate::people::HEROINE;
use crate::rng::Rng;
use crate::stories::{
    BREAKING_POWDER, POWDER_FIXED_DAYS_AGO, Plot, QUEUE_STORE, QUEUES_FIXED_DAYS_AGO, SHADES_FIXED_DAYS_AGO,
    Stage,
};

const HOUR: i64 = 3_600;
/// The survey goes out so long after the goods were received.
const ASKED_AFTER: i64 = 2 * HOUR;
/// Unanswered surveys are worth keeping for so many days.
const OPEN_DAYS: i64 = 14;
/// Praise younger than this has not been put away.
const FRESH_SECONDS: u64 = 60 * 3_600;

/// All voices by time, surveys that wait for an answer last.
pub(crate) fn hear(stage: &Stage, orders: &[Order]) -> Vec<Voice> {
    let mut rng = Rng::stream(stage.seed, "voices");
    let mut ids = Ids::new(stage.seed, "voices.ids");
    let mut voices = Vec::new();
    let mut leaks = 0;
    for (index, order) in orders.iter().enumerate() {
        let Some(received) = order.steps.received else {
            continue;
        };
        if let Plot::Leak {
            voiced_seconds_ago, ..
        } = order.plot
        {
            leaks += 1;
            let heard_at = stage.calendar.as_of().plus_seconds(-voiced_seconds_ago);
            voices.push(leak(
                stage,
                (index, order),
                received,
                heard_at,
                leaks,
                &mut ids,
                &mut rng,
            ));
        } else if let Some(voice) = survey(stage, index, order, received, &mut ids, &mut rng) {
            voices.push(voice);
        }
        if rng.per_mille(22) {
            voices.extend(aside(stage, index, order, received, &mut ids, &mut rng));
        }
    }
    voices.sort_by_key(|voice| (voice.at.is_none(), voice.at));
    voices
}

/// A voice about the pump: two lines of complaint, a low score, in the week it was told to.
fn leak(
    stage: &Stage,
    (index, order): (usize, &Order),
    received: Time,
    heard_at: Time,
    nth: usize,
    ids: &mut Ids,
    rng: &mut Rng,
) -> Voice {
    let at = heard_at.max(received.plus_seconds(ASKED_AFTER + 60));
    let product = stage.catalogue.product(skincare::LEAKING_SERUM);
    let english = rng.per_mille(120);
    let rising = matches!(order.plot, Plot::Leak { rising: true, .. });
    let answered = (!rising).then(|| answered_at(at, rng));
    Voice {
        feedback: Some(ids.at(at)),
        survey: Some((ids.at(at), received.plus_seconds(ASKED_AFTER))),
        at: Some(at),
        source: VoiceSource::Survey,
        score: Some(rng.between(1, 2)),
        text: fill(stage, &leak_words(nth, english, rng), order, product, english),
        english,
        aspect: Some(Aspect::PumpLeak),
        state: if rising {
            VoiceState::New
        } else {
            VoiceState::Answered
        },
        answered_at: answered,
        place: order.place,
        order: Some(index),
        member: order.member,
        product: Some(product),
        issue: None,
    }
}

/// Who finds serum in the bag is brief.
fn leak_words(nth: usize, english: bool, rng: &mut Rng) -> String {
    let complaints = Aspect::PumpLeak.complaints();
    let (zh, en) = complaints[nth % complaints.len()];
    let matter = if english { en } else { zh };
    match rng.below(4) {
        // The first of the table is the whole sentence some people leave it at.
        _ if nth.is_multiple_of(complaints.len()) => matter.to_owned(),
        0 if !english => format!("{}{matter}", pick(rng, SIGHS, english)),
        1 if !english => format!("{matter}{}", pick(rng, WISHES, english)),
        _ => matter.to_owned(),
    }
}

/// The survey after an order, answered or not.
fn survey(
    stage: &Stage,
    index: usize,
    order: &Order,
    received: Time,
    ids: &mut Ids,
    rng: &mut Rng,
) -> Option<Voice> {
    let now = stage.calendar.as_of();
    let member = order.member.filter(|member| *member != HEROINE)?;
    let asked = received.plus_seconds(ASKED_AFTER);
    let raises = matches!(order.plot, Plot::Raised(_));
    if asked > now || !(raises || rng.per_mille(620)) {
        return None;
    }
    let matter = matter(stage, order, rng);
    // The unhappy answer more often.
    let answers = raises || rng.per_mille(if matter.is_some() { 500 } else { 330 });
    let at = asked.plus_seconds(if rng.per_mille(700) {
        rng.between(60, 8 * HOUR)
    } else {
        rng.between(8 * HOUR, 90 * HOUR)
    });
    let answered = answers && at <= now;
    if !answered && asked < now.plus_days(-OPEN_DAYS) {
        return None;
    }
    let survey = Some((ids.at(asked), asked));
    let mut voice = Voice {
        feedback: None,
        survey,
        at: None,
        source: VoiceSource::Survey,
        score: None,
        text: String::new(),
        english: stage.members[member].english || rng.per_mille(45),
        aspect: None,
        state: VoiceState::New,
        answered_at: None,
        place: order.place,
        order: Some(index),
        member: Some(member),
        product: None,
        issue: None,
    };
    if !answered {
        return Some(voice);
    }
    let score = if raises {
        rng.between(1, 2)
    } else {
        score(matter.is_some(), rng)
    };
    voice.at = Some(at);
    voice.score = Some(score);
    let speaks = raises || rng.per_mille(if score <= 3 { 840 } else { 520 });
    // A low score is heard even without words.
    if speaks || score <= 3 {
        voice.feedback = Some(ids.at(at));
        if speaks {
            say(stage, order, score, matter, &mut voice, rng);
        }
        (voice.state, voice.answered_at) = settle(now, at, score, rng);
    }
    Some(voice)
}

/// Something said without being asked.
fn aside(
    stage: &Stage,
    index: usize,
    order: &Order,
    received: Time,
    ids: &mut Ids,
    rng: &mut Rng,
) -> Option<Voice> {
    let now = stage.calendar.as_of();
    let at = received.plus_seconds(rng.between(HOUR, 12 * 24 * HOUR));
    let member = order.member.filter(|member| *member != HEROINE)?;
    if at > now {
        return None;
    }
    let source = [
        VoiceSource::Counter,
        VoiceSource::Chat,
        VoiceSource::Review,
        VoiceSource::Member,
    ][rng.weighted(&[22, 26, 38, 14])];
    let matter = matter(stage, order, rng);
    let unasked = matches!(source, VoiceSource::Chat | VoiceSource::Counter);
    let score = score(matter.is_some() || unasked, rng);
    let (state, answered_at) = settle(now, at, score, rng);
    let mut voice = Voice {
        feedback: Some(ids.at(at)),
        survey: None,
        at: Some(at),
        source,
        // Who is heard at the counter or in the chat gives no score.
        score: matches!(source, VoiceSource::Review | VoiceSource::Member).then_some(score),
        text: String::new(),
        english: stage.members[member].english || rng.per_mille(45),
        aspect: None,
        state,
        answered_at,
        place: order.place,
        order: Some(index),
        member: Some(member),
        product: None,
        issue: None,
    };
    say(stage, order, score, matter, &mut voice, rng);
    Some(voice)
}

/// What went wrong with an order, if anything did: the aspect and the product.
fn matter(stage: &Stage, order: &Order, rng: &mut Rng) -> Option<(Aspect, usize)> {
    let day = stage.calendar.day_of(order.placed_at);
    let before = |days_ago| day < stage.calendar.days_ago(days_ago);
    let codes: Vec<(&str, usize)> = order
        .lines
        .iter()
        .map(|line| {
            let product = stage.catalogue.skus[line.sku].product;
            (stage.catalogue.products[product].code, product)
        })
        .collect();
    let has = |code: &str| {
        codes
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, product)| *product)
    };
    let first = codes.first().map_or(0, |(_, product)| *product);
    if let Plot::Raised(aspect) = order.plot {
        return Some((aspect, first));
    }
    let delivered = matches!(order.fulfilment, Fulfilment::Delivery { .. });
    if let Some(product) = has(BREAKING_POWDER).filter(|_| delivered && before(POWDER_FIXED_DAYS_AGO))
        && rng.per_mille(380)
    {
        return Some((Aspect::Packaging, product));
    }
    let online = order.channel != "store";
    if let Some(product) = has(makeup::MATCHED_FOUNDATION).filter(|_| online && before(SHADES_FIXED_DAYS_AGO))
        && rng.per_mille(360)
    {
        return Some((Aspect::Shade, product));
    }
    let queue = order.place == QUEUE_STORE && !delivered && before(QUEUES_FIXED_DAYS_AGO);
    if queue && stage.calendar.is_weekend(day) && rng.per_mille(560) {
        return Some((Aspect::Waiting, first));
    }
    let late = order
        .steps
        .received
        .zip(order.steps.paid)
        .is_some_and(|(received, paid)| received.since(paid).as_secs() > 4 * 86_400);
    if delivered && late && rng.per_mille(300) {
        return Some((Aspect::Delivery, first));
    }
    if !order.returns.is_empty() && rng.per_mille(350) {
        let sku = order.lines[order.returns[0].lines[0].line].sku;
        return Some((Aspect::Effect, stage.catalogue.skus[sku].product));
    }
    if !rng.per_mille(46) {
        return None;
    }
    let everyday: &[(Aspect, u32)] = match order.fulfilment {
        Fulfilment::Delivery { .. } => &[
            (Aspect::Packaging, 24),
            (Aspect::Delivery, 26),
            (Aspect::Price, 14),
            (Aspect::Irritation, 10),
            (Aspect::Effect, 14),
            (Aspect::Texture, 12),
        ],
        Fulfilment::Collect => &[
            (Aspect::Collect, 40),
            (Aspect::Waiting, 24),
            (Aspect::Price, 16),
            (Aspect::Effect, 20),
        ],
        Fulfilment::TakeAway => &[
            (Aspect::Service, 36),
            (Aspect::Waiting, 22),
            (Aspect::Price, 16),
            (Aspect::Effect, 14),
            (Aspect::Texture, 12),
        ],
    };
    let weights: Vec<u32> = everyday.iter().map(|(_, weight)| *weight).collect();
    Some((everyday[rng.weighted(&weights)].0, first))
}

fn score(trouble: bool, rng: &mut Rng) -> i64 {
    let weights = if trouble {
        [34, 40, 20, 5, 1]
    } else {
        [1, 2, 7, 32, 58]
    };
    i64::try_from(rng.weighted(&weights)).unwrap_or(4) + 1
}

/// Finds the words for a score.
fn say(
    stage: &Stage,
    order: &Order,
    score: i64,
    matter: Option<(Aspect, usize)>,
    voice: &mut Voice,
    rng: &mut Rng,
) {
    let first = order
        .lines
        .first()
        .map_or(0, |line| stage.catalogue.skus[line.sku].product);
    let english = voice.english;
    match (score, matter) {
        (1..=2, trouble) | (3, trouble @ Some(_)) => {
            let default = if order.channel == "store" {
                Aspect::Service
            } else {
                Aspect::Effect
            };
            let (aspect, product) = trouble.unwrap_or((default, first));
            let aspect = fitting(stage, aspect, product);
            voice.aspect = Some(aspect);
            voice.product = is_about_goods(aspect).then_some(product);
            voice.text = complaint(stage, aspect, order, product, english, rng);
        }
        (3, None) => voice.text = fill(stage, pick(rng, SHRUGS, english), order, first, english),
        _ => {
            let aspect = fitting(stage, praised(order, rng), first);
            voice.aspect = Some(aspect);
            voice.product = is_about_goods(aspect).then_some(first);
            let text = [SMILES, aspect.praises(), THANKS]
                .map(|part| pick(rng, part, english))
                .concat();
            voice.text = fill(stage, &text, order, first, english);
        }
    }
}

fn is_about_goods(aspect: Aspect) -> bool {
    use Aspect::{Effect, Irritation, Packaging, Price, Shade, Texture, Wear};
    matches!(
        aspect,
        Effect | Wear | Texture | Shade | Irritation | Packaging | Price
    )
}

/// What people would say of this kind of product: nobody praises a brush for calm skin.
fn fitting(stage: &Stage, aspect: Aspect, product: usize) -> Aspect {
    let category = &stage.catalogue.categories[stage.catalogue.products[product].category];
    let root = category
        .parent
        .map_or(category.code, |parent| stage.catalogue.categories[parent].code);
    match (aspect, root) {
        (Aspect::Effect, "makeup") => Aspect::Wear,
        (Aspect::Effect | Aspect::Irritation, "fragrance" | "body") => Aspect::Texture,
        (Aspect::Effect | Aspect::Irritation | Aspect::Texture, "tools" | "sets") => Aspect::Price,
        (Aspect::Shade, "skincare" | "fragrance" | "body" | "tools" | "sets") => Aspect::Service,
        _ => aspect,
    }
}

fn praised(order: &Order, rng: &mut Rng) -> Aspect {
    match order.fulfilment {
        Fulfilment::TakeAway => *rng.pick(&[
            Aspect::Service,
            Aspect::Service,
            Aspect::Effect,
            Aspect::Shade,
            Aspect::Waiting,
            Aspect::Texture,
        ]),
        Fulfilment::Collect => *rng.pick(&[Aspect::Collect, Aspect::Collect, Aspect::Effect, Aspect::Price]),
        Fulfilment::Delivery { .. } => *rng.pick(&[
            Aspect::Delivery,
            Aspect::Packaging,
            Aspect::Effect,
            Aspect::Effect,
            Aspect::Texture,
            Aspect::Price,
        ]),
    }
}

fn complaint(
    stage: &Stage,
    aspect: Aspect,
    order: &Order,
    product: usize,
    english: bool,
    rng: &mut Rng,
) -> String {
    let text = [SIGHS, aspect.complaints(), WISHES]
        .map(|part| pick(rng, part, english))
        .concat();
    fill(stage, &text, order, product, english)
}

fn pick(rng: &mut Rng, table: &[Both], english: bool) -> &'static str {
    let (zh, en) = *rng.pick(table);
    if english { en } else { zh }
}

/// Puts names into a sentence.
fn fill(stage: &Stage, text: &str, order: &Order, product: usize, english: bool) -> String {
    let product = &stage.catalogue.products[product].name;
    let store = match order.member {
        // A parcel from the warehouse belongs, for the customer, to the store at home.
        Some(member) if stage.places[order.place].supplied_by == order.place => stage.members[member].home,
        _ => order.place,
    };
    let store = &stage.places[store].name;
    let (product, store) = if english {
        (&product.en, &store.en)
    } else {
        (&product.zh, &store.zh)
    };
    text.replace("{p}", product).replace("{s}", store)
}

/// What has become of a voice: praise is read and put away, displeasure is answered within days.
fn settle(now: Time, at: Time, score: i64, rng: &mut Rng) -> (VoiceState, Option<Time>) {
    let fresh = now.since(at).as_secs() < FRESH_SECONDS;
    if score >= 4 {
        return (
            if fresh {
                VoiceState::New
            } else {
                VoiceState::Dismissed
            },
            None,
        );
    }
    let answered = answered_at(at, rng);
    match rng.below(100) {
        0..94 if answered > now => (VoiceState::New, None),
        0..94 => (VoiceState::Answered, Some(answered)),
        _ => (VoiceState::Dismissed, None),
    }
}

/// From an hour to three days, a day and a quarter in the middle.
fn answered_at(at: Time, rng: &mut Rng) -> Time {
    at.plus_seconds(rng.bell(HOUR, 62 * HOUR))
}
