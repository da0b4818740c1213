use std::sync::atomic::{AtomicU64, Ordering};

use cardlift_core::account::AccountId;
use cardlift_core::sealed::SecretName;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Never the same bytes twice, as a system's.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
    }
}

const LABEL: SecretLabel = SecretLabel::vault_key(AccountId::DEFAULT);

/// A keyring of keys that are made from these numbers.
fn keyring(numbers: &[u64]) -> Keyring {
    let key = |number: &u64| {
        let text = MasterKey::generate(&Counter(AtomicU64::new(number * 1_000)));
        MasterKey::parse(&text).expect("a key")
    };
    let entropy = Arc::new(Counter(AtomicU64::new(1 << 32)));
    Keyring::new(numbers.iter().map(key).collect(), entropy)
}

fn opened(keyring: &Keyring, sealed: &SealedSecret) -> Vec<u8> {
    keyring.open(LABEL, sealed).expect("opened").expose_secret().to_vec()
}

#[test]
fn the_first_key_seals_and_each_opens() {
    let old = keyring(&[1]).seal(LABEL, b"old").expect("sealed");
    let both = keyring(&[2, 1]);
    let new = both.seal(LABEL, b"new").expect("sealed");
    assert_eq!(Some(&new.master_key), keyring(&[2]).current());
    assert_eq!(opened(&both, &old), b"old");
    assert_eq!(opened(&both, &new), b"new");
}

#[test]
fn a_master_key_that_is_not_at_hand_is_named() {
    let sealed = keyring(&[1]).seal(LABEL, b"secret").expect("sealed");
    for numbers in [&[][..], &[2]] {
        let error = keyring(numbers).open(LABEL, &sealed).expect_err("another key");
        let SealerError::NoMasterKey { master_key, .. } = error else { panic!("{error}") };
        assert_eq!(Some(&master_key), keyring(&[1]).current());
    }
    let error = keyring(&[]).seal(LABEL, b"secret").expect_err("no key");
    assert!(matches!(error, SealerError::NoCurrentKey));
}

#[test]
fn a_secret_sealed_anew_is_the_same_and_needs_the_old_key_no_more() {
    let sealed = keyring(&[1]).seal(LABEL, b"secret").expect("sealed");
    let anew = keyring(&[2, 1]).reseal(LABEL, &sealed).expect("opened").expect("sealed anew");
    assert_eq!(anew.secret, sealed.secret);
    assert_eq!(opened(&keyring(&[2]), &anew), b"secret");
    assert!(keyring(&[1]).open(LABEL, &anew).is_err());
    assert_eq!(keyring(&[2, 1]).reseal(LABEL, &anew).expect("opened"), None);
    assert!(keyring(&[2]).reseal(LABEL, &sealed).is_err(), "the old key is not at hand");
}

#[test]
fn a_secret_can_not_be_put_in_another_s_place() {
    let keyring = keyring(&[1]);
    let sealed = keyring.seal(LABEL, b"secret").expect("sealed");
    let other_account = AccountId::try_from(2).expect("an id");
    for label in [
        SecretLabel { name: SecretName::ApiKeyHash, ..LABEL },
        SecretLabel { account: other_account, ..LABEL },
    ] {
        let error = keyring.open(label, &sealed).expect_err("another label");
        assert!(matches!(error, SealerError::Changed(found) if found == label));
    }
    // Nor can the secret of one be joined with the key of another.
    let other = keyring.seal(LABEL, b"other").expect("sealed");
    let mixed = SealedSecret { secret: other.secret, ..sealed };
    assert!(matches!(keyring.open(LABEL, &mixed), Err(SealerError::Changed(_))));
}

#[test]
fn the_same_secret_is_sealed_differently_each_time() {
    let keyring = keyring(&[1]);
    let seal = || keyring.seal(LABEL, b"secret").expect("sealed");
    let (one, two) = (seal(), seal());
    assert_ne!(one.key, two.key);
    assert_ne!(one.secret, two.secret);
}

/// The bytes of these hexadecimal digits.
fn from_hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("text"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("a byte")).collect()
}

/// What is in the databases of those who have secrets. Made with another implementation of RFC 8439:
/// master key 00 to 1f, own key 20 to 3f, nonces 40 to 4b and 50 to 5b.
#[test]
fn what_an_earlier_version_sealed_is_opened() {
    let master = MasterKey::parse(&"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".into());
    let entropy = Arc::new(Counter(AtomicU64::new(0)));
    let keyring = Keyring::new(vec![master.expect("a key")], entropy);
    let other_account = AccountId::try_from(2).expect("an id");
    for (label, plain, key, secret) in [
        (
            SecretLabel::API_KEY_HASH,
            "what keys are hashed with",
            "404142434445464748494a4bd8755ea2566fc82670e6dc2b97c243e284fd512b\
             70c97758c635e860d61a0455364da2407782c18f15501e4db0ea746f",
            "505152535455565758595a5b8e58c43182b54ddefb2c0aae442ea7ed04cbd588\
             b834cc5f5e929779039eb90b9804c93a78766483c7",
        ),
        (
            SecretLabel::AUDIT_CHAIN,
            "what the trail is sealed with",
            "404142434445464748494a4bd8755ea2566fc82670e6dc2b97c243e284fd512b\
             70c97758c635e860d61a04553c27c0ffda45ba1f7a69879bc6fa5ce6",
            "505152535455565758595a5b8e58c43182aa40c2a87819bd4862efe50483c389\
             f92fc04f1666cb925fbc1884ff8c87b2a0d1f8ae9c6839c43e",
        ),
        (
            SecretLabel::vault_key(other_account),
            "sk_test_1",
            "404142434445464748494a4bd8755ea2566fc82670e6dc2b97c243e284fd512b\
             70c97758c635e860d61a045556d8cbdf2d21f62b434fbed3b7543bf6",
            "505152535455565758595a5b8a5bfa31c7ad5cf8b9fb69844db14b445357ff63\
             3b4c2748c6",
        ),
    ] {
        let master_key = MasterKeyId::parse("657e8f8c8097c744").expect("an id");
        let sealed = SealedSecret { master_key, key: from_hex(key), secret: from_hex(secret) };
        let opened = keyring.open(label, &sealed).expect("opened");
        assert_eq!(opened.expose_secret(), plain.as_bytes(), "{label}");
    }
}

proptest! {
    #[test]
    fn whatever_is_sealed_is_opened_and_shows_in_nothing(secret in vec(any::<u8>(), 0..200)) {
        let keyring = keyring(&[1]);
        let sealed = keyring.seal(LABEL, &secret).expect("sealed");
        prop_assert_eq!(opened(&keyring, &sealed), secret.clone());
        if secret.len() >= 8 {
            let shows = |bytes: &[u8]| bytes.windows(8).any(|part| secret.windows(8).any(|own| own == part));
            prop_assert!(!shows(&sealed.secret) && !shows(&sealed.key));
        }
    }

    #[test]
    fn one_bit_that_is_changed_is_found(
        secret in vec(any::<u8>(), 0..50),
        in_key in any::<bool>(),
        place in any::<prop::sample::Index>(),
        bit in 0..8,
    ) {
        let keyring = keyring(&[1]);
        let mut sealed = keyring.seal(LABEL, &secret).expect("sealed");
        let bytes = if in_key { &mut sealed.key } else { &mut sealed.secret };
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert!(matches!(keyring.open(LABEL, &sealed), Err(SealerError::Changed(_))));
    }

    #[test]
    fn a_piece_of_it_is_nothing(secret in vec(any::<u8>(), 0..50), kept in 0..40_usize) {
        let keyring = keyring(&[1]);
        let mut sealed = keyring.seal(LABEL, &secret).expect("sealed");
        sealed.key.truncate(kept);
        prop_assert!(keyring.open(LABEL, &sealed).is_err());
    }
}
