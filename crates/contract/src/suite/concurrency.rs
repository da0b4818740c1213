//! What many requests at once must not do: lose a card, or save it twice.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::card::{Expiry, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{DefaultChoice, SaveOutcome, SavedPaymentMethod};
use cardlift_core::ports::{CardVault, Clock, VaultError, VaultScope};
use cardlift_core::use_cases::{ImportCard, ImportCardRequest, ImportFrom};
use futures_util::future::join_all;

use super::Subject;
use super::data::{
    ACCOUNT, at, card, customer_id, default_payment_method, load_customers, payment_method,
};
use super::payment_methods::list;

/// A vault that has every card it is asked for.
struct EveryCard;

#[async_trait]
impl CardVault for EveryCard {
    async fn read(
        &self,
        _scope: &VaultScope,
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
