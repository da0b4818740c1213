use mockall::predicate::eq;

use super::*;
use crate::Timestamp;
use crate::api_key::ApiKeyId;
use crate::ports::{MockAccountRepository, MockSealedSecretStore};
use crate::sealed::{MasterKeyId, SealedSecret};

#[derive(Default)]
struct Mocks {
    accounts: MockAccountRepository,
    secrets: MockSealedSecretStore,
}

impl Mocks {
    /// With a key for the vault, or without one, of this account.
    fn with_key(mut self, id: AccountId, there: bool) -> Self {
        let found = there.then(|| SealedSecret {
            master_key: MasterKeyId::parse("0123456789abcdef").expect("an id"),
            key: vec![1],
            secret: vec![2],
        });
        let sealed = self.secrets.expect_sealed().with(eq(SecretLabel::vault_key(id)));
        sealed.once().return_once(|_| Ok(found));
        self
    }

    fn use_cases(self) -> Accounts {
        Accounts { accounts: Arc::new(self.accounts), secrets: Arc::new(self.secrets) }
    }
}

fn id(id: i64) -> AccountId {
    AccountId::try_from(id).expect("an id")
}

fn name() -> AccountName {
    AccountName::parse("acme").expect("a name")
}

fn account(of: i64) -> Account {
    Account::new(id(of), name())
}

fn caller() -> Operator {
    Operator::Key(ApiKeyId::try_from(1).expect("an id"))
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let mut mocks = Mocks::default();
    mocks.accounts.expect_create_account().with(eq(name())).once().return_once(|_| Ok(None));
    let error = mocks.use_cases().create(&name()).await.expect_err("taken");
    assert_eq!(error.to_string(), "There is an account named acme already.");
}

#[tokio::test]
async fn it_is_told_whether_an_account_has_a_key() {
    for there in [true, false] {
        let mut mocks = Mocks::default().with_key(id(2), there);
        mocks.accounts.expect_get().with(eq(id(2))).return_once(|_| Ok(Some(account(2))));
        let found = mocks.use_cases().find(id(2)).await.expect("found");
        assert_eq!(found, AccountDetails { account: account(2), has_vault_key: there });
    }
}

#[tokio::test]
async fn who_has_a_key_is_asked_once_for_all_of_a_page() {
    let mut mocks = Mocks::default();
    let page = Page { items: vec![account(1), account(2), account(3)], total: 9 };
    let list = mocks.accounts.expect_list_accounts().once();
    list.with(eq(SortOrder::Descending), eq(PageRequest::default())).return_once(|_, _| Ok(page));
    let ask = mocks.secrets.expect_sealed_for().once();
    ask.withf(|name, ids| *name == SecretName::VaultKey && ids == [id(1), id(2), id(3)])
        .return_once(|_, _| Ok(vec![id(3), id(1)]));
    let listed = mocks.use_cases().list(SortOrder::Descending, PageRequest::default()).await;
    let listed = listed.expect("listed");
    let with_key: Vec<_> = listed.items.iter().map(|details| details.has_vault_key).collect();
    assert_eq!((with_key, listed.total), (vec![true, false, true], 9));
}

#[tokio::test]
async fn all_changes_are_made_at_once() {
    let changes = [AccountChange::LimitDay(None), AccountChange::Disable(Timestamp::UNIX_EPOCH)];
    let expected = changes.clone();
    let mut mocks = Mocks::default().with_key(id(2), false);
    let change = mocks.accounts.expect_change_account().once();
    change.withf(move |of, changes| *of == id(2) && changes == expected).return_once(|_, _| {
        let mut account = account(2);
        account.limits.per_day = None;
        Ok(Some(account))
    });
    let set = mocks.use_cases().change(caller(), id(2), &changes).await.expect("changed");
    assert_eq!(set.account.limits.per_day, None);
}

#[tokio::test]
async fn nobody_shuts_the_default_account_with_a_key_of_it() {
    let shut = [AccountChange::LimitDay(None), AccountChange::Disable(Timestamp::UNIX_EPOCH)];
    let error = Mocks::default().use_cases().change(caller(), AccountId::DEFAULT, &shut).await;
    assert!(matches!(error, Err(AccountError::OwnAccount)), "{error:?}");
    for (by, changes) in [(caller(), &shut[..1]), (Operator::Console, &shut[..])] {
        let mut mocks = Mocks::default().with_key(AccountId::DEFAULT, false);
        let change = mocks.accounts.expect_change_account().once();
        change.return_once(|_, _| Ok(Some(account(1))));
        mocks.use_cases().change(by, AccountId::DEFAULT, changes).await.expect("changed");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let mut mocks = Mocks::default();
    mocks.accounts.expect_get().times(2).returning(|_| Ok(None));
    mocks.accounts.expect_change_account().once().return_once(|_, _| Ok(None));
    let accounts = mocks.use_cases();
    let found = [
        accounts.find(id(9)).await,
        accounts.remove_vault_key(id(9)).await,
        accounts.change(caller(), id(9), &[]).await,
    ];
    for error in found {
        assert_eq!(error.expect_err("none").to_string(), "Account with id 9 not found.");
    }
}

#[tokio::test]
async fn a_key_that_is_not_there_can_not_be_taken_away() {
    for there in [true, false] {
        let mut mocks = Mocks::default();
        mocks.accounts.expect_get().return_once(|_| Ok(Some(account(2))));
        let remove = mocks.secrets.expect_remove_sealed().once();
        remove.with(eq(SecretLabel::vault_key(id(2)))).return_once(move |_| Ok(there));
        let removed = mocks.use_cases().remove_vault_key(id(2)).await;
        let told = removed.map(|details| details.has_vault_key).map_err(|error| error.to_string());
        let none = "Account acme has no Stripe key of its own.".to_owned();
        assert_eq!(told, if there { Ok(false) } else { Err(none) });
    }
}
