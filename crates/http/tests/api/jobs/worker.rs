//! A worker that is at a job.

use cardlift_core::external_id::ExternalCardId;
use cardlift_core::job::{FailureReason, RunMode};
use cardlift_core::ports::{
    Clock as _, Finding, Found, JobQueue as _, JobWork as _, Lease, Leave, PendingRow, Settlement,
    WorkerId,
};
use chrono::TimeDelta;

use crate::harness::{World, visa};

pub(super) struct Worker<'a> {
    world: &'a World,
    lease: Lease,
}

impl<'a> Worker<'a> {
    /// One that takes the oldest job that has work.
    pub(super) async fn new(world: &'a World) -> Self {
        let at = world.clock.now();
        let until = at + TimeDelta::seconds(60);
        let taken = world.stores.acquire(&WorkerId("test".into()), None, at, until).await;
        let (lease, _) = taken.expect("asked").expect("a job");
        Self { world, lease }
    }

    /// Settles so many rows: all cards are found but `card_2`.
    pub(super) async fn settle(&self, most: u32) {
        let stores = &self.world.stores;
        let rows = stores.pending(&self.lease, None, most).await.expect("rows");
        let findings = rows.into_iter().map(finding).collect();
        let settlement = Settlement { findings, pieces: Vec::new(), vault_calls: 1 };
        let at = self.world.clock.now();
        let settled = stores.settle(&self.lease, RunMode::Import, &settlement, at).await;
        settled.expect("settled");
    }

    /// Deletes what the job brought in.
    pub(super) async fn undo(&self) {
        let at = self.world.clock.now();
        self.world.stores.undo(&self.lease, None, 100, at).await.expect("undone");
    }

    pub(super) async fn leave(self, how: Leave) {
        let at = self.world.clock.now();
        self.world.stores.leave(&self.lease, how, at).await.expect("left");
    }
}

fn finding(row: PendingRow) -> Finding {
    let customer = row.target.external_customer.clone();
    let default = || ExternalCardId::parse("card_default").expect("an id");
    let card = row.target.external_card.clone().unwrap_or_else(default);
    let found = if card.as_str() == "card_2" {
        let detail = "No such source: 'card_2'".to_owned();
        Found::Nothing { reason: FailureReason::CardNotFound, detail }
    } else {
        Found::Instruments(vec![visa(customer, card).into()])
    };
    Finding { line: row.line, target: row.target, found }
}
