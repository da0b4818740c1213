//! Groups of digits, and which of them make a number.

use std::ops::Range;

use super::digits::{Symbol, symbols};
use super::luhn::{LONGEST, Luhn};

/// How many digits the first group has of a number that is written in groups, and how many each
/// other one has at least, but for the last: dates have two.
const FIRST: std::ops::RangeInclusive<u8> = 4..=6;
const LEAST: u8 = 3;

/// Digits that a number may begin with.
#[derive(Debug, Clone, Copy, Default)]
struct Begun {
    at: usize,
    digits: Luhn,
}

/// Numbers that may go on after the last group, the latest first. More can't: each group but the
/// first takes three of nineteen digits.
type Open = [Option<Begun>; 5];

/// Whether any number of a stretch of digits and what stands between them is one, given where it is
/// and how many digits it has. A number is a group, or several with one separator between each.
pub(super) fn any(stretch: &[u8], mut is_one: impl FnMut(Range<usize>, u8) -> bool) -> bool {
    let mut open = Open::default();
    let mut group = None::<Begun>;
    for (at, symbol) in symbols(stretch).chain([(stretch.len(), Symbol::Other)]) {
        if let Symbol::Digit(digit) = symbol {
            let Begun { at, digits } = group.unwrap_or(Begun { at, digits: Luhn::default() });
            group = Some(Begun { at, digits: digits.then(Luhn::digit(digit)) });
            continue;
        }
        let Some(ended) = group.take() else {
            open = Open::default();
            continue;
        };
        let longer = open.map(|begun| begun.map(|begun| begun.then(ended)));
        let mut numbers = longer.iter().flatten().chain([&ended]);
        if numbers.any(|it| it.digits.passes() && is_one(it.at..at, it.digits.count)) {
            return true;
        }
        open = if symbol == Symbol::Separator { going_on(ended, longer) } else { Open::default() };
    }
    false
}

impl Begun {
    const fn then(self, group: Self) -> Self {
        Self { at: self.at, digits: self.digits.then(group.digits) }
    }
}

/// The numbers that may go on after a group, which ended those that it made longer.
fn going_on(group: Begun, longer: Open) -> Open {
    if group.digits.count < LEAST {
        return Open::default();
    }
    let first = FIRST.contains(&group.digits.count).then_some(group);
    let [one, two, three, four, _] = longer.map(|it| it.filter(|it| it.digits.count < LONGEST));
    [first, one, two, three, four]
}
