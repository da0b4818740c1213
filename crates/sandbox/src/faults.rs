//! Faults on demand: by id, by rate, or for every request; so many times, or until cleared.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

/// How requests fail.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// Only to requests with this id in their path.
    #[serde(default)]
    pub id: Option<String>,
    /// Only to this part of the requests, evenly spread: 0.1 is each tenth.
    #[serde(default)]
    pub rate: Option<f64>,
    /// Only so many times.
    #[serde(default)]
    pub times: Option<u32>,
    /// How long a slow answer takes, in milliseconds. Default: 30 s.
    #[serde(default)]
    pub delay_ms: Option<u64>,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 with code `rate_limit`.
    RateLimit,
    /// 429 with code `lock_timeout`.
    LockTimeout,
    /// 500.
    ServerError,
    /// The answer comes late.
    Slow,
    /// The answer breaks off.
    Cut,
    /// 200 with a body that is no JSON.
    Malformed,
    /// 200 with a body of 9 MiB.
    Oversized,
    /// 401, as for a wrong key.
    Unauthorized,
    /// 403, as for a key without the permission.
    Forbidden,
}

impl Fault {
    /// This fault for every request.
    #[must_use]
    pub const fn always(kind: FaultKind) -> Self {
        Self { kind, id: None, rate: None, times: None, delay_ms: None }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

#[derive(Debug)]
struct Armed {
    fault: Fault,
    /// How much of the next fault has come together, by the rate.
    due: f64,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        self.armed().push(Armed { fault, due: 0.0 });
    }

    pub(crate) fn clear(&self) {
        self.armed().clear();
    }

    /// The first fault that befalls a request for this path.
    pub(crate) fn befalling(&self, path: &str) -> Option<Fault> {
        let mut armed = self.armed();
        let fault = armed.iter_mut().find_map(|armed| armed.befalls(path))?;
        armed.retain(|armed| armed.fault.times != Some(0));
        Some(fault)
    }

    fn armed(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    fn befalls(&mut self, path: &str) -> Option<Fault> {
        let hit = |id: &String| path.split('/').any(|segment| segment == id);
        if !self.fault.id.as_ref().is_none_or(hit) {
            return None;
        }
        self.due += self.fault.rate.unwrap_or(1.0);
        // A tenth is no binary fraction: ten of them are a little less than one.
        if self.due < 1.0 - 1e-9 {
            return None;
        }
        self.due -= 1.0;
        if let Some(times) = &mut self.fault.times {
            *times = times.checked_sub(1)?;
        }
        Some(self.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(fault: Fault, path: &str, requests: usize) -> Vec<usize> {
        let faults = Faults::default();
        faults.add(fault);
        (0..requests).filter(|_| faults.befalling(path).is_some()).collect()
    }

    #[test]
    fn a_rate_is_spread_evenly_and_the_same_each_time() {
        let fault = Fault { rate: Some(0.1), ..Fault::always(FaultKind::Cut) };
        assert_eq!(hits(fault.clone(), "/v1/customers", 30), [9, 19, 29]);
        assert_eq!(hits(fault, "/v1/customers", 1_000).len(), 100);
    }

    #[test]
    fn an_id_is_a_whole_segment_of_the_path() {
        let fault = Fault { id: Some("cus_1".into()), ..Fault::always(FaultKind::Cut) };
        assert_eq!(hits(fault.clone(), "/v1/customers/cus_1/sources/card_1", 2), [0, 1]);
        assert!(hits(fault, "/v1/customers/cus_12", 2).is_empty());
    }

    #[test]
    fn it_stops_after_so_many_times() {
        let fault = Fault { times: Some(2), ..Fault::always(FaultKind::Cut) };
        assert_eq!(hits(fault, "/v1/customers", 5), [0, 1]);
        let never = Fault { times: Some(0), ..Fault::always(FaultKind::Cut) };
        assert!(hits(never, "/v1/customers", 5).is_empty());
    }
}
