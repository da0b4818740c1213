//! What must hold of any query, and of any body of a customer.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{
    Condition, CustomerFilter, CustomerProfile, CustomerQuery, SearchValue, TextField,
};
use cardlift_core::page::{PageRequest, SortOrder};
use chrono::SecondsFormat;
use url::form_urlencoded::Serializer;

use super::{asked, request};
use crate::body::Members;
use crate::error::ApiError;
use crate::list::ListQuery;

/// Reads a query of customers. What it asks for, where that can be told, is what the stores make
/// statements of.
///
/// # Panics
/// Where something does not hold that must.
#[must_use]
pub fn query(input: &[u8]) -> Option<(CustomerQuery, PageRequest)> {
    match asked(std::str::from_utf8(input).ok()?) {
        Ok((query, list)) => {
            let written = written(&query, list);
            let again = asked(&written).ok();
            assert_eq!(again, Some((query.clone(), list)), "another query: {written}");
            Some((query, list.page))
        }
        Err(ApiError::Fields(problems)) => {
            for problem in problems {
                let told = problem.to_string();
                assert!(told.len() <= 250 && told.is_ascii(), "nothing of it: {told}");
            }
            None
        }
        Err(error) => unreachable!("no other error: {error}"),
    }
}

/// The query that asks for this.
fn written(query: &CustomerQuery, list: ListQuery) -> String {
    let filters: Vec<_> = query.filters.iter().map(filter).collect();
    let order = match list.order {
        SortOrder::Ascending => "Ascending",
        SortOrder::Descending => "Descending",
    };
    Serializer::new(String::new())
        .append_pair("query", &filters.join(";"))
        .append_pair("pageNumber", &list.page.number().to_string())
        .append_pair("pageSize", &list.page.size().to_string())
        .append_pair("sortOrder", order)
        .append_pair("sortExpression", query.sorted_by.name())
        .finish()
}

fn filter(CustomerFilter { field, any_of }: &CustomerFilter) -> String {
    let values: Vec<_> = any_of.iter().map(condition).collect();
    format!("{}:{}", field.name(), values.join(","))
}

fn condition(condition: &Condition) -> String {
    let bound = |bound: &Option<SearchValue>| bound.as_ref().map(value).unwrap_or_default();
    match condition {
        Condition::Is(is) => value(is),
        Condition::Like(pattern) => pattern.parts().join("*"),
        Condition::Empty => "[empty]".to_owned(),
        Condition::Between(low, high) => format!("{}|{}", bound(low), bound(high)),
    }
}

fn value(value: &SearchValue) -> String {
    match value {
        SearchValue::Number(number) => number.to_string(),
        SearchValue::Text(text) => text.clone(),
        SearchValue::Instant(at) => at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
    }
}

/// Reads a body as that of a new customer, and as that of one that is replaced.
pub(crate) fn profiles(members: &Members) -> Result<(), ApiError> {
    check(&request::new(members)?);
    check(&request::replacement(members, AccountId::DEFAULT)?.profile);
    Ok(())
}

fn check(profile: &CustomerProfile) {
    for TextField { name, get, .. } in CustomerProfile::TEXTS {
        if let Some(text) = get(profile) {
            assert_eq!(CustomerProfile::text(text), Ok(Some(text.clone())), "{name} can be kept");
        }
    }
}
