//! The endpoints, as limits and counts tell them apart.

/// What a request is about, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    ListCustomers,
    ReadCustomer,
    ListHoldings,
    ReadHolding,
    Other,
}

impl Endpoint {
    /// That of a path.
    pub(crate) fn of(path: &str) -> Self {
        let mut segments = path.trim_matches('/').split('/').skip(1);
        match (segments.next(), segments.next(), segments.next(), segments.next()) {
            (Some("customers"), None, ..) => Self::ListCustomers,
            (Some("customers"), Some(_), None, _) => Self::ReadCustomer,
            (Some("customers"), Some(_), Some(_), None) => Self::ListHoldings,
            (Some("customers"), Some(_), Some(_), Some(_))
            | (Some("payment_methods"), Some(_), ..) => Self::ReadHolding,
            _ => Self::Other,
        }
    }

    /// What it is called where it is counted.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ListCustomers => "list customers",
            Self::ReadCustomer => "read customer",
            Self::ListHoldings => "list holdings",
            Self::ReadHolding => "read holding",
            Self::Other => "other",
        }
    }
}
