//! `serve --sandbox`: what the README promises a newcomer.

use cardlift_tests::{Backend, DOCUMENTED, DOCUMENTED_CARD, MASTER_KEY, Program, Run, import};
use tokio::process::Command;

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
    assert!(written.contains("/docs/\n"), "{written}");
    assert_eq!(paste(&written).await, DOCUMENTED_CARD);
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
    let run = run.env("CARDLIFT_MASTER_KEY", MASTER_KEY);
    the_printed_curl_gives_the_documented_card(run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_card_gets_into_a_real_account() {
    let backend = Backend::sqlite();
    let key = backend.key().await;
    let run = demonstration().env("DATABASE_URL", backend.url());
    let (server, base) = Program::serve(run).await;
    let answer = import(&base, &key, "", DOCUMENTED).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    server.stop().await;
}
