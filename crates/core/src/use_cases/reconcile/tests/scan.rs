//! The whole of the vault's account, where it changes meanwhile too.

use super::*;

#[tokio::test]
async fn many_customers_are_scanned_and_those_that_are_not_listed_are_asked_for() {
    let name = |number: i64| format!("cus_{number}");
    let rows = |number: i64| row(number.unsigned_abs() + 1, number, &name(number), "card_1", 0);
    let there = (1..=300).map(|number| theirs(&name(number), &[])).collect();
    let reconcile = reconcile((1..=301).map(rows).collect(), Vec::new(), there);
    let (compared, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!((compared.compared, differences.len()), (301, 0));
}

#[tokio::test]
async fn a_customer_that_is_deleted_while_the_vault_is_scanned_ends_nothing() {
    let name = |number: u64| format!("cus_{number}");
    let rows = |number: u64| row(number, 1, &name(number), "card_1", 0);
    let mut reconcile = reconcile((1..=300).map(rows).collect(), Vec::new(), Vec::new());
    let mut catalog = MockVaultCatalog::new();
    let page = move |numbers: std::ops::Range<u64>, more| {
        Ok(VaultPage { items: numbers.map(|number| theirs(&name(number), &[])).collect(), more })
    };
    // The whole fits a page for whoever asks how large it is; then the last of the first is gone.
    let mut calls = 0;
    catalog.expect_customers().returning(move |_, range| {
        calls += 1;
        match calls {
            1 => page(1..101, false),
            2 => page(1..201, true),
            3 => {
                assert_eq!(range.after.map(ExternalCustomerId::as_str), Some("cus_200"));
                Err(VaultError::CustomerNotFound { message: "No such customer".into() })
            }
            4 => {
                assert_eq!((range.to, range.after), (Some(1), None));
                page(150..301, false)
            }
            _ => panic!("{range:?}"),
        }
    });
    reconcile.catalog = Arc::new(catalog);
    let (compared, _) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!(compared.compared, 300);
}

#[tokio::test]
async fn a_customer_that_is_deleted_before_its_cards_are_listed_is_gone() {
    let mut reconcile =
        reconcile(vec![row(2, 1, "cus_1", "", 0)], Vec::new(), vec![theirs("cus_1", &[])]);
    let mut catalog = MockVaultCatalog::new();
    catalog.expect_customer().returning(|_, _| Ok(theirs("cus_1", &[])));
    catalog.expect_holdings().returning(|_, _, _, _| {
        Err(VaultError::CustomerNotFound { message: "No such customer".into() })
    });
    reconcile.catalog = Arc::new(catalog);
    let (compared, differences) = found(&reconcile, CardChoice::All).await;
    assert_eq!((compared.compared, differences), (1, Vec::new()));
}
