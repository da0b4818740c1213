//! Where in a request something stands that looks like a card number.

use std::fmt;

use actix_web::http::header::HeaderName;

/// The longest name of a caller's that is repeated.
const LONGEST_NAME: usize = 40;

/// Where it stands. Nothing of it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Method,
    Path,
    /// A parameter, by its name where that can be told.
    Query(Option<String>),
    /// A header, by its name unless it stands in that.
    Header(Option<HeaderName>),
    /// A member of the body, by its name where that can be told; else anywhere in it.
    Body(Option<String>),
    /// A line of a file, from 1.
    Line(u64),
}

impl Place {
    /// What kind of place it is, for the log and the metrics.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query(_) => "query",
            Self::Header(_) => "header",
            Self::Body(_) => "body",
            Self::Line(_) => "file",
        }
    }
}

/// A caller's name for something, where it is one that can be repeated: letters, and not many.
pub(crate) fn name_to_tell(name: &str) -> Option<String> {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphabetic());
    ((1..=LONGEST_NAME).contains(&name.len()) && letters).then(|| name.to_owned())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("The HTTP method"),
            Self::Path => f.write_str("The path"),
            Self::Query(None) => f.write_str("The query"),
            Self::Query(Some(name)) => write!(f, "The parameter {name}"),
            Self::Header(None) => f.write_str("The name of a header"),
            Self::Header(Some(name)) => write!(f, "The header {name}"),
            Self::Body(None) => f.write_str("The request body"),
            Self::Body(Some(name)) => write!(f, "The field {name}"),
            Self::Line(line) => write!(f, "Line {line} of the file"),
        }
    }
}
