//! The vault's ids of a customer and of a card.
//!
//! They travel into URLs, so a value that exists holds nothing but letters, digits and `_`.

use std::fmt;

use thiserror::Error;

/// The longest id the vault is known to issue is under 64 characters; its documentation says to
/// leave room for 255.
pub const LONGEST: usize = 255;

const CUSTOMER_PREFIXES: &[&str] = &["cus_"];
const CARD_PREFIXES: &[&str] = &["card_", "src_", "pm_", "ba_"];
const ACCOUNT_PREFIXES: &[&str] = &["acct_"];

/// A text that can't be one of the vault's ids.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidExternalId {
    /// It starts with none of the prefixes of its kind.
    #[error("must start with {}", .expected.join(" or "))]
    Prefix {
        /// The prefixes that would do.
        expected: &'static [&'static str],
    },
    /// It is a bare prefix, too long, or holds a character no id has.
    #[error("must be letters, digits and _ after its prefix, at most {LONGEST} characters in all")]
    Characters,
}

macro_rules! external_id {
    ($(#[$doc:meta])* $name:ident, $prefixes:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What it may start with.
            pub const PREFIXES: &[&str] = $prefixes;

            /// Parses an id as the vault issues it.
            pub fn parse(id: &str) -> Result<Self, InvalidExternalId> {
                check(id, Self::PREFIXES)?;
                Ok(Self(id.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

external_id! {
    /// The vault's id of a customer: `cus_..`.
    ExternalCustomerId, CUSTOMER_PREFIXES
}

external_id! {
    /// The vault's id of what a customer pays with: `card_..`, `src_..`, `pm_..` or `ba_..`.
    ///
    /// The prefix says where to ask, not what the object is: only the vault's answer does.
    ExternalCardId, CARD_PREFIXES
}

external_id! {
    /// The vault's id of an account connected to ours: `acct_..`.
    ConnectedAccountId, ACCOUNT_PREFIXES
}

fn check(id: &str, prefixes: &'static [&'static str]) -> Result<(), InvalidExternalId> {
    let rest = prefixes.iter().find_map(|prefix| id.strip_prefix(prefix));
    let rest = rest.ok_or(InvalidExternalId::Prefix { expected: prefixes })?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if rest.is_empty() || id.len() > LONGEST || !rest.chars().all(allowed) {
        return Err(InvalidExternalId::Characters);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_documented_prefix_is_accepted() {
        assert!(ExternalCustomerId::parse("cus_AExsNjBZDLMNDK").is_ok());
        for id in ["card_19uTyBAXix6Ggd0efp4HNNp7", "src_1", "pm_1", "ba_1"] {
            assert_eq!(ExternalCardId::parse(id).map(|id| id.to_string()), Ok(id.to_owned()));
        }
    }

    #[test]
    fn a_wrong_prefix_names_the_right_ones() {
        let error = ExternalCardId::parse("cus_1").expect_err("not a card");
        assert_eq!(error.to_string(), "must start with card_ or src_ or pm_ or ba_");
    }

    #[test]
    fn a_bare_prefix_or_a_path_is_no_id() {
        for id in ["cus_", "cus_a/b", "cus_..", "cus_a b", "cus_a?x", "cus_é", "cus_%2e"] {
            assert_eq!(ExternalCustomerId::parse(id), Err(InvalidExternalId::Characters), "{id}");
        }
        let long = format!("cus_{}", "a".repeat(LONGEST));
        assert_eq!(ExternalCustomerId::parse(&long), Err(InvalidExternalId::Characters));
    }

    proptest! {
        #[test]
        fn whatever_parses_is_safe_in_a_url(id in ".{0,40}", tail in "[ -~]{0,20}") {
            for text in [id, format!("card_{tail}")] {
                if let Ok(parsed) = ExternalCardId::parse(&text) {
                    let safe = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    prop_assert!(parsed.as_str().chars().all(safe));
                    prop_assert_eq!(parsed.as_str(), text);
                }
            }
        }
    }
}
