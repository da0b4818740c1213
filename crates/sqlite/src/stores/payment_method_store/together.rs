//! Saving the payment methods of several callers in one transaction, since what takes long is the
//! commit.

use std::time::Duration;

use cardlift_core::payment_method::{DefaultChoice, SaveOutcome};
use cardlift_core::ports::SaveError;
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::{Merging, SharedError};
use diesel::Connection as _;
use diesel::prelude::*;
use diesel_async::pooled_connection::deadpool::Pool;
use futures_util::FutureExt as _;

use super::{save, save_error};
use crate::database::Connection as Writer;
use crate::error::{shared, shared_from_pool};

type New = (NewPaymentMethodRow, DefaultChoice);
type Saved = Result<(PaymentMethodRow, SaveOutcome), SaveError>;

/// What saves them.
pub(crate) type Saving = Merging<New, (PaymentMethodRow, SaveOutcome), SaveError>;

/// There is one writer, so one lot at a time.
pub(crate) fn saving(writer: &Pool<Writer>, patience: Duration) -> Saving {
    let writer = writer.clone();
    Merging::new("save_payment_method", 1, patience, move |new: Vec<New>| {
        let writer = writer.clone();
        async move {
            let count = new.len();
            save_all(&writer, new).await.unwrap_or_else(|error| {
                let told = || Err(SaveError::Store(error.clone().into()));
                std::iter::repeat_with(told).take(count).collect()
            })
        }
        .boxed()
    })
}

/// One that fails leaves nothing, and the others where they are.
async fn save_all(writer: &Pool<Writer>, new: Vec<New>) -> Result<Vec<Saved>, SharedError> {
    let mut connection = writer.get().await.map_err(shared_from_pool)?;
    let work = move |connection: &mut SqliteConnection| {
        connection.immediate_transaction(|connection| {
            let each = new.iter().map(|(row, default)| match default {
                // It writes one row, or none where that fails.
                DefaultChoice::LeaveAsIs => save(connection, row, *default),
                DefaultChoice::MakeDefault => {
                    connection.transaction(|connection| save(connection, row, *default))
                }
            });
            Ok(each.map(|saved| saved.map_err(save_error)).collect())
        })
    };
    connection.spawn_blocking(work).await.map_err(shared)
}
