//! What a system's processes take of the machine, read from `/proc`.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use base::Result;

use crate::failed;

/// Linux counts a process's time in hundredths of a second for everybody who reads it.
const TICK: Duration = Duration::from_millis(10);

/// The processes of a system.
pub(super) struct Machine {
    /// The one that serves.
    pub(super) server: u32,
    /// The one that PostgreSQL's others come from, where that is its database.
    pub(super) database: Option<u32>,
}

/// Processor time.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Use {
    pub(super) server: Duration,
    pub(super) database: Duration,
}

impl Use {
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            server: self.server.saturating_sub(before.server),
            database: self.database.saturating_sub(before.database),
        }
    }
}

impl Machine {
    /// Processor time so far, of living processes and of those that ended.
    pub(super) fn usage(&self) -> Result<Use> {
        let all = processes()?;
        let database = self.database.map(|process| tree(&all, process));
        Ok(Use {
            server: tree(&all, self.server),
            database: database.unwrap_or_default(),
        })
    }

    /// Resident memory of the serving process, in bytes.
    pub(super) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server)).map_err(failed)?;
        let kib = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        });
        let kib: u64 = kib.ok_or_else(|| failed("the server's memory cannot be read"))?;
        Ok(kib * 1024)
    }
}

/// What `/proc/<process>/stat` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stat {
    parent: u32,
    /// Of its own and of children that ended, in ticks.
    ticks: u32,
}

impl Stat {
    fn read(line: &str) -> Option<Self> {
        // The second field is the program's name, in brackets, and may hold anything.
        let (_, fields) = line.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks = (11..=14).map(|field| fields.get(field)?.parse::<u32>().ok());
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            ticks: ticks.sum::<Option<u32>>()?,
        })
    }
}

fn processes() -> Result<HashMap<u32, Stat>> {
    let entries = fs::read_dir("/proc").map_err(failed)?;
    let read = entries.filter_map(|entry| {
        let process = entry.ok()?.file_name().to_str()?.parse().ok()?;
        // One that ended meanwhile is counted with its parent.
        let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        Some((process, Stat::read(&line)?))
    });
    Ok(read.collect())
}

/// The time of a process and of all that come from it.
fn tree(all: &HashMap<u32, Stat>, root: u32) -> Duration {
    let own = all.get(&root).map_or(0, |stat| stat.ticks);
    let children = all.iter().filter(|(_, stat)| stat.parent == root);
    children.fold(TICK * own, |sum, (child, _)| sum + tree(all, *child))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_counts_with_those_that_come_from_it() {
        let line = "7 (post) gres) S 1 7 7 0 -1 4194560 2 3 4 5 10 20 30 40 20 0 1 0 99";
        let postmaster = Stat {
            parent: 1,
            ticks: 100,
        };
        assert_eq!(Stat::read(line), Some(postmaster));
        assert_eq!(Stat::read("7 (postgres"), None);
        let backend = Stat { parent: 7, ticks: 50 };
        let other = Stat { parent: 1, ticks: 9 };
        let all = HashMap::from([(7, postmaster), (8, backend), (9, other)]);
        assert_eq!(tree(&all, 7), Duration::from_millis(1_500));
    }
}
