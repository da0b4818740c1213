//! What is asked of the API.

use reqwest::Url;

use crate::endpoint::Endpoint;

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read<'a> {
    /// The connected account; the key's own where there is none.
    pub(crate) account: Option<&'a str>,
    pub(crate) endpoint: Endpoint,
    /// The customer it is about; a list of customers is about none.
    pub(crate) customer: Option<&'a str>,
    /// The path below `/v1/customers/{customer}`.
    pub(crate) below: &'a [&'a str],
    /// Parameters, by their names.
    pub(crate) query: &'a [(&'a str, &'a str)],
}

/// Who waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    /// Somebody who made a request of our own API.
    Live,
    /// A job, which has time.
    Bulk,
}

impl Read<'_> {
    /// The URL below this base.
    pub(crate) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v1", "customers"]).extend(self.customer);
            path.extend(self.below);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        url
    }
}
