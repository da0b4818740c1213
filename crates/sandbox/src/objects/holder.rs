//! What the shapes of cards and bank accounts say alike.

use serde::{Serialize, Serializer};

use super::fields::object;
use crate::data::{Brand, Holder};

pub(super) struct HolderAddress<'a>(pub(super) &'a Holder);

/// Who holds it, as payment methods tell it.
#[derive(Serialize)]
pub(super) struct Person<'a> {
    pub(super) address: HolderAddress<'a>,
    pub(super) email: (),
    pub(super) name: Option<&'static str>,
    pub(super) phone: (),
}

/// The same card has the same one, in whichever shape.
pub(super) struct Fingerprint(pub(super) Brand);

object!(HolderAddress as holder {
    "city": holder.city,
    "country": holder.country,
    "line1": holder.line1,
    "line2": (),
    "postal_code": holder.postal_code,
    "state": holder.state,
});

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Brand { name, last4, .. } = self.0;
        serializer.collect_str(&format_args!("sandbox{name}{last4}"))
    }
}
