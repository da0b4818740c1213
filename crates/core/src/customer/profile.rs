//! What is known of a customer.

use std::fmt;

use thiserror::Error;

use super::CustomerId;

/// What is known of a customer. All of it is personal data: `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CustomerProfile {
    /// Given name.
    pub first_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// What stands after the name.
    pub suffix: Option<String>,
    /// What stands before the name.
    pub title: Option<String>,
    /// The address bills go to.
    pub primary_email: Option<String>,
    /// The number to call.
    pub primary_phone: Option<String>,
    /// Another address.
    pub secondary_email: Option<String>,
    /// Another number.
    pub secondary_phone: Option<String>,
    /// The caller's own key for this customer.
    pub reference: Option<String>,
    /// The currency it is billed in.
    pub currency: Option<String>,
    /// The customer it belongs to.
    pub parent: Option<CustomerId>,
}

/// In which fields of a profile something is known. It says nothing of what that is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownFields(u16);

/// A text that can't be kept of a customer: it is too long, or holds a control character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a text of a customer has at most {} characters, none of them a control character",
    CustomerProfile::LONGEST_TEXT
)]
pub struct InvalidCustomerText;

/// A text field of a profile.
#[derive(Debug, Clone, Copy)]
pub struct TextField {
    /// Its name, as the wire has it.
    pub name: &'static str,
    /// What is known there.
    pub get: fn(&CustomerProfile) -> &Option<String>,
    /// The same, to be changed.
    pub get_mut: fn(&mut CustomerProfile) -> &mut Option<String>,
}

macro_rules! text {
    ($name:literal, $field:ident) => {
        TextField {
            name: $name,
            get: |profile| &profile.$field,
            get_mut: |profile| &mut profile.$field,
        }
    };
}

impl CustomerProfile {
    /// The longest text, in characters.
    pub const LONGEST_TEXT: usize = 255;

    /// Each text field.
    pub const TEXTS: [TextField; 12] = [
        text!("firstName", first_name),
        text!("middleName", middle_name),
        text!("lastName", last_name),
        text!("companyName", company_name),
        text!("suffix", suffix),
        text!("primaryEmail", primary_email),
        text!("primaryPhone", primary_phone),
        text!("secondaryEmail", secondary_email),
        text!("secondaryPhone", secondary_phone),
        text!("title", title),
        text!("reference", reference),
        text!("currency", currency),
    ];

    /// In which fields something is known.
    #[must_use]
    pub fn known(&self) -> KnownFields {
        let texts = Self::TEXTS.iter().map(|text| (text.get)(self).is_some());
        let known = texts.chain([self.parent.is_some()]);
        let set = known.zip(KnownFields::bits()).filter(|(known, _)| *known);
        KnownFields(set.fold(0, |all, (_, bit)| all | bit))
    }

    /// A text as it is kept: without blanks around it, and not at all where nothing is left.
    pub fn text(given: &str) -> Result<Option<String>, InvalidCustomerText> {
        let text = given.trim();
        if text.chars().count() > Self::LONGEST_TEXT || text.chars().any(char::is_control) {
            return Err(InvalidCustomerText);
        }
        Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    /// This profile with what a newer one knows; what the newer one leaves out stays.
    #[must_use]
    pub fn overlaid_with(mut self, mut newer: Self) -> Self {
        for TextField { get_mut, .. } in Self::TEXTS {
            if let Some(text) = get_mut(&mut newer).take() {
                *get_mut(&mut self) = Some(text);
            }
        }
        Self { parent: newer.parent.or(self.parent), ..self }
    }
}

impl KnownFields {
    /// The field that is no text.
    const PARENT: &'static str = "parentId";

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of the fields, as the wire has them, with commas between.
    #[must_use]
    pub fn names(self) -> String {
        let names = CustomerProfile::TEXTS.map(|text| text.name).into_iter().chain([Self::PARENT]);
        let known = names.zip(Self::bits()).filter(|(_, bit)| self.0 & bit != 0);
        known.map(|(name, _)| name).collect::<Vec<_>>().join(",")
    }

    /// One for each field: the texts in the order of the table, and the parent.
    fn bits() -> impl Iterator<Item = u16> {
        (0..u16::BITS).map(|at| 1_u16 << at)
    }
}

impl fmt::Debug for CustomerProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerProfile(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_short_and_plain() {
        assert_eq!(CustomerProfile::text(" Ana "), Ok(Some("Ana".into())));
        assert_eq!(CustomerProfile::text(" \t"), Ok(None));
        assert!(CustomerProfile::text(&"é".repeat(255)).is_ok());
        for wrong in ["a\u{0}b", &"é".repeat(256)] {
            assert_eq!(CustomerProfile::text(wrong), Err(InvalidCustomerText));
        }
    }

    #[test]
    fn each_text_field_stands_in_the_table_once() {
        let mut profile = CustomerProfile::default();
        for TextField { name, get, get_mut } in CustomerProfile::TEXTS {
            assert_eq!(get_mut(&mut profile).replace(name.to_owned()), None, "{name}");
            assert_eq!(get(&profile).as_deref(), Some(name));
        }
        assert_eq!(profile.secondary_phone.as_deref(), Some("secondaryPhone"));
    }

    #[test]
    fn what_is_known_is_told_by_the_names_of_the_table() {
        for TextField { name, get_mut, .. } in CustomerProfile::TEXTS {
            let mut profile = CustomerProfile::default();
            *get_mut(&mut profile) = Some("a text".to_owned());
            assert_eq!(profile.known().names(), name);
        }
        let parent = CustomerId::try_from(1).ok();
        let name = Some("Ana".to_owned());
        let profile = CustomerProfile { first_name: name, parent, ..CustomerProfile::default() };
        assert_eq!(profile.known().names(), "firstName,parentId");
        assert!(CustomerProfile::default().known().is_empty());
    }
}
