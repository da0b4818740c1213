//! Lists: which page a query asks for, and the headers that say which one it is.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use serde::Serialize;

use crate::body::{FieldProblem, Fields, Members};
use crate::reply::Reply;

/// What every list can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListQuery {
    pub(crate) page: PageRequest,
    pub(crate) order: SortOrder,
    /// The field it is sorted by.
    pub(crate) sorted_by: &'static str,
}

impl ListQuery {
    /// Reads the query of a list that can be sorted by these fields, by the first unless told
    /// otherwise.
    pub(crate) fn parse(
        query: &Members,
        sortable: &'static [&'static str],
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::new(query);
        let number = fields.number("pageNumber", 0..=u32::MAX, 0);
        let size = fields.number("pageSize", 1..=PageRequest::LARGEST, PageRequest::USUAL);
        let order = fields.one_of("sortOrder", &["Ascending", "Descending"]);
        let sorted_by = fields.one_of("sortExpression", sortable);
        let taken = (|| {
            let order = match order? {
                "Descending" => SortOrder::Descending,
                _ => SortOrder::Ascending,
            };
            Some(Self { page: PageRequest::new(number?, size?)?, order, sorted_by: sorted_by? })
        })();
        fields.finish(taken)
    }

    /// The answer: an array, and where in the list it stands.
    pub(crate) fn answer<T, Object: Serialize + From<T>>(self, page: Page<T>) -> HttpResponse {
        let Page { items, total } = page;
        let objects: Vec<Object> = items.into_iter().map(Object::from).collect();
        let (number, size) = (u64::from(self.page.number()), u64::from(self.page.size()));
        let last = total.saturating_sub(1) / size;
        let next = if number < last { (number + 1).to_string() } else { "-1".to_owned() };
        let previous = match number {
            0 => "-1".to_owned(),
            number => (number - 1).min(last).to_string(),
        };
        let order = match self.order {
            SortOrder::Ascending => "Ascending",
            SortOrder::Descending => "Descending",
        };
        let headers = [
            ("x-count", objects.len().to_string()),
            ("x-maxcount", total.to_string()),
            ("x-currentpage", number.to_string()),
            ("x-nextpage", next),
            ("x-previouspage", previous),
            ("x-pagesize", size.to_string()),
            ("x-maxpageindex", last.to_string()),
            ("x-sortorder", order.to_owned()),
            ("x-sortexpression", self.sorted_by.to_owned()),
        ];
        let mut response: HttpResponse = Reply::json(StatusCode::OK, &objects).into();
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
