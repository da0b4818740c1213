//! What customers a list is of, and in which order.

use std::cmp::Ordering;

use crate::Timestamp;
use crate::page::SortOrder;

/// A field that customers can be searched and sorted by. Each has an index in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerField {
    /// The id.
    Id,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The company.
    CompanyName,
    /// The address bills go to.
    PrimaryEmail,
    /// The caller's own key.
    Reference,
    /// Where it stands in its life.
    Status,
    /// When it was first known.
    Created,
    /// When something of it last changed.
    Modified,
}

/// What is compared in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Whole numbers.
    Number,
    /// Texts, whose ASCII letters are the same in either case.
    Text,
    /// Instants.
    Instant,
}

/// Which customers, and in which order. Those that are alike in the order are by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerQuery {
    /// All of these hold.
    pub filters: Vec<CustomerFilter>,
    /// Sorted by this.
    pub sorted_by: CustomerField,
    /// Which way.
    pub order: SortOrder,
}

/// A condition on one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFilter {
    /// The field.
    pub field: CustomerField,
    /// Any of these holds.
    pub any_of: Vec<Condition>,
}

/// What holds of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It is this.
    Is(SearchValue),
    /// It has this shape.
    Like(Pattern),
    /// There is nothing in it.
    Empty,
    /// It is within these bounds, which belong to it; an open one is `None`.
    Between(Option<SearchValue>, Option<SearchValue>),
}

/// A value that a field is compared with: of the field's own kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchValue {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// An instant.
    Instant(Timestamp),
}

/// A text with gaps that anything fits in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<String>);

impl CustomerField {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::FirstName,
        Self::LastName,
        Self::CompanyName,
        Self::PrimaryEmail,
        Self::Reference,
        Self::Status,
        Self::Created,
        Self::Modified,
    ];

    /// The names of each, in the same order.
    pub const NAMES: [&'static str; 9] = [
        Self::Id.name(),
        Self::FirstName.name(),
        Self::LastName.name(),
        Self::CompanyName.name(),
        Self::PrimaryEmail.name(),
        Self::Reference.name(),
        Self::Status.name(),
        Self::Created.name(),
        Self::Modified.name(),
    ];

    /// Its name, as the wire has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::CompanyName => "companyName",
            Self::PrimaryEmail => "primaryEmail",
            Self::Reference => "reference",
            Self::Status => "status",
            Self::Created => "createdTimestamp",
            Self::Modified => "modifiedTimestamp",
        }
    }

    /// The one of this name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name().eq_ignore_ascii_case(name))
    }

    /// What is compared in it.
    #[must_use]
    pub const fn kind(self) -> FieldKind {
        match self {
            Self::Id => FieldKind::Number,
            Self::Created | Self::Modified => FieldKind::Instant,
            _ => FieldKind::Text,
        }
    }
}

impl Condition {
    /// Whether it holds of a field with this value. Texts are compared byte by byte, ASCII letters
    /// in either case alike.
    #[must_use]
    pub fn holds(&self, value: &SearchValue) -> bool {
        match self {
            Self::Is(wanted) => value.compare(wanted) == Some(Ordering::Equal),
            Self::Empty => matches!(value, SearchValue::Text(text) if text.is_empty()),
            Self::Like(pattern) => matches!(value, SearchValue::Text(text) if pattern.fits(text)),
            Self::Between(low, high) => {
                let beyond = |bound: &Option<SearchValue>, side| {
                    bound.as_ref().is_some_and(|bound| value.compare(bound) == Some(side))
                };
                !beyond(low, Ordering::Less) && !beyond(high, Ordering::Greater)
            }
        }
    }
}

impl SearchValue {
    /// How it stands to another; `None` where the two are of different kinds.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.cmp(other)),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other)) => {
                Some(one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
}

impl Pattern {
    /// The pattern in which each `*` is a gap.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.split('*').map(str::to_ascii_lowercase).collect())
    }

    /// What every text that fits begins with, in lower case.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Whether a text has this shape.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let [first, middle @ .., last] = self.parts() else {
            return self.parts().first().is_some_and(|whole| *whole == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some((_, after)) = rest.split_once(part.as_str()) else { return false };
            rest = after;
        }
        rest.ends_with(last.as_str())
    }

    /// The texts around the gaps, in lower case: the first begins and the last ends what fits.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_found_by_its_name_in_any_letter_case() {
        assert_eq!(CustomerField::ALL.map(CustomerField::name), CustomerField::NAMES);
        for field in CustomerField::ALL {
            assert_eq!(CustomerField::from_name(&field.name().to_uppercase()), Some(field));
        }
        assert_eq!(CustomerField::from_name("middleName"), None);
    }

    #[test]
    fn a_condition_holds_of_what_it_describes() {
        let text = |text: &str| SearchValue::Text(text.to_owned());
        assert!(Condition::Is(text("ACTIVE")).holds(&text("Active")));
        assert!(Condition::Like(Pattern::parse("*ti*e")).holds(&text("Active")));
        assert!(!Condition::Like(Pattern::parse("act*t")).holds(&text("Active")));
        assert!(Condition::Empty.holds(&text("")) && !Condition::Empty.holds(&text("a")));
        let within = Condition::Between(Some(SearchValue::Number(2)), None);
        assert!(within.holds(&SearchValue::Number(2)) && !within.holds(&SearchValue::Number(1)));
        assert!(!Condition::Is(text("2")).holds(&SearchValue::Number(2)));
    }

    #[test]
    fn a_pattern_has_a_part_around_each_gap() {
        let pattern = Pattern::parse("Ab*c*");
        assert_eq!(
            (pattern.prefix(), pattern.parts()),
            ("ab", &["ab", "c", ""].map(str::to_owned)[..])
        );
    }
}
