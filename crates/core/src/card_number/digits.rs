//! What the characters of a text are to a number.

/// What a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Digit(u8),
    /// What stands between groups of digits.
    Separator,
    Other,
}

/// The zeros of the scripts that have digits of their own: each begins ten characters in order. All
/// that Unicode 14 calls decimal digits (`Nd`), but for those of ASCII.
const ZEROS: [u32; 65] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Whether a byte may be one of a number, or between its groups. Those that are not ASCII may.
pub(super) const fn may_be_of_a_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b' ' | b'-') || !byte.is_ascii()
}

/// What each character is, and where it begins.
pub(super) fn symbols(text: &[u8]) -> impl Iterator<Item = (usize, Symbol)> {
    let chunks = text.utf8_chunks().scan(0, |begun, chunk| {
        let at = *begun;
        *begun += chunk.valid().len() + chunk.invalid().len();
        Some((at, chunk))
    });
    chunks.flat_map(|(at, chunk)| {
        let valid = chunk.valid();
        let broken = (!chunk.invalid().is_empty()).then_some((at + valid.len(), Symbol::Other));
        valid.char_indices().map(move |(place, c)| (at + place, symbol(c))).chain(broken)
    })
}

fn symbol(c: char) -> Symbol {
    match c {
        ' ' | '-' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\u{3000}' => {
            Symbol::Separator
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => Symbol::Separator,
        _ => digit(c).map_or(Symbol::Other, Symbol::Digit),
    }
}

fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let zero = if c.is_ascii() {
        u32::from('0')
    } else {
        let after = ZEROS.partition_point(|zero| *zero <= code);
        *ZEROS.get(after.checked_sub(1)?)?
    };
    u8::try_from(code.checked_sub(zero)?).ok().filter(|digit| *digit < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_of_any_script_is_one() {
        for (zero, nine) in [('0', '9'), ('\u{660}', '\u{669}'), ('０', '９'), ('𝟎', '𝟗')] {
            assert_eq!((digit(zero), digit(nine)), (Some(0), Some(9)));
        }
        for other in ['a', '/', ':', '²', '①', '\u{65f}', '\u{66a}', '一'] {
            assert_eq!(digit(other), None, "{other}");
        }
    }

    #[test]
    fn the_scripts_are_in_order_and_all_their_digits_are_numeric() {
        assert!(ZEROS.is_sorted_by(|one, next| one + 10 <= *next));
        for code in ZEROS.iter().flat_map(|zero| *zero..zero + 10) {
            assert!(char::from_u32(code).is_some_and(char::is_numeric), "{code:x}");
        }
    }
}
