//! What an import did, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use base::{JobId, Locale};
use serde_json::{Map, json};

use crate::issue::IssueCount;
use crate::reconcile::Reconciliation;

/// What became of the records of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Landed {
    /// Brought in by this run.
    pub new: u64,
    /// Here before.
    pub there: u64,
    /// Refused; each is an issue.
    pub refused: u64,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The mapping's name.
    pub mapping: String,
    /// Nothing was written.
    pub dry: bool,
    /// The run; none of a dry one.
    pub run: Option<JobId>,
    /// An earlier run of the same mapping and files was found and continued.
    pub resumed: bool,
    /// Stopped by the progress callback; the next run goes on from here.
    pub stopped: bool,
    /// Rows read.
    pub rows: u64,
    /// Rows that did not land, by reason, most frequent first.
    pub issues: Vec<IssueCount>,
    /// What became of each kind of record.
    pub landed: BTreeMap<&'static str, Landed>,
    /// Rows against records.
    pub reconciliation: Reconciliation,
    /// How long it took.
    pub took: Duration,
}

impl Summary {
    /// Whether anything was written.
    #[must_use]
    pub fn changed_nothing(&self) -> bool {
        self.landed.values().all(|l| l.new == 0)
    }

    /// What is kept with the run.
    pub(super) fn stored(&self) -> serde_json::Value {
        let landed = |l: &Landed| json!({ "new": l.new, "there": l.there, "refused": l.refused });
        json!({
            "rows": self.rows,
            "landed": self.landed.iter().map(|(name, l)| ((*name).to_owned(), landed(l))).collect::<Map<_, _>>(),
            "issues": self.issues.iter().map(|i| (i.code.code.to_owned(), i.rows.into())).collect::<Map<_, _>>(),
            "figures": self.reconciliation.compared.iter().map(|c| (c.measure.clone(), c.counted.to_string().into()))
                .collect::<Map<_, _>>(),
        })
    }

    /// The summary, in a language.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let zh = locale == Locale::Zh;
        let mut out = String::new();
        let seconds = self.took.as_secs_f64();
        let head = match (zh, self.dry) {
            (true, true) => format!(
                "试运行 {}：读取 {} 行，用时 {seconds:.1} 秒，未写入任何数据",
                self.mapping, self.rows
            ),
            (true, false) => format!(
                "导入 {}：读取 {} 行，用时 {seconds:.1} 秒",
                self.mapping, self.rows
            ),
            (false, true) => format!(
                "Dry run of {}: {} rows in {seconds:.1} s, nothing written",
                self.mapping, self.rows
            ),
            (false, false) => format!("Import of {}: {} rows in {seconds:.1} s", self.mapping, self.rows),
        };
        let _ = writeln!(out, "{head}");
        if self.resumed {
            out.push_str(if zh {
                "接着上次未完成的导入继续\n"
            } else {
                "Went on from an interrupted run\n"
            });
        }
        if self.stopped {
            out.push_str(if zh {
                "已中断；再次运行同一命令即可继续\n"
            } else {
                "Stopped; run the same command again to go on\n"
            });
        }
        if !self.landed.is_empty() {
            out.push('\n');
        }
        for (name, landed) in self.landed.iter().filter(|(_, l)| **l != Landed::default()) {
            let Landed { new, there, refused } = landed;
            let line = if zh {
                format!("  {name:<12} 新增 {new:>8}   已有 {there:>8}   拒收 {refused:>6}")
            } else {
                format!("  {name:<12} new {new:>8}   there before {there:>8}   refused {refused:>6}")
            };
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "\n{}", self.reconciliation.table(locale).trim_end());
        if self.issues.is_empty() {
            return out;
        }
        let bad: u64 = self.issues.iter().map(|i| i.rows).sum();
        let _ = writeln!(
            out,
            "\n{}",
            if zh {
                format!("问题 {bad} 处：")
            } else {
                format!("{bad} issues:")
            }
        );
        for issue in &self.issues {
            let first = &issue.first;
            let column = first
                .column
                .as_deref()
                .map(|c| format!(" [{c}]"))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "  {:>8}  {}: {} — {}:{}{column} {:?}\n            {}",
                issue.rows,
                issue.code.code,
                issue.code.reason(locale),
                first.file,
                first.line,
                first.value,
                issue.code.mend(locale),
            );
        }
        out
    }
}
