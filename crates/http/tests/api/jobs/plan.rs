//! What a job would take.

use std::time::Duration;

use cardlift_core::account::AccountId;
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::VaultError;
use cardlift_core::vault::VaultAccount;
use serde_json::json;

use super::{JOBS, THREE, three, upload_to};
use crate::harness::{Says, World};

#[actix_web::test]
async fn each_way_has_its_calls_and_one_is_chosen() {
    let answer = three().await.ask("GET", &format!("{JOBS}/1/plan")).await;
    assert_eq!(answer.status, 200);
    let expected = json!({
        "rows": 3,
        "vaultCustomers": 2,
        "ways": [
            {"way": "cards", "calls": 3, "seconds": 1},
            {"way": "customers", "calls": 2, "seconds": 1},
            {"way": "scan", "calls": 1, "seconds": 1},
        ],
        "chosen": "scan",
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn the_account_that_the_job_is_of_is_looked_at() {
    let world = World::new().await;
    world.connect().await;
    world.send(upload_to("/v1/paymentMethodImport/stripeConnect/jobs", THREE)).await;
    assert_eq!(world.ask("GET", &format!("{JOBS}/1/plan")).await.status, 200);
    let account = ConnectedAccountId::parse("acct_1").expect("an id");
    let scope = world.vault.scope.lock().expect("no panic").clone();
    assert_eq!(scope, Some(VaultAccount::connected(AccountId::DEFAULT, account)));
}

#[actix_web::test]
async fn a_vault_in_trouble_has_no_plan() {
    let world = three().await;
    world.vault_says(Says::Error(|| VaultError::Throttled { retry_after: Duration::from_secs(3) }));
    let answer = world.ask("GET", &format!("{JOBS}/1/plan")).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("3")));
    assert_eq!(answer.values(), ["The vault takes no more requests. Try again later."]);
}
