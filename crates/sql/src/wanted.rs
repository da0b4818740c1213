//! What the rows of a job without an outcome ask for: the statement, and what it returns.

use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::ports::{StoreError, Wanted, WantedPart};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::corrupt;

/// Of account `$1` and job `$2`, of the customers of the vault after `$3`, up to the one that the
/// ten thousandth row asks for, with or without an outcome: so that no call looks at more, but for a
/// customer that has more. Of five million rows that are there in no order a call took at most 0.1 s
/// on Postgres, and all of them 14 s.
///
/// The lists of a customer of the vault are told apart as
/// [`ExternalCardId::listed_as`](cardlift_core::external_id::ExternalCardId::listed_as) does it,
/// and its default, which a row without a card means, is one more. No id comes after `~`.
///
/// The upper end is a select of its own: behind row-level security Postgres looks up nothing by an
/// expression with `coalesce`, which it doesn't know for harmless.
pub const WANTED: &str = "
    WITH bound AS (
        SELECT external_customer_id AS id
        FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND is_target AND external_customer_id > $3
        ORDER BY external_customer_id, external_card_id, customer_id
        LIMIT 1 OFFSET 9999
    )
    SELECT CAST(coalesce(sum(rows), 0) AS bigint) AS rows, count(*) AS customers,
        CAST(coalesce(sum(sources + payment_methods + defaults), 0) AS bigint) AS lists,
        (SELECT id FROM bound) AS last
    FROM (
        SELECT count(*) AS rows,
            max(CASE WHEN external_card_id = '' OR substr(external_card_id, 1, 3) = 'pm_'
                THEN 0 ELSE 1 END) AS sources,
            max(CASE WHEN substr(external_card_id, 1, 3) = 'pm_' THEN 1 ELSE 0 END)
                AS payment_methods,
            max(CASE WHEN external_card_id = '' THEN 1 ELSE 0 END) AS defaults
        FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND is_target AND external_customer_id > $3
            AND external_customer_id <= (SELECT coalesce((SELECT id FROM bound), '~'))
            AND outcome IS NULL
        GROUP BY external_customer_id
    ) AS customer";

/// What is bound to `$3` of [`WANTED`]. Every id comes after an empty text.
#[must_use]
pub fn customer_column(after: Option<&ExternalCustomerId>) -> &str {
    after.map_or("", ExternalCustomerId::as_str)
}

/// What [`WANTED`] returns.
#[derive(QueryableByName)]
pub struct WantedColumns {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = BigInt)]
    customers: i64,
    #[diesel(sql_type = BigInt)]
    lists: i64,
    #[diesel(sql_type = Nullable<Text>)]
    last: Option<String>,
}

impl TryFrom<WantedColumns> for WantedPart {
    type Error = StoreError;

    fn try_from(row: WantedColumns) -> Result<Self, StoreError> {
        let number = |count| u64::try_from(count).map_err(|why| corrupt("import_row", why));
        let wanted = Wanted {
            rows: number(row.rows)?,
            customers: number(row.customers)?,
            lists: number(row.lists)?,
        };
        let last = row.last.as_deref().map(ExternalCustomerId::parse).transpose();
        Ok(Self { wanted, last: last.map_err(|why| corrupt("import_row", why))? })
    }
}
