//! What each way of reading the vault would take for a job.

use std::sync::Arc;

use cardlift_core::job::{Job, Plan, Rates, WayEstimate};
use cardlift_core::ports::VaultCatalog;
use cardlift_core::use_cases::PlanImport;

use super::jobs_of::JobsOf;
use super::watch::duration;
use crate::failure::Failure;

/// Finds it out, and prints it.
pub(crate) async fn print(
    here: &JobsOf,
    catalog: Arc<dyn VaultCatalog>,
    rates: Rates,
    job: &Job,
) -> Result<(), Failure> {
    let plan = PlanImport { jobs: here.stores.clone(), catalog, rates };
    let Plan { wanted, vault_customers, ways, chosen } = plan.run(job).await?;
    println!("{} rows without a result, of {} Stripe customers.", wanted.rows, wanted.customers);
    if let Some(customers) = vault_customers {
        println!("The Stripe account has about {customers} customers.");
    }
    for WayEstimate { way, calls, time } in ways {
        let taken = if way == chosen { "  (this one is taken)" } else { "" };
        println!("{:<12}{calls:>12} calls  {}{taken}", way.name(), duration(time));
    }
    Ok(())
}
