//! Changes that were made together.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::AuditItem;
use crate::Timestamp;
use crate::account::AccountId;
use crate::id::positive_id;

positive_id! {
    /// The id of a batch, unique over all accounts. It rises, but not in the order of commits.
    AuditBatchId
}

/// Changes of one account that are made in one transaction, to be written with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditBatch {
    /// Whose they are.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    subjects: String,
    items: String,
}

/// Changes of one account that were made in one transaction, byte for byte as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditBatch {
    /// Its id.
    pub id: AuditBatchId,
    /// Whose they are.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// The ids of what was changed, in the order of the items, with commas between; an empty one where
    /// the change was not made after all.
    pub subjects: String,
    /// An [`AuditItem`] a line.
    pub items: String,
}

/// A batch in place of which its digest stands: what its [link](super::AuditLink) is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditBatchDigest {
    /// Its id.
    pub id: AuditBatchId,
    /// Whose it is.
    pub account: AccountId,
    digest: [u8; 32],
}

/// A change in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The batch it is in.
    pub batch: AuditBatchId,
    /// The id of what was changed; its kind is told by the action.
    pub subject: i64,
    /// The change: the JSON of an [`AuditItem`].
    pub item: String,
}

impl NewAuditBatch {
    /// Nothing yet.
    #[must_use]
    pub const fn new(account: AccountId, at: Timestamp) -> Self {
        Self { account, at, subjects: String::new(), items: String::new() }
    }

    /// One change of this.
    #[must_use]
    pub fn one(account: AccountId, at: Timestamp, subject: i64, item: &AuditItem) -> Self {
        let mut batch = Self::new(account, at);
        batch.add(subject, item);
        batch
    }

    /// Adds a change of this.
    pub fn add(&mut self, subject: i64, item: &AuditItem) {
        self.push(&subject.to_string(), item.as_str());
    }

    /// These as one for each account, made at the time of its last; those with nothing in them are
    /// left out.
    #[must_use]
    pub fn joined(batches: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut joined = BTreeMap::<AccountId, Self>::new();
        for batch in batches.into_iter().filter(|batch| !batch.is_empty()) {
            if let Some(there) = joined.get_mut(&batch.account) {
                there.at = there.at.max(batch.at);
                there.push(&batch.subjects, &batch.items);
            } else {
                joined.insert(batch.account, batch);
            }
        }
        joined.into_values().collect()
    }

    /// Whether there is nothing in it: then it is not to be written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What was changed, as it is kept.
    #[must_use]
    pub fn subjects(&self) -> &str {
        &self.subjects
    }

    /// The changes, as they are kept.
    #[must_use]
    pub fn items(&self) -> &str {
        &self.items
    }

    fn push(&mut self, subjects: &str, items: &str) {
        if !self.items.is_empty() {
            self.items.push('\n');
            self.subjects.push(',');
        }
        self.items.push_str(items);
        self.subjects.push_str(subjects);
    }
}

impl AuditBatchDigest {
    /// That of what is in a batch: SHA-256 of its numbers, its subjects, and the
    /// [digest of its items](items_digest).
    #[must_use]
    pub fn new(
        id: AuditBatchId,
        account: AccountId,
        at: Timestamp,
        subjects: &str,
        items: &[u8; 32],
    ) -> Self {
        let mut digest = Sha256::new();
        for number in [id.get(), account.get(), at.timestamp_micros()] {
            digest.update(number.to_be_bytes());
        }
        digest.update(items);
        digest.update(subjects);
        Self { id, account, digest: digest.finalize().into() }
    }

    pub(super) const fn as_bytes(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// SHA-256 of items, as they are kept. It is kept with a batch that waits for its link, so that they need
/// not be read for it.
#[must_use]
pub fn items_digest(items: &str) -> [u8; 32] {
    Sha256::digest(items).into()
}

impl AuditBatch {
    /// What its link is made of.
    #[must_use]
    pub fn digest(&self) -> AuditBatchDigest {
        let items = items_digest(&self.items);
        AuditBatchDigest::new(self.id, self.account, self.at, &self.subjects, &items)
    }

    /// The changes in it that were made.
    pub fn entries(&self) -> impl Iterator<Item = AuditEntry> {
        self.made().map(|(subject, item)| AuditEntry {
            at: self.at,
            batch: self.id,
            subject,
            item: item.to_owned(),
        })
    }

    /// How many they are.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.made().count()
    }

    fn made(&self) -> impl Iterator<Item = (i64, &str)> {
        let told = self.items.lines().zip(self.subjects.split(','));
        told.filter_map(|(item, subject)| Some((subject.parse().ok()?, item)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditAction;

    fn batch(subjects: &str, items: &str) -> AuditBatch {
        AuditBatch {
            id: AuditBatchId::try_from(1).expect("an id"),
            account: AccountId::DEFAULT,
            at: Timestamp::UNIX_EPOCH,
            subjects: subjects.to_owned(),
            items: items.to_owned(),
        }
    }

    #[test]
    fn changes_come_back_but_for_those_that_were_not_made() {
        let item = AuditItem::new(AuditAction::CustomerCreated, None, None);
        let mut new = NewAuditBatch::one(AccountId::DEFAULT, Timestamp::UNIX_EPOCH, 7, &item);
        new.add(8, &item);
        let subjects = |batch: &AuditBatch| batch.entries().map(|e| e.subject).collect::<Vec<_>>();
        assert_eq!(subjects(&batch(new.subjects(), new.items())), [7, 8]);
        assert_eq!(subjects(&batch(",8", new.items())), [8]);
    }

    #[test]
    fn what_is_committed_together_is_one_batch_of_each_account() {
        let item = AuditItem::new(AuditAction::CustomerCreated, None, None);
        let at = |seconds| Timestamp::from_timestamp(seconds, 0).expect("an instant");
        let other = AccountId::try_from(2).expect("an id");
        let one =
            |account, seconds, subject| NewAuditBatch::one(account, at(seconds), subject, &item);
        let nothing = NewAuditBatch::new(AccountId::try_from(3).expect("an id"), at(0));
        let batches = [one(other, 1, 7), one(AccountId::DEFAULT, 3, 8), nothing, one(other, 2, 9)];
        let joined = NewAuditBatch::joined(batches);
        let told = joined.iter().map(|batch| (batch.account, batch.at, batch.subjects()));
        let expected = [(AccountId::DEFAULT, at(3), "8"), (other, at(2), "7,9")];
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!(joined[1].items(), format!("{0}\n{0}", item.as_str()));
    }

    /// It is kept with what waits. Made with another implementation.
    #[test]
    fn the_digest_of_items_stays_what_it_was() {
        let items = "{\"action\":\"customer.created\",\"by\":\"command\"}\n\
                     {\"action\":\"customer.changed\",\"by\":\"program\"}";
        let digest = items_digest(items).map(|byte| format!("{byte:02x}"));
        assert_eq!(
            digest.concat(),
            "2939b50a2b426ca75d323888968e0777183b29347e66a1f652e23f29965eee36"
        );
    }

    #[test]
    fn whatever_is_changed_changes_the_digest() {
        let digest = batch("1,2", "a\nb").digest();
        for other in [batch("1", "a\nb"), batch("1,2", "a\nc"), batch("1,2a", "\nb")] {
            assert_ne!(other.digest(), digest, "{other:?}");
        }
        let id = AuditBatchId::try_from(2).expect("an id");
        assert_ne!(AuditBatch { id, ..batch("1,2", "a\nb") }.digest(), digest);
    }
}
