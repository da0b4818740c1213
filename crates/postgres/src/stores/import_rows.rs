//! The rows of jobs and their counts: how they are added to, whoever does it.

use cardlift_core::account::AccountId;
use cardlift_core::job::{Job, JobId};
use cardlift_core::ports::StoreError;
use cardlift_sql::row::{self, ImportJobRow, NewImportRow, TallyChange, TallyRow};
use cardlift_sql::schema::import_tally::dsl;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

const INSERT: &str = "
    INSERT INTO import_row (account_id, job_id, line, part, customer_id, customer_as_given,
                            external_customer_id, external_card_id, is_target, outcome, field,
                            detail, payment_method_id, undone)
    SELECT $1, $2, new.*, false
    FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS new";

/// The statement that adds these rows of a job, in their order.
pub(super) fn insert(
    account: AccountId,
    job: JobId,
    rows: &[NewImportRow],
) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
    let texts = |column: fn(&NewImportRow) -> &Option<String>| -> Vec<Option<&str>> {
        rows.iter().map(|row| column(row).as_deref()).collect()
    };
    diesel::sql_query(INSERT)
        .into_boxed()
        .bind::<BigInt, _>(account.get())
        .bind::<BigInt, _>(job.get())
        .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.line).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(rows.iter().map(|row| row.part).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(
            rows.iter().map(|row| row.target.customer_id).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(texts(|row| &row.target.customer_as_given))
        .bind::<Array<Nullable<Text>>, _>(texts(|row| &row.target.external_customer_id))
        .bind::<Array<Nullable<Text>>, _>(texts(|row| &row.target.external_card_id))
        .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_target).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.outcome).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(texts(|row| &row.field))
        .bind::<Array<Nullable<Text>>, _>(texts(|row| &row.detail))
        .bind::<Array<Nullable<BigInt>>, _>(
            rows.iter().map(|row| row.payment_method_id).collect::<Vec<_>>(),
        )
}

/// Adds to what is counted of a job, or takes from it.
pub(super) async fn count(
    connection: &mut AsyncPgConnection,
    changes: Vec<TallyChange>,
) -> QueryResult<()> {
    diesel::insert_into(dsl::import_tally)
        .values(changes)
        .on_conflict((dsl::account_id, dsl::job_id, dsl::outcome))
        .do_update()
        .set(dsl::count.eq(dsl::count + excluded(dsl::count)))
        .execute(connection)
        .await
        .map(|_| ())
}

/// What is counted of these jobs of an account.
pub(super) async fn tallies(
    connection: &mut AsyncPgConnection,
    account: i64,
    jobs: impl IntoIterator<Item = i64>,
) -> QueryResult<Vec<TallyRow>> {
    dsl::import_tally
        .filter(dsl::account_id.eq(account))
        .filter(dsl::job_id.eq_any(jobs.into_iter().collect::<Vec<_>>()))
        .select(TallyRow::as_select())
        .load(connection)
        .await
}

/// The job of this row, with what is counted of it.
pub(super) async fn with_tally(
    connection: &mut AsyncPgConnection,
    row: ImportJobRow,
) -> QueryResult<Result<Job, StoreError>> {
    let tallies = tallies(connection, row.account_id, [row.id]).await?;
    Ok(row::job(row, tallies))
}
