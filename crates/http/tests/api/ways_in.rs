//! What stands around the endpoint: health, request ids, other people's apps.

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};

use cardlift_core::ports::StoreErrorKind;

use crate::harness::{BODY, World, import};

#[actix_web::test]
async fn a_process_is_healthy_and_ready_where_its_database_is() {
    let world = World::new().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(world.send(TestRequest::get().uri(path)).await.status, 200, "{path}");
    }
    let world = World::troubled(StoreErrorKind::Unavailable).await;
    assert_eq!(world.send(TestRequest::get().uri("/healthz")).await.status, 200);
    let answer = world.send(TestRequest::get().uri("/readyz")).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("5")));
    assert_eq!(answer.values(), ["The database is out of reach. Try again later."]);
}

#[actix_web::test]
async fn a_request_id_comes_back_or_is_made() {
    let world = World::new().await;
    let answer = world.send(import(BODY).insert_header(("X-Request-Id", "trace-1"))).await;
    assert_eq!(answer.header("x-request-id"), Some("trace-1"));
    let made = world.send(import(BODY)).await;
    assert_eq!(made.header("x-request-id").map(str::len), Some(32));
    let unfit = world.send(import(BODY).insert_header(("X-Request-Id", "a\tb"))).await;
    assert_eq!(unfit.header("x-request-id").map(str::len), Some(32));
    let nowhere = world.send(TestRequest::get().uri("/nowhere")).await;
    assert!(nowhere.header("x-request-id").is_some(), "errors have one too");
}

#[actix_web::test]
async fn the_routes_mount_below_a_scope_of_somebody_else_s_app() {
    let world = World::new().await;
    let app = App::new()
        .wrap(from_fn(cardlift_http::request_log))
        .service(web::scope("/billing").configure(cardlift_http::routes(world.api())))
        .route("/theirs", web::get().to(|| async { HttpResponse::Ok().body("theirs") }));
    let app = init_service(app).await;
    let theirs = call_service(&app, TestRequest::get().uri("/theirs").to_request()).await;
    assert_eq!(read_body(theirs).await, "theirs");
    let request = import(BODY).uri("/billing/v1/paymentMethodImport/Stripe");
    assert_eq!(call_service(&app, request.to_request()).await.status(), 200);
}
