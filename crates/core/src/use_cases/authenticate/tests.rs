use super::*;
use crate::Timestamp;
use crate::account::AccountName;
use crate::api_key::ApiKey;
use crate::ports::{MockApiKeyStore, MockClock, StoreErrorKind};

const LIMITS: RateLimits = RateLimits { per_minute: Some(5), per_day: None };

fn hash() -> HashKey {
    HashKey::new(&vec![7; HashKey::LENGTH].into()).expect("a key")
}

fn secret() -> ApiKeySecret {
    ApiKeySecret::shown("a secret")
}

fn key() -> ApiKey {
    ApiKey {
        id: ApiKeyId::try_from(3).expect("an id"),
        account: AccountId::DEFAULT,
        label: "test".into(),
        digest: hash().digest(&secret()),
        scopes: Scopes::default(),
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).expect("a time")
}

fn account() -> Account {
    let name = AccountName::parse("default").expect("a name");
    let default_choice = DefaultChoice::MakeDefault;
    Account { limits: LIMITS, default_choice, ..Account::new(AccountId::DEFAULT, name) }
}

/// One that finds this, at second 7.
fn use_case(
    found: Result<Option<ApiKey>, StoreError>,
    admission: Admission,
) -> (Authenticate, KeyUses) {
    use_case_of(account(), found, admission)
}

fn use_case_of(
    account: Account,
    found: Result<Option<ApiKey>, StoreError>,
    admission: Admission,
) -> (Authenticate, KeyUses) {
    let mut keys = MockApiKeyStore::new();
    let found = found.map(|key| key.map(|key| KeyOfAccount { key, account }));
    keys.expect_find_by_digest().once().return_once(move |_| found);
    let mut clock = MockClock::new();
    clock.expect_now().return_const(at(7));
    let uses = KeyUses::default();
    let (keys, clock) = (Arc::new(keys), Arc::new(clock));
    let hash = hash();
    (Authenticate { keys, admission, hash, uses: uses.clone(), clock }, uses)
}

/// What is noted of uses.
async fn noted(uses: &KeyUses) -> usize {
    let mut keys = MockApiKeyStore::new();
    keys.expect_note_uses().returning(|_| Ok(()));
    uses.write(&keys).await.expect("written")
}

async fn run(
    found: Result<Option<ApiKey>, StoreError>,
    admission: Admission,
) -> Result<Principal, AuthenticateError> {
    use_case(found, admission).0.run(&secret()).await
}

#[tokio::test]
async fn a_known_key_acts_for_its_account() {
    let who = run(Ok(Some(key())), Admission::EveryAccount).await.expect("let in");
    let Account { id, limits, default_choice, .. } = account();
    let scopes = Scopes::default();
    assert_eq!(who, Principal { account: id, key: key().id, scopes, limits, default_choice });
}

#[tokio::test]
async fn unknown_revoked_expired_and_foreign_keys_are_told_apart_by_nobody() {
    let revoked = ApiKey { revoked_at: Some(Timestamp::UNIX_EPOCH), ..key() };
    let expired = ApiKey { expires_at: Some(at(7)), ..key() };
    let other_digest = ApiKey { digest: hash().digest(&ApiKeySecret::shown("other")), ..key() };
    let other = Admission::Only(AccountId::try_from(2).expect("an id"));
    for (found, admission) in [
        (None, Admission::EveryAccount),
        (Some(revoked), Admission::EveryAccount),
        (Some(expired), Admission::EveryAccount),
        (Some(other_digest), Admission::EveryAccount),
        (Some(key()), other),
    ] {
        let (use_case, uses) = use_case(Ok(found), admission);
        let error = use_case.run(&secret()).await.expect_err("kept out");
        assert_eq!(error.to_string(), "The API key is unknown, has expired or was revoked.");
        assert_eq!(noted(&uses).await, 0, "what is kept out is not used");
    }
}

#[tokio::test]
async fn no_key_of_a_disabled_account_is_let_in() {
    let disabled = Account { disabled_at: Some(Timestamp::UNIX_EPOCH), ..account() };
    let (use_case, uses) = use_case_of(disabled, Ok(Some(key())), Admission::EveryAccount);
    let error = use_case.run(&secret()).await;
    assert!(matches!(error, Err(AuthenticateError::UnknownKey)));
    assert_eq!(noted(&uses).await, 0);
}

#[tokio::test]
async fn a_key_that_expires_is_good_until_then_and_its_use_is_noted() {
    let expiring = ApiKey { expires_at: Some(at(8)), ..key() };
    let (use_case, uses) = use_case(Ok(Some(expiring)), Admission::EveryAccount);
    use_case.run(&secret()).await.expect("let in");
    assert_eq!(noted(&uses).await, 1);
}

#[tokio::test]
async fn a_key_may_do_what_its_scopes_say_and_nothing_else() {
    let scopes = Scopes::parse("read,admin").expect("scopes");
    let found = ApiKey { scopes, ..key() };
    let who = run(Ok(Some(found)), Admission::EveryAccount).await.expect("let in");
    let may = |who: &Principal| Scope::ALL.map(|scope| who.may(scope).is_ok());
    assert_eq!(may(&who), [false, true, false, true]);
    let error = who.may(Scope::Manage).expect_err("not its own");
    let says = "This needs the scope manage, which the API key does not have.";
    assert_eq!(error.to_string(), says);
    assert_eq!(who.operator(), Ok(Operator::Key(who.key)));
    let other = Principal { account: AccountId::try_from(2).expect("an id"), ..who };
    assert_eq!(other.operator(), Err(MissingScope(Scope::Admin)));
    assert_eq!(may(&other), [false, true, false, false], "the operator's is of one account");
}

#[tokio::test]
async fn the_one_account_that_is_admitted_gets_in() {
    assert!(run(Ok(Some(key())), Admission::Only(AccountId::DEFAULT)).await.is_ok());
}

#[tokio::test]
async fn a_store_that_is_down_lets_nobody_in() {
    let down = StoreError::new(StoreErrorKind::Unavailable, "down");
    let error = run(Err(down), Admission::EveryAccount).await.expect_err("down");
    assert!(matches!(error, AuthenticateError::Store(_)));
}

/// What is said of a key that was let in to read, when it is asked again.
async fn rechecked(found: Result<Option<ApiKey>, StoreError>) -> Result<(), AccessEnded> {
    use_case(found, Admission::EveryAccount).0.recheck(&secret(), Scope::Read).await
}

#[tokio::test]
async fn a_key_that_was_let_in_is_good_until_the_store_says_that_it_is_not() {
    assert_eq!(rechecked(Ok(Some(key()))).await, Ok(()));
    let revoked = ApiKey { revoked_at: Some(Timestamp::UNIX_EPOCH), ..key() };
    let expired = ApiKey { expires_at: Some(at(7)), ..key() };
    for found in [None, Some(revoked), Some(expired)] {
        assert_eq!(rechecked(Ok(found)).await, Err(AccessEnded::UnknownKey));
    }
    let disabled = Account { disabled_at: Some(Timestamp::UNIX_EPOCH), ..account() };
    let (use_case, _) = use_case_of(disabled, Ok(Some(key())), Admission::EveryAccount);
    let answer = use_case.recheck(&secret(), Scope::Read).await;
    assert_eq!(answer, Err(AccessEnded::UnknownKey));
    let lost = ApiKey { scopes: Scopes::parse("import").expect("scopes"), ..key() };
    let missing = AccessEnded::Scope(MissingScope(Scope::Read));
    assert_eq!(rechecked(Ok(Some(lost))).await, Err(missing));
    for kind in [StoreErrorKind::Unavailable, StoreErrorKind::Corrupt, StoreErrorKind::Failed] {
        assert_eq!(rechecked(Err(StoreError::new(kind, "planted"))).await, Ok(()));
    }
}
