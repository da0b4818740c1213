//! What a fuzzer tries with searches: see `fuzz/`. The tests of `cardlift-http` try it with what it left
//! there.

use std::collections::HashSet;
use std::sync::LazyLock;

use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerQuery;
use cardlift_core::page::PageRequest;
use chrono::Datelike as _;

use crate::search::{self, Bind, Dialect, Statement};

/// All words that a search may have. The values of a caller's are bound.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "AND AS ASC BY C CAST COLLATE DESC ESCAPE FROM IN LIKE LIMIT OFFSET OR ORDER SELECT WHERE \
     account account_id bigint coalesce company_name count created_at customer customer_count \
     customer_of_accounts customers first_name id last_name lower page primary_email reference status sum total \
     updated_at"
        .split(' ')
        .collect()
});

/// Makes the statements that a search takes.
///
/// # Panics
/// Where something does not hold that must.
pub fn statements(query: &CustomerQuery, page: PageRequest) {
    // So many customers there may be, so that each way to a page is taken.
    let total = match page.number() % 4 {
        0 => 3_000_000,
        1 => 7_000,
        2 => 1,
        _ => 0,
    };
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        check(&search::total(dialect, AccountId::DEFAULT, query));
        check(&search::page(dialect, AccountId::DEFAULT, query, page, total));
    }
}

fn check(Statement { sql, binds }: &Statement) {
    let (mut bound, mut before) = (0, "");
    for word in sql.split(is_between_words).filter(|word| !word.is_empty()) {
        if let Some(number) = word.strip_prefix('$') {
            bound += 1;
            assert_eq!(number.parse(), Ok(bound), "each parameter once and in order: {sql}");
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let counts = matches!(before, "LIMIT" | "OFFSET") || matches!(word, "0" | "1");
            assert!(counts, "a number that is ours: {sql}");
        } else {
            assert!(WORDS.contains(word), "{word} in {sql}");
        }
        before = word;
    }
    assert_eq!(bound, binds.len(), "nothing is bound to nothing: {sql}");
    for bind in binds {
        match bind {
            Bind::Number(_) => {}
            Bind::Text(text) => assert!(!text.contains('\0'), "Postgres takes no NUL"),
            // SQLite compares them as texts, in which only these have four digits of a year.
            Bind::Instant(at) => assert!((0..=9999).contains(&at.0.year()), "{at:?}"),
        }
    }
}

const fn is_between_words(c: char) -> bool {
    matches!(c, ' ' | '(' | ')' | ',' | '=' | '<' | '>' | '\'' | '\\' | '"' | '+' | '*')
}
