use proptest::prelude::*;

use super::*;
use crate::external_id::ExternalCustomerId;
use crate::ports::{CustomerRange, MockVaultCatalog, VaultCustomer, VaultPage};
use crate::vault::VaultAccount;

/// An account whose customers were made at these moments.
fn catalog(mut moments: Vec<i64>) -> MockVaultCatalog {
    moments.sort_unstable();
    let mut catalog = MockVaultCatalog::new();
    catalog.expect_customers().returning(move |_, range: CustomerRange<'_>| {
        let until = moments.partition_point(|made| range.to.is_none_or(|to| *made <= to));
        let items: Vec<_> =
            moments[..until].iter().rev().take(100).copied().map(customer).collect();
        Ok(VaultPage { more: until > items.len(), items })
    });
    catalog
}

fn customer(created: i64) -> VaultCustomer {
    VaultCustomer {
        id: ExternalCustomerId::parse("cus_1").expect("an id"),
        created,
        email: None,
        metadata: Vec::new(),
        default: None,
        holdings: Vec::new(),
        sources_complete: true,
    }
}

async fn size(moments: Vec<i64>) -> VaultSize {
    VaultSize::find(&catalog(moments), &VaultAccount::DEFAULT).await.expect("a size")
}

#[tokio::test]
async fn a_small_account_is_counted() {
    assert_eq!(size(Vec::new()).await, VaultSize { customers: 0, calls: 1 });
    assert_eq!(size((0..100).collect()).await, VaultSize { customers: 100, calls: 1 });
}

#[tokio::test]
async fn a_large_account_is_estimated_in_some_thirty_calls() {
    let moments = (0..50_000).map(|number| 1_500_000_000 + number * 3_600).collect();
    let size = size(moments).await;
    assert!((45_000..55_000).contains(&size.customers), "{size:?}");
    assert!(size.calls < 40, "{size:?}");
}

#[tokio::test]
async fn an_account_that_grew_is_estimated_all_the_same() {
    let (mut at, mut gap, mut moments) = (1_400_000_000, 20_000, Vec::new());
    for number in 0..30_000 {
        moments.push(at);
        at += gap;
        if number % 300 == 0 && gap > 200 {
            gap -= 200;
        }
    }
    let size = size(moments).await;
    assert!((20_000..45_000).contains(&size.customers), "{size:?}");
}

#[tokio::test]
async fn an_account_that_was_filled_in_an_hour_is_estimated_all_the_same() {
    let long_ago = (0..5).map(|number| 1_300_000_000 + number * 86_400);
    let moments = long_ago.chain((0..30_000).map(|number| 1_600_000_000 + number / 8)).collect();
    let size = size(moments).await;
    assert!((24_000..36_000).contains(&size.customers), "{size:?}");
}

proptest! {
    #[test]
    fn whatever_the_moments_it_ends(moments in prop::collection::vec(0..2_000_000_000_i64, 0..500)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let size = runtime.block_on(size(moments));
        prop_assert!(size.calls < 60);
    }
}
