//! What the sandbox was asked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// What a sandbox was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// How many requests there were.
    pub total: u64,
    /// The most that were in flight at once for one customer.
    pub most_at_once_for_a_customer: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    requests: Requests,
    in_flight: HashMap<String, u64>,
}

/// A request in flight, until it is dropped.
pub(crate) struct InFlight<'a> {
    journal: &'a Journal,
    customer: Option<String>,
}

impl Journal {
    /// Notes a request for this path.
    pub(crate) fn enter(&self, path: &str) -> InFlight<'_> {
        let customer = path.split('/').find(|segment| segment.starts_with("cus_"));
        let customer = customer.map(str::to_owned);
        let mut book = self.book();
        book.requests.total += 1;
        if let Some(customer) = &customer {
            let now = book.in_flight.entry(customer.clone()).or_default();
            *now += 1;
            let now = *now;
            let most = &mut book.requests.most_at_once_for_a_customer;
            *most = now.max(*most);
        }
        InFlight { journal: self, customer }
    }

    pub(crate) fn requests(&self) -> Requests {
        self.book().requests.clone()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let Some(customer) = &self.customer else { return };
        let mut book = self.journal.book();
        let left = book.in_flight.get(customer).map_or(0, |now| now - 1);
        if left == 0 {
            book.in_flight.remove(customer);
        } else {
            book.in_flight.insert(customer.clone(), left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_at_once_are_counted_by_customer() {
        let journal = Journal::default();
        let first = journal.enter("/v1/customers/cus_1/sources/card_1");
        let other = journal.enter("/v1/customers/cus_2");
        let second = journal.enter("/v1/customers/cus_1");
        drop((first, other, second));
        drop(journal.enter("/v1/customers"));
        let expected = Requests { total: 4, most_at_once_for_a_customer: 2 };
        assert_eq!(journal.requests(), expected);
        assert!(journal.book().in_flight.is_empty());
    }
}
