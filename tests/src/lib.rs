//! What the black-box tests share: the program as a process, its databases, its vaults, and a
//! client that sends bytes as they are.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test harness fails by panicking"
)]

mod backend;
mod cut;
mod program;
mod stand_in;
mod wire;

pub use backend::Backend;
pub use cut::Cut;
pub use program::{Finished, Program, Run, binary};
pub use stand_in::StandIn;
pub use wire::{Answer, client, send};

/// The customers of the documented examples, as a file for `customers load`.
pub const CUSTOMERS: &str = "customerId,firstName\n1,Ana\n2526546,John\n";

/// The documented request, as JSON.
pub const DOCUMENTED: &str = r#"{"customerId":2526546,"stripeCustomerId":"cus_AExsNjBZDLMNDK","stripeCardId":"card_19uTyBAXix6Ggd0efp4HNNp7"}"#;
