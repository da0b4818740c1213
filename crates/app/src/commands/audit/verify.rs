//! `cardlift audit verify`.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::Arc;

use cardlift_core::account::{Account, AccountName};
use cardlift_core::audit::{AuditBatchId, ChainKey};
use cardlift_core::ports::{StoreError, StoreErrorKind, Stores};
use cardlift_core::use_cases::{AuditChain, AuditHead, VerifiedTrail, VerifyAudit};
use clap::Args;

use crate::commands::{account_name, start};
use crate::database::{self, Database};
use crate::failure::{Failure, causes};
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, MasterKeyArgs};

#[derive(Debug, Args)]
pub(crate) struct VerifyCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    /// Whose changes [default: everybody's]
    #[arg(long, value_name = "NAME", value_parser = account_name)]
    account: Option<AccountName>,
    /// Where the chain of an account ended before, as this command said; may be given for each
    #[arg(long, value_name = "NAME=POSITION:SEAL", value_parser = head)]
    head: Vec<(AccountName, AuditHead)>,
}

impl VerifyCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, master_key) =
            start(log, |problems| self.master_key.parse_with(problems, &self.database))?;
        let mut known = BTreeMap::new();
        for (name, head) in self.head {
            if known.insert(name.to_string(), head).is_some() {
                return Err(Failure::setting("--head", format!("names account {name} twice")));
            }
        }
        let stores = Database::open_existing(&database).await?;
        let accounts = accounts(&stores, self.account.as_ref()).await?;
        let is_here = |name: &String| accounts.iter().any(|here| here.name.as_str() == name);
        if let Some(name) = known.keys().find(|name| !is_here(name)) {
            let problem = format!("names account {name}, which is not verified: is it gone?");
            return Err(Failure::because(format!("--head {problem}")));
        }
        let sealer = master_keys::open(&master_key)?;
        let key = if let Some(key) = master_keys::chain_keys(sealer, &stores).find().await? {
            key
        } else {
            let sealer = master_keys::open_to_seal(&master_key, &stores).await?;
            master_keys::chain_keys(sealer, &stores).open().await?
        };
        let stuck = chain(&stores, &key).await?;
        let verify = VerifyAudit { trail: stores, key };
        let mut flaws = usize::from(stuck.is_some());
        if let Some(batch) = stuck {
            println!("batch {batch} waits for its link, and none can be made");
        }
        for account in &accounts {
            let known = known.get(account.name.as_str()).copied();
            flaws += match verify.run(account.id, known).await {
                Ok(found) => {
                    tell(account, &found);
                    found.flaws.len()
                }
                // The others are looked at all the same.
                Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                    println!("{}: it can't be verified: {}", account.name, whole(&error));
                    1
                }
                Err(error) => return Err(error.into()),
            };
        }
        if flaws == 0 {
            return Ok(());
        }
        eprintln!("{flaws} flaws: {WHAT_TO_DO}");
        Err(Failure::NotAll)
    }
}

/// Chains what waits; gives a batch that waits all the same, of an account whose chain is understood.
async fn chain(stores: &Arc<dyn Stores>, key: &ChainKey) -> Result<Option<AuditBatchId>, Failure> {
    let chain = AuditChain { trail: stores.clone(), key: key.clone() };
    let failed: Vec<_> = chain.run().await?.failed.into_keys().collect();
    let first = async || {
        let batch = stores.unchained(1, &failed).await?.pop();
        Ok::<_, StoreError>(batch.map(|batch| batch.id))
    };
    // Where a server is at it, too, it has chained by the second time what it was at the first time.
    let before = first().await?;
    chain.run().await?;
    Ok(first().await?.filter(|batch| Some(*batch) == before))
}

/// An error and what led to it.
fn whole(error: &StoreError) -> String {
    [vec![error.to_string()], causes(error)].concat().join(": ")
}

/// What flaws mean.
const WHAT_TO_DO: &str = "somebody wrote to the database, past Cardlift. Keep a copy of it as it is, look \
     at what these batches say now (cardlift audit list) and said in a backup, and find out who may write \
     there. Where every batch of all accounts is flawed, the master key, or what is sealed under it, is \
     another one than they were written with.";

/// The one that is asked for, or all.
async fn accounts(
    stores: &Arc<dyn Stores>,
    name: Option<&AccountName>,
) -> Result<Vec<Account>, Failure> {
    match name {
        Some(name) => Ok(vec![database::account(stores.as_ref(), name).await?]),
        None => Ok(database::accounts(stores.as_ref()).await?),
    }
}

/// Tells what was found of an account.
fn tell(account: &Account, found: &VerifiedTrail) {
    let VerifiedTrail { batches, changes, head, flaws } = found;
    let name = &account.name;
    match head {
        Some(head) => {
            println!("{name}: {batches} batches, {changes} changes; keep: --head {name}={head}");
        }
        None => println!("{name}: nothing was changed yet"),
    }
    for flaw in flaws {
        println!("{name}: {flaw}");
    }
}

/// An account, and where its chain ended.
fn head(text: &str) -> Result<(AccountName, AuditHead), String> {
    let (name, head) = text
        .split_once('=')
        .ok_or("must be NAME=POSITION:SEAL, as `cardlift audit verify` says it")?;
    Ok((account_name(name)?, AuditHead::from_str(head)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_taken_as_it_is_told() {
        let told = format!("default=12:{}", "ab".repeat(32));
        let (name, ended) = head(&told).expect("a head");
        assert_eq!(format!("{name}={ended}"), told);
        for wrong in ["", "default", "default=12", "default=x:ab", "No Name=12:ab"] {
            assert!(head(wrong).is_err(), "{wrong}");
        }
    }
}
