#![expect(missing_docs, reason = "the macro names the functions' types, and gives them no doc")]

use cardlift_core::account::AccountId;
use cardlift_core::audit::{
    AuditBatch, AuditBatchDigest, AuditBatchId, AuditLink, AuditSeal, NewAuditBatch,
};
use cardlift_core::ports::{BatchStanding, LinkedBatch, StoreError};
use diesel::dsl::{auto_type, exists, not, select};
use diesel::prelude::*;

use crate::schema::{audit_batch, audit_link, audit_waiting};
use crate::{Instant, corrupt};

/// A batch, read.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = audit_batch)]
pub struct AuditBatchRow {
    id: i64,
    account_id: i64,
    at: Instant,
    subjects: String,
    items: String,
}

/// A batch that waits, read: not what was changed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_batch)]
pub struct WaitingBatchRow {
    id: i64,
    account_id: i64,
    at: Instant,
    subjects: String,
}

/// A batch, to be written. It is the same statement for each, so that it is prepared once.
#[derive(Clone, Insertable)]
#[diesel(table_name = audit_batch, treat_none_as_default_value = false)]
pub struct NewAuditBatchRow<'a> {
    pub account_id: i64,
    pub at: Instant,
    pub subjects: &'a str,
    pub items: &'a str,
}

/// A link of the chain, read or to be written.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_link)]
pub struct AuditLinkRow {
    account_id: i64,
    position: i64,
    batch_id: i64,
    seal: Vec<u8>,
}

impl<'a> From<&'a NewAuditBatch> for NewAuditBatchRow<'a> {
    fn from(batch: &'a NewAuditBatch) -> Self {
        Self {
            account_id: batch.account.get(),
            at: Instant(batch.at),
            subjects: batch.subjects(),
            items: batch.items(),
        }
    }
}

impl TryFrom<AuditBatchRow> for AuditBatch {
    type Error = StoreError;

    fn try_from(row: AuditBatchRow) -> Result<Self, StoreError> {
        let (id, account) = (AuditBatchId::try_from(row.id), AccountId::try_from(row.account_id));
        Ok(Self {
            id: id.map_err(|why| corrupt("audit_batch", why))?,
            account: account.map_err(|why| corrupt("audit_batch", why))?,
            at: row.at.0,
            subjects: row.subjects,
            items: row.items,
        })
    }
}

/// A batch that waits, from its row and the digest of what was changed.
pub fn unchained((row, items): (WaitingBatchRow, Vec<u8>)) -> Result<AuditBatchDigest, StoreError> {
    let WaitingBatchRow { id, account_id, at, subjects } = row;
    let id = AuditBatchId::try_from(id).map_err(|why| corrupt("audit_waiting", why))?;
    let account = AccountId::try_from(account_id).map_err(|why| corrupt("audit_waiting", why))?;
    // One that is none fits nothing that was written: whoever verifies the batch is told so.
    let items = items.try_into().unwrap_or_default();
    Ok(AuditBatchDigest::new(id, account, at.0, &subjects, &items))
}

impl From<&AuditLink> for AuditLinkRow {
    fn from(link: &AuditLink) -> Self {
        Self {
            account_id: link.account.get(),
            position: link.position,
            batch_id: link.batch.get(),
            seal: link.seal.as_bytes().to_vec(),
        }
    }
}

impl TryFrom<AuditLinkRow> for AuditLink {
    type Error = StoreError;

    fn try_from(row: AuditLinkRow) -> Result<Self, StoreError> {
        let account = AccountId::try_from(row.account_id);
        let batch = AuditBatchId::try_from(row.batch_id);
        let seal = row.seal.try_into().map_err(|_| corrupt("audit_link", "no seal"))?;
        Ok(Self {
            account: account.map_err(|why| corrupt("audit_link", why))?,
            position: row.position,
            batch: batch.map_err(|why| corrupt("audit_link", why))?,
            seal: AuditSeal::from_bytes(seal),
        })
    }
}

/// A link, and its batch where that is there.
pub fn linked(
    (link, batch): (AuditLinkRow, Option<AuditBatchRow>),
) -> Result<LinkedBatch, StoreError> {
    let batch = batch.map(AuditBatch::try_from).transpose()?;
    Ok(LinkedBatch { link: link.try_into()?, batch })
}

/// The batches that wait, by their ids, of all accounts but these. What has no number that an account or a
/// batch can have, somebody else has put there: it is nobody's, and keeps none of the others up.
#[must_use]
#[auto_type]
pub fn waiting(except: &[AccountId]) -> _ {
    let except: Vec<i64> = except.iter().map(|account| account.get()).collect();
    let its_batch = audit_batch::account_id
        .eq(audit_waiting::account_id)
        .and(audit_batch::id.eq(audit_waiting::id));
    audit_waiting::table
        .inner_join(audit_batch::table.on(its_batch))
        .filter(audit_waiting::account_id.ne_all(except))
        .filter(audit_waiting::account_id.gt(0_i64))
        .filter(audit_waiting::id.gt(0_i64))
        .order(audit_waiting::id)
}

/// Those of these batches that wait, and have their link.
#[must_use]
#[auto_type]
pub fn waits_in_vain(batches: Vec<i64>) -> _ {
    let link = audit_link::table
        .filter(audit_link::account_id.eq(audit_waiting::account_id))
        .filter(audit_link::batch_id.eq(audit_waiting::id));
    audit_waiting::table.filter(audit_waiting::id.eq_any(batches)).filter(exists(link))
}

/// The links of an account after this place, by their place, with their batches.
#[must_use]
#[auto_type]
pub fn links_after(account: i64, after: i64) -> _ {
    let its_batch = audit_batch::account_id
        .eq(audit_link::account_id)
        .and(audit_batch::id.eq(audit_link::batch_id));
    audit_link::table
        .left_join(audit_batch::table.on(its_batch))
        .filter(audit_link::account_id.eq(account))
        .filter(audit_link::position.gt(after))
        .order(audit_link::position)
}

/// Whether there is any link.
#[auto_type]
pub fn is_chained() -> _ {
    select(exists(audit_link::table.select(audit_link::position)))
}

/// The last link of an account.
#[must_use]
#[auto_type]
pub fn last_link(account: i64) -> _ {
    audit_link::table.filter(audit_link::account_id.eq(account)).order(audit_link::position.desc())
}

/// The batches of an account after this one, by their ids.
#[must_use]
#[auto_type]
pub fn batches_after(account: i64, after: Option<AuditBatchId>) -> _ {
    let after: i64 = after.map_or(0, AuditBatchId::get);
    audit_batch::table
        .filter(audit_batch::account_id.eq(account))
        .filter(audit_batch::id.gt(after))
        .order(audit_batch::id)
}

/// The ids of an account's batches after this one, and whether they have no link, and wait for none.
#[must_use]
#[auto_type]
pub fn standings(account: i64, after: Option<AuditBatchId>) -> _ {
    let link = audit_link::table
        .filter(audit_link::account_id.eq(audit_batch::account_id))
        .filter(audit_link::batch_id.eq(audit_batch::id));
    let wait = audit_waiting::table.filter(audit_waiting::id.eq(audit_batch::id));
    let batches: batches_after = batches_after(account, after);
    batches.select((audit_batch::id, not(exists(link)).and(not(exists(wait)))))
}

/// What came of [`standings()`].
pub fn standing((id, is_stray): (i64, bool)) -> Result<BatchStanding, StoreError> {
    let batch = AuditBatchId::try_from(id).map_err(|why| corrupt("audit_batch", why))?;
    Ok(BatchStanding { batch, is_stray })
}
