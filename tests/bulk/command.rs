//! Jobs from the command line.

use std::time::Duration;

use cardlift_tests::{Backend, Finished};

use crate::crash::wait_for_more;
use crate::harness::{Place, cards, on_both};

on_both! {
    a_file_is_imported_and_what_failed_is_told
    a_file_whose_rows_all_go_well_ends_with_zero
    a_dry_run_writes_nothing
    a_canary_is_tried_and_the_rest_after_it
    every_card_of_a_customer_is_imported
    a_job_is_undone
    what_an_undoing_leaves_is_told
    a_plan_is_shown_and_nothing_is_run
    a_job_that_is_left_to_a_server_says_so
    a_job_that_is_interrupted_says_how_to_go_on
    a_job_whose_worker_was_killed_says_how_to_go_on
    a_file_that_is_no_csv_is_refused
    what_failed_is_tried_again
    a_job_that_has_nothing_to_try_again_stays_as_it_is
    results_are_in_a_file_when_it_is_over
    a_file_of_results_that_can_not_be_written_is_told_before_anything_is_made
}

const MIXED: &str = "\u{feff}StripeCardID;comment;CUSTOMERID;stripeCustomerId\r\n\
    card_19uTyBAXix6Ggd0efp4HNNp7;\"a; b\";00001;cus_AExsNjBZDLMNDK\r\n\
    card_Gone;;1;cus_AExsNjBZDLMNDK\r\n\
    ;;2;cus_Nobody\r\n\
    ;;77777;cus_AExsNjBZDLMNDK\r\n\
    src_SandboxAch;;2;cus_SandboxBank\r\n\
    ;;two;cus_AExsNjBZDLMNDK\r\n\
    ;;3;cus_SandboxDefaults\r\n\
    card_LiveOne;;1;cus_AExsNjBZDLMNDK\r\n\
    card_19uTyBAXix6Ggd0efp4HNNp7;;1;cus_AExsNjBZDLMNDK\r\n";

async fn a_file_is_imported_and_what_failed_is_told(backend: Backend) {
    let place = Place::new(backend, 5, &[]).await;
    let file = place.file("mixed.csv", MIXED);
    let Finished { code, stdout, stderr } = place.finish(&["import", &file]).await;
    assert_eq!(code, Some(3), "{stdout}{stderr}");
    assert!(stdout.contains("cardlift job results 1 --outcome failed"), "{stdout}");
    let results = place.results("1").await;
    let outcomes: Vec<_> = results.iter().map(|((line, _), is)| (*line, is.as_str())).collect();
    let expected = [
        (2, "imported"),
        (3, "card_not_found"),
        (4, "vault_customer_not_found"),
        (5, "customer_not_found"),
        (6, "not_a_card"),
        (7, "invalid_row"),
        (8, "imported"),
        (9, "wrong_mode"),
        (10, "duplicate_row"),
    ];
    assert_eq!(outcomes, expected);
    let failed = place.succeed(&["job", "results", "1", "--outcome", "failed"]).await;
    assert!(failed.contains("customerId must be a whole number"), "{failed}");
    assert_eq!(failed.lines().count(), 8, "{failed}");
}

async fn a_file_whose_rows_all_go_well_ends_with_zero(backend: Backend) {
    let place = Place::new(backend, 40, &[]).await;
    let file = place.file("cards.csv", &cards(0, 40));
    for outcome in ["imported", "unchanged"] {
        let said = place.succeed(&["import", &file]).await;
        assert!(said.contains(outcome) && said.contains("40"), "{said}");
    }
}

async fn a_dry_run_writes_nothing(backend: Backend) {
    let place = Place::new(backend, 20, &[]).await;
    let file = place.file("cards.csv", &cards(0, 20));
    place.succeed(&["import", &file, "--dry-run"]).await;
    assert_eq!(place.status("1").await["results"]["imported"], 20);
    place.succeed(&["import", &file]).await;
    assert_eq!(place.status("2").await["results"]["imported"], 20, "it was not there");
}

async fn a_canary_is_tried_and_the_rest_after_it(backend: Backend) {
    let place = Place::new(backend, 30, &[]).await;
    let file = place.file("cards.csv", &cards(0, 30));
    let ran = place.finish(&["import", &file, "--canary", "7"]).await;
    assert_eq!(ran.code, Some(4), "{}{}", ran.stdout, ran.stderr);
    let status = place.status("1").await;
    assert_eq!((&status["state"], &status["settledRows"]), (&"paused".into(), &7.into()));
    place.succeed(&["job", "resume", "1"]).await;
    assert_eq!(place.status("1").await["results"]["imported"], 30);
}

async fn every_card_of_a_customer_is_imported(backend: Backend) {
    let place = Place::new(backend, 3, &[]).await;
    let rows = "{\"customerId\":1,\"stripeCustomerId\":\"cus_SandboxMany\"}\n\
                {\"customerId\":2,\"stripeCustomerId\":\"cus_SandboxBrands\"}\n";
    let file = place.file("customers.ndjson", rows);
    place.succeed(&["import", &file, "--all-cards"]).await;
    let results = place.results("1").await;
    let (many, brands) = (results.range((1, 0)..(2, 0)), results.range((2, 0)..(3, 0)));
    assert_eq!((many.count(), brands.count()), (25, 33));
    assert!(results.values().all(|outcome| outcome == "imported"), "{results:?}");
}

async fn a_job_is_undone(backend: Backend) {
    let place = Place::new(backend, 10, &[]).await;
    let (some, all) = (place.file("some.csv", &cards(0, 4)), place.file("all.csv", &cards(0, 10)));
    place.succeed(&["import", &some]).await;
    place.succeed(&["import", &all]).await;
    place.succeed(&["job", "undo", "2"]).await;
    assert_eq!(place.status("2").await["state"], "undone");
    place.succeed(&["import", &all]).await;
    let results = place.status("3").await["results"].clone();
    assert_eq!(results, serde_json::json!({"restored": 6, "unchanged": 4}));
}

async fn what_an_undoing_leaves_is_told(backend: Backend) {
    let place = Place::new(backend, 3, &[]).await;
    let file = place.file("cards.csv", &cards(0, 2));
    import_card(&place, 2, &[]).await;
    place.succeed(&["import", &file]).await;
    import_card(&place, 0, &["--default"]).await;
    let said = place.succeed(&["job", "undo", "1"]).await;
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    for count in ["deleted 1", "left as they were 1"] {
        assert!(said.lines().any(|line| words(line) == count), "{count}: {said}");
    }
    assert!(said.contains("its customer's default while there are others"), "{said}");
    let results = place.succeed(&["job", "results", "1"]).await;
    assert_eq!(results.lines().filter(|line| line.ends_with(",false")).count(), 1, "{results}");
}

/// Imports the vault's card of this number for the first customer.
async fn import_card(place: &Place, number: usize, more: &[&str]) {
    let customer = format!("cus_Synthetic{number:07}");
    let card = format!("card_Synthetic{number:07}");
    let of_vault = ["--stripe-customer-id", customer.as_str(), "--stripe-card-id", card.as_str()];
    let command = ["import-card", "--customer-id", "1"];
    place.succeed(&[&command[..], &of_vault, more].concat()).await;
}

async fn a_plan_is_shown_and_nothing_is_run(backend: Backend) {
    let place = Place::new(backend, 1_000, &[]).await;
    let file = place.file("cards.csv", &cards(0, 1_000));
    let plan = place.succeed(&["import", &file, "--plan"]).await;
    for word in ["cards", "customers", "scan", "1000", "calls"] {
        assert!(plan.contains(word), "{word} is missing: {plan}");
    }
    assert!(plan.ends_with("Job 1 was made for this plan alone, and is cancelled.\n"), "{plan}");
    assert_eq!(place.status("1").await["state"], "cancelled");
}

async fn a_job_that_is_left_to_a_server_says_so(backend: Backend) {
    let place = Place::new(backend, 2, &[]).await;
    let file = place.file("cards.csv", &cards(0, 2));
    let left = place.succeed(&["import", &file, "--no-wait"]).await;
    let says = "Job 1 is started: a running `cardlift serve` works on it";
    assert!(left.contains(says) && left.contains("cardlift job status 1"), "{left}");
    place.succeed(&["job", "pause", "1"]).await;
    let left = place.succeed(&["job", "resume", "1", "--no-wait"]).await;
    assert!(left.contains(says), "{left}");
    place.succeed(&["job", "pause", "1"]).await;
    let left = place.succeed(&["job", "undo", "1", "--no-wait"]).await;
    assert!(left.contains("Job 1 is to be undone: a running `cardlift serve`"), "{left}");
}

async fn a_job_that_is_interrupted_says_how_to_go_on(backend: Backend) {
    let place = Place::new(backend, 400, &["--calls-per-second", "40"]).await;
    let file = place.file("cards.csv", &cards(0, 400));
    let import = place.run(&["import", &file, "--reading", "customers"]);
    let (mut import, _) = import.start("Job 1").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    import.signal("INT").await;
    assert_eq!(import.ended().await, Some(4), "{}", import.written());
    assert!(import.written().contains("cardlift job resume 1"), "{}", import.written());
    assert_eq!(place.status("1").await["state"], "paused");
    place.succeed(&["job", "cancel", "1"]).await;
    assert_eq!(place.status("1").await["state"], "cancelled");
}

async fn a_job_whose_worker_was_killed_says_how_to_go_on(backend: Backend) {
    let place = Place::new(backend, 300, &["--calls-per-second", "40"]).await;
    let file = place.file("cards.csv", &cards(0, 300));
    let import = place.run(&["import", &file, "--reading", "customers"]);
    let (mut import, _) = import.start("Job 1").await;
    wait_for_more(&place, "1", 0).await;
    import.signal("KILL").await;
    import.ended().await;
    for action in ["start", "resume"] {
        let Finished { code, stdout, stderr } = place.finish(&["job", action, "1"]).await;
        assert_eq!(code, Some(1), "{stdout}{stderr}");
        let says = "without one: `cardlift job pause 1`, then `cardlift job resume 1`";
        assert!(stderr.contains("Job 1 is running") && stderr.contains(says), "{stderr}");
    }
    place.succeed(&["job", "pause", "1"]).await;
    place.succeed(&["job", "resume", "1"]).await;
    assert_eq!(place.status("1").await["results"]["imported"], 300);
}

async fn a_file_that_is_no_csv_is_refused(backend: Backend) {
    let place = Place::new(backend, 1, &[]).await;
    let file = place.file("cards.csv", "%PDF-1.7\nsomething else\n");
    let Finished { code, stdout, stderr } = place.finish(&["import", &file]).await;
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stderr.contains("customerId"), "{stderr}");
    let jobs = place.succeed(&["job", "list", "--json"]).await;
    assert_eq!(jobs.trim(), "[]");
}

async fn what_failed_is_tried_again(backend: Backend) {
    let place = Place::new(backend, 5, &[]).await;
    let file = place.file("cards.csv", &cards(0, 6));
    // The sixth customer is in the vault only by number: here there are five.
    let ran = place.finish(&["import", &file]).await;
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    let loaded = place.backend.load("customerId\n6\n").await;
    assert_eq!(loaded.code, Some(0));
    let again = place.finish(&["job", "retry", "1"]).await;
    assert_eq!(again.code, Some(3), "{}", again.stdout);
    let status = place.status("1").await;
    let expected = serde_json::json!({"imported": 5, "vault_customer_not_found": 1});
    assert_eq!(status["results"], expected);
}

async fn a_job_that_has_nothing_to_try_again_stays_as_it_is(backend: Backend) {
    let place = Place::new(backend, 3, &[]).await;
    let good = place.file("good.csv", &cards(0, 3));
    place.succeed(&["import", &good]).await;
    let bad = place.file("bad.csv", "customerId,stripeCustomerId\nx,cus_Synthetic0000000\n");
    assert_eq!(place.finish(&["import", &bad]).await.code, Some(3));
    for (job, code) in [("1", 0), ("2", 3)] {
        let before = place.status(job).await;
        let again = place.finish(&["job", "retry", job]).await;
        assert_eq!(again.code, Some(code), "{}{}", again.stdout, again.stderr);
        assert!(again.stdout.contains("nothing to try again"), "{}", again.stdout);
        assert_eq!(place.status(job).await, before);
    }
}

async fn results_are_in_a_file_when_it_is_over(backend: Backend) {
    let place = Place::new(backend, 12, &[]).await;
    let (file, results) = (place.file("cards.csv", &cards(0, 12)), place.path("results.csv"));
    let results = results.to_str().expect("UTF-8");
    place.succeed(&["import", &file, "--results", results]).await;
    let written = std::fs::read_to_string(results).expect("a file");
    assert_eq!(written.lines().count(), 13, "{written}");
}

async fn a_file_of_results_that_can_not_be_written_is_told_before_anything_is_made(
    backend: Backend,
) {
    let place = Place::new(backend, 1, &[]).await;
    let (file, results) = (place.file("cards.csv", &cards(0, 1)), place.path("no/results.csv"));
    let results = results.to_str().expect("UTF-8");
    let Finished { code, stdout, stderr } =
        place.finish(&["import", &file, "--results", results]).await;
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stderr.contains("results.csv can't be written"), "{stderr}");
    let jobs = place.succeed(&["job", "list", "--json"]).await;
    assert_eq!(jobs.trim(), "[]");
}
