//! Who gets in.

use std::time::Duration;

use actix_web::test::TestRequest;
use cardlift_core::account::AccountId;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::ports::{ApiKeyStore as _, Clock as _};
use rstest::rstest;

use crate::harness::{BODY, PATH, World, authorization_of, authorized};

async fn with(header: Option<&str>) -> crate::harness::Answer {
    let world = World::new().await;
    let mut request = TestRequest::post().uri(PATH).set_payload(BODY);
    if let Some(header) = header {
        request = request.insert_header(("Authorization", header));
    }
    let answer = world.send(request).await;
    assert_eq!(world.vault_was_asked(), 0);
    answer
}

#[rstest]
#[case("Basic")]
#[case("Bearer abc")]
#[case("Basic not base64")]
#[actix_web::test]
async fn a_key_that_can_t_be_decoded_is_a_bad_request(#[case] header: &str) {
    let answer = with(Some(header)).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.values(), ["Authorization key is not in the correct format."]);
}

#[rstest]
#[case(None, "An API key is required: send the header Authorization: Basic <API key>.")]
#[case(Some("Basic MDp1bmtub3du"), "The API key is unknown, has expired or was revoked.")]
#[case(Some("Basic dXNlcjpwYXNzd29yZA=="), "The API key is unknown, has expired or was revoked.")]
#[actix_web::test]
async fn an_absent_or_unknown_key_is_unauthorized(
    #[case] header: Option<&str>,
    #[case] value: &str,
) {
    let answer = with(header).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.values(), [value]);
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"Cardlift\""));
}

const LIST: &str = "/v1/customers";

/// What a key of this secret is answered.
async fn status(world: &World, secret: &str) -> u16 {
    let request = TestRequest::get().uri(LIST);
    let request = request.insert_header(("Authorization", authorization_of(secret)));
    world.send(request).await.status.as_u16()
}

#[actix_web::test]
async fn a_key_is_good_until_the_clock_says_that_it_has_expired() {
    let world = World::new().await;
    let expires_at = world.clock.now() + Duration::from_secs(60);
    world.add_key("ending", |key| key.expires_at = Some(expires_at)).await;
    assert_eq!(status(&world, "ending").await, 200);
    world.pass(Duration::from_secs(59));
    assert_eq!(status(&world, "ending").await, 200);
    world.pass(Duration::from_secs(1));
    assert_eq!(status(&world, "ending").await, 401);
}

#[actix_web::test]
async fn it_is_known_when_a_key_was_last_let_in() {
    let world = World::new().await;
    let ended = world.clock.now();
    world.add_key("unused", |_| ()).await;
    world.add_key("ended", |key| key.expires_at = Some(ended)).await;
    world.send(authorized(TestRequest::get().uri(LIST))).await;
    world.pass(Duration::from_secs(5));
    world.send(authorized(TestRequest::get().uri(LIST))).await;
    assert_eq!(status(&world, "ended").await, 401);
    world.write_uses().await;
    let (order, page) = (SortOrder::Ascending, PageRequest::default());
    let keys = world.stores.list_keys(AccountId::DEFAULT, order, page).await.expect("listed");
    let used: Vec<_> = keys.items.iter().map(|key| key.last_used_at).collect();
    assert_eq!(used, [Some(world.clock.now()), None, None]);
}
