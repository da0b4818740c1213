//! A server that is killed while it imports.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cardlift_tests::{Backend, PATH, Program, Run, client};
use serde_json::Value;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinSet;

use crate::edge::serve;

/// How many ask for imports at once.
const CALLERS: usize = 32;

/// How many are answered before it is killed.
const ANSWERED: usize = 300;

/// What was imported: the id of the payment method, and of the card.
type Imported = (i64, String);

fn imported(payment_method: &Value) -> Imported {
    let card = payment_method["externalCardId"].as_str().expect("a card").to_owned();
    (payment_method["id"].as_i64().expect("an id"), card)
}

/// Asks for one import after the other, of cards that nobody else asks for, until there is no
/// answer.
async fn caller(url: String, key: String, next: Arc<AtomicU32>, told: UnboundedSender<Imported>) {
    let client = client();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let body = format!(
            "{{customerId:1,stripeCustomerId:\"cus_Synthetic{number:07}\",\
             stripeCardId:\"card_Synthetic{number:07}\"}}"
        );
        let request = client.post(&url).header("authorization", format!("Basic {key}"));
        let Ok(answer) = request.body(body).send().await else { return };
        let status = answer.status();
        let Ok(body) = answer.text().await else { return };
        assert_eq!(status, 200, "{body}");
        let _over = told.send(imported(&serde_json::from_str(&body).expect("JSON")));
    }
}

/// All that customer 1 has.
async fn listed(base: &str, key: &str) -> BTreeSet<Imported> {
    let mut all = BTreeSet::new();
    for page in 0.. {
        let path = "/v1/customers/1/paymentMethods/creditCard";
        let url = format!("{base}{path}?pageNumber={page}&pageSize=100");
        let list = client().get(url).header("authorization", format!("Basic {key}"));
        let list = list.send().await.expect("an answer").text().await.expect("text");
        let list: Vec<Value> = serde_json::from_str(&list).expect("a list");
        if list.is_empty() {
            break;
        }
        all.extend(list.iter().map(imported));
    }
    all
}

async fn what_was_answered_is_there(backend: Backend) {
    let sandbox = ["sandbox", "--listen", "127.0.0.1:0", "--customers", "100000"];
    let (sandbox, vault) = Program::serve(Run::new(&sandbox)).await;
    backend.load_documented().await;
    let many = ["account", "limit", "--per-minute", "1000000", "--per-day", "1000000"];
    backend.run(&many).succeed().await;
    let key = backend.key().await;
    let serve = || serve(&backend).env("STRIPE_API_BASE", &vault);
    let (mut server, base) = Program::serve(serve()).await;
    let (told, mut answers) = mpsc::unbounded_channel();
    let next = Arc::new(AtomicU32::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let url = format!("{base}{PATH}");
        callers.spawn(caller(url, key.clone(), next.clone(), told.clone()));
    }
    drop(told);
    let mut answered = BTreeSet::new();
    while answered.len() < ANSWERED {
        answered.insert(answers.recv().await.expect("it runs"));
    }
    server.signal("KILL").await;
    server.ended().await;
    callers.join_all().await;
    while let Some(answer) = answers.recv().await {
        answered.insert(answer);
    }
    let (server, base) = Program::serve(serve()).await;
    let there = listed(&base, &key).await;
    assert_eq!(answered.difference(&there).collect::<Vec<_>>(), Vec::<&Imported>::new());
    let asked = usize::try_from(next.load(Ordering::Relaxed)).expect("few");
    let asked: BTreeSet<_> =
        (0..asked).map(|number| format!("card_Synthetic{number:07}")).collect();
    let cards: BTreeSet<_> = there.iter().map(|(_, card)| card.clone()).collect();
    assert_eq!(cards.len(), there.len(), "none is there twice");
    assert!(cards.is_subset(&asked), "{cards:?}");
    assert_eq!(server.stop().await, Some(0));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_what_was_answered_is_there() {
    what_was_answered_is_there(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_what_was_answered_is_there() {
    what_was_answered_is_there(Backend::postgres().await).await;
}
