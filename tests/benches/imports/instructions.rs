//! Instructions that the program executes for an import: they hardly differ from one run to the
//! next, as times do, so that a small growth is seen.
//!
//! `scripts/instructions` builds the program, and runs this.

mod callgrind;
mod case;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

use cardlift_tests::{Counts, Verdict};

use self::case::CASES;

/// What was accepted.
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/imports/instructions.txt");

const HEAD: &str = "# Instructions of one import, and what they were counted with. Written by\n\
                    # scripts/instructions --accept; docs/PERFORMANCE.md says how they are counted.\n";

/// Where callgrind writes.
const OUT: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/instructions");

/// Counts, and compares with what was accepted.
pub(crate) async fn compare() -> ExitCode {
    let read = std::fs::read_to_string(BASELINE).map_err(|error| error.to_string());
    let accepted = read.and_then(|text| Counts::parse(&text));
    let accepted = match accepted {
        Ok(accepted) => accepted,
        Err(problem) => {
            println!("{BASELINE}: {problem}\nscripts/instructions --accept writes it anew");
            return ExitCode::FAILURE;
        }
    };
    header(&accepted);
    let mut verdicts = BTreeMap::new();
    for case in CASES {
        let mut counted = case.count(Path::new(OUT)).await;
        if accepted.judge(case.name, counted) == Verdict::Grown {
            // What the program does by the clock is more on a busy machine.
            counted = counted.min(case.count(Path::new(OUT)).await);
        }
        let verdict = accepted.judge(case.name, counted);
        line(case.name, counted, accepted.counts.get(case.name).copied(), verdict);
        verdicts.insert(case.name, verdict);
    }
    let found = |verdict| verdicts.values().any(|found| *found == verdict);
    let others = accepted.counts.keys().any(|name| !verdicts.contains_key(name.as_str()));
    if found(Verdict::Grown) {
        println!("{}", advice());
    }
    if found(Verdict::Dropped) {
        println!("\nthe baseline can be lowered: scripts/instructions --accept");
    }
    if others || found(Verdict::Unknown) {
        println!("\nthe baseline has other cases: scripts/instructions --accept");
    }
    let good = !(others || found(Verdict::Grown) || found(Verdict::Unknown));
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Counts, and writes that down as accepted.
pub(crate) async fn accept() -> ExitCode {
    let before = std::fs::read_to_string(BASELINE).ok();
    let before = before.and_then(|text| Counts::parse(&text).ok()).unwrap_or_default();
    header(&before);
    let mut counts = BTreeMap::new();
    for case in CASES {
        let counted = case.count(Path::new(OUT)).await;
        let verdict = before.judge(case.name, counted);
        line(case.name, counted, before.counts.get(case.name).copied(), verdict);
        counts.insert(case.name.to_owned(), counted);
    }
    let accepted = Counts { compiler: compiler(), counts };
    std::fs::write(BASELINE, format!("{HEAD}{accepted}")).expect("a baseline");
    println!("\naccepted: commit {BASELINE}");
    ExitCode::SUCCESS
}

/// The one that compiles here, as it calls itself.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc");
    String::from_utf8(version.stdout).expect("a version").trim().to_owned()
}

fn header(accepted: &Counts) {
    let (compiler, before) = (compiler(), &accepted.compiler);
    println!("counted with {compiler}");
    if *before != compiler && !before.is_empty() {
        println!("the baseline with {before}: some of the change may be the compiler's");
    }
    println!("\n{:<24}{:>12}{:>12}{:>10}", "instructions", "counted", "baseline", "change");
}

fn line(name: &str, counted: u32, accepted: Option<u32>, verdict: Verdict) {
    let change = accepted.map_or_else(String::new, |accepted| {
        format!("{:+.1} %", f64::from(counted) / f64::from(accepted) * 100.0 - 100.0)
    });
    let accepted = accepted.map_or_else(|| "none".to_owned(), |accepted| accepted.to_string());
    let word = match verdict {
        Verdict::Kept => "",
        Verdict::Grown => "  grown",
        Verdict::Dropped => "  dropped",
        Verdict::Unknown => "  new",
    };
    println!("{name:<24}{counted:>12}{accepted:>12}{change:>10}{word}");
}

fn advice() -> String {
    format!(
        "\nan import executes over 5 % more instructions than it did. See where, here and on the\n\
         commit before:\n    callgrind_annotate --inclusive=yes {OUT}/CASE\n\
         If it is meant, accept it, and commit the baseline:\n    scripts/instructions --accept"
    )
}
