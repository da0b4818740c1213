use super::*;
use crate::Timestamp;
use crate::customer::{
    AccountStanding, Condition, Customer, CustomerField, CustomerId, CustomerProfile,
    CustomerQuery, CustomerStatus, SearchValue,
};
use crate::page::Page;
use crate::ports::{MockCustomerRepository, MockVaultCatalog, VaultPage};
use crate::vault::VaultAccount;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn ours(id: i64, reference: &str, email: &str) -> Customer {
    let profile = CustomerProfile {
        reference: Some(reference.to_owned()),
        primary_email: Some(email.to_owned()),
        ..CustomerProfile::default()
    };
    Customer {
        account: AccountId::DEFAULT,
        id: CustomerId::try_from(id).expect("an id"),
        profile,
        status: CustomerStatus::Active,
        standing: AccountStanding::Good,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A repository with these customers, which compares as the stores do.
fn repository(customers: Vec<Customer>) -> MockCustomerRepository {
    let mut repository = MockCustomerRepository::new();
    repository.expect_search().returning(move |_, query: &CustomerQuery, page| {
        let filter = &query.filters[0];
        assert!(filter.any_of.len() <= 100, "a query of a bounded length");
        let wanted = |customer: &&Customer| {
            let text = |text: Option<&String>| SearchValue::Text(text.cloned().unwrap_or_default());
            let value = match filter.field {
                CustomerField::Id => SearchValue::Number(customer.id.get()),
                CustomerField::Reference => text(customer.profile.reference.as_ref()),
                _ => text(customer.profile.primary_email.as_ref()),
            };
            filter.any_of.iter().any(|condition: &Condition| condition.holds(&value))
        };
        let found: Vec<_> = customers.iter().filter(wanted).cloned().collect();
        let total = u64::try_from(found.len()).expect("a count");
        let skipped = usize::try_from(page.offset()).expect("a count");
        let size = usize::try_from(page.size()).expect("a count");
        Ok(Page { items: found.into_iter().skip(skipped).take(size).collect(), total })
    });
    repository
}

/// A customer of the vault: its id, its metadata, its e-mail address.
type Theirs<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

/// Customers of the vault, two a page.
fn catalog(customers: &[Theirs<'_>]) -> MockVaultCatalog {
    let customers: Vec<_> = customers.iter().map(|each| vault_customer(*each)).collect();
    let mut catalog = MockVaultCatalog::new();
    catalog.expect_customers().returning(move |_, range| {
        let at = |id: &ExternalCustomerId| customers.iter().position(|each| each.id == *id);
        let from = range.after.and_then(at).map_or(0, |at| at + 1);
        let items: Vec<_> = customers.iter().skip(from).take(2).cloned().collect();
        Ok(VaultPage { more: from + items.len() < customers.len(), items })
    });
    catalog
}

fn vault_customer((id, metadata, email): Theirs<'_>) -> VaultCustomer {
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    VaultCustomer {
        id: ExternalCustomerId::parse(id).expect("an id"),
        created: 1,
        email: (!email.is_empty()).then(|| email.to_owned()),
        metadata: metadata.iter().map(pair).collect(),
        default: None,
        holdings: Vec::new(),
        sources_complete: true,
    }
}

async fn map(catalog: MockVaultCatalog, customers: Vec<Customer>, by: MapBy) -> Mapping {
    let map =
        MapCustomers { catalog: Arc::new(catalog), customers: Arc::new(repository(customers)) };
    let mapped = map.run(AccountId::DEFAULT, &VaultAccount::DEFAULT, &by, |_| ()).await;
    mapped.expect("a mapping")
}

fn mapped(mapping: &Mapping) -> Vec<(&str, i64)> {
    let pair = |mapped: &MappedCustomer| mapped.customer.get();
    mapping.mapped.iter().map(|each| (each.external_customer.as_str(), pair(each))).collect()
}

fn left_out(mapping: &Mapping) -> Vec<(&str, &str, Vec<i64>)> {
    let ids = |left_out: &LeftOut| left_out.candidates.iter().map(|id| id.get()).collect();
    let left_out = mapping.left_out.iter();
    left_out.map(|each| (each.external_customer.as_str(), each.reason.name(), ids(each))).collect()
}

fn id_in(key: &str) -> MapBy {
    MapBy::Id { key: key.to_owned() }
}

#[tokio::test]
async fn who_keeps_our_id_is_mapped_over_all_pages() {
    let catalog = catalog(&[
        ("cus_3", &[("customerId", "3")], ""),
        ("cus_2", &[("other", "9"), ("customerId", " 002 ")], ""),
        ("cus_1", &[("customerId", "1")], ""),
    ]);
    let customers = vec![ours(1, "", ""), ours(2, "", ""), ours(3, "", "")];
    let mapping = map(catalog, customers, id_in("customerId")).await;
    assert_eq!(mapped(&mapping), [("cus_3", 3), ("cus_2", 2), ("cus_1", 1)]);
    assert!(mapping.left_out.is_empty());
}

#[tokio::test]
async fn who_means_nobody_is_left_out() {
    let catalog = catalog(&[
        ("cus_a", &[], "ana@example.com"),
        ("cus_b", &[("customerId", "x")], ""),
        ("cus_c", &[("customerId", "99")], ""),
        ("cus_d", &[("customerId", "")], ""),
    ]);
    let mapping = map(catalog, vec![ours(1, "", "")], id_in("customerId")).await;
    assert_eq!(mapped(&mapping), []);
    assert_eq!(mapping.left_out_as(MapReason::Unmatched), 4);
}

#[tokio::test]
async fn what_is_ambiguous_is_not_guessed_however_late_it_shows() {
    let catalog = catalog(&[
        ("cus_4", &[], "EVA@example.com"),
        ("cus_3", &[], "both@example.com"),
        ("cus_2", &[], "ana@example.com"),
        ("cus_1", &[], "eva@Example.com"),
    ]);
    let customers = vec![
        ours(1, "", "Ana@example.com"),
        ours(2, "", "eva@example.com"),
        ours(3, "", "both@example.com"),
        ours(4, "", "BOTH@example.com"),
    ];
    let mapping = map(catalog, customers, MapBy::Email).await;
    assert_eq!(mapped(&mapping), [("cus_2", 1)]);
    let expected = [
        ("cus_4", "several_stripe_customers", vec![2]),
        ("cus_3", "several_customers", vec![3, 4]),
        ("cus_1", "several_stripe_customers", vec![2]),
    ];
    assert_eq!(left_out(&mapping), expected);
}

#[tokio::test]
async fn one_of_ours_that_two_may_be_is_given_to_neither() {
    let catalog = catalog(&[("cus_2", &[("ref", "A")], ""), ("cus_1", &[("ref", "A")], "")]);
    let by = MapBy::Reference { key: "ref".to_owned() };
    let mapping = map(catalog, vec![ours(1, "A", ""), ours(2, "a", "")], by).await;
    assert_eq!(mapped(&mapping), []);
    assert_eq!(mapping.left_out_as(MapReason::SeveralOfTheVault), 2);
}

#[tokio::test]
async fn a_reference_is_compared_byte_by_byte() {
    let catalog = catalog(&[("cus_1", &[("reference", "ab")], "")]);
    let by = MapBy::Reference { key: "reference".to_owned() };
    let mapping = map(catalog, vec![ours(1, "AB", ""), ours(2, "ab", "")], by).await;
    assert_eq!(mapped(&mapping), [("cus_1", 2)]);
}

#[tokio::test]
async fn many_of_ours_behind_one_address_are_some_candidates() {
    let catalog = catalog(&[("cus_1", &[], "none@example.com")]);
    let customers = (1..=2_500).map(|id| ours(id, "", "none@example.com")).collect();
    let mapping = map(catalog, customers, MapBy::Email).await;
    assert_eq!(mapping.left_out_as(MapReason::SeveralOfOurs), 1);
    assert_eq!(mapping.left_out[0].candidates.len(), 10);
}

#[tokio::test]
async fn a_customer_that_is_deleted_while_it_is_read_ends_nothing_and_maps_nobody_twice() {
    let kept = [("customerId", "1")];
    let there =
        [("cus_4", &kept[..], ""), ("cus_3", &[], ""), ("cus_2", &[], ""), ("cus_1", &[], "")];
    let mut customers: Vec<_> = there.map(vault_customer).into();
    let mut catalog = MockVaultCatalog::new();
    // All of one second, two a page; the last of the first page is deleted once it was read.
    catalog.expect_customers().returning(move |_, range| {
        let from = match range.after {
            None => 0,
            Some(after) => match customers.iter().position(|each| each.id == *after) {
                Some(at) => at + 1,
                None => {
                    return Err(VaultError::CustomerNotFound {
                        message: "No such customer".into(),
                    });
                }
            },
        };
        let items: Vec<_> = customers.iter().skip(from).take(2).cloned().collect();
        let more = from + items.len() < customers.len();
        customers.retain(|each| each.id.as_str() != "cus_3");
        Ok(VaultPage { items, more })
    });
    let mapping = map(catalog, vec![ours(1, "", "")], id_in("customerId")).await;
    assert_eq!(mapped(&mapping), [("cus_4", 1)]);
    assert_eq!(mapping.left_out_as(MapReason::Unmatched), 3);
}
