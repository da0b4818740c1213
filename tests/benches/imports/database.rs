//! A Postgres cluster as it is installed, durable, and databases in it that the program made.

use std::fmt::Write as _;

use cardlift_tests::Run;
use cardlift_throwaway_postgres::{Cluster, ClusterOptions};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

use crate::load::{FIRST_CUSTOMER, Pair};
use crate::settings::Role;
use crate::usage::parent;

/// What a throwaway cluster gives up to be fast, given back: the values that Postgres comes with.
const DURABLE: [(&str, &str); 4] = [
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("shared_buffers", "128MB"),
];

/// How many customers are loaded at once.
const PART: usize = 100_000;

/// Payment methods of other cards, the neighbours of one customer side by side; and how many of
/// them go in at once.
const FILL: &str = "
    INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
                                external_card_id, brand, last_four, expiry_month, expiry_year,
                                holder_name, funding, issuer_country, fingerprint, is_default,
                                created_at, updated_at)
    SELECT 1, $3 + number * $4 / $5, 'card', 'cus_Filling' || lpad(number::text, 9, '0'),
           'card_Filling' || lpad(number::text, 9, '0'), 'Visa', '4242', 12, 2030, 'Sam Sample',
           'credit', 'US', 'sandboxVisa4242', false, now(), now()
    FROM generate_series($1::bigint, $2::bigint - 1) AS number";
const AT_ONCE: i64 = 1_000_000;

/// Limits that are never met. They are counted and told in each answer, as by default.
const MANY: &str = "1000000000";

/// The role that does not own the tables.
const APPLICATION: &str = "cardlift_application";

/// The cluster. It stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    cluster: Cluster,
    /// The number of its first process.
    pub(crate) postmaster: u32,
}

/// A database with the program's tables, its customers, and a key whose limits are never met.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) port: u16,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) customers: u32,
    /// The last payment method that stays when the others are taken out.
    pub(crate) kept: i64,
}

impl Server {
    pub(crate) async fn start(others: &[(String, String)]) -> Self {
        let durable =
            DURABLE.iter().filter(|(name, _)| others.iter().all(|(other, _)| other != name));
        let durable = durable.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings: Vec<_> = durable.chain(others.iter().cloned()).collect();
        let options = ClusterOptions { settings: settings.clone(), ..ClusterOptions::default() };
        let cluster = Cluster::start(&options).expect("a cluster");
        let client = connect(&cluster.url("postgres")).await;
        for (name, value) in &settings {
            let shown = client.query_one(&format!("SHOW {name}"), &[]).await.expect("a setting");
            assert_eq!(shown.get::<_, &str>(0), value, "{name}");
        }
        client.batch_execute(&format!("CREATE ROLE {APPLICATION} LOGIN")).await.expect("a role");
        let row = client.query_one("SELECT pg_backend_pid()", &[]).await.expect("a process");
        let version = client.query_one("SHOW server_version", &[]).await.expect("a version");
        let settings: Vec<_> =
            settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        println!("Postgres {}, {}", version.get::<_, &str>(0), settings.join(" "));
        let backend = u32::try_from(row.get::<_, i32>(0)).expect("a process");
        Self { cluster, postmaster: parent(backend) }
    }

    /// Makes a database, with so many customers.
    pub(crate) async fn database(&self, name: &str, customers: u32) -> Database {
        let client = connect(&self.cluster.url("postgres")).await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        let url = self.cluster.url(name);
        let key = furnish(&url, customers).await;
        let grant = Run::new(&["migrate", "--grant-to", APPLICATION]).env("DATABASE_URL", &url);
        grant.succeed().await;
        let port = self.cluster.port();
        let made = Database { url, port, name: name.to_owned(), key, customers, kept: 0 };
        made.client().await.batch_execute("VACUUM (ANALYZE)").await.expect("statistics");
        made
    }
}

impl Database {
    pub(crate) async fn client(&self) -> Client {
        connect(&self.url).await
    }

    /// Its URL for this role.
    pub(crate) fn url_as(&self, role: Role) -> String {
        match role {
            Role::Owner => self.url.clone(),
            Role::Application => {
                format!("postgres://{APPLICATION}@127.0.0.1:{}/{}", self.port, self.name)
            }
        }
    }

    /// Puts so many payment methods into the table in place of what is there. They stay.
    pub(crate) async fn fill(&mut self, rows: u32) {
        let client = self.client().await;
        let cut = "TRUNCATE payment_method RESTART IDENTITY";
        client.batch_execute(cut).await.expect("an empty table");
        let fill = client.prepare(FILL).await.expect("prepared");
        let (customers, all) = (i64::from(self.customers), i64::from(rows));
        let mut from = 0;
        while from < all {
            let to = all.min(from + AT_ONCE);
            let first = i64::from(FIRST_CUSTOMER);
            let values: [&(dyn ToSql + Sync); 5] = [&from, &to, &first, &customers, &all];
            client.execute(&fill, &values).await.expect("filled");
            from = to;
        }
        self.kept = all;
    }

    /// Takes out the payment methods that are not to stay, and leaves nothing for the server to do
    /// later, nor for the program: what pgbench told nobody has chained.
    pub(crate) async fn reset(&self) {
        let client = self.client().await;
        let cut = match self.kept {
            0 => "TRUNCATE payment_method".to_owned(),
            kept => format!("DELETE FROM payment_method WHERE account_id = 1 AND id > {kept}"),
        };
        let told = "TRUNCATE audit_waiting";
        for statement in [&cut, told, "VACUUM (ANALYZE) payment_method", "CHECKPOINT"] {
            client.batch_execute(statement).await.expect("a table as it was");
        }
    }

    /// The pairs of the payment methods that are not to stay, sorted.
    pub(crate) async fn pairs(&self) -> Vec<Pair> {
        let all = "SELECT customer_id, substr(external_card_id, 15)::bigint FROM payment_method
                   WHERE account_id = 1 AND id > $1 ORDER BY 1, 2";
        let rows = self.client().await.query(all, &[&self.kept]).await.expect("rows");
        let number = |number: i64| u32::try_from(number).expect("seven digits");
        rows.iter()
            .map(|row| Pair { customer: number(row.get(0)), card: number(row.get(1)) })
            .collect()
    }

    /// The digest of its key, as Postgres writes bytes.
    pub(crate) async fn digest(&self) -> String {
        let row = self.client().await.query_one("SELECT digest::text FROM api_key", &[]).await;
        row.expect("a key").get(0)
    }
}

/// Makes the program's tables, customers, and a key whose limits are never met, which it gives.
pub(crate) async fn furnish(url: &str, customers: u32) -> String {
    let run = |arguments: &[&str]| {
        let run = Run::new(arguments).env("DATABASE_URL", url).patient();
        run.env("CARDLIFT_MASTER_KEY", cardlift_tests::MASTER_KEY)
    };
    run(&["migrate"]).succeed().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("customers.csv");
    let ids: Vec<_> = (FIRST_CUSTOMER..FIRST_CUSTOMER + customers).collect();
    for part in ids.chunks(PART) {
        let mut text = String::from("customerId,firstName,lastName,primaryEmail\n");
        for id in part {
            let _ = writeln!(text, "{id},Sam,Sample{id},person{id}@example.com");
        }
        std::fs::write(&file, text).expect("a file");
        run(&["customers", "load", file.to_str().expect("a path")]).succeed().await;
    }
    run(&["account", "limit", "--per-minute", MANY, "--per-day", MANY]).succeed().await;
    run(&["key", "create"]).succeed().await.trim().to_owned()
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connected");
    tokio::spawn(connection);
    client
}
