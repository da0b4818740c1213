//! How many rows have which outcome.

use std::collections::BTreeMap;

use super::RowOutcome;

/// How many results there are of each outcome. With the rows that have none, they add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<RowOutcome, u64>);

impl Tally {
    /// Counts results of this outcome.
    pub fn add(&mut self, outcome: RowOutcome, count: u64) {
        if count > 0 {
            *self.0.entry(outcome).or_default() += count;
        }
    }

    /// How many results have this outcome.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome) -> u64 {
        self.0.get(&outcome).copied().unwrap_or_default()
    }

    /// Each outcome that there is, and its count.
    pub fn iter(&self) -> impl Iterator<Item = (RowOutcome, u64)> {
        self.0.iter().map(|(outcome, count)| (*outcome, *count))
    }

    /// How many results there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.iter().filter(|(outcome, _)| outcome.is_failure()).map(|(_, count)| count).sum()
    }
}

impl FromIterator<(RowOutcome, u64)> for Tally {
    fn from_iter<T: IntoIterator<Item = (RowOutcome, u64)>>(counts: T) -> Self {
        let mut tally = Self::default();
        for (outcome, count) in counts {
            tally.add(outcome, count);
        }
        tally
    }
}

impl FromIterator<RowOutcome> for Tally {
    fn from_iter<T: IntoIterator<Item = RowOutcome>>(outcomes: T) -> Self {
        outcomes.into_iter().map(|outcome| (outcome, 1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::FailureReason;
    use super::*;

    #[test]
    fn it_adds_up() {
        let failed = RowOutcome::Failed(FailureReason::NoCard);
        let mut tally: Tally = [RowOutcome::Imported, RowOutcome::Imported].into_iter().collect();
        tally.add(failed, 3);
        tally.add(RowOutcome::Updated, 0);
        assert_eq!((tally.total(), tally.failed(), tally.of(RowOutcome::Imported)), (5, 3, 2));
        assert_eq!(tally.iter().count(), 2);
    }
}
