//! Matching the vault's customers with ours.

use cardlift_tests::Backend;

use crate::harness::{Place, on_both};

on_both! {
    customers_are_matched_by_the_id_that_the_vault_keeps
    customers_are_matched_by_their_address_and_who_is_not_clear_is_listed
}

async fn customers_are_matched_by_the_id_that_the_vault_keeps(backend: Backend) {
    let place = Place::new(backend, 250, &[]).await;
    let (mapping, unclear) = (place.path("map.csv"), place.path("unclear.csv"));
    let (mapping, unclear) = (mapping.to_str().expect("UTF-8"), unclear.to_str().expect("UTF-8"));
    let said = place.succeed(&["map", "--output", mapping, "--ambiguous", unclear]).await;
    assert!(said.contains("250"), "{said}");
    let mapped = std::fs::read_to_string(mapping).expect("a mapping");
    assert_eq!(mapped.lines().count(), 251, "{mapped}");
    assert!(mapped.lines().any(|line| line.starts_with("1,cus_Synthetic0000000")), "{mapped}");
    // What was mapped can be imported as it is.
    place.succeed(&["import", mapping]).await;
    assert_eq!(place.status("1").await["results"]["imported"], 250);
}

async fn customers_are_matched_by_their_address_and_who_is_not_clear_is_listed(backend: Backend) {
    let place = Place::new(backend, 3, &[]).await;
    let more = "customerId,primaryEmail\n11,SHARED@example.com\n12,twice@example.com\n";
    assert_eq!(place.backend.load(more).await.code, Some(0));
    let unclear = place.path("unclear.csv");
    let unclear = unclear.to_str().expect("UTF-8");
    let mapped = place.succeed(&["map", "--by", "email", "--ambiguous", unclear]).await;
    for number in 0..3 {
        let line = format!("{},cus_Synthetic000000{number}", number + 1);
        assert!(mapped.contains(&line), "{mapped}");
    }
    assert!(!mapped.contains("cus_SandboxMany"), "two of the vault's have its address: {mapped}");
    let unclear = std::fs::read_to_string(unclear).expect("a list");
    for customer in ["cus_SandboxMany", "cus_SandboxDefaults"] {
        assert!(unclear.contains(customer), "{unclear}");
    }
    assert!(!unclear.contains('@'), "{unclear}");
}
