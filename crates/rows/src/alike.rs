//! Names that are likely to be meant for another.

/// So many letters may be wrong, missing or too many.
const SLIPS: usize = 2;

/// Whether a name is this one, but for how it is written: `stripe_card`, `Stripe Card ID`,
/// `stripeCradId`. Who misspells the column of the cards would get other cards: the defaults.
pub(crate) fn is_alike(name: &str, meant: &str) -> bool {
    let letters =
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    // Most names are told by their length, at no cost: each row of NDJSON has them.
    letters.clone().count().abs_diff(meant.len()) <= SLIPS
        && strsim::damerau_levenshtein(&letters.collect::<String>(), &meant.to_lowercase()) <= SLIPS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_known_and_another_name_is_not_taken_for_one() {
        for alike in
            ["stripeCard", "stripe_card_id", "Stripe Card ID", "stripeCradId", "stripecardsid"]
        {
            assert!(is_alike(alike, "stripeCardId"), "{alike}");
        }
        let long = "stripeCardId".repeat(1_000);
        for other in ["", "stripe", "cardBrand", "stripeCustomerId", "stripeEmail", &long] {
            assert!(!is_alike(other, "stripeCardId"), "{other}");
        }
    }
}
