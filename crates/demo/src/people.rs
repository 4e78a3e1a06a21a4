//! Enrols members and grades them.

use base::Text;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{Calendar, Seconds, local_date};
use crate::chain::{Consent, Gender, Member, Place};
use crate::data::categories::Skin;
use crate::data::names::{MEN, SURNAMES, WOMEN};
use crate::ids::Ids;
use crate::places::{stores, text};
use crate::rng::{Lottery, Rng};

/// Position of the member the stories follow.
pub(crate) const HEROINE: usize = 0;

/// Mobile numbers beginning with 154 are not given out, so that no demo message can ever
/// reach a real person.
const PHONE_PREFIX: &str = "+86154";
/// Visits every number below [`PHONE_SPACE`] once, in an order that looks like chance.
const PHONE_STRIDE: u64 = 61_803_397;
const PHONE_SPACE: u64 = 90_000_000;

/// Purchases of a group of members beside another: shares and weights of the groups.
const ACTIVITY: [(u32, u64, u64); 4] = [(50, 1, 4), (32, 5, 14), (14, 16, 40), (4, 45, 110)];

/// Makes the members, the heroine of the stories first.
pub(crate) fn enrol(seed: u64, calendar: &Calendar, places: &[Place], count: usize) -> Vec<Member> {
    let mut ids = Ids::new(seed, "members");
    let mut rng = Rng::stream(seed, "members.details");
    let surnames = Lottery::new(SURNAMES.iter().map(|row| u64::from(row.2)));
    let homes = Lottery::new(stores(places).iter().map(|place| place.pull));
    // Members joined over the two years up to yesterday; later ones get later numbers.
    let mut joined: Vec<i64> = (0..count).map(|_| join_age_days(&mut rng)).collect();
    joined.sort_unstable_by(|a, b| b.cmp(a));
    let mut members: Vec<Member> = joined
        .into_iter()
        .enumerate()
        .map(|(index, age)| {
            let joined_at = calendar
                .moment(calendar.today(), 0)
                .plus_days(-age)
                .plus_seconds(rng.between(10 * 3_600, 22 * 3_600));
            let home = homes.draw(&mut rng).unwrap_or(0);
            person(index, joined_at, home, calendar, &surnames, &mut ids, &mut rng)
        })
        .collect();
    if let Some(heroine) = members.get_mut(HEROINE) {
        cast_heroine(heroine);
    }
    members
}

/// Half joined before the history begins, the rest evenly until yesterday.
fn join_age_days(rng: &mut Rng) -> i64 {
    if rng.per_mille(550) {
        rng.between(183, 730)
    } else {
        rng.between(1, 183)
    }
}

fn person(
    index: usize,
    joined_at: base::Time,
    home: usize,
    calendar: &Calendar,
    surnames: &Lottery,
    ids: &mut Ids,
    rng: &mut Rng,
) -> Member {
    let gender = if rng.per_mille(860) {
        Gender::Woman
    } else {
        Gender::Man
    };
    let skin = rng.weighted(&[26, 28, 30, 16]);
    let complexion = rng.weighted(&[8, 18, 10, 14, 18, 12, 10, 6, 3, 1]);
    let (_, low, high) = ACTIVITY[rng.weighted(&ACTIVITY.map(|group| group.0))];
    let activity = rng.between(low.cast_signed(), high.cast_signed()).unsigned_abs();
    let known = activity > 15 && rng.per_mille(600);
    Member {
        id: ids.at(joined_at),
        number: format!("TL{:08}", 10_000_000 + index * 7 + rng.index(7)),
        name: name(gender, surnames, rng),
        phone: phone(index),
        gender,
        birthday: rng.per_mille(720).then(|| birthday(calendar, rng)),
        english: rng.per_mille(18),
        home,
        tags: tags(skin, activity, known, rng),
        notes: known.then(|| note(skin, complexion, rng)),
        consents: consents(joined_at, calendar, rng),
        joined_at,
        activity,
        complexion,
        skin,
    }
}

/// Name and telephone of Lin Xiaoyu, whose days the stories tell.
pub(crate) fn heroine() -> (Text, String) {
    (
        Text::new("林晓雨", "Lin Xiaoyu"),
        format!("{PHONE_PREFIX}00000001"),
    )
}

fn cast_heroine(member: &mut Member) {
    (member.name, member.phone) = heroine();
    member.gender = Gender::Woman;
    member.home = 0;
    member.english = false;
    // The stories place her orders; chance gives her none.
    member.activity = 0;
    member.complexion = 4;
    member.skin = Skin::PEOPLE
        .iter()
        .position(|skin| *skin == Skin::Sensitive)
        .unwrap_or(0);
    member.tags = [
        ("敏感肌", "Sensitive skin"),
        ("老顾客", "Regular"),
        ("心愿：LP01-105", "Wish: LP01-105"),
    ]
    .into_iter()
    .map(text)
    .collect();
    member.notes = Some(Text::new(
        "敏感肌，换季两颊泛红，避开酒精与果酸。粉底 FD01 N20，口红偏爱豆沙色。",
        "Sensitive skin, cheeks redden with the season; no alcohol or acids. Foundation FD01 N20, likes bean rose lips.",
    ));
    for consent in &mut member.consents {
        consent.granted = true;
    }
    member.consents.truncate(3);
}

fn name(gender: Gender, surnames: &Lottery, rng: &mut Rng) -> Text {
    let (surname, surname_pinyin, _) = SURNAMES[surnames.draw(rng).unwrap_or(0)];
    let table = match gender {
        Gender::Woman => WOMEN,
        Gender::Man => MEN,
    };
    let (mut given, mut pinyin) = {
        let (character, sound) = rng.pick(table);
        ((*character).to_owned(), (*sound).to_owned())
    };
    if rng.per_mille(780) {
        let (character, sound) = rng.pick(table);
        given.push_str(character);
        pinyin.push_str(sound);
    }
    let capital = pinyin
        .chars()
        .next()
        .map_or(' ', |first| first.to_ascii_uppercase());
    Text::new(
        format!("{surname}{given}"),
        format!("{surname_pinyin} {capital}{}", &pinyin[1..]),
    )
}

fn phone(index: usize) -> String {
    let number = (index as u64 + 1).wrapping_mul(PHONE_STRIDE) % PHONE_SPACE;
    format!("{PHONE_PREFIX}{:08}", 10_000_000 + number)
}

fn birthday(calendar: &Calendar, rng: &mut Rng) -> Date {
    let age_days = rng.bell(18 * 365, 52 * 365);
    let today = local_date(calendar.as_of());
    today.checked_sub(age_days.days()).unwrap_or(today)
}

fn tags(skin: usize, activity: u64, known: bool, rng: &mut Rng) -> Vec<Text> {
    let mut tags = Vec::new();
    if known || rng.per_mille(300) {
        tags.push(text(Skin::PEOPLE[skin].name()));
    }
    if activity >= 45 {
        tags.push(Text::new("高活跃", "Very active"));
    }
    let more: [(u64, (&str, &str)); 4] = [
        (90, ("爱试新色", "Tries new shades")),
        (60, ("常买礼盒", "Buys gift sets")),
        (50, ("偏好自提", "Prefers collection")),
        (40, ("成分党", "Reads ingredients")),
    ];
    for (share, tag) in more {
        if rng.per_mille(share) {
            tags.push(text(tag));
        }
    }
    tags
}

fn note(skin: usize, complexion: usize, rng: &mut Rng) -> Text {
    const SHADES: [&str; 10] = [
        "C10", "N10", "W10", "C20", "N20", "W20", "N30", "W30", "N40", "W40",
    ];
    const HABITS: [(&str, &str); 6] = [
        ("不喜欢香味重的产品", "dislikes strong fragrance"),
        ("多为通勤淡妆", "wears light make-up for work"),
        ("常给妈妈带护肤品", "often buys skincare for her mother"),
        ("周末下午到店", "comes on weekend afternoons"),
        ("喜欢先领小样", "likes to try samples first"),
        ("偏好哑光妆效", "prefers a matte finish"),
    ];
    let (zh, en) = Skin::PEOPLE[skin].name();
    let (habit_zh, habit_en) = rng.pick(&HABITS);
    let shade = SHADES[complexion.min(SHADES.len() - 1)];
    Text::new(
        format!("{zh}，粉底色号 {shade}，{habit_zh}。"),
        format!("{en}, foundation shade {shade}, {habit_en}."),
    )
}

/// Service always, marketing and personalisation as people tick them; a few withdraw.
fn consents(joined_at: base::Time, calendar: &Calendar, rng: &mut Rng) -> Vec<Consent> {
    let mut consents = vec![
        Consent {
            purpose: "service",
            granted: true,
            at: joined_at,
        },
        Consent {
            purpose: "marketing_sms",
            granted: rng.per_mille(640),
            at: joined_at,
        },
        Consent {
            purpose: "personalisation",
            granted: rng.per_mille(760),
            at: joined_at,
        },
    ];
    if consents[1].granted && rng.per_mille(60) {
        let age = calendar.as_of().since(joined_at).as_secs();
        let later = rng.below(age).cast_signed();
        consents.push(Consent {
            purpose: "marketing_sms",
            granted: false,
            at: joined_at.plus_seconds(later),
        });
    }
    consents
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn members_are_told_apart_and_speak_both_scripts() {
        let calendar = Calendar::new(base::Time::from_seconds(1_795_000_000), 183);
        let places = crate::places::open(7, &calendar, 50);
        let members = enrol(7, &calendar, &places, 3_000);
        let phones: BTreeSet<_> = members.iter().map(|member| &member.phone).collect();
        let numbers: BTreeSet<_> = members.iter().map(|member| &member.number).collect();
        assert_eq!((phones.len(), numbers.len()), (members.len(), members.len()));
        for member in &members {
            assert_eq!(member.phone.len(), 14, "{}", member.phone);
            assert!(member.joined_at < calendar.as_of());
            assert!(
                member.name.en.chars().all(|c| c.is_ascii() || c == 'ü'),
                "{}",
                member.name.en
            );
            assert!(!member.name.zh.is_ascii());
            assert!(
                member
                    .consents
                    .iter()
                    .all(|consent| consent.at <= calendar.as_of())
            );
        }
        let women = members
            .iter()
            .filter(|member| member.gender == Gender::Woman)
            .count();
        assert!((2_450..2_700).contains(&women), "{women}");
        assert_eq!(members[HEROINE].name.zh, "林晓雨");
    }
}
