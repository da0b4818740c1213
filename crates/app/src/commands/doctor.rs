//! `cardlift doctor`.

use cardlift_core::account::AccountId;
use cardlift_core::ports::{ApiKeyStore, Stores, VaultError};
use cardlift_stripe::Mode;
use clap::Args;

use crate::database::Database;
use crate::failure::{Failure, causes};
use crate::settings::{
    DatabaseArgs, DatabaseSettings, JobsArgs, LogArgs, NO_KEY, Problems, ServeArgs, StripeArgs,
    StripeSettings,
};
use crate::telemetry;

#[derive(Debug, Args)]
pub(crate) struct DoctorCommand {
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    stripe: StripeArgs,
    #[command(flatten)]
    jobs: JobsArgs,
}

/// What was found, a line a thing.
#[derive(Debug, Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    fn good(what: &str) {
        println!("ok       {what}");
    }

    fn note(what: &str) {
        println!("note     {what}");
    }

    fn problem(&mut self, what: &str) {
        self.problems += 1;
        println!("problem  {what}");
    }
}

impl DoctorCommand {
    /// Looks at everything, whatever it finds on the way, and fails where there is a problem.
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let mut findings = Findings::default();
        let mut problems = Problems::default();
        let log = log.parse(&mut problems);
        let serve = self.serve.parse(&mut problems);
        let database = self.database.parse(&mut problems);
        let stripe = self.stripe.parse(&mut problems, NO_KEY);
        let jobs = self.jobs.parse(&mut problems);
        log.into_iter().for_each(telemetry::start_log);
        for problem in problems.lines() {
            findings.problem(problem);
        }
        if serve.is_some() && jobs.is_some() && problems.lines().is_empty() {
            Findings::good("the settings can be understood");
        }
        if let Some(database) = &database {
            check_database(database, &mut findings).await;
        }
        if let Some(stripe) = stripe {
            check_stripe(stripe, &mut findings).await;
        }
        match findings.problems {
            0 => {
                println!("Everything is in order.");
                Ok(())
            }
            _ => Err(Failure::Told),
        }
    }
}

async fn check_database(settings: &DatabaseSettings, findings: &mut Findings) {
    if let Some(path) = settings.url.missing_file() {
        let path = path.display();
        return Findings::note(&format!(
            "there is no file {path} yet: `cardlift migrate` makes it, and so does serve"
        ));
    }
    let database = match Database::open(settings).await {
        Ok(database) => database,
        Err(failure) => {
            let what =
                format!("the database can't be opened: {}; check DATABASE_URL", told(&failure));
            return findings.problem(&what);
        }
    };
    Findings::good("the database can be reached");
    match database.pending_migrations().await {
        Ok(pending) if pending.is_empty() => Findings::good("the tables are up to date"),
        Ok(pending) => {
            let count = pending.len();
            Findings::note(&format!(
                "{count} migrations are to be run: `cardlift migrate` does it, and so does serve"
            ));
            return;
        }
        Err(failure) => {
            return findings.problem(&format!("the tables can't be read: {}", told(&failure)));
        }
    }
    check_keys(database.into_stores().as_ref(), findings).await;
}

async fn check_keys(stores: &dyn Stores, findings: &mut Findings) {
    match ApiKeyStore::list(stores, AccountId::DEFAULT).await {
        Ok(keys) if keys.iter().any(|key| key.revoked_at.is_none()) => {
            Findings::good("the default account has an API key");
        }
        Ok(_) => Findings::note("no one can call the API yet: `cardlift key create` makes a key"),
        Err(error) => findings.problem(&format!("the API keys can't be read: {error}")),
    }
}

async fn check_stripe(settings: StripeSettings, findings: &mut Findings) {
    let base = settings.api_base.clone();
    let vault = match settings.vault.build() {
        Ok(vault) => vault,
        Err(failure) => return findings.problem(&told(&failure.into())),
    };
    match vault.check_credentials().await {
        Ok(()) => {
            let mode = match vault.mode() {
                Mode::Live => "live",
                Mode::Test => "test",
            };
            Findings::good(&format!("Stripe at {base} accepts the key, which is for {mode} mode"));
        }
        Err(VaultError::CredentialsRefused) => findings.problem(
            "Stripe refuses the key: check STRIPE_API_KEY; a restricted key \
             needs to read customers, sources and payment methods",
        ),
        Err(error) => {
            let mut what = format!("Stripe at {base}: {error}");
            for cause in causes(&error) {
                what = format!("{what}: {cause}");
            }
            findings.problem(&format!("{what}; check STRIPE_API_BASE and the network"));
        }
    }
}

/// A failure in one line.
fn told(failure: &Failure) -> String {
    match failure {
        Failure::Failed(error) => {
            let mut texts = vec![error.to_string()];
            texts.extend(causes(error.as_ref()));
            texts.join(": ")
        }
        Failure::Settings(problems) => problems.lines().join("; "),
        Failure::Told | Failure::NotAll | Failure::Stopped => String::new(),
    }
}
