//! `serve --sandbox`: what the README promises a newcomer.

use cardlift_tests::{Backend, Program, Run};
use tokio::process::Command;

const EXPECTED: &str = r#"{"maskedCardNumber":"************4242","cardType":"Visa","expirationMonth":11,"expirationYear":17,"customerId":2526546,"firstName":"John","lastName":"Doe","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_AExsNjBZDLMNDK","externalCardId":"card_19uTyBAXix6Ggd0efp4HNNp7","storedInFusebillVault":false,"id":1,"uri":null}"#;

/// Pastes what was printed into a shell.
async fn paste(written: &str) -> String {
    let at = written.find("curl ").expect("a curl to paste");
    let pasted: String = written.chars().skip(at).collect();
    let end = pasted.find("}'").expect("its end") + 2;
    let pasted: String = pasted.chars().take(end).collect();
    let shell = Command::new("sh").args(["-c", &pasted]).output().await.expect("a shell");
    String::from_utf8(shell.stdout).expect("text")
}

async fn the_printed_curl_gives_the_documented_card(run: Run) {
    let (server, written) = run.start("stripeCardId").await;
    assert!(written.contains("API key: "), "{written}");
    assert_eq!(paste(&written).await, EXPECTED);
    assert_eq!(server.stop().await, Some(0));
}

fn demonstration() -> Run {
    Run::new(&["serve", "--sandbox", "--listen", "127.0.0.1:0"])
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_set_the_printed_curl_gives_the_documented_card() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    the_printed_curl_gives_the_documented_card(demonstration().folder(folder.path())).await;
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "a demonstration leaves no file");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_printed_curl_gives_the_documented_card() {
    let backend = Backend::postgres().await;
    let run = demonstration().env("DATABASE_URL", backend.url());
    the_printed_curl_gives_the_documented_card(run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_card_gets_into_a_real_account() {
    let backend = Backend::sqlite();
    let key = Run::new(&["key", "create"]).env("DATABASE_URL", backend.url()).succeed().await;
    let run = demonstration().env("DATABASE_URL", backend.url());
    let (server, base) = Program::serve(run).await;
    let request = format!(
        "POST /v1/paymentMethodImport/Stripe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Basic {}\r\nContent-Length: {}\r\n\r\n{}",
        key.trim(),
        cardlift_tests::DOCUMENTED.len(),
        cardlift_tests::DOCUMENTED
    );
    let answer = cardlift_tests::send(&base, &request).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    server.stop().await;
}
