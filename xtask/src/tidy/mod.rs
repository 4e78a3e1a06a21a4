//! Checks what no compiler does.

mod documents;
mod errors;
mod floors;
mod licences;
mod loose_ends;
mod rust_text;
mod sql;

use std::fmt;
use std::time::Instant;

use crate::workspace::Workspace;

/// Something to mend, or to look at.
#[derive(Debug)]
pub(crate) struct Finding {
    /// `path:line`, or what it is about.
    place: String,
    message: String,
    is_warning: bool,
}

impl Finding {
    pub(crate) fn error(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            is_warning: false,
        }
    }

    pub(crate) fn warning(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            is_warning: true,
            ..Self::error(place, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_warning { "warning" } else { "error" };
        write!(f, "{kind}: {}: {}", self.place, self.message)
    }
}

/// One check, by the name that is printed.
type Check = (&'static str, fn(&Workspace) -> Vec<Finding>);

const CHECKS: &[Check] = &[
    ("floors", floors::check),
    ("drivers", floors::check_drivers),
    ("manifests", floors::check_manifests),
    ("sql", sql::check),
    ("licences", licences::check),
    ("errors", errors::check),
    ("documents", documents::check),
    ("loose ends", loose_ends::check),
];

/// Runs every check and prints what it found.
///
/// # Errors
/// When something is to be mended; warnings alone pass.
pub(crate) fn run() -> Result<(), String> {
    let started = Instant::now();
    let workspace = Workspace::load()?;
    let (mut errors, mut warnings) = (0, 0);
    for (name, check) in CHECKS {
        for finding in check(&workspace) {
            println!("{finding} [{name}]");
            if finding.is_warning {
                warnings += 1;
            } else {
                errors += 1;
            }
        }
    }
    let elapsed = started.elapsed().as_secs_f64();
    println!(
        "tidy: {} checks, {errors} errors, {warnings} warnings in {elapsed:.1} s",
        CHECKS.len()
    );
    if errors == 0 {
        Ok(())
    } else {
        Err("tidy: the errors above are to be mended".to_owned())
    }
}
