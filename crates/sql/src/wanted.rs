//! What the rows of a job without an outcome ask for: the statement, and what it returns.

use cardlift_core::ports::{StoreError, Wanted};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use crate::corrupt;

/// Of account `$1` and job `$2`. The lists of a customer of the vault are told apart as
/// [`ExternalCardId::listed_as`](cardlift_core::external_id::ExternalCardId::listed_as) does it,
/// and its default, which a row without a card means, is one more.
pub const WANTED: &str = "
    SELECT CAST(coalesce(sum(rows), 0) AS bigint) AS rows, count(*) AS customers,
        CAST(coalesce(sum(sources + payment_methods + defaults), 0) AS bigint) AS lists
    FROM (
        SELECT count(*) AS rows,
            max(CASE WHEN external_card_id = '' OR substr(external_card_id, 1, 3) = 'pm_'
                THEN 0 ELSE 1 END) AS sources,
            max(CASE WHEN substr(external_card_id, 1, 3) = 'pm_' THEN 1 ELSE 0 END)
                AS payment_methods,
            max(CASE WHEN external_card_id = '' THEN 1 ELSE 0 END) AS defaults
        FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND is_target AND outcome IS NULL
        GROUP BY external_customer_id
    ) AS customer";

/// What [`WANTED`] returns.
#[derive(QueryableByName)]
pub struct WantedColumns {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = BigInt)]
    customers: i64,
    #[diesel(sql_type = BigInt)]
    lists: i64,
}

impl TryFrom<WantedColumns> for Wanted {
    type Error = StoreError;

    fn try_from(row: WantedColumns) -> Result<Self, StoreError> {
        let number = |count| u64::try_from(count).map_err(|why| corrupt("import_row", why));
        Ok(Self {
            rows: number(row.rows)?,
            customers: number(row.customers)?,
            lists: number(row.lists)?,
        })
    }
}
