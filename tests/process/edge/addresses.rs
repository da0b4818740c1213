//! Where plain HTTP may be served.

use cardlift_tests::{Backend, Run};

use crate::authority::{Authority, Files};

/// A server at this address, and its metrics at that one.
fn at(backend: &Backend, listen: &str, metrics: &str) -> Run {
    backend
        .run(&["serve", "--listen", listen])
        .env("CARDLIFT_METRICS_LISTEN", metrics)
        .env("STRIPE_API_KEY", "sk_test_1")
        .env("CARDLIFT_JOBS_AT_ONCE", "0")
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_not_served_where_other_machines_reach_it() {
    let (backend, files) = (Backend::sqlite(), Files::with(&Authority::new().pair()));
    let api = "  CARDLIFT_LISTEN: is an address that other machines reach";
    let metrics = "  CARDLIFT_METRICS_LISTEN: is an address that other machines reach";
    for (run, told) in [
        (at(&backend, "0.0.0.0:0", ""), &[api][..]),
        (at(&backend, "[::]:0", "127.0.0.1:0"), &[api]),
        (at(&backend, "127.0.0.1:0", "0.0.0.0:0"), &[metrics]),
        (at(&backend, "0.0.0.0:0", "0.0.0.0:0"), &[api, metrics]),
        (files.in_use(at(&backend, "0.0.0.0:0", "0.0.0.0:0")), &[metrics]),
        (at(&backend, "0.0.0.0:0", "").env("CARDLIFT_ALLOW_PLAIN_HTTP", "off"), &[api]),
    ] {
        let finished = run.finish().await;
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""));
        let stderr = finished.stderr;
        assert_eq!(stderr.matches("other machines reach").count(), told.len(), "{stderr}");
        for told in told {
            assert!(stderr.contains(told), "{told}: {stderr}");
        }
        assert!(stderr.contains("CARDLIFT_ALLOW_PLAIN_HTTP=on"), "it says what to do: {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_where_that_is_allowed_and_tls_is_anywhere() {
    let (backend, files) = (Backend::sqlite(), Files::with(&Authority::new().pair()));
    let flag = backend
        .run(&["serve", "--listen", "0.0.0.0:0", "--allow-plain-http", "--jobs-at-once", "0"])
        .env("STRIPE_API_KEY", "sk_test_1");
    let variable = at(&backend, "0.0.0.0:0", "0.0.0.0:0").env("CARDLIFT_ALLOW_PLAIN_HTTP", "on");
    let tls = files.in_use(at(&backend, "0.0.0.0:0", "127.0.0.1:0"));
    for (run, scheme) in [(flag, "http"), (variable, "http"), (tls, "https")] {
        let (_server, _) = run.start(&format!("listening on {scheme}://0.0.0.0:")).await;
    }
}
