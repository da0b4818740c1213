//! Lists: newest first, page by page, between two instants, with what is expanded.

use cardlift_sandbox::{DEFAULTS_CUSTOMER, MANY_CARDS_CUSTOMER, Sandbox};
use serde_json::Value;

use crate::harness::{Visit, ids};

/// Every id of a list, page by page.
async fn walk(visit: &Visit, path: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all.last().map(|id| format!("&starting_after={id}")).unwrap_or_default();
        let page = visit.get(&format!("{path}{after}")).await;
        all.extend(ids(&page).into_iter().map(str::to_owned));
        if page["has_more"] == false {
            return all;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_customers_are_listed_once_each() {
    let visit = Visit::to(10_000);
    let all = walk(&visit, "/v1/customers?limit=100").await;
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (10_005, 10_005));
    assert_eq!(all[0], "cus_Synthetic0009999", "the newest");
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_of_created_share_the_customers_out_without_gap_or_overlap() {
    let visit = Visit::to(300);
    let middle = 1_600_000_000 + 150 * 60;
    let newer = walk(&visit, &format!("/v1/customers?limit=100&created[gte]={middle}")).await;
    let older = walk(&visit, &format!("/v1/customers?limit=100&created[lt]={middle}")).await;
    assert_eq!((newer.len(), older.len()), (150, 155));
    let mut both = newer;
    both.extend(older);
    assert_eq!(both, walk(&visit, "/v1/customers?limit=100").await);
    let within = format!("/v1/customers?created[gt]={middle}&created[lte]={}", middle + 120);
    assert_eq!(walk(&visit, &within).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expanded_customer_carries_its_ten_newest_sources_and_says_that_there_are_more() {
    let visit = Visit::to(0);
    let path = format!("/v1/customers/{MANY_CARDS_CUSTOMER}?expand[]=sources");
    let customer = visit.get(&path).await;
    let sources = &customer["sources"];
    assert_eq!((ids(sources).len(), &sources["has_more"]), (10, &Value::Bool(true)));
    let all =
        walk(&visit, &format!("/v1/customers/{MANY_CARDS_CUSTOMER}/sources?limit=7&object=card"))
            .await;
    assert_eq!(all.len(), 25);
    let none = visit
        .get(&format!("/v1/customers/{MANY_CARDS_CUSTOMER}/sources?object=bank_account"))
        .await;
    assert!(ids(&none).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_is_an_id_or_the_object() {
    let visit = Visit::to(0);
    let path = format!("/v1/customers/{DEFAULTS_CUSTOMER}");
    let plain = visit.get(&path).await;
    assert_eq!(plain["default_source"], "card_SandboxOldDefault");
    assert_eq!(plain["invoice_settings"]["default_payment_method"], "pm_SandboxNewDefault");
    let expand = "expand[]=default_source&expand[]=invoice_settings.default_payment_method";
    let expanded = visit.get(&format!("{path}?{expand}")).await;
    assert_eq!(expanded["default_source"]["object"], "card");
    let method = &expanded["invoice_settings"]["default_payment_method"];
    assert_eq!(method["object"], "payment_method");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_listens_for_this_machine_alone() {
    for address in ["0.0.0.0:0", "192.0.2.1:80", "localhost"] {
        assert!(Sandbox::builder().listen(address).start().is_err(), "{address}");
    }
}
