//! States and provinces of Canada and the USA, under the ids that the billing system gives them.

/// ISO 3166-1 numeric.
const CANADA: u16 = 124;
const USA: u16 = 840;

/// Code and name, in the order of their ids: Canada's start at 1, the USA's at 14.
const STATES: [(&str, &str); 65] = [
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NT", "Northwest Territories"),
    ("NS", "Nova Scotia"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
    ("AK", "Alaska"),
    ("AL", "Alabama"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// How many of them are Canada's.
const CANADIAN: usize = 13;

/// A state or province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// The billing system's id.
    pub(crate) id: u8,
    /// Its English name.
    pub(crate) name: &'static str,
}

/// The state of a country that a text names, by code or name, in any letter case.
pub(crate) fn find(country: u16, text: &str) -> Option<State> {
    let named = |(code, state): &(&str, State)| {
        code.eq_ignore_ascii_case(text) || state.name.eq_ignore_ascii_case(text)
    };
    with_codes(country).find(named).map(|(_, state)| state)
}

/// The states of a country, in the order of their ids.
pub(crate) fn of(country: u16) -> impl Iterator<Item = State> {
    with_codes(country).map(|(_, state)| state)
}

fn with_codes(country: u16) -> impl Iterator<Item = (&'static str, State)> {
    let (canadian, american) = STATES.split_at(CANADIAN);
    let (states, first) = match country {
        CANADA => (canadian, 1),
        USA => (american, 14),
        _ => (&[][..], 1),
    };
    states.iter().zip(first..).map(|((code, name), id)| (*code, State { id, name }))
}
