//! Deleting what a job brought in.

use crate::run::{Ended, Run};

/// How many rows are looked at in one step.
const STEP: u32 = 2_000;

impl Run<'_> {
    pub(crate) async fn undo(&self) -> Result<(), Ended> {
        let mut after = None;
        loop {
            self.goes_on()?;
            let (work, now) = (&self.engine.work, self.engine.clock.now());
            let step = work.undo(&self.lease, after, STEP, now).await?;
            self.note(step.state);
            metrics::counter!("cardlift_job_undone_total").increment(step.deleted);
            if step.last.is_none() {
                return Ok(());
            }
            after = step.last;
        }
    }
}
