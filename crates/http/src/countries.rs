//! GET /v1/countries: open to everybody.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::place::{country, state};
use crate::reply::Reply;

#[derive(Debug, Serialize)]
struct CountryObject {
    id: u16,
    name: &'static str,
    states: Vec<StateObject>,
}

#[derive(Debug, Serialize)]
struct StateObject {
    id: u8,
    name: &'static str,
}

/// They never change.
static COUNTRIES: LazyLock<Reply> = LazyLock::new(all);

pub(crate) async fn endpoint() -> HttpResponse {
    COUNTRIES.clone().into()
}

fn all() -> Reply {
    let states = |country| {
        state::of(country).map(|state| StateObject { id: state.id, name: state.name }).collect()
    };
    let countries: Vec<_> = country::all()
        .into_iter()
        .map(|country| CountryObject {
            id: country.numeric,
            name: country.name,
            states: states(country.numeric),
        })
        .collect();
    Reply::json(StatusCode::OK, &countries)
}
