//! Keys of Stripe's, and of ours, that come and go over the API.

use reqwest::Method;

use super::VAULT_KEY;
use super::place::{Place, Sent};

/// An account gets a key for the vault, and a key of ours; both are told to nobody else.
pub(crate) async fn are_set_up(place: &mut Place) {
    let json = "application/json";
    let path = "/admin/accounts/2/vaultKey";
    let name = "planted-idempotency-e";
    let made = Sent::new(Method::POST, "/admin/accounts").body(json, "{name:'acme'}");
    asked(place, &made.header("Idempotency-Key", name), 200).await;
    for (body, status) in [
        (format!("{{key:'{VAULT_KEY}'}}"), 200),
        (format!("{{key:'pk_{VAULT_KEY}'}}"), 400),
        (format!("{{key:'{VAULT_KEY}',more:1}}"), 400),
        (format!("{{'{VAULT_KEY}':1}}"), 400),
        (format!("{{key:{VAULT_KEY}}}"), 400),
    ] {
        asked(place, &Sent::new(Method::PUT, path).body(json, body), status).await;
    }
    let keys = "/admin/accounts/2/keys";
    // It is kept nowhere, so that the key is in no reply that is kept.
    let made = Sent::new(Method::POST, keys).body(json, "{label:'billing'}");
    place.issue(&made.header("Idempotency-Key", name)).await;
    for (verb, path) in [(Method::GET, keys), (Method::GET, "/admin/accounts")] {
        asked(place, &Sent::new(verb, path), 200).await;
    }
}

async fn asked(place: &mut Place, sent: &Sent, status: u16) {
    let (answered, text) = place.ask(sent).await;
    assert_eq!(answered, status, "{sent:?}: {text}");
}
