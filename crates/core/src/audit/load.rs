//! What the trail says of customers that were loaded.

use std::collections::BTreeMap;
use std::fmt;

use super::{Facts, Members};
use crate::customer::{CustomerRecord, KnownFields, LoadCounts};

/// What is told of customers that were loaded: how many, which, and which fields were set of those that
/// were there. Whether a field was another before is not told: a store may write over it unread.
#[derive(Debug, Default)]
pub struct LoadFacts {
    counts: LoadCounts,
    ids: Ranges,
    set: BTreeMap<KnownFields, Ranges>,
}

/// Ids in rising order; those that follow each other are told as one: `1-5000,7`.
#[derive(Debug, Default)]
struct Ranges(Vec<(i64, i64)>);

impl LoadFacts {
    /// That a customer was loaded, who was there before or not. They come in the order of their ids.
    pub fn note(&mut self, record: &CustomerRecord, was_there: bool) {
        let id = record.id.get();
        self.ids.push(id);
        if !was_there {
            self.counts.created += 1;
            return;
        }
        self.counts.updated += 1;
        let fields = record.profile.known();
        if !fields.is_empty() {
            self.set.entry(fields).or_default().push(id);
        }
    }

    /// How many there were of each.
    #[must_use]
    pub const fn counts(&self) -> LoadCounts {
        self.counts
    }
}

impl Facts for LoadFacts {
    fn tell(&self, out: &mut Members<'_>) {
        let LoadCounts { created, updated } = self.counts;
        for (name, count) in [("created", created), ("updated", updated)] {
            out.number(name, i64::try_from(count).unwrap_or(i64::MAX));
        }
        out.text("customerIds", &self.ids.to_string());
        if !self.set.is_empty() {
            let set = self.set.iter().map(|(fields, ids)| format!("{}: {ids}", fields.names()));
            out.text("set", &set.collect::<Vec<_>>().join("; "));
        }
    }
}

impl Ranges {
    fn push(&mut self, id: i64) {
        match self.0.last_mut() {
            Some((_, last)) if id.checked_sub(1) == Some(*last) => *last = id,
            _ => self.0.push((id, id)),
        }
    }
}

impl fmt::Display for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (first, last)) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str(",")?;
            }
            write!(f, "{first}")?;
            if first != last {
                write!(f, "-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditAction, AuditItem};
    use crate::customer::{CustomerId, CustomerProfile};

    fn ranges(ids: &[i64]) -> String {
        let mut ranges = Ranges::default();
        for id in ids {
            ranges.push(*id);
        }
        ranges.to_string()
    }

    #[test]
    fn ids_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 5, 9]), "1-3,5,9");
        assert_eq!(ranges(&[i64::MIN, i64::MAX]).matches(',').count(), 1);
        assert_eq!(ranges(&[]), "");
    }

    #[test]
    fn of_those_that_were_there_it_is_told_what_was_set() {
        let name = || Some("Ana".to_owned());
        let first = CustomerProfile { first_name: name(), ..CustomerProfile::default() };
        let both = CustomerProfile { last_name: name(), ..first.clone() };
        let nothing = CustomerProfile::default();
        let mut load = LoadFacts::default();
        for (id, profile) in (1..).zip([&both, &first, &first, &nothing, &both]) {
            let id = CustomerId::try_from(id).expect("an id");
            load.note(&CustomerRecord { id, profile: profile.clone() }, id.get() < 5);
        }
        assert_eq!(load.counts(), LoadCounts { created: 1, updated: 4 });
        let told = AuditItem::new(AuditAction::CustomersLoaded, None, Some(&load));
        let facts = r#""after":{"created":1,"updated":4,"customerIds":"1-5","set":"firstName: 2-3; firstName,lastName: 1"}}"#;
        assert!(told.as_str().ends_with(facts), "{}", told.as_str());
    }
}
