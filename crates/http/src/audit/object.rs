use std::fmt;

use cardlift_core::audit::{AuditAction, AuditEntry};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, OneOfBuilder, Type};

use crate::openapi::schema;
use crate::timestamp;

/// A change as the API answers it: these fields, in this order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditEntryObject {
    /// What was changed together, in one transaction, has one.
    pub batch: i64,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// What was done.
    #[schema(schema_with = action)]
    pub action: String,
    /// The id of what was changed, whose kind the action tells. Of loads, vault keys and master keys, the
    /// account's.
    pub subject: i64,
    /// Who changed it.
    #[schema(schema_with = by)]
    pub by: By,
    /// The `X-Request-Id` of the request; null where it came in none.
    #[schema(required)]
    pub request: Option<String>,
    /// What it was before; null where it was not, or that was not looked at. Of a default that moved,
    /// which one had it.
    #[schema(schema_with = facts)]
    pub before: Option<Box<RawValue>>,
    /// What it is from then on; null where it is no more.
    #[schema(schema_with = facts)]
    pub after: Option<Box<RawValue>>,
}

/// Who changed something.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum By {
    /// A caller with this key.
    Key {
        /// The key.
        key: i64,
        /// Whose it is.
        account: i64,
    },
    /// Whoever worked on this job.
    Job {
        /// The job.
        job: i64,
    },
    /// One of [`WORDS`].
    Word(String),
}

/// Who else changes something: a command, and the program by itself; and that nobody can tell.
const WORDS: [&str; 3] = ["command", "program", UNKNOWN];

/// What was done, and by whom, where the trail says nothing that can be understood.
const UNREADABLE: &str = "unreadable";
const UNKNOWN: &str = "unknown";

/// What is kept is no change: somebody has written to the database, past the program. Nothing is told of
/// it, since it may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A change as it is kept.
#[derive(Deserialize)]
struct Item {
    action: String,
    by: By,
    request: Option<String>,
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
}

impl AuditEntryObject {
    /// One that can't be read: that it is there, and of what.
    pub(super) fn unreadable(entry: &AuditEntry) -> Self {
        let item = Item {
            action: UNREADABLE.to_owned(),
            by: By::Word(UNKNOWN.to_owned()),
            request: None,
            before: None,
            after: None,
        };
        Self::new(entry, item)
    }

    fn new(entry: &AuditEntry, item: Item) -> Self {
        let Item { action, by, request, before, after } = item;
        let (batch, at) = (entry.batch.get(), timestamp::text(entry.at));
        Self { batch, at, action, subject: entry.subject, by, request, before, after }
    }
}

impl TryFrom<&AuditEntry> for AuditEntryObject {
    type Error = Unreadable;

    fn try_from(entry: &AuditEntry) -> Result<Self, Unreadable> {
        let item = serde_json::from_str(&entry.item).map_err(|_| Unreadable)?;
        Ok(Self::new(entry, item))
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { key, account } => write!(f, "key {key} of account {account}"),
            Self::Job { job } => write!(f, "job {job}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

fn action() -> ObjectBuilder {
    schema::one_of(AuditAction::ALL.map(AuditAction::name).into_iter().chain([UNREADABLE]))
        .description(Some(
            "What was done. `unreadable`: somebody has written over the entry, past Cardlift; that there \
             is one, and of what, is all that can be told.",
        ))
}

fn by() -> OneOfBuilder {
    let object = |names: &[&'static str]| {
        let object = ObjectBuilder::new().schema_type(Type::Object);
        names
            .iter()
            .fold(object, |object, name| object.property(*name, schema::number()).required(*name))
    };
    OneOfBuilder::new()
        .item(object(&["key", "account"]))
        .item(object(&["job"]))
        .item(schema::one_of(WORDS))
        .description(Some(
            "An API key, by its id and that of its account; whoever worked on a job; `command`; \
             `program`: Cardlift by itself; `unknown`, where the entry can't be read.",
        ))
}

/// What there is to be told of a thing, or null.
fn facts() -> AnyOfBuilder {
    let object = ObjectBuilder::new().schema_type(Type::Object);
    let object = FACTS.iter().fold(object, |object, (of, name)| {
        object.property(*name, ObjectBuilder::new().schema_type(of.clone()))
    });
    AnyOfBuilder::new()
        .item(object.description(Some(
            "What is told of it: of people and keys no name and no text, but which ones are known. What \
             there is none of is left out.",
        )))
        .item(ObjectBuilder::new().schema_type(Type::Null))
}

/// What can be told: of accounts, vault and master keys, API keys, customers, payment methods, jobs, and customers that were loaded.
const FACTS: [(Type, &str); 36] = [
    (Type::String, "name"),
    (Type::String, "mode"),
    (Type::String, "connectedAccount"),
    (Type::Integer, "perMinute"),
    (Type::Integer, "perDay"),
    (Type::Boolean, "makesDefault"),
    (Type::Boolean, "disabled"),
    (Type::String, "masterKey"),
    (Type::Integer, "secrets"),
    (Type::String, "scopes"),
    (Type::String, "expiresAt"),
    (Type::Boolean, "revoked"),
    (Type::String, "status"),
    (Type::String, "known"),
    (Type::String, "changed"),
    (Type::Integer, "parentId"),
    (Type::Integer, "customerId"),
    (Type::Integer, "paymentMethodId"),
    (Type::String, "kind"),
    (Type::String, "stripeCustomerId"),
    (Type::String, "stripeCardId"),
    (Type::String, "brand"),
    (Type::String, "lastFour"),
    (Type::Integer, "expiryMonth"),
    (Type::Integer, "expiryYear"),
    (Type::Boolean, "isDefault"),
    (Type::Boolean, "deleted"),
    (Type::String, "state"),
    (Type::Boolean, "dryRun"),
    (Type::String, "cards"),
    (Type::Integer, "rows"),
    (Type::Integer, "canary"),
    (Type::Integer, "created"),
    (Type::Integer, "updated"),
    (Type::String, "customerIds"),
    (Type::String, "set"),
];
