//! What a fuzzer tries with requests: see `fuzz/`. The tests try it with what it left there.

pub use crate::authorization::fuzzing::authorization;
pub use crate::body::fuzzing::body;
pub use crate::customers::fuzzing::query;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use cardlift_core::card_number::looks_like_a_card_number;

    use super::*;

    /// Numbers that are published for tests, as they may stand in what a fuzzer left.
    const PUBLISHED: [&str; 9] = [
        "4242424242424242",
        "4242-4242-4242-4242",
        "4242 4242 4242 4242",
        "4222222222222",
        "378282246310005",
        "5555555555554444",
        "6011111111111117",
        "30569309025904",
        "6205500000000000004",
    ];

    fn corpus() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
    }

    fn each_input(target: &str, mut run: impl FnMut(&[u8])) {
        let files: Vec<_> = fs::read_dir(corpus().join(target)).expect("a corpus").collect();
        assert!(!files.is_empty(), "the corpus of {target} is empty");
        for file in files {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            run(&fs::read(path).expect("its bytes"));
        }
    }

    #[test]
    fn what_a_fuzzer_left_of_bodies_is_read_as_it_should_be() {
        each_input("body", body);
    }

    #[test]
    fn what_a_fuzzer_left_of_authorization_headers_is_read_as_it_should_be() {
        each_input("authorization", authorization);
    }

    #[test]
    fn what_a_fuzzer_left_of_queries_is_read_as_it_should_be() {
        each_input("query", |input| {
            if let Some((query, page)) = query(input) {
                cardlift_sql::fuzzing::statements(&query, page);
            }
        });
    }

    /// A fuzzer changes digits, too, until they are a number that may be somebody's.
    #[test]
    fn no_input_that_is_kept_holds_a_card_number_but_those_published_for_tests() {
        for target in fs::read_dir(corpus()).expect("corpora") {
            let target = target.expect("a folder").file_name().into_string().expect("a name");
            each_input(&target, |input| {
                // Byte by byte, as it may be no UTF-8.
                let text: String = input.iter().copied().map(char::from).collect();
                let rest = PUBLISHED.iter().fold(text, |rest, number| rest.replace(number, "."));
                assert!(!looks_like_a_card_number(rest), "drop this input, or put a number for it");
            });
        }
    }
}
