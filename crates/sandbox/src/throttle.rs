//! Limits of requests a second. A second is one of the clock's, as it were: the count starts anew
//! when it is over.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::objects::Limit;

/// How many requests a second go through; none is turned away where there is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) overall: Option<u32>,
    pub(crate) per_endpoint: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Throttle {
    limits: Limits,
    second: Mutex<Second>,
}

/// What went through in a second.
#[derive(Debug, Default)]
struct Second {
    number: u64,
    overall: u32,
    by_endpoint: BTreeMap<Endpoint, u32>,
}

impl Throttle {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, second: Mutex::default() }
    }

    /// Lets a request through, or says what there were too many for. What is turned away does not
    /// count.
    pub(crate) fn admit(&self, endpoint: Endpoint, since_start: Duration) -> Result<(), Limit> {
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        let number = since_start.as_secs();
        if second.number != number {
            *second = Second { number, ..Second::default() };
        }
        let of_endpoint = second.by_endpoint.get(&endpoint).copied().unwrap_or_default();
        if self.limits.overall.is_some_and(|limit| second.overall >= limit) {
            return Err(Limit::Global);
        }
        if self.limits.per_endpoint.is_some_and(|limit| of_endpoint >= limit) {
            return Err(Limit::Endpoint);
        }
        second.overall += 1;
        second.by_endpoint.insert(endpoint, of_endpoint + 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Endpoint = Endpoint::ListCustomers;

    /// How many of a hundred requests at this time go through.
    fn through(throttle: &Throttle, endpoint: Endpoint, millis: u64) -> usize {
        let at = Duration::from_millis(millis);
        (0..100).filter(|_| throttle.admit(endpoint, at).is_ok()).count()
    }

    #[test]
    fn so_many_go_through_each_second() {
        let throttle = Throttle::new(Limits { overall: Some(30), per_endpoint: None });
        assert_eq!(through(&throttle, LIST, 0), 30);
        assert_eq!(through(&throttle, Endpoint::ReadHolding, 999), 0);
        assert_eq!(throttle.admit(LIST, Duration::from_millis(999)), Err(Limit::Global));
        assert_eq!(through(&throttle, LIST, 1_000), 30);
    }

    #[test]
    fn each_endpoint_may_have_a_limit_of_its_own() {
        let throttle = Throttle::new(Limits { overall: Some(30), per_endpoint: Some(20) });
        assert_eq!(through(&throttle, LIST, 0), 20);
        assert_eq!(throttle.admit(LIST, Duration::ZERO), Err(Limit::Endpoint));
        assert_eq!(through(&throttle, Endpoint::ReadHolding, 0), 10);
    }

    #[test]
    fn without_limits_everything_goes_through() {
        assert_eq!(through(&Throttle::new(Limits::default()), LIST, 0), 100);
    }
}
