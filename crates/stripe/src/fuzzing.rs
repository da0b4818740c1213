//! What a fuzzer tries with answers of the API: see `fuzz/`. The tests try it with what it left there.

mod asked;
mod found;

use std::time::Duration;

use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::ports::VaultError;

use self::asked::{Asked, What};
use crate::answer::Answer;
use crate::{classify, retry};

/// How keys and accounts begin, which no error may hold.
const SECRETS: [&str; 7] =
    ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "acct_"];

/// The longest that the vault is left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Reads an answer, which stands in the input after what was asked for:
///
/// ```text
/// card 200 card_1
/// request-id: req_1
///
/// {"id": "card_1", "object": "card"}
/// ```
///
/// # Panics
/// Where something does not hold that must.
pub fn answer(input: &[u8]) {
    let Some((asked, answer)) = asked::parse(input) else { return };
    let success = answer.status.is_success();
    match means(&asked, &answer) {
        Ok(()) => assert!(success, "{} is none", answer.status),
        Err(error) => {
            let whole_list = asked.what == What::Customers;
            assert!(!(whole_list && is_not_found(&error)), "of a list nothing is missing");
            tells_no_secret(&error);
        }
    }
    if !success {
        let nobody = classify::Asked { customer: asked.customer.as_str(), held: None };
        tells_no_secret(&classify::refusal(&answer, nobody));
    }
    let _whether = retry::may_help(&Ok(answer));
}

/// What the answer means to the port that it is for: what must hold of it, or the error.
fn means(asked: &Asked, answer: &Answer) -> Result<(), VaultError> {
    let Asked { what, customer, card } = asked;
    match what {
        What::Card => {
            let read = classify::instrument(answer, customer, card)?;
            found::instrument(&read, customer, card);
        }
        What::Customer => {
            let read = classify::customer(answer, customer)?;
            assert_eq!(read.id, *customer, "it is the one asked for");
            found::customer(&read);
        }
        What::Customers => {
            let page = classify::customers(answer, Some(customer))?;
            page.items.iter().for_each(found::customer);
        }
        What::Holdings => {
            let page = classify::holdings(answer, customer, Some(card.as_str()))?;
            for holding in &page.items {
                found::holding(holding, customer);
            }
        }
    }
    Ok(())
}

const fn is_not_found(error: &VaultError) -> bool {
    matches!(error, VaultError::CardNotFound { .. } | VaultError::CustomerNotFound { .. })
}

/// Neither what is shown to a caller nor what is logged.
fn tells_no_secret(error: &VaultError) {
    for told in [error.to_string(), format!("{error:?}")] {
        assert!(!looks_like_a_card_number(&told), "a card number: {told}");
        assert!(!SECRETS.iter().any(|secret| told.contains(secret)), "a secret: {told}");
        assert!(!told.contains(char::is_control), "lines of its own: {told}");
    }
    if let VaultError::Throttled { retry_after } | VaultError::Unavailable { retry_after, .. } =
        error
    {
        assert!(*retry_after <= LONGEST_WAIT, "{retry_after:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_a_fuzzer_left_is_read_as_it_should_be() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/stripe");
        let files: Vec<_> = fs::read_dir(corpus).expect("a corpus").collect();
        assert!(!files.is_empty(), "{corpus} is empty");
        for file in files {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            answer(&fs::read(path).expect("its bytes"));
        }
    }
}
