//! Fields of a body, each parsed by itself, so that every problem is told at once.

mod given;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use cardlift_core::customer::CustomerProfile;
use cardlift_core::payment_method::DefaultChoice;
use serde_json::{Number, Value};

use super::Members;

/// What is wrong with one field. The value is not repeated: it might be a card number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    field: &'static str,
    problem: String,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.", self.field, self.problem)
    }
}

/// Takes fields out of a body, and keeps what is wrong with them.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    members: &'a Members,
    problems: Vec<FieldProblem>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(members: &'a Members) -> Self {
        Self { members, problems: Vec::new() }
    }

    /// An id that is a number, or a text of digits.
    pub(crate) fn id<T: TryFrom<i64>>(&mut self, field: &'static str) -> Option<T> {
        let value = self.required(field)?;
        let number = match value {
            Value::Number(number) => whole(number),
            Value::String(digits) => digits.trim().parse().ok(),
            _ => None,
        };
        let id = number.and_then(|number| T::try_from(number).ok());
        if id.is_none() {
            self.problem(field, "must be a whole number from 1 to 9223372036854775807");
        }
        id
    }

    /// A text that this parses.
    pub(crate) fn text<T, E: fmt::Display>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Value::String(text) = self.required(field)? else {
            self.problem(field, "must be a text");
            return None;
        };
        match parse(text.trim()) {
            Ok(parsed) => Some(parsed),
            Err(problem) => {
                self.problem(field, problem.to_string());
                None
            }
        }
    }

    /// A text that is as it is given; empty where none is.
    pub(crate) fn raw_text(&mut self, field: &'static str) -> Option<String> {
        let text = self.optional(field)?.and_then(Value::as_str);
        Some(text.unwrap_or_default().to_owned())
    }

    /// A text of a customer, or a number taken for one, where there is any; one of blanks is none.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    pub(crate) fn optional_text(&mut self, field: &'static str) -> Option<Option<String>> {
        let text = match self.optional(field)? {
            None => return Some(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => {
                self.problem(field, "must be a text");
                return None;
            }
        };
        let text = CustomerProfile::text(&text);
        if text.is_err() {
            let longest = CustomerProfile::LONGEST_TEXT;
            let problem = format!("must be at most {longest} characters, none of them a control");
            self.problem(field, problem);
        }
        text.ok()
    }

    /// An id, where there is one.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    pub(crate) fn optional_id<T: TryFrom<i64>>(
        &mut self,
        field: &'static str,
    ) -> Option<Option<T>> {
        match self.optional(field)? {
            None => Some(None),
            Some(_) => self.id(field).map(Some),
        }
    }

    /// A whole number within a range, where one is given.
    pub(crate) fn number<T: FromStr + PartialOrd + fmt::Display>(
        &mut self,
        field: &'static str,
        range: RangeInclusive<T>,
        usual: T,
    ) -> Option<T> {
        let Some(value) = self.optional(field)? else { return Some(usual) };
        let number = value.as_str().and_then(|digits| digits.trim().parse().ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = range.into_inner();
            self.problem(field, format!("must be a whole number from {least} to {most}"));
        }
        number
    }

    /// One of these words, in any letter case; the first of them where none is given.
    pub(crate) fn one_of(
        &mut self,
        field: &'static str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let Some(value) = self.optional(field)? else { return words.first().copied() };
        let given = value.as_str().unwrap_or_default().trim();
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(given)).copied();
        if word.is_none() {
            self.problem(field, format!("must be {}", words.join(" or ")));
        }
        word
    }

    /// Whether the card becomes the default, where something is said.
    pub(crate) fn default_choice(
        &mut self,
        field: &'static str,
        unsaid: DefaultChoice,
    ) -> Option<DefaultChoice> {
        match self.optional(field)? {
            None => Some(unsaid),
            Some(Value::Bool(false)) => Some(DefaultChoice::LeaveAsIs),
            Some(Value::Bool(true)) => Some(DefaultChoice::MakeDefault),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => {
                Some(DefaultChoice::LeaveAsIs)
            }
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => {
                Some(DefaultChoice::MakeDefault)
            }
            Some(_) => {
                self.problem(field, "must be true or false");
                None
            }
        }
    }

    /// All that was taken, where nothing is wrong with any of it.
    pub(crate) fn finish<T>(self, taken: Option<T>) -> Result<T, Vec<FieldProblem>> {
        match taken {
            Some(taken) if self.problems.is_empty() => Ok(taken),
            _ => Err(self.problems),
        }
    }

    fn required(&mut self, field: &'static str) -> Option<&'a Value> {
        let value = self.optional(field)?;
        if value.is_none() {
            self.problem(field, "is required");
        }
        value
    }

    /// The value, where there is one that is not null; the outer `None` is a problem.
    #[expect(clippy::option_option, reason = "absent and ambiguous are two things")]
    fn optional(&mut self, field: &'static str) -> Option<Option<&'a Value>> {
        self.once(field).map(|value| value.filter(|value| !value.is_null()))
    }

    /// The value, where there is one; the outer `None` is a problem.
    #[expect(clippy::option_option, reason = "absent and ambiguous are two things")]
    fn once(&mut self, field: &'static str) -> Option<Option<&'a Value>> {
        let members = self.members;
        let mut values = members.named(field);
        let (value, again) = (values.next(), values.next());
        if again.is_some() {
            self.problem(field, "must be given once");
            return None;
        }
        Some(value)
    }

    /// Keeps what is wrong with a field.
    pub(crate) fn problem(&mut self, field: &'static str, problem: impl Into<String>) {
        self.problems.push(FieldProblem { field, problem: problem.into() });
    }
}

/// A whole number, which JSON may write with a fraction of nothing: `7.0`. Beyond what such a number
/// tells exactly, it might be another's id.
pub(crate) fn whole(number: &Number) -> Option<i64> {
    let exact = |number: &f64| number.abs() < 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| number.as_f64().filter(exact)?.to_string().parse().ok())
}
