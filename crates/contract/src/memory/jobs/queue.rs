use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::told;
use cardlift_core::job::{Job, JobId, JobState};
use cardlift_core::ports::{JobQueue, Lease, LeaseError, Leave, StoreError, WorkerId};
use cardlift_core::vault::VaultAccount;

use super::super::{InMemory, State};
use super::Entry;

#[async_trait]
impl JobQueue for InMemory {
    async fn acquire(
        &self,
        _worker: &WorkerId,
        only: Option<JobId>,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Lease, Job)>, StoreError> {
        let mut state = self.state();
        let next = state.jobs.iter().position(|entry| {
            only.is_none_or(|only| entry.job.id == only)
                && entry.job.state.is_at_work()
                && !state.is_disabled(entry.job.account)
                && state.at_work(&entry.job.options.vault, at).is_none()
        });
        let Some(index) = next else {
            return Ok(None);
        };
        let vault = state.jobs[index].job.options.vault.clone();
        // Another job's lease that is over must not be renewed beside this one.
        for entry in state.jobs.iter_mut().filter(|entry| entry.job.options.vault == vault) {
            entry.held_until = None;
        }
        let entry = &mut state.jobs[index];
        entry.token += 1;
        entry.held_until = Some(until);
        let job = entry.job.clone();
        Ok(Some((Lease { account: job.account, job: job.id, token: entry.token }, job)))
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<JobState, LeaseError> {
        let mut state = self.state();
        if state.is_disabled(lease.account) {
            return Err(LeaseError::Lost);
        }
        let entry = state.leased(lease)?;
        entry.held_until = Some(until);
        Ok(entry.job.state)
    }

    async fn leave(&self, lease: &Lease, how: Leave, at: Timestamp) -> Result<(), LeaseError> {
        let mut state = self.state();
        let entry = state.leased(lease)?;
        let before = entry.job.clone();
        entry.held_until = None;
        match how {
            Leave::Done => entry.finish(at),
            Leave::Halted(reason) if entry.job.state == JobState::Running => {
                entry.job.state = JobState::Paused;
                entry.job.halt = Some(reason);
                entry.job.updated_at = at;
            }
            Leave::AsItIs | Leave::Halted(_) => {}
        }
        let batch = told::job_changed(&before, &entry.job);
        state.tell(&batch);
        Ok(())
    }

    async fn at_work(
        &self,
        vault: &VaultAccount,
        at: Timestamp,
    ) -> Result<Option<JobId>, StoreError> {
        Ok(self.state().at_work(vault, at))
    }
}

impl State {
    fn is_disabled(&self, id: AccountId) -> bool {
        self.accounts.iter().any(|account| account.id == id && account.disabled_at.is_some())
    }

    fn at_work(&self, vault: &VaultAccount, at: Timestamp) -> Option<JobId> {
        let held = |entry: &&Entry| {
            entry.job.options.vault == *vault && entry.held_until.is_some_and(|until| until > at)
        };
        self.jobs.iter().find(held).map(|entry| entry.job.id)
    }
}

impl Entry {
    fn finish(&mut self, at: Timestamp) {
        match self.job.state {
            JobState::Running | JobState::Paused | JobState::Cancelled
                if self.pending.is_empty() =>
            {
                self.job.state = JobState::Finished;
                self.job.finished_at = Some(at);
            }
            JobState::Undoing => self.job.state = JobState::Undone,
            _ => return,
        }
        self.job.updated_at = at;
    }
}
