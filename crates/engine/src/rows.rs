//! Working through the rows without an outcome, customer by customer.

use cardlift_core::job::RowPlace;
use cardlift_core::ports::Finding;
use futures_util::stream::{self, TryStreamExt};
use tokio::sync::mpsc;

use crate::group::Group;
use crate::run::{Ended, Run};

/// How many rows are fetched at once.
const PAGE: u32 = 2_000;

/// Where the rows to come begin.
struct Place {
    after: Option<RowPlace>,
    /// How many may still be taken.
    left: u64,
    /// Rows of a customer that may have more on the next page.
    held: Option<Group>,
}

impl Run<'_> {
    /// Works through all rows without an outcome, or as many as there may be.
    pub(crate) async fn work_through_rows(&self, most: Option<u64>) -> Result<(), Ended> {
        let batch = self.engine.settings.batch;
        let (sender, receiver) = mpsc::channel(batch.max(1));
        let reading = async move {
            let sender = sender;
            let groups = self.groups(most);
            let at_once = self.engine.settings.customers_at_once.max(1);
            groups
                .try_for_each_concurrent(at_once, |group| {
                    let sender = sender.clone();
                    async move {
                        for finding in self.read(group).await? {
                            // Where nobody writes any more, writing tells why.
                            if sender.send(finding).await.is_err() {
                                return Err(Ended::Told);
                            }
                        }
                        Ok(())
                    }
                })
                .await
        };
        let (read, written) = tokio::join!(reading, self.write(receiver, batch));
        written.and(read)
    }

    /// Writes what comes, all that is there at once, until nothing more comes.
    async fn write(
        &self,
        mut receiver: mpsc::Receiver<Finding>,
        batch: usize,
    ) -> Result<(), Ended> {
        loop {
            let mut findings = Vec::new();
            if receiver.recv_many(&mut findings, batch.max(1)).await == 0 {
                return Ok(());
            }
            self.settle(findings, Vec::new()).await?;
        }
    }

    /// The rows without an outcome in groups, page by page.
    fn groups(&self, most: Option<u64>) -> impl stream::Stream<Item = Result<Group, Ended>> {
        let start = Place { after: None, left: most.unwrap_or(u64::MAX), held: None };
        let pages = stream::try_unfold(start, async |place| self.next_groups(place).await);
        pages.map_ok(|groups| stream::iter(groups.into_iter().map(Ok))).try_flatten()
    }

    async fn next_groups(&self, place: Place) -> Result<Option<(Vec<Group>, Place)>, Ended> {
        self.goes_on()?;
        let Place { after, left, held } = place;
        let size = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
        let rows = if size == 0 {
            Vec::new()
        } else {
            self.engine.work.pending(&self.lease, after.clone(), size).await?
        };
        let (after, came) = (rows.last().map(|row| row.target.place()).or(after), rows.len());
        let mut rest = held.map(|group| group.rows).unwrap_or_default();
        rest.extend(rows);
        let mut groups = Group::split(rest);
        let left = left.saturating_sub(u64::try_from(came).unwrap_or(u64::MAX));
        if came == 0 {
            let done = Place { after, left: 0, held: None };
            return Ok((!groups.is_empty()).then_some((groups, done)));
        }
        // The last customer's rows may go on on the next page; those who have a page full of them
        // are not waited for.
        let full = groups.last().is_some_and(|group| group.rows.len() >= came.max(2));
        let held = if full { None } else { groups.pop() };
        Ok(Some((groups, Place { after, left, held })))
    }
}
