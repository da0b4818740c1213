use proptest::prelude::*;

use super::super::slots::LATENESS;
use super::*;

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

const HUNDRED: Rates = Rates { overall: 100.0, per_endpoint: 100.0, live_share: 0.2 };

/// Takes slots from `now` for so long, by one who always wants the next and wakes late, by what
/// `late` says for each sleep. Returns when each was taken.
fn take_for(
    limits: &mut Limits,
    mut now: Instant,
    time: Duration,
    mut late: impl FnMut() -> Duration,
) -> Vec<Instant> {
    let end = now + time;
    let mut taken = Vec::new();
    loop {
        match limits.take(Endpoint::ListCustomers, now) {
            Ok(()) => taken.push(now),
            Err(due) => {
                assert!(due > now, "time goes on");
                now = due + late();
            }
        }
        if now >= end {
            return taken;
        }
    }
}

#[test]
fn slots_are_evenly_spaced_and_there_is_no_burst_after_a_pause() {
    let now = Instant::now();
    let mut limits = Limits::new(HUNDRED, now);
    for start in [now, now + 60 * SECOND] {
        let taken = take_for(&mut limits, start, SECOND, || Duration::ZERO);
        assert_eq!(taken.len(), 100);
        assert!(taken.windows(2).all(|two| two[1] - two[0] == 10 * MILLI));
    }
}

/// As tokio's timer, whose ticks are of a millisecond, and as a machine that is busy.
#[test]
fn hardly_a_slot_is_lost_to_timers_that_wake_late() {
    for (overall, late) in [(100.0, 1), (100.0, 2), (100.0, 50), (1_000.0, 1), (5_000.0, 2)] {
        let now = Instant::now();
        let rates = Rates { overall, per_endpoint: 10_000.0, live_share: 0.0 };
        let taken = take_for(&mut Limits::new(rates, now), now, 10 * SECOND, || late * MILLI);
        let taken = f64::from(u32::try_from(taken.len()).expect("a few"));
        assert!(taken >= overall * 10.0 * 0.98, "{taken} at {overall}, {late} ms late");
    }
}

#[test]
fn the_lower_of_two_limits_holds() {
    let now = Instant::now();
    for (overall, per_endpoint) in [(100.0, 25.0), (25.0, 100.0)] {
        let rates = Rates { overall, per_endpoint, ..HUNDRED };
        let taken = take_for(&mut Limits::new(rates, now), now, 4 * SECOND, || MILLI);
        assert!((98..=101).contains(&taken.len()), "{}", taken.len());
    }
}

#[test]
fn endpoints_share_the_overall_limit_and_nothing_else() {
    let now = Instant::now();
    let mut limits = Limits::new(Rates { overall: 100.0, ..Rates::default() }, now);
    assert_eq!(limits.take(Endpoint::ListCustomers, now), Ok(()));
    assert_eq!(limits.take(Endpoint::ReadHolding, now), Err(now + 10 * MILLI));
    assert_eq!(limits.take(Endpoint::ReadHolding, now + 10 * MILLI), Ok(()));
    assert_eq!(limits.take(Endpoint::ListCustomers, now + 20 * MILLI), Err(now + 40 * MILLI));
}

#[test]
fn jobs_leave_a_fifth_while_there_are_live_requests_and_for_ten_seconds_after() {
    let now = Instant::now();
    let mut limits = Limits::new(HUNDRED, now);
    limits.live(Endpoint::ReadHolding, now);
    let taken = take_for(&mut limits, now, 10 * SECOND, || Duration::ZERO);
    assert!((799..=801).contains(&taken.len()), "{}", taken.len());
    let taken = take_for(&mut limits, now + 11 * SECOND, 10 * SECOND, || Duration::ZERO);
    assert_eq!(taken.len(), 1_000);
}

#[test]
fn what_live_requests_use_jobs_go_without() {
    let mut now = Instant::now();
    let mut limits = Limits::new(HUNDRED, now);
    let mut jobs = 0;
    // 60 live ones a second leave 40.
    for _ in 0..600 {
        limits.live(Endpoint::ReadHolding, now);
        let step = SECOND / 60;
        let end = now + step;
        while now < end {
            jobs += usize::from(limits.take(Endpoint::ListCustomers, now).is_ok());
            now += MILLI;
        }
        now = end;
    }
    assert!((390..=401).contains(&jobs), "{jobs}");
}

#[test]
fn after_a_rush_of_live_requests_jobs_go_on_within_a_second() {
    let now = Instant::now();
    let mut limits = Limits::new(HUNDRED, now);
    for _ in 0..10_000 {
        limits.live(Endpoint::ListCustomers, now);
    }
    assert_eq!(limits.take(Endpoint::ListCustomers, now), Err(now + SECOND));
    assert_eq!(limits.take(Endpoint::ListCustomers, now + SECOND), Ok(()));
}

#[test]
fn a_429_slows_what_it_names() {
    let slowed = |reason| {
        let now = Instant::now();
        let mut limits = Limits::new(HUNDRED, now);
        limits.throttled(Endpoint::ListCustomers, reason, now);
        let (overall, endpoint) = limits.rates(Endpoint::ListCustomers, now);
        assert_eq!(limits.rates(Endpoint::ReadHolding, now), (overall, 100.0));
        (overall < 100.0, endpoint < 100.0)
    };
    for (header, expected) in [
        (Some("global-rate"), (true, false)),
        (Some("global-concurrency"), (true, false)),
        (Some("endpoint-rate"), (false, true)),
        (Some("endpoint-concurrency"), (false, true)),
        (Some("resource-specific"), (false, true)),
        (Some("something new"), (true, true)),
        (None, (true, true)),
    ] {
        assert_eq!(slowed(Reason::of(header, Some("rate_limit"))), expected, "{header:?}");
        assert_eq!(slowed(Reason::of(header, Some("lock_timeout"))), (false, false));
    }
}

#[test]
fn what_is_slowed_gives_fewer_slots_at_once() {
    let now = Instant::now();
    let mut limits = Limits::new(HUNDRED, now);
    limits.throttled(Endpoint::ListCustomers, Reason::GlobalRate, now);
    let taken = take_for(&mut limits, now, SECOND, || Duration::ZERO);
    assert!((69..=71).contains(&taken.len()), "{}", taken.len());
}

/// What may happen to the limits, and how many milliseconds after the one before.
#[derive(Debug, Clone, Copy)]
enum Event {
    Wanted,
    Live,
    Throttled,
}

proptest! {
    /// Whatever happens, no window of time has more slots than its limit allows, and those of the
    /// tenth of a second that may be made up for.
    #[test]
    fn no_window_has_more_slots_than_its_limit_and_what_may_be_late(
        limit in 1_u32..400,
        events in proptest::collection::vec(
            (0_u64..120, prop_oneof![
                8 => Just(Event::Wanted), 1 => Just(Event::Live), 1 => Just(Event::Throttled),
            ]),
            1..400,
        ),
    ) {
        let limit = f64::from(limit);
        let mut now = Instant::now();
        let mut limits =
            Limits::new(Rates { overall: limit, per_endpoint: limit, live_share: 0.2 }, now);
        let mut taken = Vec::new();
        for (after, event) in events {
            now += Duration::from_millis(after);
            match event {
                Event::Wanted => while limits.take(Endpoint::ListCustomers, now).is_ok() {
                    taken.push(now);
                },
                Event::Live => limits.live(Endpoint::ReadHolding, now),
                Event::Throttled => {
                    limits.throttled(Endpoint::ListCustomers, Reason::NotSaid, now);
                }
            }
        }
        for (from, start) in taken.iter().enumerate() {
            for (count, end) in (1_u32..).zip(&taken[from..]) {
                let most = limit * (*end - *start + LATENESS).as_secs_f64() + 1.0;
                prop_assert!(f64::from(count) <= most + 1e-6, "{count} in {:?}", *end - *start);
            }
        }
    }
}
