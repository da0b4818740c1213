//! The parameters of a list.

use crate::objects::ApiError;

/// How many items a page has where nothing is said, and at most.
const LIMIT: usize = 10;
const MOST: usize = 100;

/// Parameters, as they stand in a URL: `expand[]` may stand several times.
#[derive(Debug, Clone)]
pub(super) struct Query(Vec<(String, String)>);

/// Where in a list a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Query {
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let unreadable = ApiError::Parameter { name: "query", message: "it can't be decoded" };
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(text);
        pairs.map(|pairs| Self(pairs.into_inner())).map_err(|_| unreadable)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// What is expanded, less what stands before it: `data.` in a list.
    pub(super) fn expand(&self, before: &str) -> Vec<String> {
        let names = self.0.iter().filter(|(name, _)| name.starts_with("expand["));
        names.filter_map(|(_, value)| value.strip_prefix(before).map(str::to_owned)).collect()
    }

    /// A bound of `created`, in seconds.
    pub(super) fn created(&self, bound: &str) -> Result<Option<i64>, ApiError> {
        let wrong = ApiError::Parameter { name: "created", message: "it must be a number" };
        let value = self.get(&format!("created[{bound}]"));
        value.map(|value| value.parse().map_err(|_| wrong.clone())).transpose()
    }

    /// The page of a list of this length; `position` finds an item by its id.
    pub(super) fn page(
        &self,
        length: usize,
        position: impl FnOnce(&str) -> Option<usize>,
    ) -> Result<Page, ApiError> {
        let wrong = ApiError::Parameter { name: "limit", message: "it must be from 1 to 100" };
        let limit = self.get("limit").map_or(Ok(LIMIT), str::parse).map_err(|_| wrong.clone())?;
        if !(1..=MOST).contains(&limit) {
            return Err(wrong);
        }
        let from = match self.get("starting_after") {
            None => 0,
            Some(id) => {
                1 + position(id).ok_or(ApiError::Parameter {
                    name: "starting_after",
                    message: "there is no such object",
                })?
            }
        };
        Ok(Page { from, to: length.min(from + limit) })
    }
}
