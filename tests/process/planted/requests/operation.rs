//! Requests for the operations that are described.

use super::super::place::Sent;
use crate::described::Operation;

impl Operation {
    /// A request for it: with this for what is a parameter of its path, this query, and its example
    /// for a body.
    pub(super) fn request(&self, id: &str, query: &str) -> Sent {
        let path = self.filled(|_| id.to_owned());
        let sent = Sent::new(self.verb.clone(), &format!("{path}{query}"));
        match self.example() {
            Some((media_type, body)) => sent.body(media_type, body),
            None => sent,
        }
    }
}
