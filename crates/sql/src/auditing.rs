//! What the audit trail says of payment methods that are saved and deleted, and of jobs that are led
//! from one state to another. What it says of the rest is
//! [in the core](cardlift_core::audit::told).

use cardlift_core::audit::{
    AuditAction, AuditItem, Facts, FormerDefaultFacts, NewAuditBatch, PaymentMethodFacts, told,
};
use cardlift_core::job::Tally;
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::StoreError;

use crate::row::{ImportJobRow, NewPaymentMethodRow, PaymentMethodRow};

/// That this was added.
#[must_use]
pub fn imported(new: &NewPaymentMethodRow) -> AuditItem {
    AuditItem::new(AuditAction::PaymentMethodImported, None, Some(&new.facts()))
}

/// That saving this over the row `before`, as [`Rewrite`](crate::row::Rewrite) does it, changed it so.
#[must_use]
pub fn rewritten(
    before: &PaymentMethodRow,
    new: &NewPaymentMethodRow,
    outcome: SaveOutcome,
) -> AuditItem {
    let action = match outcome {
        SaveOutcome::Restored => AuditAction::PaymentMethodRestored,
        _ => AuditAction::PaymentMethodUpdated,
    };
    let after = PaymentMethodFacts { is_default: before.is_default, ..new.facts() };
    AuditItem::new(action, Some(&before.facts()), Some(&after))
}

/// That the row was deleted.
#[must_use]
pub fn deleted(before: &PaymentMethodRow) -> AuditItem {
    AuditItem::new(AuditAction::PaymentMethodDeleted, Some(&before.facts()), None)
}

/// That the row became its customer's default in place of the one of this id, where there was one.
#[must_use]
pub fn made_default(former: Option<i64>, after: &PaymentMethodRow) -> AuditItem {
    let former = former.map(FormerDefaultFacts);
    let before = former.as_ref().map(|former| -> &dyn Facts { former });
    AuditItem::new(AuditAction::DefaultChanged, before, Some(&after.facts()))
}

/// That the job stands elsewhere than it did; nothing where it does not.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn job_changed(before: ImportJobRow, after: ImportJobRow) -> Result<NewAuditBatch, StoreError> {
    // The trail says nothing of what became of the rows.
    let job = |row: ImportJobRow| row.into_job(Tally::default());
    Ok(told::job_changed(&job(before)?, &job(after)?))
}

/// That these jobs, which received their rows, were broken off: a batch for each account.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn jobs_broken_off(after: Vec<ImportJobRow>) -> Result<Vec<NewAuditBatch>, StoreError> {
    let job = |row: ImportJobRow| row.into_job(Tally::default());
    let broken = after.into_iter().map(|row| Ok(told::job_broken_off(&job(row)?)));
    Ok(NewAuditBatch::joined(broken.collect::<Result<Vec<_>, StoreError>>()?))
}
