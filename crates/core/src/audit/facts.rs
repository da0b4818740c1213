//! What the trail says of a thing: enough to tell what was changed. It never holds a secret, and of
//! people no name, no address and no text that they wrote, but whether there is one.

use super::item::Members;
use crate::account::Account;
use crate::api_key::ApiKey;
use crate::customer::{CustomerProfile, CustomerStatus, TextField};
use crate::external_id::ConnectedAccountId;
use crate::instrument::Instrument;
use crate::job::{Job, RunMode};
use crate::payment_method::DefaultChoice;
use crate::sealed::SealedSecret;
use crate::vault::VaultMode;

/// What is told of a thing.
pub trait Facts {
    /// Tells it.
    fn tell(&self, out: &mut Members<'_>);
}

/// What is told of an account.
#[derive(Debug)]
pub struct AccountFacts<'a>(pub &'a Account);

impl Facts for AccountFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        let account = self.0;
        out.text("name", account.name.as_str());
        out.text_if("mode", account.mode.map(VaultMode::name));
        let connected = account.connected_account.as_ref().map(ConnectedAccountId::as_str);
        out.text_if("connectedAccount", connected);
        let limits = account.limits;
        for (name, limit) in [("perMinute", limits.per_minute), ("perDay", limits.per_day)] {
            if let Some(limit) = limit {
                out.number(name, limit.into());
            }
        }
        out.flag("makesDefault", account.default_choice == DefaultChoice::MakeDefault);
        out.flag("disabled", account.disabled_at.is_some());
    }
}

/// What is told of an API key: nothing that it is made of. What it is called may be somebody's name.
#[derive(Debug)]
pub struct ApiKeyFacts<'a>(pub &'a ApiKey);

impl Facts for ApiKeyFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        let key = self.0;
        out.text("scopes", &key.scopes.to_string());
        if let Some(expires_at) = key.expires_at {
            out.text("expiresAt", &expires_at.to_rfc3339());
        }
        out.flag("revoked", key.revoked_at.is_some());
    }
}

/// What is told of a customer: where it stands, and what is known of it, but not what that is.
#[derive(Debug)]
pub struct CustomerFacts<'a> {
    /// Where it stands.
    pub status: CustomerStatus,
    /// What is known.
    pub profile: &'a CustomerProfile,
    /// What differs from what was known before, where that is known.
    pub before: Option<&'a CustomerProfile>,
}

impl Facts for CustomerFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        out.text("status", self.status.name());
        let (mut known, mut changed) = (Vec::new(), Vec::new());
        for TextField { name, get, .. } in CustomerProfile::TEXTS {
            let now = get(self.profile);
            if self.before.is_some_and(|before| get(before) != now) {
                changed.push(name);
            }
            if now.is_some() {
                known.push(name);
            }
        }
        out.text("known", &known.join(","));
        if self.before.is_some() {
            out.text("changed", &changed.join(","));
        }
        if let Some(parent) = self.profile.parent {
            out.number("parentId", parent.get());
        }
    }
}

/// What is told of a payment method.
#[derive(Debug, Clone, Copy)]
pub struct PaymentMethodFacts<'a> {
    /// The customer who pays with it.
    pub customer: i64,
    /// `card` or `bank_account`.
    pub kind: &'a str,
    /// The vault's id of its customer.
    pub external_customer: &'a str,
    /// The vault's id of it.
    pub external_card: &'a str,
    /// Of a card.
    pub brand: Option<&'a str>,
    /// Digits that anybody may see.
    pub last_four: &'a str,
    /// Month and year, of a card.
    pub expiry: Option<(i64, i64)>,
    /// Whether it is its customer's default.
    pub is_default: bool,
    /// Whether it is deleted.
    pub deleted: bool,
}

impl<'a> PaymentMethodFacts<'a> {
    /// The same of an instrument, whose last digits are given as they are kept.
    #[must_use]
    pub fn new(
        customer: i64,
        instrument: &'a Instrument,
        last_four: &'a str,
        is_default: bool,
    ) -> Self {
        let (brand, expiry) = match instrument {
            Instrument::Card(card) => {
                let expiry = (card.expiry.month().into(), card.expiry.year().into());
                (Some(card.brand.name()), Some(expiry))
            }
            Instrument::BankAccount(_) => (None, None),
        };
        Self {
            customer,
            kind: instrument.kind().name(),
            external_customer: instrument.external_customer().as_str(),
            external_card: instrument.external_card().as_str(),
            brand,
            last_four,
            expiry,
            is_default,
            deleted: false,
        }
    }
}

impl Facts for PaymentMethodFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        out.number("customerId", self.customer);
        out.text("kind", self.kind);
        out.text("stripeCustomerId", self.external_customer);
        out.text("stripeCardId", self.external_card);
        out.text_if("brand", self.brand);
        out.text("lastFour", self.last_four);
        if let Some((month, year)) = self.expiry {
            out.number("expiryMonth", month);
            out.number("expiryYear", year);
        }
        for (name, is) in [("isDefault", self.is_default), ("deleted", self.deleted)] {
            if is {
                out.flag(name, true);
            }
        }
    }
}

/// What is told of the payment method that was the default: its id, by which it is found in the trail.
#[derive(Debug, Clone, Copy)]
pub struct FormerDefaultFacts(pub i64);

impl Facts for FormerDefaultFacts {
    fn tell(&self, out: &mut Members<'_>) {
        out.number("paymentMethodId", self.0);
    }
}

/// What is told of a job.
#[derive(Debug)]
pub struct JobFacts<'a>(pub &'a Job);

impl Facts for JobFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        let job = self.0;
        out.text("state", job.state.name());
        out.flag("dryRun", job.options.mode == RunMode::DryRun);
        out.text("cards", job.options.cards.name());
        for (name, count) in [("rows", Some(job.rows)), ("canary", job.canary)] {
            if let Some(count) = count {
                out.number(name, i64::try_from(count).unwrap_or(i64::MAX));
            }
        }
    }
}

/// What is told of a secret: which master key it is sealed under.
#[derive(Debug)]
pub struct SealedFacts<'a>(pub &'a SealedSecret);

impl Facts for SealedFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        out.text("masterKey", self.0.master_key.as_str());
    }
}

/// What is told of master keys: what they are told by, and how many secrets were sealed anew under the
/// one that they are sealed under now.
#[derive(Debug, Clone, Copy)]
pub struct MasterKeyFacts<'a> {
    /// The ids, with commas between.
    pub ids: &'a str,
    /// How many secrets.
    pub secrets: Option<u64>,
}

impl Facts for MasterKeyFacts<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        out.text("masterKey", self.ids);
        if let Some(secrets) = self.secrets {
            out.number("secrets", i64::try_from(secrets).unwrap_or(i64::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditAction, AuditItem};

    fn told(facts: &dyn Facts) -> String {
        AuditItem::new(AuditAction::CustomerChanged, None, Some(facts)).as_str().to_owned()
    }

    #[test]
    fn of_a_customer_it_is_told_what_is_known_and_what_changed_but_not_what_that_is() {
        let named = |first: &str| CustomerProfile {
            first_name: Some(first.to_owned()),
            primary_email: Some("ana@example.com".to_owned()),
            ..CustomerProfile::default()
        };
        let (before, profile) = (named("Ana"), named("Eva"));
        let status = CustomerStatus::Active;
        let told = told(&CustomerFacts { status, profile: &profile, before: Some(&before) });
        assert!(told.ends_with(
            r#""after":{"status":"Active","known":"firstName,primaryEmail","changed":"firstName"}}"#
        ), "{told}");
    }
}
