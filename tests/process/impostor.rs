//! A server that pretends to be Stripe's, with a certificate that is not.

use cardlift_tests::{Backend, Program};
use rcgen::date_time_ymd;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::authority::{Authority, Files, Pair};
use crate::edge::serve;

/// What `doctor` says about a vault at this address, where this authority is trusted.
async fn doctor(base: &str, trusted: &Authority) -> String {
    let (backend, folder) = (Backend::sqlite(), tempfile::tempdir().expect("a temporary folder"));
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, trusted.root()).expect("written");
    let doctor = backend.run(&["doctor"]).env("STRIPE_API_KEY", "sk_test_1");
    let doctor = doctor.env("STRIPE_API_BASE", base).env("SSL_CERT_FILE", &roots);
    let said = doctor.env("CARDLIFT_STRIPE_RETRIES", "0").finish().await;
    assert_eq!(said.code, Some(1), "it is no vault: {}", said.stdout);
    said.stdout
}

/// The same about one that shows this certificate, and the vault's log. It is a server of ours, which
/// answers that this is no request for it.
async fn doctor_before(shown: &Pair, trusted: &Authority) -> (String, String) {
    let (backend, files) = (Backend::sqlite(), Files::with(shown));
    let (mut server, base) = Program::serve(files.in_use(serve(&backend))).await;
    let said = doctor(&base, trusted).await;
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    (said, server.written())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_to_who_has_a_certificate_of_a_trusted_authority() {
    let trusted = Authority::new();
    let (said, written) = doctor_before(&trusted.pair(), &trusted).await;
    assert!(said.contains("status 400"), "it was asked: {said}");
    assert!(written.contains("answered"), "it was asked: {written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_shown_to_an_impostor() {
    let trusted = Authority::new();
    for (what, pair) in [
        ("of a stranger", Authority::new().pair()),
        ("for another address", trusted.pair_with("127.0.0.2", |_| ())),
        ("for a name", trusted.pair_with("api.stripe.com", |_| ())),
        (
            "that is over",
            trusted.pair_with("127.0.0.1", |it| it.not_after = date_time_ymd(2020, 1, 1)),
        ),
        ("to come", trusted.pair_with("127.0.0.1", |it| it.not_before = date_time_ymd(3020, 1, 1))),
    ] {
        let (said, written) = doctor_before(&pair, &trusted).await;
        assert!(said.contains("invalid peer certificate"), "{what}: {said}");
        assert!(!written.contains("answered"), "{what}: {written}");
    }
}

/// Over HTTP/2 one connection that is lost takes all calls along.
#[tokio::test(flavor = "multi_thread")]
async fn http_1_1_is_offered_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("https://{}", listener.local_addr().expect("an address"));
    let hello = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut hello = vec![0; 4_096];
        let count = connection.read(&mut hello).await.expect("a hello");
        hello.truncate(count);
        hello
    });
    doctor(&base, &Authority::new()).await;
    let hello = hello.await.expect("no panic");
    // The extension: its number, its length, that of the list, that of the name.
    let alone = b"\x00\x10\x00\x0b\x00\x09\x08http/1.1";
    assert!(hello.windows(alone.len()).any(|part| part == alone), "{}", hello.escape_ascii());
}
