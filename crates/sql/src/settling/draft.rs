use std::collections::{BTreeMap, HashMap};

use cardlift_core::Timestamp;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::Instrument;
use cardlift_core::job::FailureReason;
use cardlift_core::ports::{Finding, Found, Lease, Settlement};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::row::{NewPaymentMethodRow, line_column};

/// With the account, what makes a payment method one: its customer, and the vault's id of it.
pub type CardKey = (i64, String);

/// What is to be saved, in the order in which everybody takes payment methods: so no two wait for
/// each other.
pub type Cards = BTreeMap<CardKey, NewPaymentMethodRow>;

/// A row that has no outcome yet.
#[derive(Queryable, QueryableByName)]
pub struct OpenRow {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// Whether the account has its customer.
    #[diesel(sql_type = Bool)]
    pub customer_known: bool,
}

/// What becomes of the rows of a settlement that are open, before it is known what there is of
/// the payment methods.
pub struct Draft<'a> {
    pub(super) parts: Vec<Part<'a>>,
    cards: Cards,
}

/// What becomes of a row, or of one of its parts.
pub(super) struct Part<'a> {
    pub(super) finding: &'a Finding,
    pub(super) number: i32,
    pub(super) brings: Brings,
}

pub(super) enum Brings {
    Card(CardKey),
    /// One that an earlier part brings.
    Again(CardKey),
    Nothing(FailureReason, String),
}

impl<'a> Draft<'a> {
    /// What becomes of these rows. Those that are not open are passed over.
    #[must_use]
    pub fn new(lease: &Lease, settlement: &'a Settlement, open: &[OpenRow], at: Timestamp) -> Self {
        let mut open: HashMap<_, _> =
            open.iter().map(|row| (row.line, row.customer_known)).collect();
        let mut draft = Self { parts: Vec::new(), cards: Cards::new() };
        for finding in &settlement.findings {
            // A row is settled once, also where there are two findings of it.
            match open.remove(&line_column(finding.line)) {
                None => {}
                Some(false) => draft.add_unknown_customer(finding),
                Some(true) => draft.add(lease, finding, at),
            }
        }
        draft
    }

    /// What is to be saved, each once.
    #[must_use]
    pub const fn cards(&self) -> &Cards {
        &self.cards
    }

    fn add_unknown_customer(&mut self, finding: &'a Finding) {
        let detail = format!("Customer with id {} not found.", finding.target.customer);
        let brings = Brings::Nothing(FailureReason::CustomerNotFound, detail);
        self.parts.push(Part { finding, number: 0, brings });
    }

    fn add(&mut self, lease: &Lease, finding: &'a Finding, at: Timestamp) {
        match &finding.found {
            Found::Nothing { reason, detail } => {
                let brings = Brings::Nothing(*reason, detail.clone());
                self.parts.push(Part { finding, number: 0, brings });
            }
            Found::Instruments(instruments) => {
                for (number, instrument) in (0..).zip(instruments) {
                    let customer = finding.target.customer;
                    let key = key(customer, instrument);
                    let row = || NewPaymentMethodRow::of_job(lease, customer, instrument, at);
                    let brings = if self.cards.contains_key(&key) {
                        Brings::Again(key)
                    } else {
                        self.cards.insert(key.clone(), row());
                        Brings::Card(key)
                    };
                    self.parts.push(Part { finding, number, brings });
                }
            }
        }
    }
}

fn key(customer: CustomerId, instrument: &Instrument) -> CardKey {
    (customer.get(), instrument.external_card().as_str().to_owned())
}
