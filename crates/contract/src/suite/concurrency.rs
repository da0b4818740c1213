//! What many requests at once must not do: lose a card, or save it twice.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::card::{Expiry, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{
    DefaultChoice, PaymentMethod, SaveOutcome, SavedPaymentMethod,
};
use cardlift_core::ports::{
    CardVault, Clock, CustomerRepository, PaymentMethodStore, SaveError, VaultError,
};
use cardlift_core::use_cases::{ImportCard, ImportCardRequest, ImportFrom};
use cardlift_core::vault::VaultAccount;
use futures_util::future::join_all;

use super::Subject;
use super::data::{
    ACCOUNT, at, bare_card, card, customer_id, default_payment_method, load_customers,
    other_account, payment_method,
};
use super::deletion::{delete, key};
use super::payment_methods::{list, save};

/// A vault that has every card it is asked for.
struct EveryCard;

#[async_trait]
impl CardVault for EveryCard {
    async fn read(
        &self,
        _scope: &VaultAccount,
        customer: &ExternalCustomerId,
        id: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        let (external_customer, external_card) = (customer.clone(), id.clone());
        Ok(VaultCard { external_customer, external_card, ..card("any") }.into())
    }
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        at(0)
    }
}

/// Imports these cards for customer 1, all at once, through the use case, each in a task.
async fn import_at_once(
    stores: &Subject,
    cards: impl Iterator<Item = String>,
) -> Vec<SavedPaymentMethod> {
    let import = ImportCard {
        accounts: stores.clone(),
        customers: stores.clone(),
        vault: Arc::new(EveryCard),
        payment_methods: stores.clone(),
        clock: Arc::new(StoppedClock),
    };
    let imports = cards.map(|id| {
        let request = ImportCardRequest {
            account: ACCOUNT,
            from: ImportFrom::OwnAccount,
            customer: customer_id(1),
            external_customer: card("any").external_customer,
            external_card: ExternalCardId::parse(&id).expect("an id"),
            default: DefaultChoice::LeaveAsIs,
        };
        let import = import.clone();
        tokio::spawn(async move { import.run(request).await.expect("imported") })
    });
    join_all(imports).await.into_iter().map(|saved| saved.expect("no panic")).collect()
}

fn distinct_ids(saved: &[SavedPaymentMethod]) -> usize {
    saved.iter().map(|saved| saved.payment_method.id).collect::<HashSet<_>>().len()
}

/// 64 imports of one card: one row, and one of them made it.
pub async fn imports_of_one_card_at_once_make_one_row(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let saved = import_at_once(&stores, (0..64).map(|_| "card_same".to_owned())).await;
    assert_eq!(distinct_ids(&saved), 1);
    let imported = saved.iter().filter(|saved| saved.outcome == SaveOutcome::Imported).count();
    assert_eq!(imported, 1);
    let unchanged = saved.iter().filter(|saved| saved.outcome == SaveOutcome::Unchanged).count();
    assert_eq!(unchanged, 63);
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 1);
}

/// 1,000 imports of as many cards: none is lost.
pub async fn imports_of_different_cards_at_once_make_a_row_each(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let saved = import_at_once(&stores, (0..1_000).map(|index| format!("card_{index}"))).await;
    assert_eq!(distinct_ids(&saved), 1_000);
    assert!(saved.iter().all(|saved| saved.outcome == SaveOutcome::Imported));
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 1_000);
}

/// 64 cards of one customer, each to be the default, half of them twice.
pub async fn defaults_asked_for_at_once_leave_one(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let saves = (0..64).map(|index| {
        let stores = stores.clone();
        let new = default_payment_method(1, card(&format!("d{}", index % 32)));
        tokio::spawn(async move { stores.save(ACCOUNT, &new, at(index)).await.expect("saved") })
    });
    for saved in join_all(saves).await {
        assert!(saved.expect("no panic").payment_method.is_default);
    }
    let listed = list(&stores, ACCOUNT, 1).await;
    assert_eq!(listed.len(), 32);
    assert_eq!(listed.iter().filter(|method| method.is_default).count(), 1);
}

/// Updates of one card race with a default that moves to it.
pub async fn details_that_change_at_once_lose_no_default(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let saves = (0..32).map(|index| {
        let stores = stores.clone();
        let expiry = Expiry::new(1, 2030 + index).expect("an expiry");
        let renewed = VaultCard { expiry, ..card("a") };
        let new = match index {
            7 => default_payment_method(1, renewed),
            _ => payment_method(1, renewed),
        };
        tokio::spawn(async move { stores.save(ACCOUNT, &new, at(index)).await.expect("saved") })
    });
    for saved in join_all(saves).await {
        saved.expect("no panic");
    }
    let listed = list(&stores, ACCOUNT, 1).await;
    assert_eq!(listed.len(), 1);
    assert!(listed[0].is_default);
}

/// What is done together with others is done as it would be alone.
pub async fn saves_of_each_kind_at_once_get_what_is_theirs(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let (other, by) = (other_account(&stores).await.id, key(&stores).await);
    load_customers(&stores, other, 1).await;
    for round in 0..8 {
        for id in ["same", "old", "gone"].map(|id| format!("{id}{round}")) {
            let saved = save(&stores, &payment_method(1, card(&id)), 0).await;
            if id.starts_with("gone") {
                delete(&stores, ACCOUNT, saved.payment_method.id, by).await.expect("deleted");
            }
        }
    }
    let in_round = |round: i64| {
        let of = |id: &str| format!("{id}{round}");
        [
            (ACCOUNT, payment_method(1, card(&of("new"))), Ok(SaveOutcome::Imported)),
            (ACCOUNT, payment_method(1, card(&of("same"))), Ok(SaveOutcome::Unchanged)),
            (ACCOUNT, payment_method(1, bare_card(&of("old"))), Ok(SaveOutcome::Updated)),
            (ACCOUNT, payment_method(1, card(&of("gone"))), Ok(SaveOutcome::Restored)),
            (ACCOUNT, payment_method(9, card(&of("new"))), Err(())),
            (other, payment_method(1, card(&of("new"))), Ok(SaveOutcome::Imported)),
            (ACCOUNT, default_payment_method(1, card(&of("first"))), Ok(SaveOutcome::Imported)),
        ]
    };
    let saves = (0..8).flat_map(in_round).map(|(account, new, expected)| {
        let stores = stores.clone();
        tokio::spawn(async move {
            let saved = stores.save(account, &new, at(7)).await;
            if let Err(SaveError::CustomerMissing) = saved {
                return assert_eq!(Err(()), expected);
            }
            let saved = saved.expect("saved");
            assert_eq!(Ok(saved.outcome), expected, "{new:?}");
            let method = saved.payment_method;
            assert_eq!((method.account, method.customer), (account, new.customer));
            assert_eq!(method.instrument, new.instrument);
            let find = PaymentMethodStore::find(
                stores.as_ref(),
                account,
                method.id,
                method.instrument.kind(),
            );
            let found = find.await.expect("found").expect("there");
            assert_eq!(found, PaymentMethod { is_default: found.is_default, ..method });
        })
    });
    for saved in join_all(saves).await {
        saved.expect("no panic");
    }
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 5 * 8);
    assert_eq!(list(&stores, other, 1).await.len(), 8);
}

/// Known ones, unknown ones, and those of another account.
pub async fn customers_asked_for_at_once_are_those_asked_for(stores: Subject) {
    load_customers(&stores, ACCOUNT, 20).await;
    let other = other_account(&stores).await.id;
    load_customers(&stores, other, 10).await;
    let asked = (1..=30).flat_map(|id| [(ACCOUNT, id, 20), (other, id, 10), (ACCOUNT, id, 20)]);
    let finds = asked.map(|(account, id, known)| {
        let stores = stores.clone();
        tokio::spawn(async move {
            let found = CustomerRepository::find(stores.as_ref(), account, customer_id(id)).await;
            let found = found.expect("asked").map(|customer| (customer.account, customer.id));
            assert_eq!(found, (id <= known).then(|| (account, customer_id(id))));
        })
    });
    for found in join_all(finds).await {
        found.expect("no panic");
    }
}
