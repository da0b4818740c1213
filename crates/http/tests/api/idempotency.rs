//! `Idempotency-Key`.

use std::time::Duration;

use actix_web::test::TestRequest;
use cardlift_core::ports::VaultError;
use rstest::rstest;

use crate::harness::{BODY, Says, World, import};

const HOUR: Duration = Duration::from_secs(3_600);

fn keyed(key: &str, body: &str) -> TestRequest {
    import(body.to_owned()).insert_header(("Idempotency-Key", key))
}

#[actix_web::test]
async fn a_reply_is_given_again_for_a_day() {
    let world = World::new().await;
    let first = world.send(keyed("k", BODY)).await;
    assert_eq!((first.status.as_u16(), first.header("idempotent-replayed")), (200, None));
    world.pass(23 * HOUR);
    let second = world.send(keyed("k", BODY)).await;
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(world.vault_was_asked(), 1);
    world.pass(2 * HOUR);
    let third = world.send(keyed("k", BODY)).await;
    assert_eq!(third.header("idempotent-replayed"), None);
    assert_eq!(world.vault_was_asked(), 2);
}

#[actix_web::test]
async fn a_refusal_is_kept_as_well() {
    let world = World::new().await;
    let unknown = BODY.replace(":1,", ":9,");
    assert_eq!(world.send(keyed("k", &unknown)).await.status, 404);
    let again = world.send(keyed("k", &unknown)).await;
    assert_eq!((again.status.as_u16(), again.header("idempotent-replayed")), (404, Some("true")));
    assert_eq!(again.values(), ["Customer with id 9 not found."]);
}

#[actix_web::test]
async fn the_same_key_with_another_body_is_refused() {
    let world = World::new().await;
    world.send(keyed("k", BODY)).await;
    let answer = world.send(keyed("k", &BODY.replace("card_1", "card_2"))).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.values(),
        ["This Idempotency-Key was sent before, with another request. Use a new key."]
    );
    assert_eq!(world.send(keyed("another", BODY)).await.status, 200);
}

#[actix_web::test]
async fn a_failure_of_the_server_is_not_kept() {
    let world = World::new().await;
    let unavailable =
        || VaultError::Unavailable { retry_after: Duration::from_secs(1), source: "down".into() };
    world.vault_says(Says::Error(unavailable));
    assert_eq!(world.send(keyed("k", BODY)).await.status, 503);
    world.vault_says(Says::Card);
    let answer = world.send(keyed("k", BODY)).await;
    assert_eq!((answer.status.as_u16(), answer.header("idempotent-replayed")), (200, None));
}

#[actix_web::test]
async fn a_body_that_is_wrong_uses_no_key_up() {
    let world = World::new().await;
    assert_eq!(world.send(keyed("k", "{}")).await.status, 400);
    assert_eq!(world.send(keyed("k", BODY)).await.status, 200);
}

#[actix_web::test]
async fn a_request_that_is_being_carried_out_is_not_begun_again() {
    let world = World::new().await;
    let held = world.hold_vault();
    let first = world.send_to_vault(keyed("k", BODY)).await;
    let second = world.send(keyed("k", BODY)).await;
    assert_eq!((second.status.as_u16(), second.header("retry-after")), (409, Some("1")));
    held.add_permits(1);
    assert_eq!(first.await.status, 200);
    assert_eq!(world.vault_was_asked(), 1);
}

#[rstest]
#[case("")]
#[case("a b")]
#[case(&"k".repeat(256))]
#[actix_web::test]
async fn a_key_that_is_none_is_refused(#[case] key: &str) {
    let answer = World::new().await.send(keyed(key, BODY)).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.values(),
        ["The header Idempotency-Key must be 1 to 255 visible ASCII characters."]
    );
}
