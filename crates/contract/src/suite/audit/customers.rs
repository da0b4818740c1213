//! Customers.

use cardlift_core::customer::{CustomerProfile, CustomerRecord, CustomerStatus};

use super::super::Subject;
use super::super::data::{ACCOUNT, at, customer_id, other_account, record};
use super::{Told, caller, item};

fn named(first: &str) -> CustomerProfile {
    CustomerProfile {
        first_name: Some(first.to_owned()),
        primary_email: Some("ana@example.com".to_owned()),
        parent: Some(customer_id(9)),
        ..CustomerProfile::default()
    }
}

/// With what is known of it, and what of that has changed, but not what that is.
pub async fn customers_that_are_made_and_replaced_are_told_of(stores: Subject) {
    // The parent of the others.
    stores.load(ACCOUNT, &[record(9)], at(0)).await.expect("loaded");
    let mut told = Told::of(&stores, ACCOUNT).await;
    let draft = CustomerStatus::Draft;
    let made = caller(7).does(stores.create(ACCOUNT, &named("Ana"), draft, at(1))).await;
    let id = made.expect("made").id;
    let known = r#""known":"firstName,primaryEmail""#;
    let facts = format!(r#","after":{{"status":"Draft",{known},"parentId":9}}"#);
    let when = told.check(&[(id.get(), item("customer.created", &facts))]).await;
    assert_eq!(when, at(1));
    let mut status = draft;
    for (profile, new, after) in [
        (named("Eva"), draft, r#""changed":"firstName","parentId":9"#),
        (named("Eva"), CustomerStatus::Hold, r#""changed":"","parentId":9"#),
        (CustomerProfile { parent: None, ..named("Eva") }, CustomerStatus::Hold, r#""changed":"""#),
    ] {
        let parent = r#""parentId":9"#;
        for second in [2, 3] {
            let replace = stores.replace(ACCOUNT, id, &profile, new, at(second));
            caller(7).does(replace).await.expect("replaced").expect("a customer");
        }
        let facts = format!(
            r#","before":{{"status":"{}",{known},{parent}}},"after":{{"status":"{}",{known},{after}}}"#,
            status.name(),
            new.name(),
        );
        let when = told.check(&[(id.get(), item("customer.changed", &facts))]).await;
        assert_eq!(when, at(2), "the second time nothing was changed");
        status = new;
    }
    let missing = stores.replace(ACCOUNT, customer_id(77), &named("Eva"), draft, at(4)).await;
    assert_eq!(missing.expect("asked"), None);
    told.check_nothing().await;
}

/// Those that were loaded together are one change of their account.
pub async fn customers_that_are_loaded_are_told_of_together(stores: Subject) {
    let other = other_account(&stores).await.id;
    let [mut told, mut of_other] =
        [Told::of(&stores, ACCOUNT).await, Told::of(&stores, other).await];
    let records = |ids: &[i64]| ids.iter().copied().map(record).collect::<Vec<CustomerRecord>>();
    for (ids, facts) in [
        (vec![3, 1, 2, 3, 9], r#"{"created":4,"updated":0,"customerIds":"1-3,9"}"#),
        (vec![3, 4, 5], r#"{"created":2,"updated":1,"customerIds":"3-5"}"#),
        (vec![9], r#"{"created":0,"updated":1,"customerIds":"9"}"#),
    ] {
        caller(7).does(stores.load(ACCOUNT, &records(&ids), at(1))).await.expect("loaded");
        let facts = format!(r#","after":{facts}"#);
        let when = told.check(&[(1, item("customers.loaded", &facts))]).await;
        assert_eq!(when, at(1));
    }
    stores.load(ACCOUNT, &[], at(2)).await.expect("loaded");
    told.check_nothing().await;
    caller(7).does(stores.load(other, &records(&[1]), at(3))).await.expect("loaded");
    let facts = r#","after":{"created":1,"updated":0,"customerIds":"1"}"#;
    of_other.check(&[(other.get(), item("customers.loaded", facts))]).await;
    told.check_nothing().await;
}

/// By the names of the fields, whatever they held before; of those that are made, nothing of it is told.
pub async fn of_customers_that_are_loaded_again_it_is_told_which_fields_were_set(stores: Subject) {
    let there: Vec<_> = (1..=5).map(record).collect();
    stores.load(ACCOUNT, &there, at(0)).await.expect("loaded");
    let mut told = Told::of(&stores, ACCOUNT).await;
    let first =
        || CustomerProfile { first_name: Some("Ana".to_owned()), ..CustomerProfile::default() };
    let other = CustomerProfile {
        last_name: Some("Lima".to_owned()),
        parent: Some(customer_id(1)),
        ..CustomerProfile::default()
    };
    let of = |id, profile| CustomerRecord { profile, ..record(id) };
    let records =
        [of(5, first()), of(4, other), record(3), of(2, first()), of(1, first()), of(6, first())];
    let set = r#""set":"firstName: 1-2,5; lastName,parentId: 4""#;
    for (counts, set) in [
        (r#""created":1,"updated":5"#, set.to_owned()),
        (r#""created":0,"updated":6"#, set.replace("1-2,5;", "1-2,5-6;")),
    ] {
        caller(7).does(stores.load(ACCOUNT, &records, at(1))).await.expect("loaded");
        let facts = format!(r#","after":{{{counts},"customerIds":"1-6",{set}}}"#);
        told.check(&[(1, item("customers.loaded", &facts))]).await;
    }
}
