use std::fmt::Write as _;

use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerField, CustomerFilter, CustomerQuery, CustomerStatus};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use super::{Bind, Dialect, Statement, customers, expression};

/// The sum of what is kept of the statuses.
const KEPT: &str =
    "SELECT CAST(coalesce(sum(customers), 0) AS bigint) AS total FROM customer_count";

const COUNT: &str = "
    INSERT INTO customer_count (account_id, status, customers) VALUES ($1, $2, $3)
    ON CONFLICT (account_id, status)
    DO UPDATE SET customers = customer_count.customers + excluded.customers";

/// How many customers matched.
#[derive(Debug, QueryableByName)]
pub struct Total {
    /// So many.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// How many customers there are on all pages: `total`.
#[must_use]
pub fn total(dialect: Dialect, account: AccountId, query: &CustomerQuery) -> Statement {
    if query.filters.is_empty() {
        let sql = "SELECT customers AS total FROM account WHERE id = $1".to_owned();
        return Statement { sql, binds: vec![Bind::Number(account.get())] };
    }
    if let Some(statuses) = statuses_alone(&query.filters) {
        let mut statement = Statement::about(account, KEPT);
        let any_of = statement.statuses("status", statuses).join(" OR ");
        let _ = write!(statement.sql, " AND ({any_of})");
        return statement;
    }
    let select = format!("SELECT count(*) AS total FROM {}", customers(dialect));
    let mut statement = Statement::about(account, &select);
    statement.filter(&query.filters, |filter| expression(dialect, filter.field));
    statement
}

/// Adds to the number that is kept of the account's customers of this status: less than nothing
/// where they have become fewer.
///
/// Who runs this lets no other transaction change the number of the account before it ends.
#[must_use]
pub fn count(account: AccountId, status: &str, change: i64) -> Statement {
    let status = Bind::Text(status.to_owned());
    let binds = vec![Bind::Number(account.get()), status, Bind::Number(change)];
    Statement { sql: COUNT.to_owned(), binds }
}

/// The statuses that a search is for, where it asks for nothing else.
fn statuses_alone(filters: &[CustomerFilter]) -> Option<Vec<CustomerStatus>> {
    let mut statuses = CustomerStatus::ALL.to_vec();
    for CustomerFilter { field, any_of } in filters {
        if *field != CustomerField::Status {
            return None;
        }
        let matching = CustomerStatus::matching(any_of);
        statuses.retain(|status| matching.contains(status));
    }
    Some(statuses)
}
