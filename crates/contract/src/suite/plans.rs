//! Searches whose plans an adapter's own tests look at.

use cardlift_core::Timestamp;
use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerQuery, FieldKind, Pattern, SearchValue,
};
use cardlift_core::page::SortOrder;

/// Each field, the index that serves it, and the searches that it must serve.
#[must_use]
pub fn searches() -> Vec<(CustomerField, &'static str, Vec<CustomerQuery>)> {
    CustomerField::ALL.into_iter().map(|field| (field, index(field), queries(field))).collect()
}

const fn index(field: CustomerField) -> &'static str {
    match field {
        CustomerField::Id => "primary key",
        CustomerField::FirstName => "customer_by_first_name",
        CustomerField::LastName => "customer_by_last_name",
        CustomerField::CompanyName => "customer_by_company_name",
        CustomerField::PrimaryEmail => "customer_by_primary_email",
        CustomerField::Reference => "customer_by_reference",
        CustomerField::Status => "customer_by_status",
        CustomerField::Created => "customer_by_created_at",
        CustomerField::Modified => "customer_by_updated_at",
    }
}

fn queries(field: CustomerField) -> Vec<CustomerQuery> {
    let ordered = |filters, order| CustomerQuery { filters, sorted_by: field, order };
    let filter = |condition| vec![CustomerFilter { field, any_of: vec![condition] }];
    let value = match field.kind() {
        FieldKind::Number => SearchValue::Number(7),
        FieldKind::Text if field == CustomerField::Status => SearchValue::Text("hold".into()),
        FieldKind::Text => SearchValue::Text("a".into()),
        FieldKind::Instant => SearchValue::Instant(Timestamp::UNIX_EPOCH),
    };
    let mut queries = vec![
        ordered(Vec::new(), SortOrder::Ascending),
        ordered(Vec::new(), SortOrder::Descending),
        ordered(filter(Condition::Is(value.clone())), SortOrder::Ascending),
        ordered(filter(Condition::Between(Some(value), None)), SortOrder::Descending),
    ];
    if field.kind() == FieldKind::Text {
        let like = Condition::Like(Pattern::parse("a*"));
        queries.push(ordered(filter(like), SortOrder::Ascending));
    }
    queries
}

/// Searches that are sorted by another field than the one that is searched: the index of the search,
/// and that of the order.
#[must_use]
pub fn sorted_otherwise() -> Vec<(&'static str, &'static str, CustomerQuery)> {
    let text = |text: &str| SearchValue::Text(text.into());
    let hold = Condition::Is(text("hold"));
    let draft = Condition::Is(text("draft"));
    let beginning = Condition::Like(Pattern::parse("a*"));
    [
        (CustomerField::Status, vec![hold.clone()], CustomerField::LastName),
        (CustomerField::Status, vec![hold, draft], CustomerField::Id),
        (CustomerField::PrimaryEmail, vec![beginning.clone()], CustomerField::Id),
        (CustomerField::PrimaryEmail, vec![beginning], CustomerField::Created),
    ]
    .map(|(field, any_of, sorted_by)| {
        let filters = vec![CustomerFilter { field, any_of }];
        let query = CustomerQuery { filters, sorted_by, order: SortOrder::Ascending };
        (index(field), index(sorted_by), query)
    })
    .into()
}
