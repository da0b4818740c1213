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

/// What led to an error, each text once.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    texts.dedup();
    texts.retain(|text| *text != error.to_string());
    texts
}
