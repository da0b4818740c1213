//! The three vocabularies in which Stripe names a card's brand.

use cardlift_core::card::CardBrand;
use cardlift_core::card_number::looks_like_a_card_number;

/// The longest name of a brand that is kept.
const LONGEST: usize = 50;

/// The brand of this name, be it from a card or source ("American Express"), a payment method
/// ("amex") or a display brand (`american_express`). One never seen passes through.
pub(crate) fn brand(name: &str) -> CardBrand {
    match name {
        "Visa" | "visa" => CardBrand::Visa,
        "MasterCard" | "Mastercard" | "mastercard" => CardBrand::MasterCard,
        "American Express" | "amex" | "american_express" => CardBrand::AmericanExpress,
        "Discover" | "discover" => CardBrand::Discover,
        "Diners Club" | "diners" | "diners_club" => CardBrand::DinersClub,
        "JCB" | "jcb" => CardBrand::Jcb,
        "UnionPay" | "unionpay" | "union_pay" => CardBrand::UnionPay,
        "" | "Unknown" | "unknown" | "other" => CardBrand::Unknown,
        "Cartes Bancaires" | "cartes_bancaires" => other("Cartes Bancaires"),
        "Eftpos Australia" | "eftpos_au" | "eftpos_australia" => other("Eftpos Australia"),
        "Girocard" | "girocard" => other("Girocard"),
        "Interac" | "interac" => other("Interac"),
        "Link" | "link" => other("Link"),
        unseen => other(unseen),
    }
}

/// Digits that are too many for a card number may be one once they are cut.
fn other(name: &str) -> CardBrand {
    let cut: String = name.chars().take(LONGEST).collect();
    match cut.trim_end() {
        name if looks_like_a_card_number(name) => CardBrand::Unknown,
        name => CardBrand::Other(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_brand_is_one_whichever_vocabulary_names_it() {
        let map: Value =
            serde_json::from_str(include_str!("../fixtures/brand-map.json")).expect("JSON");
        let rows = map["map"].as_array().expect("rows");
        assert_eq!(rows.len(), 13);
        for row in rows {
            let columns = ["source_brand", "pm_brand", "display_brand"];
            let names: Vec<_> = columns.iter().filter_map(|column| row[column].as_str()).collect();
            let first = brand(names[0]);
            for name in &names {
                assert_eq!(brand(name), first, "{name}");
                assert!(!first.name().contains('_'), "{name} has a name that people read");
            }
        }
    }

    #[test]
    fn the_brands_of_the_wire_contract_have_its_names() {
        for (name, expected) in [("amex", "American Express"), ("mastercard", "MasterCard")] {
            assert_eq!(brand(name).name(), expected);
        }
        assert_eq!(brand("other"), CardBrand::Unknown);
    }

    #[test]
    fn an_unseen_brand_passes_through_and_is_bounded() {
        assert_eq!(brand("Elo").name(), "Elo");
        assert_eq!(brand(&"x".repeat(1_000)).name().len(), LONGEST);
        assert_eq!(brand(&format!("{} y", "x".repeat(49))).name(), "x".repeat(49));
    }

    #[test]
    fn a_name_that_is_cut_to_a_card_number_is_none() {
        let name = format!("{}4242424242424242{}", "x".repeat(34), "9999");
        assert_eq!(brand(&name), CardBrand::Unknown);
    }
}
