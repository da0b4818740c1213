//! Deleting what a job brought in.

use crate::run::{Ended, Run};

/// How many rows are looked at in one step.
const STEP: u32 = 2_000;

impl Run<'_> {
    /// Deletes what the job brought in, again until there is nothing more to delete: a default
    /// goes when those beside it are gone.
    pub(crate) async fn undo(&self) -> Result<(), Ended> {
        while self.undo_once().await? > 0 {}
        Ok(())
    }

    /// Goes through the rows once, and says how many payment methods were deleted.
    async fn undo_once(&self) -> Result<u64, Ended> {
        let (mut after, mut deleted) = (None, 0);
        loop {
            self.goes_on()?;
            let (work, now) = (&self.engine.work, self.engine.clock.now());
            let step = work.undo(&self.lease, after, STEP, now).await?;
            self.note(step.state);
            metrics::counter!("cardlift_job_undone_total").increment(step.deleted);
            deleted += step.deleted;
            if step.last.is_none() {
                return Ok(deleted);
            }
            after = step.last;
        }
    }
}
