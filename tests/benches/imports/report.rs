//! How measurements are printed.

use crate::figures::Figures;

pub(crate) fn header() {
    println!(
        "{:<36}{:>10}{:>9}{:>9}   {:>8}{:>9}{:>8}{:>8}{:>9}{:>8}",
        "connections",
        "requests",
        "p50",
        "p99",
        "program",
        "Postgres",
        "vault",
        "load",
        "memory",
        "others"
    );
    println!(
        "{:<36}{:>10}{:>9}{:>9}   {:<33}{:>9}{:>8}",
        "", "a second", "ms", "ms", "  CPU seconds for 1,000 requests", "MiB", "%"
    );
}

pub(crate) fn line(name: &str, one: &Figures) {
    println!(
        "{name:<36}{:>10.0}{:>9.2}{:>9.2}   {:>8.3}{:>9.3}{:>8.3}{:>8.3}{:>9.1}{:>8.0}",
        one.throughput,
        one.p50,
        one.p99,
        one.program,
        one.postgres,
        one.vault,
        one.load,
        one.peak,
        one.others
    );
}
