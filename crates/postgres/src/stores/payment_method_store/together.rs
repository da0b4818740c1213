//! Saving the payment methods of several callers at the same time.

use std::collections::HashMap;

use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::SaveError;
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;

use super::one;
use super::save::SavedRow;
use crate::database::{Connections, FirstStatement, Whose};
use crate::error::LotError;
use crate::merged::Told;
use crate::stores::many_payment_methods::{Batch, Key, find, insert_and_tell};

/// Saves those that are new, and finds those that are there just so. To change one that is there
/// its customer has to be asked first: `None` for these, whose callers save them by themselves. So do
/// all where one is refused, or is held by somebody: nothing is told.
///
/// What was refused or stopped is rolled back. Where a connection breaks, or its settings are not taken,
/// it is not known what was saved: who saves it again finds it there.
pub(crate) async fn save(
    connections: &Connections,
    new: Vec<Told>,
) -> Vec<Result<Option<SavedRow>, SaveError>> {
    match try_save(connections, &new).await {
        Ok(mut saved) => new.into_iter().map(|(new, _)| saved.take(new)).collect(),
        Err(LotError::Gone(error)) => {
            new.iter().map(|_| Err(SaveError::Store(error.clone().into()))).collect()
        }
        Err(LotError::OneOfThem) => Vec::new(),
    }
}

/// The ids of those that were inserted, and the rows that were there. The insert is committed,
/// whatever was met after it.
struct Saved {
    inserted: HashMap<Key, i64>,
    there: Result<HashMap<Key, PaymentMethodRow>, LotError>,
}

impl Saved {
    fn take(&mut self, new: NewPaymentMethodRow) -> Result<Option<SavedRow>, SaveError> {
        let key = new_key(&new);
        if let Some(id) = self.inserted.remove(&key) {
            return Ok(Some((new.added(id), SaveOutcome::Imported)));
        }
        match &self.there {
            Ok(there) => {
                let there = there.get(&key);
                let same = there.filter(|there| there.outcome_of(&new.instrument).is_none());
                Ok(same.map(|there| (there.clone(), SaveOutcome::Unchanged)))
            }
            Err(LotError::Gone(error)) => Err(SaveError::Store(error.clone().into())),
            Err(LotError::OneOfThem) => Ok(None),
        }
    }
}

/// In the order in which everybody takes payment methods, so that no two wait for each other. What
/// two callers bring is written for the first one.
async fn try_save(connections: &Connections, new: &[Told]) -> Result<Saved, LotError> {
    let whose = Whose::of_ids(new.iter().map(|(row, _)| row.account_id));
    let mut told: Vec<_> = new.iter().collect();
    told.sort_by_key(|(row, _)| key(row));
    told.dedup_by_key(|(row, _)| key(row));
    let inserted = connections.beginning_with(whose, New(&told)).await;
    let (mut connection, inserted) = inserted.map_err(LotError::from_pool)?;
    let inserted = inserted.map_err(LotError::from_diesel)?;
    let there = if inserted.len() == new.len() {
        Ok(HashMap::new())
    } else {
        let rows: Vec<_> = told.iter().map(|(row, _)| row).collect();
        let there = find(&mut connection, &rows).await.map_err(LotError::from_diesel);
        there.map(|there| there.into_iter().map(|row| (row_key(&row), row)).collect())
    };
    Ok(Saved { inserted, there })
}

/// Those that are inserted where they are not there.
struct New<'a>(&'a [&'a Told]);

impl FirstStatement for New<'_> {
    /// The ids of those that were not there.
    type Answer = HashMap<Key, i64>;

    async fn run(self, connection: &AsyncPgConnection) -> QueryResult<HashMap<Key, i64>> {
        let Self(told) = self;
        // For one row the server has less work with a statement that is for one.
        if let [(row, item)] = told {
            let id = one::insert_and_tell(connection, row, item).await?;
            return Ok(id.map(|id| (new_key(row), id)).into_iter().collect());
        }
        let rows: Vec<_> = told.iter().map(|(row, _)| row).collect();
        insert_and_tell(connection, &rows, &batches(told)).await
    }
}

/// A batch for each account, of rows that are in the order of their accounts.
fn batches(told: &[&Told]) -> Vec<Batch> {
    let of_accounts = told.chunk_by(|(one, _), (next, _)| one.account_id == next.account_id);
    let batch = |told: &[&Told]| {
        let (first, _) = told.first()?;
        let items: Vec<_> = told.iter().map(|(_, item)| item.as_str()).collect();
        let (lines, items) = (i64::try_from(items.len()).ok()?, items.join("\n"));
        Some(Batch { account: first.account_id, at: first.updated_at, lines, items })
    };
    of_accounts.filter_map(batch).collect()
}

fn new_key(row: &NewPaymentMethodRow) -> Key {
    (row.account_id, row.customer_id, row.instrument.external_card_id.clone())
}

fn row_key(row: &PaymentMethodRow) -> Key {
    (row.account_id, row.customer_id, row.instrument.external_card_id.clone())
}

fn key(row: &NewPaymentMethodRow) -> (i64, i64, &str) {
    (row.account_id, row.customer_id, &row.instrument.external_card_id)
}
