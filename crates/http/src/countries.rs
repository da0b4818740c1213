//! GET /v1/countries: open to everybody.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::endpoint::Endpoint;
use crate::place::{country, state};
use crate::reply::Reply;

/// A country.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Country)]
struct CountryObject {
    /// Its numeric code in ISO 3166-1.
    id: u16,
    /// Its English name.
    name: &'static str,
    /// Empty but for Canada and the USA.
    states: Vec<StateObject>,
}

/// A state, province or territory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = State)]
struct StateObject {
    id: u8,
    name: &'static str,
}

/// They never change.
static COUNTRIES: LazyLock<Reply> = LazyLock::new(all);

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, "/v1/countries", "listCountries")
            .for_everybody(list)
            .does("Lists the countries, and the states of Canada and the USA")
            .failing(&[503])
            .answers_all::<CountryObject>("All of them."),
    ]
}

async fn list() -> HttpResponse {
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
