//! Accounts and keys, set up over the API.

mod accounts;
mod changes;
mod keys;
mod vault_keys;

use crate::harness::{Answer, World};

pub(crate) const ACCOUNTS: &str = "/admin/accounts";

/// A world in which there is an account 2, too.
async fn with_acme() -> World {
    let world = World::new().await;
    let made = world.tell("POST", ACCOUNTS, "{name:'acme'}").await;
    assert_eq!((made.status.as_u16(), made.json()["id"].as_i64()), (200, Some(2)));
    world
}

#[track_caller]
fn refused(answer: &Answer, status: u16, values: &[&str]) {
    assert_eq!((answer.status.as_u16(), answer.values()), (status, to_owned(values)));
}

fn to_owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
