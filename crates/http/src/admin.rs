//! The operator's part of the API: accounts, their keys for the vault and their API keys.
//!
//! All of it is for keys of the scope `admin`, which keys of the default account alone can have.

mod account_object;
mod accounts;
mod api_key_object;
mod api_keys;
mod change;
mod vault_key;

use std::sync::Arc;

use cardlift_core::use_cases::{Accounts, ApiKeys, CreateApiKey, VaultKeys};

use crate::endpoint::Endpoint;

/// What sets up accounts and keys.
#[derive(Clone)]
pub struct Admin {
    /// Makes accounts, reads and changes them.
    pub accounts: Accounts,
    /// Gives accounts keys for the vault.
    pub vault_keys: Arc<VaultKeys>,
    /// Makes API keys.
    pub create_key: CreateApiKey,
    /// Lists and revokes API keys.
    pub keys: ApiKeys,
}

/// What is said of the id of an account.
const ACCOUNT_ID: &str = "The account's id.";

/// What the lists are sorted by.
const SORTABLE: &[&str] = &["id"];

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let all = [accounts::endpoints(), vault_key::endpoints(), api_keys::endpoints()];
    all.into_iter().flatten().collect()
}
