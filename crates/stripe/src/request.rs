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
    /// Its URL, where this is that of all customers.
    pub(crate) fn url(&self, customers: &Url) -> Url {
        let mut url = customers.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(self.customer).extend(self.below);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        url
    }
}
