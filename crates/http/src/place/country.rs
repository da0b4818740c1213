//! Countries: ISO 3166-1, by any of their codes or their name.

use rust_iso3166::CountryCode;

/// Names that people write, and ISO 3166-1 does not.
const ALIASES: [(&str, &str); 14] = [
    ("United States", "US"),
    ("U.S.A.", "US"),
    ("U.S.", "US"),
    ("United Kingdom", "GB"),
    ("Great Britain", "GB"),
    ("UK", "GB"),
    ("Netherlands", "NL"),
    ("South Korea", "KR"),
    ("Russia", "RU"),
    ("Czech Republic", "CZ"),
    ("Vietnam", "VN"),
    ("Taiwan", "TW"),
    ("Turkey", "TR"),
    ("Bolivia", "BO"),
];

/// A country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Country {
    /// Its numeric code, ISO 3166-1: 124 is Canada.
    pub(crate) numeric: u16,
    /// Its English name.
    pub(crate) name: &'static str,
}

/// Every country, in the order of their names.
pub(crate) fn all() -> Vec<Country> {
    let country = |found: &CountryCode| Country { numeric: found.numeric, name: found.name };
    let mut countries: Vec<_> = rust_iso3166::ALL.iter().map(country).collect();
    countries.sort_by_key(|country| country.name);
    countries
}

/// The country that a text names, in any letter case.
pub(crate) fn find(text: &str) -> Option<Country> {
    if text.is_empty() {
        return None;
    }
    let upper = text.to_ascii_uppercase();
    let found = rust_iso3166::from_alpha2(&upper)
        .or_else(|| rust_iso3166::from_alpha3(&upper))
        .or_else(|| by_alias(text))
        .or_else(|| by_name(text))?;
    Some(Country { numeric: found.numeric, name: found.name })
}

fn by_alias(text: &str) -> Option<CountryCode> {
    let (_, code) = ALIASES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text))?;
    rust_iso3166::from_alpha2(code)
}

fn by_name(text: &str) -> Option<CountryCode> {
    let named = |country: &&CountryCode| country.name.eq_ignore_ascii_case(text);
    rust_iso3166::ALL.iter().find(named).copied()
}
