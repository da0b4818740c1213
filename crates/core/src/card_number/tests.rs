use proptest::prelude::*;

use super::looks_like_a_card_number as looks;

/// Numbers that are published for tests, of each length.
const NUMBERS: [&str; 9] = [
    "4222222222222",
    "30569309025904",
    "378282246310005",
    "4242424242424242",
    "5555555555554444",
    "6011111111111117",
    "50000000000000617",
    "500000000000000009",
    "6205500000000000004",
];

#[track_caller]
fn check(texts: &[&str], expected: bool) {
    for text in texts {
        assert_eq!(looks(text), expected, "{text}");
    }
}

#[test]
fn a_number_is_found_wherever_it_stands() {
    check(&NUMBERS, true);
    for number in NUMBERS {
        for text in [
            format!("card{number}"),
            format!("cc{number}dd"),
            format!("{number}^DOE/JOHN^2912101"),
            format!("a note, and then {number}."),
            format!("{number} 12/29 123"),
            format!("7 {number}"),
            format!("{number}-3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"),
            format!("_{number}_"),
            format!("{{\"a\":{number}}}"),
            format!("é{number}é"),
        ] {
            assert!(looks(&text), "{text}");
        }
        assert!(looks([b"\xff", number.as_bytes(), b"\xe9"].concat()), "no UTF-8");
    }
}

#[test]
fn groups_are_read_as_people_write_them() {
    check(
        &[
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
            "3782 822463 10005",
            "3056-930902-5904",
            "4222 2222 2222 2",
            "620550 0000000000004",
            "7 4242 4242 4242 4242 12/29",
            "2026-11-24 4242 4242 4242 4242 123",
            "4242\u{a0}4242\u{2011}4242 4242",
        ],
        true,
    );
    check(
        &["4242  4242 4242 4242", "4242.4242.4242.4242", "4242,4242,4242,4242", "4242 4242 4242"],
        false,
    );
}

#[test]
fn digits_are_those_of_any_script() {
    check(&["４２４２４２４２４２４２４２４２", "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", "𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐"], true);
}

#[test]
fn a_number_that_does_not_pass_or_has_another_length_is_none() {
    check(
        &[
            "",
            "4242424242424243",
            "424242424242",
            "42424242424242424242",
            "14242424242424242",
            "0000000000000000",
            "0000 0000 0000 0000",
        ],
        false,
    );
}

#[test]
fn what_is_known_for_something_else_is_none() {
    check(
        &[
            // Dates, which pass where they are taken together.
            "2026-11-24 2026-10-25",
            "2026-11-24-10-30-07",
            "Tue, 24 Nov 2026 10:00:00 GMT",
            // A telephone number as E.164 writes it.
            "+4915123456787",
            // Ids in hexadecimal, in which digits that pass stand together.
            "a4222222222222bcdef01234567890ab",
            "4222222222222abcdef01234",
            "aaaa4222-2222-2222-2aaa-aaaaaaaaaaaa",
            "id_aaaa4222-2222-2222-2aaa-aaaaaaaaaaaa",
            "00-a4222222222222bcdef01234567890ab-00f067aa0ba902b7-01",
        ],
        false,
    );
    assert!(looks("4915123456787"), "which by itself would be one");
}

#[test]
fn what_is_around_it_does_not_hide_a_number() {
    check(
        &[
            "+4242424242424242",
            "a4242424242424242",
            "facade4242424242422",
            "x4222222222222abcdef01234567890ab",
            "4222222222222_abcdef0123456789abcdef",
            "3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f-4242424242424242",
            "4242-4242-4242-4242",
        ],
        true,
    );
}

/// Ids that others make by chance: none is taken for a number. What is around them is as it is in
/// the headers of a request.
#[test]
fn no_uuid_and_no_trace_is_a_number() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        // xorshift64*, by Vigna.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    for _ in 0..200_000 {
        let (high, low) = (random(), random());
        let uuid = format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        );
        let long = format!("{high:016x}{low:016x}");
        check(
            &[&uuid, &long, &format!("{high:016x}{:08x}", low >> 32), &format!("id-{long}.1")],
            false,
        );
    }
}

/// What is looked for, said in another way and at any cost: each run of groups in each part of the
/// text that holds nothing but digits and what may stand between them.
fn naively(text: &str) -> bool {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '٠'..='٩' => char::from_digit(u32::from(c) - u32::from('٠'), 10).expect("a digit"),
            '-' | '\u{a0}' => ' ',
            c => c,
        })
        .collect();
    let parts = plain.split(|c: char| c != ' ' && !c.is_ascii_digit());
    parts.flat_map(|part| part.split("  ")).any(|chain| {
        let groups: Vec<_> = chain.split(' ').filter(|group| !group.is_empty()).collect();
        let mut runs = (0..groups.len()).flat_map(|from| {
            let groups = &groups;
            (from + 1..=groups.len()).map(move |to| &groups[from..to])
        });
        runs.any(|run| as_written(run) && passes(&run.concat()))
    })
}

fn as_written(run: &[&str]) -> bool {
    match run {
        [_] => true,
        [first, between @ .., _] => {
            (4..=6).contains(&first.len()) && between.iter().all(|group| group.len() >= 3)
        }
        [] => false,
    }
}

fn passes(number: &str) -> bool {
    let doubled = |(place, digit): (usize, u32)| match place % 2 {
        0 => digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    let digits = number.chars().rev().map(|c| c.to_digit(10).expect("a digit"));
    let sum: u32 = digits.enumerate().map(doubled).sum();
    (13..=19).contains(&number.len()) && sum > 0 && sum.is_multiple_of(10)
}

/// Pieces that texts with and without numbers are made of. None is a letter of an id.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,7}",
        1 => "[0-9]{11,21}",
        1 => "[٠-٩]{1,14}",
        3 => Just(" ".to_owned()),
        2 => Just("-".to_owned()),
        1 => Just("\u{a0}".to_owned()),
        1 => "[x.,:é ]{1,14}",
        1 => prop::sample::select(&NUMBERS[..]).prop_map(str::to_owned),
        1 => Just("4242 4242 4242 4242".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn it_finds_what_is_found_at_any_cost(pieces in prop::collection::vec(piece(), 0..12)) {
        let text = pieces.concat();
        prop_assert_eq!(looks(&text), naively(&text), "{}", text);
    }

    #[test]
    fn a_number_is_found_in_any_text(
        before in "(\\PC{0,40}[a-zA-Z.,:;_é])?", after in "([a-zA-Z .,:;_é]\\PC{0,40})?",
        number in prop::sample::select(&NUMBERS[..]),
    ) {
        let text = format!("{before}{number}{after}");
        // Not where it comes out as part of an id.
        prop_assume!(!text.split(|c: char| !c.is_ascii_hexdigit()).any(|word| word.len() >= 24));
        prop_assert!(looks(&text), "{}", text);
    }

    #[test]
    fn any_bytes_will_do(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _either = looks(bytes);
    }
}
