//! Ids that are positive 64-bit numbers, as the billing system hands them out.

use thiserror::Error;

/// A number that can't be an id: zero or negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is no id: an id is a whole number from 1 to 9223372036854775807")]
pub struct InvalidId(pub i64);

/// Declares a newtype over a positive `i64`.
macro_rules! positive_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The number itself, 1 or more.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $crate::id::InvalidId;

            fn try_from(id: i64) -> Result<Self, Self::Error> {
                if id >= 1 { Ok(Self(id)) } else { Err($crate::id::InvalidId(id)) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pub(crate) use positive_id;
