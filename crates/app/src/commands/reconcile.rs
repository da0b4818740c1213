//! `cardlift reconcile`.

mod files;

use std::path::PathBuf;

use cardlift_core::job::JobId;
use cardlift_core::use_cases::{Reconcile, Reconciled};
use clap::Args;

use self::files::Files;
use super::jobs_of::{WhichJobs, job_id};
use super::start;
use super::working::open_to_read;
use crate::failure::Failure;
use crate::screen::Meter;
use crate::settings::{LogArgs, NO_KEY, StripeArgs};

#[derive(Debug, Args)]
pub(crate) struct ReconcileCommand {
    #[command(flatten)]
    which: WhichJobs,
    #[command(flatten)]
    stripe: StripeArgs,
    /// Where missing-here.csv, missing-there.csv and differs.csv are written
    #[arg(long, value_name = "DIR", default_value = ".")]
    output_dir: PathBuf,
    /// The job
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl ReconcileCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, stripe) = start(log, |problems| {
            let database = self.which.parse(problems);
            let stripe = self.stripe.parse(problems, database.as_ref(), NO_KEY);
            database.zip(stripe)
        })?;
        let here = self.which.open(&database).await?;
        let job = here.find(self.job).await?;
        Reconcile::require_comparable(&job)?;
        let vault = open_to_read(&stripe, &here).await?;
        let reconcile = Reconcile {
            jobs: here.stores.clone(),
            payment_methods: here.stores.clone(),
            vault: vault.clone(),
            catalog: vault,
        };
        let mut files = Files::create(&self.output_dir)?;
        let mut meter = Meter::new(Some(job.tally.total() - job.tally.failed()));
        let told = |found: Reconciled| format!("{} results were compared", found.compared);
        let compared = reconcile
            .run(&job, &mut |found, differences| {
                meter.show(found.compared, || told(found));
                differences.iter().try_for_each(|difference| files.write(difference))?;
                Ok(())
            })
            .await;
        drop(meter);
        let found = compared?;
        files.finish()?;
        let Reconciled { compared, missing_here, missing_there, differing } = found;
        println!("{compared:>12} results of job {} compared with Stripe", job.id);
        println!("{missing_here:>12} cards that Stripe has and we do not:  missing-here.csv");
        println!("{missing_there:>12} that we have and Stripe does not:     missing-there.csv");
        println!("{differing:>12} with details that differ:             differs.csv");
        match missing_here + missing_there + differing {
            0 => Ok(()),
            _ => Err(Failure::NotAll),
        }
    }
}
