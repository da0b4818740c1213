//! Jobs over the API of a server that carries them out.

use std::time::Duration;

use cardlift_tests::{Backend, Program, client};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Place, cards, on_both};

on_both! {
    a_file_is_sent_and_carried_out_and_its_results_are_read
    a_job_is_paused_and_goes_on
}

const JOBS: &str = "/v1/paymentMethodImport/Stripe/jobs";

struct Caller {
    base: String,
    key: String,
}

impl Caller {
    async fn ask(&self, method: Method, path: &str, body: String) -> (u16, String) {
        let request = client()
            .request(method, format!("{}{JOBS}{path}", self.base))
            .header("authorization", format!("Basic {}", self.key))
            .header("content-type", "text/csv")
            .timeout(Duration::from_secs(60))
            .body(body);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    async fn get(&self, path: &str) -> String {
        let (status, text) = self.ask(Method::GET, path, String::new()).await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    async fn post(&self, path: &str, body: String) -> Value {
        let (status, text) = self.ask(Method::POST, path, body).await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}

async fn served(place: &Place) -> (Program, Caller) {
    let key = place.backend.key().await;
    let (server, base) = Program::serve(place.run(&["serve", "--listen", "127.0.0.1:0"])).await;
    (server, Caller { base, key })
}

async fn a_file_is_sent_and_carried_out_and_its_results_are_read(backend: Backend) {
    let place = Place::new(backend, 150, &[]).await;
    let (server, caller) = served(&place).await;
    let rows = cards(0, 150) + "1,cus_Synthetic0000000,card_Gone\nx,,\n";
    let job = caller.post("?start=true", rows).await;
    let id = &job["id"];
    // The events end when the job does.
    let events = caller.get(&format!("/{id}/events")).await;
    assert!(events.contains("event: progress") && events.contains("event: end"), "{events}");
    assert!(events.contains("\"rowsPerSecond\":"), "{events}");
    let job: Value = serde_json::from_str(&caller.get(&format!("/{id}")).await).expect("JSON");
    assert_eq!(job["state"], "finished", "{job}");
    let expected = json!({"imported": 150, "card_not_found": 1, "invalid_row": 1});
    assert_eq!(job["results"], expected);
    let failed = caller.get(&format!("/{id}/results?outcome=failed&format=csv")).await;
    assert_eq!(failed.lines().count(), 3, "{failed}");
    let imported = caller.get(&format!("/{id}/results?outcome=imported&format=ndjson")).await;
    assert_eq!(imported.lines().count(), 150);
    let undone = caller.post(&format!("/{id}/undo"), String::new()).await;
    assert_eq!(undone["state"], "undoing");
    let events = caller.get(&format!("/{id}/events")).await;
    assert!(events.contains("undone"), "{events}");
    assert_eq!(server.stop().await, Some(0));
}

async fn a_job_is_paused_and_goes_on(backend: Backend) {
    let place = Place::new(backend, 300, &["--calls-per-second", "60"]).await;
    let (server, caller) = served(&place).await;
    let job = caller.post("?reading=customers&start=true", cards(0, 300)).await;
    let id = &job["id"];
    caller.post(&format!("/{id}/pause"), String::new()).await;
    let events = caller.get(&format!("/{id}/events")).await;
    assert!(events.contains("\"paused\""), "{events}");
    let (status, text) = caller.ask(Method::POST, &format!("/{id}/pause"), String::new()).await;
    assert_eq!(status, 409, "{text}");
    caller.post(&format!("/{id}/resume"), String::new()).await;
    caller.get(&format!("/{id}/events")).await;
    let job: Value = serde_json::from_str(&caller.get(&format!("/{id}")).await).expect("JSON");
    assert_eq!((&job["state"], &job["results"]), (&json!("finished"), &json!({"imported": 300})));
    assert_eq!(server.stop().await, Some(0));
}
