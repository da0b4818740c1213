//! The import jobs that the cases make, and the workers that are at them.

use cardlift_core::card::{Expiry, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::job::{
    CardChoice, FailureReason, Job, JobAction, JobId, JobOptions, JobRow, NewJobRow, OutcomeFilter,
    ReadingChoice, RowContent, RowOutcome, RowTarget, RunMode,
};
use cardlift_core::ports::{Finding, Found, Lease, Leave, Settled, Settlement, WorkerId};
use cardlift_core::vault::VaultAccount;

use super::Subject;
use super::data::{ACCOUNT, at, card, customer_id};

/// When the cases' workers come, and until when they have their leases.
pub(crate) const ACQUIRED: i64 = 100;
pub(crate) const HELD_UNTIL: i64 = 1_000;

pub(crate) const START: JobAction = JobAction::Start { canary: None };

/// A job that a worker is at.
#[derive(Clone)]
pub(crate) struct AtWork {
    pub(crate) stores: Subject,
    pub(crate) lease: Lease,
    pub(crate) mode: RunMode,
}

/// Imports the default or named card, from our own account of the vault.
pub(crate) const fn options() -> JobOptions {
    let (cards, reading) = (CardChoice::NamedOrDefault, ReadingChoice::Cheapest);
    JobOptions { vault: VaultAccount::DEFAULT, cards, mode: RunMode::Import, reading }
}

/// The same from an account of the vault that this number names.
pub(crate) fn options_of_vault(number: usize) -> JobOptions {
    let vault = VaultAccount::from_name(&format!("acct_{number}")).expect("an account");
    JobOptions { vault, ..options() }
}

pub(crate) fn vault_customer(id: &str) -> ExternalCustomerId {
    ExternalCustomerId::parse(&format!("cus_{id}")).expect("an id")
}

/// A row that asks for this card, by its whole id, or for the default.
pub(crate) fn row_of(line: u64, vault: &str, card: Option<&str>, customer: i64) -> NewJobRow {
    let content = RowContent::Target(RowTarget {
        external_customer: vault_customer(vault),
        external_card: card.map(|card| ExternalCardId::parse(card).expect("an id")),
        customer: customer_id(customer),
        customer_as_given: format!("00{customer}"),
    });
    NewJobRow { line, content }
}

/// A row that asks for one of the cards that [`card`] makes.
pub(crate) fn row(line: u64, id: &str, customer: i64) -> NewJobRow {
    row_of(line, "AExsNjBZDLMNDK", Some(&format!("card_{id}")), customer)
}

/// Rows from line 1 on that ask for these cards, for customer 1.
pub(crate) fn rows(ids: &[&str]) -> Vec<NewJobRow> {
    (1..).zip(ids).map(|(line, id)| row(line, id, 1)).collect()
}

/// Rows that ask for so many cards, for customer 1.
pub(crate) fn many_rows(lines: impl Iterator<Item = u64>) -> Vec<NewJobRow> {
    lines.map(|line| row(line, &format!("n{line}"), 1)).collect()
}

/// A row that can't be understood.
pub(crate) fn invalid_row(line: u64) -> NewJobRow {
    let (field, problem) = (Some("customerId".into()), "must be a number".into());
    NewJobRow { line, content: RowContent::Invalid { field, problem } }
}

/// This card with another expiry.
pub(crate) fn renewed(id: &str) -> VaultCard {
    VaultCard { expiry: Expiry::new(1, 2040).expect("an expiry"), ..card(id) }
}

/// That the vault has these for a row.
pub(crate) fn brings(row: &NewJobRow, instruments: Vec<Instrument>) -> Finding {
    finding(row, Found::Instruments(instruments))
}

/// That the vault has the card that a row asks for.
pub(crate) fn brings_its_card(row: &NewJobRow) -> Finding {
    let external_card = target(row).external_card.clone().expect("the row names a card");
    brings(row, vec![VaultCard { external_card, ..card("any") }.into()])
}

/// That the vault has no such card.
pub(crate) fn brings_nothing(row: &NewJobRow) -> Finding {
    let (reason, detail) = (FailureReason::CardNotFound, "No such source: Zoë's".into());
    finding(row, Found::Nothing { reason, detail })
}

pub(crate) fn target(row: &NewJobRow) -> &RowTarget {
    match &row.content {
        RowContent::Target(target) => Some(target),
        RowContent::Invalid { .. } => None,
    }
    .expect("the row asks for something")
}

fn finding(row: &NewJobRow, found: Found) -> Finding {
    Finding { line: row.line, target: target(row).clone(), found }
}

/// A job that has received these rows, and would receive more.
pub(crate) async fn receiving(stores: &Subject, options: &JobOptions, rows: &[NewJobRow]) -> JobId {
    let job = stores.create_job(ACCOUNT, options, at(1)).await.expect("made").id;
    stores.append(ACCOUNT, job, rows, at(2)).await.expect("appended");
    job
}

/// A job that has been started.
pub(crate) async fn started(stores: &Subject, options: &JobOptions, rows: &[NewJobRow]) -> JobId {
    let job = receiving(stores, options, rows).await;
    act(stores, job, JobAction::Seal).await;
    act(stores, job, START).await;
    job
}

pub(crate) async fn act(stores: &Subject, job: JobId, action: JobAction) -> Job {
    stores.act(ACCOUNT, job, action, at(10)).await.expect("possible")
}

pub(crate) async fn find(stores: &Subject, job: JobId) -> Job {
    stores.find_job(ACCOUNT, job).await.expect("asked").expect("a job")
}

/// The next job for a worker who comes at this second, for as long as usual.
pub(crate) async fn acquire(stores: &Subject, second: i64) -> Option<(Lease, Job)> {
    let worker = WorkerId(format!("worker at {second}"));
    let until = second + HELD_UNTIL - ACQUIRED;
    stores.acquire(&worker, None, at(second), at(until)).await.expect("asked")
}

/// A lease of this job. Other jobs that have work go to workers who do nothing.
pub(crate) async fn lease_of(stores: &Subject, job: JobId) -> Lease {
    loop {
        let (lease, _) = acquire(stores, ACQUIRED).await.expect("the job is still to be had");
        if lease.job == job {
            return lease;
        }
    }
}

/// Every row and part of a job.
pub(crate) async fn results(stores: &Subject, job: JobId) -> Vec<JobRow> {
    results_of(stores, job, OutcomeFilter::Every).await
}

pub(crate) async fn results_of(stores: &Subject, job: JobId, filter: OutcomeFilter) -> Vec<JobRow> {
    stores.results(ACCOUNT, job, filter, None, 10_000).await.expect("asked")
}

/// What became of each row and part of a job.
pub(crate) async fn outcomes(stores: &Subject, job: JobId) -> Vec<(u64, Option<RowOutcome>)> {
    results(stores, job).await.into_iter().map(|row| (row.line, row.outcome)).collect()
}

/// The counts of a job and its rows say the same.
pub(crate) async fn check_totals(stores: &Subject, job: JobId) {
    let (found, rows) = (find(stores, job).await, results(stores, job).await);
    let lines = |wanted: fn(&JobRow) -> bool| {
        let count = rows.iter().filter(|row| row.part == 0 && wanted(row)).count();
        u64::try_from(count).expect("a count")
    };
    assert_eq!(found.rows, lines(|_| true));
    assert_eq!(found.settled, lines(|row| row.outcome.is_some()));
    assert_eq!(found.tally, rows.iter().filter_map(|row| row.outcome).collect());
}

impl AtWork {
    /// Makes a job of these rows, starts it, and has a worker take it.
    pub(crate) async fn on(stores: &Subject, rows: &[NewJobRow]) -> Self {
        Self::with(stores, &options(), rows).await
    }

    pub(crate) async fn with(stores: &Subject, options: &JobOptions, rows: &[NewJobRow]) -> Self {
        let job = started(stores, options, rows).await;
        let lease = lease_of(stores, job).await;
        Self { stores: stores.clone(), lease, mode: options.mode }
    }

    pub(crate) const fn job(&self) -> JobId {
        self.lease.job
    }

    pub(crate) async fn settle(&self, findings: Vec<Finding>) -> Settled {
        self.write(&Settlement { findings, ..Settlement::default() }).await
    }

    pub(crate) async fn write(&self, settlement: &Settlement) -> Settled {
        let settled = self.stores.settle(&self.lease, self.mode, settlement, at(110)).await;
        settled.expect("settled")
    }

    pub(crate) async fn outcomes(&self) -> Vec<(u64, Option<RowOutcome>)> {
        outcomes(&self.stores, self.job()).await
    }

    pub(crate) async fn leave(&self, how: Leave) {
        self.stores.leave(&self.lease, how, at(120)).await.expect("left");
    }

    /// Gives the job back with all that was to do, and begins to undo it.
    pub(crate) async fn undo(self) -> Self {
        self.leave(Leave::Done).await;
        act(&self.stores, self.job(), JobAction::Undo).await;
        Self { lease: lease_of(&self.stores, self.job()).await, ..self }
    }
}
