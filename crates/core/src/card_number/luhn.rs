//! The Luhn check, of digits that come one after the other.

/// What is known of some digits. Those that stand together are known from their parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Luhn {
    /// How many there are.
    pub(super) count: u8,
    /// Their sum, each second one doubled, counted from the last, which is not.
    sum: u8,
    /// The same where the last one is doubled.
    shifted: u8,
}

/// How many digits the longest card number has.
pub(super) const LONGEST: u8 = 19;

impl Luhn {
    pub(super) const fn digit(digit: u8) -> Self {
        let doubled = if digit > 4 { 2 * digit - 9 } else { 2 * digit };
        Self { count: 1, sum: digit, shifted: doubled }
    }

    /// These digits, and others after them. What is longer than any number has no sum that means
    /// anything.
    pub(super) const fn then(self, next: Self) -> Self {
        let (sum, shifted) = if next.count.is_multiple_of(2) {
            (self.sum, self.shifted)
        } else {
            (self.shifted, self.sum)
        };
        Self {
            count: self.count.saturating_add(next.count),
            sum: sum.saturating_add(next.sum),
            shifted: shifted.saturating_add(next.shifted),
        }
    }

    /// Whether they are as many as a card number has, and pass. Zeros pass, and are nobody's.
    pub(super) const fn passes(self) -> bool {
        self.count >= 13 && self.count <= LONGEST && self.sum > 0 && self.sum.is_multiple_of(10)
    }
}
