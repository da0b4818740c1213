//! Texts of the vault's that may be shown.

use cardlift_core::card_number::looks_like_a_card_number;

/// Whether a text is fit for the log.
pub(crate) fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let short = (1..=64).contains(&text.len());
    short && text.chars().all(plain) && !looks_like_a_card_number(text)
}
