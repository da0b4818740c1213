use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::ApiKeyId;
use cardlift_core::audit::PaymentMethodFacts;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::Instrument;
use cardlift_core::job::JobId;
use cardlift_core::payment_method::{
    NewPaymentMethod, PaymentMethod, PaymentMethodId, SaveOutcome,
};
use cardlift_core::ports::{Lease, StoreError};
use diesel::prelude::*;

use super::InstrumentColumns;
use crate::schema::payment_method;
use crate::{Instant, corrupt};

/// A payment method, read.
#[derive(Clone, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = payment_method)]
pub struct PaymentMethodRow {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// The customer who pays with it.
    pub customer_id: i64,
    /// What is paid with.
    #[diesel(embed)]
    pub instrument: InstrumentColumns,
    /// Whether it is its customer's default.
    pub is_default: bool,
    created_at: Instant,
    updated_at: Instant,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Instant>,
    brought_in_by_job: Option<i64>,
}

impl PaymentMethodRow {
    /// What the audit trail says of it.
    #[must_use]
    pub fn facts(&self) -> PaymentMethodFacts<'_> {
        PaymentMethodFacts {
            is_default: self.is_default,
            deleted: self.deleted_at.is_some(),
            ..self.instrument.facts(self.customer_id)
        }
    }

    /// What saving this over the row does: `None` where the row is just so already.
    #[must_use]
    pub fn outcome_of(&self, new: &InstrumentColumns) -> Option<SaveOutcome> {
        match self.deleted_at {
            Some(_) => Some(SaveOutcome::Restored),
            None if self.instrument == *new => None,
            None => Some(SaveOutcome::Updated),
        }
    }
}

impl TryFrom<PaymentMethodRow> for PaymentMethod {
    type Error = StoreError;

    fn try_from(row: PaymentMethodRow) -> Result<Self, StoreError> {
        let (id, account) =
            (PaymentMethodId::try_from(row.id), AccountId::try_from(row.account_id));
        let customer = CustomerId::try_from(row.customer_id);
        Ok(Self {
            id: id.map_err(|why| corrupt("payment_method", why))?,
            account: account.map_err(|why| corrupt("payment_method", why))?,
            customer: customer.map_err(|why| corrupt("payment_method", why))?,
            instrument: row.instrument.try_into()?,
            is_default: row.is_default,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

/// A payment method, to be added.
///
/// What it has not is written as such: with a default in its place the statement could not be kept, and
/// would be prepared anew for each row.
#[derive(Clone, Insertable)]
#[diesel(table_name = payment_method, treat_none_as_default_value = false)]
pub struct NewPaymentMethodRow {
    /// Whose it is.
    pub account_id: i64,
    /// The customer who pays with it.
    pub customer_id: i64,
    /// What is paid with.
    #[diesel(embed)]
    pub instrument: InstrumentColumns,
    is_default: bool,
    created_at: Instant,
    /// Now.
    pub updated_at: Instant,
    /// The job that brings it in, if it is one.
    pub brought_in_by_job: Option<i64>,
}

impl NewPaymentMethodRow {
    /// A row that is no default yet: the default moves in a step of its own.
    #[must_use]
    pub fn new(account: AccountId, new: &NewPaymentMethod, at: Timestamp) -> Self {
        Self::of(account.get(), new.customer, &new.instrument, at)
    }

    /// The same for what a job brings in.
    #[must_use]
    pub fn of_job(
        lease: &Lease,
        customer: CustomerId,
        instrument: &Instrument,
        at: Timestamp,
    ) -> Self {
        let row = Self::of(lease.account.get(), customer, instrument, at);
        Self { brought_in_by_job: Some(lease.job.get()), ..row }
    }

    /// What the audit trail says of it.
    #[must_use]
    pub fn facts(&self) -> PaymentMethodFacts<'_> {
        self.instrument.facts(self.customer_id)
    }

    /// The row as it is in the table, once it was added under this id.
    #[must_use]
    pub fn added(self, id: i64) -> PaymentMethodRow {
        PaymentMethodRow {
            id,
            account_id: self.account_id,
            customer_id: self.customer_id,
            instrument: self.instrument,
            is_default: self.is_default,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: None,
            brought_in_by_job: self.brought_in_by_job,
        }
    }

    fn of(account_id: i64, customer: CustomerId, instrument: &Instrument, at: Timestamp) -> Self {
        Self {
            account_id,
            customer_id: customer.get(),
            instrument: InstrumentColumns::from(instrument),
            is_default: false,
            created_at: Instant(at),
            updated_at: Instant(at),
            brought_in_by_job: None,
        }
    }
}

/// What saving over a row sets besides what is paid with: one that was deleted is back, brought in by
/// whoever saves it.
#[derive(AsChangeset)]
#[diesel(table_name = payment_method, treat_none_as_null = true)]
pub struct Rewrite<'a> {
    #[diesel(embed)]
    instrument: &'a InstrumentColumns,
    updated_at: Instant,
    deleted_at: Option<Instant>,
    deleted_by: Option<i64>,
    deleted_by_job: Option<i64>,
    brought_in_by_job: Option<i64>,
}

impl<'a> Rewrite<'a> {
    /// Saving `new` over `there`.
    #[must_use]
    pub const fn new(there: &PaymentMethodRow, new: &'a NewPaymentMethodRow) -> Self {
        let was_deleted = there.deleted_at.is_some();
        let by = if was_deleted { new.brought_in_by_job } else { there.brought_in_by_job };
        Self {
            instrument: &new.instrument,
            updated_at: new.updated_at,
            deleted_at: None,
            deleted_by: None,
            deleted_by_job: None,
            brought_in_by_job: by,
        }
    }
}

/// What deleting sets.
#[derive(AsChangeset)]
#[diesel(table_name = payment_method)]
pub struct Deletion {
    is_default: bool,
    updated_at: Instant,
    deleted_at: Option<Instant>,
    deleted_by: Option<i64>,
    deleted_by_job: Option<i64>,
}

impl Deletion {
    /// By this key, now.
    #[must_use]
    pub fn new(by: ApiKeyId, at: Timestamp) -> Self {
        Self { deleted_by: Some(by.get()), ..Self::by_nobody(at) }
    }

    /// By the undoing of this job, now.
    #[must_use]
    pub fn by_job(job: JobId, at: Timestamp) -> Self {
        Self { deleted_by_job: Some(job.get()), ..Self::by_nobody(at) }
    }

    const fn by_nobody(at: Timestamp) -> Self {
        let at = Instant(at);
        Self {
            is_default: false,
            updated_at: at,
            deleted_at: Some(at),
            deleted_by: None,
            deleted_by_job: None,
        }
    }
}
