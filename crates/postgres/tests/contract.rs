//! The adapter passes the suite, on a real server: as the role that serves, which row-level security
//! holds for, and as the owner of the tables, whom nothing is kept from.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_postgres::{GrantError, Merge, MigrateError, OpenError, Options, Postgres};
use cardlift_throwaway_postgres::{TestDatabase, ThrowawayError};

/// The role that serves.
const APPLICATION: &str = "cardlift_application";

#[derive(Debug, thiserror::Error)]
enum TemplateError {
    #[error(transparent)]
    Role(#[from] ThrowawayError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    #[error(transparent)]
    Grant(#[from] GrantError),
}

#[derive(Debug, Clone, Copy)]
enum Role {
    Application,
    Owner,
}

async fn migrate(url: String) -> Result<(), TemplateError> {
    cardlift_throwaway_postgres::role(APPLICATION).await?;
    let stores = Postgres::open(&Options::new(url)).await?;
    stores.migrate().await?;
    stores.grant_to(APPLICATION).await?;
    Ok(())
}

async fn open() -> (Arc<Postgres>, TestDatabase) {
    open_with(Role::Application, Merge::Concurrent).await
}

async fn open_with(role: Role, merge: Merge) -> (Arc<Postgres>, TestDatabase) {
    // Another version of the tables, or of what is granted, needs another template.
    let template = concat!("cardlift_", env!("CARGO_PKG_VERSION"), "_16_16");
    let made = cardlift_throwaway_postgres::database(template, migrate).await;
    let database = made.expect("a database");
    let url = match role {
        Role::Application => database.url_as(APPLICATION).expect("a URL"),
        Role::Owner => database.url().to_owned(),
    };
    let stores = Postgres::open(&Options { merge, ..Options::new(url) }).await.expect("connected");
    (Arc::new(stores), database)
}

cardlift_contract::contract_tests!(open);

mod one_by_one {
    use super::{Arc, Merge, Postgres, Role, TestDatabase, open_with};

    async fn open() -> (Arc<Postgres>, TestDatabase) {
        open_with(Role::Application, Merge::Never).await
    }

    cardlift_contract::contract_tests!(open);
}

mod as_owner {
    use super::{Arc, Merge, Postgres, Role, TestDatabase, open_with};

    async fn open() -> (Arc<Postgres>, TestDatabase) {
        open_with(Role::Owner, Merge::Concurrent).await
    }

    cardlift_contract::contract_tests!(open);
}
