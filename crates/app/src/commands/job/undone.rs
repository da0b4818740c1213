//! What the undoing of a job deleted, and what it left.

use std::fmt::Write as _;

use cardlift_core::job::{Job, OutcomeFilter, RowOutcome, RunMode};

use crate::commands::jobs_of::JobsOf;
use crate::commands::results::Pages;
use crate::failure::Failure;

/// Why something is left, and where it is listed.
const WHY_LEFT: &str = "Left is what is its customer's default while there are others, and what \
     somebody had deleted\nbefore, also where it was imported again. Of those `undone` is false:";

/// Tells it of a job that is undone.
pub(super) async fn tell(here: &JobsOf, job: &Job) -> Result<(), Failure> {
    if job.options.mode == RunMode::DryRun {
        println!("It was a dry run: there was nothing to delete.");
        return Ok(());
    }
    let brought_in = job.tally.of(RowOutcome::Imported) + job.tally.of(RowOutcome::Restored);
    let deleted = if brought_in > 0 { deleted(here, job).await? } else { 0 };
    let left = brought_in.saturating_sub(deleted);
    print!("{}", told(deleted, left, &here.command("results", job.id)));
    Ok(())
}

/// How many of the job's results say that what they brought in is deleted. No count of it is kept.
async fn deleted(here: &JobsOf, job: &Job) -> Result<u64, Failure> {
    let (mut pages, mut deleted) = (Pages::new(here, job.id, OutcomeFilter::Every), 0);
    loop {
        let rows = pages.next().await?;
        if rows.is_empty() {
            return Ok(deleted);
        }
        deleted += u64::try_from(rows.iter().filter(|row| row.undone).count())?;
    }
}

/// The counts, and why not all were deleted.
fn told(deleted: u64, left: u64, results: &str) -> String {
    let mut text = String::new();
    for (what, count) in [("deleted", deleted), ("left as they were", left)] {
        let _ = writeln!(text, "  {what:<36}{count:>12}");
    }
    if left > 0 {
        let _ = writeln!(text, "{WHY_LEFT} {results}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_some_are_left_is_told_where_some_are() {
        let all = told(7, 0, "cardlift job results 1");
        assert!(all.contains("deleted") && !all.contains("default"), "{all}");
        let some = told(6, 1, "cardlift job results 1");
        assert!(some.contains("customer's default"), "{some}");
        assert!(some.ends_with("cardlift job results 1\n"), "{some}");
    }
}
