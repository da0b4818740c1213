//! Pages of payment methods, and single ones.

use cardlift_core::instrument::InstrumentKind;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::payment_method::PaymentMethodId;
use cardlift_core::ports::{PaymentMethodFilter, PaymentMethodStore};

use super::Subject;
use super::data::{
    ACCOUNT, bank_account, card, customer_id, load_customers, other_account, payment_method,
};
use super::payment_methods::save;

/// Cards a, c, e and bank accounts b, d of customer 1, in this order; their ids.
async fn five(stores: &Subject) -> Vec<PaymentMethodId> {
    load_customers(stores, ACCOUNT, 2).await;
    let mut ids = Vec::new();
    for (second, id) in (0..).zip(["a", "b", "c", "d", "e"]) {
        let new = match id {
            "b" | "d" => payment_method(1, bank_account(id)),
            _ => payment_method(1, card(id)),
        };
        ids.push(save(stores, &new, second).await.payment_method.id);
    }
    save(stores, &payment_method(2, card("x")), 9).await;
    ids
}

/// The ids on a page, and how many there are on all.
async fn page(
    stores: &Subject,
    kind: Option<InstrumentKind>,
    order: SortOrder,
    (number, size): (u32, u32),
) -> (Vec<PaymentMethodId>, u64) {
    let filter = PaymentMethodFilter { customer: customer_id(1), kind };
    let page = PageRequest::new(number, size).expect("a page");
    let page = PaymentMethodStore::list(stores.as_ref(), ACCOUNT, filter, order, page).await;
    let page = page.expect("listed");
    (page.items.iter().map(|method| method.id).collect(), page.total)
}

/// The pages together are the list, each once, and one beyond the end is empty.
pub async fn a_list_comes_in_pages(stores: Subject) {
    let ids = five(&stores).await;
    for (number, expected) in [(0, &ids[0..2]), (1, &ids[2..4]), (2, &ids[4..]), (3, &[])] {
        let (found, total) = page(&stores, None, SortOrder::Ascending, (number, 2)).await;
        assert_eq!((found.as_slice(), total), (expected, 5));
    }
    let (found, total) = page(&stores, None, SortOrder::Ascending, (u32::MAX, 1_000)).await;
    assert_eq!((found.len(), total), (0, 5));
}

/// The newest first is the same list from its end.
pub async fn a_list_runs_either_way(stores: Subject) {
    let ids = five(&stores).await;
    let (found, _) = page(&stores, None, SortOrder::Descending, (0, 2)).await;
    assert_eq!(found, [ids[4], ids[3]]);
}

/// Cards and bank accounts are lists of their own, too.
pub async fn a_list_can_be_of_one_kind(stores: Subject) {
    let ids = five(&stores).await;
    let cards = page(&stores, Some(InstrumentKind::Card), SortOrder::Ascending, (0, 10)).await;
    assert_eq!(cards, (vec![ids[0], ids[2], ids[4]], 3));
    let kind = Some(InstrumentKind::BankAccount);
    let accounts = page(&stores, kind, SortOrder::Ascending, (1, 1)).await;
    assert_eq!(accounts, (vec![ids[3]], 2));
}

/// One is found by its id, its kind and its account.
pub async fn one_is_found_where_it_is_of_the_kind(stores: Subject) {
    let ids = five(&stores).await;
    let (card, account) = (InstrumentKind::Card, InstrumentKind::BankAccount);
    let find = async |of, id, kind| {
        let found = PaymentMethodStore::find(stores.as_ref(), of, id, kind).await;
        found.expect("asked").map(|method| method.id)
    };
    assert_eq!(find(ACCOUNT, ids[0], card).await, Some(ids[0]));
    assert_eq!(find(ACCOUNT, ids[0], account).await, None);
    assert_eq!(find(ACCOUNT, ids[1], account).await, Some(ids[1]));
    let other = other_account(&stores).await.id;
    assert_eq!(find(other, ids[0], card).await, None);
    let nothing = PaymentMethodId::try_from(i64::MAX).expect("an id");
    assert_eq!(find(ACCOUNT, nothing, card).await, None);
}
