//! Cases of `AccountRepository`.

use std::collections::HashSet;

use cardlift_core::account::{Account, AccountChange, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::ports::ModeBinding;
use cardlift_core::vault::VaultMode;
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, card, load_customers, other_account, payment_method};
use super::deletion::{delete, key};
use super::job_data::options;
use super::payment_methods::save;

fn name(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

/// Nobody has to make an account before the first key.
pub async fn the_default_account_exists_from_the_start(stores: Subject) {
    let found = stores.find_by_name(&name("default")).await.expect("found");
    assert_eq!(found.map(|account| account.id), Some(AccountId::DEFAULT));
}

/// Replicas that start together end up with one account.
pub async fn ensuring_one_name_at_once_gives_one_account(stores: Subject) {
    let name = name("demo");
    let ensured = join_all((0..16).map(|_| stores.ensure(&name))).await;
    let ids: HashSet<_> = ensured.into_iter().map(|account| account.expect("made").id).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(!ids.contains(&AccountId::DEFAULT));
    let found = stores.find_by_name(&name).await.expect("found").expect("an account");
    assert!(ids.contains(&found.id));
    assert_eq!(found.name, name);
}

/// An account that nobody made is not there.
pub async fn an_unknown_name_is_no_account(stores: Subject) {
    assert_eq!(stores.find_by_name(&name("nobody")).await.expect("asked"), None);
}

/// Of those who make one at once, one does; the others are told that the name is taken.
pub async fn an_account_is_made_once(stores: Subject) {
    let name = name("acme");
    let created = join_all((0..8).map(|_| stores.create_account(&name))).await;
    let made: Vec<_> = created.into_iter().filter_map(|made| made.expect("asked")).collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(made[0], Account::new(made[0].id, name.clone()));
    assert_eq!(stores.find_by_name(&name).await.expect("asked").as_ref(), Some(&made[0]));
}

/// The oldest comes first, or last, whatever it is called.
pub async fn accounts_are_listed_in_the_order_they_were_made(stores: Subject) {
    for made in ["c", "a", "b"] {
        stores.create_account(&name(made)).await.expect("asked").expect("made");
    }
    for (order, expected) in [
        (SortOrder::Ascending, ["default", "c", "a", "b"]),
        (SortOrder::Descending, ["b", "a", "c", "default"]),
    ] {
        let mut names = Vec::new();
        for number in 0..3 {
            let page = PageRequest::new(number, 2).expect("a page");
            let page = stores.list_accounts(order, page).await.expect("asked");
            assert_eq!(page.total, 4);
            names.extend(page.items.into_iter().map(|account| account.name.to_string()));
        }
        assert_eq!(names, expected);
    }
}

/// Makes changes in an account other than the default one, twice, and says what it is then.
async fn changed(stores: &Subject, changes: &[AccountChange]) -> Account {
    let other = stores.ensure(&name("other")).await.expect("made");
    let set = stores.change_account(other.id, changes).await.expect("changed");
    let set = set.expect("an account");
    let again = stores.change_account(other.id, changes).await.expect("changed");
    assert_eq!(again.as_ref(), Some(&set), "again it changes nothing");
    let mut expected = other;
    AccountChange::apply_all(changes, &mut expected);
    assert_eq!(set, expected, "nothing else is changed");
    assert_eq!(stores.get(set.id).await.expect("asked").as_ref(), Some(&set));
    assert_eq!(stores.find_by_name(&set.name).await.expect("asked").as_ref(), Some(&set));
    assert_eq!(stores.ensure(&set.name).await.expect("there"), set);
    let first = stores.get(AccountId::DEFAULT).await.expect("asked").expect("an account");
    assert_eq!(first, Account::new(AccountId::DEFAULT, name("default")), "another's stays");
    let nobody = AccountId::try_from(999).expect("an id");
    assert_eq!(stores.change_account(nobody, changes).await.expect("asked"), None);
    assert_eq!(stores.get(nobody).await.expect("asked"), None);
    set
}

/// Which connected account an account reads is its own matter.
pub async fn a_connected_account_is_set_and_taken_away(stores: Subject) {
    let connected = ConnectedAccountId::parse("acct_1").expect("an id");
    let set = changed(&stores, &[AccountChange::Connect(Some(connected.clone()))]).await;
    assert_eq!(set.connected_account, Some(connected));
    assert_eq!(changed(&stores, &[AccountChange::Connect(None)]).await.connected_account, None);
}

/// How much a key may do is a matter of its account. Unless told otherwise, it is as documented.
pub async fn limits_are_set_and_taken_away(stores: Subject) {
    let other = stores.ensure(&name("other")).await.expect("made");
    assert_eq!(other.limits, RateLimits::default());
    let limits = RateLimits { per_minute: Some(u32::MAX), per_day: None };
    assert_eq!(changed(&stores, &AccountChange::limits(limits)).await.limits, limits);
    for (change, limits) in [
        (AccountChange::LimitDay(Some(7)), RateLimits { per_day: Some(7), ..limits }),
        (AccountChange::LimitMinute(None), RateLimits { per_minute: None, per_day: Some(7) }),
    ] {
        assert_eq!(changed(&stores, &[change]).await.limits, limits, "the other stays");
    }
}

/// So is what an import makes of a customer's default.
pub async fn what_becomes_of_a_default_is_chosen(stores: Subject) {
    for choice in [DefaultChoice::MakeDefault, DefaultChoice::LeaveAsIs] {
        let set = changed(&stores, &[AccountChange::ChooseDefault(choice)]).await;
        assert_eq!(set.default_choice, choice);
    }
}

/// The time is that of the first who did it.
pub async fn an_account_is_disabled_and_enabled(stores: Subject) {
    for (change, expected) in [
        (AccountChange::Disable(at(7)), Some(at(7))),
        (AccountChange::Disable(at(8)), Some(at(7))),
        (AccountChange::Enable, None),
    ] {
        assert_eq!(changed(&stores, &[change]).await.disabled_at, expected);
    }
}

/// In their order, and nobody sees one without the others. Without any it is as it was.
pub async fn changes_of_one_account_are_made_together(stores: Subject) {
    let first = [
        AccountChange::Connect(ConnectedAccountId::parse("acct_1").ok()),
        AccountChange::LimitMinute(Some(5)),
        AccountChange::ChooseDefault(DefaultChoice::MakeDefault),
    ];
    let set = changed(&stores, &first).await;
    assert_eq!((set.limits.per_minute, set.default_choice), (Some(5), DefaultChoice::MakeDefault));
    assert_eq!(changed(&stores, &[]).await, set);
    let later = [
        AccountChange::Disable(at(7)),
        AccountChange::Enable,
        AccountChange::LimitMinute(Some(6)),
        AccountChange::LimitMinute(Some(7)),
    ];
    let set = changed(&stores, &later).await;
    assert_eq!((set.disabled_at, set.limits.per_minute), (None, Some(7)));
    let pair = |limit| AccountChange::limits(RateLimits { per_minute: limit, per_day: limit });
    let (one, other) = (pair(Some(1)), pair(Some(2)));
    let race = join_all((0..16).map(|turn| {
        let changes = if turn % 2 == 0 { &one } else { &other };
        stores.change_account(set.id, changes)
    }));
    for done in race.await {
        let limits = done.expect("changed").expect("an account").limits;
        assert_eq!(limits.per_minute, limits.per_day);
    }
}

/// Changes of different things at once are all made.
pub async fn changes_at_once_lose_nothing(stores: Subject) {
    let id = stores.ensure(&name("other")).await.expect("made").id;
    let limits = RateLimits { per_minute: Some(5), per_day: Some(6) };
    let changes = [
        AccountChange::Connect(ConnectedAccountId::parse("acct_1").ok()),
        AccountChange::LimitMinute(limits.per_minute),
        AccountChange::LimitDay(limits.per_day),
        AccountChange::ChooseDefault(DefaultChoice::MakeDefault),
        AccountChange::Disable(at(7)),
    ];
    let each = changes.chunks(1).map(|change| stores.change_account(id, change));
    for done in join_all(each).await {
        done.expect("changed").expect("an account");
    }
    let mut expected = Account::new(id, name("other"));
    AccountChange::apply_all(&changes, &mut expected);
    assert_eq!(stores.get(id).await.expect("asked"), Some(expected));
}

async fn bind(stores: &Subject, id: AccountId, mode: VaultMode) -> Result<(), Option<VaultMode>> {
    match stores.bind_mode(id, mode).await.expect("asked") {
        ModeBinding::Bound(account) => {
            assert_eq!((account.id, account.mode), (id, Some(mode)));
            assert_eq!(stores.get(id).await.expect("asked"), Some(account));
            Ok(())
        }
        ModeBinding::OtherMode(bound) => {
            let account = stores.get(id).await.expect("asked").expect("an account");
            assert_eq!(account.mode, Some(bound));
            Err(Some(bound))
        }
        ModeBinding::NoAccount => Err(None),
    }
}

/// As long as there is nothing in it, an account may be of either.
pub async fn an_empty_account_is_bound_to_either_mode(stores: Subject) {
    let id = stores.ensure(&name("other")).await.expect("made").id;
    for mode in [VaultMode::Test, VaultMode::Test, VaultMode::Live] {
        assert_eq!(bind(&stores, id, mode).await, Ok(()));
    }
    let nobody = AccountId::try_from(999).expect("an id");
    assert_eq!(bind(&stores, nobody, VaultMode::Live).await, Err(None));
}

/// Even where the payment method was deleted, since it can come back.
pub async fn an_account_with_payment_methods_keeps_its_mode(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Test).await, Ok(()));
    let saved = save(&stores, &payment_method(1, card("a")), 1).await.payment_method;
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Live).await, Err(Some(VaultMode::Test)));
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Test).await, Ok(()));
    let by = key(&stores).await;
    delete(&stores, ACCOUNT, saved.id, by).await.expect("deleted");
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Live).await, Err(Some(VaultMode::Test)));
    let other = other_account(&stores).await.id;
    assert_eq!(bind(&stores, other, VaultMode::Live).await, Ok(()), "another's may be another");
}

/// A job will read the vault.
pub async fn an_account_with_a_job_keeps_its_mode(stores: Subject) {
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Live).await, Ok(()));
    stores.create_job(ACCOUNT, &options(), at(1)).await.expect("made");
    assert_eq!(bind(&stores, ACCOUNT, VaultMode::Test).await, Err(Some(VaultMode::Live)));
}
