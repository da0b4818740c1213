//! The calls that are carried out together with others of their kind: those of an import.

use std::time::Duration;

use cardlift_core::account::AccountId;
use cardlift_core::audit::AuditItem;
use cardlift_core::customer::{Customer, CustomerId};
use cardlift_core::ports::{SaveError, StoreError};
use cardlift_sql::Merging;
use cardlift_sql::row::NewPaymentMethodRow;
use futures_util::FutureExt as _;

use crate::database::Connections;
use crate::stores::{SavedRow, find_customers, save_together};

/// How many lots of one kind are under way at once, at most: the second goes where many wait, or the
/// first is held up.
const LANES: usize = 2;

/// A payment method to be saved, and what the audit trail says of it if it is added.
pub(crate) type Told = (NewPaymentMethodRow, AuditItem);

pub(crate) struct Merged {
    pub(crate) customers: Merging<(AccountId, CustomerId), Option<Customer>, StoreError>,
    /// Which of them were saved. What has to be done by itself was not.
    pub(crate) payment_methods: Merging<Told, Option<SavedRow>, SaveError>,
}

impl Merged {
    /// How many connections all lots together take.
    pub(crate) const CONNECTIONS: usize = 2 * LANES;

    /// `timeout` is the time of a call. After half of it a call does by itself what was not done together,
    /// and has time left also where its lot has only begun by then and holds its row: the server stops the
    /// lot after a quarter.
    pub(crate) fn new(connections: &Connections, timeout: Duration) -> Self {
        let connections = connections.within(timeout / 4);
        let patience = timeout / 2;
        let (reading, writing) = (connections.clone(), connections);
        Self {
            customers: Merging::new("find_customer", LANES, patience, move |asked| {
                let connections = reading.clone();
                async move { find_customers(&connections, asked).await }.boxed()
            }),
            payment_methods: Merging::new("save_payment_method", LANES, patience, move |new| {
                let connections = writing.clone();
                async move { save_together(&connections, new).await }.boxed()
            }),
        }
    }
}
