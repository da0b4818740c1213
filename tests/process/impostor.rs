//! A server that pretends to be Stripe's, with a certificate that is not.

use cardlift_tests::{Backend, Program, Run};
use rcgen::date_time_ymd;

use crate::authority::{Authority, Files, Pair};

/// What `doctor` says about a vault that shows this certificate, where one authority is trusted.
/// The vault is a server of ours, which answers that this is no request for it.
async fn doctor(shown: &Pair, trusted: &Authority) -> String {
    let (there, here) = (Backend::sqlite(), Backend::sqlite());
    let (files, folder) = (Files::with(shown), tempfile::tempdir().expect("a temporary folder"));
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, trusted.root()).expect("written");
    let serve = there.run(&["serve", "--listen", "127.0.0.1:0"]).env("STRIPE_API_KEY", "sk_test_1");
    let (server, base) = Program::serve(files.in_use(serve)).await;
    let doctor: Run = here.run(&["doctor"]).env("STRIPE_API_KEY", "sk_test_1");
    let doctor = doctor.env("STRIPE_API_BASE", &base).env("SSL_CERT_FILE", &roots);
    let said = doctor.env("CARDLIFT_STRIPE_RETRIES", "0").finish().await;
    assert_eq!(server.stop().await, Some(0));
    assert_eq!(said.code, Some(1), "it is no vault: {}", said.stdout);
    said.stdout
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_to_who_has_a_certificate_of_a_trusted_authority() {
    let trusted = Authority::new();
    let said = doctor(&trusted.pair(), &trusted).await;
    assert!(said.contains("status 400"), "it was asked: {said}");
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
        let said = doctor(&pair, &trusted).await;
        assert!(said.contains("invalid peer certificate"), "{what}: {said}");
    }
}
