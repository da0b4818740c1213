//! Reading the whole of the vault's account, a hundred customers a call.

use std::collections::HashMap;
use std::time::Duration;

use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{CardChoice, HaltReason, ScanPiece};
use cardlift_core::ports::{
    CustomerRange, Finding, HoldingKind, PendingRow, VaultCustomer, VaultError,
};
use cardlift_core::vault_pages::{CustomerPages, Took};
use futures_util::future::try_join_all;
use tokio::time::Instant;

use crate::board::Board;
use crate::group::{finding, without_customer};
use crate::matching;
use crate::run::{Ended, Run};

/// How long a lane reads before it writes, so that little is lost in a crash where calls are slow.
const READING: Duration = Duration::from_millis(500);

impl Run<'_> {
    /// Reads the account in several lanes, and settles the rows that it has cards for. What it
    /// does not have, or not in these lists, stays without an outcome.
    pub(crate) async fn scan(&self, pieces: Vec<ScanPiece>) -> Result<(), Ended> {
        let board = Board::new(pieces);
        let lanes = (0..self.engine.settings.lanes.max(1)).map(|_| self.lane(&board));
        try_join_all(lanes).await.map(|_| ())
    }

    async fn lane(&self, board: &Board) -> Result<(), Ended> {
        while let Some(piece) = board.take().await {
            self.read_piece(board, piece).await?;
            board.finished();
        }
        Ok(())
    }

    async fn read_piece(&self, board: &Board, mut piece: ScanPiece) -> Result<(), Ended> {
        while !piece.done {
            let customers = self.read_on(board, &mut piece).await?;
            let oldest = customers.last().map(|customer| customer.created);
            let findings = self.findings(customers).await?;
            let up_to = oldest.or(piece.to).filter(|_| !piece.done);
            let cut = up_to.map_or_else(Vec::new, |up_to| board.cut(&mut piece, up_to));
            let written = std::iter::once(piece.clone()).chain(cut.iter().cloned()).collect();
            self.settle(findings, written).await?;
            board.add(cut);
        }
        Ok(())
    }

    /// Some pages of a piece; one, where lanes wait for a part of it.
    async fn read_on(
        &self,
        board: &Board,
        piece: &mut ScanPiece,
    ) -> Result<Vec<VaultCustomer>, Ended> {
        let (mut customers, began) = (Vec::new(), Instant::now());
        let (from, to) = (piece.from, piece.to);
        // What comes twice has its outcome the second time.
        let mut pages =
            CustomerPages::going_on(CustomerRange { from, to, after: piece.after.as_ref() });
        while !piece.done && customers.len() < self.engine.settings.batch {
            customers.extend(self.page(&mut pages).await?);
            let CustomerRange { to, after, .. } = pages.range();
            (piece.to, piece.after, piece.done) = (to, after.cloned(), pages.is_ended());
            if board.waiting() > 0 || began.elapsed() > READING {
                break;
            }
        }
        Ok(customers)
    }

    async fn page(&self, pages: &mut CustomerPages) -> Result<Vec<VaultCustomer>, Ended> {
        loop {
            let catalog = &self.engine.vault;
            let answer = self.ask(|| catalog.customers(&self.scope, pages.range())).await?;
            match pages.take(answer) {
                Ok(Took::Customers(customers)) => return Ok(customers),
                Ok(Took::Nothing) => {}
                Err(error) => {
                    unlisted(&error)?;
                    pages.give_up();
                    return Ok(Vec::new());
                }
            }
        }
    }

    /// What there is for the rows that ask for something of these customers.
    async fn findings(&self, customers: Vec<VaultCustomer>) -> Result<Vec<Finding>, Ended> {
        if customers.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = customers.iter().map(|customer| customer.id.clone()).collect();
        let rows = self.engine.work.pending_of(&self.lease, &ids).await?;
        let mut by_id: HashMap<&ExternalCustomerId, &VaultCustomer> = HashMap::new();
        by_id.extend(customers.iter().map(|customer| (&customer.id, customer)));
        let mut findings = Vec::with_capacity(rows.len());
        for row in rows {
            if !row.customer_known {
                findings.push(without_customer(row));
            } else if let Some(customer) = by_id.get(&row.target.external_customer) {
                findings.extend(self.finding_in(customer, row).await?);
            }
        }
        Ok(findings)
    }

    async fn finding_in(
        &self,
        customer: &VaultCustomer,
        row: PendingRow,
    ) -> Result<Option<Finding>, Ended> {
        let found = match self.job.options.cards {
            CardChoice::NamedOrDefault => {
                matching::in_customer(customer, row.target.external_card.as_ref())
            }
            CardChoice::All => {
                let sources = if customer.sources_complete {
                    Ok(customer.holdings.clone())
                } else {
                    self.list(&customer.id, HoldingKind::Source, |_| false).await?
                };
                Some(match sources {
                    Ok(sources) => self.with_payment_methods(&customer.id, sources).await?,
                    Err(error) => matching::of_error(&error),
                })
            }
        };
        Ok(found.map(|found| finding(row, found)))
    }
}

/// What to do without a page. One that can't be understood ends its piece: the rows of those who are
/// on it, or after it, are read by themselves.
fn unlisted(error: &VaultError) -> Result<(), Ended> {
    tracing::warn!(%error, "some of the vault's customers can't be listed");
    match error {
        VaultError::Unavailable { .. } | VaultError::Throttled { .. } => {
            Err(Ended::Halted(HaltReason::VaultUnavailable))
        }
        VaultError::Unreadable { .. } => Ok(()),
        _ => Err(Ended::Halted(HaltReason::VaultUnreadable)),
    }
}
