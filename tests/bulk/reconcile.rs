//! Comparing what the vault has with what we have.

use cardlift_tests::{Backend, Finished};

use crate::harness::{Place, cards, on_both};

on_both! {
    what_was_imported_is_found_to_be_the_same
    what_is_missing_on_our_side_is_written
    a_dry_run_is_refused_and_costs_no_file
}

async fn what_was_imported_is_found_to_be_the_same(backend: Backend) {
    let place = Place::new(backend, 120, &[]).await;
    let file = place.file("cards.csv", &cards(0, 120));
    place.succeed(&["import", &file]).await;
    let folder = place.path("differences");
    let folder = folder.to_str().expect("UTF-8");
    let said = place.succeed(&["reconcile", "1", "--output-dir", folder]).await;
    assert!(said.contains("120"), "{said}");
    for name in ["missing-here.csv", "missing-there.csv", "differs.csv"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("a file");
        assert_eq!(text.lines().count(), 1, "a header and no difference in {name}: {text}");
    }
}

async fn what_is_missing_on_our_side_is_written(backend: Backend) {
    let place = Place::new(backend, 20, &[]).await;
    let file = place.file("cards.csv", &cards(0, 20));
    place.succeed(&["import", &file]).await;
    place.succeed(&["job", "undo", "1"]).await;
    place.succeed(&["import", &place.file("some.csv", &cards(0, 15))]).await;
    let folder = place.path("differences");
    let folder = folder.to_str().expect("UTF-8");
    let Finished { code, stdout, stderr } =
        place.finish(&["reconcile", "1", "--output-dir", folder]).await;
    assert_eq!(code, Some(3), "{stdout}{stderr}");
    let missing = std::fs::read_to_string(format!("{folder}/missing-here.csv")).expect("a file");
    assert_eq!(missing.lines().count(), 6, "{missing}");
    assert!(missing.contains("card_Synthetic0000019"), "{missing}");
}

async fn a_dry_run_is_refused_and_costs_no_file(backend: Backend) {
    let place = Place::new(backend, 3, &[]).await;
    let file = place.file("cards.csv", &cards(0, 3));
    place.succeed(&["import", &file, "--dry-run"]).await;
    let before = place.file("missing-here.csv", "of the time before");
    let folder = place.path("");
    let folder = folder.to_str().expect("UTF-8");
    let Finished { code, stdout, stderr } =
        place.finish(&["reconcile", "1", "--output-dir", folder]).await;
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stderr.contains("dry run"), "{stderr}");
    assert_eq!(std::fs::read_to_string(before).expect("a file"), "of the time before");
    assert!(!place.path("differs.csv").exists());
}
