use proptest::prelude::*;

use super::*;

const LIMIT: u16 = 3;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).expect("a time")
}

/// Shows a wrong key, and says whether it was looked at.
fn wrong(keys: &WrongKeys, address: &str, key: &str, seconds: i64) -> Result<(), u64> {
    let attempt = attempt(keys, address, key, seconds);
    keys.admit(attempt).map_err(|slowed| slowed.retry_after)?;
    keys.wrong(attempt);
    Ok(())
}

/// Shows a right key, and says whether it was looked at.
fn right(keys: &WrongKeys, address: &str, key: &str, seconds: i64) -> Result<(), u64> {
    let attempt = attempt(keys, address, key, seconds);
    keys.admit(attempt).map_err(|slowed| slowed.retry_after)?;
    keys.right(attempt);
    Ok(())
}

fn attempt(keys: &WrongKeys, address: &str, key: &str, seconds: i64) -> Attempt {
    let address = address.parse().expect("an address");
    keys.attempt(Some(address), key.as_bytes(), at(seconds))
}

/// One that has had so many different wrong keys of 10.0.0.1 in the first minute.
fn guessed(times: u16) -> WrongKeys {
    let keys = WrongKeys::new(Some(LIMIT));
    for key in 0..times {
        assert_eq!(wrong(&keys, "10.0.0.1", &key.to_string(), 1), Ok(()));
    }
    keys
}

#[test]
fn so_many_wrong_keys_of_an_address_are_looked_at_in_a_minute() {
    let keys = guessed(LIMIT);
    assert_eq!(wrong(&keys, "10.0.0.1", "next", 59), Err(1), "until the minute is over");
    assert_eq!(wrong(&keys, "10.0.0.2", "next", 59), Ok(()), "another address has its own");
    assert_eq!(wrong(&keys, "10.0.0.1", "next", 60), Ok(()), "another minute");
}

#[test]
fn a_key_that_was_let_in_lately_still_is() {
    let keys = WrongKeys::new(Some(LIMIT));
    right(&keys, "10.9.9.9", "good", 0).expect("let in, wherever it comes from");
    for key in 0..LIMIT {
        wrong(&keys, "10.0.0.1", &key.to_string(), 1).expect("looked at");
    }
    assert_eq!(right(&keys, "10.0.0.1", "good", 2), Ok(()));
    assert_eq!(right(&keys, "10.0.0.1", "another", 2), Err(58), "it was not let in before");
}

#[test]
fn a_key_that_was_good_once_is_let_in_no_more_when_it_is_wrong() {
    let keys = WrongKeys::new(Some(LIMIT));
    right(&keys, "10.0.0.1", "good", 0).expect("let in");
    for _ in 0..LIMIT {
        wrong(&keys, "10.0.0.1", "good", 1).expect("looked at");
    }
    assert_eq!(wrong(&keys, "10.0.0.1", "good", 2), Err(58));
}

#[test]
fn who_goes_on_with_one_wrong_key_keeps_nobody_else_out() {
    let keys = WrongKeys::new(Some(LIMIT));
    for _ in 0..LIMIT {
        wrong(&keys, "10.0.0.1", "expired", 1).expect("looked at");
    }
    assert_eq!(wrong(&keys, "10.0.0.1", "expired", 1), Err(59));
    assert_eq!(right(&keys, "10.0.0.1", "good", 1), Ok(()), "it is not the one that is wrong");
}

#[test]
fn an_address_of_version_6_is_its_network() {
    let keys = WrongKeys::new(Some(LIMIT));
    for host in 1..=LIMIT {
        let (address, key) = (format!("2001:db8:1:2::{host}"), host.to_string());
        wrong(&keys, &address, &key, 1).expect("looked at");
    }
    assert_eq!(wrong(&keys, "2001:db8:1:2:ffff::9", "next", 1), Err(59));
    assert_eq!(wrong(&keys, "2001:db8:1:3::1", "next", 1), Ok(()), "another network");
}

#[test]
fn addresses_of_version_4_are_told_apart_however_they_are_written() {
    let keys = guessed(LIMIT);
    assert_eq!(wrong(&keys, "::ffff:10.0.0.1", "next", 1), Err(59));
    assert_eq!(wrong(&keys, "::ffff:10.0.0.2", "next", 1), Ok(()));
}

#[test]
fn without_a_limit_and_without_an_address_nobody_is_slowed() {
    let off = WrongKeys::new(None);
    let keys = WrongKeys::new(Some(LIMIT));
    for key in 0..10 {
        assert_eq!(wrong(&off, "10.0.0.1", &key.to_string(), 1), Ok(()));
        let nowhere = keys.attempt(None, b"key", at(1));
        assert_eq!(keys.admit(nowhere), Ok(()));
        keys.wrong(nowhere);
    }
}

#[test]
fn memory_is_bounded_whoever_comes() {
    let keys = WrongKeys::new(Some(LIMIT));
    for number in 0..u32::try_from(3 * MOST_GOOD).expect("a small number") {
        let address = IpAddr::from(std::net::Ipv4Addr::from_bits(number));
        keys.wrong(keys.attempt(Some(address), &number.to_be_bytes(), at(1)));
        keys.right(keys.attempt(Some(address), &number.to_le_bytes(), at(1)));
    }
    let state = keys.state(at(1));
    assert_eq!(state.wrong.len(), MOST_ADDRESSES);
    assert!(state.newer.len() <= MOST_GOOD && state.older.len() <= MOST_GOOD);
    drop(state);
    let last = u32::try_from(3 * MOST_GOOD - 1).expect("a small number");
    let state = keys.state(at(1));
    let mark = Mark(keys.0.marks.hash_one(last.to_le_bytes().as_slice()));
    assert!(state.newer.contains(&mark), "the last ones are known");
}

proptest! {
    /// Whatever an address shows in whatever order, in no minute more than the limit of different wrong
    /// keys is looked at, and a key that was let in and is still good is let in again.
    #[test]
    fn no_minute_has_more_wrong_keys_looked_at(mut shown in prop::collection::vec((0..300_i64, 0..12_u16), 0..200)) {
        shown.sort_unstable();
        let keys = WrongKeys::new(Some(LIMIT));
        right(&keys, "10.0.0.1", "good", 0).expect("let in");
        let mut looked_at = HashMap::<i64, Vec<u16>>::new();
        for (seconds, key) in shown {
            if wrong(&keys, "10.0.0.1", &key.to_string(), seconds).is_ok() {
                looked_at.entry(seconds / MINUTE).or_default().push(key);
            }
            prop_assert!(right(&keys, "10.0.0.1", "good", seconds).is_ok());
        }
        for mut minute in looked_at.into_values() {
            let same = |key: &u16| minute.iter().filter(|other| *other == key).count();
            prop_assert!((0..12).all(|key| same(&key) <= usize::from(LIMIT)), "{minute:?}");
            minute.sort_unstable();
            minute.dedup();
            prop_assert!(minute.len() <= usize::from(LIMIT), "{minute:?}");
        }
    }
}
