//! The endpoints of the API that are called: each has a limit of its own.

/// An endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    ListCustomers,
    ReadCustomer,
    /// Both lists of what a customer holds.
    ListHoldings,
    ReadHolding,
}

/// Something that each endpoint has for itself.
#[derive(Debug)]
pub(crate) struct PerEndpoint<T> {
    list_customers: T,
    read_customer: T,
    list_holdings: T,
    read_holding: T,
}

impl Endpoint {
    /// What it is called in metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::ListCustomers => "list customers",
            Self::ReadCustomer => "read customer",
            Self::ListHoldings => "list holdings",
            Self::ReadHolding => "read holding",
        }
    }
}

impl<T> PerEndpoint<T> {
    pub(crate) fn of(make: impl Fn() -> T) -> Self {
        Self {
            list_customers: make(),
            read_customer: make(),
            list_holdings: make(),
            read_holding: make(),
        }
    }

    pub(crate) const fn get(&self, endpoint: Endpoint) -> &T {
        match endpoint {
            Endpoint::ListCustomers => &self.list_customers,
            Endpoint::ReadCustomer => &self.read_customer,
            Endpoint::ListHoldings => &self.list_holdings,
            Endpoint::ReadHolding => &self.read_holding,
        }
    }

    pub(crate) const fn get_mut(&mut self, endpoint: Endpoint) -> &mut T {
        match endpoint {
            Endpoint::ListCustomers => &mut self.list_customers,
            Endpoint::ReadCustomer => &mut self.read_customer,
            Endpoint::ListHoldings => &mut self.list_holdings,
            Endpoint::ReadHolding => &mut self.read_holding,
        }
    }
}
