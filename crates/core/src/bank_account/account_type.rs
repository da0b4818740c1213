//! What kind of account it is.

/// The kind of a bank account, as the vault says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankAccountType {
    /// For payments.
    Checking,
    /// For savings.
    Savings,
    /// Another kind, by the vault's name of it.
    Other(String),
    /// The vault does not say.
    Unknown,
}

impl BankAccountType {
    /// The type of this name; empty is unknown.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "" => Self::Unknown,
            "checking" => Self::Checking,
            "savings" => Self::Savings,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The vault's name of it; empty where it is unknown.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Checking => "checking",
            Self::Savings => "savings",
            Self::Other(name) => name,
            Self::Unknown => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_by_its_name() {
        for name in ["", "checking", "savings", "futsu"] {
            assert_eq!(BankAccountType::from_name(name).name(), name);
        }
    }
}
