use std::fmt::Write as _;

use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerField, CustomerQuery};
use cardlift_core::page::{PageRequest, SortOrder};

use super::way::Route;
use super::{Bind, Dialect, Statement, customers};

/// From so many that are skipped on, it pays to skip them in an index and to read the rows of the
/// page after that.
const FAR: i64 = 5_000;

/// The customers of a page, of `total` on all pages. A page that is nearer to the end is counted
/// from there, so the total must be of the same moment.
#[must_use]
pub fn page(
    dialect: Dialect,
    account: AccountId,
    query: &CustomerQuery,
    page: PageRequest,
    total: i64,
) -> Statement {
    let (size, offset) = (i64::from(page.size()), page.offset());
    let (rest, after) = ((total - offset).max(0), (total - offset - size).max(0));
    let from_end = offset > after;
    let (size, skipped) = if from_end { (rest.min(size), after) } else { (size, offset) };
    let route = Route::new(dialect, query, total, skipped + size);
    let order = |order| {
        let direction = match order {
            SortOrder::Ascending => "ASC",
            SortOrder::Descending => "DESC",
        };
        let id = format!("{} {direction}", route.order(CustomerField::Id));
        match route.sorted_by {
            CustomerField::Id => id,
            field => format!("{} {direction}, {id}", route.order(field)),
        }
    };
    let there = order(query.order);
    let way = if from_end { order(query.order.reversed()) } else { there.clone() };
    let piece = format!("ORDER BY {way} LIMIT {size} OFFSET {skipped}");

    let table = customers(dialect);
    let mut statement = Statement::about(account, &format!("SELECT * FROM {table}"));
    if skipped >= FAR && is_in_one_index(query, route.sorted_by) {
        let account = statement.bind(Bind::Number(account.get()));
        let ids = format!(" AND id IN (SELECT id FROM {table} WHERE account_id = {account}");
        statement.sql.push_str(&ids);
        statement.filter(&query.filters, |filter| route.filter(filter));
        let _ = write!(statement.sql, " {piece}) ORDER BY {there}");
        return statement;
    }
    statement.filter(&query.filters, |filter| route.filter(filter));
    let _ = write!(statement.sql, " {piece}");
    if from_end {
        statement.sql = format!("SELECT * FROM ({}) AS page ORDER BY {there}", statement.sql);
    }
    statement
}

/// Whether one index holds all that is compared, so that the rows need not be read. The id is in
/// each; a text is in none, but an expression of it, for which both databases read the row.
fn is_in_one_index(query: &CustomerQuery, sorted_by: CustomerField) -> bool {
    use CustomerField::{Created, Id, Modified, Status};

    let compared = query.filters.iter().map(|filter| filter.field).chain([sorted_by]);
    let mut others = compared.filter(|field| *field != Id);
    let first = others.next().unwrap_or(Id);
    matches!(first, Id | Status | Created | Modified) && others.all(|field| field == first)
}
