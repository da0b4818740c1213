//! Instants in a database.

use std::fmt;

use cardlift_core::Timestamp;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// The SQL type of an instant.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct InstantSql;

/// An instant as a row holds it.
#[derive(Clone, Copy, PartialEq, Eq, FromSqlRow, AsExpression)]
#[diesel(sql_type = InstantSql)]
pub struct Instant(pub Timestamp);

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads and writes an instant as chrono does under the type this backend has for it.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
macro_rules! as_chrono_does {
    ($backend:ty, $sql_type:ty) => {
        impl diesel::deserialize::FromSql<super::InstantSql, $backend> for super::Instant {
            fn from_sql(
                bytes: <$backend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::<$sql_type, $backend>::from_sql(bytes).map(Self)
            }
        }

        impl diesel::serialize::ToSql<super::InstantSql, $backend> for super::Instant {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $backend>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<$sql_type, $backend>::to_sql(&self.0, out)
            }
        }
    };
}

#[cfg(feature = "postgres")]
mod postgres {
    as_chrono_does!(diesel::pg::Pg, diesel::sql_types::Timestamptz);
}

#[cfg(feature = "sqlite")]
mod sqlite {
    as_chrono_does!(diesel::sqlite::Sqlite, diesel::sql_types::TimestamptzSqlite);
}
