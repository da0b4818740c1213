//! The connections that there are, each with what it has told the server: whose rows it works with, and
//! how long a statement may take.
//!
//! Where the role does not own the tables, row-level security shows a connection the rows of the
//! accounts that it names in a setting, and no others. So nobody gets a connection here without saying
//! for whom. What was said is remembered: a connection that works for the same account again, within the
//! same time, says nothing more.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use cardlift_core::account::AccountId;
use deadpool::managed::{self, Metrics, RecycleResult};
use diesel::QueryResult;
use diesel_async::pooled_connection::deadpool::{BuildError, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, PoolError as Failure};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};

/// Whose rows a connection works with, as the setting has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whose(String);

impl Whose {
    /// Those of this account.
    pub(crate) fn of(account: AccountId) -> Self {
        Self::of_ids([account.get()])
    }

    /// Those of each of these accounts.
    pub(crate) fn of_ids(accounts: impl IntoIterator<Item = i64>) -> Self {
        let accounts: BTreeSet<i64> = accounts.into_iter().collect();
        let accounts: Vec<_> = accounts.iter().map(ToString::to_string).collect();
        Self(format!("{{{}}}", accounts.join(",")))
    }

    /// Those of all accounts: for what is by its nature of no single one. Who asks for it says why.
    pub(crate) fn everybodys() -> Self {
        Self("*".to_owned())
    }
}

/// The pool. A clone is another handle on the same connections.
#[derive(Clone)]
pub(crate) struct Connections {
    pool: managed::Pool<Manager>,
    statement_timeout: Duration,
}

/// A connection for the statements of one call, which goes back to the pool.
pub(crate) struct Connection(managed::Object<Manager>);

impl Connections {
    pub(super) fn new(
        manager: AsyncDieselConnectionManager<AsyncPgConnection>,
        statement_timeout: Duration,
        set_up: impl FnOnce(managed::PoolBuilder<Manager>) -> managed::PoolBuilder<Manager>,
    ) -> Result<Self, BuildError> {
        let pool = set_up(managed::Pool::builder(Manager(manager))).build()?;
        Ok(Self { pool, statement_timeout })
    }

    /// The same connections, for statements that the server stops earlier.
    pub(crate) fn within(&self, statement_timeout: Duration) -> Self {
        Self { statement_timeout, ..self.clone() }
    }

    /// A connection that sees the rows of these.
    pub(crate) async fn working_for(&self, whose: &Whose) -> Result<Connection, PoolError> {
        let mut connection = self.pool.get().await?;
        // It could as well be gone: that is what would be met by the statement, too.
        let said = connection.say(whose, self.statement_timeout).await;
        said.map_err(|error| PoolError::Backend(Failure::QueryError(error)))?;
        Ok(Connection(connection))
    }

    /// A connection out of the pool, which it does not go back to. Behind the wall it sees no rows.
    pub(crate) async fn take(&self) -> Result<AsyncPgConnection, PoolError> {
        let Connection(connection) = self.working_for(&Whose::of_ids([])).await?;
        Ok(managed::Object::take(connection).connection)
    }
}

impl Deref for Connection {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.0.connection
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        &mut self.0.connection
    }
}

/// A connection, and what it has said; nothing where that is not known.
pub(crate) struct Speaking {
    connection: AsyncPgConnection,
    said: Option<Whose>,
    statement_timeout: Option<Duration>,
}

impl Speaking {
    /// Says whose rows are worked with and how long a statement may take, unless that was the last that
    /// was said.
    ///
    /// Outside of any transaction, which would take it back when it is rolled back: a connection with
    /// one that is open does not come out of the pool.
    async fn say(&mut self, whose: &Whose, statement_timeout: Duration) -> QueryResult<()> {
        // Who gives up while the answer is on its way leaves it unknown.
        if self.statement_timeout != Some(statement_timeout) {
            self.statement_timeout = None;
            // The server gives up by itself on what we would not wait for. 0 would be without end.
            let most = statement_timeout.as_millis().max(1);
            self.connection.batch_execute(&format!("SET statement_timeout = {most}")).await?;
            self.statement_timeout = Some(statement_timeout);
        }
        if self.said.as_ref() != Some(whose) {
            self.said = None;
            let Whose(text) = whose;
            self.connection.batch_execute(&format!("SET cardlift.accounts = '{text}'")).await?;
            self.said = Some(whose.clone());
        }
        Ok(())
    }
}

/// Makes connections, which have said nothing yet.
pub(crate) struct Manager(AsyncDieselConnectionManager<AsyncPgConnection>);

impl managed::Manager for Manager {
    type Type = Speaking;
    type Error = Failure;

    async fn create(&self) -> Result<Speaking, Failure> {
        let connection = self.0.create().await?;
        Ok(Speaking { connection, said: None, statement_timeout: None })
    }

    async fn recycle(&self, kept: &mut Speaking, metrics: &Metrics) -> RecycleResult<Failure> {
        self.0.recycle(&mut kept.connection, metrics).await
    }
}
