//! Tables joined to another's rows, held in memory.

use std::collections::HashMap;

use crate::mapping::Join;
use crate::source::{Header, Row};

/// The cells joined to one key.
#[derive(Default)]
struct Cells {
    first: Vec<String>,
    sums: Vec<(f64, u32)>,
}

impl Cells {
    fn add(&mut self, row: &Row, width: usize, mean: bool) {
        if self.first.is_empty() {
            self.first = (0..width).map(|at| row.cell(at).trim().to_owned()).collect();
        }
        if mean {
            self.sums.resize(width, (0.0, 0));
            for (at, sum) in self.sums.iter_mut().enumerate() {
                if let Ok(number) = row.cell(at).trim().parse::<f64>() {
                    sum.0 += number;
                    sum.1 += 1;
                }
            }
        }
    }
}

/// How much of a key may stand for it: the whole of it and, where the join allows shortening, its beginnings,
/// the shortest first.
fn lengths(key: &str, shorten_to: Option<usize>) -> impl DoubleEndedIterator<Item = usize> {
    let shortest = shorten_to.map_or(key.len(), |n| n.min(key.len()));
    (shortest..=key.len()).filter(|&l| key.is_char_boundary(l))
}

/// A joined table, in memory.
pub(crate) struct Joined<'j> {
    pub(crate) join: &'j Join,
    /// The names its columns get.
    pub(crate) names: Vec<String>,
    rows: HashMap<String, Cells>,
}

impl<'j> Joined<'j> {
    pub(crate) fn new(join: &'j Join, header: &Header) -> Self {
        let names = header
            .names()
            .iter()
            .map(|n| format!("{}{n}", join.prefix))
            .collect();
        Self {
            join,
            names,
            rows: HashMap::new(),
        }
    }

    /// Takes a row of the joined table in; `at` is its key's column.
    pub(crate) fn add(&mut self, row: &Row, at: usize) {
        let (width, mean) = (self.names.len(), self.join.mean);
        let key = row.cell(at).trim();
        for length in lengths(key, self.join.shorten_to) {
            self.rows
                .entry(key[..length].to_owned())
                .or_default()
                .add(row, width, mean);
        }
    }

    /// Adds the joined cells to a row; blanks where nothing matches.
    pub(crate) fn extend(&self, row: &mut Row, key: usize) {
        let key = row.cell(key).trim().to_owned();
        let found = lengths(&key, self.join.shorten_to)
            .rev()
            .find_map(|length| self.rows.get(&key[..length]));
        for at in 0..self.names.len() {
            match found {
                None => row.push(""),
                Some(cells) => match cells.sums.get(at) {
                    Some((sum, n)) if *n > 0 => row.push(&format!("{:.6}", sum / f64::from(*n))),
                    _ => row.push(cells.first.get(at).map_or("", String::as_str)),
                },
            }
        }
    }
}
