//! How many customers of each status a search says there are, whatever was done to them.

use std::collections::BTreeMap;

use cardlift_core::account::AccountId;
use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerProfile, CustomerQuery, CustomerStatus,
    Pattern, SearchValue,
};
use cardlift_core::page::{PageRequest, SortOrder};
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, customer_id, load_customers, other_account, record};

/// How many steps are taken at random.
const STEPS: usize = 300;

fn query(filters: Vec<CustomerFilter>) -> CustomerQuery {
    CustomerQuery { filters, sorted_by: CustomerField::Id, order: SortOrder::Ascending }
}

fn is(status: CustomerStatus) -> Condition {
    Condition::Is(SearchValue::Text(status.name().to_owned()))
}

fn any_of(any_of: Vec<Condition>) -> CustomerFilter {
    CustomerFilter { field: CustomerField::Status, any_of }
}

/// How many customers a search says there are, of which it gives one.
async fn total(stores: &Subject, account: AccountId, filters: Vec<CustomerFilter>) -> u64 {
    let page = PageRequest::new(0, 1).expect("a page");
    stores.search(account, &query(filters), page).await.expect("asked").total
}

/// What is said of each status, in their order.
async fn totals(stores: &Subject, account: AccountId) -> [u64; 5] {
    let mut totals = [0; 5];
    for (total_of, status) in totals.iter_mut().zip(CustomerStatus::ALL) {
        *total_of = total(stores, account, vec![any_of(vec![is(status)])]).await;
    }
    totals
}

/// What is there of each status, customer by customer.
async fn counted(stores: &Subject, account: AccountId) -> [u64; 5] {
    let mut counted = [0; 5];
    for number in 0.. {
        let page = PageRequest::new(number, 100).expect("a page");
        let page = stores.search(account, &query(vec![]), page).await.expect("asked");
        for customer in &page.items {
            let place = CustomerStatus::ALL.iter().position(|status| *status == customer.status);
            counted[place.expect("one of them")] += 1;
        }
        if page.items.is_empty() {
            assert_eq!(counted.iter().sum::<u64>(), page.total, "the list says how long it is");
            break;
        }
    }
    counted
}

/// Nothing but the status is changed.
async fn turn(stores: &Subject, id: i64, status: CustomerStatus) {
    let (id, blank) = (customer_id(id), CustomerProfile::default());
    stores.replace(ACCOUNT, id, &blank, status, at(1)).await.expect("asked");
}

async fn create(stores: &Subject, status: CustomerStatus) {
    let blank = CustomerProfile::default();
    stores.create(ACCOUNT, &blank, status, at(1)).await.expect("created");
}

/// Each way a customer comes, and each way its status changes or does not. In the order of their
/// lives: draft, active, hold, suspended, cancelled.
pub async fn customers_of_a_status_are_counted(stores: Subject) {
    let other = other_account(&stores).await.id;
    assert_eq!(totals(&stores, ACCOUNT).await, [0; 5]);
    load_customers(&stores, ACCOUNT, 3).await;
    load_customers(&stores, other, 2).await;
    assert_eq!(totals(&stores, ACCOUNT).await, [0, 3, 0, 0, 0]);
    create(&stores, CustomerStatus::Draft).await;
    create(&stores, CustomerStatus::Hold).await;
    assert_eq!(totals(&stores, ACCOUNT).await, [1, 3, 1, 0, 0]);
    turn(&stores, 1, CustomerStatus::Cancelled).await;
    turn(&stores, 2, CustomerStatus::Active).await;
    turn(&stores, 99, CustomerStatus::Suspended).await;
    assert_eq!(totals(&stores, ACCOUNT).await, [1, 2, 1, 0, 1]);
    // A load leaves the status of who is there alone.
    load_customers(&stores, ACCOUNT, 6).await;
    assert_eq!(totals(&stores, ACCOUNT).await, [1, 3, 1, 0, 1]);
    assert_eq!(totals(&stores, other).await, [0, 2, 0, 0, 0]);
}

/// Several conditions on it are those of which any, and all of the filters, hold.
pub async fn a_search_of_several_statuses_is_counted(stores: Subject) {
    load_customers(&stores, ACCOUNT, 6).await;
    for (id, status) in (1..).zip(CustomerStatus::ALL) {
        turn(&stores, id, status).await;
    }
    let pattern = |pattern| any_of(vec![Condition::Like(Pattern::parse(pattern))]);
    let draft_or_active = || any_of(vec![is(CustomerStatus::Draft), is(CustomerStatus::Active)]);
    let from_d = any_of(vec![Condition::Between(Some(SearchValue::Text("D".into())), None)]);
    let no_name =
        CustomerFilter { field: CustomerField::FirstName, any_of: vec![Condition::Empty] };
    for (filters, expected) in [
        (vec![], 6),
        (vec![draft_or_active()], 3),
        (vec![draft_or_active(), pattern("*T*")], 3),
        (vec![draft_or_active(), pattern("a*")], 2),
        (vec![draft_or_active(), any_of(vec![is(CustomerStatus::Hold)])], 0),
        (vec![from_d], 3),
        (vec![pattern("*")], 6),
        (vec![any_of(vec![Condition::Empty])], 0),
        (vec![draft_or_active(), no_name], 3),
    ] {
        assert_eq!(total(&stores, ACCOUNT, filters.clone()).await, expected, "{filters:?}");
        let page = stores.search(ACCOUNT, &query(filters.clone()), PageRequest::default()).await;
        let found = u64::try_from(page.expect("asked").items.len());
        assert_eq!(found, Ok(expected), "{filters:?}");
    }
}

/// Replaced, created and loaded at once, the same customers to different statuses: none is counted
/// twice, and nobody waits for ever.
pub async fn statuses_that_change_at_once_are_counted_once(stores: Subject) {
    load_customers(&stores, ACCOUNT, 8).await;
    let tasks = (0..64_usize).map(|index| {
        let stores = stores.clone();
        tokio::spawn(async move {
            let status = CustomerStatus::ALL[index % 5];
            match index % 8 {
                0 => create(&stores, status).await,
                1 => load_customers(&stores, ACCOUNT, 12).await,
                2..5 => turn(&stores, 1, status).await,
                _ => turn(&stores, i64::try_from(index % 7).expect("small") + 1, status).await,
            }
        })
    });
    for done in join_all(tasks).await {
        done.expect("no panic");
    }
    let there = counted(&stores, ACCOUNT).await;
    assert_eq!(totals(&stores, ACCOUNT).await, there);
}

/// Whatever is done in whatever order, what is said of each status is what is there.
pub async fn counts_are_what_a_list_holds(stores: Subject) {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut model = BTreeMap::new();
    for step in 0..STEPS {
        let status = CustomerStatus::ALL[dice.throw(5)];
        let id = i64::try_from(dice.throw(40)).expect("small") + 1;
        match dice.throw(4) {
            0 => {
                create(&stores, status).await;
                let next = model.last_key_value().map_or(1, |(last, _)| last + 1);
                model.insert(next, status);
            }
            1 => {
                let records = [record(id), record(id + 1), record(id)];
                stores.load(ACCOUNT, &records, at(1)).await.expect("loaded");
                for id in [id, id + 1] {
                    model.entry(id).or_insert(CustomerStatus::Active);
                }
            }
            _ => {
                turn(&stores, id, status).await;
                model.entry(id).and_modify(|before| *before = status);
            }
        }
        if step % 20 == 0 || step + 1 == STEPS {
            let of = |status| model.values().filter(|each| **each == status).count();
            let expected =
                CustomerStatus::ALL.map(|status| u64::try_from(of(status)).expect("few"));
            assert_eq!(totals(&stores, ACCOUNT).await, expected, "after step {step}");
            assert_eq!(counted(&stores, ACCOUNT).await, expected, "after step {step}");
        }
    }
}

/// Numbers that look like chance and are the same each time (xorshift64).
struct Dice(u64);

impl Dice {
    /// From 0 to one less than the sides.
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper bits are the better ones.
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}
