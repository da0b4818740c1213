//! The program against a Stripe stand-in that others wrote.

use cardlift_tests::{Backend, StandIn};
use serde_json::Value;

use crate::harness::{Server, Vault};

fn id(object: &Value) -> &str {
    object.get("id").and_then(Value::as_str).unwrap_or_else(|| panic!("no id: {object}"))
}

async fn a_card_of_the_stand_in_is_imported(backend: Backend) {
    let stand_in = StandIn::start().await;
    let customer = stand_in.post("/v1/customers", "email=jenny%40example.com").await;
    let sources = format!("/v1/customers/{}/sources", id(&customer));
    let visa = stand_in.post(&sources, "source=tok_visa").await;
    let amex = stand_in.post(&sources, "source=tok_amex").await;
    let server = Server::over(backend, Vault::StandIn(stand_in)).await;
    let body = |card: &str| {
        format!("{{customerId:1,stripeCustomerId:'{}',stripeCardId:'{card}'}}", id(&customer))
    };
    for (card, card_type) in [(&visa, "Visa"), (&amex, "American Express")] {
        let answer = server.import(&body(id(card))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let imported = answer.json();
        assert_eq!(imported.get("cardType").and_then(Value::as_str), Some(card_type));
        assert_eq!(imported.get("externalCardId"), card.get("id"));
    }
    let missing = server.import(&body("card_nobody")).await;
    assert_eq!(missing.status, 404, "{}", missing.body);
    let nobody = "{customerId:1,stripeCustomerId:'cus_nobody',stripeCardId:'card_1'}";
    let missing = server.import(nobody).await;
    assert_eq!(missing.status, 404, "{}", missing.body);
    assert!(missing.body.contains("No such customer: "), "{}", missing.body);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_card_of_the_stand_in_is_imported() {
    a_card_of_the_stand_in_is_imported(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_card_of_the_stand_in_is_imported() {
    a_card_of_the_stand_in_is_imported(Backend::postgres().await).await;
}
