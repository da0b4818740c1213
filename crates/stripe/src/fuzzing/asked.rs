//! What was asked for, and the answer, out of one input.

use bytes::Bytes;
use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::SECRETS;
use crate::answer::Answer;

/// The customer that is asked about.
const CUSTOMER: &str = "cus_6lsBvm5rJ0zyHc";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Card,
    Customer,
    Customers,
    Holdings,
}

/// What is asked for, with the ids that a caller gave.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) what: What,
    pub(super) customer: ExternalCustomerId,
    pub(super) card: ExternalCardId,
}

pub(super) fn parse(input: &[u8]) -> Option<(Asked, Answer)> {
    let end = input.windows(2).position(|two| two == b"\n\n")?;
    let (head, body) = (input.get(..end)?, input.get(end + 2..)?);
    let mut lines = std::str::from_utf8(head).ok()?.split('\n');
    let mut words = lines.next()?.split(' ');
    let what = match words.next()? {
        "card" => What::Card,
        "customer" => What::Customer,
        "customers" => What::Customers,
        "holdings" => What::Holdings,
        _ => return None,
    };
    let status = StatusCode::from_bytes(words.next()?.as_bytes()).ok()?;
    let card = ExternalCardId::parse(words.next()?).ok()?;
    if !may_be_asked_for(card.as_str()) {
        return None;
    }
    let customer = ExternalCustomerId::parse(CUSTOMER).ok()?;
    let headers = lines.filter_map(header).collect::<HeaderMap>();
    let answer = Answer::new(status, &headers, Bytes::copy_from_slice(body));
    Some((Asked { what, customer, card }, answer))
}

/// Whatever a caller asks for is repeated. Card numbers are refused before.
fn may_be_asked_for(id: &str) -> bool {
    !looks_like_a_card_number(id) && !SECRETS.iter().any(|secret| id.contains(secret))
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(": ")?;
    Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
}
