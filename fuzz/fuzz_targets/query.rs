//! Queries of customers, and the statements that are made of them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some((query, page)) = cardlift_http::fuzzing::query(input) {
        cardlift_sql::fuzzing::statements(&query, page);
    }
});
