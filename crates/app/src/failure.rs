//! How a command fails.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::master_keys;
use crate::settings::Problems;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The settings are wrong: every problem with them. Exit code 2, as for a wrong flag.
    Settings(Problems),
    /// Something failed. Exit code 1.
    Failed(Box<dyn Error>),
    /// The command has told the user already. Exit code 1.
    Told,
    /// Some rows failed, or some things differ, of which the command has told. Exit code 3.
    NotAll,
    /// A job stopped before its end, of which the command has told. Exit code 4.
    Stopped,
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl Failure {
    /// A failure in one sentence.
    pub(crate) fn because(message: impl Into<String>) -> Self {
        Self::Failed(message.into().into())
    }

    /// A setting that is wrong, which only became known after the others were looked at.
    pub(crate) fn setting(name: &str, problem: impl fmt::Display) -> Self {
        let mut problems = Problems::default();
        problems.add(name, problem);
        Self::Settings(problems)
    }

    /// Tells the user, down to the cause.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Settings(problems) => {
                eprint!("{problems}");
                ExitCode::from(2)
            }
            Self::Failed(error) => {
                eprintln!("error: {error}");
                for cause in causes(error.as_ref()) {
                    eprintln!("  because: {cause}");
                }
                if let Some(what) = master_keys::what_to_do(error.as_ref()) {
                    eprintln!("  what to do: {what}");
                }
                ExitCode::FAILURE
            }
            Self::Told => ExitCode::FAILURE,
            Self::NotAll => ExitCode::from(3),
            Self::Stopped => ExitCode::from(4),
        }
    }
}

/// What led to an error, each text once: many an error ends with the text of what led to it.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let told = error.to_string();
    let mut texts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !texts.last().unwrap_or(&told).ends_with(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    texts.retain(|text| *text != told);
    texts
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error)]
    #[error("{text}")]
    struct Met {
        text: &'static str,
        source: Option<Box<Met>>,
    }

    /// The causes of the first of these, each of which was led to by the next.
    fn causes_of(texts: &[&'static str]) -> Vec<String> {
        let mut met = None;
        for text in texts.iter().rev().copied() {
            met = Some(Box::new(Met { text, source: met }));
        }
        causes(met.expect("a text").as_ref())
    }

    #[test]
    fn no_cause_is_told_twice() {
        let refused = "connection refused";
        let pool = "error while creating a connection: connection refused";
        assert_eq!(causes_of(&["no connection", pool, refused]), [pool]);
        assert_eq!(causes_of(&["no connection", refused, refused]), [refused]);
        assert_eq!(causes_of(&[pool, refused]), Vec::<String>::new());
        assert_eq!(causes_of(&["it failed", "no connection", refused]), ["no connection", refused]);
    }
}
