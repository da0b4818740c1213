//! Counts that were accepted, and how others stand beside them.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// Percent that a count may differ by.
const MARGIN: u64 = 5;

/// What was counted, by name; and what it was counted with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The compiler, as it calls itself.
    pub compiler: String,
    /// How many there are of each.
    pub counts: BTreeMap<String, u32>,
}

/// How a count stands beside what was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the margin.
    Kept,
    /// More than the margin allows.
    Grown,
    /// So much less that the margin hides what grows.
    Dropped,
    /// Nothing was accepted for it.
    Unknown,
}

impl Counts {
    /// Reads what was written: a line with the compiler, and one for each count. Lines that begin
    /// with `#`, and empty ones, are for people.
    ///
    /// # Errors
    /// What is wrong with which line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let compiler = lines.next().ok_or("it is empty")?;
        if !compiler.starts_with("rustc ") {
            return Err(format!("no compiler: {compiler}"));
        }
        let mut counts = BTreeMap::new();
        for line in lines {
            let (name, count) = count(line).ok_or_else(|| format!("no name and count: {line}"))?;
            if counts.insert(name.to_owned(), count).is_some() {
                return Err(format!("there twice: {name}"));
            }
        }
        Ok(Self { compiler: compiler.to_owned(), counts })
    }

    /// How this count stands beside that of the same name here.
    #[must_use]
    pub fn judge(&self, name: &str, counted: u32) -> Verdict {
        let Some(accepted) = self.counts.get(name) else { return Verdict::Unknown };
        let (counted, accepted) = (u64::from(counted) * 100, u64::from(*accepted));
        if counted > accepted * (100 + MARGIN) {
            Verdict::Grown
        } else if counted < accepted * (100 - MARGIN) {
            Verdict::Dropped
        } else {
            Verdict::Kept
        }
    }
}

fn count(line: &str) -> Option<(&str, u32)> {
    let mut words = line.split_whitespace();
    let (name, count) = (words.next()?, words.next()?.parse().ok().filter(|count| *count > 0)?);
    words.next().is_none().then_some((name, count))
}

/// What [`Counts::parse`] reads.
impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.compiler)?;
        self.counts.iter().try_for_each(|(name, count)| writeln!(f, "{name:<24}{count:>9}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# for people\nrustc 1.95.0 (59807616e 2026-04-14)\n\n new 1000 \nold\t2000\n";

    fn counts() -> Counts {
        Counts::parse(TEXT).expect("counts")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let counts = counts();
        assert_eq!(counts.compiler, "rustc 1.95.0 (59807616e 2026-04-14)");
        assert_eq!(counts.counts, BTreeMap::from([("new".into(), 1000), ("old".into(), 2000)]));
        assert_eq!(Counts::parse(&counts.to_string()), Ok(counts));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let check = |text: &str, problem: &str| {
            assert_eq!(Counts::parse(text), Err(problem.to_owned()), "{text}");
        };
        check("# nothing\n", "it is empty");
        check("new 1000\n", "no compiler: new 1000");
        check("rustc 1\nnew\n", "no name and count: new");
        check("rustc 1\nnew many\n", "no name and count: new many");
        check("rustc 1\nnew 0\n", "no name and count: new 0");
        check("rustc 1\nnew 1000 2000\n", "no name and count: new 1000 2000");
        check("rustc 1\nnew 1000\nnew 2000\n", "there twice: new");
    }

    #[test]
    fn five_percent_is_the_most_that_a_count_may_differ_by() {
        let check = |name: &str, counted: u32, verdict: Verdict| {
            assert_eq!(counts().judge(name, counted), verdict, "{name} {counted}");
        };
        check("new", 1000, Verdict::Kept);
        check("new", 1050, Verdict::Kept);
        check("new", 1051, Verdict::Grown);
        check("new", 950, Verdict::Kept);
        check("new", 949, Verdict::Dropped);
        check("old", 2100, Verdict::Kept);
        check("old", u32::MAX, Verdict::Grown);
        check("other", 1000, Verdict::Unknown);
    }
}
