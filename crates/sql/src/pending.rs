//! The rows of a job that have no outcome: the statements, and what they return.

use cardlift_core::job::RowPlace;
use cardlift_core::ports::{PendingRow, StoreError};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool};

use crate::row::{TargetColumns, line_number};
use crate::{Statement, corrupt};

/// Those of account `$1` and job `$2` whose place comes after the customer of the vault `$3`, its
/// card `$4` and the customer `$5`, in this order: `$6` of them.
///
/// Whether the customer is there is asked for each row by itself: as a join it would be up to the
/// planner to read all of the customers first.
pub const AFTER_PLACE: &str = "
    SELECT line, customer_id, customer_as_given, external_customer_id, external_card_id,
        (SELECT id FROM customer
         WHERE customer.account_id = import_row.account_id
             AND customer.id = import_row.customer_id) IS NOT NULL AS customer_known
    FROM import_row
    WHERE account_id = $1 AND job_id = $2 AND is_target
        AND (external_customer_id, external_card_id, customer_id) > ($3, $4, $5)
        AND outcome IS NULL
    ORDER BY external_customer_id, external_card_id, customer_id
    LIMIT $6";

/// Those of account `$1` and job `$2` that ask for something of the vault's customer `$3`.
pub struct OfCustomer;

impl Statement for OfCustomer {
    const TEXT: &'static str = "
    SELECT line, customer_id, customer_as_given, external_customer_id, external_card_id,
        (SELECT id FROM customer
         WHERE customer.account_id = import_row.account_id
             AND customer.id = import_row.customer_id) IS NOT NULL AS customer_known
    FROM import_row
    WHERE account_id = $1 AND job_id = $2 AND is_target
        AND external_customer_id = $3 AND outcome IS NULL";
}

/// The same of each of the vault's customers in the array `$3`, for Postgres. By its order one index
/// has them ready, so that is the one which is read for each, whatever the planner takes a job for
/// that has just come in.
pub const OF_CUSTOMERS: &str = "
    SELECT found.*
    FROM unnest($3) AS asked (id)
    CROSS JOIN LATERAL (
        SELECT line, customer_id, customer_as_given, external_customer_id, external_card_id,
            (SELECT id FROM customer
             WHERE customer.account_id = import_row.account_id
                 AND customer.id = import_row.customer_id) IS NOT NULL AS customer_known
        FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND is_target
            AND external_customer_id = asked.id AND outcome IS NULL
        ORDER BY external_customer_id, external_card_id, customer_id
    ) AS found";

/// A row without an outcome.
#[derive(QueryableByName)]
pub struct PendingColumns {
    #[diesel(sql_type = BigInt)]
    line: i64,
    #[diesel(embed)]
    target: TargetColumns,
    #[diesel(sql_type = Bool)]
    customer_known: bool,
}

impl TryFrom<PendingColumns> for PendingRow {
    type Error = StoreError;

    fn try_from(row: PendingColumns) -> Result<Self, StoreError> {
        let target = row.target.into_target()?;
        Ok(Self {
            line: line_number(row.line)?,
            target: target.ok_or_else(|| corrupt("import_row", "it asks for nothing"))?,
            customer_known: row.customer_known,
        })
    }
}

/// What is bound to `$3`, `$4` and `$5` of [`AFTER_PLACE`]. Every id comes after an empty text.
#[must_use]
pub fn place_columns(after: Option<&RowPlace>) -> (&str, &str, i64) {
    let Some(RowPlace { external_customer, external_card, customer }) = after else {
        return ("", "", 0);
    };
    let card = external_card.as_ref().map_or("", |card| card.as_str());
    (external_customer.as_str(), card, customer.get())
}

/// The rows, by their place.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn by_place(rows: Vec<PendingColumns>) -> Result<Vec<PendingRow>, StoreError> {
    let rows = rows.into_iter().map(TryInto::try_into);
    let mut rows = rows.collect::<Result<Vec<PendingRow>, _>>()?;
    rows.sort_by_cached_key(|row| row.target.place());
    Ok(rows)
}
