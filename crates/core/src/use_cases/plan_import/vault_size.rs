//! About how many customers the vault's account has. The vault does not say. But a page of those
//! made until a moment tells how close together they were made just before it, and where there is
//! nothing after it, how many there are.

use crate::ports::{CustomerRange, VaultCatalog, VaultCustomer, VaultError, VaultPage};
use crate::vault::VaultAccount;

/// How many pages are taken.
const PAGES: u64 = 30;

/// About how many customers an account of the vault has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultSize {
    /// So many.
    pub customers: u64,
    /// How many calls it took to find out.
    pub calls: u64,
}

/// A time, up to the last second of which a page was taken.
struct Stretch {
    from: i64,
    to: i64,
    /// Customers a second at its end.
    density: f64,
    /// How many there are, where the page had all of them.
    exact: Option<u64>,
}

impl VaultSize {
    /// Finds out, in some thirty calls; exactly, where there are no more than a hundred.
    ///
    /// All of time is one stretch at first. The one that seems to have most customers is halved
    /// again and again, so that what is not known of the account is where it counts least.
    ///
    /// # Errors
    /// The first [`VaultError`] that is met.
    pub async fn find(
        catalog: &dyn VaultCatalog,
        scope: &VaultAccount,
    ) -> Result<Self, VaultError> {
        let all = page(catalog, scope, None).await?;
        let newest = all.items.first().map_or(0, |newest| newest.created);
        let mut stretches = vec![Stretch::new(0, newest, &all)];
        let mut calls = 1;
        while calls < PAGES {
            let open = stretches.iter_mut().filter(|stretch| stretch.exact.is_none());
            let Some(largest) = open.max_by(|a, b| a.customers().total_cmp(&b.customers())) else {
                break;
            };
            let middle = largest.from + (largest.to - largest.from) / 2;
            calls += 1;
            let until_middle = page(catalog, scope, Some(middle)).await?;
            let older = Stretch::new(largest.from, middle, &until_middle);
            largest.from = middle + 1;
            stretches.push(older);
        }
        let customers = stretches.iter().map(Stretch::customers).sum();
        Ok(Self { customers: rounded(customers), calls })
    }
}

impl Stretch {
    fn new(from: i64, to: i64, page: &VaultPage<VaultCustomer>) -> Self {
        let within = page.items.iter().filter(|customer| customer.created >= from).count();
        let is_all = within < page.items.len() || !page.more;
        let exact = is_all.then(|| u64::try_from(within).unwrap_or(u64::MAX));
        Self { from, to, density: density(page), exact }
    }

    /// About how many customers it has. Of one that was halved, the newer half keeps its page.
    fn customers(&self) -> f64 {
        match self.exact {
            Some(count) => f64::from(u32::try_from(count).unwrap_or(u32::MAX)),
            None => self.density * seconds((self.to - self.from + 1).max(0)),
        }
    }
}

async fn page(
    catalog: &dyn VaultCatalog,
    scope: &VaultAccount,
    to: Option<i64>,
) -> Result<VaultPage<VaultCustomer>, VaultError> {
    catalog.customers(scope, CustomerRange { from: 0, to, after: None }).await
}

/// Customers a second, around the time of a page.
fn density(page: &VaultPage<VaultCustomer>) -> f64 {
    let (Some(newest), Some(oldest)) = (page.items.first(), page.items.last()) else { return 0.0 };
    let count = u32::try_from(page.items.len()).unwrap_or(u32::MAX);
    f64::from(count) / seconds((newest.created - oldest.created).max(1))
}

fn seconds(seconds: i64) -> f64 {
    // Two moments of the vault are less than 2^32 seconds apart: that is 136 years.
    f64::from(u32::try_from(seconds).unwrap_or(u32::MAX))
}

fn rounded(number: f64) -> u64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "there is no other way from a float; this one is positive and saturates"
    )]
    let whole = number.round() as u64;
    whole
}
