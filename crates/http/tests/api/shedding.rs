//! More requests than the server works on at once.

use std::sync::Arc;

use actix_web::test::TestRequest;
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use crate::harness::{BODY, World, import};

/// A server that works on one request at once, and a vault that lets each wait.
async fn world() -> (World, Arc<Semaphore>) {
    let mut world = World::new().await;
    world.limit_concurrency(1);
    let held = world.hold_vault();
    (world, held)
}

#[actix_web::test]
async fn what_is_too_much_is_refused_at_once_and_nothing_is_done_of_it() {
    let (world, held) = world().await;
    let first = world.send_to_vault(import(BODY)).await;
    let second = import(BODY.replace("card_1", "card_2")).insert_header(("X-Request-Id", "mine"));
    let refused = world.send(second).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, Some("1")));
    assert_eq!(
        refused.values(),
        ["The server has as many requests as it can work on. Try again later."]
    );
    assert_eq!(refused.header("x-request-id"), Some("mine"));
    for path in ["/V1/countries", "/Admin/accounts"] {
        assert_eq!(world.send(TestRequest::get().uri(path)).await.status, 503, "{path}");
    }
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(world.send(TestRequest::get().uri(path)).await.status, 200, "{path}");
    }
    assert_eq!(world.vault_was_asked(), 1);
    held.add_permits(1);
    assert_eq!(first.await.status, 200);
    held.add_permits(1);
    assert_eq!(world.send(import(BODY)).await.status, 200, "there is room again");
}

#[actix_web::test]
async fn a_caller_who_hangs_up_makes_no_room_before_its_work_ends() {
    let (world, held) = world().await;
    drop(world.send_to_vault(import(BODY)).await);
    assert_eq!(world.send(import(BODY)).await.status, 503);
    held.add_permits(2);
    while world.send(import(BODY)).await.status != 200 {
        yield_now().await;
    }
}
