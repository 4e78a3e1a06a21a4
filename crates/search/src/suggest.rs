//! What somebody may be typing: categories and brands by name, sound or part of it.

use base::{CategoryId, Text};
use catalog::ProductStatus;

use crate::analysis::normal;
use crate::card::named;
use crate::highlight::Marks;
use crate::model::{Suggestion, SuggestionKind};
use crate::picture::{Picture, Row, Sought};
use crate::question::{Part, Question};

/// Suggestions in all, and of categories and brands each.
pub(crate) const SUGGESTIONS_MAX: usize = 8;
const GROUP_MAX: usize = 2;

/// How well a name goes on from what was typed; higher is better.
fn fit(sought: &Sought, typed: &str) -> Option<u8> {
    let begins = |name: &String| name.starts_with(typed);
    let has_inside = |name: &String| {
        let is_word = typed.is_ascii();
        name.match_indices(typed)
            .any(|(at, _)| !is_word || name[..at].ends_with(' '))
    };
    if sought.normals.iter().any(|name| name == typed) {
        Some(4)
    } else if sought.normals.iter().any(begins) {
        Some(3)
    } else if typed.len() > 1 && sought.sounds.iter().any(begins) {
        Some(2)
    } else {
        sought.normals.iter().any(has_inside).then_some(1)
    }
}

/// The best of what was typed, with how many products on sale each has: what has none is not suggested.
fn best<'a>(
    all: impl Iterator<Item = &'a Sought>,
    typed: &str,
    products_of: impl Fn(u32) -> usize,
) -> Vec<u32> {
    let mut fitting: Vec<(u8, usize, u32)> = all
        .enumerate()
        .filter_map(|(at, sought)| Some((fit(sought, typed)?, at as u32)))
        .map(|(fit, at)| (fit, products_of(at), at))
        .filter(|(_, products, _)| *products > 0)
        .collect();
    fitting.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
    fitting.into_iter().take(GROUP_MAX).map(|(.., at)| at).collect()
}

/// Categories and brands for what was typed.
pub(crate) fn groups(picture: &Picture, typed: &str) -> Vec<Suggestion> {
    let typed = normal(typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let marks = marks_of(&typed);
    let on_sale = |row: &&Row| row.status == ProductStatus::Active;
    let selling = || picture.rows().iter().filter(on_sale);
    let categories = best(
        picture.branches().iter().map(|branch| &branch.sought),
        &typed,
        |at| {
            let within = picture.within(picture.branches()[at as usize].id);
            selling().filter(|row| within[row.category as usize]).count()
        },
    );
    let brands = best(picture.brands_sought().iter(), &typed, |at| {
        selling().filter(|row| row.brand == at).count()
    });
    let mut out = Vec::new();
    for at in categories {
        let branch = &picture.branches()[at as usize];
        out.push(suggestion(
            &marks,
            SuggestionKind::Category,
            &branch.name,
            Some(branch.id),
        ));
    }
    for at in brands {
        let brand = &picture.brands()[at as usize];
        out.push(suggestion(&marks, SuggestionKind::Brand, brand, None));
    }
    out
}

fn suggestion(
    marks: &Marks,
    kind: SuggestionKind,
    text: &Text,
    category_id: Option<CategoryId>,
) -> Suggestion {
    Suggestion {
        kind,
        text: text.clone(),
        parts: marks.parts(text),
        category_id,
        brand: (kind == SuggestionKind::Brand).then(|| named(text).to_owned()),
        product: None,
    }
}

fn marks_of(typed: &str) -> Marks {
    let mut marks = Marks::default();
    for part in Question::read(typed).parts {
        match part {
            Part::Word { word, .. } => {
                marks.beginnings.push(word.clone());
                marks.letters.push(word);
            }
            Part::Run(run) => marks.chars.extend(run.chars()),
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_better_than_a_sound_than_a_part() {
        let sought = Sought::of(&Text::new("玫瑰护肤", "Rose Care"));
        let fits = [
            "玫瑰护肤",
            "玫瑰",
            "ros",
            "meig",
            "mg",
            "护肤",
            "care",
            "are",
            "水",
        ];
        assert_eq!(
            fits.map(|typed| fit(&sought, typed)),
            [
                Some(4),
                Some(3),
                Some(3),
                Some(2),
                Some(2),
                Some(1),
                Some(1),
                None,
                None
            ]
        );
    }
}
