//! The ways to read the vault, and what each costs.

use std::time::Duration;

use super::{CardChoice, ReadingChoice};
use crate::ports::Wanted;

/// How many customers a call of the list carries.
const CUSTOMERS_A_CALL: u64 = 100;

/// How many calls the vault takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Calls a second in all.
    pub overall: f64,
    /// Calls a second to one endpoint.
    pub per_endpoint: f64,
}

impl Rates {
    /// What Stripe takes unless it was asked for more.
    pub const STRIPE: Self = Self { overall: 100.0, per_endpoint: 25.0 };
}

/// A way to read the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One call a card.
    Cards,
    /// One list a customer.
    Customers,
    /// The whole account, a hundred customers a call.
    Scan,
}

/// What a way costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayEstimate {
    /// The way.
    pub way: Way,
    /// About so many calls.
    pub calls: u64,
    /// They take about so long, at the rates that the vault takes.
    pub time: Duration,
}

/// Each way with its cost, and the one that a job takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is wanted.
    pub wanted: Wanted,
    /// About how many customers the vault's account has; `None` where it was not looked at.
    pub vault_customers: Option<u64>,
    /// Each way.
    pub ways: Vec<WayEstimate>,
    /// The one that is taken.
    pub chosen: Way,
}

impl Way {
    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Customers => "customers",
            Self::Scan => "scan",
        }
    }
}

impl Plan {
    /// The plan for what is wanted of an account of about so many customers.
    #[must_use]
    pub fn new(
        wanted: Wanted,
        vault_customers: Option<u64>,
        cards: CardChoice,
        reading: ReadingChoice,
        rates: Rates,
    ) -> Self {
        let Wanted { rows, customers, lists } = wanted;
        // To see every card of a customer, its sources and its payment methods are listed.
        let (by_card, by_customer, beside_scan) = match cards {
            CardChoice::NamedOrDefault => (Some(rows), lists, 0),
            CardChoice::All => (None, customers * 2, customers),
        };
        let scan = vault_customers.map(|count| count.div_ceil(CUSTOMERS_A_CALL) + beside_scan);
        let ways = [(Way::Cards, by_card), (Way::Customers, Some(by_customer)), (Way::Scan, scan)];
        let estimate = |(way, calls): (Way, Option<u64>)| {
            calls.map(|calls| WayEstimate { way, calls, time: rates.time(calls) })
        };
        let ways: Vec<_> = ways.into_iter().filter_map(estimate).collect();
        let chosen = match reading {
            ReadingChoice::Scan => Way::Scan,
            // Of two that cost the same, the one that asks for nothing that is not wanted.
            ReadingChoice::Cheapest if scan.is_some_and(|scan| scan < by_customer) => Way::Scan,
            ReadingChoice::Customers | ReadingChoice::Cheapest => Way::Customers,
        };
        Self { wanted, vault_customers, ways, chosen }
    }

    /// Whether it pays to look how many customers the vault has, which takes some calls itself.
    #[must_use]
    pub const fn is_worth_looking(wanted: Wanted, reading: ReadingChoice) -> bool {
        matches!(reading, ReadingChoice::Cheapest) && wanted.lists > 500
    }
}

impl Rates {
    /// How long so many calls to one endpoint take.
    fn time(self, calls: u64) -> Duration {
        let rate = self.per_endpoint.min(self.overall).max(0.001);
        // A count of calls that a float can't hold exactly takes longer than anyone waits.
        let calls = f64::from(u32::try_from(calls).unwrap_or(u32::MAX));
        Duration::from_secs_f64(calls / rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLION: Wanted = Wanted { rows: 1_000_000, customers: 800_000, lists: 900_000 };

    fn plan(wanted: Wanted, vault: Option<u64>, reading: ReadingChoice) -> Plan {
        Plan::new(wanted, vault, CardChoice::NamedOrDefault, reading, Rates::STRIPE)
    }

    #[test]
    fn a_million_cards_are_scanned() {
        let plan = plan(MILLION, Some(1_200_000), ReadingChoice::Cheapest);
        assert_eq!(plan.chosen, Way::Scan);
        let calls: Vec<_> = plan.ways.iter().map(|way| (way.way.name(), way.calls)).collect();
        assert_eq!(calls, [("cards", 1_000_000), ("customers", 900_000), ("scan", 12_000)]);
        assert_eq!(plan.ways[0].time, Duration::from_secs(40_000));
    }

    #[test]
    fn a_few_cards_of_a_large_account_are_read_by_themselves() {
        let few = Wanted { rows: 900, customers: 800, lists: 800 };
        assert_eq!(plan(few, Some(1_000_000), ReadingChoice::Cheapest).chosen, Way::Customers);
        assert!(Plan::is_worth_looking(few, ReadingChoice::Cheapest));
        assert!(!Plan::is_worth_looking(few, ReadingChoice::Scan));
    }

    #[test]
    fn what_somebody_chose_is_done() {
        assert_eq!(plan(MILLION, Some(1), ReadingChoice::Customers).chosen, Way::Customers);
        assert_eq!(plan(MILLION, None, ReadingChoice::Scan).chosen, Way::Scan);
        assert_eq!(plan(MILLION, None, ReadingChoice::Cheapest).chosen, Way::Customers);
    }

    #[test]
    fn every_card_of_a_customer_takes_a_list_beside_the_scan() {
        let plan = Plan::new(
            MILLION,
            Some(1_000_000),
            CardChoice::All,
            ReadingChoice::Cheapest,
            Rates::STRIPE,
        );
        let calls: Vec<_> = plan.ways.iter().map(|way| way.calls).collect();
        assert_eq!(calls, [1_600_000, 810_000]);
    }
}
