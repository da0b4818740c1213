//! `cardlift audit list`.

use std::fmt::Write as _;

use cardlift_core::account::AccountName;
use cardlift_core::audit::{AuditBatch, AuditBatchId, AuditEntry};
use cardlift_core::ports::AuditTrail;
use cardlift_http::AuditEntryObject;
use clap::Args;
use serde_json::json;

use crate::commands::{account_name, start, time};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::screen::say;
use crate::settings::{DatabaseArgs, LogArgs};

/// How many batches are read in one go: each may hold a thousand changes.
const AT_ONCE: u32 = 20;

#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Whose changes
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
    /// Begin after this batch
    #[arg(long, value_name = "BATCH", value_parser = batch)]
    after: Option<AuditBatchId>,
    /// As JSON, an object a line
    #[arg(long)]
    json: bool,
}

impl ListCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let database = start(log, |problems| self.database.parse(problems))?;
        let stores = Database::open_existing(&database).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        if !self.json {
            say(&(columns(HEAD) + "\n"))?;
        }
        let mut after = self.after;
        loop {
            let batches = AuditTrail::batches(stores.as_ref(), account.id, after, AT_ONCE).await?;
            let Some(last) = batches.last() else { return Ok(()) };
            after = Some(last.id);
            let mut text = String::new();
            for entry in batches.iter().flat_map(AuditBatch::entries) {
                text += &if self.json { json_line(&entry)? } else { visible(&line(&entry)) };
                text.push('\n');
            }
            say(&text)?;
        }
    }
}

const HEAD: [&str; 7] = ["TIME", "BATCH", "BY", "REQUEST", "ACTION", "SUBJECT", "BEFORE -> AFTER"];

fn columns([at, batch, by, request, action, subject, change]: [&str; 7]) -> String {
    let who = format!("{at:<22}{batch:<10}{by:<26}{request:<34}");
    format!("{who}{action:<32}{subject:<10}{change}").trim_end().to_owned()
}

fn line(entry: &AuditEntry) -> String {
    let (at, batch) = (time(Some(entry.at)), entry.batch.get().to_string());
    let Ok(object) = AuditEntryObject::try_from(entry) else {
        return format!("{at:<22}{batch:<10}can't be read: {}", entry.item);
    };
    let AuditEntryObject { action, subject, by, request, before, after, .. } = object;
    let mut change = String::new();
    if let Some(before) = before {
        let _ = write!(change, "{} ", before.get());
    }
    if let Some(after) = after {
        let _ = write!(change, "-> {}", after.get());
    }
    let (by, subject) = (by.to_string(), subject.to_string());
    let request = request.as_deref().unwrap_or("-");
    columns([&at, &batch, &by, request, &action, &subject, &change])
}

/// A line with what steers a terminal written out. Somebody may have put it into the database, to have what
/// they did hidden.
fn visible(line: &str) -> String {
    written_out(line, |c| steers(c).then(|| c.escape_default().to_string()))
}

/// A line with what some of its characters are written as in their place.
fn written_out(line: &str, written_as: impl Fn(char) -> Option<String>) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        match written_as(c) {
            Some(text) => shown.push_str(&text),
            None => shown.push(c),
        }
    }
    shown
}

/// Whether a terminal does something else with it than show it: control characters, and those that change
/// the direction of a text.
fn steers(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

fn json_line(entry: &AuditEntry) -> Result<String, Failure> {
    let line = if let Ok(object) = AuditEntryObject::try_from(entry) {
        serde_json::to_string(&object)?
    } else {
        let AuditEntry { batch, subject, item, .. } = entry;
        json!({ "batch": batch.get(), "subject": subject, "unreadable": item }).to_string()
    };
    // Of control characters JSON wants those of ASCII written out, no others.
    let is_left = |c| steers(c) && c > ' ';
    Ok(written_out(&line, |c| is_left(c).then(|| format!("\\u{:04x}", u32::from(c)))))
}

fn batch(text: &str) -> Result<AuditBatchId, String> {
    let id = text.parse::<i64>().ok().and_then(|id| AuditBatchId::try_from(id).ok());
    id.ok_or_else(|| "must be the number of a batch, as the list shows it".to_owned())
}

#[cfg(test)]
mod tests {
    use cardlift_core::Timestamp;

    use super::*;

    fn entry(item: &str) -> AuditEntry {
        AuditEntry {
            at: Timestamp::UNIX_EPOCH,
            batch: batch("12").expect("an id"),
            subject: 7,
            item: item.to_owned(),
        }
    }

    #[test]
    fn a_line_tells_who_did_what_to_what() {
        let told = r#"{"action":"api_key.revoked","by":{"key":3,"account":1},"request":"r-1","before":{"scopes":"read"},"after":{"revoked":true}}"#;
        let line = line(&entry(told));
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            words,
            r#"1970-01-01 00:00:00Z 12 key 3 of account 1 r-1 api_key.revoked 7 {"scopes":"read"} -> {"revoked":true}"#
        );
    }

    #[test]
    fn what_would_steer_a_terminal_is_written_out() {
        let hidden = "{\u{1b}[2K\rall is well\u{7}";
        assert!(visible(&line(&entry(hidden))).ends_with(r"{\u{1b}[2K\rall is well\u{7}"));
        let told = r#"{"action":"api_key.revoked","by":"\u001b[8m"}"#;
        assert!(visible(&line(&entry(told))).contains(r"\u{1b}[8m"));
        let json = json_line(&entry("{\u{1b}\u{7f}\u{9b}\u{202e}")).expect("a line");
        assert!(json.contains(r"{\u001b\u007f\u009b\u202e"), "{json}");
        assert!(visible(&line(&entry("{\u{9b}\u{202e}"))).ends_with(r"{\u{9b}\u{202e}"));
        assert_eq!(visible("café -> 東京"), "café -> 東京");
    }

    #[test]
    fn what_somebody_made_unreadable_is_shown_as_it_is() {
        assert!(line(&entry("{edited")).contains("12        can't be read: {edited"));
        let json = json_line(&entry("{edited")).expect("a line");
        assert_eq!(json, "{\"batch\":12,\"subject\":7,\"unreadable\":\"{edited\"}");
    }
}
