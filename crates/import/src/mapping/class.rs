//! Conditions on a row, and the classes that sort lines into sales, returns, write-offs and the rest.

use std::collections::HashSet;

use regex::Regex;

use crate::exact::{Exact, NumberFormat};
use crate::source::{Header, Row};

/// What a class of lines becomes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// A line of an order.
    Sale,
    /// Goods that came back; the file writes them with a negative quantity.
    Return,
    /// A stock adjustment: found, lost, broken, thrown away. No money.
    Adjustment,
    /// Money or pieces that belong to no order: fees, bad debt. Kept in the import's own ledger.
    Ledger,
    /// Nothing; counted only.
    Skip,
    /// An issue: the file itself says the row is not real.
    Reject,
}

impl Effect {
    /// The written name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
            Self::Ledger => "ledger",
            Self::Skip => "skip",
            Self::Reject => "reject",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [
            Self::Sale,
            Self::Return,
            Self::Adjustment,
            Self::Ledger,
            Self::Skip,
            Self::Reject,
        ]
        .into_iter()
        .find(|e| e.name() == name)
    }

    pub(super) const NAMES: [&'static str; 6] = ["sale", "return", "adjustment", "ledger", "skip", "reject"];
}

/// A class of lines.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name, in reports.
    pub name: String,
    /// Its name for people.
    pub title: base::Text,
    /// What its lines become.
    pub effect: Effect,
    /// Whether the lines move goods; fees and vouchers do not.
    pub goods: bool,
    /// The class taken instead when no line of the document has a price.
    pub unpaid: Option<usize>,
    pub(super) conditions: Vec<Condition>,
}

impl Class {
    /// A class without conditions.
    #[must_use]
    pub(crate) const fn plain(name: String, title: base::Text, effect: Effect) -> Self {
        Self {
            name,
            title,
            effect,
            goods: true,
            unpaid: None,
            conditions: Vec::new(),
        }
    }

    /// What its rows must be.
    pub(crate) fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

/// What a cell must be.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    In(HashSet<String>),
    NotIn(HashSet<String>),
    StartsWith(String),
    Matches(Regex),
    Blank(bool),
    LessThan(Exact),
    MoreThan(Exact),
    Equal(Exact),
}

/// A condition on one column.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) test: Test,
}

impl Test {
    fn holds(&self, cell: &str) -> bool {
        let number = || Exact::parse(cell, NumberFormat::default());
        match self {
            Self::In(words) => words.contains(cell),
            Self::NotIn(words) => !words.contains(cell),
            Self::StartsWith(start) => cell.starts_with(start.as_str()),
            Self::Matches(pattern) => pattern.is_match(cell),
            Self::Blank(blank) => cell.is_empty() == *blank,
            Self::LessThan(limit) => number().is_some_and(|n| n < *limit),
            Self::MoreThan(limit) => number().is_some_and(|n| n > *limit),
            Self::Equal(wanted) => number() == Some(*wanted),
        }
    }
}

/// Conditions with their columns found in a file; all must hold.
pub(crate) struct BoundConditions<'m>(Vec<(usize, &'m Test)>);

impl<'m> BoundConditions<'m> {
    /// Finds the columns; the name of the first missing one otherwise.
    pub(crate) fn new(conditions: &'m [Condition], header: &Header) -> Result<Self, String> {
        conditions
            .iter()
            .map(|c| {
                header
                    .position(&c.column)
                    .map(|at| (at, &c.test))
                    .ok_or_else(|| c.column.clone())
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(crate) fn hold(&self, row: &Row) -> bool {
        self.0.iter().all(|(at, test)| test.holds(row.cell(*at).trim()))
    }
}
