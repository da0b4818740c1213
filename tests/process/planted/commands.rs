//! Commands that are given a card number, on the command line or in a file, or a database that can't be
//! had.

use super::place::Place;
use super::{DASHED, GROUPED, NUMBER, PASSWORD};

/// Each says so, and does nothing.
pub(crate) async fn are_refused(place: &mut Place) {
    on_the_command_line(place).await;
    in_files(place).await;
    of_databases(place).await;
}

async fn on_the_command_line(place: &mut Place) {
    let metadata = format!("metadata:{NUMBER}");
    let ids = ["--stripe-customer-id", "cus_1", "--stripe-card-id", NUMBER];
    let file = place.file(&format!("{NUMBER}.csv"), "customerId\n1\n");
    for (arguments, named) in [
        (["key", "create", "--label", GROUPED].as_slice(), "--label <LABEL>"),
        (&["key", "list", "--account", NUMBER], "--account <NAME>"),
        (&["key", "revoke", NUMBER], "<ID>"),
        (&["account", "connect", DASHED], "<ID>"),
        (
            &[["import-card", "--customer-id", NUMBER].as_slice(), &ids].concat(),
            "--customer-id <ID>",
        ),
        (
            &[["import-card", "--customer-id", "1"].as_slice(), &ids].concat(),
            "--stripe-card-id <ID>",
        ),
        (&["import", &file], "<FILE>"),
        (&["customers", "load", &file], "<FILE>"),
        (&["job", "status", NUMBER], "<JOB>"),
        (&["map", "--by", &metadata], "--by <WHAT>"),
        (&["serve", "--listen", NUMBER], "--listen <ADDRESS>"),
        (&[GROUPED], "argument 1"),
    ] {
        let refused = place.command(arguments).await;
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        let said = "holds what looks like a card number. Cardlift takes Stripe's ids";
        let said = format!("  {named}: {said}");
        assert!(refused.stderr.contains(&said), "{said}: {}", refused.stderr);
    }
}

async fn in_files(place: &mut Place) {
    let header = "customerId,stripeCustomerId,note";
    for (name, text) in [
        ("a.csv", format!("{header}\n1,cus_1,\n{NUMBER},cus_1,\n")),
        ("b.csv", format!("{header}\n1,cus_1,\n1,cus_1,{GROUPED}\n")),
        ("c.csv", format!("{header},{NUMBER}\n1,cus_1,,\n")),
        ("d.ndjson", "{\"customerId\":1,\"note\":\"\\u0035105105105105100\"}\n".to_owned()),
    ] {
        let file = place.file(name, &text);
        let mut commands = vec![["import", "--create-only", &file]];
        if name.ends_with("csv") {
            commands.push(["customers", "load", &file]);
        }
        for arguments in commands {
            let refused = place.command(&arguments).await;
            assert_eq!(refused.code, Some(1), "{name}: {}{}", refused.stdout, refused.stderr);
            assert!(refused.stderr.contains("looks like a card number"), "{}", refused.stderr);
        }
    }
}

/// What is said of a URL has no password.
async fn of_databases(place: &mut Place) {
    for url in [
        format!("postgres://planted:{PASSWORD}@127.0.0.1:9/nothing"),
        format!("postgres://planted:{PASSWORD}@127.0.0.1:nine/nothing"),
        format!("postgres://planted:an@{PASSWORD}@127.0.0.1:9/nothing"),
        format!("postgres://planted:an@{PASSWORD}/x@127.0.0.1:9/nothing"),
        format!("postgres://planted:{PASSWORD}@127.0.0.1:9/nothing?sslmode=nothing"),
        format!("mysql://planted:{PASSWORD}@127.0.0.1:9/nothing"),
    ] {
        let refused = place.command_on(&url, &["key", "list"]).await;
        assert!(refused.code.is_some_and(|code| code > 0), "{}", refused.stdout);
        assert!(!refused.stderr.is_empty(), "it says why");
    }
}
