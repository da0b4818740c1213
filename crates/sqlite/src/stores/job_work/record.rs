use cardlift_sql::row::NewImportRow;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

/// The statement that adds a part of a row; a row that is there takes what became of it.
///
/// It is spelled out, for diesel prepares its own anew for each row: it takes no statement for the
/// same as the one before that sets something.
#[derive(QueryId)]
pub(super) struct Record(pub(super) NewImportRow);

impl QueryFragment<Sqlite> for Record {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let row = &self.0;
        out.push_sql(
            "INSERT INTO import_row (account_id, job_id, line, part, customer_id,
                 customer_as_given, external_customer_id, external_card_id, is_target, outcome,
                 detail, payment_method_id, undone)
             VALUES (",
        );
        out.push_bind_param::<BigInt, _>(&row.account_id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&row.job_id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&row.line)?;
        out.push_sql(", ");
        out.push_bind_param::<Integer, _>(&row.part)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, _>(&row.target.customer_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&row.target.customer_as_given)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&row.target.external_customer_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&row.target.external_card_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Bool, _>(&row.is_target)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&row.outcome)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&row.detail)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, _>(&row.payment_method_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Bool, _>(&row.undone)?;
        out.push_sql(
            ") ON CONFLICT (account_id, job_id, line, part) DO UPDATE SET
                 outcome = excluded.outcome, detail = excluded.detail,
                 payment_method_id = excluded.payment_method_id",
        );
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for Record {}
