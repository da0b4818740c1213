//! The rows of an import job that a worker finds, and how far a scan has come.

use cardlift_core::job::{NewJobRow, PieceId, RowPlace, ScanPiece};
use cardlift_core::ports::{PendingRow, Settlement};

use super::Subject;
use super::data::{ACCOUNT, load_customers, other_account};
use super::job_data::{
    AtWork, brings_nothing, invalid_row, options_of_vault, row_of, target, vault_customer,
};

/// Rows in the order of their lines, whose places are in another one: by bytes, capitals first.
fn shuffled() -> Vec<NewJobRow> {
    vec![
        row_of(1, "b", Some("card_b"), 1),
        row_of(2, "a", Some("pm_a"), 1),
        row_of(3, "b", None, 10),
        row_of(4, "a_", None, 1),
        row_of(5, "B", Some("card_B"), 1),
        row_of(6, "b", Some("card_B"), 1),
        row_of(7, "b", None, 9),
        row_of(8, "a", Some("card_a"), 1),
        invalid_row(9),
        row_of(10, "a0", None, 1),
        row_of(11, "b", None, 10),
    ]
}

const BY_PLACE: [u64; 9] = [5, 8, 2, 10, 4, 7, 3, 6, 1];

fn lines(rows: &[PendingRow]) -> Vec<u64> {
    rows.iter().map(|row| row.line).collect()
}

async fn pending(worker: &AtWork, after: Option<RowPlace>, most: u32) -> Vec<PendingRow> {
    worker.stores.pending(&worker.lease, after, most).await.expect("asked")
}

/// By the vault's customer, its card and ours, whichever way the pieces are cut.
pub async fn pending_rows_come_by_their_place(stores: Subject) {
    let worker = AtWork::on(&stores, &shuffled()).await;
    for most in 1..=10 {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let piece = pending(&worker, after, most).await;
            assert!(u32::try_from(piece.len()).expect("a count") <= most);
            let Some(last) = piece.last() else { break };
            after = Some(last.target.place());
            found.extend(lines(&piece));
        }
        assert_eq!(found, BY_PLACE, "{most}");
    }
}

/// What has its outcome is not pending, wherever the worker begins.
pub async fn a_settled_row_is_not_pending(stores: Subject) {
    let new = shuffled();
    let worker = AtWork::on(&stores, &new).await;
    worker.settle(vec![brings_nothing(&new[7]), brings_nothing(&new[6])]).await;
    assert_eq!(lines(&pending(&worker, None, 20).await), [5, 2, 10, 4, 3, 6, 1]);
    let after = target(&new[7]).place();
    assert_eq!(lines(&pending(&worker, Some(after), 2).await), [2, 10]);
}

/// As it was given, and whether its customer is one of this account.
pub async fn a_pending_row_says_what_it_asks_for(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let other = other_account(&stores).await.id;
    load_customers(&stores, other, 2).await;
    let new = [row_of(1, "a", Some("card_a"), 1), row_of(2, "a", Some("card_a"), 2)];
    let worker = AtWork::on(&stores, &new).await;
    let expected = new.each_ref().map(|row| PendingRow {
        line: row.line,
        target: target(row).clone(),
        customer_known: row.line == 1,
    });
    assert_eq!(pending(&worker, None, 10).await, expected);
    let asked = stores.pending_of(&worker.lease, &[vault_customer("a")]).await;
    assert_eq!(asked.expect("asked"), expected);
}

/// Of hundreds of customers at once, those that the job knows; each row once.
pub async fn pending_rows_are_found_by_the_vaults_customer(stores: Subject) {
    let new = shuffled();
    let worker = AtWork::on(&stores, &new).await;
    AtWork::with(&stores, &options_of_vault(1), &new).await;
    let find = async |customers: &[_]| {
        lines(&stores.pending_of(&worker.lease, customers).await.expect("asked"))
    };
    let [a, b, upper, none] = ["a", "b", "B", "none"].map(vault_customer);
    assert_eq!(find(&[]).await, []);
    assert_eq!(find(std::slice::from_ref(&none)).await, []);
    assert_eq!(find(&[upper]).await, [5]);
    assert_eq!(find(&[b.clone(), none, a.clone(), b.clone()]).await, [8, 2, 7, 3, 6, 1]);
    worker.settle(vec![brings_nothing(&new[2])]).await;
    assert_eq!(find(&[b]).await, [7, 6, 1]);
    let mut hundreds: Vec<_> = (0..500).map(|n| vault_customer(&format!("x{n}"))).collect();
    hundreds.push(a);
    assert_eq!(find(&hundreds).await, [8, 2]);
}

/// By number, each as it was last written, and none of another job.
pub async fn pieces_of_a_scan_are_kept(stores: Subject) {
    let worker = AtWork::on(&stores, &[]).await;
    let other = AtWork::with(&stores, &options_of_vault(1), &[]).await;
    let pieces = async |worker: &AtWork| stores.pieces(&worker.lease).await.expect("asked");
    let write = async |pieces: &[&ScanPiece]| {
        let pieces = pieces.iter().copied().cloned().collect();
        worker.write(&Settlement { pieces, ..Settlement::default() }).await;
    };
    let open = ScanPiece { id: PieceId(0), from: 1_500, to: None, after: None, done: false };
    let closed = ScanPiece { id: PieceId(1), from: -5, to: Some(1_499), ..open.clone() };
    assert_eq!(pieces(&worker).await, []);
    write(&[&closed, &open]).await;
    assert_eq!(pieces(&worker).await, [open.clone(), closed.clone()]);
    let further = ScanPiece { after: Some(vault_customer("a")), ..closed };
    write(&[&further]).await;
    assert_eq!(pieces(&worker).await, [open.clone(), further.clone()]);
    let done = ScanPiece { done: true, ..open };
    let split = ScanPiece { id: PieceId(2), to: Some(7), from: 7, ..further.clone() };
    let shorter = ScanPiece { from: 8, ..further };
    write(&[&split, &done, &shorter]).await;
    assert_eq!(pieces(&worker).await, [done, shorter, split]);
    assert_eq!(pieces(&other).await, []);
}
