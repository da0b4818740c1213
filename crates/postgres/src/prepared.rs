//! Statements of our own text that the server parses and plans once a connection.

use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{SingleValue, SqlType, Untyped};

/// A statement with `$1`, `$2`, .. in its text, and what is bound to them. diesel's own query from
/// text is prepared anew each time that it runs; this is for those that run often.
///
/// A parameter that stands in the text twice is sent twice.
pub(crate) struct Prepared<'a> {
    text: &'a str,
    tail: &'a str,
    binds: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
}

impl<'a> Prepared<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, tail: "", binds: Vec::new() }
    }

    /// What stands after the text. It has no parameters.
    pub(crate) const fn then(mut self, tail: &'a str) -> Self {
        self.tail = tail;
        self
    }

    /// Binds the next parameter.
    pub(crate) fn bind<ST, T>(mut self, value: T) -> Self
    where
        ST: SqlType + SingleValue,
        T: AsExpression<ST>,
        T::Expression: QueryFragment<Pg> + Send + 'a,
    {
        self.binds.push(Box::new(value.as_expression()));
        self
    }
}

impl QueryFragment<Pg> for Prepared<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut parts = self.text.split('$');
        out.push_sql(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let (number, rest) = part.split_at(digits);
            let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let bind = index.and_then(|index| self.binds.get(index));
            let bind = bind.ok_or_else(|| {
                diesel::result::Error::QueryBuilderError(format!("nothing is ${number}").into())
            })?;
            bind.walk_ast(out.reborrow())?;
            out.push_sql(rest);
        }
        out.push_sql(self.tail);
        Ok(())
    }
}

/// The text alone tells it from others.
impl QueryId for Prepared<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Prepared<'_> {
    type SqlType = Untyped;
}

#[cfg(test)]
mod tests {
    use diesel::debug_query;
    use diesel::sql_types::{BigInt, Text};

    use super::*;

    #[test]
    fn each_parameter_stands_where_the_text_has_it() {
        let query = Prepared::new("SELECT $2, $1 + $1").then(" AS twice");
        let query = query.bind::<BigInt, _>(7_i64).bind::<Text, _>("text");
        let shown = debug_query::<Pg, _>(&query).to_string();
        assert_eq!(shown, r#"SELECT $1, $2 + $3 AS twice -- binds: ["text", 7, 7]"#);
        assert!(query.is_safe_to_cache_prepared(&Pg).expect("walked"));
    }

    #[test]
    fn a_parameter_that_nothing_is_bound_to_is_an_error() {
        let query = Prepared::new("SELECT $2").bind::<BigInt, _>(7_i64);
        assert!(query.is_safe_to_cache_prepared(&Pg).is_err());
    }
}
