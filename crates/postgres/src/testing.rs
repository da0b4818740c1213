//! What the unit tests begin with.

use std::convert::Infallible;

use cardlift_throwaway_postgres::TestDatabase;
use diesel_async::SimpleAsyncConnection as _;

use crate::{Options, Postgres};

/// The role that serves.
pub(crate) const APPLICATION: &str = "cardlift_application";

/// A database that has the tables, in which the role that serves is let in and this was done.
pub(crate) async fn database(steps: &[&str]) -> TestDatabase {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    cardlift_throwaway_postgres::role(APPLICATION).await.expect("a role");
    let owner = Postgres::open(&Options::new(database.url())).await.expect("connected");
    owner.migrate().await.expect("migrated");
    owner.grant_to(APPLICATION).await.expect("granted");
    let mut connection = owner.connection_apart().await.expect("a connection");
    for step in steps {
        connection.batch_execute(step).await.expect("filled");
    }
    database
}
