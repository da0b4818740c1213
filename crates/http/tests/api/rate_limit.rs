//! How many requests a key may make, and what it is told of it.

use std::time::Duration;

use actix_web::test::TestRequest;
use cardlift_core::account::RateLimits;

use crate::harness::{Answer, BODY, World, import};

const ALL: &str = "/v1/customers/1/paymentMethods/all";

async fn world(per_minute: Option<u32>, per_day: Option<u32>) -> World {
    let world = World::new().await;
    let limits = RateLimits { per_minute, per_day };
    world.limit(limits).await;
    world
}

/// Limit, remaining and reset of the minute and of the day.
fn told(answer: &Answer) -> [Option<&str>; 6] {
    ["Limit-Minute", "Remaining-Minute", "Reset-Minute", "Limit-Day", "Remaining-Day", "Reset-Day"]
        .map(|name| answer.header(&format!("X-Rate-Limit-{name}")))
}

#[actix_web::test]
async fn the_documented_limits_are_told_with_every_answer() {
    let world = World::new().await;
    let [limit, remaining, reset, day_limit, day_remaining, day_reset] =
        told(&world.send(import(BODY)).await).map(|value| value.expect("told").to_owned());
    assert_eq!([limit, remaining], ["1000", "999"]);
    assert_eq!([day_limit, day_remaining], ["180000", "179999"]);
    assert_eq!([reset, day_reset], ["60", "57600"], "the clock of the test stands");
    let wrong = world.send(import("{}")).await;
    assert_eq!((wrong.status.as_u16(), told(&wrong)[1]), (400, Some("998")), "errors count too");
    let list = world.ask("GET", ALL).await;
    assert_eq!(told(&list)[1], Some("997"));
}

#[actix_web::test]
async fn beyond_the_limit_nothing_is_done_until_the_minute_is_over() {
    let world = world(Some(2), Some(100)).await;
    for _ in 0..2 {
        assert_eq!(world.send(import(BODY)).await.status, 200);
    }
    let refused = world.send(import(BODY)).await;
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.values(),
        ["The API key has made all the requests it may for now. Try again later."]
    );
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(told(&refused)[..2], [Some("2"), Some("0")]);
    assert_eq!(world.vault_was_asked(), 2);
    world.pass(Duration::from_secs(60));
    assert_eq!(world.send(import(BODY)).await.status, 200);
}

#[actix_web::test]
async fn limits_that_are_off_are_not_told_of() {
    let world = world(None, None).await;
    for _ in 0..3 {
        let answer = world.ask("GET", ALL).await;
        assert_eq!((answer.status.as_u16(), told(&answer)), (200, [None; 6]));
    }
}

#[actix_web::test]
async fn without_a_key_there_is_nothing_to_count() {
    let world = world(Some(1), None).await;
    for path in ["/v1/countries", "/healthz"] {
        for _ in 0..2 {
            let answer = world.send(TestRequest::get().uri(path)).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, [None; 6]));
        }
    }
}
