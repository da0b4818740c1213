//! `cardlift openapi`.

use crate::failure::Failure;

/// Writes the API's description.
pub(crate) fn run() -> Result<(), Failure> {
    println!("{}", cardlift_http::openapi().to_pretty_json()?);
    Ok(())
}
