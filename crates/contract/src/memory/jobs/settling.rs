use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::Instrument;
use cardlift_core::job::{FailureReason, JobRow, RowOutcome, RunMode, Tally};
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethodId, SaveOutcome,
};
use cardlift_core::ports::{Finding, Found, Lease, LeaseError, Settled, Settlement};

use super::super::State;
use super::Entry;

/// What became of a row, or of one of its cards.
struct Part {
    outcome: RowOutcome,
    detail: Option<String>,
    payment_method: Option<PaymentMethodId>,
}

impl State {
    pub(super) fn settle(
        &mut self,
        lease: &Lease,
        mode: RunMode,
        settlement: &Settlement,
        at: Timestamp,
    ) -> Result<Settled, LeaseError> {
        let mut tally = Tally::default();
        let mut batch = NewAuditBatch::new(lease.account, at);
        for finding in &settlement.findings {
            if !self.leased(lease)?.is_pending(finding) {
                continue;
            }
            let parts = self.carry_out(lease, mode, finding, &mut batch);
            for part in &parts {
                tally.add(part.outcome, 1);
            }
            self.leased(lease)?.record(finding.line, parts);
        }
        self.tell(&batch);
        let entry = self.leased(lease)?;
        for piece in &settlement.pieces {
            entry.pieces.insert(piece.id, piece.clone());
        }
        entry.job.vault_calls += settlement.vault_calls;
        entry.job.updated_at = at;
        Ok(Settled { tally, state: entry.job.state })
    }

    /// Imports what was found for a row, or only finds out what that would do.
    fn carry_out(
        &mut self,
        lease: &Lease,
        mode: RunMode,
        finding: &Finding,
        batch: &mut NewAuditBatch,
    ) -> Vec<Part> {
        let customer = finding.target.customer;
        if !self.customers.contains_key(&(lease.account, customer)) {
            let detail = format!("Customer with id {customer} not found.");
            return vec![Part::failed(FailureReason::CustomerNotFound, detail)];
        }
        match &finding.found {
            Found::Nothing { reason, detail } => vec![Part::failed(*reason, detail.clone())],
            Found::Instruments(instruments) => {
                let new = instruments.iter().map(|instrument| new(customer, instrument));
                new.map(|new| self.import(lease, mode, &new, batch)).collect()
            }
        }
    }

    fn import(
        &mut self,
        lease: &Lease,
        mode: RunMode,
        new: &NewPaymentMethod,
        batch: &mut NewAuditBatch,
    ) -> Part {
        let (index, outcome) = match mode {
            RunMode::DryRun => self.foresee(lease.account, new),
            RunMode::Import => {
                let (index, outcome) = self.upsert(new, Some(lease.job), batch);
                (Some(index), outcome)
            }
        };
        let payment_method = index.map(|index| self.payment_methods[index].id);
        Part { outcome: row_outcome(outcome), detail: None, payment_method }
    }
}

impl Part {
    const fn failed(reason: FailureReason, detail: String) -> Self {
        let outcome = RowOutcome::Failed(reason);
        Self { outcome, detail: Some(detail), payment_method: None }
    }
}

impl Entry {
    fn is_pending(&self, finding: &Finding) -> bool {
        self.rows.get(&(finding.line, 0)).is_some_and(|row| row.outcome.is_none())
    }

    fn record(&mut self, line: u64, parts: Vec<Part>) {
        let Some(row) = self.rows.get(&(line, 0)).cloned() else {
            return;
        };
        if let Some(target) = &row.target {
            self.pending.remove(&target.place());
        }
        for (part, Part { outcome, detail, payment_method }) in (0..).zip(parts) {
            self.job.tally.add(outcome, 1);
            let settled =
                JobRow { part, outcome: Some(outcome), detail, payment_method, ..row.clone() };
            self.rows.insert((line, part), settled);
        }
        self.job.settled += 1;
    }
}

fn new(customer: CustomerId, instrument: &Instrument) -> NewPaymentMethod {
    let (instrument, default) = (instrument.clone(), DefaultChoice::LeaveAsIs);
    NewPaymentMethod { customer, instrument, default }
}

const fn row_outcome(outcome: SaveOutcome) -> RowOutcome {
    match outcome {
        SaveOutcome::Imported => RowOutcome::Imported,
        SaveOutcome::Restored => RowOutcome::Restored,
        SaveOutcome::Updated => RowOutcome::Updated,
        SaveOutcome::Unchanged => RowOutcome::Unchanged,
    }
}
