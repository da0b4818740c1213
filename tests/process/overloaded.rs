//! A server that has as many requests as it works on at once.

use cardlift_tests::{Backend, Program, client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::edge::{connect, serve};
use crate::stopping::watch;

/// A file whose last row is yet to come.
const FIRST: &str = "customerId,stripeCustomerId\n";
const LAST: &str = "1,cus_1\n";

/// Sends all of a file but its last row, once the server takes it.
pub(crate) async fn upload(base: &str, key: &str) -> TcpStream {
    let mut stream = connect(base).await;
    let head = format!(
        "POST /v1/paymentMethodImport/Stripe/jobs HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Basic {key}\r\nContent-Type: text/csv\r\nExpect: 100-continue\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        FIRST.len() + LAST.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let mut taken = [0; 25];
    stream.read_exact(&mut taken).await.expect("it answers");
    assert_eq!(&taken, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(FIRST.as_bytes()).await.expect("it reads");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn it_refuses_more_and_goes_on_when_there_is_room() {
    let backend = Backend::sqlite();
    let serve = serve(&backend).env("CARDLIFT_REQUESTS_AT_ONCE", "1");
    let (server, base) = Program::serve(serve).await;
    let key = backend.key().await;
    let mut upload = upload(&base, &key).await;
    let get = async |path: &str| client().get(format!("{base}{path}")).send().await;
    for path in ["/v1/countries", "/%761/countries"] {
        let refused = get(path).await.expect("an answer");
        assert_eq!(refused.status(), 503);
        assert_eq!(refused.headers().get("retry-after").expect("told"), "1");
        assert!(refused.headers().contains_key("x-request-id"));
    }
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(get(path).await.expect("an answer").status(), 200, "{path}");
    }
    assert!(server.written().contains("refusing requests: more come than can be served"));
    upload.write_all(LAST.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    upload.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(get("/v1/countries").await.expect("an answer").status(), 200);
    let _events = watch(&base, &key).await;
    let other = get("/v1/countries").await.expect("an answer");
    assert_eq!(other.status(), 200, "who watches a job takes nobody's place");
    assert_eq!(server.stop().await, Some(0));
}

/// Asks for an import without a key, all at once; gives the lines of the answer, sorted:
/// the headers come in any order.
async fn ask(connection: &mut TcpStream) -> Vec<String> {
    let request = "POST /v1/paymentMethodImport/Stripe?a=b HTTP/1.1\r\nHost: localhost\r\n\
                   X-Request-Id: mine\r\nContent-Length: 2\r\n\r\n{}";
    connection.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    while !answer.ends_with("]}") {
        let mut piece = [0; 1_024];
        let count = connection.read(&mut piece).await.expect("it answers");
        assert_ne!(count, 0, "it closes after {answer:?}");
        answer += std::str::from_utf8(piece.get(..count).expect("read")).expect("text");
    }
    let mut lines: Vec<_> = answer.split("\r\n").map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_refused_again_as_it_was_the_first_time() {
    let backend = Backend::sqlite();
    let serve = serve(&backend)
        .env("CARDLIFT_METRICS_LISTEN", "127.0.0.1:0")
        .env("CARDLIFT_REQUESTS_AT_ONCE", "1");
    let (server, base) = Program::serve(serve).await;
    let mut upload = upload(&base, &backend.key().await).await;
    let mut connection = connect(&base).await;
    let first = ask(&mut connection).await;
    for line in ["HTTP/1.1 503 Service Unavailable", "retry-after: 1", "x-request-id: mine"] {
        assert!(first.iter().any(|told| told == line), "{line}: {first:?}");
    }
    // HTTP itself says the time, which nothing needs to be told.
    let (dates, timeless): (Vec<_>, Vec<_>) =
        first.into_iter().partition(|line| line.starts_with("date: "));
    assert_eq!(dates.len(), 1);
    for _ in 0..3 {
        assert_eq!(ask(&mut connection).await, timeless);
    }
    upload.write_all(LAST.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    upload.read_to_string(&mut answer).await.expect("it answers");
    let taken = ask(&mut connection).await;
    assert!(taken.iter().any(|told| told == "HTTP/1.1 401 Unauthorized"), "{taken:?}");
    let metrics = server.counted().await;
    assert!(metrics.contains("cardlift_http_refused_total 4\n"), "{metrics}");
    assert_eq!(server.stop().await, Some(0));
}
