//! Bringing the tables up to date as a role that is only a member of the one that owns them.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use cardlift_postgres::{Options, Postgres, Wall};
use cardlift_throwaway_postgres::TestDatabase;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};

const OWNER: &str = "cardlift_owner_of_members";
const MEMBER: &str = "cardlift_member";
const SERVES: &str = "cardlift_serves_members";

/// Whatever has been made, where, and whose it is.
const MADE: &str = "
    SELECT DISTINCT relnamespace::regnamespace || ' ' || pg_get_userbyid(relowner) AS made
    FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    UNION
    SELECT pronamespace::regnamespace || ' ' || pg_get_userbyid(proowner)
    FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)'";

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    made: String,
}

async fn made(superuser: &mut AsyncPgConnection) -> Vec<String> {
    let made: Vec<Made> =
        RunQueryDsl::load(diesel::sql_query(MADE), superuser).await.expect("asked");
    made.into_iter().map(|made| made.made).collect()
}

async fn open_as(database: &TestDatabase, role: &str) -> Postgres {
    let options = Options::new(database.url_as(role).expect("a URL"));
    Postgres::open(&options).await.expect("connected")
}

#[tokio::test]
async fn what_a_member_adds_is_the_owners() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    for role in [OWNER, MEMBER, SERVES] {
        cardlift_throwaway_postgres::role(role).await.expect("a role");
    }
    let mut superuser = AsyncPgConnection::establish(database.url()).await.expect("connected");
    // A schema of its own comes first where the owner looks names up: the tables stay where they are.
    let allow = format!(
        "GRANT {OWNER} TO {MEMBER}; GRANT ALL ON SCHEMA public TO {OWNER};
         CREATE SCHEMA {OWNER} AUTHORIZATION {OWNER}; ALTER ROLE {OWNER} SET search_path = public"
    );
    superuser.batch_execute(&allow).await.expect("allowed");

    let member = open_as(&database, MEMBER).await;
    let all = member.migrate().await.expect("migrated");
    let first = format!("public {MEMBER}");
    assert_eq!(made(&mut superuser).await, [first], "there is no other owner yet");
    member.revert_all_migrations().await.expect("reverted");
    superuser.batch_execute("DROP TABLE __diesel_schema_migrations").await.expect("dropped");

    let owner = open_as(&database, OWNER).await;
    owner.migrate().await.expect("migrated");
    owner.revert_all_migrations().await.expect("reverted");
    assert_eq!(member.migrate().await.expect("migrated"), all);
    assert_eq!(made(&mut superuser).await, [format!("public {OWNER}")]);

    // Who is let in by the one may work with what the other has added, behind the wall.
    member.grant_to(SERVES).await.expect("granted");
    let serves = open_as(&database, SERVES).await;
    serves.migrate().await.expect("it may read all of the tables");
    assert_eq!(serves.wall().await.expect("asked"), Wall::Holds { role: SERVES.to_owned() });
    // A superuser is a member of every role.
    let options = Options::new(database.url());
    let superusers = Postgres::open(&options).await.expect("connected");
    superusers.revert_all_migrations().await.expect("reverted");
    assert_eq!(superusers.migrate().await.expect("migrated"), all);
    assert_eq!(made(&mut superuser).await, [format!("public {OWNER}")]);
}
