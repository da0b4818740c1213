//! TLS: to whom it is served, and what is no certificate and key.

use cardlift_tests::{Backend, Finished, Program};
use reqwest::Version;
use reqwest::tls::Version as Tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{connect, serve};
use crate::authority::{Authority, Files};

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_served_to_clients_that_trust_its_authority() {
    let (backend, authority) = (Backend::sqlite(), Authority::new());
    let pair = authority.pair();
    let files = Files::with(&pair);
    let (server, base) = Program::serve(files.in_use(serve(&backend))).await;
    assert!(base.starts_with("https://127.0.0.1:"), "{base}");
    let url = format!("{base}/healthz");
    for version in [Tls::TLS_1_2, Tls::TLS_1_3] {
        let client = authority.client().tls_version_min(version).tls_version_max(version);
        let answer = client.build().expect("a client").get(&url).send().await.expect("trusted");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_11));
        let year = answer.headers().get("strict-transport-security").expect("told");
        assert_eq!(year, "max-age=31536000");
        assert!(pair.was_served(&answer));
    }
    let stranger = Authority::new().client().build().expect("a client");
    let refused = stranger.get(&url).send().await.expect_err("it is not trusted");
    assert!(refused.is_connect(), "{refused}");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_tls_gets_no_answer_and_the_others_do() {
    let (backend, authority) = (Backend::sqlite(), Authority::new());
    let files = Files::with(&authority.pair());
    let serve = serve(&backend).env("CARDLIFT_CLIENT_TIMEOUT", "1");
    let (server, base) = Program::serve(files.in_use(serve)).await;
    let mut plain = connect(&base).await;
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it reads");
    let mut silent = connect(&base).await;
    for stream in [&mut plain, &mut silent] {
        let mut answer = Vec::new();
        // A close with what it sent unread is a reset.
        let _end = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }
    let client = authority.client().build().expect("a client");
    let answer = client.get(format!("{base}/healthz")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(server.stop().await, Some(0));
}

/// Starts a server with this certificate and key, which must not work.
async fn refused(cert: Option<&str>, key: Option<&str>) -> String {
    let (backend, pair) = (Backend::sqlite(), Authority::new().pair());
    let files = Files::with(&pair);
    let write = |path, text: Option<&str>| text.map(|text| std::fs::write(path, text));
    write(files.cert(), cert).transpose().expect("written");
    write(files.key(), key).transpose().expect("written");
    let Finished { code, stderr, .. } = files.in_use(serve(&backend)).finish().await;
    assert_eq!(code, Some(2), "{stderr}");
    for line in pair.key.lines().chain(key.into_iter().flat_map(str::lines)) {
        assert!(line.starts_with("-----") || !stderr.contains(line), "{stderr}");
    }
    stderr
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_and_key_that_can_t_be_used_are_refused_at_the_start() {
    let other = Authority::new().pair();
    for (cert, key, told) in [
        (Some(""), None, "CARDLIFT_TLS_CERT: holds no certificate in PEM"),
        (None, Some(other.cert.as_str()), "CARDLIFT_TLS_KEY: holds no private key in PEM"),
        (None, Some(&other.key), "CARDLIFT_TLS_KEY: is not the key of the first certificate"),
    ] {
        let stderr = refused(cert, key).await;
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_without_a_key_or_a_file_is_refused_at_the_start() {
    let backend = Backend::sqlite();
    for (name, told) in [
        ("CARDLIFT_TLS_CERT", "  CARDLIFT_TLS_KEY: must be set too"),
        ("CARDLIFT_TLS_KEY", "  CARDLIFT_TLS_CERT: must be set too"),
    ] {
        let finished = serve(&backend).env(name, "nowhere.pem").finish().await;
        assert_eq!(finished.code, Some(2));
        assert!(finished.stderr.contains(told), "{}", finished.stderr);
    }
    let gone = serve(&backend).env("CARDLIFT_TLS_CERT", "a").env("CARDLIFT_TLS_KEY", "b");
    let Finished { code, stderr, .. } = gone.finish().await;
    assert_eq!(code, Some(2));
    assert!(stderr.contains("  CARDLIFT_TLS_CERT: can't be read: "), "{stderr}");
}
