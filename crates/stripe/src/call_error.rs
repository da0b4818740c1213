//! Why a call brought no answer that can be used. Nothing here holds a URL, a key or a card.

use thiserror::Error;

/// Why a call brought no answer that can be used.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    #[error("no connection")]
    Connection(#[source] reqwest::Error),
    #[error("no answer in time")]
    Timeout(#[source] reqwest::Error),
    #[error("no answer came over the connection")]
    Unanswered(#[source] reqwest::Error),
    #[error("the answer broke off")]
    CutOff(#[source] reqwest::Error),
    #[error("the time for the whole call is over")]
    Deadline,
    #[error("other calls about the same customer took all the time there was")]
    NoTurn,
    #[error("it failed so often that it is left alone for a while")]
    BreakerOpen,
    #[error("the answer is longer than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("status {status}{}{}", named("code", .code.as_ref()), named("request", .request_id.as_ref()))]
    Status { status: u16, code: Option<String>, request_id: Option<String> },
    #[error("not the JSON that was expected: {category} error at line {line}, column {column}")]
    Json { category: &'static str, line: usize, column: usize },
    #[error("{0}")]
    Meaning(&'static str),
}

impl CallError {
    /// Whether the same call may go well when it is made again.
    pub(crate) const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Connection(_)
                | Self::Timeout(_)
                | Self::Unanswered(_)
                | Self::CutOff(_)
                | Self::Deadline
                | Self::NoTurn
        )
    }

    /// What it is counted as.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Connection(_) => "connection",
            Self::Timeout(_) | Self::Deadline => "timeout",
            Self::Unanswered(_) => "unanswered",
            Self::CutOff(_) => "cut_off",
            Self::NoTurn => "no_turn",
            Self::BreakerOpen => "breaker_open",
            Self::TooLarge { .. } => "too_large",
            Self::Status { .. } => "status",
            Self::Json { .. } | Self::Meaning(_) => "unreadable",
        }
    }
}

/// What reqwest met. Its URL holds ids, and is left out.
impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_connect() {
            Self::Connection(error)
        } else if error.is_timeout() {
            Self::Timeout(error)
        } else if error.is_request() {
            Self::Unanswered(error)
        } else {
            Self::CutOff(error)
        }
    }
}

/// What serde met. Its text may quote the answer, so only the place is kept.
impl From<serde_json::Error> for CallError {
    fn from(error: serde_json::Error) -> Self {
        let category = match error.classify() {
            serde_json::error::Category::Io => "read",
            serde_json::error::Category::Syntax => "syntax",
            serde_json::error::Category::Data => "data",
            serde_json::error::Category::Eof => "end",
        };
        Self::Json { category, line: error.line(), column: error.column() }
    }
}

fn named(name: &str, value: Option<&String>) -> String {
    value.map(|value| format!(", {name} {value}")).unwrap_or_default()
}
