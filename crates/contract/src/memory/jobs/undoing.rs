use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::job::{JobRow, RowOutcome, RunMode};
use cardlift_core::ports::{Lease, LeaseError, Undoing};

use super::super::State;
use super::Entry;

impl State {
    pub(super) fn undo(
        &mut self,
        lease: &Lease,
        after: Option<u64>,
        most: usize,
        at: Timestamp,
    ) -> Result<Undoing, LeaseError> {
        let entry = self.leased(lease)?;
        let lines = entry.lines(after, most);
        let (mut deleted, mut batch) = (0, NewAuditBatch::new(lease.account, at));
        for row in entry.brought_in(&lines) {
            let Some(id) = row.payment_method else {
                continue;
            };
            let since = self.brought_in.get(&id) != Some(&lease.job);
            if !since && self.remove(id, &mut batch).is_ok() {
                deleted += 1;
                let row = JobRow { undone: true, ..row };
                self.leased(lease)?.rows.insert((row.line, row.part), row);
            }
        }
        self.tell(&batch);
        let entry = self.leased(lease)?;
        entry.job.updated_at = at;
        Ok(Undoing { deleted, last: lines.last().copied(), state: entry.job.state })
    }
}

impl Entry {
    /// The results on these lines that brought in a payment method which is not undone yet.
    fn brought_in(&self, lines: &[u64]) -> Vec<JobRow> {
        if self.job.options.mode == RunMode::DryRun {
            return Vec::new();
        }
        let rows = lines.iter().flat_map(|line| self.rows.range((*line, 0)..=(*line, u32::MAX)));
        rows.map(|(_, row)| row)
            .filter(|row| !row.undone && row.outcome.is_some_and(RowOutcome::brought_in))
            .cloned()
            .collect()
    }
}
