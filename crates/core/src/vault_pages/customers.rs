use std::collections::HashSet;

use crate::external_id::ExternalCustomerId;
use crate::ports::{CustomerRange, VaultCatalog, VaultCustomer, VaultError, VaultPage};
use crate::vault::VaultAccount;

/// The customers of a range of the vault, page by page, each of them once.
#[derive(Debug, Clone)]
pub struct CustomerPages {
    from: i64,
    to: Option<i64>,
    after: Option<ExternalCustomerId>,
    is_ended: bool,
    /// Whether this second was begun again: once is enough, or it might never end.
    began_again: bool,
    /// Those that were read of the last second that was come to: it may be read again.
    of_this_second: HashSet<ExternalCustomerId>,
}

/// What came of an answer of the vault.
#[derive(Debug, PartialEq, Eq)]
pub enum Took {
    /// These customers, maybe none.
    Customers(Vec<VaultCustomer>),
    /// Nothing: the place to go on from is gone. [`range`](CustomerPages::range) is another now.
    Nothing,
}

impl CustomerPages {
    /// All of an account, from the newest on.
    #[must_use]
    pub fn all() -> Self {
        Self::going_on(CustomerRange { from: 0, to: None, after: None })
    }

    /// A range, from the newest on or after one that was read. What was read of its second is not
    /// known: where that one is gone, those of its second come twice.
    #[must_use]
    pub fn going_on(range: CustomerRange<'_>) -> Self {
        let CustomerRange { from, to, after } = range;
        let of_this_second = HashSet::new();
        Self {
            from,
            to,
            after: after.cloned(),
            is_ended: false,
            began_again: false,
            of_this_second,
        }
    }

    /// What is to be asked for next.
    #[must_use]
    pub const fn range(&self) -> CustomerRange<'_> {
        CustomerRange { from: self.from, to: self.to, after: self.after.as_ref() }
    }

    /// Whether there is nothing more to ask for.
    #[must_use]
    pub const fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Leaves out what is still to come.
    pub const fn give_up(&mut self) {
        self.is_ended = true;
    }

    /// Takes what the vault answered to that.
    ///
    /// # Errors
    /// The error of the vault, but for one that may say that the customer to go on after is gone:
    /// the second that it was made in is asked for from its top then.
    pub fn take(
        &mut self,
        answer: Result<VaultPage<VaultCustomer>, VaultError>,
    ) -> Result<Took, VaultError> {
        match answer {
            Ok(page) => Ok(Took::Customers(self.took(page))),
            Err(VaultError::CustomerNotFound { .. } | VaultError::Refused { .. })
                if !self.began_again && self.after.take().is_some() =>
            {
                self.began_again = true;
                Ok(Took::Nothing)
            }
            Err(error) => Err(error),
        }
    }

    /// Asks for the next page; `None` where there is nothing more.
    ///
    /// # Errors
    /// Those of [`VaultCatalog::customers`].
    pub async fn next(
        &mut self,
        catalog: &dyn VaultCatalog,
        scope: &VaultAccount,
    ) -> Result<Option<Vec<VaultCustomer>>, VaultError> {
        while !self.is_ended {
            let answer = catalog.customers(scope, self.range()).await;
            if let Took::Customers(customers) = self.take(answer)? {
                return Ok(Some(customers));
            }
        }
        Ok(None)
    }

    fn took(&mut self, page: VaultPage<VaultCustomer>) -> Vec<VaultCustomer> {
        let VaultPage { mut items, more } = page;
        let Some(last) = items.last() else {
            self.is_ended = true;
            return Vec::new();
        };
        let (after, second) = (last.id.clone(), last.created);
        items.retain(|customer| !self.of_this_second.contains(&customer.id));
        if self.to != Some(second) {
            self.of_this_second.clear();
            self.began_again = false;
        }
        let of_this_second = items.iter().filter(|customer| customer.created == second);
        self.of_this_second.extend(of_this_second.map(|customer| customer.id.clone()));
        (self.to, self.after, self.is_ended) = (Some(second), Some(after), !more);
        items
    }
}

#[cfg(test)]
mod tests;
