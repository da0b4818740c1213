use futures_util::future::join_all;
use rstest::rstest;

use super::*;

/// What pgbench runs in the place of imports.
const ENDPOINT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/benches/imports/endpoint.sql"));

/// What stands there for what the adapter binds, since pgbench can bind neither a text that it makes nor
/// nothing.
const UNBOUND: [&str; 3] =
    ["'cus_Synthetic'::text || ?::text", "'card_Synthetic'::text || ?::text", "NULL"];

/// The statement with `?` for each parameter, and one space wherever there are some.
fn shape(sql: &str) -> String {
    let words: Vec<_> = sql.split_whitespace().collect();
    let (words, mut shape) = (words.join(" "), String::new());
    let mut chars = words.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ':' && chars.next_if_eq(&':').is_some() {
            // A cast.
            shape.push_str("::");
        } else if matches!(c, '$' | ':') {
            while chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_').is_some() {}
            shape.push('?');
        } else {
            shape.push(c);
        }
    }
    shape
}

fn endpoint() -> Vec<String> {
    let lines = ENDPOINT.lines().filter(|line| !line.starts_with("--") && !line.starts_with('\\'));
    let statements = lines.collect::<Vec<_>>().join("\n");
    let statements = statements.split(';').map(shape).filter(|shape| !shape.is_empty());
    let bound = |shape: String| UNBOUND.iter().fold(shape, |shape, made| shape.replace(*made, "?"));
    statements.map(bound).collect()
}

/// Where nothing is merged, and where an import is alone.
#[rstest]
#[case::one_by_one(Merge::Never)]
#[case::alone(Merge::Concurrent)]
#[tokio::test]
async fn pgbench_runs_what_an_import_sends(#[case] merge: Merge) {
    let (stores, _database) = open(Role::Owner, merge).await;
    import(&stores, 1).await;
    let sent = prepared(&stores).await;
    let sent: Vec<_> = sent.iter().map(|sent| shape(&sent.text)).collect();
    assert_eq!(sent, endpoint());
}

/// Imports of cards that are new, one after the other and at the same time, and of such that are there.
async fn imports(stores: &Postgres, from: i64) {
    for number in from..from + 10 {
        import(stores, number).await;
        import(stores, number).await;
    }
    let others = || from + 10..from + 20;
    for _ in 0..2 {
        join_all(others().map(|number| find_customer(stores, number))).await;
        join_all(others().map(|number| save(stores, number))).await;
    }
}

/// Where nothing is merged there are five: the three of a new card, and those that find one that is there
/// to be as it is to be. Where imports are merged, customers, inserts and finds are of one or of many; what
/// is there is found by the one for many.
#[rstest]
#[case::one_by_one(Merge::Never, 5)]
#[case::together(Merge::Concurrent, 6)]
#[tokio::test]
async fn what_imports_send_is_prepared_once_a_connection(
    #[case] merge: Merge,
    #[case] statements: usize,
) {
    let (stores, _database) = open(Role::Application, merge).await;
    imports(&stores, 1).await;
    let first = prepared(&stores).await;
    assert_eq!(first.len(), statements, "{first:#?}");
    imports(&stores, 101).await;
    assert_eq!(prepared(&stores).await, first, "and those alone");
}
