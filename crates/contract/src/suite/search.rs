//! Searching customers.

use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerProfile, CustomerQuery, CustomerRecord,
    CustomerStatus, Pattern, SearchValue,
};
use cardlift_core::page::{PageRequest, SortOrder};

use super::Subject;
use super::data::{ACCOUNT, at, customer_id, other_account, record};

/// Names in either case, an accent, what SQL takes for a wildcard, an empty one and none.
const NAMES: [Option<&str>; 8] = [
    Some("anna"),
    Some("ANNE"),
    Some("Émile"),
    Some("a_b%c"),
    Some("axb%c"),
    Some(""),
    None,
    Some("bo\\b"),
];

/// Customers 1 to 8 with these first names, each a second younger than the one before; 8 is on
/// hold. The other account has one called anna.
async fn eight(stores: &Subject) {
    let named = |first: Option<&str>| CustomerProfile {
        first_name: first.map(Into::into),
        reference: Some("r".into()),
        ..CustomerProfile::default()
    };
    for (id, name) in (1..).zip(NAMES) {
        let record = CustomerRecord { id: customer_id(id), profile: named(name) };
        stores.load(ACCOUNT, &[record], at(id)).await.expect("loaded");
    }
    let (status, last) = (CustomerStatus::Hold, customer_id(8));
    stores.replace(ACCOUNT, last, &named(NAMES[7]), status, at(8)).await.expect("replaced");
    let record = CustomerRecord { id: customer_id(1), profile: named(Some("anna")) };
    let other = other_account(stores).await.id;
    stores.load(other, &[record], at(1)).await.expect("loaded");
}

fn by(field: CustomerField, any_of: Vec<Condition>) -> CustomerQuery {
    let filters = vec![CustomerFilter { field, any_of }];
    CustomerQuery { filters, sorted_by: CustomerField::Id, order: SortOrder::Ascending }
}

/// The ids that a query finds, which are as many as it says there are.
async fn found(stores: &Subject, query: &CustomerQuery) -> Vec<i64> {
    let page = stores.search(ACCOUNT, query, PageRequest::default()).await.expect("asked");
    assert_eq!(u64::try_from(page.items.len()), Ok(page.total));
    page.items.iter().map(|customer| customer.id.get()).collect()
}

async fn check_name(stores: &Subject, condition: Condition, expected: &[i64]) {
    let told = format!("{condition:?}");
    let ids = found(stores, &by(CustomerField::FirstName, vec![condition])).await;
    assert_eq!(ids, expected, "{told}");
}

fn text(text: &str) -> SearchValue {
    SearchValue::Text(text.into())
}

/// A text is found whole, in either case of its ASCII letters.
pub async fn a_text_is_found_in_either_case(stores: Subject) {
    eight(&stores).await;
    check_name(&stores, Condition::Is(text("Anna")), &[1]).await;
    check_name(&stores, Condition::Is(text("émile")), &[]).await;
    check_name(&stores, Condition::Is(text("ÉMILE")), &[3]).await;
    check_name(&stores, Condition::Is(text("ann")), &[]).await;
    check_name(&stores, Condition::Empty, &[6, 7]).await;
}

/// A wildcard is anything, and what SQL takes for one is not.
pub async fn a_pattern_fits_what_it_looks_like(stores: Subject) {
    eight(&stores).await;
    for (pattern, expected) in [
        ("AN*", &[1, 2][..]),
        ("*e", &[2, 3]),
        ("*N*", &[1, 2]),
        ("a_b%*", &[4]),
        ("*_b%c", &[4]),
        ("*\\b", &[8]),
        ("a*b*c", &[4, 5]),
        ("anna*", &[1]),
        ("*", &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("a*a*a", &[]),
    ] {
        check_name(&stores, Condition::Like(Pattern::parse(pattern)), expected).await;
    }
}

/// Bounds belong to a range, and one of them may be missing.
pub async fn a_range_holds_its_bounds(stores: Subject) {
    eight(&stores).await;
    let between =
        |low: Option<&str>, high: Option<&str>| Condition::Between(low.map(text), high.map(text));
    check_name(&stores, between(Some("anna"), Some("Anne")), &[1, 2]).await;
    check_name(&stores, between(Some("b"), None), &[3, 8]).await;
    check_name(&stores, between(None, Some("anna")), &[1, 4, 6, 7]).await;
    let number = |low, high| {
        let bounds =
            Condition::Between(Some(SearchValue::Number(low)), Some(SearchValue::Number(high)));
        by(CustomerField::Id, vec![bounds])
    };
    assert_eq!(found(&stores, &number(7, 99)).await, [7, 8]);
    assert_eq!(found(&stores, &number(9, 1)).await, [0; 0]);
    let since = |low| Condition::Between(Some(SearchValue::Instant(low)), None);
    let query = by(CustomerField::Created, vec![since(at(7))]);
    assert_eq!(found(&stores, &query).await, [7, 8]);
    let query = by(CustomerField::Modified, vec![Condition::Is(SearchValue::Instant(at(2)))]);
    assert_eq!(found(&stores, &query).await, [2]);
}

/// Any of the values of one field, and all of the fields.
pub async fn conditions_of_a_field_are_ored_and_fields_are_anded(stores: Subject) {
    eight(&stores).await;
    let names = vec![Condition::Is(text("anna")), Condition::Like(Pattern::parse("bo*"))];
    let mut query = by(CustomerField::FirstName, names);
    assert_eq!(found(&stores, &query).await, [1, 8]);
    let any_of = vec![Condition::Is(text("Hold"))];
    query.filters.push(CustomerFilter { field: CustomerField::Status, any_of });
    assert_eq!(found(&stores, &query).await, [8]);
    let nobody = by(CustomerField::Reference, vec![Condition::Empty]);
    assert_eq!(found(&stores, &nobody).await, [0; 0]);
}

/// Every field sorts, those that are alike by their ids, and nothing comes first.
pub async fn every_field_sorts_either_way(stores: Subject) {
    eight(&stores).await;
    for sorted_by in CustomerField::ALL {
        let expected = match sorted_by {
            CustomerField::FirstName => [6, 7, 4, 1, 2, 5, 8, 3],
            _ => [1, 2, 3, 4, 5, 6, 7, 8],
        };
        let mut query = CustomerQuery { filters: vec![], sorted_by, order: SortOrder::Ascending };
        let ascending = found(&stores, &query).await;
        assert_eq!(ascending, expected, "{sorted_by:?}");
        query.order = SortOrder::Descending;
        let mut descending = found(&stores, &query).await;
        descending.reverse();
        assert_eq!(descending, expected, "{sorted_by:?}");
    }
}

/// The pages together are the list, and each knows how long it is: of every size, from either end,
/// and beyond the last.
pub async fn customers_come_in_pages(stores: Subject) {
    eight(&stores).await;
    let filters = by(CustomerField::Reference, vec![Condition::Is(text("R"))]).filters;
    let order = [6, 7, 4, 1, 2, 5, 8, 3];
    for (filters, size) in [vec![], filters].iter().flat_map(|f| (1..=9).map(move |size| (f, size)))
    {
        for (order, expected) in [
            (SortOrder::Ascending, order.to_vec()),
            (SortOrder::Descending, order.into_iter().rev().collect()),
        ] {
            let sorted_by = CustomerField::FirstName;
            let query = CustomerQuery { filters: filters.clone(), sorted_by, order };
            let mut ids = Vec::new();
            for number in 0..9 {
                let page = PageRequest::new(number, size).expect("a page");
                let page = stores.search(ACCOUNT, &query, page).await.expect("asked");
                assert_eq!(page.total, 8);
                ids.extend(page.items.iter().map(|customer| customer.id.get()));
            }
            assert_eq!(ids, expected, "{size} a page, {order:?}");
        }
    }
}

/// A page in the middle of thousands is what it would be near an end, whatever is asked for.
pub async fn a_page_far_from_either_end_is_found(stores: Subject) {
    let ids: Vec<_> = (1..=10_100).collect();
    for (seconds, part) in (0..).zip(ids.chunks(4_000)) {
        let records: Vec<_> = part.iter().map(|id| record(*id)).collect();
        stores.load(ACCOUNT, &records, at(seconds)).await.expect("loaded");
    }
    let active = || by(CustomerField::Status, vec![Condition::Is(text("active"))]).filters;
    let since = Condition::Between(Some(SearchValue::Instant(at(0))), None);
    for (sorted_by, filters) in [
        (CustomerField::Id, vec![]),
        (CustomerField::LastName, vec![]),
        (CustomerField::Status, active()),
        (CustomerField::Modified, active()),
        (CustomerField::Created, by(CustomerField::Created, vec![since]).filters),
    ] {
        // In every order the ids follow each other.
        for (order, number, first) in [
            (SortOrder::Ascending, 0, 1),
            (SortOrder::Descending, 0, 10_100),
            (SortOrder::Ascending, 503, 5_031),
            (SortOrder::Ascending, 506, 5_061),
            (SortOrder::Descending, 503, 5_070),
            (SortOrder::Descending, 506, 5_040),
        ] {
            let query = CustomerQuery { filters: filters.clone(), sorted_by, order };
            let page = PageRequest::new(number, 10).expect("a page");
            let page = stores.search(ACCOUNT, &query, page).await.expect("asked");
            let ids: Vec<_> = page.items.iter().map(|customer| customer.id.get()).collect();
            let expected: Vec<_> = match order {
                SortOrder::Ascending => (first..first + 10).collect(),
                SortOrder::Descending => (first - 9..=first).rev().collect(),
            };
            assert_eq!((ids, page.total), (expected, 10_100), "{query:?}, page {number}");
        }
    }
}
