//! `cardlift doctor`.

use std::fmt::Display;
use std::sync::Arc;

use cardlift_core::account::AccountId;
use cardlift_core::ports::{Clock, Stores, VaultError};
use cardlift_core::use_cases::{MasterKeyError, MasterKeys};
use cardlift_postgres::Wall;
use cardlift_stripe::{StripeVault, StripeVaultBuilder};
use clap::Args;

use crate::database::{self, Database};
use crate::failure::{Failure, causes};
use crate::master_keys;
use crate::settings::{
    DatabaseArgs, DatabaseSettings, JobsArgs, LogArgs, MasterKeySettings, NO_KEY, Problems,
    ServeArgs, StripeArgs, StripeSettings,
};
use crate::system::SystemClock;
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
        let stripe = self.stripe.parse(&mut problems, database.as_ref(), NO_KEY);
        let jobs = self.jobs.parse(&mut problems);
        log.into_iter().for_each(telemetry::start_log);
        for problem in problems.lines() {
            findings.problem(problem);
        }
        if serve.is_some() && jobs.is_some() && problems.lines().is_empty() {
            Findings::good("the settings can be understood");
        }
        if let Some(database) = &database {
            check_database(database, stripe.as_ref(), &mut findings).await;
        }
        // What is wrong with these settings was told above.
        if let Some(StripeSettings { key: Some(_), vault, api_base, .. }) = stripe
            && vault.problems().is_empty()
        {
            check_stripe(vault, &api_base, &mut findings).await;
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

async fn check_database(
    settings: &DatabaseSettings,
    stripe: Option<&StripeSettings>,
    findings: &mut Findings,
) {
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
            let pending = counted(pending.len(), "migration is", "migrations are");
            Findings::note(&format!(
                "{pending} to be run: `cardlift migrate` does it, and so does serve, as the role that \
                 owns the tables"
            ));
            return;
        }
        Err(failure) => {
            return findings.problem(&format!("the tables can't be read: {}", told(&failure)));
        }
    }
    check_wall(&database, findings).await;
    let stores = database.into_stores();
    check_keys(stores.as_ref(), findings).await;
    if let Some(stripe) = stripe {
        check_secrets(stores, stripe, findings).await;
    }
}

async fn check_wall(database: &Database, findings: &mut Findings) {
    match database.wall().await {
        Ok(None) => {}
        Ok(Some(Wall::Holds { role })) => Findings::good(&format!(
            "the role {role} does not own the tables: row-level security keeps accounts apart"
        )),
        Ok(Some(Wall::Passed { role })) => Findings::note(&format!(
            "the role {role} owns the tables, or passes row-level security: `cardlift migrate \
             --grant-to` lets in one that doesn't, to serve as (docs/OPERATIONS.md)"
        )),
        Err(failure) => {
            findings.problem(&format!("the role can't be looked at: {}", told(&failure)));
        }
    }
}

async fn check_secrets(stores: Arc<dyn Stores>, stripe: &StripeSettings, findings: &mut Findings) {
    if matches!(stripe.master_key, MasterKeySettings::Nowhere) {
        return findings.problem(&format!("CARDLIFT_MASTER_KEY: {}", master_keys::NOWHERE));
    }
    let sealer = match master_keys::open(&stripe.master_key) {
        Ok(sealer) => sealer,
        Err(failure) => return findings.problem(&told(&failure)),
    };
    if let Err(error @ MasterKeyError::ChainKeyGone) =
        master_keys::chain_keys(sealer.clone(), &stores).find().await
    {
        findings.problem(&error.to_string());
    }
    match (MasterKeys { secrets: stores, sealer }).check().await {
        Ok(checked) if checked.vault_keys > 0 => {
            let with_a_key = counted(checked.vault_keys, "account has", "accounts have");
            Findings::good(&format!("{with_a_key} a Stripe key, which can be opened"));
        }
        Ok(_) if stripe.key.is_none() => findings.problem(&format!("STRIPE_API_KEY: {NO_KEY}")),
        Ok(_) => {}
        Err(MasterKeyError::Sealer(error)) => {
            let what = master_keys::what_to_do(&error).unwrap_or("check CARDLIFT_MASTER_KEY");
            findings.problem(&format!("{error}: {what}"));
        }
        Err(error) => findings.problem(&format!("the secrets can't be read: {error}")),
    }
}

async fn check_keys(stores: &dyn Stores, findings: &mut Findings) {
    match database::keys(stores, AccountId::DEFAULT).await {
        Ok(keys) if keys.iter().any(|key| key.is_good(SystemClock.now())) => {
            Findings::good("the default account has an API key");
        }
        Ok(_) => Findings::note("no one can call the API yet: `cardlift key create` makes a key"),
        Err(error) => findings.problem(&format!("the API keys can't be read: {error}")),
    }
}

async fn check_stripe(vault: StripeVaultBuilder, base: &str, findings: &mut Findings) {
    let vault = match vault.build() {
        Ok(vault) => vault,
        Err(failure) => return findings.problem(&told(&failure.into())),
    };
    match vault.check_credentials().await {
        Ok(()) => {
            let mode = StripeVault::mode(&vault);
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

/// So many of something: of one, or of more.
fn counted(count: impl Display, one: &str, more: &str) -> String {
    let count = count.to_string();
    let what = if count == "1" { one } else { more };
    format!("{count} {what}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_told_as_many_are() {
        assert_eq!(counted(1_u64, "account has", "accounts have"), "1 account has");
        assert_eq!(counted(2_u64, "account has", "accounts have"), "2 accounts have");
        assert_eq!(counted(1_usize, "migration is", "migrations are"), "1 migration is");
        assert_eq!(counted(17_usize, "migration is", "migrations are"), "17 migrations are");
    }
}
