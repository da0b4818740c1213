//! What the program is called with.

use std::ffi::{OsStr, OsString};

use cardlift_core::card_number::{INSTEAD, looks_like_a_card_number};

use crate::failure::Failure;
use crate::settings::Problems;

/// The arguments, the name of the program first, where none of them holds what looks like a card
/// number: labels and names are kept, and what can't be used is repeated to whoever typed it.
pub(crate) fn checked() -> Result<Vec<OsString>, Failure> {
    let arguments: Vec<_> = std::env::args_os().collect();
    let mut problems = Problems::default();
    for (number, argument) in arguments.iter().enumerate().skip(1) {
        if is_refused(argument) {
            let problem = format!("holds what looks like a card number. {INSTEAD}");
            problems.add(&format!("argument {number}"), problem);
        }
    }
    problems.or(Some(arguments))
}

fn is_refused(argument: &OsStr) -> bool {
    looks_like_a_card_number(argument.as_encoded_bytes())
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
}
