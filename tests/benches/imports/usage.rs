//! CPU time and memory of processes, as Linux tells them in `/proc`.

use std::path::Path;
use std::time::Duration;

/// `USER_HZ`, which Linux promises to programs whatever the kernel's own clock is.
const TICK: Duration = Duration::from_millis(10);

/// Whose CPU time is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meter {
    pub(crate) program: Option<u32>,
    pub(crate) vault: Option<u32>,
    /// Who makes the load; without it, this process.
    pub(crate) load: Option<u32>,
    pub(crate) postmaster: Option<u32>,
}

/// CPU time that was spent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) program: Duration,
    pub(crate) vault: Duration,
    pub(crate) load: Duration,
    pub(crate) postgres: Duration,
    /// By whomever on this machine.
    pub(crate) machine: Duration,
}

impl Meter {
    pub(crate) fn read(self) -> Spent {
        let of = |process: Option<u32>| process.map(own).unwrap_or_default();
        Spent {
            program: of(self.program),
            vault: of(self.vault),
            load: own(self.load.unwrap_or_else(std::process::id)),
            postgres: self.postmaster.map(family).unwrap_or_default(),
            machine: machine(),
        }
    }
}

impl Spent {
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            program: self.program.saturating_sub(before.program),
            vault: self.vault.saturating_sub(before.vault),
            load: self.load.saturating_sub(before.load),
            postgres: self.postgres.saturating_sub(before.postgres),
            machine: self.machine.saturating_sub(before.machine),
        }
    }

    /// What nobody spent who is measured.
    pub(crate) fn others(self) -> Duration {
        let ours = self.program + self.vault + self.load + self.postgres;
        self.machine.saturating_sub(ours)
    }
}

/// The most memory that a process ever had at once, in MiB.
pub(crate) fn peak(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux");
    let kib: u32 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    f64::from(kib) / 1024.0
}

/// The process that started another.
pub(crate) fn parent(process: u32) -> u32 {
    let fields = fields(&Path::new("/proc").join(process.to_string())).expect("it runs");
    fields.get(1).and_then(|field| field.parse().ok()).expect("a parent")
}

/// All threads of a process, those that ended too.
fn own(process: u32) -> Duration {
    let fields = fields(&Path::new("/proc").join(process.to_string())).expect("it runs");
    ticks(&fields, 11) + ticks(&fields, 12)
}

/// The server with all its processes: those that run, and those that ended, whose time it got when
/// it took note of their end. Each has one thread. Their times are exact where the kernel counts
/// them: with a hundred of them, rounding each down to a tick would be seen.
fn family(postmaster: u32) -> Duration {
    let mut sum = Duration::ZERO;
    for entry in std::fs::read_dir("/proc").expect("Linux").flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Some(fields) = fields(&entry.path()) else { continue };
        let is_child = fields.get(1) == Some(&postmaster.to_string());
        if !is_child && process != postmaster {
            continue;
        }
        let exact = std::fs::read_to_string(entry.path().join("schedstat")).ok();
        let exact = exact.and_then(|text| text.split(' ').next()?.parse().ok());
        sum += exact
            .filter(|nanos| *nanos > 0)
            .map_or_else(|| ticks(&fields, 11) + ticks(&fields, 12), Duration::from_nanos);
        if process == postmaster {
            sum += ticks(&fields, 13) + ticks(&fields, 14);
        }
    }
    sum
}

/// Everything but idling and waiting for the disk.
fn machine() -> Duration {
    let stat = std::fs::read_to_string("/proc/stat").expect("Linux");
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).expect("Linux");
    let fields: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
    [0, 1, 2, 5, 6, 7].map(|at| ticks(&fields, at)).iter().sum()
}

/// The fields of `stat` behind the name, which may have blanks in it: the state is the first.
fn fields(folder: &Path) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn ticks(fields: &[String], at: usize) -> Duration {
    TICK * fields.get(at).and_then(|field| field.parse().ok()).unwrap_or_default()
}
