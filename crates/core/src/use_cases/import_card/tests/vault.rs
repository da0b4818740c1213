//! What is asked of the vault, and what becomes of its answers.

use std::time::Duration;

use super::*;

/// Whatever the vault says, it reaches the caller as it is and nothing is saved.
async fn check_vault_error(error: VaultError, expected: &str) {
    let mocks = Mocks::default().customer_exists().vault_answers(Err(error));
    let error = mocks.run(request()).await.expect_err("the vault failed");
    assert!(matches!(error, ImportCardError::Vault(_)), "{error:?}");
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_missing_card_is_reported_in_the_vaults_words() {
    let message = "No such source: card_1".to_owned();
    check_vault_error(VaultError::CardNotFound { message }, "No such source: card_1").await;
}

#[tokio::test]
async fn a_missing_vault_customer_is_reported_in_the_vaults_words() {
    let message = "No such customer: cus_1".to_owned();
    check_vault_error(VaultError::CustomerNotFound { message }, "No such customer: cus_1").await;
}

#[tokio::test]
async fn what_nobody_can_pay_with_is_not_saved() {
    let error = VaultError::OtherObject { object: "source".into() };
    let expected = "the vault holds a source under this id, which is no card and no bank account";
    check_vault_error(error, expected).await;
}

#[tokio::test]
async fn a_throttling_vault_is_reported_with_its_delay() {
    let retry_after = Duration::from_secs(2);
    let error = VaultError::Throttled { retry_after };
    let mocks = Mocks::default().customer_exists().vault_answers(Err(error));
    let error = mocks.run(request()).await.expect_err("throttled");
    let ImportCardError::Vault(VaultError::Throttled { retry_after: delay }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(delay, retry_after);
}

#[tokio::test]
async fn refused_credentials_are_reported() {
    check_vault_error(VaultError::CredentialsRefused, "the vault refuses our credentials").await;
}

#[tokio::test]
async fn a_vault_out_of_reach_is_reported() {
    let error =
        VaultError::Unavailable { retry_after: Duration::from_secs(1), source: "reset".into() };
    check_vault_error(error, "the vault is out of reach").await;
}

#[tokio::test]
async fn an_unreadable_answer_is_not_saved() {
    let error = VaultError::Unreadable { source: "cut off".into() };
    check_vault_error(error, "the vault's answer can't be understood").await;
}

#[tokio::test]
async fn the_connected_account_is_the_one_that_is_set() {
    let connected = ConnectedAccountId::parse("acct_1").expect("an id");
    let mocks = Mocks::default()
        .customer_exists()
        .connected_to(Some(connected.clone()))
        .vault_answers_in(VaultAccount::connected(AccountId::DEFAULT, connected), Ok(card()))
        .store_answers(
            new_payment_method(DefaultChoice::LeaveAsIs),
            Ok(saved(SaveOutcome::Imported, DefaultChoice::LeaveAsIs)),
        );
    let from = ImportFrom::ConnectedAccount;
    mocks.run(ImportCardRequest { from, ..request() }).await.expect("imported");
}

#[tokio::test]
async fn without_a_connected_account_the_vault_is_not_asked() {
    let mocks = Mocks::default().customer_exists().connected_to(None);
    let from = ImportFrom::ConnectedAccount;
    let error = mocks.run(ImportCardRequest { from, ..request() }).await.expect_err("not set");
    assert!(matches!(error, ImportCardError::NotConnected), "{error:?}");
}
