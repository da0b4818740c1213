use cardlift_core::Timestamp;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::api_key::{ApiKey, ApiKeyId, Scopes};

use super::*;

fn key() -> (KeyDigest, KeyOfAccount) {
    let digest = KeyDigest::from_bytes([7; 32]);
    let key = ApiKey {
        id: ApiKeyId::try_from(3).expect("an id"),
        account: AccountId::DEFAULT,
        label: "a key".to_owned(),
        digest,
        scopes: Scopes::default(),
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    };
    let account = Account::new(AccountId::DEFAULT, AccountName::parse("default").expect("a name"));
    (digest, KeyOfAccount { key, account })
}

/// A cache that has just been told of the key, and when that was.
fn told() -> (KeyCache, KeyDigest, KeyOfAccount, Instant) {
    let (cache, (digest, found), now) = (KeyCache::default(), key(), Instant::now());
    let Lookup::Ask(asking) = cache.look_up(&digest, now) else { panic!("nothing is known yet") };
    cache.keep(&digest, asking, Some(&found));
    (cache, digest, found, now)
}

const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[test]
fn what_was_found_is_known_for_half_a_second() {
    let (cache, digest, found, now) = told();
    assert_eq!(cache.look_up(&digest, now + millis(249)), Lookup::Known(found));
    assert!(matches!(cache.look_up(&digest, now + millis(500)), Lookup::Ask(_)));
}

#[test]
fn one_asks_anew_in_good_time_while_the_others_go_on() {
    let (cache, digest, found, now) = told();
    let Lookup::Ask(asking) = cache.look_up(&digest, now + millis(250)) else {
        panic!("the first one asks")
    };
    assert_eq!(cache.look_up(&digest, now + millis(499)), Lookup::Known(found.clone()));
    assert!(
        matches!(cache.look_up(&digest, now + millis(500)), Lookup::Ask(_)),
        "it got no answer"
    );
    cache.keep(&digest, asking, Some(&found));
    assert_eq!(cache.look_up(&digest, now + millis(499)), Lookup::Known(found.clone()));
    assert!(matches!(cache.look_up(&digest, now + millis(500)), Lookup::Ask(_)));
    cache.keep(&digest, asking, None);
    assert!(matches!(cache.look_up(&digest, now + millis(251)), Lookup::Ask(_)), "it is gone");
}

#[test]
fn what_was_asked_before_a_change_is_not_kept_after_it() {
    let (cache, digest, found, now) = told();
    let Lookup::Ask(asking) = cache.look_up(&digest, now + millis(300)) else {
        panic!("the first one asks")
    };
    cache.forget();
    assert!(matches!(cache.look_up(&digest, now + millis(300)), Lookup::Ask(_)));
    cache.keep(&digest, asking, Some(&found));
    assert!(matches!(cache.look_up(&digest, now + millis(300)), Lookup::Ask(_)));
}

#[test]
fn those_that_are_too_old_make_room_when_there_are_twice_as_many_as_were_left() {
    let (cache, (_, found), now) = (KeyCache::default(), key(), Instant::now());
    let later = now + GOOD_FOR;
    let keep = |number: usize, at: Instant| {
        let (mut digest, bytes) = ([0; 32], number.to_be_bytes());
        digest[..bytes.len()].copy_from_slice(&bytes);
        cache.keep(&KeyDigest::from_bytes(digest), Asking { at, forgotten: 0 }, Some(&found));
        cache.keys().known.len()
    };
    for number in 0..MANY {
        keep(number, now);
    }
    assert_eq!(keep(MANY, now), MANY + 1, "none is too old");
    assert_eq!(keep(MANY + 1, later), MANY + 2, "they were looked for lately");
    for number in MANY + 2..2 * MANY {
        keep(number, now);
    }
    assert_eq!(keep(2 * MANY, later), 2);
}
