use std::sync::{Arc, Mutex};

use super::*;
use crate::ports::MockVaultCatalog;
use crate::vault::VaultAccount;

/// How many customers are on a page here.
const PAGE: usize = 2;

/// An account whose customers come and go: a name and a second each, the newest first.
#[derive(Clone)]
struct Account(Arc<Mutex<Vec<(&'static str, i64)>>>);

impl Account {
    fn new(customers: &[(&'static str, i64)]) -> Self {
        Self(Arc::new(Mutex::new(customers.to_vec())))
    }

    fn delete(&self, name: &str) {
        self.0.lock().expect("a lock").retain(|(there, _)| *there != name);
    }

    fn page(&self, range: CustomerRange<'_>) -> Result<VaultPage<VaultCustomer>, VaultError> {
        let customers = self.0.lock().expect("a lock");
        let within = |(_, at): &&(&str, i64)| {
            *at >= range.from && range.to.is_none_or(|newest| *at <= newest)
        };
        let mut rest: Vec<_> = customers.iter().filter(within).map(customer).collect();
        if let Some(after) = range.after {
            let Some(place) = rest.iter().position(|customer| customer.id == *after) else {
                return Err(VaultError::CustomerNotFound { message: "No such customer".into() });
            };
            rest.drain(..=place);
        }
        let more = rest.len() > PAGE;
        rest.truncate(PAGE);
        Ok(VaultPage { items: rest, more })
    }

    fn catalog(&self) -> MockVaultCatalog {
        let (account, mut catalog) = (self.clone(), MockVaultCatalog::new());
        catalog.expect_customers().returning(move |_, range| account.page(range));
        catalog
    }

    /// The names of those that a reader gets who meets this after its first page.
    async fn read_and_meanwhile(&self, meanwhile: impl FnOnce()) -> Vec<String> {
        let (catalog, mut pages) = (self.catalog(), CustomerPages::all());
        let mut names = Vec::new();
        let mut meanwhile = Some(meanwhile);
        while let Some(page) = pages.next(&catalog, &VaultAccount::DEFAULT).await.expect("a page") {
            names.extend(page.into_iter().map(|customer| customer.id.to_string()));
            if let Some(happens) = meanwhile.take() {
                happens();
            }
        }
        names
    }
}

fn customer((name, created): &(&str, i64)) -> VaultCustomer {
    VaultCustomer {
        id: ExternalCustomerId::parse(name).expect("an id"),
        created: *created,
        email: None,
        metadata: Vec::new(),
        default: None,
        holdings: Vec::new(),
        sources_complete: true,
    }
}

const FIVE: [(&str, i64); 5] =
    [("cus_e", 9), ("cus_d", 7), ("cus_c", 7), ("cus_b", 7), ("cus_a", 3)];

#[tokio::test]
async fn an_account_is_read_from_the_newest_on() {
    let account = Account::new(&FIVE);
    assert_eq!(account.read_and_meanwhile(|| ()).await, FIVE.map(|(name, _)| name));
    assert_eq!(Account::new(&[]).read_and_meanwhile(|| ()).await, [""; 0]);
}

#[tokio::test]
async fn where_the_customer_to_go_on_after_is_gone_no_other_is_left_out_or_comes_twice() {
    let account = Account::new(&FIVE);
    let read = account.read_and_meanwhile(|| account.delete("cus_d")).await;
    assert_eq!(read, ["cus_e", "cus_d", "cus_c", "cus_b", "cus_a"]);
    // The next one of its second is on the page already.
    let account = Account::new(&[("cus_d", 7), ("cus_c", 7), ("cus_b", 7), ("cus_a", 7)]);
    let read = account.read_and_meanwhile(|| account.delete("cus_c")).await;
    assert_eq!(read, ["cus_d", "cus_c", "cus_b", "cus_a"]);
}

#[tokio::test]
async fn where_all_that_is_left_is_gone_it_ends() {
    let account = Account::new(&FIVE);
    let read = account.read_and_meanwhile(|| {
        for (name, _) in FIVE {
            account.delete(name);
        }
    });
    assert_eq!(read.await, ["cus_e", "cus_d"]);
}

#[test]
fn one_that_goes_on_keeps_to_its_range() {
    let after = ExternalCustomerId::parse("cus_d").expect("an id");
    let range = CustomerRange { from: 5, to: Some(7), after: Some(&after) };
    let mut pages = CustomerPages::going_on(range);
    assert_eq!(pages.range(), range);
    let gone = VaultError::CustomerNotFound { message: "No such customer".into() };
    assert_eq!(pages.take(Err(gone)).expect("it goes on"), Took::Nothing);
    assert_eq!(pages.range(), CustomerRange { after: None, ..range });
    let page = Account::new(&FIVE).page(pages.range());
    assert_eq!(
        pages.take(page).expect("a page"),
        Took::Customers(vec![customer(&("cus_d", 7)), customer(&("cus_c", 7))])
    );
    assert!(!pages.is_ended());
}

#[test]
fn what_says_nothing_of_the_place_is_an_error() {
    let refused = || Err(VaultError::Refused { source: "no".into() });
    let mut pages = CustomerPages::all();
    assert!(pages.take(refused()).is_err(), "there is no place that could be gone");
    pages.take(Account::new(&FIVE).page(pages.range())).expect("a page");
    let unreadable = pages.take(Err(VaultError::Unreadable { source: "garbled".into() }));
    assert!(unreadable.is_err());
    assert_eq!(pages.take(refused()).expect("it goes on"), Took::Nothing);
    assert!(pages.take(refused()).is_err(), "it is not the place");
}
