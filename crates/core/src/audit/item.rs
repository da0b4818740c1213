//! One change, as it is kept.

use std::fmt::Write as _;

use super::{Actor, Facts, Who};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they say what was done")]
pub enum AuditAction {
    AccountCreated,
    AccountChanged,
    VaultKeySet,
    VaultKeyRemoved,
    MasterKeyRotated,
    ApiKeyCreated,
    ApiKeyRevoked,
    CustomerCreated,
    CustomerChanged,
    CustomersLoaded,
    PaymentMethodImported,
    PaymentMethodUpdated,
    PaymentMethodRestored,
    PaymentMethodDeleted,
    DefaultChanged,
    JobCreated,
    JobChanged,
}

impl AuditAction {
    /// All that can be done.
    pub const ALL: [Self; 17] = [
        Self::AccountCreated,
        Self::AccountChanged,
        Self::VaultKeySet,
        Self::VaultKeyRemoved,
        Self::MasterKeyRotated,
        Self::ApiKeyCreated,
        Self::ApiKeyRevoked,
        Self::CustomerCreated,
        Self::CustomerChanged,
        Self::CustomersLoaded,
        Self::PaymentMethodImported,
        Self::PaymentMethodUpdated,
        Self::PaymentMethodRestored,
        Self::PaymentMethodDeleted,
        Self::DefaultChanged,
        Self::JobCreated,
        Self::JobChanged,
    ];

    /// Its name, which is stable: the kind of thing, and what was done with it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account.created",
            Self::AccountChanged => "account.changed",
            Self::VaultKeySet => "vault_key.set",
            Self::VaultKeyRemoved => "vault_key.removed",
            Self::MasterKeyRotated => "master_key.rotated",
            Self::ApiKeyCreated => "api_key.created",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::CustomerCreated => "customer.created",
            Self::CustomerChanged => "customer.changed",
            Self::CustomersLoaded => "customers.loaded",
            Self::PaymentMethodImported => "payment_method.imported",
            Self::PaymentMethodUpdated => "payment_method.updated",
            Self::PaymentMethodRestored => "payment_method.restored",
            Self::PaymentMethodDeleted => "payment_method.deleted",
            Self::DefaultChanged => "payment_method.default_changed",
            Self::JobCreated => "job.created",
            Self::JobChanged => "job.changed",
        }
    }
}

/// One change, as JSON on one line: `action`, `by`, and, where there are such, `request`, `before` and
/// `after`. What it was done to is kept beside it: its id may not be known yet.
///
/// No secret is in it, and of a person nothing but that it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditItem(String);

impl AuditItem {
    /// What the current [`Actor`] does. Facts that there are none of are left out.
    #[must_use]
    pub fn new(action: AuditAction, before: Option<&dyn Facts>, after: Option<&dyn Facts>) -> Self {
        let actor = Actor::current();
        let mut text = String::with_capacity(320);
        text.push_str("{\"action\":\"");
        text.push_str(action.name());
        text.push_str("\",\"by\":");
        match actor.who {
            Who::Key(account, key) => {
                object(&mut text, |out| {
                    out.number("key", key.get());
                    out.number("account", account.get());
                });
            }
            Who::Job(job) => object(&mut text, |out| out.number("job", job.get())),
            Who::Command => text.push_str("\"command\""),
            Who::Program => text.push_str("\"program\""),
        }
        if let Some(request) = &actor.request {
            text.push_str(",\"request\":");
            push_text(&mut text, request);
        }
        for (name, facts) in [("before", before), ("after", after)] {
            if let Some(facts) = facts {
                text.push_str(",\"");
                text.push_str(name);
                text.push_str("\":");
                object(&mut text, |out| facts.tell(out));
            }
        }
        text.push('}');
        Self(text)
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn object(text: &mut String, tell: impl FnOnce(&mut Members<'_>)) {
    text.push('{');
    tell(&mut Members { text, first: true });
    text.push('}');
}

/// The members of an object, one after the other. Names are plain.
#[derive(Debug)]
pub struct Members<'a> {
    text: &'a mut String,
    first: bool,
}

impl Members<'_> {
    /// A number.
    pub fn number(&mut self, name: &'static str, number: i64) {
        self.name(name);
        // Writing to a text does not fail.
        let _written = write!(self.text, "{number}");
    }

    /// A text.
    pub fn text(&mut self, name: &'static str, value: &str) {
        self.name(name);
        push_text(self.text, value);
    }

    /// A text, where there is one.
    pub fn text_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Whether something is so.
    pub fn flag(&mut self, name: &'static str, value: bool) {
        self.name(name);
        self.text.push_str(if value { "true" } else { "false" });
    }

    fn name(&mut self, name: &'static str) {
        if !std::mem::take(&mut self.first) {
            self.text.push(',');
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }
}

/// A JSON string (RFC 8259): the quote, the backslash and control characters are escaped.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\') || c.is_control()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut special = special.chars();
        match special.next() {
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            // Writing to a text does not fail. All control characters are one unit of UTF-16.
            Some(c) => _ = write!(out, "\\u{:04x}", u32::from(c)),
            None => {}
        }
        rest = special.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::account::AccountId;
    use crate::api_key::ApiKeyId;

    struct Name<'a>(&'a str);

    impl Facts for Name<'_> {
        fn tell(&self, out: &mut Members<'_>) {
            out.text("name", self.0);
            out.number("count", -7);
            out.text_if("absent", None);
            out.flag("so", true);
        }
    }

    #[tokio::test]
    async fn a_change_says_who_made_it_in_which_request() {
        let key = ApiKeyId::try_from(3).expect("an id");
        let actor =
            Actor { who: Who::Key(AccountId::DEFAULT, key), request: Some("request-1".into()) };
        let told = async { AuditItem::new(AuditAction::AccountChanged, None, Some(&Name("a"))) };
        let item = actor.does(told).await;
        assert_eq!(
            item.as_str(),
            r#"{"action":"account.changed","by":{"key":3,"account":1},"request":"request-1","after":{"name":"a","count":-7,"so":true}}"#
        );
    }

    proptest! {
        #[test]
        fn any_text_stays_on_one_line(text in any::<String>()) {
            let item = AuditItem::new(AuditAction::AccountChanged, Some(&Name(&text)), None);
            prop_assert!(!item.as_str().contains(|c: char| c.is_control()));
        }
    }
}
