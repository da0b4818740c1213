use std::collections::BTreeSet;
use std::ops::Bound;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{RowPlace, RunMode, ScanPiece};
use cardlift_core::ports::{JobWork, Lease, LeaseError, PendingRow, Settled, Settlement, Undoing};

use super::super::{InMemory, State};
use super::count;

#[async_trait]
impl JobWork for InMemory {
    async fn pending(
        &self,
        lease: &Lease,
        after: Option<RowPlace>,
        most: u32,
    ) -> Result<Vec<PendingRow>, LeaseError> {
        let mut state = self.state();
        let first = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = state.leased(lease)?.pending.range((first, Bound::Unbounded));
        let lines: Vec<_> = rows.map(|(_, line)| *line).take(count(most)).collect();
        Ok(state.pending_rows(lease, &lines))
    }

    async fn pending_of(
        &self,
        lease: &Lease,
        customers: &[ExternalCustomerId],
    ) -> Result<Vec<PendingRow>, LeaseError> {
        let mut state = self.state();
        let pending = &state.leased(lease)?.pending;
        let customers: BTreeSet<_> = customers.iter().collect();
        let asked =
            pending.iter().filter(|(place, _)| customers.contains(&place.external_customer));
        let lines: Vec<_> = asked.map(|(_, line)| *line).collect();
        Ok(state.pending_rows(lease, &lines))
    }

    async fn pieces(&self, lease: &Lease) -> Result<Vec<ScanPiece>, LeaseError> {
        Ok(self.state().leased(lease)?.pieces.values().cloned().collect())
    }

    async fn settle(
        &self,
        lease: &Lease,
        mode: RunMode,
        settlement: &Settlement,
        at: Timestamp,
    ) -> Result<Settled, LeaseError> {
        self.state().settle(lease, mode, settlement, at)
    }

    async fn undo(
        &self,
        lease: &Lease,
        after: Option<u64>,
        most: u32,
        at: Timestamp,
    ) -> Result<Undoing, LeaseError> {
        self.state().undo(lease, after, count(most), at)
    }
}

impl State {
    fn pending_rows(&self, lease: &Lease, lines: &[u64]) -> Vec<PendingRow> {
        let Some(entry) = self.job(lease.account, lease.job) else {
            return Vec::new();
        };
        let row = |line: &u64| {
            let target = entry.rows.get(&(*line, 0))?.target.clone()?;
            let customer_known = self.customers.contains_key(&(lease.account, target.customer));
            Some(PendingRow { line: *line, target, customer_known })
        };
        lines.iter().filter_map(row).collect()
    }
}
