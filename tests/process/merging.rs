//! Whether imports that come at the same time go to the database together, which a setting says.

use cardlift_tests::{Backend, DOCUMENTED, Program, Run, import};
use tokio::task::JoinSet;

use crate::edge::serve;

/// How many imports come at the same time.
const IMPORTS: usize = 8;

/// All metrics of a server with this setting, after these imports.
async fn metrics(backend: &Backend, merge: Option<&str>) -> String {
    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let serve =
        serve(backend).env("STRIPE_API_BASE", &vault).env("CARDLIFT_METRICS_LISTEN", "127.0.0.1:0");
    let serve = match merge {
        Some(merge) => serve.env("CARDLIFT_DATABASE_MERGE", merge),
        None => serve,
    };
    let (server, base) = Program::serve(serve).await;
    let key = backend.key().await;
    let mut imports = JoinSet::new();
    for _ in 0..IMPORTS {
        let (base, key) = (base.clone(), key.clone());
        imports.spawn(async move { import(&base, &key, "", DOCUMENTED).await });
    }
    for answer in imports.join_all().await {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let metrics = server.counted().await;
    assert_eq!(server.stop().await, Some(0));
    sandbox.stop().await;
    metrics
}

/// How many calls of this operation the database had.
fn calls(metrics: &str, operation: &str) -> usize {
    let operation = format!("operation=\"{operation}\"");
    let counts = metrics.lines().filter(|line| line.starts_with("cardlift_store_seconds_count{"));
    let counts = counts.filter(|line| line.contains(&operation));
    counts.filter_map(|line| line.rsplit_once(' ')?.1.parse::<usize>().ok()).sum()
}

/// A lot of one is a lot, so it does not matter how the imports meet.
async fn the_setting_says_whether_there_are_lots(backend: Backend, merged: &[&str]) {
    backend.load_documented().await;
    let on = metrics(&backend, None).await;
    for operation in merged {
        let calls = "cardlift_store_merged_calls_sum";
        let calls = format!("{calls}{{operation=\"{operation}\"}} {IMPORTS}\n");
        assert!(on.contains(&calls), "by default each import is in a lot: {calls}{on}");
    }
    let off = metrics(&backend, Some("off")).await;
    assert!(!off.contains("cardlift_store_merged_calls"), "no lot is told of: {off}");
    for told in [on, off] {
        let saves = calls(&told, "save_payment_method");
        assert_eq!(saves, IMPORTS, "of each call it is told once: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_the_setting_says_whether_there_are_lots() {
    let merged = ["save_payment_method"];
    the_setting_says_whether_there_are_lots(Backend::sqlite(), &merged).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_setting_says_whether_there_are_lots() {
    let merged = ["find_customer", "save_payment_method"];
    the_setting_says_whether_there_are_lots(Backend::postgres().await, &merged).await;
}
