//! Names that are likely to be meant for another.

/// So many letters may be wrong, missing or too many.
const SLIPS: usize = 2;

/// Whether a name is this one, but for how it is written: `stripe_card`, `Stripe Card ID`,
/// `stripeCradId`. Who misspells the column of the cards would get other cards: the defaults.
pub(crate) fn is_alike(name: &str, meant: &str) -> bool {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).take(2 * meant.len()).collect();
    let (name, meant) = (name.to_lowercase(), meant.to_lowercase());
    strsim::damerau_levenshtein(&name, &meant) <= SLIPS
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
