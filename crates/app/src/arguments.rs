//! What the program is called with.

use std::ffi::{OsStr, OsString};

use cardlift_core::card_number::{INSTEAD, looks_like_a_card_number};
use clap::{Arg, Command};

use crate::cli::Cli;
use crate::failure::Failure;
use crate::settings::Problems;

/// The arguments, the name of the program first, where none of them holds what looks like a card
/// number: labels and names are kept, and what can't be used is repeated to whoever typed it.
pub(crate) fn checked() -> Result<Vec<OsString>, Failure> {
    let arguments: Vec<_> = std::env::args_os().collect();
    let mut problems = Problems::default();
    for (number, pair) in (1..).zip(arguments.windows(2)) {
        if let [before, argument] = pair
            && is_refused(argument)
        {
            let name = name(&Cli::called(&arguments), before, argument);
            let name = name.unwrap_or_else(|| format!("argument {number}"));
            problems.add(&name, format!("holds what looks like a card number. {INSTEAD}"));
        }
    }
    problems.or(Some(arguments))
}

fn is_refused(argument: &OsStr) -> bool {
    looks_like_a_card_number(argument.as_encoded_bytes())
}

/// What an argument is called in the help of its command, by what stands before it; `None` where that is
/// not known. Nothing is taken from the argument itself: what is no name may be the card number.
fn name(command: &Command, before: &OsStr, argument: &OsStr) -> Option<String> {
    let known = match (flag(argument), flag(before)) {
        // --label=VALUE
        (Some(own), _) => find(command, own.split_once('=')?.0)?,
        // --label VALUE
        (None, Some(own)) if !own.contains('=') => match find(command, own)? {
            known if known.get_action().takes_values() => known,
            _ => command.get_positionals().next()?,
        },
        _ => command.get_positionals().next()?,
    };
    Some(known.to_string())
}

/// What comes after the dashes of a flag.
fn flag(argument: &OsStr) -> Option<&str> {
    argument.to_str()?.strip_prefix("--")
}

/// The flag of this name.
fn find<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|known| known.get_long() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_looked_at_whatever_it_is() {
        for refused in ["4242424242424242", "--label=4242 4242 4242 4242", "4242424242424242.csv"] {
            assert!(is_refused(OsStr::new(refused)), "{refused}");
        }
        assert!(!is_refused(OsStr::new("--stripe-card-id=card_19uTyBAXix6Ggd0efp4HNNp7")));
    }

    #[test]
    fn an_argument_is_named_as_in_the_help_of_its_command() {
        for (arguments, named) in [
            (["import-card", "--stripe-card-id", "4242"].as_slice(), "--stripe-card-id <ID>"),
            (&["import-card", "--customer-id=4242"], "--customer-id <ID>"),
            (&["--log", "debug", "key", "create", "--label", "4242"], "--label <LABEL>"),
            (&["serve", "--log=4242"], "--log <LEVEL>"),
            (&["import", "4242.csv"], "<FILE>"),
            (&["import", "--account=acme", "4242.csv"], "<FILE>"),
            (&["import", "--dry-run", "4242.csv"], "<FILE>"),
            (&["job", "status", "4242"], "<JOB>"),
        ] {
            assert_eq!(name_of_last(arguments).as_deref(), Some(named), "{arguments:?}");
        }
        for arguments in [
            ["4242"].as_slice(),
            &["import-card", "4242"],
            &["import", "--4242=1"],
            &["import", "--4242"],
            &["import", "--card-number", "4242"],
        ] {
            assert_eq!(name_of_last(arguments), None, "{arguments:?}");
        }
    }

    fn name_of_last(arguments: &[&str]) -> Option<String> {
        let all = [&["cardlift"][..], arguments].concat();
        let all: Vec<_> = all.iter().map(OsString::from).collect();
        let [.., before, last] = all.as_slice() else { panic!("an argument") };
        name(&Cli::called(&all), before, last)
    }
}
