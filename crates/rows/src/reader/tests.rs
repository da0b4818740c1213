use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::row::{CUSTOMER, EXTERNAL_CARD, EXTERNAL_CUSTOMER};

fn read(format: Format, pieces: &[&[u8]]) -> Result<Vec<Row>, NotRows> {
    let (mut reader, mut rows) = (RowReader::new(format), Vec::new());
    for piece in pieces {
        reader.push(piece, &mut rows)?;
    }
    reader.finish(&mut rows)?;
    Ok(rows)
}

/// Each row in a line: where it is, and what it asks for or what is wrong.
fn told(format: Format, file: &str) -> Vec<String> {
    let rows = read(format, &[file.as_bytes()]).expect("rows");
    let row = |Row { line, content }: Row| match content {
        Ok(ids) => {
            let card = ids.external_card.map(|card| card.to_string()).unwrap_or_default();
            format!("{line} {} {} {card}", ids.customer_as_given, ids.external_customer)
        }
        Err(problem) => format!("{line} {:?}: {problem}", problem.field().unwrap_or("row")),
    };
    rows.into_iter().map(row).collect()
}

#[track_caller]
fn check(file: &str, expected: &[&str]) {
    assert_eq!(told(Format::Csv, file), expected, "{file:?}");
}

const HEADER: &str = "customerId,stripeCustomerId,stripeCardId\n";

#[test]
fn columns_come_in_any_order_and_case_and_more_than_are_needed() {
    let rows = ["2 7 cus_1 card_1"];
    check("customerId,stripeCustomerId,stripeCardId\n7,cus_1,card_1\n", &rows);
    check("STRIPECARDID, name ,Customerid,stripecustomerid\ncard_1,Doe,7,cus_1", &rows);
    check("customerId,stripeCustomerId,stripeCardId,stripeCard\n7,cus_1,card_1,x\n", &rows);
    check("customerId;stripeCustomerId;stripeCardId\n7;cus_1;card_1\n", &rows);
    check("customerId\tstripeCustomerId\tstripeCardId\n7\tcus_1\tcard_1\n", &rows);
    check(
        "\u{feff}\"customerId\",stripeCustomerId,stripeCardId\r\n \"7\" ,cus_1, card_1\r\n",
        &rows,
    );
}

#[test]
fn a_card_may_be_left_out_and_zeros_in_front_are_kept() {
    check("customerId,stripeCustomerId\n007,cus_1\n", &["2 007 cus_1 "]);
    check(&format!("{HEADER}7,cus_1,\n\n\r\n8,cus_2, \n"), &["2 7 cus_1 ", "5 8 cus_2 "]);
}

#[test]
fn a_quoted_field_may_hold_anything() {
    let header = "note,customerId,stripeCustomerId\n";
    let file = format!("{header}\"a, \"\"b\"\"\nc\r\n\",7,cus_1\nd,8,cus_2\n\"\",9,cus_3\n");
    check(&file, &["2 7 cus_1 ", "5 8 cus_2 ", "6 9 cus_3 "]);
}

#[test]
fn a_quoted_field_has_so_many_lines() {
    let file = |lines| {
        let note = vec!["a"; lines].join("\n");
        format!("note,customerId,stripeCustomerId\n\"{note}\",7,cus_1\nd,8,cus_2\n")
    };
    check(&file(MOST_LINES), &["2 7 cus_1 ", "34 8 cus_2 "]);
    let rows = told(Format::Csv, &file(MOST_LINES + 1));
    assert_eq!(rows[0], "2 \"row\": a quote is not closed, or something stands after it.");
    assert_eq!(rows.last().map(String::as_str), Some("35 8 cus_2 "));
}

#[test]
fn a_bad_row_is_that_row_and_no_other() {
    let file = format!(
        "{HEADER}x,cus_1,card_1\n7,,card_1\n7,cus_1,visa\n7,cus_1\n7,cus_1,\"card_1\"x\n+7,cus_1,\n0,cus_1,\n{}\n7,cus_1,card_1\n",
        "1".repeat(LONGEST + 1)
    );
    check(
        &file,
        &[
            "2 \"customerId\": customerId must be a whole number from 1 to 9223372036854775807.",
            "3 \"stripeCustomerId\": stripeCustomerId is required.",
            "4 \"stripeCardId\": stripeCardId must start with card_ or src_ or pm_ or ba_.",
            "5 \"row\": the row has 2 fields, and the header has 3.",
            "6 \"row\": a quote is not closed, or something stands after it.",
            "7 \"customerId\": customerId must be a whole number from 1 to 9223372036854775807.",
            "8 \"customerId\": customerId must be a whole number from 1 to 9223372036854775807.",
            "9 \"row\": the row is longer than 16384 bytes.",
            "10 7 cus_1 card_1",
        ],
    );
    let rows = read(Format::Csv, &[HEADER.as_bytes(), b"7,cus_\xff,\n8,cus_1,\n"]).expect("rows");
    assert_eq!(rows[0].content, Err(RowProblem::NotUtf8));
    assert!(rows[1].content.is_ok());
}

#[test]
fn a_file_that_is_no_csv_is_refused_by_its_first_line() {
    let refused = |file: &[u8]| read(Format::Csv, &[file]).expect_err("no CSV");
    assert_eq!(refused(b""), NotRows::Empty);
    assert_eq!(refused(b"\n\r\n"), NotRows::Empty);
    assert_eq!(refused(b"{\"customerId\":1}\n"), NotRows::NoColumn(CUSTOMER));
    assert_eq!(refused(b"PK\x03\x04\xff\xfe\n"), NotRows::NoHeader);
    assert_eq!(
        refused(b"customerId,stripeCardId\n7,card_1\n"),
        NotRows::NoColumn(EXTERNAL_CUSTOMER)
    );
    assert_eq!(refused(b"customerId,customerID,stripeCustomerId\n"), NotRows::Twice(CUSTOMER));
    for header in
        ["customerId,stripeCustomerId,stripeCard\n", "stripe_card_id;customerId;stripeCustomerId\n"]
    {
        assert_eq!(refused(header.as_bytes()), NotRows::Alike(EXTERNAL_CARD), "{header}");
    }
    assert_eq!(refused(&b"a".repeat(LONGEST + 1)), NotRows::NoHeader);
}

#[test]
fn a_line_of_ndjson_is_an_object() {
    let file = "\u{feff}{\"customerId\":7,\"stripeCustomerId\":\"cus_1\",\"stripeCardId\":\"card_1\"}\r\n\n\
                {\"x\":[{}],\"STRIPECUSTOMERID\":\"cus_1\",\"customerid\":\"007\",\"stripeCardId\":null}\n\
                {\"customerId\":7,\"stripeCustomerId\":\"cus_1\",\"CustomerId\":8}\n\
                {\"customerId\":7.5,\"stripeCustomerId\":\"cus_1\"}\n[]\n{\"stripeCustomerId\":\"cus_1\"}\n\
                {\"customerId\":7,\"stripeCustomerId\":\"cus_1\",\"stripeCard\":\"card_1\"}\n\
                {\"customerId\":7,\"stripeCard\":\"x\",\"stripeCustomerId\":\"cus_1\",\"stripeCardId\":\"card_1\"}";
    let expected = [
        "1 7 cus_1 card_1",
        "3 007 cus_1 ",
        "4 \"customerId\": customerId must be given once.",
        "5 \"row\": the line is no JSON object with ids that are texts or whole numbers.",
        "6 \"row\": the line is no JSON object with ids that are texts or whole numbers.",
        "7 \"customerId\": customerId is required.",
        "8 \"stripeCardId\": another member is nearly called stripeCardId: it must be called so, or left out.",
        "9 7 cus_1 card_1",
    ];
    assert_eq!(told(Format::Ndjson, file), expected);
}

#[test]
fn a_line_with_a_card_number_ends_the_file_wherever_in_it_that_is() {
    let csv =
        |line: &str| format!("customerId,stripeCustomerId,note\n7,cus_1,\n{line}\n8,cus_2,\n");
    let ndjson = |line: &str| format!("{{\"customerId\":7}}\n\n{line}\n{{\"customerId\":8}}\n");
    for line in [
        "4242424242424242,cus_1,",
        "7,4242-4242-4242-4242,",
        "7,cus_1,\"a note: 4242 4242 4242 4242\"",
        "7,cus_1,\"4242424242424242",
        "7,cus_1,\u{ff14}242424242424242,too,many",
    ] {
        let refused = read(Format::Csv, &[csv(line).as_bytes()]);
        assert_eq!(refused, Err(NotRows::CardNumber { line: 3 }), "{line}");
    }
    for line in [
        "{\"customerId\":4242424242424242}",
        "{\"4242424242424242\":1}",
        "{\"customerId\":7,\"note\":[{\"a\":[true,1,-1,0.5,null,\"\\u0034242 4242 4242 4242\"]}]}",
        "{\"customerId\":7,\"\\u0034242424242424242\":1}",
        "4242424242424242",
    ] {
        let refused = read(Format::Ndjson, &[ndjson(line).as_bytes()]);
        assert_eq!(refused, Err(NotRows::CardNumber { line: 3 }), "{line}");
    }
    let in_header =
        read(Format::Csv, &[b"customerId,stripeCustomerId,4242424242424242\n7,cus_1,\n"]);
    assert_eq!(in_header, Err(NotRows::CardNumber { line: 1 }));
    let broken = read(Format::Csv, &[HEADER.as_bytes(), b"7,\xff4242424242424242,"]);
    assert_eq!(broken, Err(NotRows::CardNumber { line: 2 }));
    let escaped = read(Format::Ndjson, &[b"{\"note\":\"\\u0034\\n242\"}\n"]).expect("a row");
    assert_eq!(escaped.len(), 1, "an escape by itself is no harm");
}

/// A line that may be cut anywhere, and hold what a reader stumbles over.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        "[ -~]{0,9}".prop_map(String::into_bytes),
        Just(b"\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"7,cus_1,card_1\n".to_vec()),
        Just(b"{\"customerId\":7}\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
        (1..20_000_usize).prop_map(|length| vec![b'x'; length]),
    ];
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn in_pieces_of_any_size_a_file_has_the_same_rows(
        file in junk(), size in 1..50_usize, csv: bool, header: bool,
    ) {
        let format = if csv { Format::Csv } else { Format::Ndjson };
        let file = if header { [HEADER.as_bytes(), &file].concat() } else { file };
        let pieces: Vec<_> = file.chunks(size).collect();
        prop_assert_eq!(read(format, &[&file]), read(format, &pieces));
    }

    #[test]
    fn no_line_is_told_twice_and_their_order_is_kept(file in junk()) {
        let rows = read(Format::Csv, &[HEADER.as_bytes(), &file]).expect("rows");
        let lines: Vec<_> = rows.iter().map(|row| row.line).collect();
        prop_assert!(lines.is_sorted_by(|one, next| one < next), "{lines:?}");
        let last = 1 + file.split(|byte| *byte == b'\n').count();
        prop_assert!(lines.iter().all(|line| usize::try_from(*line).is_ok_and(|line| line <= last)));
    }

    #[test]
    fn a_quote_that_stands_alone_costs_its_own_line(
        quoted in prop::collection::vec(any::<bool>(), 2..60), at in any::<prop::sample::Index>(),
    ) {
        let at = at.index(quoted.len());
        let mut file = String::from("customerId,stripeCustomerId,note\n");
        for (number, quoted) in quoted.iter().enumerate() {
            let note = match (number == at, quoted) {
                (true, _) => "\"alone",
                (false, true) => "\"a note, quoted\"",
                (false, false) => "plain",
            };
            writeln!(file, "{},cus_1,{note}", number + 1).expect("written");
        }
        let rows = read(Format::Csv, &[file.as_bytes()]).expect("rows");
        prop_assert_eq!(rows.len(), quoted.len());
        for (number, row) in rows.iter().enumerate() {
            prop_assert_eq!(row.content.is_err(), number == at, "row {}: {:?}", number, row);
        }
    }
}
