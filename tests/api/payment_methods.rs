//! Bank accounts, connected accounts, and what is done with what was imported.

use cardlift_tests::{Answer, Backend};
use serde_json::Value;

use crate::harness::Server;

/// The sandbox's connected account.
const CONNECTED: &str = "acct_sandbox";

impl Server {
    async fn imported(&self, path: &str, customer: &str, id: &str) -> Value {
        let body = format!("{{customerId:1,stripeCustomerId:'{customer}',stripeCardId:'{id}'}}");
        let answer = self.ask(&format!("POST {path}"), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }
}

fn external_ids(list: &Answer) -> Vec<String> {
    assert_eq!(list.status, 200, "{}", list.body);
    let list = list.json();
    let id = |method: &Value| method["externalCardId"].as_str().expect("an id").to_owned();
    list.as_array().expect("an array").iter().map(id).collect()
}

async fn a_payment_method_lives_and_goes(backend: Backend) {
    let connect = ["account", "connect", CONNECTED];
    assert!(backend.run(&connect).succeed().await.contains(CONNECTED));
    let server = Server::on(backend).await;
    let bank = "/v1/achCardImport/Stripe";
    let account = server.imported(bank, "cus_SandboxBank", "ba_SandboxBank").await;
    assert_eq!(account["maskedAccountNumber"], "****6789");
    assert_eq!(account["verificationStatus"], "verified");
    let unverified = server.imported(bank, "cus_SandboxBank", "ba_SandboxUnverified").await;
    assert_eq!(unverified["verificationStatus"], "new");
    let line = format!("DELETE /v1/paymentMethods/{}/achCard", unverified["id"]);
    assert_eq!(server.ask(&line, "").await.status, 204);
    let connected = "/v1/paymentMethodImport/stripeConnect";
    let card = server.imported(connected, "cus_SandboxBrands", "card_SandboxVisa").await;
    assert_eq!(card["stateId"], 18);

    let all = server.ask("GET /v1/customers/1/paymentMethods/all?sortOrder=Descending", "").await;
    assert_eq!(external_ids(&all), ["card_SandboxVisa", "ba_SandboxBank"]);
    assert_eq!((all.header("x-maxcount"), all.header("x-nextpage")), (Some("2"), Some("-1")));
    let ach = server.ask("GET /v1/customers/1/paymentMethods/achCard", "").await;
    assert_eq!(external_ids(&ach), ["ba_SandboxBank"]);

    let (card_id, account_id) = (&card["id"], &account["id"]);
    let line = format!("POST /v1/paymentMethods/makeDefault?id={card_id}&customerId=1");
    assert_eq!(server.ask(&line, "").await.json()["isDefault"], true);
    let line = format!("DELETE /v1/paymentMethods/{card_id}/creditCard");
    let refused = server.ask(&line, "").await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("Cannot delete a default payment method."), "{}", refused.body);
    let deleted =
        server.ask(&format!("DELETE /v1/paymentMethods/{account_id}/achCard"), "{}").await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    let one = format!("GET /v1/paymentMethods/{account_id}/achCard");
    assert_eq!(server.ask(&one, "").await.status, 404);
    let again = server.imported(bank, "cus_SandboxBank", "ba_SandboxBank").await;
    assert_eq!(&again["id"], account_id);
    assert_eq!(server.ask(&one, "").await.json(), again);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_payment_method_lives_and_goes() {
    a_payment_method_lives_and_goes(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_payment_method_lives_and_goes() {
    a_payment_method_lives_and_goes(Backend::postgres().await).await;
}
