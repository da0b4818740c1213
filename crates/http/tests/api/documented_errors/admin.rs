//! The errors of the operator's operations.

use super::{Row, Seen, see};
use crate::admin::ACCOUNTS;
use crate::harness::World;

const NEW: &str = "{name:'acme'}";
const CHANGE: &str = "{ratePerDay:5}";
const VAULT_KEY: &str = "{key:'sk_test_1'}";
const NEW_KEY: &str = "{label:'ci'}";
const NO_ACCOUNT: &str = "Account with id 9 not found.";
const NO_KEY: &str = "API key with id 9 not found.";

pub(super) const KEYED: &[Row] = &[
    ("GET", "/admin/accounts", "", None),
    ("POST", "/admin/accounts", NEW, None),
    ("GET", "/admin/accounts/{id}", "", Some(NO_ACCOUNT)),
    ("PATCH", "/admin/accounts/{id}", CHANGE, Some(NO_ACCOUNT)),
    ("PUT", "/admin/accounts/{id}/vaultKey", VAULT_KEY, Some(NO_ACCOUNT)),
    ("DELETE", "/admin/accounts/{id}/vaultKey", "", Some(NO_ACCOUNT)),
    ("GET", "/admin/accounts/{id}/keys", "", Some(NO_ACCOUNT)),
    ("POST", "/admin/accounts/{id}/keys", NEW_KEY, Some(NO_ACCOUNT)),
    ("DELETE", "/admin/accounts/{id}/keys/{keyId}", "", Some(NO_KEY)),
];

pub(super) async fn what_is_there_may_not_allow_it(seen: &mut Seen) {
    let world = World::new().await;
    world.tell("PUT", &format!("{ACCOUNTS}/1/vaultKey"), VAULT_KEY).await;
    world.imported("card_1").await;
    for (verb, path, body, value) in [
        (
            "PATCH",
            "/admin/accounts/{id}",
            "{disabled:true}",
            "The account of this API key can't be disabled with it: that would let in nobody who \
             could enable it. The command `cardlift account disable` does it.",
        ),
        (
            "PUT",
            "/admin/accounts/{id}/vaultKey",
            "{key:'sk_live_1'}",
            "The key is for live mode, and the account has cards or jobs of test mode, which it \
             can't read: make an account of its own for live mode.",
        ),
        (
            "DELETE",
            "/admin/accounts/{id}/keys/{keyId}",
            "",
            "This API key can't be revoked with itself: use another key for it, or the command \
             `cardlift key revoke`.",
        ),
    ] {
        let answer = world.tell(verb, &super::filled(path, "1"), body).await;
        see(seen, verb, path, &answer, 409, value);
    }
}
