//! Requests that were sent before.

use cardlift_core::account::AccountId;
use cardlift_core::idempotency::{IdempotencyClaim, IdempotencyKey, RequestDigest};
use cardlift_core::ports::{Clock as _, IdempotencyStore as _};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use super::{Row, Seen, anonymous, see};
use crate::harness::{BODY, World, authorized};

pub(super) async fn idempotency_keys_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let endpoint = match path {
        "/v1/paymentMethodImport/Stripe" | "/v1/achCardImport/Stripe" => "import_card",
        "/v1/customers" if verb == "POST" => "create_customer",
        "/admin/accounts" if verb == "POST" => "create_account",
        _ if path.ends_with("Connect") => "import_connected_card",
        _ => return,
    };
    let other = if endpoint == "create_account" { "{name:'other'}" } else { BODY };
    let world = World::new().await;
    let digest = Sha256::new().chain_update(endpoint).chain_update("\0").chain_update(body);
    let at = world.clock.now();
    let claim = IdempotencyClaim {
        account: AccountId::DEFAULT,
        key: IdempotencyKey::parse("held").expect("a key"),
        request: RequestDigest(digest.finalize().into()),
        at,
        held_until: at + TimeDelta::seconds(60),
    };
    world.stores.claim(&claim).await.expect("granted");
    for (key, body, status, value) in [
        (
            "held",
            body,
            409,
            "A request with this Idempotency-Key is being carried out. Send it again later.",
        ),
        (
            "held",
            other,
            422,
            "This Idempotency-Key was sent before, with another request. Use a new key.",
        ),
        ("é", body, 400, "The header Idempotency-Key must be 1 to 255 visible ASCII characters."),
    ] {
        let request = anonymous(verb, path, body).insert_header(("Idempotency-Key", key));
        let answer = world.send(authorized(request)).await;
        see(seen, verb, path, &answer, status, value);
        assert_eq!(answer.header("retry-after"), (status == 409).then_some("1"));
    }
}
