//! Import jobs: made of a file, watched, started, stopped, tried again, undone.

mod actions;
mod events;
mod file;
mod incoming;
mod object;
mod options;
mod pieces;
mod plan;
mod read;
mod receive;
mod results;
mod upload;

pub use object::JobObject;
pub use results::Form as ResultsForm;

use crate::endpoint::Endpoint;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let rest = vec![plan::endpoint(), results::endpoint(), events::endpoint()];
    let all = [upload::endpoints(), read::endpoints(), actions::endpoints(), rest];
    all.into_iter().flatten().collect()
}
