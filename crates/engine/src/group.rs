//! Reading what the rows of one customer of the vault ask for, in the fewest calls.

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::job::{CardChoice, FailureReason};
use cardlift_core::ports::{Finding, Found, Holding, HoldingKind, PendingRow, VaultError};
use cardlift_core::vault_pages::HoldingPages;

use crate::matching;
use crate::run::{Ended, Run};

/// The rows of one customer of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) customer: ExternalCustomerId,
    pub(crate) rows: Vec<PendingRow>,
}

impl Group {
    /// Rows that come by customer, in groups.
    pub(crate) fn split(rows: Vec<PendingRow>) -> Vec<Self> {
        let mut groups = Vec::<Self>::new();
        for row in rows {
            match groups.last_mut() {
                Some(group) if group.customer == row.target.external_customer => {
                    group.rows.push(row);
                }
                _ => groups
                    .push(Self { customer: row.target.external_customer.clone(), rows: vec![row] }),
            }
        }
        groups
    }
}

impl Run<'_> {
    /// What the vault has for each row of a group. The vault is not asked about rows whose
    /// customer the account does not have.
    pub(crate) async fn read(&self, group: Group) -> Result<Vec<Finding>, Ended> {
        let Group { customer, rows } = group;
        let (known, unknown): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.customer_known);
        let mut findings: Vec<_> = unknown.into_iter().map(without_customer).collect();
        findings.extend(match self.job.options.cards {
            CardChoice::All => self.read_all(&customer, known).await?,
            CardChoice::NamedOrDefault => self.read_named(&customer, known).await?,
        });
        Ok(findings)
    }

    /// Every card of the customer, for each of the rows.
    async fn read_all(
        &self,
        customer: &ExternalCustomerId,
        rows: Vec<PendingRow>,
    ) -> Result<Vec<Finding>, Ended> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let found = match self.list(customer, HoldingKind::Source, |_| false).await? {
            Err(error) => matching::of_error(&error),
            Ok(sources) => self.with_payment_methods(customer, sources).await?,
        };
        Ok(rows.into_iter().map(|row| finding(row, found.clone())).collect())
    }

    /// Every card among these sources and the customer's payment methods. A card of the older ids
    /// is taken from the sources, where it has the shape that it is imported in one by one.
    pub(crate) async fn with_payment_methods(
        &self,
        customer: &ExternalCustomerId,
        mut holdings: Vec<Holding>,
    ) -> Result<Found, Ended> {
        match self.list(customer, HoldingKind::PaymentMethod, |_| false).await? {
            Err(error) => Ok(matching::of_error(&error)),
            Ok(methods) => {
                holdings.extend(methods);
                Ok(matching::every_card(customer, holdings))
            }
        }
    }

    /// The default for rows without a card, and the cards that the others name.
    async fn read_named(
        &self,
        customer: &ExternalCustomerId,
        rows: Vec<PendingRow>,
    ) -> Result<Vec<Finding>, Ended> {
        let (mut findings, mut open) = (Vec::new(), rows);
        if open.iter().any(|row| row.target.external_card.is_none()) {
            let catalog = &self.engine.vault;
            let read = self.ask(|| catalog.customer(&self.scope, customer)).await?;
            let rows = std::mem::take(&mut open);
            match read {
                // It is about the customer, so it holds for each of the rows.
                Err(error) => {
                    return Ok(all(rows, &matching::of_error(&error)));
                }
                Ok(read) => {
                    for row in rows {
                        match matching::in_customer(&read, row.target.external_card.as_ref()) {
                            Some(found) => findings.push(finding(row, found)),
                            None => open.push(row),
                        }
                    }
                }
            }
        }
        for kind in [HoldingKind::Source, HoldingKind::PaymentMethod] {
            let listed = |row: &PendingRow| {
                row.target.external_card.as_ref().is_some_and(|card| card.listed_as() == kind)
            };
            let (mut rows, others): (Vec<_>, Vec<_>) = open.into_iter().partition(listed);
            open = others;
            if rows.len() > 1 {
                rows = self.read_from_list(customer, kind, rows, &mut findings).await?;
            }
            for row in rows {
                findings.push(self.read_one(customer, row).await?);
            }
        }
        Ok(findings)
    }

    /// Adds findings for those of the rows whose cards are on a list; gives the others back.
    async fn read_from_list(
        &self,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        rows: Vec<PendingRow>,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<PendingRow>, Ended> {
        let wanted = |holdings: &[Holding]| {
            rows.iter().all(|row| named(holdings, row.target.external_card.as_ref()).is_some())
        };
        let holdings = match self.list(customer, kind, wanted).await? {
            Ok(holdings) => holdings,
            Err(error) => {
                findings.extend(all(rows, &matching::of_error(&error)));
                return Ok(Vec::new());
            }
        };
        let mut missing = Vec::new();
        for row in rows {
            match named(&holdings, row.target.external_card.as_ref()) {
                Some(holding) => findings.push(finding(row, matching::of_holding(holding))),
                None => missing.push(row),
            }
        }
        Ok(missing)
    }

    async fn read_one(
        &self,
        customer: &ExternalCustomerId,
        row: PendingRow,
    ) -> Result<Finding, Ended> {
        let Some(card) = &row.target.external_card else {
            let found = matching::nothing(FailureReason::NoCard, "the row names no card");
            return Ok(finding(row, found));
        };
        let vault = &self.engine.vault;
        let found = match self.ask(|| vault.read(&self.scope, customer, card)).await? {
            Ok(instrument) => Found::Instruments(vec![instrument]),
            Err(error) => matching::of_error(&error),
        };
        Ok(finding(row, found))
    }

    /// The customer's holdings of a kind, page by page, until there are enough of them.
    pub(crate) async fn list(
        &self,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        enough: impl Fn(&[Holding]) -> bool,
    ) -> Result<Result<Vec<Holding>, VaultError>, Ended> {
        let (catalog, mut pages) = (&self.engine.vault, HoldingPages::default());
        while !pages.is_ended() {
            let next = || catalog.holdings(&self.scope, customer, kind, pages.after());
            let answer = self.ask(next).await?;
            if let Err(error) = pages.take(answer) {
                return Ok(Err(error));
            }
            if enough(pages.holdings()) {
                break;
            }
        }
        Ok(Ok(pages.into_holdings()))
    }
}

pub(crate) fn finding(row: PendingRow, found: Found) -> Finding {
    Finding { line: row.line, target: row.target, found }
}

/// The finding for a row whose customer the account does not have.
pub(crate) fn without_customer(row: PendingRow) -> Finding {
    let detail = format!("Customer with id {} not found.", row.target.customer);
    finding(row, matching::nothing(FailureReason::CustomerNotFound, detail))
}

fn all(rows: Vec<PendingRow>, found: &Found) -> Vec<Finding> {
    rows.into_iter().map(|row| finding(row, found.clone())).collect()
}

fn named<'a>(holdings: &'a [Holding], card: Option<&ExternalCardId>) -> Option<&'a Holding> {
    let card = card?;
    holdings.iter().find(|holding| holding.id == card.as_str())
}
