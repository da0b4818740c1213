//! The body that changes an account.

use cardlift_core::Timestamp;
use cardlift_core::account::AccountChange;
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::payment_method::DefaultChoice;
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};

use super::account_object;
use crate::body::{Fields, Members, whole};
use crate::error::ApiError;
use crate::openapi::schema::{self, Body, Others};

/// What can be changed.
const MEMBERS: &[&str] =
    &["connectedAccount", "ratePerMinute", "ratePerDay", "defaultChoice", "disabled"];

/// The changes that a body asks for, or everything that is wrong with it. What is disabled is so from
/// now on.
pub(super) fn parse(members: &Members, now: Timestamp) -> Result<Vec<AccountChange>, ApiError> {
    let mut fields = Fields::new(members);
    fields.only(MEMBERS);
    let changes = [
        fields.given("connectedAccount", connected).map(|given| given.map(AccountChange::Connect)),
        fields.given("ratePerMinute", limit).map(|given| given.map(AccountChange::LimitMinute)),
        fields.given("ratePerDay", limit).map(|given| given.map(AccountChange::LimitDay)),
        fields.given("defaultChoice", choice).map(|given| given.map(AccountChange::ChooseDefault)),
        fields.given("disabled", |value| match value {
            Value::Bool(true) => Ok(AccountChange::Disable(now)),
            Value::Bool(false) => Ok(AccountChange::Enable),
            _ => Err("must be true or false".to_owned()),
        }),
    ];
    let changes: Option<Vec<_>> = changes.into_iter().collect();
    let changes = changes.map(|changes| changes.into_iter().flatten().collect());
    fields.finish(changes).map_err(ApiError::Fields)
}

/// What the body is said to be.
pub(super) fn body() -> Body {
    let nullable = SchemaType::from_iter([Type::String, Type::Null]);
    let connected = schema::external_id(ConnectedAccountId::PREFIXES).schema_type(nullable);
    Body {
        name: "ChangeAccount",
        members: vec![
            ("connectedAccount", connected.into()),
            ("ratePerMinute", limit_schema().into()),
            ("ratePerDay", limit_schema().into()),
            ("defaultChoice", account_object::default_choice().into()),
            ("disabled", ObjectBuilder::new().schema_type(Type::Boolean).into()),
        ],
        required: &[],
        others: Others::Refused,
        example: json!({
            "connectedAccount": "acct_1032D82eZvKYlo2C",
            "ratePerMinute": 500,
            "ratePerDay": null,
            "defaultChoice": "replace",
            "disabled": false,
        }),
    }
}

/// A limit, or none.
pub(super) fn limit_schema() -> ObjectBuilder {
    let nullable = SchemaType::from_iter([Type::Integer, Type::Null]);
    schema::whole_number(1, u32::MAX).schema_type(nullable)
}

fn connected(value: &Value) -> Result<Option<ConnectedAccountId>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(id) => {
            ConnectedAccountId::parse(id.trim()).map(Some).map_err(|error| error.to_string())
        }
        _ => Err("must be a text, or null".to_owned()),
    }
}

fn limit(value: &Value) -> Result<Option<u32>, String> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => whole(number).and_then(|number| u32::try_from(number).ok()),
        _ => None,
    };
    let wrong = || format!("must be a whole number from 1 to {}, or null", u32::MAX);
    number.filter(|number| *number > 0).map(Some).ok_or_else(wrong)
}

fn choice(value: &Value) -> Result<DefaultChoice, String> {
    let given = value.as_str().unwrap_or_default().trim();
    let named = |choice: &DefaultChoice| choice.name().eq_ignore_ascii_case(given);
    let wrong = || format!("must be {}", DefaultChoice::ALL.map(DefaultChoice::name).join(" or "));
    DefaultChoice::ALL.into_iter().find(named).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn parsed(body: &str) -> Result<Vec<AccountChange>, String> {
        let members = Members::parse(body.as_bytes()).expect("an object");
        parse(&members, NOW).map_err(|error| match error {
            ApiError::Fields(problems) => {
                let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
                problems.join("\n")
            }
            other => panic!("{other}"),
        })
    }

    #[test]
    fn what_is_left_out_is_not_changed_and_null_is_none() {
        assert_eq!(parsed("{}"), Ok(Vec::new()));
        let nothing = [
            AccountChange::Connect(None),
            AccountChange::LimitMinute(None),
            AccountChange::LimitDay(None),
        ];
        let body = "{connectedaccount:null,ratePerMinute:null,RatePerDay:null}";
        assert_eq!(parsed(body), Ok(nothing.into()));
        let all = [
            AccountChange::Connect(ConnectedAccountId::parse("acct_1").ok()),
            AccountChange::LimitMinute(Some(1)),
            AccountChange::LimitDay(Some(u32::MAX)),
            AccountChange::ChooseDefault(DefaultChoice::MakeDefault),
            AccountChange::Disable(NOW),
        ];
        let body = "{disabled:true,defaultChoice:'Replace',connectedAccount:'acct_1',\
                    ratePerMinute:1.0,ratePerDay:4294967295}";
        assert_eq!(parsed(body), Ok(all.into()));
        assert_eq!(parsed("{disabled:false}"), Ok(vec![AccountChange::Enable]));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let body = "{connectedAccount:7,ratePerMinute:0,ratePerDay:'5',defaultChoice:null,\
                    disabled:'true',hunter2:1}";
        insta::assert_snapshot!(parsed(body).expect_err("all wrong"), @r"
        The body takes connectedAccount, ratePerMinute, ratePerDay, defaultChoice, disabled, and nothing else.
        connectedAccount must be a text, or null.
        ratePerMinute must be a whole number from 1 to 4294967295, or null.
        ratePerDay must be a whole number from 1 to 4294967295, or null.
        defaultChoice must be leave or replace.
        disabled must be true or false.
        ");
        let twice = parsed("{disabled:true,DISABLED:false,connectedAccount:'cus_1'}");
        insta::assert_snapshot!(twice.expect_err("wrong"), @r"
        connectedAccount must start with acct_.
        disabled must be given once.
        ");
        for wrong in ["1.5", "-1", "4294967296", "true"] {
            assert!(parsed(&format!("{{ratePerDay:{wrong}}}")).is_err(), "{wrong}");
        }
    }
}
