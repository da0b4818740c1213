//! The query language: `name:value;name:value`.

use cardlift_core::Timestamp;
use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerQuery, CustomerStatus, FieldKind, Pattern,
    SearchValue,
};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::body::{FieldProblem, Fields, Members};
use crate::list::ListQuery;
use crate::openapi::schema;

/// How many values a query may hold.
const MOST_VALUES: usize = 50;

/// The conditions that a query has, or what is wrong with each of its parts.
pub(super) fn parse(members: &Members) -> Result<Vec<CustomerFilter>, Vec<FieldProblem>> {
    let mut fields = Fields::new(members);
    let query = fields.raw_text("query");
    let filters = query.and_then(|query| {
        let (filters, problems) = parts(&query);
        let whole = problems.is_empty();
        for problem in problems {
            fields.problem("query", problem);
        }
        whole.then_some(filters)
    });
    fields.finish(filters)
}

/// What the query is said to be.
pub(super) fn parameter() -> Parameter {
    let says = "What customers must be: `name:value;name:value`, all of it. A value is a text, \
                with `*` for anything; `[empty]`; or a range, `low|high`. `,` stands for any of.";
    let text = ObjectBuilder::new().schema_type(Type::String);
    schema::in_query("query", text, says)
        .example(Some(json!("status:Active,Draft;lastName:A*")))
        .build()
}

/// The query for a list that is sorted so.
pub(super) fn customers(filters: Vec<CustomerFilter>, list: ListQuery) -> CustomerQuery {
    let sorted_by = CustomerField::from_name(list.sorted_by).unwrap_or(CustomerField::Id);
    CustomerQuery { filters, sorted_by, order: list.order }
}

fn parts(query: &str) -> (Vec<CustomerFilter>, Vec<String>) {
    if query.split([';', ',']).count() > MOST_VALUES {
        return (Vec::new(), vec![format!("must hold at most {MOST_VALUES} values")]);
    }
    let (mut filters, mut problems) = (Vec::new(), Vec::new());
    let filled = query.split(';').filter(|part| !part.trim().is_empty());
    for (number, part) in (1..).zip(filled) {
        match filter(part) {
            Ok(filter) => filters.push(filter),
            Err(problem) => problems.push(format!("has a part {number} that {problem}")),
        }
    }
    (filters, problems)
}

fn filter(part: &str) -> Result<CustomerFilter, String> {
    let (name, values) = part.split_once(':').ok_or("lacks a colon: write name:value")?;
    let field = CustomerField::from_name(name.trim());
    let field = field.ok_or_else(|| {
        format!("names a field that can't be searched: use {}", CustomerField::NAMES.join(", "))
    })?;
    let any_of = values.split(',').map(|value| condition(field, value.trim()));
    let any_of = any_of
        .collect::<Result<_, _>>()
        .map_err(|problem| format!("gives {} a value that {problem}", field.name()))?;
    Ok(CustomerFilter { field, any_of })
}

fn condition(field: CustomerField, text: &str) -> Result<Condition, String> {
    // Nothing that is kept holds one, and Postgres takes no NUL in what is compared.
    if text.contains(char::is_control) {
        return Err("can't have a control character".to_owned());
    }
    if text.eq_ignore_ascii_case("[empty]") {
        return Ok(Condition::Empty);
    }
    if let Some((low, high)) = text.split_once('|') {
        let bound = |text: &str, bound: Bound| match text.trim() {
            "" => Ok(None),
            text => value(field, text, bound).map(Some),
        };
        return Ok(Condition::Between(bound(low, Bound::Low)?, bound(high, Bound::High)?));
    }
    if text.contains('*') {
        return match field.kind() {
            FieldKind::Text => Ok(Condition::Like(Pattern::parse(text))),
            FieldKind::Number | FieldKind::Instant => Err("can't have a *".to_owned()),
        };
    }
    if text.is_empty() {
        return Err("is missing: write [empty] for none".to_owned());
    }
    match (field, field.kind()) {
        // A day is all of it.
        (_, FieldKind::Instant) => {
            let (low, high) = (value(field, text, Bound::Low)?, value(field, text, Bound::High)?);
            Ok(Condition::Between(Some(low), Some(high)))
        }
        (CustomerField::Status, _) => {
            let names = CustomerStatus::ALL.map(CustomerStatus::name).join(", ");
            let status = CustomerStatus::from_name(text);
            let status = status.ok_or_else(|| format!("is none of {names}"))?;
            Ok(Condition::Is(SearchValue::Text(status.name().to_owned())))
        }
        _ => value(field, text, Bound::Low).map(Condition::Is),
    }
}

/// Which end of a day a date is.
#[derive(Clone, Copy)]
enum Bound {
    Low,
    High,
}

fn value(field: CustomerField, text: &str, bound: Bound) -> Result<SearchValue, String> {
    match field.kind() {
        FieldKind::Text => Ok(SearchValue::Text(text.to_owned())),
        FieldKind::Number => {
            text.parse().map(SearchValue::Number).map_err(|_| "is no whole number".to_owned())
        }
        FieldKind::Instant => instant(text, bound)
            .map(SearchValue::Instant)
            .ok_or_else(|| "is no time: write 2026-11-24 or 2026-11-24T10:00:00Z".to_owned()),
    }
}

/// An instant of a year that has four digits. Postgres knows no time for some others, and SQLite, which
/// compares texts, knows no order of them.
fn instant(text: &str, bound: Bound) -> Option<Timestamp> {
    let at = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.with_timezone(&Utc),
        Err(_) => of_day(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?, bound)?,
    };
    (0..=9999).contains(&at.year()).then_some(at)
}

fn of_day(day: NaiveDate, bound: Bound) -> Option<Timestamp> {
    let start = day.and_time(NaiveTime::MIN).and_utc();
    match bound {
        Bound::Low => Some(start),
        Bound::High => start.checked_add_signed(TimeDelta::days(1) - TimeDelta::microseconds(1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(query: &str) -> Result<Vec<CustomerFilter>, String> {
        let (filters, problems) = parts(query);
        if problems.is_empty() { Ok(filters) } else { Err(problems.join("; ")) }
    }

    fn only(query: &str) -> (CustomerField, Vec<Condition>) {
        let mut filters = parsed(query).expect("a query");
        assert_eq!(filters.len(), 1, "{query}");
        let CustomerFilter { field, any_of } = filters.remove(0);
        (field, any_of)
    }

    fn text(text: &str) -> SearchValue {
        SearchValue::Text(text.into())
    }

    #[test]
    fn each_form_of_a_value_is_a_condition() {
        let (field, any_of) = only(" LASTNAME : Doe, d*e ,[Empty],a| b,|b");
        assert_eq!(field, CustomerField::LastName);
        let expected = [
            Condition::Is(text("Doe")),
            Condition::Like(Pattern::parse("d*e")),
            Condition::Empty,
            Condition::Between(Some(text("a")), Some(text("b"))),
            Condition::Between(None, Some(text("b"))),
        ];
        assert_eq!(any_of, expected);
    }

    #[test]
    fn a_day_is_all_of_it_and_a_time_is_itself() {
        let (_, any_of) = only("createdTimestamp:2026-11-24");
        let Condition::Between(Some(SearchValue::Instant(low)), Some(SearchValue::Instant(high))) =
            &any_of[0]
        else {
            panic!("{any_of:?}");
        };
        assert_eq!(low.to_rfc3339(), "2026-11-24T00:00:00+00:00");
        assert_eq!(high.to_rfc3339(), "2026-11-24T23:59:59.999999+00:00");
        let (_, any_of) = only("modifiedTimestamp:2026-11-24T10:00:00+02:00|");
        let at = DateTime::parse_from_rfc3339("2026-11-24T08:00:00Z").expect("a time");
        let low = SearchValue::Instant(at.with_timezone(&Utc));
        assert_eq!(any_of, [Condition::Between(Some(low), None)]);
    }

    #[test]
    fn parts_that_are_blank_are_none() {
        assert_eq!(parsed(""), Ok(vec![]));
        assert_eq!(parsed(" ; ;").map(|filters| filters.len()), Ok(0));
        assert_eq!(parsed("id:1;status:active;").map(|filters| filters.len()), Ok(2));
    }

    #[track_caller]
    fn check_refused(query: &str, problem: &str) {
        assert_eq!(parsed(query), Err(problem.to_owned()));
    }

    #[test]
    fn a_part_that_can_t_be_is_named_and_no_value_repeated() {
        check_refused("id:1;name", "has a part 2 that lacks a colon: write name:value");
        check_refused(
            "middleName:x",
            "has a part 1 that names a field that can't be searched: use id, firstName, lastName, companyName, primaryEmail, reference, status, createdTimestamp, modifiedTimestamp",
        );
        check_refused("id:x", "has a part 1 that gives id a value that is no whole number");
        check_refused("id:1*", "has a part 1 that gives id a value that can't have a *");
        check_refused(
            "status:Gone",
            "has a part 1 that gives status a value that is none of Draft, Active, Hold, Suspended, Cancelled",
        );
        check_refused(
            "createdTimestamp:yesterday",
            "has a part 1 that gives createdTimestamp a value that is no time: write 2026-11-24 or 2026-11-24T10:00:00Z",
        );
        check_refused(
            "firstName:",
            "has a part 1 that gives firstName a value that is missing: write [empty] for none",
        );
        check_refused(&"id:1;".repeat(51), "must hold at most 50 values");
    }

    #[test]
    fn a_control_character_is_refused_before_a_database_does() {
        for name in ["a\0", "\0*", "a|\0", "a\u{85}b"] {
            check_refused(
                &format!("lastName:{name}"),
                "has a part 1 that gives lastName a value that can't have a control character",
            );
        }
    }

    #[test]
    fn a_time_that_not_every_database_can_tell_is_refused() {
        for time in [
            "-262143-01-01",
            "+12345-01-01",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
        ] {
            check_refused(
                &format!("createdTimestamp:{time}|"),
                "has a part 1 that gives createdTimestamp a value that is no time: write 2026-11-24 or 2026-11-24T10:00:00Z",
            );
        }
        assert!(parsed("createdTimestamp:0000-01-01|9999-12-31").is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_asked_is_a_query_or_a_problem(query in "[a-zA-Z:;,*|\\[\\]0-9T.é -]{0,60}") {
            let (filters, problems) = parts(&query);
            prop_assert!(filters.len() + problems.len() <= MOST_VALUES);
        }
    }
}
