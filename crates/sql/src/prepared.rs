//! Statements in text of our own that are prepared once a connection.

use std::marker::PhantomData;

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A statement with `$1`, `$2`, .. in its text. A type has one text, so a connection knows by the type
/// alone what it has prepared.
pub trait Statement: Send + 'static {
    /// The text. It names its parameters first in their order: SQLite counts them as they come.
    const TEXT: &'static str;
}

/// A statement, and what is bound to its parameters. diesel's own query from text is prepared anew each
/// time that it runs; this is for those that run often.
#[must_use]
pub struct Prepared<S, B = ()> {
    statement: PhantomData<S>,
    binds: B,
}

/// What is bound to a parameter, and to those before it.
pub struct Bound<B, T, ST> {
    before: B,
    value: T,
    sql_type: PhantomData<ST>,
}

/// The statement, to which nothing is bound yet.
pub const fn prepared<S: Statement>() -> Prepared<S> {
    Prepared { statement: PhantomData, binds: () }
}

impl<S, B> Prepared<S, B> {
    /// Binds the next parameter.
    pub fn bind<ST, T>(self, value: T) -> Prepared<S, Bound<B, T, ST>> {
        let binds = Bound { before: self.binds, value, sql_type: PhantomData };
        Prepared { statement: PhantomData, binds }
    }
}

impl<DB, S, B> QueryFragment<DB> for Prepared<S, B>
where
    DB: Backend,
    S: Statement,
    B: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(S::TEXT);
        self.binds.walk_ast(out)
    }
}

impl<DB, B, T, ST> QueryFragment<DB> for Bound<B, T, ST>
where
    DB: Backend + HasSqlType<ST>,
    B: QueryFragment<DB>,
    T: ToSql<ST, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.before.walk_ast(out.reborrow())?;
        out.push_bind_param_value_only::<ST, T>(&self.value)
    }
}

impl<S: Statement, B: QueryId> QueryId for Prepared<S, B> {
    type QueryId = Prepared<S, B::QueryId>;

    const HAS_STATIC_QUERY_ID: bool = B::HAS_STATIC_QUERY_ID;
}

impl<B: QueryId, T, ST: QueryId> QueryId for Bound<B, T, ST> {
    type QueryId = Bound<B::QueryId, (), ST::QueryId>;

    const HAS_STATIC_QUERY_ID: bool = B::HAS_STATIC_QUERY_ID && ST::HAS_STATIC_QUERY_ID;
}

impl<S, B> Query for Prepared<S, B> {
    type SqlType = Untyped;
}

/// For the connections of diesel itself, SQLite's among them.
impl<S, B, C> RunQueryDsl<C> for Prepared<S, B> {}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use diesel::sql_types::{BigInt, Text};

    use super::*;

    struct One;

    impl Statement for One {
        const TEXT: &'static str = "SELECT $1 + $1 AS one, $2 AS name";
    }

    struct Other;

    impl Statement for Other {
        const TEXT: &'static str = "SELECT $1 + 2 * $1 AS other, $2 AS name";
    }

    fn id<T: QueryId>(_: &T) -> TypeId {
        T::query_id().expect("an id")
    }

    #[test]
    fn a_statement_is_known_whatever_is_bound() {
        let statement = prepared::<One>().bind::<BigInt, _>(7_i64).bind::<Text, _>("name");
        let again = prepared::<One>().bind::<BigInt, _>(8_i64).bind::<Text, _>(String::new());
        assert_eq!(id(&statement), id(&again));
    }

    #[test]
    fn another_text_or_type_is_another_statement() {
        let one = prepared::<One>().bind::<BigInt, _>(7_i64);
        let other = prepared::<Other>().bind::<BigInt, _>(7_i64);
        assert_ne!(id(&one), id(&other));
        assert_ne!(id(&one), id(&prepared::<One>().bind::<Text, _>("7")));
        assert_ne!(id(&one), id(&prepared::<One>()));
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn the_text_stays_as_it_is_and_each_value_is_sent_once() {
        use diesel::pg::Pg;

        let query = prepared::<One>().bind::<BigInt, _>(7_i64).bind::<Text, _>("name");
        let shown = diesel::debug_query::<Pg, _>(&query).to_string();
        assert_eq!(shown, r#"SELECT $1 + $1 AS one, $2 AS name -- binds: [7, "name"]"#);
        assert!(query.is_safe_to_cache_prepared(&Pg).expect("walked"));
    }
}
