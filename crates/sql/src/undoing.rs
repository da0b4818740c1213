//! Which payment methods the undoing of a job deletes.

use std::collections::{BTreeMap, HashSet};

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer};

use crate::row::PaymentMethodRow;

/// What the rows of account `$1` and job `$2` after line `$3`, up to line `$4`, brought in and
/// nobody has deleted since, whether or not it was brought in again, by line and part.
pub const BROUGHT_IN: &str = "
    SELECT result.line, result.part, method.id, method.customer_id, method.is_default
    FROM import_row AS result
    JOIN payment_method AS method
        ON method.account_id = result.account_id AND method.id = result.payment_method_id
    WHERE result.account_id = $1 AND result.job_id = $2 AND result.line > $3 AND result.line <= $4
        AND result.outcome IN ('imported', 'restored') AND NOT result.undone
        AND method.deleted_at IS NULL AND method.brought_in_by_job = result.job_id
    ORDER BY result.line, result.part";

/// The same for Postgres, which may take a job for small that has just come in, and would look
/// through all payment methods for each of its rows.
pub const BROUGHT_IN_ONE_BY_ONE: &str = "
    SELECT result.line, result.part, method.id, method.customer_id, method.is_default
    FROM import_row AS result
    CROSS JOIN LATERAL (
        SELECT id, customer_id, is_default, deleted_at, brought_in_by_job
        FROM payment_method
        WHERE account_id = result.account_id AND id = result.payment_method_id
        OFFSET 0
    ) AS method
    WHERE result.account_id = $1 AND result.job_id = $2 AND result.line > $3 AND result.line <= $4
        AND result.outcome IN ('imported', 'restored') AND NOT result.undone
        AND method.deleted_at IS NULL AND method.brought_in_by_job = result.job_id
    ORDER BY result.line, result.part";

/// What [`BROUGHT_IN`] returns.
#[derive(QueryableByName)]
pub struct BroughtIn {
    /// The line of the row.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// Which of its parts.
    #[diesel(sql_type = Integer)]
    pub part: i32,
    /// The payment method.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Whose it is.
    #[diesel(sql_type = BigInt)]
    pub customer_id: i64,
    #[diesel(sql_type = Bool)]
    is_default: bool,
}

impl BroughtIn {
    /// The payment method as it was, from what it is now that it is deleted.
    #[must_use]
    pub fn before(&self, mut method: PaymentMethodRow) -> PaymentMethodRow {
        method.is_default = self.is_default;
        method.deleted_at = None;
        method
    }
}

/// The customers of these that have one of them as their default.
#[must_use]
pub fn with_default(brought_in: &[BroughtIn]) -> Vec<i64> {
    brought_in.iter().filter(|row| row.is_default).map(|row| row.customer_id).collect()
}

/// The rows whose payment methods are deleted, one after the other: no default as long as there are
/// others. `live` says how many payment methods each customer [with a default](with_default) among
/// them has.
#[must_use]
pub fn to_be_deleted(brought_in: Vec<BroughtIn>, mut live: BTreeMap<i64, i64>) -> Vec<BroughtIn> {
    let mut deleted = HashSet::new();
    let mut delete = |row: &BroughtIn| {
        // Brought in by two rows, where somebody had deleted it in between.
        if deleted.contains(&row.id) {
            return true;
        }
        let left = live.entry(row.customer_id).or_default();
        if row.is_default && *left > 1 {
            return false;
        }
        *left -= 1;
        deleted.insert(row.id)
    };
    brought_in.into_iter().filter(|row| delete(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: i64, id: i64, is_default: bool) -> BroughtIn {
        BroughtIn { line, part: 0, id, customer_id: 1, is_default }
    }

    fn check(rows: Vec<BroughtIn>, live: i64, expected: &[i64]) {
        let deleted = to_be_deleted(rows, BTreeMap::from([(1, live)]));
        assert_eq!(deleted.iter().map(|row| row.line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_default_goes_once_it_is_the_last() {
        check(vec![row(1, 7, true), row(2, 8, false)], 2, &[2]);
        check(vec![row(1, 8, false), row(2, 7, true)], 2, &[1, 2]);
        check(vec![row(1, 8, false), row(2, 7, true)], 3, &[1]);
    }

    #[test]
    fn what_two_rows_brought_in_is_counted_once() {
        check(vec![row(1, 7, false), row(2, 7, false), row(3, 8, true)], 3, &[1, 2]);
        check(vec![row(1, 7, false), row(2, 7, false), row(3, 8, true)], 2, &[1, 2, 3]);
    }
}
