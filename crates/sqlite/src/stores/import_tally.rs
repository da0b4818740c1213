//! What is counted of jobs, whoever counts.

use cardlift_sql::row::{TallyChange, TallyRow};
use cardlift_sql::schema::import_tally;
use diesel::prelude::*;

/// Adds to what is counted of a job, or takes from it.
pub(super) fn count(
    connection: &mut SqliteConnection,
    changes: Vec<TallyChange>,
) -> QueryResult<()> {
    for change in changes {
        let more = change.count;
        diesel::insert_into(import_tally::table)
            .values(change)
            .on_conflict((import_tally::account_id, import_tally::job_id, import_tally::outcome))
            .do_update()
            .set(import_tally::count.eq(import_tally::count + more))
            .execute(connection)?;
    }
    Ok(())
}

/// What is counted of these jobs of an account.
pub(super) fn tallies(
    connection: &mut SqliteConnection,
    account: i64,
    jobs: impl IntoIterator<Item = i64>,
) -> QueryResult<Vec<TallyRow>> {
    import_tally::table
        .filter(import_tally::account_id.eq(account))
        .filter(import_tally::job_id.eq_any(jobs))
        .select(TallyRow::as_select())
        .load(connection)
}
