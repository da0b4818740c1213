//! Lists: which page a query asks for, and the headers that say which one it is.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder};

use crate::body::{FieldProblem, Fields, Members};
use crate::openapi::schema;
use crate::reply::Reply;

/// The parameters of a list that can be sorted by these fields.
pub(crate) fn parameters(sortable: &'static [&'static str]) -> [Parameter; 4] {
    let (number, size) =
        (schema::whole_number(0, u32::MAX), schema::whole_number(1, PageRequest::LARGEST));
    [
        schema::in_query("pageNumber", number, "The page, from 0."),
        schema::in_query("pageSize", size, "How many a page has room for; 100 unless told."),
        schema::in_query("sortOrder", schema::one_of(ORDERS), "Ascending unless told."),
        schema::in_query(
            "sortExpression",
            schema::one_of(sortable.iter().copied()),
            "The field it is sorted by; id unless told.",
        ),
    ]
    .map(ParameterBuilder::build)
}

const ORDERS: [&str; 2] = ["Ascending", "Descending"];

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
        let order = fields.one_of("sortOrder", &ORDERS);
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
