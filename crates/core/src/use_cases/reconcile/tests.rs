mod scan;

use super::*;
use crate::Timestamp;
use crate::account::AccountId;
use crate::card::{Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard};
use crate::instrument::Instrument;
use crate::job::{
    CardChoice, FailureReason, JobOptions, JobRow, JobState, ReadingChoice, RowOutcome, RowTarget,
    Tally,
};
use crate::page::Page;
use crate::payment_method::PaymentMethod;
use crate::ports::{
    Holding, HoldingContent, MockCardVault, MockImportJobStore, MockPaymentMethodStore,
    MockVaultCatalog, VaultCustomer, VaultPage,
};
use crate::vault::VaultAccount;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn job(cards: CardChoice, mode: RunMode) -> Job {
    let reading = ReadingChoice::Cheapest;
    Job {
        account: AccountId::DEFAULT,
        id: JobId::try_from(7).expect("an id"),
        options: JobOptions { vault: VaultAccount::DEFAULT, cards, mode, reading },
        state: JobState::Finished,
        halt: None,
        rows: 1,
        settled: 1,
        tally: Tally::default(),
        canary: None,
        vault_calls: 0,
        created_at: NOW,
        started_at: None,
        finished_at: None,
        updated_at: NOW,
    }
}

fn card(customer: &str, id: &str, year: i64) -> Instrument {
    Instrument::Card(VaultCard {
        external_customer: ExternalCustomerId::parse(customer).expect("an id"),
        external_card: ExternalCardId::parse(id).expect("an id"),
        brand: CardBrand::Visa,
        number: MaskedNumber::from_last_four("4242").expect("four digits"),
        expiry: Expiry::new(11, year).expect("an expiry"),
        holder: HolderName::new("John Doe"),
        address: Address::default(),
        funding: Funding::Credit,
        issuer_country: None,
        fingerprint: None,
    })
}

/// A row that brought this in: line, customer, the vault's, the card, the payment method.
fn row(line: u64, customer: i64, external: &str, card: &str, method: i64) -> JobRow {
    let target = RowTarget {
        external_customer: ExternalCustomerId::parse(external).expect("an id"),
        external_card: (!card.is_empty()).then(|| ExternalCardId::parse(card).expect("an id")),
        customer: CustomerId::try_from(customer).expect("an id"),
        customer_as_given: customer.to_string(),
    };
    JobRow {
        line,
        part: 0,
        target: Some(target),
        outcome: Some(RowOutcome::Imported),
        field: None,
        detail: None,
        payment_method: PaymentMethodId::try_from(method).ok(),
        undone: false,
    }
}

fn ours(id: i64, customer: CustomerId, instrument: Instrument) -> PaymentMethod {
    PaymentMethod {
        id: PaymentMethodId::try_from(id).expect("an id"),
        account: AccountId::DEFAULT,
        customer,
        instrument,
        is_default: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A customer of the vault whose first card is its default.
fn theirs(id: &str, cards: &[Instrument]) -> VaultCustomer {
    let holding = |card: &Instrument| Holding {
        id: card.external_card().to_string(),
        content: HoldingContent::Instrument(card.clone()),
    };
    VaultCustomer {
        id: ExternalCustomerId::parse(id).expect("an id"),
        created: 1,
        email: None,
        metadata: Vec::new(),
        default: cards.first().map(holding),
        holdings: cards.iter().map(holding).collect(),
        sources_complete: true,
    }
}

/// A job's rows, what we have (id, customer, instrument), and a vault with these customers.
fn reconcile(
    rows: Vec<JobRow>,
    here: Vec<(i64, i64, Instrument)>,
    there: Vec<VaultCustomer>,
) -> Reconcile {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_results().returning(move |_, _, _, after, most| {
        let rest = rows.iter().filter(|row| Some((row.line, row.part)) > after);
        Ok(rest.take(usize::try_from(most).expect("a count")).cloned().collect())
    });
    let mut methods = MockPaymentMethodStore::new();
    methods.expect_list().returning(move |_, filter, _, _| {
        let of = here.iter().filter(|(_, customer, _)| *customer == filter.customer.get());
        let items: Vec<_> =
            of.map(|(id, _, card)| ours(*id, filter.customer, card.clone())).collect();
        Ok(Page { total: u64::try_from(items.len()).expect("a count"), items })
    });
    let mut catalog = MockVaultCatalog::new();
    let listed = there.clone();
    catalog
        .expect_customers()
        .returning(move |_, _| Ok(VaultPage { items: listed.clone(), more: false }));
    catalog.expect_customer().returning(move |_, id| {
        let found = there.iter().find(|each| each.id == *id).cloned();
        found.ok_or_else(|| VaultError::CustomerNotFound { message: "No such customer".into() })
    });
    catalog
        .expect_holdings()
        .returning(|_, _, _, _| Ok(VaultPage { items: Vec::new(), more: false }));
    let mut vault = MockCardVault::new();
    vault
        .expect_read()
        .returning(|_, _, _| Err(VaultError::CardNotFound { message: "No such source".into() }));
    Reconcile {
        jobs: Arc::new(jobs),
        payment_methods: Arc::new(methods),
        vault: Arc::new(vault),
        catalog: Arc::new(catalog),
    }
}

async fn found(reconcile: &Reconcile, cards: CardChoice) -> (Reconciled, Vec<Difference>) {
    let mut differences = Vec::new();
    let mut tell = |_, found: Vec<Difference>| {
        differences.extend(found);
        Ok(())
    };
    let compared = reconcile.run(&job(cards, RunMode::Import), &mut tell).await;
    (compared.expect("compared"), differences)
}

fn told(differences: &[Difference]) -> Vec<(u64, Option<&str>, Option<i64>, &DifferenceKind)> {
    differences
        .iter()
        .map(|each| {
            let card = each.external_card.as_ref().map(ExternalCardId::as_str);
            (each.line, card, each.payment_method.map(PaymentMethodId::get), &each.kind)
        })
        .collect()
}

#[tokio::test]
async fn what_is_the_same_here_and_there_is_no_difference() {
    let same = card("cus_1", "card_1", 2030);
    let rows = vec![row(2, 1, "cus_1", "card_1", 10), row(3, 1, "cus_1", "", 10)];
    let reconcile = reconcile(rows, vec![(10, 1, same.clone())], vec![theirs("cus_1", &[same])]);
    let (compared, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!(compared, Reconciled { compared: 2, ..Reconciled::default() });
    assert_eq!(differences, []);
}

#[tokio::test]
async fn a_card_that_only_the_vault_has_is_missing_here() {
    let there = theirs("cus_1", &[card("cus_1", "card_1", 2030)]);
    let rows = vec![row(2, 1, "cus_1", "card_1", 10), row(3, 1, "cus_1", "", 10)];
    let reconcile = reconcile(rows, Vec::new(), vec![there]);
    let (compared, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!(compared.missing_here, 1, "both rows mean the same card");
    let expected = [(2, Some("card_1"), None, &DifferenceKind::MissingHere)];
    assert_eq!(told(&differences), expected);
}

#[tokio::test]
async fn a_default_that_has_moved_on_in_the_vault_is_missing_here() {
    let (old, new) = (card("cus_1", "card_1", 2030), card("cus_1", "card_2", 2031));
    let reconcile = reconcile(
        vec![row(2, 1, "cus_1", "", 10)],
        vec![(10, 1, old.clone())],
        vec![theirs("cus_1", &[new, old])],
    );
    let (_, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    let expected = [(2, Some("card_2"), None, &DifferenceKind::MissingHere)];
    assert_eq!(told(&differences), expected);
}

#[tokio::test]
async fn a_payment_method_that_the_vault_has_no_more_is_missing_there() {
    let here = |id: i64, customer: &str, card_id: &str| (id, id, card(customer, card_id, 2030));
    let rows = vec![
        row(2, 10, "cus_1", "card_1", 10),
        row(3, 11, "cus_gone", "card_2", 11),
        row(4, 12, "cus_1", "pm_3", 12),
    ];
    let here = vec![
        here(10, "cus_1", "card_1"),
        here(11, "cus_gone", "card_2"),
        here(12, "cus_1", "pm_3"),
    ];
    let reconcile = reconcile(rows, here, vec![theirs("cus_1", &[])]);
    let (compared, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!((compared.missing_there, compared.missing_here), (3, 0));
    assert!(differences.iter().all(|each| each.payment_method.is_some()));
}

#[tokio::test]
async fn details_that_differ_are_named_without_their_values() {
    let reconcile = reconcile(
        vec![row(2, 1, "cus_1", "card_1", 10)],
        vec![(10, 1, card("cus_1", "card_1", 2030))],
        vec![theirs("cus_1", &[card("cus_1", "card_1", 2031)])],
    );
    let (_, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    let kind = DifferenceKind::Differs(vec!["expirationYear"]);
    assert_eq!(told(&differences), [(2, Some("card_1"), Some(10), &kind)]);
}

#[tokio::test]
async fn every_card_is_compared_where_a_row_means_every_card() {
    let cards = [card("cus_1", "card_1", 2030), card("cus_1", "card_2", 2030)];
    let second_part = JobRow { part: 1, ..row(2, 1, "cus_1", "", 11) };
    let reconcile = reconcile(
        vec![row(2, 1, "cus_1", "", 10), second_part],
        vec![(10, 1, cards[0].clone())],
        vec![theirs("cus_1", &cards)],
    );
    let (compared, differences) = found(&reconcile, CardChoice::All).await;
    assert_eq!(compared.compared, 2);
    let expected = [(2, Some("card_2"), None, &DifferenceKind::MissingHere)];
    assert_eq!(told(&differences), expected);
}

#[tokio::test]
async fn rows_that_brought_nothing_are_compared_where_the_customer_is_ours() {
    let failed = RowOutcome::Failed(FailureReason::CustomerNotFound);
    let failed = JobRow { outcome: Some(failed), ..row(2, 1, "cus_1", "card_1", 0) };
    let pending = JobRow { outcome: None, ..row(3, 1, "cus_1", "card_1", 0) };
    let there = theirs("cus_1", &[card("cus_1", "card_1", 2030)]);
    let reconcile = reconcile(vec![failed, pending], Vec::new(), vec![there]);
    let (compared, differences) = found(&reconcile, CardChoice::NamedOrDefault).await;
    assert_eq!((compared.compared, compared.missing_here), (1, 1));
    let expected = [(3, Some("card_1"), None, &DifferenceKind::MissingHere)];
    assert_eq!(told(&differences), expected);
}

#[tokio::test]
async fn a_dry_run_has_nothing_to_compare() {
    let reconcile = reconcile(Vec::new(), Vec::new(), Vec::new());
    let job = job(CardChoice::NamedOrDefault, RunMode::DryRun);
    let error = reconcile.run(&job, &mut |_, _| Ok(())).await.expect_err("a dry run");
    assert_eq!(error.to_string(), "Job 7 was a dry run: there is nothing to compare.");
}

#[tokio::test]
async fn what_cannot_be_written_ends_it() {
    let there = theirs("cus_1", &[]);
    let reconcile = reconcile(vec![row(2, 1, "cus_1", "", 0)], Vec::new(), vec![there]);
    let job = job(CardChoice::NamedOrDefault, RunMode::Import);
    let error = reconcile.run(&job, &mut |_, _| Err("full".into())).await;
    assert!(matches!(error, Err(ReconcileError::Told(_))));
}
