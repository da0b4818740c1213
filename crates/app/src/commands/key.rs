//! `cardlift key`.

use std::sync::Arc;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountName;
use cardlift_core::api_key::{ApiKey, ApiKeyId, Scopes};
use cardlift_core::ports::{ApiKeyStore, Clock, Stores};
use cardlift_core::use_cases::{CreateApiKey, WantedApiKey};
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{account_name, start, time};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, MasterKeyArgs};
use crate::system::{SystemClock, SystemEntropy};

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key and print it, alone, on stdout; it can't be shown again
    Create(CreateCommand),
    /// List the keys of an account
    List(ListCommand),
    /// Revoke a key, by its id in the list
    Revoke(RevokeCommand),
}

#[derive(Debug, Args)]
pub(crate) struct CreateCommand {
    #[command(flatten)]
    of: KeyArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    /// What to call the key in the list
    #[arg(long, default_value = "")]
    label: String,
    /// What it may be used for, with commas between: import, read, manage; admin, which is the operator's,
    /// for keys of the default account alone
    #[arg(long, value_name = "SCOPES", default_value_t, value_parser = scopes)]
    scope: Scopes,
    /// The last day that it is good for, in UTC (2027-01-31), or a time (2027-01-31T12:00:00Z) [default:
    /// until it is revoked]
    #[arg(long, value_name = "DAY", value_parser = end)]
    expires: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    of: KeyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeCommand {
    #[command(flatten)]
    of: KeyArgs,
    /// The key's id
    id: i64,
}

#[derive(Debug, Args)]
struct KeyArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The account that the key acts for
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
}

impl KeyArgs {
    async fn open(&self, log: &LogArgs) -> Result<Arc<dyn Stores>, Failure> {
        Database::open_migrated(&start(log, |problems| self.database.parse(problems))?).await
    }
}

impl KeyCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::Create(command) => command.run(log).await,
            Self::List(command) => command.run(log).await,
            Self::Revoke(command) => command.run(log).await,
        }
    }
}

impl CreateCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, master_key) =
            start(log, |problems| self.master_key.parse_with(problems, &self.of.database))?;
        let stores = Database::open_migrated(&database).await?;
        let sealer = master_keys::open_to_seal(&master_key, &stores).await?;
        let create = CreateApiKey {
            accounts: stores.clone(),
            hash: master_keys::hash_key(sealer, &stores).await?,
            keys: stores,
            entropy: Arc::new(SystemEntropy),
            clock: Arc::new(SystemClock),
        };
        let created = create
            .run(WantedApiKey {
                account: &self.of.account,
                label: &self.label,
                scopes: self.scope,
                expires_at: self.expires,
            })
            .await?;
        println!("{}", created.secret.issued().expose_secret());
        eprintln!("Key {} of account {}. It is not shown again.", created.key.id, self.of.account);
        Ok(())
    }
}

impl ListCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let stores = self.of.open(log).await?;
        let account = database::account(stores.as_ref(), &self.of.account).await?;
        let keys = ApiKeyStore::list(stores.as_ref(), account.id).await?;
        println!(
            "{}",
            line(["ID", "CREATED", "EXPIRES", "LAST USED", "REVOKED", "SCOPES", "LABEL"])
        );
        for key in keys {
            let ApiKey {
                id, label, scopes, created_at, expires_at, last_used_at, revoked_at, ..
            } = key;
            let [id, scopes] = [id.to_string(), scopes.to_string()];
            let times = [Some(created_at), expires_at, last_used_at, revoked_at].map(time);
            let [created, expires, last_used, revoked] = times.each_ref().map(String::as_str);
            println!("{}", line([&id, created, expires, last_used, revoked, &scopes, &label]));
        }
        Ok(())
    }
}

impl RevokeCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let stores = self.of.open(log).await?;
        let account = database::account(stores.as_ref(), &self.of.account).await?;
        let id = ApiKeyId::try_from(self.id)?;
        let revoked = stores.revoke(account.id, id, SystemClock.now()).await?;
        let none = || format!("account {} has no key {id}: see `cardlift key list`", account.name);
        revoked.ok_or_else(|| Failure::because(none()))?;
        println!("Key {id} is revoked.");
        Ok(())
    }
}

/// A line of the list: id, times, scopes and label.
fn line([id, created, expires, last_used, revoked, scopes, label]: [&str; 7]) -> String {
    let times = format!("{created:<22}{expires:<22}{last_used:<22}{revoked:<22}");
    format!("{id:<8}{times}{scopes:<26}{label}").trim_end().to_owned()
}

fn scopes(text: &str) -> Result<Scopes, String> {
    Scopes::parse(text).map_err(|error| error.to_string())
}

/// The end of a day in UTC, or a time.
fn end(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        // No store keeps more.
        return Ok(at.to_utc().trunc_subsecs(6));
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let end = day.and_then(|day| {
        day.and_time(NaiveTime::MIN).and_utc().checked_add_signed(TimeDelta::days(1))
    });
    end.ok_or_else(|| "must be a day, 2027-01-31, or a time, 2027-01-31T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let end = end(text).ok().map(|at| at.to_rfc3339());
        assert_eq!(end.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_day_is_good_to_its_end_and_a_time_is_itself() {
        check("2027-01-31", Some("2027-02-01T00:00:00+00:00"));
        check("2027-01-31T12:00:00Z", Some("2027-01-31T12:00:00+00:00"));
        check("2027-01-31T12:00:00.0000019+02:00", Some("2027-01-31T10:00:00.000001+00:00"));
        for wrong in ["", "2027-02-30", "2027-01-31T12:00:00", "90d", "tomorrow"] {
            check(wrong, None);
        }
    }
}
