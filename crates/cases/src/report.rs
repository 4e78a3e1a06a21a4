//! docs/cases.md: every case and whether it holds.

use std::fmt::Write as _;

use crate::case::Section;

/// The document, from the cases alone: what is not pending is played at every test run and must hold.
#[must_use]
pub fn document(sections: &[Section]) -> String {
    let mut text = String::from(
        "# Cases\n\n\
         What a shop must do with stock, orders, payment and money, told as data and asked of the running program\n\
         over HTTP, on SQLite and on PostgreSQL. Generated from `crates/cases/cases/*.yaml`;\n\
         `STORELOOP_UPDATE=1 cargo nextest run -p cases` writes it anew. CONTRIBUTING.md says how to add a case.\n\n\
         A case that *holds* is played at every test run. One that is *pending* is not played: the product lacks what\n\
         stands there. The letter and number name the entry of the floor of behaviour it comes from; `+` is a\n\
         neighbour of it.\n",
    );
    let all = || sections.iter().flat_map(|section| &section.cases);
    let pending = all().filter(|case| case.pending.is_some()).count();
    let _ = write!(
        text,
        "\n**{} cases: {} hold, {pending} pending.**\n",
        all().count(),
        all().count() - pending
    );
    for section in sections {
        let _ = write!(
            text,
            "\n## {}\n\n| | case | state |\n| --- | --- | --- |\n",
            section.title
        );
        for case in &section.cases {
            let state = match &case.pending {
                Some(missing) => format!("pending: {}", missing.trim().replace('\n', " ")),
                None => "holds".to_owned(),
            };
            let setting = case
                .setting
                .as_ref()
                .map_or_else(String::new, |setting| format!(" *Setting: {setting}.*"));
            let _ = writeln!(
                text,
                "| {} | {}{setting} | {state} |",
                case.source,
                case.title.trim()
            );
        }
    }
    text
}
