//! An engine, its stores, and jobs to work on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cardlift_contract::InMemory;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::job::{
    CardChoice, Job, JobAction, JobId, JobOptions, JobRow, NewJobRow, OutcomeFilter, ReadingChoice,
    RowContent, RowTarget, RunMode,
};
use cardlift_core::ports::{Clock, CustomerRepository, ImportJobStore, WorkerId};
use cardlift_core::vault::VaultAccount;
use cardlift_engine::{Engine, Settings, Stop, Stopper, Worked, stop_signal};

use crate::vault::FakeVault;

pub(crate) const ACCOUNT: AccountId = AccountId::DEFAULT;

/// A clock that a test sets.
#[derive(Default)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::Relaxed), 0).expect("an instant")
    }
}

pub(crate) struct Bench {
    pub(crate) stores: Arc<InMemory>,
    pub(crate) vault: Arc<FakeVault>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) stopper: Stopper,
    pub(crate) stop: Stop,
}

/// What is wanted: line, our customer, the vault's, the card.
pub(crate) type Want<'a> = (u64, i64, &'a str, &'a str);

impl Bench {
    /// With customers 1 to 100.
    pub(crate) async fn new() -> Self {
        let (stopper, stop) = stop_signal();
        let stores = Arc::new(InMemory::new());
        let record = |id| CustomerRecord {
            id: CustomerId::try_from(id).expect("an id"),
            profile: CustomerProfile::default(),
        };
        let records: Vec<_> = (1..=100).map(record).collect();
        let clock = Arc::<SetClock>::default();
        stores.load(ACCOUNT, &records, clock.now()).await.expect("customers");
        Self { stores, vault: Arc::default(), clock, stopper, stop }
    }

    pub(crate) fn engine(&self, worker: &str) -> Engine {
        let settings = Settings {
            lanes: 3,
            batch: 20,
            patience: Duration::from_secs(60),
            ..Settings::new(WorkerId(worker.to_owned()))
        };
        Engine {
            queue: self.stores.clone(),
            jobs: self.stores.clone(),
            work: self.stores.clone(),
            vault: self.vault.clone(),
            clock: self.clock.clone(),
            settings,
        }
    }

    /// A job with these rows, which was started.
    pub(crate) async fn job(&self, options: JobOptions, rows: &[Want<'_>]) -> JobId {
        let start = JobAction::Start { canary: None };
        self.started(options, rows, start).await
    }

    pub(crate) async fn started(
        &self,
        options: JobOptions,
        rows: &[Want<'_>],
        start: JobAction,
    ) -> JobId {
        let now = self.clock.now();
        let job = self.stores.create_job(ACCOUNT, &options, now).await.expect("a job").id;
        let rows: Vec<_> = rows.iter().map(row).collect();
        self.stores.append(ACCOUNT, job, &rows, now).await.expect("rows");
        self.act(job, JobAction::Seal).await;
        self.act(job, start).await;
        job
    }

    pub(crate) async fn act(&self, job: JobId, action: JobAction) {
        let acted = self.stores.act(ACCOUNT, job, action, self.clock.now()).await;
        acted.expect("possible");
    }

    pub(crate) async fn work(&self) -> Worked {
        self.engine("w").work_once(&self.stop).await.expect("it worked")
    }

    pub(crate) async fn state(&self, job: JobId) -> Job {
        self.stores.find_job(ACCOUNT, job).await.expect("asked").expect("a job")
    }

    /// Lines and outcomes, a result each.
    pub(crate) async fn outcomes(&self, job: JobId) -> Vec<(u64, &'static str)> {
        let outcome =
            |row: JobRow| (row.line, row.outcome.map_or("pending", |outcome| outcome.name()));
        self.results(job).await.into_iter().map(outcome).collect()
    }

    pub(crate) async fn results(&self, job: JobId) -> Vec<JobRow> {
        let filter = OutcomeFilter::Every;
        self.stores.results(ACCOUNT, job, filter, None, 10_000).await.expect("results")
    }
}

pub(crate) fn options(reading: ReadingChoice) -> JobOptions {
    JobOptions {
        vault: VaultAccount::DEFAULT,
        cards: CardChoice::NamedOrDefault,
        mode: RunMode::Import,
        reading,
    }
}

fn row((line, customer, external_customer, card): &Want<'_>) -> NewJobRow {
    let external_card = (!card.is_empty()).then(|| ExternalCardId::parse(card).expect("an id"));
    let target = RowTarget {
        external_customer: ExternalCustomerId::parse(external_customer).expect("an id"),
        external_card,
        customer: CustomerId::try_from(*customer).expect("an id"),
        customer_as_given: customer.to_string(),
    };
    NewJobRow { line: *line, content: RowContent::Target(target) }
}
