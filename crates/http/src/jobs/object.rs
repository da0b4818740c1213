use std::collections::BTreeMap;

use cardlift_core::job::{HaltReason, Job, JobState, RunMode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};

use super::options;
use crate::openapi::schema;
use crate::timestamp;

/// A job as the API answers it: these fields, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job)]
pub struct JobObject {
    id: i64,
    #[schema(schema_with = state)]
    state: &'static str,
    /// Why it stopped by itself; null where it did not.
    #[schema(schema_with = halt_reason)]
    halt_reason: Option<&'static str>,
    /// Whether it only finds out what importing would do.
    dry_run: bool,
    #[schema(schema_with = options::cards_schema)]
    cards: &'static str,
    #[schema(schema_with = options::reading_schema)]
    reading: &'static str,
    /// The account of the vault that is read: the server's own, or the one that was connected.
    #[schema(schema_with = vault)]
    vault: &'static str,
    /// How many rows have come.
    rows: u64,
    /// How many of them have their outcome.
    settled_rows: u64,
    /// How many of them have none yet.
    pending_rows: u64,
    /// How many results there are of each outcome. A row that brought several cards has one each.
    #[schema(value_type = BTreeMap<String, u64>)]
    results: BTreeMap<&'static str, u64>,
    /// How many of the results are failures.
    failed: u64,
    /// After how many settled rows it pauses by itself; null where it does not.
    #[schema(required)]
    canary_rows: Option<u64>,
    /// How many calls of the vault the results took.
    vault_calls: u64,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    created_timestamp: String,
    /// When it was first started; null where it was not.
    #[schema(required, format = DateTime)]
    started_timestamp: Option<String>,
    /// When its last row was settled; null where one has no outcome.
    #[schema(required, format = DateTime)]
    finished_timestamp: Option<String>,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    modified_timestamp: String,
}

impl From<&Job> for JobObject {
    fn from(job: &Job) -> Self {
        let options = &job.options;
        let own = options.vault.connected.is_none();
        let results = job.tally.iter().filter(|(_, count)| *count > 0);
        Self {
            id: job.id.get(),
            state: job.state.name(),
            halt_reason: job.halt.map(HaltReason::name),
            dry_run: options.mode == RunMode::DryRun,
            cards: options::word_for_cards(options.cards),
            reading: options.reading.name(),
            vault: if own { OWN } else { CONNECTED },
            rows: job.rows,
            settled_rows: job.settled,
            pending_rows: job.pending(),
            results: results.map(|(outcome, count)| (outcome.name(), count)).collect(),
            failed: job.tally.failed(),
            canary_rows: job.canary,
            vault_calls: job.vault_calls,
            created_timestamp: timestamp::text(job.created_at),
            started_timestamp: job.started_at.map(timestamp::text),
            finished_timestamp: job.finished_at.map(timestamp::text),
            modified_timestamp: timestamp::text(job.updated_at),
        }
    }
}

impl From<Job> for JobObject {
    fn from(job: Job) -> Self {
        Self::from(&job)
    }
}

const OWN: &str = "own";
const CONNECTED: &str = "connected";

fn state() -> ObjectBuilder {
    schema::one_of(JobState::ALL.map(JobState::name))
}

fn halt_reason() -> AnyOfBuilder {
    AnyOfBuilder::new()
        .item(schema::one_of(HaltReason::ALL.map(HaltReason::name)))
        .item(ObjectBuilder::new().schema_type(Type::Null))
}

fn vault() -> ObjectBuilder {
    schema::one_of([OWN, CONNECTED])
}
