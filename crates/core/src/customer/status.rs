//! Where a customer stands.

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
}
