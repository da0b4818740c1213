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
use rstest::rstest;
use tokio::time::{Instant, sleep};

use super::{JOBS, THREE, act, state, upload};
use crate::harness::{Answer, Trouble, World, authorization};

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

/// A file that begins so, of which a piece like this comes after each such wait.
fn dripping(
    head: String,
    piece: &'static str,
    wait: Duration,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let drops = stream::repeat(Bytes::from_static(piece.as_bytes()));
    let drops = drops.then(move |piece| async move {
        sleep(wait).await;
        Ok::<_, PayloadError>(piece)
    });
    stream::iter([Ok(Bytes::from(head))]).chain(drops)
}

/// What a file brought before helps it no longer than its minute.
#[rstest]
#[case(0, 87)]
#[case(60 * 1024, 174)]
#[actix_web::test]
async fn a_file_of_which_next_to_nothing_comes_leaves_a_cancelled_job(
    #[case] before: usize,
    #[case] seconds: u64,
) {
    let world = World::new().await;
    tokio::time::pause();
    let began = Instant::now();
    let head = THREE.to_owned() + &"\n".repeat(before);
    let file = dripping(head, "1", Duration::from_secs(29));
    let answer = world.send_pieces(upload(""), file).await;
    let value = "Less than 60 KiB of the request body arrived in a minute.";
    assert_eq!(told(&answer), (408, value.into()));
    assert_eq!(began.elapsed().as_secs(), seconds);
    assert_eq!(state(&world).await, BROKEN);
}

/// Each piece is waited for a second, and then takes half a minute here.
#[actix_web::test]
async fn the_time_that_the_server_takes_counts_against_no_file() {
    let mut world = World::new().await;
    let keys = world.may_lose_keys();
    keys.is_in(Trouble::Slow(Duration::from_secs(30)));
    tokio::time::pause();
    let file = dripping(THREE.to_owned(), "1,cus_1,card_9\n", Duration::from_secs(1)).take(51);
    assert_eq!(world.send_pieces(upload(""), file).await.status, 200);
    assert_eq!(keys.met(), 53, "let in, asked with 50 pieces, written and sealed");
    keys.is_well();
    assert_eq!(state(&world).await, "ready null");
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
    sleep(Duration::from_secs(31)).await;
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
            sleep(Duration::from_millis(5)).await;
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
    // Half a row every five seconds, a little over a KiB a second: in half an hour there is not one
    // batch.
    let head = "customerId,note,stripeCustomerId\n1,,cus_0\n".to_owned();
    let note = "x".repeat(6_000);
    let pieces = (1..181).flat_map(|row| [format!("1,{note}"), format!("{note},cus_{row}\n")]);
    let pieces: Vec<_> = std::iter::once(head).chain(pieces).map(Bytes::from).collect();
    let slow = world.clone();
    let pieces = stream::iter(pieces).then(move |piece| {
        let world = slow.clone();
        async move {
            sleep(Duration::from_secs(5)).await;
            world.pass(Duration::from_secs(5));
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
