//! Where a customer stands.

use super::{Condition, SearchValue};

/// Where a customer stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerStatus {
    /// Not billed yet.
    Draft,
    /// Billed.
    Active,
    /// Not billed for now.
    Hold,
    /// Not served for now.
    Suspended,
    /// Not billed any more.
    Cancelled,
}

impl CustomerStatus {
    /// Each of them.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Active, Self::Hold, Self::Suspended, Self::Cancelled];

    /// Its name, as the wire has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Active => "Active",
            Self::Hold => "Hold",
            Self::Suspended => "Suspended",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The one of this name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name().eq_ignore_ascii_case(name))
    }

    /// Those of which any of these holds.
    #[must_use]
    pub fn matching(any_of: &[Condition]) -> Vec<Self> {
        let matches = |status: &Self| {
            let value = SearchValue::Text(status.name().to_owned());
            any_of.iter().any(|condition| condition.holds(&value))
        };
        Self::ALL.into_iter().filter(matches).collect()
    }
}

/// Whether a customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStanding {
    /// It does.
    Good,
    /// It is late.
    PoorStanding,
    /// It does not.
    Collection,
}

impl AccountStanding {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Good, Self::PoorStanding, Self::Collection];

    /// Its name, as the wire has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::PoorStanding => "PoorStanding",
            Self::Collection => "Collection",
        }
    }

    /// The one of this name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name_in_any_letter_case() {
        for status in CustomerStatus::ALL {
            let name = status.name().to_uppercase();
            assert_eq!(CustomerStatus::from_name(&name), Some(status));
        }
        for standing in AccountStanding::ALL {
            assert_eq!(AccountStanding::from_name(standing.name()), Some(standing));
        }
        assert_eq!(CustomerStatus::from_name("Good"), None);
    }

    #[test]
    fn a_search_among_the_statuses_finds_some_of_them() {
        let is = |name: &str| Condition::Is(SearchValue::Text(name.to_owned()));
        let matching = |any_of: &[_]| CustomerStatus::matching(any_of);
        assert_eq!(
            matching(&[is("hold"), is("DRAFT")]),
            [CustomerStatus::Draft, CustomerStatus::Hold]
        );
        let from_d = Condition::Between(Some(SearchValue::Text("d".into())), None);
        assert_eq!(matching(&[from_d]).len(), 3);
        assert_eq!(matching(&[is("nothing"), Condition::Empty]), []);
    }
}
