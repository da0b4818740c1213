//! The second wall: what row-level security keeps from a connection, whatever statement it runs, and
//! what a role that serves may not do.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use cardlift_postgres::{GrantError, MigrateError, Options, Postgres, Wall};
use cardlift_throwaway_postgres::TestDatabase;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};

const ROLE: &str = "cardlift_application";

/// The role that owns the tables, and may do no more than that.
const OWNER: &str = "cardlift_owner";

/// A row of account `$1` in every table.
const ROWS: &str = "
    INSERT INTO account (id, name) VALUES ($1, 'a$1') ON CONFLICT DO NOTHING;
    INSERT INTO api_key (account_id, label, digest, created_at)
    VALUES ($1, 'k', sha256('$1'), now());
    INSERT INTO customer (account_id, id, status, standing, created_at, updated_at)
    VALUES ($1, 1, 'Active', 'Good', now(), now());
    INSERT INTO customer_count (account_id, status, customers) VALUES ($1, 'Active', 1);
    INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
        external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding,
        is_default, created_at, updated_at)
    VALUES ($1, 1, 'card', 'cus_1', 'card_1', 'Visa', '4242', 1, 2030, '', 'credit', true, now(),
        now());
    INSERT INTO idempotency_reply (account_id, key, request_digest, expires_at)
    VALUES ($1, 'k', sha256('k'), now());
    INSERT INTO import_job (account_id, vault, cards, dry_run, reading, state, rows, settled,
        vault_calls, created_at, updated_at)
    VALUES ($1, '', '', false, '', 'receiving', 0, 0, 0, now(), now());
    INSERT INTO import_tally (account_id, job_id, outcome, count)
    SELECT account_id, id, 'imported', 1 FROM import_job WHERE account_id = $1;
    INSERT INTO import_scan_piece (account_id, job_id, id, from_second, done)
    SELECT account_id, id, 1, 0, false FROM import_job WHERE account_id = $1;
    INSERT INTO import_row (account_id, job_id, line, part, is_target, undone)
    SELECT account_id, id, 1, 0, false, false FROM import_job WHERE account_id = $1;
    INSERT INTO sealed_secret (account_id, name, master_key, key, secret)
    VALUES ($1, 'n', '0123456789abcdef', '', '');
    INSERT INTO audit_batch (account_id, at, subjects, items) VALUES ($1, now(), '1', '{}');
    INSERT INTO audit_waiting (account_id, id, items_digest)
    SELECT account_id, id, sha256('') FROM audit_batch WHERE account_id = $1;
    INSERT INTO audit_link (account_id, position, batch_id, seal) VALUES ($1, 1, 1, sha256(''));";

/// Whatever has rows of accounts, and the column that says whose.
const RELATIONS: &str = "
    SELECT c.table_name::text AS name, c.column_name::text AS account,
        t.table_type = 'BASE TABLE' AS is_table
    FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema()
        AND (c.column_name = 'account_id' OR (c.table_name = 'account' AND c.column_name = 'id'))
    ORDER BY c.table_name";

/// The tables without row-level security.
const NOT_BEHIND_IT: &str = "
    SELECT c.relname::text AS name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
    ORDER BY c.relname";

#[derive(Debug, QueryableByName)]
struct Relation {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Bool)]
    is_table: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Owned {
    #[diesel(sql_type = BigInt)]
    account: i64,
}

/// A database with the tables, which the role may work with.
async fn open() -> (Postgres, TestDatabase) {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    for role in [ROLE, OWNER] {
        cardlift_throwaway_postgres::role(role).await.expect("a role");
    }
    let mut superuser = AsyncPgConnection::establish(database.url()).await.expect("connected");
    let grant = format!("GRANT ALL ON SCHEMA public TO {OWNER}");
    superuser.batch_execute(&grant).await.expect("granted");
    let options = Options::new(database.url_as(OWNER).expect("a URL"));
    let owner = Postgres::open(&options).await.expect("connected");
    owner.migrate().await.expect("migrated");
    owner.grant_to(ROLE).await.expect("granted");
    (owner, database)
}

async fn connect_as(database: &TestDatabase, role: &str) -> AsyncPgConnection {
    let url = database.url_as(role).expect("a URL");
    AsyncPgConnection::establish(&url).await.expect("connected")
}

/// A connection of the role to a database in which accounts 1 and 2 have a row of each kind; and
/// where the rows are.
async fn open_filled() -> (AsyncPgConnection, Vec<Relation>, TestDatabase) {
    let (_owner, database) = open().await;
    let mut owner = connect_as(&database, OWNER).await;
    for account in ["1", "2"] {
        owner.batch_execute(&ROWS.replace("$1", account)).await.expect("filled");
    }
    let relations = RunQueryDsl::load(diesel::sql_query(RELATIONS), &mut owner).await;
    let relations: Vec<Relation> = relations.expect("relations");
    for relation in &relations {
        let owners = owners(&mut owner, relation).await;
        assert_eq!(
            owners,
            if relation.is_table { vec![1, 2] } else { vec![] },
            "ROWS has none for {}",
            relation.name
        );
    }
    (connect_as(&database, ROLE).await, relations, database)
}

/// Whose rows are seen there.
async fn owners(connection: &mut AsyncPgConnection, relation: &Relation) -> Vec<i64> {
    let Relation { name, account, .. } = relation;
    let query = format!("SELECT DISTINCT {account} AS account FROM {name} ORDER BY 1");
    let rows: QueryResult<Vec<Owned>> =
        RunQueryDsl::load(diesel::sql_query(query), connection).await;
    rows.expect("rows").into_iter().map(|row| row.account).collect()
}

/// The other tests ask of tables that say whose their rows are. One that does not is noticed here.
#[tokio::test]
async fn every_table_is_behind_the_wall() {
    let (_owner, database) = open().await;
    let mut owner = connect_as(&database, OWNER).await;
    let tables: QueryResult<Vec<Named>> =
        RunQueryDsl::load(diesel::sql_query(NOT_BEHIND_IT), &mut owner).await;
    let names: Vec<_> = tables.expect("tables").into_iter().map(|table| table.name).collect();
    // Which migrations were run is of no account: who serves reads it at its start, and may not write.
    assert_eq!(names, ["__diesel_schema_migrations"], "its migration gives a new table a policy");
}

#[tokio::test]
async fn who_has_not_said_for_whom_sees_no_row_of_any_account() {
    let (mut connection, relations, _database) = open_filled().await;
    assert!(relations.len() > 10, "{relations:?}");
    for said in ["SELECT 1", "SET cardlift.accounts = ''", "SET cardlift.accounts = '{}'"] {
        connection.batch_execute(said).await.expect("said");
        for relation in &relations {
            assert!(owners(&mut connection, relation).await.is_empty(), "{said}: {relation:?}");
        }
    }
    // What a setting is that a transaction has taken back.
    connection.batch_execute("RESET cardlift.accounts; BEGIN").await.expect("begun");
    connection.batch_execute("SET cardlift.accounts = '{1}'; ROLLBACK").await.expect("taken back");
    for relation in &relations {
        assert!(owners(&mut connection, relation).await.is_empty(), "{relation:?}");
    }
}

#[tokio::test]
async fn who_has_said_for_whom_sees_their_rows_and_no_others() {
    let (mut connection, relations, _database) = open_filled().await;
    for (said, seen) in [("{2}", vec![2]), ("{1,2}", vec![1, 2]), ("*", vec![1, 2])] {
        let set = format!("SET cardlift.accounts = '{said}'");
        connection.batch_execute(&set).await.expect("said");
        for relation in &relations {
            assert_eq!(owners(&mut connection, relation).await, seen, "{said}: {relation:?}");
        }
    }
}

#[tokio::test]
async fn another_accounts_rows_can_not_be_written() {
    let (mut connection, relations, database) = open_filled().await;
    let set = "SET cardlift.accounts = '{1}'";
    connection.batch_execute(set).await.expect("said");
    for Relation { name, account, .. } in relations.iter().filter(|relation| relation.is_table) {
        for nothing in [
            format!("DELETE FROM {name} WHERE {account} = 2"),
            format!("UPDATE {name} SET {account} = {account} WHERE {account} = 2"),
        ] {
            let query = diesel::sql_query(&nothing);
            match RunQueryDsl::execute(query, &mut connection).await {
                Ok(rows) => assert_eq!(rows, 0, "{nothing}"),
                Err(error) => {
                    assert!(error.to_string().contains("permission denied"), "{nothing}: {error}");
                }
            }
        }
        for refused in [
            format!("INSERT INTO {name} ({account}) VALUES (2)"),
            format!("UPDATE {name} SET {account} = 2"),
        ] {
            let error = connection.batch_execute(&refused).await.expect_err(&refused).to_string();
            let refuses = ["row-level security", "permission denied"];
            assert!(refuses.iter().any(|text| error.contains(text)), "{refused}: {error}");
        }
    }
    let mut owner = connect_as(&database, OWNER).await;
    for relation in relations.iter().filter(|relation| relation.is_table) {
        assert_eq!(owners(&mut owner, relation).await, [1, 2], "{relation:?}");
    }
}

#[tokio::test]
async fn the_role_can_not_change_the_tables_or_the_wall() {
    let (mut connection, relations, database) = open_filled().await;
    let mut statements = vec![
        "DELETE FROM __diesel_schema_migrations".to_owned(),
        "DROP VIEW customer_of_accounts".to_owned(),
        "CREATE OR REPLACE VIEW customer_of_accounts AS SELECT * FROM customer".to_owned(),
        "SET row_security = off; SELECT count(*) FROM customer".to_owned(),
    ];
    for Relation { name, .. } in relations.iter().filter(|relation| relation.is_table) {
        statements.extend([
            format!("DROP TABLE {name} CASCADE"),
            format!("TRUNCATE {name} CASCADE"),
            format!("ALTER TABLE {name} DISABLE ROW LEVEL SECURITY"),
            format!("ALTER TABLE {name} ADD COLUMN mine text"),
            format!("DROP POLICY of_accounts ON {name}"),
            format!("CREATE POLICY mine ON {name} USING (true)"),
        ]);
    }
    for statement in statements {
        let error = connection.batch_execute(&statement).await.expect_err(&statement);
        let text = error.to_string();
        let refuses = ["must be owner", "permission denied", "affected by row-level security"];
        assert!(refuses.iter().any(|refuses| text.contains(refuses)), "{statement}: {text}");
    }
    let options = Options::new(database.url_as(ROLE).expect("a URL"));
    let stores = Postgres::open(&options).await.expect("connected");
    assert_eq!(stores.wall().await.expect("asked"), Wall::Holds { role: ROLE.to_owned() });
    let options = Options::new(database.url_as(OWNER).expect("a URL"));
    let owner = Postgres::open(&options).await.expect("connected");
    assert!(matches!(owner.wall().await.expect("asked"), Wall::Passed { .. }));
}

#[derive(QueryableByName)]
struct Yes {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

async fn may(connection: &mut AsyncPgConnection, role: &str, table: &str, what: &str) -> bool {
    let query = "SELECT has_table_privilege($1, $2, $3) AS yes";
    let query = diesel::sql_query(query).bind::<Text, _>(role).bind::<Text, _>(table);
    let row: QueryResult<Yes> = query.bind::<Text, _>(what).get_result(connection).await;
    row.expect("a privilege").yes
}

#[tokio::test]
async fn what_is_only_added_to_can_not_be_changed() {
    let (owner, database) = open().await;
    let mut connection = connect_as(&database, OWNER).await;
    for table in ["audit_batch", "audit_link"] {
        // Where a version of the tables has none.
        let made = format!("CREATE TABLE IF NOT EXISTS {table} (account_id bigint)");
        connection.batch_execute(&made).await.expect("made");
        // What was granted before the table was one of these.
        let before = format!("GRANT ALL ON TABLE {table} TO {ROLE}");
        connection.batch_execute(&before).await.expect("granted");
    }
    owner.grant_to(ROLE).await.expect("granted");
    for table in ["audit_batch", "audit_link"] {
        for (what, may_do) in [
            ("SELECT", true),
            ("INSERT", true),
            ("UPDATE", false),
            ("DELETE", false),
            ("TRUNCATE", false),
        ] {
            assert_eq!(may(&mut connection, ROLE, table, what).await, may_do, "{table}: {what}");
        }
    }
}

#[tokio::test]
async fn a_role_is_let_in_under_any_name() {
    let (owner, database) = open().await;
    let role = r#"Cardlift "1"; DROP TABLE account"#;
    cardlift_throwaway_postgres::role(role).await.expect("a role");
    owner.grant_to(role).await.expect("granted");
    let mut connection = connect_as(&database, OWNER).await;
    for (table, what, may_do) in [
        ("payment_method", "DELETE", true),
        ("payment_method", "TRUNCATE", false),
        ("__diesel_schema_migrations", "SELECT", true),
        ("__diesel_schema_migrations", "INSERT", false),
        ("customer_of_accounts", "SELECT", true),
        ("customer_of_accounts", "UPDATE", false),
    ] {
        assert_eq!(may(&mut connection, role, table, what).await, may_do, "{table}: {what}");
    }
}

#[tokio::test]
async fn only_a_role_that_the_wall_holds_for_is_let_in() {
    let (owner, database) = open().await;
    let error = owner.grant_to(r#"no"body"#).await.expect_err("there is none");
    let says = r#"CREATE ROLE "no""body" LOGIN PASSWORD"#;
    assert!(error.to_string().contains(says), "{error}");
    let options = Options::new(database.url());
    let superuser = Postgres::open(&options).await.expect("connected").wall().await;
    let Ok(Wall::Passed { role: superuser }) = superuser else { unreachable!("{superuser:?}") };
    for role in [OWNER, superuser.as_str()] {
        let granted = owner.grant_to(role).await;
        assert!(matches!(granted, Err(GrantError::PassesTheWall { .. })), "{granted:?}");
    }
}

#[tokio::test]
async fn a_role_that_does_not_own_the_tables_works_where_they_are_up_to_date() {
    let (owner, database) = open().await;
    let options = Options::new(database.url_as(ROLE).expect("a URL"));
    let stores = Postgres::open(&options).await.expect("connected");
    assert_eq!(stores.migrate().await.expect("up to date"), Vec::<String>::new());
    let mut connection = connect_as(&database, OWNER).await;
    connection.batch_execute("CREATE TABLE later (account_id bigint)").await.expect("made");
    let error = stores.migrate().await.expect_err("there is a table that it may not read");
    assert!(matches!(error, MigrateError::NotGranted { .. }), "{error:?}");
    owner.grant_to(ROLE).await.expect("granted");
    stores.migrate().await.expect("up to date");
    let undone = "DELETE FROM __diesel_schema_migrations
                  WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
    connection.batch_execute(undone).await.expect("undone");
    let error = stores.migrate().await.expect_err("it may not migrate");
    assert!(matches!(error, MigrateError::NotTheOwner { .. }), "{error:?}");
    let says = format!("cardlift migrate --grant-to {ROLE}");
    assert!(error.to_string().contains(&says), "{error}");
    assert_eq!(stores.pending_migrations().await.expect("it may ask").len(), 1);
}
