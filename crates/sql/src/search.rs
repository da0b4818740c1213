//! Searching customers: the statements, in the SQL that both databases have.

mod page;
mod total;
mod way;

use std::fmt::Write as _;

use cardlift_core::account::AccountId;
use cardlift_core::customer::{
    Condition, CustomerField, CustomerFilter, CustomerStatus, FieldKind, Pattern, SearchValue,
};
use diesel::backend::Backend;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text};

pub use self::page::page;
pub use self::total::{Total, count, total};
use crate::{Instant, InstantSql};

/// Greater than every text that begins as the one before it does.
const GREATEST: char = char::MAX;

/// What holds of no customer.
const NEVER: &str = "1 = 0";

/// Whose words a statement is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Postgres.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// A statement, and what is bound to its parameters, in their order.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text, with the parameters `$1`, `$2`, .. each once and in this order, which both
    /// databases count alike.
    pub sql: String,
    /// What is bound.
    pub binds: Vec<Bind>,
}

/// What is bound to a parameter.
#[derive(Debug, Clone)]
pub enum Bind {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// An instant.
    Instant(Instant),
}

impl Statement {
    /// The statement as diesel runs it.
    pub fn into_query<DB>(self) -> BoxedSqlQuery<'static, DB, SqlQuery>
    where
        DB: Backend + HasSqlType<InstantSql> + 'static,
        i64: ToSql<BigInt, DB>,
        String: ToSql<Text, DB>,
        Instant: ToSql<InstantSql, DB>,
    {
        let query = diesel::sql_query(self.sql).into_boxed();
        self.binds.into_iter().fold(query, |query, bind| match bind {
            Bind::Number(number) => query.bind::<BigInt, _>(number),
            Bind::Text(text) => query.bind::<Text, _>(text),
            Bind::Instant(at) => query.bind::<InstantSql, _>(at),
        })
    }

    fn about(account: AccountId, select: &str) -> Self {
        let sql = format!("{select} WHERE account_id = $1");
        Self { sql, binds: vec![Bind::Number(account.get())] }
    }

    /// The next parameter, bound to this.
    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.binds.len())
    }

    fn filter(
        &mut self,
        filters: &[CustomerFilter],
        expression: impl Fn(&CustomerFilter) -> String,
    ) {
        for filter in filters {
            let (CustomerFilter { field, any_of }, expression) = (filter, expression(filter));
            let conditions: Vec<_> = match field {
                CustomerField::Status => {
                    self.statuses(&expression, CustomerStatus::matching(any_of))
                }
                _ => any_of
                    .iter()
                    .map(|condition| self.condition(&expression, *field, condition))
                    .collect(),
            };
            let _ = write!(self.sql, " AND ({})", conditions.join(" OR "));
        }
    }

    /// There are a few statuses, each stored in one spelling: which of them are asked for is found
    /// here, so that the column itself is compared, and its index counts by itself.
    fn statuses(&mut self, expression: &str, matching: Vec<CustomerStatus>) -> Vec<String> {
        if matching.is_empty() {
            return vec![NEVER.to_owned()];
        }
        let equals = |status: CustomerStatus| {
            format!("{expression} = {}", self.bind(Bind::Text(status.name().to_owned())))
        };
        matching.into_iter().map(equals).collect()
    }

    fn condition(&mut self, expression: &str, field: CustomerField, is: &Condition) -> String {
        match is {
            Condition::Is(value) => format!("{expression} = {}", self.value(value)),
            Condition::Empty if field.kind() == FieldKind::Text => format!("{expression} = ''"),
            // The others are never empty.
            Condition::Empty => NEVER.to_owned(),
            Condition::Like(pattern) => self.like(expression, pattern),
            Condition::Between(low, high) => {
                let bound = |statement: &mut Self, operator, value: &Option<SearchValue>| {
                    let value = value.as_ref()?;
                    Some(format!("{expression} {operator} {}", statement.value(value)))
                };
                let low = bound(self, ">=", low);
                let high = bound(self, "<=", high);
                let bounds: Vec<_> = low.into_iter().chain(high).collect();
                if bounds.is_empty() { "1 = 1".to_owned() } else { bounds.join(" AND ") }
            }
        }
    }

    /// The beginning is a range, which an index finds; the rest is looked at one by one.
    fn like(&mut self, expression: &str, pattern: &Pattern) -> String {
        let mut conditions = Vec::new();
        let prefix = pattern.prefix();
        if !prefix.is_empty() {
            let low = self.bind(Bind::Text(prefix.to_owned()));
            let high = self.bind(Bind::Text(format!("{prefix}{GREATEST}")));
            conditions.push(format!("{expression} >= {low} AND {expression} < {high}"));
        }
        let only_prefix = matches!(pattern.parts(), [_, end] if end.is_empty());
        if !only_prefix {
            let escape =
                |part: &String| part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let parts: Vec<_> = pattern.parts().iter().map(escape).collect();
            let like = self.bind(Bind::Text(parts.join("%")));
            conditions.push(format!("{expression} LIKE {like} ESCAPE '\\'"));
        }
        if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
    }

    fn value(&mut self, value: &SearchValue) -> String {
        self.bind(match value {
            SearchValue::Number(number) => Bind::Number(*number),
            SearchValue::Text(text) => Bind::Text(text.to_ascii_lowercase()),
            SearchValue::Instant(at) => Bind::Instant(Instant(*at)),
        })
    }
}

/// Where customers are searched. Behind Postgres' row-level security no index would serve an expression
/// with `lower`, so there it is a view that shows no other rows, and keeps none from being found.
fn customers(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "customer_of_accounts",
        Dialect::Sqlite => "customer",
    }
}

/// What an index of the table is on.
fn expression(dialect: Dialect, field: CustomerField) -> String {
    let column = match field {
        CustomerField::Id => return "id".to_owned(),
        CustomerField::Created => return "created_at".to_owned(),
        CustomerField::Modified => return "updated_at".to_owned(),
        CustomerField::Status => return bytewise(dialect, "status"),
        CustomerField::FirstName => "first_name",
        CustomerField::LastName => "last_name",
        CustomerField::CompanyName => "company_name",
        CustomerField::PrimaryEmail => "primary_email",
        CustomerField::Reference => "reference",
    };
    format!("coalesce({}, '')", lower(dialect, column))
}

fn lower(dialect: Dialect, column: &str) -> String {
    format!("lower({})", bytewise(dialect, column))
}

/// The column, compared byte by byte.
fn bytewise(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("{column} COLLATE \"C\""),
        Dialect::Sqlite => column.to_owned(),
    }
}
