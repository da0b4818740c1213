//! What a job is to do, as the query of the request says that makes it.

use cardlift_core::job::{CardChoice, JobAction, ReadingChoice, RunMode};
use cardlift_core::use_cases::{ImportFrom, NewImportJob};
use utoipa::openapi::path::{Parameter, ParameterBuilder};
use utoipa::openapi::schema::ObjectBuilder;

use crate::body::{Fields, Members};
use crate::error::ApiError;
use crate::openapi::schema;

const CANARY: &str = "canary";

/// Choices, by the words for them. The first is taken where nothing is said.
const YES_OR_NO: &[&str] = &["false", "true"];
const CARDS: &[&str] = &["default", "all"];
const READING: &[&str] = &["cheapest", "customers", "scan"];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) job: NewImportJob,
    /// What is done with the job once its rows are there.
    pub(super) start: Option<JobAction>,
}

/// What a query asks for, or everything that is wrong with it.
pub(super) fn parse(query: &str, from: ImportFrom) -> Result<Wanted, ApiError> {
    let members = Members::of_query(query);
    let mut fields = Fields::new(&members);
    let dry_run = fields.one_of("dryRun", YES_OR_NO);
    let cards = fields.one_of("cards", CARDS);
    let reading = fields.one_of("reading", READING);
    let start = fields.one_of("start", YES_OR_NO);
    let canary = canary(&mut fields);
    if start == Some("false") && members.holds(CANARY) {
        fields.problem(CANARY, "is for a job that is started: start=true");
    }
    let taken = (|| {
        let mode = if dry_run? == "true" { RunMode::DryRun } else { RunMode::Import };
        let cards = if cards? == "all" { CardChoice::All } else { CardChoice::NamedOrDefault };
        let reading = ReadingChoice::from_name(reading?)?;
        let canary = canary?;
        let start = (start? == "true").then_some(JobAction::Start { canary });
        Some(Wanted { job: NewImportJob { from, cards, mode, reading }, start })
    })();
    fields.finish(taken).map_err(ApiError::Fields)
}

/// After how many rows a job is to pause by itself, where that is asked for.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
pub(super) fn canary(fields: &mut Fields<'_>) -> Option<Option<u64>> {
    // 0, which can't be given, is none.
    let rows = fields.number(CANARY, 1..=u32::MAX, 0)?;
    Some((rows > 0).then_some(u64::from(rows)))
}

/// The word for a choice of cards.
pub(super) const fn word_for_cards(cards: CardChoice) -> &'static str {
    match cards {
        CardChoice::NamedOrDefault => "default",
        CardChoice::All => "all",
    }
}

pub(super) fn parameters() -> [Parameter; 5] {
    let choice = |name, words: &'static [&'static str], says| {
        schema::in_query(name, schema::one_of(words.iter().copied()), says).build()
    };
    [
        choice("dryRun", YES_OR_NO, "true: what importing would do is found out, and not done."),
        choice(
            "cards",
            CARDS,
            "all: each card of the customers of the vault, whichever the rows name. default, and \
             unless told: the one that a row names, else the customer's default.",
        ),
        choice(
            "reading",
            READING,
            "How the vault is read: customer by customer, all of it, or, unless told, in the way \
             that takes the fewest calls.",
        ),
        choice("start", YES_OR_NO, "true: the job is started once its rows are there."),
        canary_parameter().build(),
    ]
}

pub(super) fn canary_parameter() -> ParameterBuilder {
    let says = "After so many rows a job that is started pauses by itself.";
    schema::in_query(CANARY, schema::whole_number(1, u32::MAX), says)
}

pub(super) fn cards_schema() -> ObjectBuilder {
    schema::one_of(CARDS.iter().copied())
}

pub(super) fn reading_schema() -> ObjectBuilder {
    schema::one_of(READING.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, job: NewImportJob, start: Option<JobAction>) {
        let wanted = parse(query, ImportFrom::OwnAccount).expect("a job");
        assert_eq!(wanted, Wanted { job, start }, "{query}");
    }

    #[test]
    fn a_query_says_what_a_job_is_to_do() {
        let usual = NewImportJob::default();
        check("", usual, None);
        check("start=TRUE", usual, Some(JobAction::Start { canary: None }));
        check("start=true&Canary=7", usual, Some(JobAction::Start { canary: Some(7) }));
        check("dryrun=true", NewImportJob { mode: RunMode::DryRun, ..usual }, None);
        check("cards=All", NewImportJob { cards: CardChoice::All, ..usual }, None);
        for reading in ReadingChoice::ALL {
            let query = format!("reading={}", reading.name());
            check(&query, NewImportJob { reading, ..usual }, None);
        }
        assert_eq!(READING, ReadingChoice::ALL.map(ReadingChoice::name));
    }
}
