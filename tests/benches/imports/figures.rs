//! What a measurement gives, and how such figures stand beside each other.

use crate::usage::Spent;
use crate::window::Window;

/// One measurement.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Requests a second.
    pub(crate) throughput: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// CPU seconds for a thousand requests.
    pub(crate) program: f64,
    pub(crate) postgres: f64,
    pub(crate) vault: f64,
    pub(crate) load: f64,
    /// The program's memory, in MiB.
    pub(crate) peak: f64,
    /// Percent of the machine that was busy with something else.
    pub(crate) others: f64,
}

impl Figures {
    /// Of the requests whose latencies these are, sorted, in microseconds.
    pub(crate) fn new(latencies: &[u32], window: &Window, spent: Spent) -> Self {
        let count = count(latencies.len());
        let each = |spent: std::time::Duration| spent.as_secs_f64() * 1_000.0 / count;
        Self {
            throughput: count / window.seconds(),
            p50: percentile(latencies, 50),
            p99: percentile(latencies, 99),
            program: each(spent.program),
            postgres: each(spent.postgres),
            vault: each(spent.vault),
            load: each(spent.load),
            peak: 0.0,
            others: spent.others().as_secs_f64() * 100.0 / (window.seconds() * cores()),
        }
    }

    /// Each figure's median, by itself.
    pub(crate) fn median(all: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| Spread::of(all.iter().map(figure)).median;
        Self {
            throughput: of(|one| one.throughput),
            p50: of(|one| one.p50),
            p99: of(|one| one.p99),
            program: of(|one| one.program),
            postgres: of(|one| one.postgres),
            vault: of(|one| one.vault),
            load: of(|one| one.load),
            peak: of(|one| one.peak),
            others: of(|one| one.others),
        }
    }
}

/// Several measurements of the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(all: impl Iterator<Item = f64>) -> Self {
        let mut all: Vec<_> = all.collect();
        all.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| all.get(place).copied().unwrap_or(f64::NAN);
        let last = all.len().saturating_sub(1);
        let median = f64::midpoint(at(last / 2), at(all.len() / 2));
        Self { median, least: at(0), most: at(last) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3} ({:.3} to {:.3})", self.median, self.least, self.most)
    }
}

/// Milliseconds that this share, in percent, of the latencies keeps to.
pub(crate) fn percentile(latencies: &[u32], percent: usize) -> f64 {
    let place = (latencies.len() * percent).div_ceil(100).saturating_sub(1);
    f64::from(latencies.get(place).copied().unwrap_or_default()) / 1_000.0
}

fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| count(cores.get()))
}

pub(crate) fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a count"))
}
