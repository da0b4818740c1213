//! What the black-box tests share: the program as a process, its databases, its vaults, and a
//! client that sends bytes as they are.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test harness fails by panicking"
)]

mod backend;
mod counts;
mod cut;
mod described;
mod program;
mod recording_vault;
mod stand_in;
mod wire;

pub use backend::{Backend, MASTER_KEY};
pub use counts::{Counts, Verdict};
pub use cut::Cut;
pub use described::check_described;
pub use program::{Finished, Program, Run, binary};
pub use recording_vault::RecordingVault;
pub use stand_in::StandIn;
pub use wire::{Answer, client, import, send};

/// The customers of the documented examples, as a file for `customers load`.
pub const CUSTOMERS: &str = "customerId,firstName\n1,Ana\n2526546,John\n";

/// The documented request, as JSON.
pub const DOCUMENTED: &str = r#"{"customerId":2526546,"stripeCustomerId":"cus_AExsNjBZDLMNDK","stripeCardId":"card_19uTyBAXix6Ggd0efp4HNNp7"}"#;

/// The answer to it, where it is the first import of a database.
pub const DOCUMENTED_CARD: &str = r#"{"maskedCardNumber":"************4242","cardType":"Visa","expirationMonth":11,"expirationYear":17,"customerId":2526546,"firstName":"John","lastName":"Doe","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_AExsNjBZDLMNDK","externalCardId":"card_19uTyBAXix6Ggd0efp4HNNp7","storedInFusebillVault":false,"id":1,"uri":null}"#;

/// The path of the import.
pub const PATH: &str = "/v1/paymentMethodImport/Stripe";
