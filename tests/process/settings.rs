//! Settings that are wrong.

use cardlift_tests::{Finished, Run};

#[tokio::test]
async fn serving_without_a_key_ends_at_once_and_says_what_to_set() {
    let Finished { code, stdout, stderr } = Run::new(&["serve"]).finish().await;
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("STRIPE_API_KEY: must be set to a Stripe API key"), "{stderr}");
    assert!(stderr.contains("cardlift serve --sandbox"), "{stderr}");
}

#[tokio::test]
async fn every_problem_is_told_at_once_and_no_value_is_repeated() {
    let run = Run::new(&["serve"])
        .env("DATABASE_URL", "mysql://root:hunter2@db/cards")
        .env("CARDLIFT_LISTEN", "everywhere")
        .env("CARDLIFT_LOG", "loud")
        .env("STRIPE_API_KEY", "pk_live_hunter2")
        .env("STRIPE_API_BASE", "http://api.stripe.com")
        .env("CARDLIFT_STRIPE_RETRIES", "many");
    let Finished { code, stderr, .. } = run.finish().await;
    assert_eq!(code, Some(2));
    for name in [
        "DATABASE_URL",
        "CARDLIFT_LISTEN",
        "CARDLIFT_LOG",
        "STRIPE_API_KEY",
        "STRIPE_API_BASE",
        "CARDLIFT_STRIPE_RETRIES",
    ] {
        assert!(stderr.contains(&format!("  {name}: ")), "{name} is not told of: {stderr}");
    }
    assert!(stderr.contains("6 settings are wrong"), "{stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[tokio::test]
async fn what_is_missing_is_told_and_no_setting_that_is_there() {
    let run = Run::new(&["import"])
        .env("DATABASE_URL", "sqlite:cardlift.db")
        .env("CARDLIFT_LOG", "warn")
        .env("STRIPE_API_KEY", "sk_test_1")
        .env("STRIPE_API_BASE", "http://127.0.0.1:9");
    let Finished { code, stdout, stderr } = run.finish().await;
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("Usage: cardlift import [OPTIONS] <FILE>\n"), "{stderr}");
    for set in ["--database-url", "--log", "--stripe-api-key", "--stripe-api-base"] {
        assert!(!stderr.contains(set), "{set} is not required: {stderr}");
    }
}

#[tokio::test]
async fn help_lists_every_setting_of_a_command() {
    let help = Run::new(&["help", "serve"]).succeed().await;
    for name in
        ["DATABASE_URL", "CARDLIFT_LISTEN", "STRIPE_API_KEY", "STRIPE_API_BASE", "--sandbox"]
    {
        assert!(help.contains(name), "{name} is not in: {help}");
    }
}
