//! `cardlift map`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use cardlift_core::customer::CustomerId;
use cardlift_core::use_cases::{MapBy, MapCustomers, MapReason, Mapping};
use clap::Args;

use super::jobs_of::WhichJobs;
use super::start;
use super::working::{open_to_read, scope};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::screen::{Meter, say};
use crate::settings::{LogArgs, NO_KEY, StripeArgs};

/// Under which key the vault keeps our reference, unless told otherwise.
const REFERENCE: &str = "reference";

#[derive(Debug, Args)]
pub(crate) struct MapCommand {
    #[command(flatten)]
    which: WhichJobs,
    #[command(flatten)]
    stripe: StripeArgs,
    /// Look in the connected Stripe account that is set for the account
    #[arg(long)]
    connected: bool,
    /// What tells whose a Stripe customer is: `metadata:KEY`, where KEY holds the customer's id;
    /// `reference`, or `reference:KEY`, where it holds the customer's reference; or `email`
    #[arg(long, value_name = "WHAT", default_value = "metadata:customerId", value_parser = map_by)]
    by: MapBy,
    /// Write the mapping into this file, rather than to stdout: rows for `cardlift import`
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write into this file which Stripe customers are not in the mapping, and why
    #[arg(long, value_name = "FILE")]
    ambiguous: Option<PathBuf>,
}

impl MapCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, stripe) = start(log, |problems| {
            let database = self.which.parse(problems);
            let stripe = self.stripe.parse(problems, database.as_ref(), NO_KEY);
            database.zip(stripe)
        })?;
        // Before the vault is read, which takes long.
        let (output, ambiguous) = (create(self.output.as_ref())?, create(self.ambiguous.as_ref())?);
        let here = self.which.open(&database).await?;
        let scope = scope(&here.account, self.connected)?;
        let catalog = open_to_read(&stripe, &here).await?;
        let map = MapCustomers { catalog, customers: here.stores.clone() };
        let mut meter = Meter::new(None);
        let told = |count| format!("{count} Stripe customers were looked at");
        let mapped = map
            .run(here.account.id, &scope, &self.by, |count| meter.show(count, || told(count)))
            .await;
        drop(meter);
        let mapping = mapped?;
        match output {
            Some(file) => write(file, &mapped_rows(&mapping))?,
            None => say(&mapped_rows(&mapping))?,
        }
        if let Some(file) = ambiguous {
            write(file, &left_out_rows(&mapping))?;
        }
        let counted = counts(&mapping);
        if self.output.is_some() {
            print!("{counted}");
        } else {
            eprint!("{counted}");
        }
        Ok(())
    }
}

/// How many there are of each, as a table that adds up.
fn counts(mapping: &Mapping) -> String {
    let left_out = |reason| mapping.left_out_as(reason);
    let (mapped, total) = (mapping.mapped.len(), mapping.mapped.len() + mapping.left_out.len());
    let mut text = String::new();
    for (count, what) in [
        (mapped, "Stripe customers are mapped"),
        (left_out(MapReason::Unmatched), "match nobody"),
        (left_out(MapReason::SeveralOfOurs), "match several customers"),
        (left_out(MapReason::SeveralOfTheVault), "match a customer together with others"),
        (total, "in all"),
    ] {
        let _ = writeln!(text, "{count:>12} {what}");
    }
    text
}

/// Begins the file where there is to be one.
fn create(path: Option<&PathBuf>) -> Result<Option<NewFile>, Failure> {
    path.map(|path| NewFile::create(path)).transpose()
}

fn write(mut file: NewFile, text: &str) -> Result<(), Failure> {
    file.write_all(text.as_bytes())?;
    file.finish()
}

/// Rows for an import, which leave the card to the vault's customer. Ids need no quotes.
fn mapped_rows(mapping: &Mapping) -> String {
    let mut text = "customerId,stripeCustomerId,stripeCardId\n".to_owned();
    for mapped in &mapping.mapped {
        let _ = writeln!(text, "{},{},", mapped.customer, mapped.external_customer);
    }
    text
}

fn left_out_rows(mapping: &Mapping) -> String {
    let mut text = "stripeCustomerId,reason,candidates\n".to_owned();
    for left_out in &mapping.left_out {
        let candidates: Vec<_> = left_out.candidates.iter().map(CustomerId::to_string).collect();
        let (id, reason) = (&left_out.external_customer, left_out.reason.name());
        let _ = writeln!(text, "{id},{reason},{}", candidates.join(" "));
    }
    text
}

fn map_by(text: &str) -> Result<MapBy, String> {
    let key = |key: &str| Some(key.to_owned()).filter(|key| !key.is_empty());
    let by = match text.split_once(':') {
        None if text == "email" => Some(MapBy::Email),
        None if text == "reference" => Some(MapBy::Reference { key: REFERENCE.to_owned() }),
        Some(("metadata", given)) => key(given).map(|key| MapBy::Id { key }),
        Some(("reference", given)) => key(given).map(|key| MapBy::Reference { key }),
        _ => None,
    };
    by.ok_or_else(|| "must be metadata:KEY, reference, reference:KEY or email".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_whose_a_customer_is_has_four_forms() {
        let id = |key: &str| MapBy::Id { key: key.to_owned() };
        let reference = |key: &str| MapBy::Reference { key: key.to_owned() };
        assert_eq!(map_by("metadata:customerId"), Ok(id("customerId")));
        assert_eq!(map_by("metadata:a:b"), Ok(id("a:b")));
        assert_eq!(map_by("reference"), Ok(reference("reference")));
        assert_eq!(map_by("reference:ref"), Ok(reference("ref")));
        assert_eq!(map_by("email"), Ok(MapBy::Email));
        for wrong in ["", "metadata", "metadata:", "reference:", "email:x", "name"] {
            assert!(map_by(wrong).is_err(), "{wrong}");
        }
    }
}
