//! Accounts, their keys, and their secrets.

use cardlift_core::account::{AccountChange, AccountId, AccountName, RateLimits};
use cardlift_core::api_key::{ApiKeySecret, NewApiKey, Scopes};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::ports::ModeBinding;
use cardlift_core::sealed::{MasterKeyId, Rotation, SealedSecret, SecretLabel};
use cardlift_core::vault::VaultMode;

use super::super::Subject;
use super::super::data::{ACCOUNT, at, card, load_customers, other_account, payment_method};
use super::super::payment_methods::save;
use super::{Told, batches, caller, item};

/// How many requests a key of a new account may make.
const LIMITS: &str = r#""perMinute":1000,"perDay":180000"#;

/// One that is there already is not made.
pub async fn an_account_that_is_made_is_told_of(stores: Subject) {
    assert_eq!(batches(&stores, ACCOUNT).await, [], "nobody made the first one");
    let facts = |name: &str| {
        format!(r#","after":{{"name":"{name}",{LIMITS},"makesDefault":false,"disabled":false}}"#)
    };
    let name = |name| AccountName::parse(name).expect("a name");
    let (acme, demo) = (name("acme"), name("demo"));
    let created = caller(7).does(stores.create_account(&acme)).await;
    let created = created.expect("asked").expect("made").id;
    let ensured = caller(7).does(stores.ensure(&demo)).await.expect("made").id;
    stores.create_account(&demo).await.expect("asked");
    stores.ensure(&acme).await.expect("asked");
    for (account, name) in [(created, "acme"), (ensured, "demo")] {
        let mut told = Told { stores: stores.clone(), account, last: None };
        let at = told.check(&[(account.get(), item("account.created", &facts(name)))]).await;
        // Nobody says when; the database does.
        assert!(at.timestamp() > 1_700_000_000, "{at}");
    }
}

/// With what it was. A change that leaves it as it is is none, nor is one of an account that is not there.
pub async fn what_is_changed_of_an_account_is_told(stores: Subject) {
    let mut told = Told::of(&stores, ACCOUNT).await;
    let connected = ConnectedAccountId::parse("acct_1032D82eZvKYlo2C").expect("an id");
    let limits = RateLimits { per_minute: Some(60), per_day: None };
    let facts = |rest: &str| format!(r#"{{"name":"default",{rest}}}"#);
    let plain = r#""makesDefault":false,"disabled":false"#;
    let mut before = facts(&format!("{LIMITS},{plain}"));
    let one = |change| vec![change];
    for (changes, after) in [
        (
            one(AccountChange::Connect(Some(connected))),
            format!(r#""connectedAccount":"acct_1032D82eZvKYlo2C",{LIMITS},{plain}"#),
        ),
        (one(AccountChange::Connect(None)), format!("{LIMITS},{plain}")),
        (AccountChange::limits(limits).to_vec(), format!(r#""perMinute":60,{plain}"#)),
        (
            one(AccountChange::ChooseDefault(DefaultChoice::MakeDefault)),
            r#""perMinute":60,"makesDefault":true,"disabled":false"#.to_owned(),
        ),
        (
            one(AccountChange::Disable(at(5))),
            r#""perMinute":60,"makesDefault":true,"disabled":true"#.to_owned(),
        ),
        (
            one(AccountChange::Enable),
            r#""perMinute":60,"makesDefault":true,"disabled":false"#.to_owned(),
        ),
    ] {
        let after = facts(&after);
        for _ in 0..2 {
            let changed = caller(7).does(stores.change_account(ACCOUNT, &changes)).await;
            changed.expect("changed").expect("an account");
        }
        let both = format!(r#","before":{before},"after":{after}"#);
        told.check(&[(1, item("account.changed", &both))]).await;
        before = after;
    }
    let nobody = AccountId::try_from(999).expect("an id");
    let changed = stores.change_account(nobody, &[AccountChange::Enable]).await;
    assert_eq!(changed.expect("asked"), None);
    assert_eq!(batches(&stores, nobody).await, []);
}

/// Once, and not where it is refused.
pub async fn a_mode_that_is_bound_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let plain = format!(r#"{LIMITS},"makesDefault":false,"disabled":false"#);
    let mut before = format!(r#"{{"name":"default",{plain}}}"#);
    for (mode, name) in [(VaultMode::Live, "live"), (VaultMode::Test, "test")] {
        for _ in 0..2 {
            let bound = caller(7).does(stores.bind_mode(ACCOUNT, mode)).await.expect("asked");
            assert!(matches!(bound, ModeBinding::Bound(_)), "{bound:?}");
        }
        let after = format!(r#"{{"name":"default","mode":"{name}",{plain}}}"#);
        let facts = format!(r#","before":{before},"after":{after}"#);
        told.check(&[(1, item("account.changed", &facts))]).await;
        before = after;
    }
    save(&stores, &payment_method(1, card("a")), 0).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let refused = stores.bind_mode(ACCOUNT, VaultMode::Live).await.expect("asked");
    assert!(matches!(refused, ModeBinding::OtherMode(VaultMode::Test)), "{refused:?}");
    told.check_nothing().await;
}

/// Each once: one that can't be added is not told of, nor one that is revoked already.
pub async fn keys_that_are_made_and_revoked_are_told_of(stores: Subject) {
    let other = other_account(&stores).await.id;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let new = NewApiKey {
        account: ACCOUNT,
        label: "key of Zoë".into(),
        digest: ApiKeySecret::shown("a secret").digest(),
        scopes: Scopes::parse("import,read").expect("scopes"),
        created_at: at(5),
        expires_at: Some(at(9)),
    };
    let key = caller(7).does(stores.add(&new)).await.expect("added").id;
    let facts = |revoked| {
        format!(
            r#"{{"scopes":"import,read","expiresAt":"1970-01-01T00:00:09.123456+00:00","revoked":{revoked}}}"#
        )
    };
    let created = format!(r#","after":{}"#, facts(false));
    let when = told.check(&[(key.get(), item("api_key.created", &created))]).await;
    assert_eq!(when, at(5));
    stores.add(&new).await.expect_err("it is there already");
    assert_eq!(stores.revoke(other, key, at(6)).await.expect("asked"), None);
    told.check_nothing().await;
    for second in [7, 8] {
        let revoked = caller(7).does(stores.revoke(ACCOUNT, key, at(second))).await;
        revoked.expect("asked").expect("a key");
    }
    let revoked = format!(r#","before":{},"after":{}"#, facts(false), facts(true));
    let when = told.check(&[(key.get(), item("api_key.revoked", &revoked))]).await;
    assert_eq!(when, at(7));
}

/// Once, with all that it came from, and to nobody but the default account.
pub async fn a_master_key_that_is_rotated_is_told_of(stores: Subject) {
    let other = other_account(&stores).await.id;
    let [mut told, mut of_other] =
        [Told::of(&stores, ACCOUNT).await, Told::of(&stores, other).await];
    let id = |number: u8| MasterKeyId::parse(&format!("{number:016x}")).expect("an id");
    let rotation = Rotation { from: [id(1), id(2)].into(), to: id(3), secrets: 5 };
    caller(7).does(stores.tell_rotation(&rotation)).await.expect("told");
    let (one, two, three) = (id(1), id(2), id(3));
    let facts = format!(
        r#","before":{{"masterKey":"{one},{two}"}},"after":{{"masterKey":"{three}","secrets":5}}"#
    );
    let at = told.check(&[(1, item("master_key.rotated", &facts))]).await;
    assert!(at.timestamp() > 1_700_000_000, "{at}");
    of_other.check_nothing().await;
}

/// Of the other secrets, which are the program's own, nothing is told; nor where only the master key changes.
pub async fn keys_of_the_vault_are_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let label = SecretLabel::vault_key(ACCOUNT);
    let sealed = |number: u8| {
        let master_key = MasterKeyId::parse(&format!("{number:016x}")).expect("an id");
        SealedSecret { master_key, key: vec![number], secret: vec![number] }
    };
    let put = async |mode, number| {
        let put = caller(7).does(stores.put_vault_key(ACCOUNT, mode, &sealed(number))).await;
        put.expect("asked")
    };
    let plain = format!(r#"{LIMITS},"makesDefault":false,"disabled":false"#);
    let bound = format!(
        r#","before":{{"name":"default",{plain}}},"after":{{"name":"default","mode":"test",{plain}}}"#
    );
    for number in [1, 2] {
        let done = put(VaultMode::Test, number).await;
        assert!(matches!(done, ModeBinding::Bound(_)), "{done:?}");
        let facts = format!(r#","after":{{"masterKey":"{number:016x}"}}"#);
        let set = (1, item("vault_key.set", &facts));
        let expected =
            if number == 1 { vec![(1, item("account.changed", &bound)), set] } else { vec![set] };
        let at = told.check(&expected).await;
        assert!(at.timestamp() > 1_700_000_000, "{at}");
    }
    assert!(stores.replace_sealed(label, &sealed(2), &sealed(3)).await.expect("asked"));
    told.check_nothing().await;
    for there in [true, false] {
        let removed = caller(7).does(stores.remove_sealed(label)).await;
        assert_eq!(removed.expect("asked"), there);
    }
    told.check(&[(1, item("vault_key.removed", ""))]).await;
    for label in [SecretLabel::API_KEY_HASH, SecretLabel::AUDIT_CHAIN] {
        stores.add_sealed(label, &sealed(2)).await.expect("asked");
        assert!(stores.remove_sealed(label).await.expect("asked"));
    }
    save(&stores, &payment_method(1, card("a")), 0).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let refused = put(VaultMode::Live, 1).await;
    assert!(matches!(refused, ModeBinding::OtherMode(VaultMode::Test)), "{refused:?}");
    told.check_nothing().await;
}
