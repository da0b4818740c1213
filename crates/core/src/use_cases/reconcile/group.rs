//! The rows of one customer of the vault, compared.

use std::collections::BTreeSet;

use super::details::differing;
use super::rows::Row;
use super::vault_side::{There, VaultSide};
use super::{Difference, DifferenceKind, Reconcile, ReconcileError};
use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::job::{CardChoice, Job};
use crate::page::{PageRequest, SortOrder};
use crate::payment_method::{PaymentMethod, PaymentMethodId};
use crate::ports::{PaymentMethodFilter, StoreError};

/// What is not the same here and there, each thing once.
pub(super) async fn compare(
    with: &Reconcile,
    job: &Job,
    mut there: VaultSide<'_>,
    mut rows: Vec<Row>,
) -> Result<Vec<Difference>, ReconcileError> {
    rows.sort_unstable_by_key(|row| (row.customer, row.line, row.part));
    let mut differences = Vec::new();
    let mut here = Here::default();
    for row in rows {
        if here.customer != Some(row.customer) {
            here = Here::of(with, job, row.customer).await?;
        }
        let checked = match row.payment_method {
            Some(id) => here.check(&mut there, id).await?,
            None => None,
        };
        let told = checked.is_some();
        differences.extend(checked.map(|(card, kind)| Difference {
            external_card: Some(card),
            payment_method: row.payment_method,
            ..blank(&row, &there.id, kind)
        }));
        // What the row asks for is the same for each of its parts.
        if row.part > 0 {
            continue;
        }
        let meant = match (job.options.cards, &row.external_card) {
            (CardChoice::All, _) => there.every_card().await?,
            (CardChoice::NamedOrDefault, Some(card)) => vec![there.card(card).await?],
            (CardChoice::NamedOrDefault, None) => vec![there.default().await?],
        };
        for meant in meant {
            if told && matches!(meant, There::Unclear) {
                continue;
            }
            let kind = here.lacks(&there.id, &meant);
            differences.extend(kind.map(|(external_card, kind)| Difference {
                external_card: external_card.or_else(|| row.external_card.clone()),
                ..blank(&row, &there.id, kind)
            }));
        }
    }
    Ok(differences)
}

fn blank(row: &Row, external_customer: &ExternalCustomerId, kind: DifferenceKind) -> Difference {
    Difference {
        line: row.line,
        customer: row.customer,
        external_customer: external_customer.clone(),
        external_card: None,
        payment_method: None,
        kind,
    }
}

/// What we have of one customer, and what was told of it already.
#[derive(Default)]
struct Here {
    customer: Option<CustomerId>,
    payment_methods: Vec<PaymentMethod>,
    checked: BTreeSet<PaymentMethodId>,
    lacking: BTreeSet<Option<ExternalCardId>>,
}

impl Here {
    async fn of(with: &Reconcile, job: &Job, customer: CustomerId) -> Result<Self, StoreError> {
        let filter = PaymentMethodFilter { customer, kind: None };
        let (mut payment_methods, mut number) = (Vec::new(), 0);
        while let Some(page) = PageRequest::new(number, PageRequest::LARGEST) {
            let order = SortOrder::Ascending;
            let found = with.payment_methods.list(job.account, filter, order, page).await?;
            let ended = found.items.is_empty();
            payment_methods.extend(found.items);
            let have = u64::try_from(payment_methods.len()).unwrap_or(u64::MAX);
            if ended || have >= found.total {
                break;
            }
            number += 1;
        }
        Ok(Self { customer: Some(customer), payment_methods, ..Self::default() })
    }

    /// What is not the same of a payment method that is still there.
    async fn check(
        &mut self,
        there: &mut VaultSide<'_>,
        id: PaymentMethodId,
    ) -> Result<Option<(ExternalCardId, DifferenceKind)>, ReconcileError> {
        let ours = self.payment_methods.iter().find(|ours| ours.id == id);
        let Some(ours) = ours.filter(|_| self.checked.insert(id)) else { return Ok(None) };
        let card = ours.instrument.external_card();
        let kind = match there.card(card).await? {
            There::Gone => DifferenceKind::MissingThere,
            There::Unclear => unreadable(),
            There::Is(theirs) => match differing(&ours.instrument, &theirs) {
                same if same.is_empty() => return Ok(None),
                names => DifferenceKind::Differs(names),
            },
        };
        Ok(Some((card.clone(), kind)))
    }

    /// What is to be told of a card that a row means, where there is no payment method of it.
    fn lacks(
        &mut self,
        customer: &ExternalCustomerId,
        there: &There,
    ) -> Option<(Option<ExternalCardId>, DifferenceKind)> {
        let (card, kind) = match there {
            There::Gone => return None,
            There::Unclear => (None, unreadable()),
            There::Is(theirs) => {
                let card = theirs.external_card();
                let is_it = |ours: &PaymentMethod| {
                    ours.instrument.external_card() == card
                        && ours.instrument.external_customer() == customer
                };
                if self.payment_methods.iter().any(is_it) {
                    return None;
                }
                (Some(card.clone()), DifferenceKind::MissingHere)
            }
        };
        self.lacking.insert(card.clone()).then_some((card, kind))
    }
}

fn unreadable() -> DifferenceKind {
    DifferenceKind::Differs(vec!["unreadable"])
}
