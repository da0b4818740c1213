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
use futures_util::future::join;

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

/// What a lot asks first: its accounts are seldom those of the one before, so that a trip to say whose they
/// are would be one more for each.
pub(crate) trait FirstStatement: Send {
    /// What it gives.
    type Answer: Send;

    fn run(
        self,
        connection: &AsyncPgConnection,
    ) -> impl Future<Output = QueryResult<Self::Answer>> + Send;
}

/// No statement, where what is asked comes later.
struct Nothing;

impl FirstStatement for Nothing {
    type Answer = ();

    async fn run(self, _connection: &AsyncPgConnection) -> QueryResult<()> {
        Ok(())
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
    pub(crate) async fn working_for(&self, whose: Whose) -> Result<Connection, PoolError> {
        let (connection, nothing) = self.beginning_with(whose, Nothing).await?;
        nothing.map_err(unsaid)?;
        Ok(connection)
    }

    /// The same, and what this statement gives there: both go to the server in one trip.
    pub(crate) async fn beginning_with<F: FirstStatement>(
        &self,
        whose: Whose,
        first: F,
    ) -> Result<(Connection, QueryResult<F::Answer>), PoolError> {
        let mut connection = self.pool.get().await?;
        let saying = Said { whose, statement_timeout: self.statement_timeout };
        let answer = connection.say_and_ask(saying, first).await.map_err(unsaid)?;
        Ok((Connection(connection), answer))
    }

    /// A connection out of the pool, which it does not go back to. Behind the wall it sees no rows.
    pub(crate) async fn take(&self) -> Result<AsyncPgConnection, PoolError> {
        let Connection(connection) = self.working_for(Whose::of_ids([])).await?;
        Ok(managed::Object::take(connection).connection)
    }
}

/// It could as well be gone: that is what would be met by the statement, too.
fn unsaid(error: diesel::result::Error) -> PoolError {
    PoolError::Backend(Failure::QueryError(error))
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

/// What a connection tells the server before it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    whose: Whose,
    /// The server gives up by itself on what we would not wait for.
    statement_timeout: Duration,
}

impl Said {
    fn settings(&self) -> String {
        let Self { whose: Whose(accounts), statement_timeout } = self;
        // 0 would be without end.
        let most = statement_timeout.as_millis().max(1);
        format!("SET statement_timeout = {most}; SET cardlift.accounts = '{accounts}'")
    }
}

/// A connection, and what it has said; nothing where that is not known.
pub(crate) struct Speaking {
    connection: AsyncPgConnection,
    said: Option<Said>,
}

impl Speaking {
    /// Says this, unless it was the last that was said, and asks. The statement is on its way before the
    /// server has answered: where that did not take the settings, the statement met the former ones, and
    /// what it gave is nobody's.
    ///
    /// Outside of any transaction, which would take it back when it is rolled back: a connection with
    /// one that is open does not come out of the pool.
    async fn say_and_ask<F: FirstStatement>(
        &mut self,
        saying: Said,
        first: F,
    ) -> QueryResult<QueryResult<F::Answer>> {
        if self.said.as_ref() == Some(&saying) {
            return Ok(first.run(&self.connection).await);
        }
        // Who gives up while the answer is on its way leaves it unknown.
        self.said = None;
        let settings = saying.settings();
        let mut connection = &self.connection;
        // What is polled first is sent first.
        let (taken, answer) =
            join(connection.batch_execute(&settings), first.run(&self.connection)).await;
        taken?;
        self.said = Some(saying);
        Ok(answer)
    }
}

/// Makes connections, which have said nothing yet.
pub(crate) struct Manager(AsyncDieselConnectionManager<AsyncPgConnection>);

impl managed::Manager for Manager {
    type Type = Speaking;
    type Error = Failure;

    async fn create(&self) -> Result<Speaking, Failure> {
        Ok(Speaking { connection: self.0.create().await?, said: None })
    }

    async fn recycle(&self, kept: &mut Speaking, metrics: &Metrics) -> RecycleResult<Failure> {
        self.0.recycle(&mut kept.connection, metrics).await
    }
}
