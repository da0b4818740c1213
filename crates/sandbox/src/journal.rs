//! What the sandbox was asked, and what it gave.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::endpoint::Endpoint;

/// How many URLs, and how many customers in lists, are told apart; further ones are not noted.
const MOST: usize = 200_000;

/// What a sandbox was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// How many requests there were.
    pub total: u64,
    /// How many there were of each kind: `list customers`, `read customer`, `list holdings`, `read
    /// holding`, `other`.
    pub by_endpoint: BTreeMap<&'static str, u64>,
    /// How many were turned away because of a limit.
    pub throttled: u64,
    /// How many customers the lists gave out.
    pub customers_listed: u64,
    /// How often the URL was answered that was answered most often. Faults and refusals are no
    /// answers.
    pub most_answers_of_one_url: u64,
    /// The most that were in flight at once for one customer.
    pub most_at_once_for_a_customer: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    requests: Requests,
    in_flight: HashMap<String, u64>,
    answers: BTreeMap<String, u64>,
    listed: HashMap<String, u64>,
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
        *book.requests.by_endpoint.entry(Endpoint::of(path).name()).or_default() += 1;
        if let Some(customer) = &customer {
            let now = book.in_flight.entry(customer.clone()).or_default();
            *now += 1;
            let now = *now;
            let most = &mut book.requests.most_at_once_for_a_customer;
            *most = now.max(*most);
        }
        InFlight { journal: self, customer }
    }

    /// Notes a request that was turned away because of a limit.
    pub(crate) fn throttled(&self) {
        self.book().requests.throttled += 1;
    }

    /// Notes customers that a list gave out.
    pub(crate) fn listed<'a>(&self, customers: impl Iterator<Item = &'a str>) {
        let mut book = self.book();
        for customer in customers {
            book.requests.customers_listed += 1;
            if let Some(count) = book.listed.get_mut(customer) {
                *count += 1;
            } else if book.listed.len() < MOST {
                book.listed.insert(customer.to_owned(), 1);
            }
        }
    }

    /// Notes an answer.
    pub(crate) fn answered(&self, url: &str) {
        let mut book = self.book();
        let known = book.answers.contains_key(url);
        if !known && book.answers.len() >= MOST {
            return;
        }
        let count = book.answers.entry(url.to_owned()).or_default();
        *count += 1;
        let count = *count;
        let most = &mut book.requests.most_answers_of_one_url;
        *most = count.max(*most);
    }

    pub(crate) fn requests(&self) -> Requests {
        self.book().requests.clone()
    }

    /// How often each URL was answered.
    pub(crate) fn answers(&self) -> BTreeMap<String, u64> {
        self.book().answers.clone()
    }

    /// How often each customer was given out by a list.
    pub(crate) fn customers_listed(&self) -> BTreeMap<String, u64> {
        self.book().listed.clone().into_iter().collect()
    }

    /// Begins a new page. What is in flight stays so.
    pub(crate) fn clear(&self) {
        let mut book = self.book();
        book.requests = Requests::default();
        book.answers.clear();
        book.listed.clear();
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
        let requests = journal.requests();
        assert_eq!((requests.total, requests.most_at_once_for_a_customer), (4, 2));
        assert!(journal.book().in_flight.is_empty());
    }

    #[test]
    fn requests_are_counted_by_endpoint() {
        let journal = Journal::default();
        for path in [
            "/v1/customers",
            "/v1/customers/cus_1",
            "/v1/customers/cus_1/sources",
            "/v1/customers/cus_1/payment_methods",
            "/v1/customers/cus_1/payment_methods/pm_1",
            "/v1/payment_methods/pm_1",
            "/v1/nowhere",
        ] {
            drop(journal.enter(path));
        }
        let expected = [
            ("list customers", 1),
            ("read customer", 1),
            ("list holdings", 2),
            ("read holding", 2),
            ("other", 1),
        ];
        assert_eq!(journal.requests().by_endpoint, BTreeMap::from(expected));
    }

    #[test]
    fn answers_are_counted_by_url_until_it_is_cleared() {
        let journal = Journal::default();
        for url in ["/v1/customers?limit=1", "/v1/customers?limit=2", "/v1/customers?limit=1"] {
            journal.answered(url);
        }
        assert_eq!(journal.requests().most_answers_of_one_url, 2);
        assert_eq!(journal.answers().into_values().collect::<Vec<_>>(), [2, 1]);
        journal.clear();
        assert_eq!(journal.requests(), Requests::default());
        assert!(journal.answers().is_empty());
    }
}
