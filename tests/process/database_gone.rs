//! The database goes away, and comes back.

use cardlift_tests::{Backend, Cut, MASTER_KEY, Program, Run, client};
use url::Url;

async fn ready(base: &str) -> u16 {
    let answer = client().get(format!("{base}/readyz")).send().await.expect("an answer");
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_is_cut_off_is_not_ready_until_it_is_back() {
    let backend = Backend::postgres().await;
    let mut url = Url::parse(&backend.url()).expect("a URL");
    let target = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
    let cut = Cut::before(&target).await;
    url.set_port(Some(cut.address().port())).expect("a port");
    let run = Run::new(&["serve", "--sandbox", "--listen", "127.0.0.1:0"])
        .env("DATABASE_URL", url.as_str())
        .env("CARDLIFT_MASTER_KEY", MASTER_KEY)
        .env("CARDLIFT_DATABASE_TIMEOUT", "2");
    let (server, base) = Program::serve(run).await;
    assert_eq!(ready(&base).await, 200);
    cut.cut();
    assert_eq!(ready(&base).await, 503);
    let alive = client().get(format!("{base}/healthz")).send().await.expect("an answer");
    assert_eq!(alive.status(), 200, "the process is well all the same");
    cut.mend();
    assert_eq!(ready(&base).await, 200);
    server.stop().await;
}
