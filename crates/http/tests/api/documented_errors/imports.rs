//! The vault's errors.

use cardlift_core::ports::VaultError;

use super::{IMPORT, Row, Seen, anonymous, see};
use crate::harness::{BODY, Says, World, authorized};

pub(super) async fn a_vault_that_refuses_us_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    if body != IMPORT {
        return;
    }
    let world = World::new().await;
    if path.ends_with("Connect") {
        let answer = world.send(authorized(anonymous(verb, path, BODY))).await;
        let value = "This account has no connected Stripe account: its operator has to set one.";
        see(seen, verb, path, &answer, 400, value);
    }
    world.connect().await;
    world.vault_says(Says::Error(|| VaultError::CredentialsRefused));
    let answer = world.send(authorized(anonymous(verb, path, BODY))).await;
    let value = "The vault refuses the credentials of this server. Its operator has to see to it.";
    see(seen, verb, path, &answer, 502, value);
}
