//! Whoever shows wrong keys, one after the other, is slowed.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Answer, World, authorization, authorization_of};

const LIMIT: u16 = 3;

async fn world() -> World {
    let mut world = World::new().await;
    world.limit_wrong_keys(LIMIT);
    world
}

/// Sends this header from an address.
async fn show(world: &World, address: &str, header: &str) -> Answer {
    let address: SocketAddr = address.parse().expect("an address");
    let request = TestRequest::get().uri("/v1/customers").peer_addr(address);
    world.send(request.insert_header(("Authorization", header))).await
}

/// Shows as many wrong keys as are looked at.
async fn guess(world: &World, address: &str) {
    for key in 0..LIMIT {
        let header = authorization_of(&key.to_string());
        assert_eq!(show(world, address, &header).await.status, 401);
    }
}

#[actix_web::test]
async fn after_so_many_wrong_keys_an_address_is_refused_until_the_minute_is_over() {
    let world = world().await;
    guess(&world, "10.0.0.1:1000").await;
    let refused = show(&world, "10.0.0.1:1001", &authorization_of("next")).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, Some("60")));
    let value = "Too many wrong API keys came from this address. Try again later.";
    assert_eq!(refused.values(), [value]);
    assert_eq!(refused.header("x-rate-limit-limit-minute"), None, "it is nobody's");
    let other = show(&world, "10.0.0.2:1000", &authorization_of("next")).await;
    assert_eq!(other.status, 401, "another address");
    world.pass(Duration::from_secs(60));
    let later = show(&world, "10.0.0.1:1001", &authorization_of("next")).await;
    assert_eq!(later.status, 401);
}

#[actix_web::test]
async fn who_has_a_good_key_is_let_in_beside_somebody_who_guesses() {
    let world = world().await;
    world.add_key("fresh", |_| ()).await;
    assert_eq!(show(&world, "10.0.0.1:1000", &authorization()).await.status, 200);
    guess(&world, "10.0.0.1:2000").await;
    assert_eq!(show(&world, "10.0.0.1:1000", &authorization()).await.status, 200);
    let fresh = authorization_of("fresh");
    assert_eq!(show(&world, "10.0.0.1:1000", &fresh).await.status, 429, "nobody knows it yet");
    assert_eq!(show(&world, "10.0.0.2:1000", &fresh).await.status, 200);
    assert_eq!(show(&world, "10.0.0.1:1000", &fresh).await.status, 200);
}

#[actix_web::test]
async fn every_kind_of_wrong_key_counts_and_no_key_does_not() {
    let world = world().await;
    let ended = cardlift_core::ports::Clock::now(world.clock.as_ref());
    world.add_key("ended", |key| key.expires_at = Some(ended)).await;
    let malformed = ["Bearer abc", "Basic !"].map(ToOwned::to_owned);
    let wrong = malformed.into_iter().chain([authorization_of("ended")]);
    for _ in 0..2 * LIMIT {
        let request = TestRequest::get().uri("/v1/customers");
        let request = request.peer_addr("10.0.0.1:1000".parse().expect("an address"));
        assert_eq!(world.send(request).await.status, 401, "no key, no guess");
    }
    for header in wrong {
        let status = show(&world, "10.0.0.1:1000", &header).await.status.as_u16();
        assert!([400, 401].contains(&status), "{header}: {status}");
    }
    let next = format!("Basic {}", STANDARD.encode("0:next"));
    assert_eq!(show(&world, "10.0.0.1:1000", &next).await.status, 429);
    assert_eq!(show(&world, "10.0.0.1:1000", "Bearer def").await.status, 429);
}

#[actix_web::test]
async fn what_a_caller_says_of_where_it_comes_from_is_not_believed() {
    let world = world().await;
    for key in 0..2 * LIMIT {
        let request = TestRequest::get()
            .uri("/v1/customers")
            .peer_addr("10.0.0.1:1000".parse().expect("an address"))
            .insert_header(("X-Forwarded-For", format!("10.1.0.{key}")))
            .insert_header(("Forwarded", format!("for=10.1.0.{key}")))
            .insert_header(("Authorization", authorization_of(&key.to_string())));
        let expected = if key < LIMIT { 401 } else { 429 };
        assert_eq!(world.send(request).await.status, expected);
    }
}
