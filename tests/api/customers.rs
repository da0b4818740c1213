//! Customers, from outside.

use cardlift_tests::Backend;
use serde_json::Value;

use crate::harness::Server;

async fn a_customer_is_made_found_and_replaced(backend: Backend) {
    let file = "customerId,firstName,lastName,primaryPhone\n7,Xaver,Lima,555\n8,xenia,,\n";
    assert_eq!(backend.load(file).await.code, Some(0));
    let server = Server::on(backend).await;
    let made = server.ask("POST /v1/customers", "{firstName:'XANDER',parentId:7}").await.json();
    let id = made["id"].as_i64().expect("an id");
    let listed = async |query: &str| {
        let answer = server.ask(&format!("GET /v1/customers?{query}"), "").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let list = answer.json();
        let ids = list.as_array().expect("an array").iter().map(|customer| customer["id"].as_i64());
        let ids: Vec<_> = ids.map(|id| id.expect("an id")).collect();
        (ids, answer.header("x-maxcount").expect("a header").to_owned())
    };
    let query = "query=firstName:x*&sortExpression=firstName";
    assert_eq!(listed(query).await, (vec![id, 7, 8], "3".into()));
    let (all, count) = listed("pageSize=2").await;
    assert_eq!((all.len(), count.as_str()), (2, "5"), "two are the documented ones");
    let body = format!("{{id:{id},status:'Active',lastName:'Bruckner'}}");
    let replaced = server.ask("PUT /v1/customers", &body).await.json();
    assert_eq!((&replaced["firstName"], &replaced["parentId"]), (&Value::Null, &Value::Null));
    let read = server.ask(&format!("GET /v1/customers/{id}"), "").await.json();
    assert_eq!(read, replaced);
    let changed = read["modifiedTimestamp"].as_str().expect("a time");
    let query = format!("query=modifiedTimestamp:{changed}");
    assert_eq!(listed(&query).await, (vec![id], "1".into()), "the time that is told is found");
    let loaded = server.ask("GET /v1/customers/7", "").await.json();
    assert_eq!((&loaded["primaryPhone"], &loaded["status"]), (&"555".into(), &"Active".into()));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_customer_is_made_found_and_replaced() {
    a_customer_is_made_found_and_replaced(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_customer_is_made_found_and_replaced() {
    a_customer_is_made_found_and_replaced(Backend::postgres().await).await;
}
