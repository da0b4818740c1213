//! Who is in the vault.

mod brand;
mod customer;
mod known;
mod synthetic;

pub(crate) use brand::Brand;
pub(crate) use customer::{Customer, Holder, Holding, Kind};
pub use known::{
    BANK_ACCOUNT, CONNECTED_ACCOUNT, DEFAULTS_CUSTOMER, DELETED_CUSTOMER, DOCUMENTED_CARD,
    DOCUMENTED_CUSTOMER, EVERY_BRAND_CUSTOMER, MANY_CARDS_CUSTOMER, NO_CARD_CUSTOMER, OTHER_SOURCE,
    SHARED_EMAIL, UNVERIFIED_BANK_ACCOUNT,
};

/// Every customer, newest first: the made-up ones, then the known ones.
#[derive(Debug)]
pub(crate) struct Vault {
    known: Vec<Customer>,
    synthetic: usize,
}

impl Vault {
    pub(crate) fn new(synthetic: usize) -> Self {
        Self { known: known::customers(), synthetic }
    }

    pub(crate) fn customer(&self, id: &str) -> Option<Customer> {
        self.at(self.position(id)?)
    }

    /// Whose holding has this id.
    pub(crate) fn owner(&self, id: &str) -> Option<Customer> {
        let known = self.known.iter().find(|customer| customer.holding(id).is_some());
        known.cloned().or_else(|| {
            let customer = synthetic::customer(synthetic::index_of_card(id, self.synthetic)?);
            customer.holding(id).is_some().then_some(customer)
        })
    }

    /// How many customers there are.
    pub(crate) fn len(&self) -> usize {
        self.synthetic + self.known.len()
    }

    /// The customer at this position, counted from the newest.
    pub(crate) fn at(&self, position: usize) -> Option<Customer> {
        match position.checked_sub(self.synthetic) {
            None => Some(synthetic::customer(self.synthetic - 1 - position)),
            Some(position) => self.known.get(position).cloned(),
        }
    }

    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        if let Some(index) = synthetic::index(id, self.synthetic) {
            return Some(self.synthetic - 1 - index);
        }
        let position = self.known.iter().position(|customer| customer.id == id)?;
        Some(self.synthetic + position)
    }

    /// When the customer at this position was made.
    fn created(&self, position: usize) -> Option<i64> {
        match position.checked_sub(self.synthetic) {
            None => Some(synthetic::created(self.synthetic - 1 - position)),
            Some(position) => self.known.get(position).map(|customer| customer.created),
        }
    }

    /// The first position whose customer is not newer than this.
    pub(crate) fn first_not_after(&self, created: i64) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.created(middle).is_some_and(|made| made > created) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_stand_newest_first_and_each_is_found_by_its_id() {
        let vault = Vault::new(100);
        let all: Vec<_> = (0..vault.len()).filter_map(|position| vault.at(position)).collect();
        assert_eq!(all.len(), vault.len());
        assert!(all.windows(2).all(|two| two[0].created > two[1].created));
        for (position, customer) in all.iter().enumerate() {
            assert_eq!(vault.position(&customer.id), Some(position));
            assert_eq!(vault.first_not_after(customer.created), position);
            for holding in &customer.holdings {
                let owner = vault.owner(&holding.id).expect("found");
                assert_eq!(owner.id, customer.id);
            }
        }
        assert_eq!(vault.first_not_after(0), vault.len());
        for unknown in ["cus_Synthetic0000100", "cus_Synthetic1", "cus_nobody"] {
            assert!(vault.customer(unknown).is_none(), "{unknown}");
        }
    }
}
