//! All that is in a database, whatever tables it has.

use std::collections::BTreeMap;
use std::path::Path;

use cardlift_tests::Backend;
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection};
use tokio_postgres::{Client, NoTls};

use super::place::Place;

/// Each table's rows, as text, by its name.
pub(crate) async fn tables(place: &Place) -> BTreeMap<String, String> {
    let tables = match place.backend {
        Backend::Sqlite(_) => of_sqlite(&place.url),
        Backend::Postgres(_) => of_postgres(&place.url).await,
    };
    assert!(tables.len() > 8, "all of them: {:?}", tables.keys());
    tables
}

/// What is in the files of a database on this machine, pages that are free as well; but for the file of
/// the master key, which is beside them.
pub(crate) fn files(place: &Place) -> String {
    let Backend::Sqlite(folder) = &place.backend else { return String::new() };
    let files = std::fs::read_dir(folder.path()).expect("a folder");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension() != Some("master-key".as_ref()));
    assert!(files.iter().any(|file| file.extension() == Some("db-wal".as_ref())), "{files:?}");
    let read = |file: &Path| std::fs::read(file).expect("its bytes");
    files.iter().map(|file| String::from_utf8_lossy(&read(file)).into_owned()).collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

fn of_sqlite(url: &str) -> BTreeMap<String, String> {
    let file = url.strip_prefix("sqlite:").expect("a file");
    let mut connection = SqliteConnection::establish(file).expect("opened");
    let mut texts = |query: &str| {
        let rows: Vec<Row> = diesel::sql_query(query).load(&mut connection).expect("rows");
        rows.into_iter().map(|row| row.text).collect::<Vec<_>>()
    };
    let tables = texts("SELECT name AS text FROM sqlite_master WHERE type = 'table'");
    let dumped = tables.into_iter().map(|table| {
        let columns = texts(&format!("SELECT name AS text FROM pragma_table_info('{table}')"));
        // In hexadecimal, since not all that is stored is text.
        let hex =
            |column: &String| format!("hex(CAST(coalesce(\"{column}\", '') AS BLOB)) || '0A'");
        let row = columns.iter().map(hex).collect::<Vec<_>>().join(" || ");
        let all = texts(&format!("SELECT {row} AS text FROM \"{table}\"")).concat();
        (table, from_hex(&all))
    });
    dumped.collect()
}

fn from_hex(hex: &str) -> String {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).expect("hex"))
        .collect();
    let bytes = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit));
    String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
}

async fn of_postgres(url: &str) -> BTreeMap<String, String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connected");
    tokio::spawn(connection);
    let of_ours = "table_schema NOT IN ('pg_catalog', 'information_schema')";
    let mut dumped = BTreeMap::new();
    for table in texts(
        &client,
        &format!("SELECT table_name::text FROM information_schema.tables WHERE {of_ours}"),
    )
    .await
    {
        // Bytes are text, as far as they can be.
        let columns = texts(
            &client,
            &format!(
                "SELECT CASE data_type WHEN 'bytea' THEN format('encode(%I, ''escape'')', column_name) \
                 ELSE format('%I::text', column_name) END \
                 FROM information_schema.columns WHERE {of_ours} AND table_name = '{table}'"
            ),
        )
        .await;
        let row = format!("SELECT concat_ws(E'\\n', {}) FROM \"{table}\"", columns.join(", "));
        dumped.insert(table, texts(&client, &row).await.join("\n"));
    }
    dumped
}

async fn texts(client: &Client, query: &str) -> Vec<String> {
    let rows = client.query(query, &[]).await.expect("rows");
    rows.iter().map(|row| row.get(0)).collect()
}
