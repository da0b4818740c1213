mod changes;

use std::collections::HashSet;
use std::ops::Bound;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{NewAuditBatch, told};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::job::{
    Job, JobAction, JobId, JobOptions, JobRow, NewJobRow, OutcomeFilter, RowPlace,
};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ImportJobStore, JobChangeError, StoreError, Wanted, WantedPart};

use super::super::{InMemory, State, next_id};
use super::{Entry, count};

/// How many rows one part of what is wanted looks at.
const PART: usize = 1_000;

#[async_trait]
impl ImportJobStore for InMemory {
    async fn create_job(
        &self,
        account: AccountId,
        options: &JobOptions,
        at: Timestamp,
    ) -> Result<Job, StoreError> {
        let mut state = self.state();
        state.require_account(account)?;
        let entry = Entry::new(account, next_id(state.jobs.len()), options, at);
        let job = entry.job.clone();
        state.jobs.push(entry);
        state.tell(&told::job_created(&job));
        Ok(job)
    }

    async fn append(
        &self,
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
        at: Timestamp,
    ) -> Result<(), JobChangeError> {
        self.state().job_mut(account, job)?.append(rows, at)
    }

    async fn act(
        &self,
        account: AccountId,
        job: JobId,
        action: JobAction,
        at: Timestamp,
    ) -> Result<Job, JobChangeError> {
        self.state().change_job(account, job, |entry| entry.act(action, at))
    }

    async fn break_off(
        &self,
        account: AccountId,
        job: JobId,
        at: Timestamp,
    ) -> Result<Job, JobChangeError> {
        self.state().change_job(account, job, |entry| entry.break_off(at))
    }

    async fn break_off_silent(
        &self,
        since: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<JobId>, StoreError> {
        let mut state = self.state();
        let silent = state.jobs.iter_mut().filter(|entry| entry.job.updated_at < since);
        let broken =
            silent.filter_map(|entry| entry.break_off(at).ok().map(|()| entry.job.clone()));
        let broken: Vec<_> = broken.collect();
        for batch in NewAuditBatch::joined(broken.iter().map(told::job_broken_off)) {
            state.tell(&batch);
        }
        Ok(broken.iter().map(|job| job.id).collect())
    }

    async fn forget_failures(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<u64>,
        at: Timestamp,
    ) -> Result<Option<u64>, JobChangeError> {
        self.state().job_mut(account, job)?.forget_failures(after, at)
    }

    async fn wanted(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<ExternalCustomerId>,
    ) -> Result<WantedPart, StoreError> {
        let state = self.state();
        let pending = state.job(account, job).into_iter().flat_map(|entry| entry.pending.keys());
        let next: Vec<_> = pending
            .filter(|place| after.as_ref().is_none_or(|after| place.external_customer > *after))
            .collect();
        let last = next.get(PART - 1).map(|place| place.external_customer.clone());
        let within =
            |place: &&&RowPlace| last.as_ref().is_none_or(|last| place.external_customer <= *last);
        let places = || next.iter().filter(within);
        let customers: HashSet<_> = places().map(|place| &place.external_customer).collect();
        let lists: HashSet<_> = places()
            .map(|place| {
                let kind = place.external_card.as_ref().map(ExternalCardId::listed_as);
                (&place.external_customer, kind)
            })
            .collect();
        let number = |count| u64::try_from(count).expect("a count fits 64 bits");
        let wanted = Wanted {
            rows: number(places().count()),
            customers: number(customers.len()),
            lists: number(lists.len()),
        };
        Ok(WantedPart { wanted, last })
    }

    async fn find_job(&self, account: AccountId, job: JobId) -> Result<Option<Job>, StoreError> {
        Ok(self.state().job(account, job).map(|entry| entry.job.clone()))
    }

    async fn list_jobs(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Job>, StoreError> {
        let state = self.state();
        let jobs = state.jobs.iter().map(|entry| &entry.job);
        let mut jobs: Vec<_> = jobs.filter(|job| job.account == account).collect();
        if order == SortOrder::Descending {
            jobs.reverse();
        }
        let offset = usize::try_from(page.offset()).expect("a number of items");
        let total = u64::try_from(jobs.len()).expect("a count fits 64 bits");
        let items = jobs.into_iter().skip(offset).take(count(page.size())).cloned().collect();
        Ok(Page { items, total })
    }

    async fn results(
        &self,
        account: AccountId,
        job: JobId,
        filter: OutcomeFilter,
        after: Option<(u64, u32)>,
        most: u32,
    ) -> Result<Vec<JobRow>, StoreError> {
        let state = self.state();
        let Some(entry) = state.job(account, job) else {
            return Ok(Vec::new());
        };
        let first = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = entry.rows.range((first, Bound::Unbounded)).map(|(_, row)| row);
        let wanted = rows.filter(|row| filter.takes(row.outcome));
        Ok(wanted.take(count(most)).cloned().collect())
    }
}

impl State {
    fn change_job(
        &mut self,
        account: AccountId,
        job: JobId,
        change: impl FnOnce(&mut Entry) -> Result<(), JobChangeError>,
    ) -> Result<Job, JobChangeError> {
        let entry = self.job_mut(account, job)?;
        let before = entry.job.clone();
        change(entry)?;
        let after = entry.job.clone();
        self.tell(&told::job_changed(&before, &after));
        Ok(after)
    }
}
