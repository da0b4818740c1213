//! Texts of the vault's that may be shown.

use cardlift_core::card_number::looks_like_a_card_number;

/// How keys and accounts begin. Names of other things have their first letters, too: `network_..`.
const SECRETS: [&str; 7] =
    ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "acct_"];

/// Whether a text is fit for the log.
pub(crate) fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let short = (1..=64).contains(&text.len());
    let secret = SECRETS.iter().any(|secret| text.contains(secret));
    short && text.chars().all(plain) && !secret && !looks_like_a_card_number(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_and_no_secret_is_plain() {
        for plain in ["resource_missing", "req_a1-B2", "network_decline", "us_bank_account"] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in ["", "a b", "é", "sk_live_a1", "xrk_test_a1", "acct_1", "4242424242424242"] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
