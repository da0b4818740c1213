//! A budget of retries: when much fails, retrying it all would double the load.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a retry costs; a call that went well pays back one.
const RETRY: u32 = 10;
const FULL: u32 = 50 * RETRY;

/// 50 retries at first, and one more for each ten calls that go well, up to 50.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    pub(crate) const fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes a retry out, where one is left.
    pub(crate) fn spend(&self) -> bool {
        let spend = |left: u32| left.checked_sub(RETRY);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    /// Notes a call that went well.
    pub(crate) fn earn(&self) {
        let earn = |left: u32| (left < FULL).then(|| left + 1);
        let _full_already = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend_all(budget: &RetryBudget) -> usize {
        std::iter::repeat_with(|| budget.spend()).take_while(|spent| *spent).count()
    }

    #[test]
    fn fifty_retries_may_be_spent_and_ten_good_calls_earn_another() {
        let budget = RetryBudget::full();
        assert_eq!(spend_all(&budget), 50);
        for _ in 0..9 {
            budget.earn();
        }
        assert!(!budget.spend());
        budget.earn();
        assert_eq!(spend_all(&budget), 1);
    }

    #[test]
    fn it_never_holds_more_than_fifty() {
        let budget = RetryBudget::full();
        for _ in 0..1_000 {
            budget.earn();
        }
        assert_eq!(spend_all(&budget), 50);
    }
}
