//! Rows, and the domain types they stand for.

mod account;
mod api_key;
mod audit;
mod customer;
mod held_claim;
mod import_job;
mod import_row;
mod instrument;
mod leased_job;
mod new_import_row;
mod page;
mod payment_method;
mod reply;
mod scan_piece;
mod sealed_secret;
mod tally;
mod target;
mod undeleted;

pub use account::{AccountColumns, AccountRow};
pub use api_key::{ApiKeyRow, NewApiKeyRow, key_of_account};
pub use audit::{
    AuditBatchRow, AuditLinkRow, NewAuditBatchRow, WaitingBatchRow, batches_after, is_chained,
    last_link, linked, links_after, standing, standings, unchained, waiting, waits_in_vain,
};
pub use customer::{
    CustomerChanges, CustomerRow, NewCustomerRow, ProfileColumns, next_customer_id,
};
pub use held_claim::held;
pub use import_job::{BrokenOff, ImportJobRow, JobChanges, NewImportJobRow, job_ids, job_state};
pub use import_row::{
    ImportRow, changeable_outcomes, line_column, line_number, lines_after, outcome_names,
    rows_after,
};
pub use instrument::{InstrumentColumns, kind_names};
pub use leased_job::{leased, renewable};
pub use new_import_row::{NewImportRow, tally_of};
pub use page::page;
pub use payment_method::{Deletion, NewPaymentMethodRow, PaymentMethodRow, Rewrite};
pub use reply::ReplyRow;
pub use scan_piece::ScanPieceRow;
pub use sealed_secret::{SECRETS_AT_ONCE, SealedColumns, SealedSecretRow, sealed, sealed_after};
pub use tally::{TallyChange, TallyRow, job, jobs};
pub use target::TargetColumns;
pub use undeleted::{live, live_of};
