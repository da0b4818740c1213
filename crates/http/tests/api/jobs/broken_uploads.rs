//! Files that do not come to their end.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::{App, HttpServer};
use bytes::Bytes;
use cardlift_core::account::AccountId;
use cardlift_core::job::{
    CardChoice, JobId, JobOptions, JobState, NewJobRow, ReadingChoice, RowContent, RunMode,
};
use cardlift_core::ports::{Clock as _, ImportJobStore as _};
use cardlift_core::vault::VaultAccount;
use futures_util::{Stream, StreamExt as _, stream};

use super::{JOBS, THREE, act, state, upload};
use crate::harness::{Answer, World, authorization};

const BROKEN: &str = "cancelled upload_broken";

fn job() -> JobId {
    JobId::try_from(1).expect("an id")
}

/// A file that comes, and then this happens.
pub(super) fn file_then(
    happens: impl Future<Output = Result<Bytes, PayloadError>>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let comes = async { Ok(Bytes::from_static(THREE.as_bytes())) };
    stream::once(comes).chain(stream::once(happens))
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.values().join(" "))
}

#[actix_web::test]
async fn a_file_that_breaks_off_leaves_a_cancelled_job() {
    let world = World::new().await;
    let breaks = file_then(async { Err(PayloadError::Incomplete(None)) });
    let answer = world.send_pieces(upload(""), breaks).await;
    assert_eq!(told(&answer), (400, "The request body broke off.".into()));
    assert_eq!(state(&world).await, BROKEN);
    let answer = act(&world, "start").await;
    assert_eq!(told(&answer), (409, "Job 1 is cancelled: it can't be started.".into()));
    assert_eq!(act(&world, "retry").await.status, 409);
}

#[actix_web::test]
async fn a_file_of_which_nothing_comes_any_more_leaves_a_cancelled_job() {
    let world = World::new().await;
    tokio::time::pause();
    let answer = world.send_pieces(upload(""), file_then(std::future::pending())).await;
    let value = "Nothing of the request body arrived for 30 seconds.";
    assert_eq!(told(&answer), (408, value.into()));
    assert_eq!(state(&world).await, BROKEN);
}

#[actix_web::test]
async fn a_caller_who_hangs_up_leaves_a_cancelled_job() {
    let world = World::new().await;
    let find = async || world.stores.find_job(AccountId::DEFAULT, job()).await.expect("asked");
    {
        let silent = file_then(std::future::pending());
        let mut call = Box::pin(world.send_pieces(upload(""), silent));
        while find().await.is_none() {
            let _pending = futures_util::poll!(call.as_mut());
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(find().await.map(|job| job.state), Some(JobState::Receiving));
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(state(&world).await, BROKEN);
}

#[actix_web::test]
async fn a_connection_that_fails_leaves_a_cancelled_job() {
    let world = World::new().await;
    let api = world.api();
    let app = move || App::new().configure(cardlift_http::routes(api.clone()));
    let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0").expect("bound");
    let address = server.addrs()[0];
    let server = server.disable_signals().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let mut connection = TcpStream::connect(address).expect("connected");
    let authorization = authorization();
    let head = format!(
        "POST {JOBS} HTTP/1.1\r\nHost: test\r\nAuthorization: {authorization}\r\n\
         Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\n"
    );
    connection.write_all((head + THREE).as_bytes()).expect("sent");
    until(async || state(&world).await == "receiving null").await;
    drop(connection);
    until(async || state(&world).await == BROKEN).await;
    handle.stop(false).await;
}

/// Waits for something that comes soon.
async fn until(is_so: impl AsyncFn() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("it comes soon");
}

#[actix_web::test]
async fn a_job_that_is_cancelled_takes_no_more_rows() {
    let world = Arc::new(World::new().await);
    let cancelling = world.clone();
    let file = file_then(async move {
        assert_eq!(act(&cancelling, "cancel").await.status, 200);
        Ok("1,cus_1,card_9\n".into())
    });
    let answer = world.send_pieces(upload(""), file).await;
    assert_eq!(told(&answer), (409, "Job 1 is cancelled: it can't be given more rows.".into()));
    assert_eq!(state(&world).await, BROKEN);
}

#[actix_web::test]
async fn rows_that_can_t_be_written_leave_a_cancelled_job() {
    let world = Arc::new(World::new().await);
    let (stores, at) = (world.stores.clone(), world.clock.now());
    // The store takes no line before one that is there.
    let content = RowContent::Invalid { field: None, problem: "planted".into() };
    let file = file_then(async move {
        let later = NewJobRow { line: 1_000, content };
        stores.append(AccountId::DEFAULT, job(), &[later], at).await.expect("appended");
        Ok("1,cus_1,card_9\n".into())
    });
    let answer = world.send_pieces(upload(""), file).await;
    assert_eq!(answer.status, 500);
    assert_eq!(state(&world).await, BROKEN);
}

#[actix_web::test]
async fn a_file_that_comes_slowly_is_heard_of_all_the_time() {
    let world = Arc::new(World::new().await);
    tokio::time::pause();
    // A piece of a row every 25 seconds: in half an hour there is not one batch.
    let head = "customerId,stripeCustomerId\n1,cus_0\n".to_owned();
    let pieces = (1..144).flat_map(|row| ["1,cus_".to_owned(), format!("{row}\n")]);
    let pieces = std::iter::once(head).chain(pieces).map(Bytes::from);
    let slow = world.clone();
    let pieces = stream::iter(pieces).then(move |piece| {
        let world = slow.clone();
        async move {
            tokio::time::sleep(Duration::from_secs(25)).await;
            world.pass(Duration::from_secs(25));
            assert_eq!(world.api().import_jobs.break_off_silent().await.expect("looked"), []);
            Ok(piece)
        }
    });
    assert_eq!(world.send_pieces(upload(""), pieces).await.status, 200);
    assert_eq!(state(&world).await, "ready null");
}

#[actix_web::test]
async fn a_job_whose_server_was_killed_is_broken_off() {
    let world = World::new().await;
    let options = JobOptions {
        vault: VaultAccount::DEFAULT,
        cards: CardChoice::default(),
        mode: RunMode::default(),
        reading: ReadingChoice::default(),
    };
    let made = world.stores.create_job(AccountId::DEFAULT, &options, world.clock.now()).await;
    let job = made.expect("made").id;
    let look = async || world.api().import_jobs.break_off_silent().await.expect("looked");
    world.pass(Duration::from_secs(600));
    assert_eq!(look().await, []);
    world.pass(Duration::from_secs(1));
    assert_eq!(look().await, [job]);
    assert_eq!(state(&world).await, BROKEN);
}
