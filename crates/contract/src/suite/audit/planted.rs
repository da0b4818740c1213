//! What must not be in a trail.

use cardlift_core::api_key::{ApiKeyId, ApiKeySecret, NewApiKey, Scopes};
use cardlift_core::bank_account::VaultBankAccount;
use cardlift_core::card::{Address, HolderName, VaultCard};
use cardlift_core::customer::{CustomerProfile, CustomerRecord, CustomerStatus, TextField};
use cardlift_core::instrument::Instrument;
use cardlift_core::job::{FailureReason, NewJobRow, RowContent, RowTarget};
use cardlift_core::ports::{Finding, Found};
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel};
use cardlift_core::vault::VaultMode;

use super::super::Subject;
use super::super::data::{
    ACCOUNT, at, bank_account, card, customer_id, default_payment_method, payment_method,
};
use super::super::deletion::delete;
use super::super::job_data::{AtWork, row, target};
use super::super::payment_methods::save;
use super::entries;

const SECRET: &str = "sk_live_Planted";

/// A text that must not be told.
fn planted(what: &str) -> String {
    format!("Planted {what}")
}

fn address() -> Address {
    let text = |what| Some(planted(what));
    Address {
        line1: text("line 1"),
        line2: text("line 2"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal code"),
        country: text("country"),
    }
}

fn planted_card(id: &str) -> Instrument {
    VaultCard {
        holder: HolderName::new(&planted("holder")),
        address: address(),
        fingerprint: Some(planted("fingerprint")),
        ..card(id)
    }
    .into()
}

fn planted_account(id: &str) -> Instrument {
    VaultBankAccount {
        holder: HolderName::new(&planted("holder")),
        address: address(),
        bank_name: Some(planted("bank")),
        fingerprint: Some(planted("fingerprint")),
        ..bank_account(id)
    }
    .into()
}

fn planted_profile(number: u8) -> CustomerProfile {
    let mut profile = CustomerProfile::default();
    for TextField { name, get_mut, .. } in CustomerProfile::TEXTS {
        *get_mut(&mut profile) = Some(planted(&format!("{name} {number}")));
    }
    profile
}

/// A key with a name, and a secret of the vault.
async fn plant_secrets(stores: &Subject) -> ApiKeyId {
    let new = NewApiKey {
        account: ACCOUNT,
        label: planted("label"),
        digest: ApiKeySecret::shown(SECRET).digest(),
        scopes: Scopes::default(),
        created_at: at(0),
        expires_at: None,
    };
    let key = stores.add(&new).await.expect("added").id;
    let secret = SealedSecret {
        master_key: MasterKeyId::parse("0123456789abcdef").expect("an id"),
        key: planted("key").into_bytes(),
        secret: SECRET.into(),
    };
    let label = SecretLabel::vault_key(ACCOUNT);
    stores.put_vault_key(ACCOUNT, VaultMode::Test, &secret).await.expect("put");
    stores.remove_sealed(label).await.expect("asked");
    key
}

async fn plant_customers(stores: &Subject) {
    for number in [1, 2] {
        let record = CustomerRecord { id: customer_id(1), profile: planted_profile(number) };
        stores.load(ACCOUNT, &[record], at(0)).await.expect("loaded");
    }
    let status = CustomerStatus::Active;
    let made = stores.create(ACCOUNT, &planted_profile(1), status, at(0)).await.expect("made").id;
    for profile in [planted_profile(2), CustomerProfile::default()] {
        stores.replace(ACCOUNT, made, &profile, status, at(1)).await.expect("replaced");
    }
}

/// A job that brings in what has such texts, and fails with such.
async fn plant_job(stores: &Subject) {
    let named = |row: NewJobRow| {
        let content = RowContent::Target(RowTarget {
            customer_as_given: planted("customer"),
            ..target(&row).clone()
        });
        NewJobRow { content, ..row }
    };
    let problem = planted("problem");
    let content = RowContent::Invalid { field: Some(planted("field")), problem };
    let rows = [named(row(1, "j", 1)), named(row(2, "k", 1)), NewJobRow { line: 3, content }];
    let worker = AtWork::on(stores, &rows).await;
    let finding =
        |row: &NewJobRow, found| Finding { line: row.line, target: target(row).clone(), found };
    let instruments = vec![planted_card("j"), planted_account("j")];
    let (reason, detail) = (FailureReason::CardNotFound, planted("detail"));
    let findings = vec![
        finding(&rows[0], Found::Instruments(instruments)),
        finding(&rows[1], Found::Nothing { reason, detail }),
    ];
    worker.settle(findings).await;
    let worker = worker.undo().await;
    stores.undo(&worker.lease, None, 10, at(130)).await.expect("undone");
}

/// Whatever is planted in people's names and addresses, in the names of keys and in secrets.
pub async fn nothing_secret_or_personal_is_told(stores: Subject) {
    let key = plant_secrets(&stores).await;
    plant_customers(&stores).await;
    for instrument in [planted_card("a"), planted_account("a"), planted_card("b")] {
        save(&stores, &default_payment_method(1, instrument), 1).await;
    }
    save(&stores, &payment_method(1, card("a")), 2).await;
    let saved = save(&stores, &payment_method(1, planted_card("a")), 3).await.payment_method;
    delete(&stores, ACCOUNT, saved.id, key).await.expect("deleted");
    save(&stores, &payment_method(1, planted_card("a")), 8).await;
    stores.make_default(ACCOUNT, saved.id, None, at(9)).await.expect("asked").expect("moved");
    plant_job(&stores).await;
    stores.revoke(ACCOUNT, key, at(9)).await.expect("asked").expect("a key");
    let told = entries(&stores, ACCOUNT).await;
    for action in [
        "vault_key.set",
        "vault_key.removed",
        "api_key.created",
        "api_key.revoked",
        "customer.created",
        "customer.changed",
        "customers.loaded",
        "payment_method.imported",
        "payment_method.updated",
        "payment_method.restored",
        "payment_method.deleted",
        "payment_method.default_changed",
        "job.created",
        "job.changed",
    ] {
        let named = format!(r#"{{"action":"{action}","#);
        assert!(told.iter().any(|entry| entry.item.starts_with(&named)), "{action}");
    }
    for entry in told {
        let item = entry.item.to_lowercase();
        assert!(!item.contains("planted") && !item.contains("sk_live"), "{}", entry.item);
    }
}
