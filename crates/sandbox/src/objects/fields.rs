//! How an object is written: field by field, straight into the answer.

use serde::Serialize;

/// `{}`.
#[derive(Serialize)]
pub(super) struct Empty {}

/// Implements `Serialize` for a type, by its fields. `()` is null.
macro_rules! object {
    ($name:ident as $this:ident { $($field:literal: $value:expr),+ $(,)? }) => {
        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let $this = self.0;
                let mut object = serializer.serialize_map(None)?;
                $(object.serialize_entry($field, &$value)?;)+
                object.end()
            }
        }
    };
}

pub(super) use object;
