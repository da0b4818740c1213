use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cardlift_contract::InMemory;
use cardlift_core::Timestamp;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::job::JobState;
use cardlift_core::ports::{Clock, ImportJobStore as _};
use tokio::sync::mpsc::channel;
use tokio::time::sleep;

use super::*;

/// A clock that a test sets.
#[derive(Default)]
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::SeqCst), 0).expect("a time")
    }
}

fn jobs_of(stores: &Arc<InMemory>, clock: &Arc<SetClock>) -> JobsOf {
    let jobs = ImportJobs { accounts: stores.clone(), jobs: stores.clone(), clock: clock.clone() };
    let account = Account::new(AccountId::DEFAULT, AccountName::parse("default").expect("a name"));
    JobsOf { stores: stores.clone(), account, jobs }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_comes_slowly_is_heard_of_all_the_time() {
    let (stores, clock) = (Arc::new(InMemory::new()), Arc::<SetClock>::default());
    let here = jobs_of(&stores, &clock);
    let (sender, pieces) = channel(1);
    let file = async {
        let sender = sender;
        let send = async |piece: &str| sender.send(Ok(piece.into())).await.expect("it reads");
        send("customerId,stripeCustomerId\n").await;
        for row in 0..3 {
            send(&format!("1,cus_{row}\n")).await;
            for _ in 0..60 {
                sleep(Duration::from_secs(30)).await;
                clock.0.fetch_add(30, Ordering::SeqCst);
                assert_eq!(here.jobs.break_off_silent().await.expect("looked"), []);
            }
        }
    };
    let input = Input::of_pieces(pieces);
    let (job, ()) = tokio::join!(upload(&here, NewImportJob::default(), input), file);
    let job = job.expect("a job");
    assert_eq!((job.state, job.rows), (JobState::Ready, 3));
    assert_eq!(stores.find_job(AccountId::DEFAULT, job.id).await.expect("asked"), Some(job));
}
