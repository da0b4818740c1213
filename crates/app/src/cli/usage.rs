//! The usage that is told with an error.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// An error with the usage of this command as its help has it. Where clap says how something is used that
/// was not used so, it tells of each setting that the environment gives as if it were required.
pub(super) fn as_help_has_it(mut error: Error, command: &Command) -> Error {
    let tells_of_what_is_given = matches!(
        error.kind(),
        ErrorKind::ArgumentConflict
            | ErrorKind::MissingRequiredArgument
            | ErrorKind::TooManyValues
            | ErrorKind::UnknownArgument
    );
    if tells_of_what_is_given && error.get(ContextKind::Usage).is_some() {
        let usage = command.clone().render_usage();
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    }
    error
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    /// What is told of these arguments. A setting that is given as a flag is told of as one that the
    /// environment gives.
    fn told(arguments: &[&str]) -> String {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        let error = Cli::try_parse_from(&arguments).expect_err("not what there is");
        as_help_has_it(error, &Cli::called(&arguments)).to_string()
    }

    #[test]
    fn the_usage_names_what_is_missing_and_nothing_that_is_not_required() {
        let base = ["--stripe-api-base", "https://api.stripe.com"];
        let import = told(&[&["cardlift", "import", "--account", "acme"][..], &base].concat());
        assert!(import.contains("not provided:\n  <FILE>\n"), "{import}");
        assert!(import.contains("Usage: cardlift import [OPTIONS] <FILE>\n"), "{import}");
        assert!(!import.contains("--stripe-api-base"), "{import}");
        let pause = told(&["cardlift", "--log", "debug", "job", "pause", "--account", "acme"]);
        assert!(pause.contains("Usage: cardlift job pause [OPTIONS] <JOB>\n"), "{pause}");
    }

    #[test]
    fn what_can_not_be_used_is_told_with_the_usage_of_its_command() {
        let unknown = told(&["cardlift", "import", "--account", "acme", "--fast", "cards.csv"]);
        assert!(unknown.contains("'--fast'"), "{unknown}");
        assert!(unknown.contains("Usage: cardlift import [OPTIONS] <FILE>\n"), "{unknown}");
        let no_command = told(&["cardlift", "imports"]);
        assert!(no_command.contains("Usage: cardlift [OPTIONS] <COMMAND>\n"), "{no_command}");
    }
}
