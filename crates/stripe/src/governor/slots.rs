//! Evenly spaced slots. Pure: the time is handed in.

use std::time::{Duration, Instant};

/// How late a slot may be taken without being lost: timers wake late, by a millisecond, or by more
/// where the machine is busy.
pub(super) const LATENESS: Duration = Duration::from_millis(100);

/// How far ahead slots are given away without asking.
const LONGEST_DEBT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Slots {
    /// When the next one is due.
    next: Instant,
    /// Whether somebody waits for it. Slots that nobody waited for are gone: saved up, they would
    /// make a burst after each pause.
    awaited: bool,
}

impl Slots {
    pub(super) const fn new(now: Instant) -> Self {
        Self { next: now, awaited: false }
    }

    /// When to ask again, where no slot is due yet.
    pub(super) fn due(&mut self, now: Instant) -> Option<Instant> {
        if self.next <= now {
            return None;
        }
        self.awaited = true;
        Some(self.next)
    }

    /// Takes the slot that is due. The next one is an interval after it.
    pub(super) fn take(&mut self, now: Instant, interval: Duration) {
        let in_time = self.awaited && now.saturating_duration_since(self.next) <= LATENESS;
        let due = if in_time { self.next } else { self.next.max(now) };
        self.next = due + interval;
        self.awaited = in_time && self.next <= now;
    }

    /// Takes a slot that may not be due yet.
    pub(super) fn take_ahead(&mut self, now: Instant, interval: Duration) {
        self.take(now, interval);
        self.next = self.next.min(now + LONGEST_DEBT);
    }
}
