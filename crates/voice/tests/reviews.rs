//! How far the lexicon goes on words nobody here wrote: Chinese shopping reviews with a polarity. Reads
//! `label<TAB>text` lines (1 good, 0 bad; repeated texts and texts with both labels left out) from the file
//! named by `STORELOOP_REVIEWS_TSV`, and says so when there is none. docs/voice.md quotes what it prints.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use voice::{Sentiment, read};

#[test]
fn the_lexicon_is_right_more_often_than_not_and_silent_when_in_doubt() {
    let Ok(path) = std::env::var("STORELOOP_REVIEWS_TSV") else {
        println!("skipped: data not present (STORELOOP_REVIEWS_TSV)");
        return;
    };
    let lines = std::fs::read_to_string(path).unwrap();
    let (mut right, mut wrong, mut silent) = (0_u32, 0_u32, 0_u32);
    for line in lines.lines() {
        let (label, text) = line.split_once('\t').unwrap();
        match (label, read(text, None).sentiment) {
            ("1", Sentiment::Positive) | ("0", Sentiment::Negative) => right += 1,
            (_, Sentiment::Unknown | Sentiment::Neutral) => silent += 1,
            _ => wrong += 1,
        }
    }
    let spoken = right + wrong;
    println!(
        "{} texts: {right} right, {wrong} wrong, {silent} unknown",
        spoken + silent
    );
    assert!(
        right > 3 * wrong,
        "of what it says, at least three quarters must be right"
    );
}
