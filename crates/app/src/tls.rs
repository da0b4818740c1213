//! The certificate that the API is served with, and how it is kept current.

mod pair;
mod renewal;
mod served;

pub(crate) use self::pair::{CERT, KEY, PairFiles};
pub(crate) use self::renewal::keep_current;
pub(crate) use self::served::{Served, server_config};
