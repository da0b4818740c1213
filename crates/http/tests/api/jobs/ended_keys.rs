//! Keys that end while an answer is under way.

use std::rc::Rc;
use std::time::Duration;

use actix_web::test::TestRequest;
use bytes::Bytes;
use cardlift_core::account::{AccountChange, AccountName};
use cardlift_core::api_key::ApiKey;
use cardlift_core::job::{HaltReason, Job, JobId, JobState};
use cardlift_core::ports::{
    AccountRepository as _, ApiKeyStore as _, Clock as _, ImportJobStore as _, StoreErrorKind,
};
use futures_util::{StreamExt as _, stream};
use rstest::rstest;
use tokio::time::{Instant, sleep};

use super::broken_uploads::file_then;
use super::events::{events, told};
use super::{JOBS, THREE, act, state, three, upload};
use crate::harness::{Answer, Trouble, World, authorization_of};

const SECRET: &str = "of another account";

/// How long the key is good unless it ends before.
const GOOD_FOR: Duration = Duration::from_secs(3_600);

/// A row that comes later.
const LATER: &str = "1,cus_1,card_9\n";

/// How a key ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Revoked,
    Expired,
    Disabled,
}

/// Another account, and its key.
struct Other {
    world: World,
    key: ApiKey,
}

impl Other {
    async fn new() -> Self {
        let world = World::new().await;
        let name = AccountName::parse("other").expect("a name");
        let account = world.stores.ensure(&name).await.expect("an account").id;
        let ends = world.clock.now() + GOOD_FOR;
        let key = world
            .add_key(SECRET, |key| {
                key.account = account;
                key.expires_at = Some(ends);
            })
            .await;
        Self { world, key }
    }

    /// One that has a job of this file.
    async fn with(file: String) -> Self {
        let other = Self::new().await;
        assert_eq!(other.world.send(with_key(upload(file))).await.status, 200);
        other
    }

    /// Ends its key.
    async fn end(&self, end: End) {
        let Self { world, key } = self;
        let now = world.clock.now();
        match end {
            End::Revoked => {
                let revoked = world.stores.revoke(key.account, key.id, now).await;
                assert!(revoked.expect("revoked").is_some());
            }
            End::Expired => world.pass(GOOD_FOR),
            End::Disabled => {
                let disable = [AccountChange::Disable(now)];
                let disabled = world.stores.change_account(key.account, &disable).await;
                assert!(disabled.expect("disabled").is_some());
            }
        }
    }

    async fn job(&self) -> Job {
        let id = JobId::try_from(1).expect("an id");
        let found = self.world.stores.find_job(self.key.account, id).await;
        found.expect("asked").expect("a job")
    }
}

fn with_key(request: TestRequest) -> TestRequest {
    request.insert_header(("Authorization", authorization_of(SECRET)))
}

/// What a job is asked for.
fn get(what: &str) -> TestRequest {
    with_key(TestRequest::get().uri(&format!("{JOBS}/1/{what}")))
}

/// Holds a file to be refused, and none of its rows to be written.
async fn check_refused(other: &Other, answer: &Answer) {
    let value = "The API key is unknown, has expired or was revoked.";
    assert_eq!((answer.status.as_u16(), answer.values()), (401, vec![value.to_owned()]));
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"Cardlift\""));
    let job = other.job().await;
    let broken = (JobState::Cancelled, Some(HaltReason::UploadBroken), 0);
    assert_eq!((job.state, job.halt, job.rows), broken);
}

#[rstest]
#[case(End::Revoked)]
#[case(End::Expired)]
#[case(End::Disabled)]
#[actix_web::test]
async fn events_break_off_when_the_job_is_looked_at_next(#[case] end: End) {
    let other = Other::with(THREE.to_owned()).await;
    tokio::time::pause();
    let began = Instant::now();
    let answer = other.world.send_broken(get("events"), other.end(end)).await;
    assert_eq!(told(&answer), ["progress ready 3"]);
    assert_eq!(began.elapsed().as_secs(), 1);
}

#[actix_web::test]
async fn events_go_on_while_nobody_can_be_asked_of_the_key() {
    let mut world = three().await;
    let keys = world.may_lose_keys();
    act(&world, "start").await;
    tokio::time::pause();
    let work = async {
        sleep(Duration::from_millis(2_500)).await;
        keys.is_in(Trouble::Fails(StoreErrorKind::Unavailable));
        sleep(Duration::from_secs(5)).await;
        keys.is_well();
        act(&world, "pause").await;
    };
    let (answer, ()) = futures_util::join!(events(&world), work);
    assert_eq!(told(&answer), ["progress running 3", "progress paused 3", "end paused 3"]);
    assert_eq!(keys.met(), 5);
}

#[rstest]
#[case(End::Revoked)]
#[case(End::Expired)]
#[case(End::Disabled)]
#[actix_web::test]
async fn results_break_off_after_their_page(#[case] end: End) {
    let rows = (0..1_001).map(|row| format!("1,cus_1,card_{row}\n"));
    let header = "customerId,stripeCustomerId,stripeCardId\n".to_owned();
    let file: Vec<_> = [header].into_iter().chain(rows).collect();
    let other = Other::with(file.concat()).await;
    let answer = other.world.send_broken(get("results"), other.end(end)).await;
    let text = String::from_utf8(answer.body).expect("text");
    assert_eq!(text.lines().count(), 1_001, "a header and a page");
}

#[rstest]
#[case(End::Revoked)]
#[case(End::Expired)]
#[case(End::Disabled)]
#[actix_web::test]
async fn a_file_is_refused_with_its_next_piece(#[case] end: End) {
    let other = Rc::new(Other::new().await);
    tokio::time::pause();
    let ending = other.clone();
    let file = file_then(async move {
        sleep(Duration::from_secs(1)).await;
        ending.end(end).await;
        Ok(Bytes::from_static(LATER.as_bytes()))
    });
    let endless = file.chain(stream::pending());
    let answer = other.world.send_pieces(with_key(upload("")), endless).await;
    check_refused(&other, &answer).await;
}

#[actix_web::test]
async fn no_row_of_a_file_is_written_for_a_key_that_was_revoked_just_now() {
    let other = Rc::new(Other::new().await);
    tokio::time::pause();
    let ending = other.clone();
    let file = file_then(async move {
        ending.end(End::Revoked).await;
        Ok(Bytes::from_static(LATER.as_bytes()))
    });
    let answer = other.world.send_pieces(with_key(upload("")), file).await;
    check_refused(&other, &answer).await;
}

#[actix_web::test]
async fn a_file_goes_on_while_nobody_can_be_asked_of_the_key() {
    let mut world = World::new().await;
    let keys = world.may_lose_keys();
    tokio::time::pause();
    let losing = keys.clone();
    let file = file_then(async move {
        sleep(Duration::from_secs(1)).await;
        losing.is_in(Trouble::Fails(StoreErrorKind::Unavailable));
        Ok(Bytes::from_static(LATER.as_bytes()))
    });
    assert_eq!(world.send_pieces(upload(""), file).await.status, 200);
    assert_eq!(keys.met(), 3, "with the piece, before its rows are written, and at the end");
    keys.is_well();
    assert_eq!(state(&world).await, "ready null");
}
