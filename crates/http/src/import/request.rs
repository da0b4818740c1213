//! The body of an import.

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::use_cases::{ImportCardRequest, ImportFrom, Principal};
use serde_json::json;

use crate::body::{Fields, Members};
use crate::error::ApiError;
use crate::openapi::schema::{self, Body, Others};

/// The import that a body asks for, or everything that is wrong with it.
pub(crate) fn parse(
    members: &Members,
    caller: &Principal,
    from: ImportFrom,
) -> Result<ImportCardRequest, ApiError> {
    let mut fields = Fields::new(members);
    let customer = fields.id("customerId");
    let external_customer = fields.text("stripeCustomerId", ExternalCustomerId::parse);
    let external_card = fields.text("stripeCardId", ExternalCardId::parse);
    let default = fields.default_choice("isDefault", caller.default_choice);
    let taken = (|| {
        Some(ImportCardRequest {
            account: caller.account,
            from,
            customer: customer?,
            external_customer: external_customer?,
            external_card: external_card?,
            default: default?,
        })
    })();
    fields.finish(taken).map_err(ApiError::Fields)
}

/// What the body is said to be.
pub(super) fn body() -> Body {
    Body {
        name: "Import",
        members: vec![
            ("customerId", schema::id().into()),
            ("stripeCustomerId", schema::external_id(ExternalCustomerId::PREFIXES).into()),
            ("stripeCardId", schema::external_id(ExternalCardId::PREFIXES).into()),
            ("isDefault", schema::optional_choice().into()),
        ],
        required: &["customerId", "stripeCustomerId", "stripeCardId"],
        others: Others::Ignored,
        example: json!({
            "customerId": 2_526_546,
            "stripeCustomerId": "cus_AExsNjBZDLMNDK",
            "stripeCardId": "card_19uTyBAXix6Ggd0efp4HNNp7",
        }),
    }
}

#[cfg(test)]
mod tests {
    use cardlift_core::account::{AccountId, RateLimits};
    use cardlift_core::api_key::{ApiKeyId, Scopes};
    use cardlift_core::payment_method::DefaultChoice;

    use super::*;

    fn parsed(body: &str) -> Result<ImportCardRequest, String> {
        parsed_for(DefaultChoice::LeaveAsIs, body)
    }

    fn parsed_for(default_choice: DefaultChoice, body: &str) -> Result<ImportCardRequest, String> {
        let members = Members::parse(body.as_bytes()).expect("an object");
        let caller = Principal {
            account: AccountId::DEFAULT,
            key: ApiKeyId::try_from(1).expect("an id"),
            scopes: Scopes::default(),
            limits: RateLimits::default(),
            default_choice,
        };
        parse(&members, &caller, ImportFrom::OwnAccount).map_err(|error| {
            let body: serde_json::Value =
                serde_json::from_slice(&error.reply().body).expect("JSON");
            let entries = body["Errors"].as_array().expect("entries");
            let values: Vec<_> =
                entries.iter().map(|entry| entry["Value"].as_str().expect("text")).collect();
            values.join("\n")
        })
    }

    #[test]
    fn names_come_in_any_letter_case_numbers_as_texts_and_strangers_are_ignored() {
        let import = parsed(
            "{CUSTOMERID:'42',StripeCustomerId:'cus_1',stripecardid:'card_1',source:{a:[1]},isDefault:true}",
        )
        .expect("an import");
        assert_eq!(import.customer.get(), 42);
        assert_eq!(import.external_customer.as_str(), "cus_1");
        assert_eq!(import.external_card.as_str(), "card_1");
        assert_eq!(import.default, DefaultChoice::MakeDefault);
    }

    #[test]
    fn each_kind_of_id_that_the_vault_has_is_taken() {
        for id in ["card_1", "src_1", "pm_1", "ba_1"] {
            let body = format!("{{customerId:1,stripeCustomerId:'cus_1',stripeCardId:'{id}'}}");
            let import = parsed(&body).expect("an import");
            assert_eq!(import.default, DefaultChoice::LeaveAsIs);
        }
    }

    #[test]
    fn what_becomes_of_the_default_is_up_to_the_account_where_the_body_does_not_say() {
        let policy = DefaultChoice::MakeDefault;
        let ids = "customerId:1,stripeCustomerId:'cus_1',stripeCardId:'card_1'";
        for (said, expected) in [
            ("", DefaultChoice::MakeDefault),
            (",isDefault:null", DefaultChoice::MakeDefault),
            (",isDefault:false", DefaultChoice::LeaveAsIs),
            (",isDefault:true", DefaultChoice::MakeDefault),
        ] {
            let import = parsed_for(policy, &format!("{{{ids}{said}}}")).expect("an import");
            assert_eq!(import.default, expected, "{said}");
        }
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction() {
        for (id, whole) in
            [("7.0", 7), ("1e3", 1000), ("9007199254740991.0", 9_007_199_254_740_991)]
        {
            let body =
                format!("{{customerId:{id},stripeCustomerId:'cus_1',stripeCardId:'card_1'}}");
            assert_eq!(parsed(&body).expect("an import").customer.get(), whole);
        }
    }

    #[test]
    fn every_problem_is_told_at_once_and_names_its_field() {
        insta::assert_snapshot!(parsed("{}").expect_err("all missing"), @r"
        customerId is required.
        stripeCustomerId is required.
        stripeCardId is required.
        ");
        let wrong = "{customerId:1.5,stripeCustomerId:'card_1',stripeCardId:7,isDefault:'yes'}";
        insta::assert_snapshot!(parsed(wrong).expect_err("all wrong"), @r"
        customerId must be a whole number from 1 to 9223372036854775807.
        stripeCustomerId must start with cus_.
        stripeCardId must be a text.
        isDefault must be true or false.
        ");
        let twice = "{customerId:1,customerid:2,stripeCustomerId:null,stripeCardId:'card_'}";
        insta::assert_snapshot!(parsed(twice).expect_err("all wrong"), @r"
        customerId must be given once.
        stripeCustomerId is required.
        stripeCardId must be letters, digits and _ after its prefix, at most 255 characters in all.
        ");
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        for id in [
            "0",
            "-1",
            "9223372036854775808",
            "9007199254740993.0",
            "1.5",
            "'1 2'",
            "true",
            "[]",
            "NaN",
        ] {
            let body =
                format!("{{customerId:{id},stripeCustomerId:'cus_1',stripeCardId:'card_1'}}");
            assert!(parsed(&body).expect_err(id).starts_with("customerId "), "{id}");
        }
    }
}
