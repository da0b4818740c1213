//! What is changed at the same time, and together.

use std::collections::{BTreeMap, BTreeSet};

use cardlift_core::audit::AuditEntry;
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::SaveError;
use futures_util::future::join_all;

use super::super::Subject;
use super::super::data::{
    ACCOUNT, at, card, default_payment_method, load_customers, other_account, payment_method,
};
use super::super::job_data::renewed;
use super::{caller, entries};

/// The entries of payment methods.
async fn told(stores: &Subject) -> Vec<AuditEntry> {
    let all = entries(stores, ACCOUNT).await.into_iter();
    all.filter(|entry| entry.item.contains(r#""action":"payment_method."#)).collect()
}

/// Each is told of as its own caller's, in its own request, once; those that are refused on the way are
/// not.
pub async fn what_is_imported_at_once_is_told_of_as_each_callers_own(stores: Subject) {
    load_customers(&stores, ACCOUNT, 40).await;
    let saves = (1..=60).map(|number| {
        let stores = stores.clone();
        let card = card(&format!("c{number}"));
        // Customers from 41 on are not there.
        let new = match number % 3 {
            0 => default_payment_method(number, card),
            _ => payment_method(number, card),
        };
        tokio::spawn(caller(number).does(async move {
            let saved = stores.save(ACCOUNT, &new, at(number)).await;
            let is_missing = matches!(saved, Err(SaveError::CustomerMissing));
            assert_eq!(is_missing, number > 40, "{saved:?}");
            saved.ok().map(|saved| (saved.payment_method.id.get(), number))
        }))
    });
    let done = join_all(saves).await.into_iter().filter_map(|done| done.expect("no panic"));
    let numbers: BTreeMap<i64, i64> = done.collect();
    assert_eq!(numbers.len(), 40);
    let mut imported = BTreeMap::new();
    let mut moved = BTreeMap::new();
    for entry in told(&stores).await {
        let number = numbers[&entry.subject];
        let by = format!(
            r#","by":{{"key":{number},"account":1}},"request":"request-{number}","after":{{"customerId":{number},"#
        );
        assert!(entry.item.contains(&by), "{} of {number}", entry.item);
        let told = if entry.item.starts_with(r#"{"action":"payment_method.imported","#) {
            &mut imported
        } else {
            assert!(entry.item.starts_with(r#"{"action":"payment_method.default_changed","#));
            &mut moved
        };
        assert_eq!(told.insert(entry.subject, number), None, "{entry:?} is told of twice");
    }
    assert_eq!(imported, numbers);
    let defaults = numbers.into_iter().filter(|(_, number)| number % 3 == 0);
    assert_eq!(moved, defaults.collect());
}

/// Of those who import one card at once, whoever changes something is told of, and nobody else.
pub async fn one_card_that_is_imported_at_once_is_told_of_once(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let saves = (1..=40).map(|number| {
        let stores = stores.clone();
        let new = payment_method(1, if number % 2 == 0 { card("a") } else { renewed("a") });
        tokio::spawn(caller(number).does(async move {
            (number, stores.save(ACCOUNT, &new, at(number)).await.expect("saved").outcome)
        }))
    });
    let mut expected: Vec<String> = Vec::new();
    for done in join_all(saves).await {
        let (number, outcome) = done.expect("no panic");
        let action = match outcome {
            SaveOutcome::Imported => "imported",
            SaveOutcome::Updated => "updated",
            SaveOutcome::Restored => "restored",
            SaveOutcome::Unchanged => continue,
        };
        let by = format!(r#""by":{{"key":{number},"account":1}},"request":"request-{number}""#);
        expected.push(format!(r#"{{"action":"payment_method.{action}",{by},"#));
    }
    let told = told(&stores).await;
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for expected in expected {
        let found = told.iter().filter(|entry| entry.item.starts_with(&expected)).count();
        assert_eq!(found, 1, "{expected}");
    }
}

/// Each account is told of its own, also of what was committed together.
pub async fn what_accounts_import_at_once_is_told_to_each(stores: Subject) {
    let other = other_account(&stores).await.id;
    for account in [ACCOUNT, other] {
        load_customers(&stores, account, 20).await;
    }
    let saves = (1..=20).flat_map(|number| {
        [ACCOUNT, other].map(|account| {
            let stores = stores.clone();
            let new = payment_method(number, card("a"));
            tokio::spawn(async move {
                let saved = stores.save(account, &new, at(number)).await.expect("saved");
                (account, saved.payment_method.id.get())
            })
        })
    });
    let mut ids = Vec::new();
    for done in join_all(saves).await {
        ids.push(done.expect("no panic"));
    }
    for account in [ACCOUNT, other] {
        let told = entries(&stores, account).await.into_iter();
        let told = told.filter(|entry| entry.item.contains("payment_method.imported"));
        let mut told: Vec<i64> = told.map(|entry| entry.subject).collect();
        let own = ids.iter().filter(|(of, _)| *of == account);
        let mut own: Vec<i64> = own.map(|(_, id)| *id).collect();
        told.sort_unstable();
        own.sort_unstable();
        assert_eq!(told, own);
    }
}

/// What is there already is told of by nobody, among what is new: each entry names what its own caller
/// brought.
pub async fn what_is_there_is_not_told_of_among_what_is_new(stores: Subject) {
    load_customers(&stores, ACCOUNT, 60).await;
    let new = |number: i64| payment_method(number, card(&format!("c{number}")));
    for number in (1..=60).filter(|number| number % 4 == 0) {
        stores.save(ACCOUNT, &new(number), at(0)).await.expect("saved");
    }
    let last = entries(&stores, ACCOUNT).await.last().map(|entry| entry.batch);
    let calls = (1..=60).map(|number| {
        let (stores, new) = (stores.clone(), new(number));
        tokio::spawn(caller(number).does(async move {
            let saved = stores.save(ACCOUNT, &new, at(1)).await.expect("saved");
            (saved.payment_method.id.get(), number)
        }))
    });
    let saved = join_all(calls).await.into_iter().map(|saved| saved.expect("no panic"));
    let saved: BTreeMap<i64, i64> = saved.filter(|(_, number)| number % 4 != 0).collect();
    let told = entries(&stores, ACCOUNT).await.into_iter();
    let told: Vec<_> = told.filter(|entry| Some(entry.batch) > last).collect();
    for entry in &told {
        let number = saved[&entry.subject];
        let own = format!(r#""request":"request-{number}","after":{{"customerId":{number},"#);
        assert!(entry.item.contains(&own), "{} of {number}", entry.item);
    }
    let subjects = told.iter().map(|entry| entry.subject).collect::<BTreeSet<_>>();
    assert_eq!(told.len(), saved.len());
    assert_eq!(subjects, saved.into_keys().collect());
}
