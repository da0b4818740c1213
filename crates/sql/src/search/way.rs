use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerQuery, CustomerStatus,
};

use super::{Dialect, expression};

/// How many customers a large account has.
const MANY: i64 = 1_000_000;

/// Which index leads to a page: that of what is searched, or that of the order.
///
/// SQLite knows nothing of how many customers a search finds. It would read a million to sort them
/// where nearly all are found, or read a million in their order where next to none are. The number is
/// known here, so here it is told which way to go: an expression with a `+` before it has no index.
/// Postgres keeps statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The database finds it.
    Any,
    /// What is searched is found, and sorted.
    Sorting,
    /// In the order, and what is not searched is left out.
    InOrder,
}

/// The way to a page, and what it is sorted by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    dialect: Dialect,
    pub(super) sorted_by: CustomerField,
    way: Way,
}

impl Route {
    /// To the last of the first `reached` customers of the `total` that there are.
    pub(super) fn new(dialect: Dialect, query: &CustomerQuery, total: i64, reached: i64) -> Self {
        let sorted_by = sorted_by(query);
        let way = if dialect == Dialect::Postgres
            || query.filters.iter().all(|filter| serves(filter, sorted_by))
        {
            Way::Any
        } else if total.saturating_mul(total) <= reached.saturating_mul(MANY) {
            // All that is found are fewer than what is met in the order until so many are found.
            Way::Sorting
        } else {
            Way::InOrder
        };
        Self { dialect, sorted_by, way }
    }

    /// What is compared in a filter.
    pub(super) fn filter(self, filter: &CustomerFilter) -> String {
        let apart = self.way == Way::InOrder && !serves(filter, self.sorted_by);
        self.expression(filter.field, apart)
    }

    /// What is sorted by.
    pub(super) fn order(self, field: CustomerField) -> String {
        self.expression(field, self.way == Way::Sorting)
    }

    fn expression(self, field: CustomerField, apart: bool) -> String {
        let plus = if apart { "+" } else { "" };
        format!("{plus}{}", expression(self.dialect, field))
    }
}

/// Where all that is found has the same in the field, that leaves the id. SQLite would sort by it all
/// the same.
fn sorted_by(query: &CustomerQuery) -> CustomerField {
    let mut filters = query.filters.iter().filter(|filter| filter.field == query.sorted_by);
    if filters.any(is_fixed) { CustomerField::Id } else { query.sorted_by }
}

/// Whether the index that finds it has it in this order.
fn serves(filter: &CustomerFilter, sorted_by: CustomerField) -> bool {
    filter.field == sorted_by || (sorted_by == CustomerField::Id && is_fixed(filter))
}

/// Whether all that it finds has the same in its field.
fn is_fixed(CustomerFilter { field, any_of }: &CustomerFilter) -> bool {
    match field {
        CustomerField::Status => CustomerStatus::matching(any_of).len() == 1,
        _ => matches!(any_of.as_slice(), [Condition::Is(_) | Condition::Empty]),
    }
}
