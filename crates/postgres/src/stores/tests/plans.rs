use cardlift_core::api_key::ApiKeyId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::payment_method::PaymentMethodId;
use cardlift_core::ports::PaymentMethodFilter;
use futures_util::future::join_all;
use rstest::rstest;

use super::*;

/// Scans of what is no table.
const OF_NO_TABLE: [&str; 3] = ["CTE Scan", "Function Scan", "Subquery Scan"];

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// How a statement finds rows of tables, whatever is bound to it.
async fn ways(stores: &Postgres, sent: &Sent) -> Vec<String> {
    let mut connection = stores.connection_across().await.expect("a connection");
    let connection: &mut AsyncPgConnection = &mut connection;
    connection.batch_execute("SET plan_cache_mode = force_generic_plan").await.expect("set");
    let parameters = usize::try_from(sent.parameters).expect("a count");
    let nothing = vec!["NULL"; parameters].join(", ");
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE {} ({nothing})", sent.name);
    let steps: QueryResult<Vec<Step>> = diesel::sql_query(explain).load(connection).await;
    let lines = steps.expect("a plan").into_iter().map(|step| step.line);
    let lines = lines.map(|line| line.trim_start_matches([' ', '-', '>']).to_owned());
    let of_tables = lines.filter(|line| {
        let scan =
            line.contains("Scan") && !OF_NO_TABLE.iter().any(|other| line.starts_with(*other));
        scan || line.starts_with("Conflict Arbiter")
    });
    of_tables.collect()
}

/// Holds how the statements find rows that this sends for the first time.
async fn check(stores: &Postgres, sends: impl Future<Output = ()>, expected: &[&str]) {
    let known = prepared(stores).await;
    sends.await;
    let mut found = Vec::new();
    let mut texts = Vec::new();
    for sent in prepared(stores).await {
        if !known.contains(&sent) {
            found.extend(ways(stores, &sent).await);
            texts.push(sent.text);
        }
    }
    assert_eq!(found, expected, "{texts:#?}");
}

const CUSTOMER: &str = "Index Scan using customer_pkey on customer";
const ADDED: &str = "Conflict Arbiter Indexes: payment_method_card";
const BY_CARD: &str = "Index Scan using payment_method_card on payment_method";
const BY_ID: &str = "Index Scan using payment_method_pkey on payment_method";

#[rstest]
#[case::as_application(Role::Application)]
#[case::as_owner(Role::Owner)]
#[tokio::test]
async fn an_import_finds_rows_by_their_indexes(#[case] role: Role) {
    let (stores, _database) = open(role, Merge::Never).await;
    let key = [
        "Index Scan using api_key_digest_key on api_key",
        "Index Scan using account_pkey on account",
    ];
    check(&stores, find_key(&stores, 1), &key).await;
    check(&stores, find_customer(&stores, 1), &[&format!("{CUSTOMER} there")]).await;
    let save = || save(&stores, 1);
    check(&stores, save(), &[ADDED]).await;
    check(&stores, save(), &[ADDED, BY_CARD]).await;
}

#[rstest]
#[case::as_application(Role::Application)]
#[case::as_owner(Role::Owner)]
#[tokio::test]
async fn imports_that_go_together_find_rows_by_their_indexes(#[case] role: Role) {
    let (stores, _database) = open(role, Merge::Concurrent).await;
    let customers = async {
        join_all((1..=2).map(|number| find_customer(&stores, number))).await;
    };
    check(&stores, customers, &[CUSTOMER]).await;
    let save = async || {
        join_all((1..=2).map(|number| save(&stores, number))).await;
    };
    check(&stores, save(), &[ADDED]).await;
    check(&stores, save(), &[BY_CARD]).await;
}

async fn list(stores: &Postgres, kind: Option<InstrumentKind>, order: SortOrder) {
    let filter = PaymentMethodFilter { customer: customer(1), kind };
    let page = stores.list(AccountId::DEFAULT, filter, order, PageRequest::default()).await;
    assert_eq!(page.expect("listed").total, 1);
}

async fn find(stores: &Postgres) {
    let id = PaymentMethodId::try_from(1).expect("an id");
    let found =
        PaymentMethodStore::find(stores, AccountId::DEFAULT, id, InstrumentKind::Card).await;
    assert!(found.expect("asked").is_some());
}

/// A count looks at the kind, which is in no index.
#[rstest]
#[case::as_application(Role::Application)]
#[case::as_owner(Role::Owner)]
#[tokio::test]
async fn payment_methods_are_listed_counted_and_found_by_their_indexes(#[case] role: Role) {
    let (stores, _database) = open(role, Merge::Never).await;
    let card = Some(InstrumentKind::Card);
    check(&stores, list(&stores, None, SortOrder::Ascending), &[BY_CARD, BY_CARD]).await;
    check(&stores, list(&stores, card, SortOrder::Descending), &[BY_CARD]).await;
    check(&stores, find(&stores), &[BY_ID]).await;
}

#[rstest]
#[case::as_application(Role::Application)]
#[case::as_owner(Role::Owner)]
#[tokio::test]
async fn what_a_deletion_asks_is_found_by_its_indexes(#[case] role: Role) {
    let (stores, _database) = open(role, Merge::Never).await;
    let id = PaymentMethodId::try_from(1).expect("an id");
    let by = ApiKeyId::try_from(1).expect("an id");
    let delete = async {
        let (kind, at) = (InstrumentKind::Card, Timestamp::UNIX_EPOCH);
        stores.delete(AccountId::DEFAULT, id, kind, by, at).await.expect("deleted");
    };
    check(&stores, delete, &[BY_ID, CUSTOMER, BY_ID, BY_CARD]).await;
}
