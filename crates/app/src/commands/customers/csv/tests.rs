use super::*;

/// The records of a file with this content, or why there are none.
async fn read(content: &[u8]) -> Result<Vec<Result<CustomerRecord, String>>, String> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), content).expect("written");
    let opened = Reader::open(file.path()).await;
    let path = file.path().display().to_string();
    let mut reader = opened.map_err(|error| error.to_string().replace(&path, "FILE"))?;
    let mut records = Vec::new();
    while let Some(record) = reader.next().await {
        records.push(record.map_err(|bad_line| bad_line.to_string()));
    }
    Ok(records)
}

fn customer(id: i64, first: Option<&str>, email: Option<&str>) -> CustomerRecord {
    let profile = CustomerProfile {
        first_name: first.map(Into::into),
        primary_email: email.map(Into::into),
        ..CustomerProfile::default()
    };
    CustomerRecord { id: CustomerId::try_from(id).expect("an id"), profile }
}

#[tokio::test]
async fn columns_stand_in_any_order_and_letter_case() {
    let content = b"PRIMARYEMAIL,color,CustomerID,firstname\r\nz@example.com,red,7,\"Doe, Zo\xc3\xab\"\r\n,blue,8,\r\n";
    let expected =
        vec![Ok(customer(7, Some("Doe, Zoë"), Some("z@example.com"))), Ok(customer(8, None, None))];
    assert_eq!(read(content).await, Ok(expected));
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_a_name() {
    assert_eq!(read(b"\xef\xbb\xbfcustomerId\n7\n").await, Ok(vec![Ok(customer(7, None, None))]));
}

#[tokio::test]
async fn a_bad_line_is_told_by_its_number_and_the_others_are_read() {
    let content = b"customerId,firstName\n0,a\n1,b\nx,c\n2,\"a\tb\"\n";
    let records = read(content).await.expect("a CSV file");
    let id = "customerId must be a whole number from 1 to 9223372036854775807";
    let text =
        "firstName must be at most 255 characters, none of them a control character".to_owned();
    let expected = [
        Err(format!("line 2: {id}")),
        Ok(customer(1, Some("b"), None)),
        Err(format!("line 4: {id}")),
        Err(format!("line 5: {text}")),
    ];
    assert_eq!(records, expected);
}

#[tokio::test]
async fn a_line_with_a_card_number_is_bad_whichever_column_has_it() {
    let content =
        b"customerId,firstName,note\n4242424242424242,a,\n1,b,\n2,c,4242 4242 4242 4242\n";
    let records = read(content).await.expect("a CSV file");
    let problem = |line, column| {
        Err(format!("line {line}: column {column} holds what looks like a card number. {INSTEAD}"))
    };
    assert_eq!(records, [problem(2, 1), Ok(customer(1, Some("b"), None)), problem(4, 3)]);
    let header = read(b"customerId,4242424242424242\n1,2\n").await;
    let expected =
        format!("FILE holds what looks like a card number in its header line. {INSTEAD}");
    assert_eq!(header, Err(expected));
}

#[tokio::test]
async fn a_line_with_too_few_fields_is_bad() {
    let records = read(b"customerId,firstName\n1\n").await.expect("a CSV file");
    assert_eq!(records, [Err("a line can't be read".to_owned())]);
}

#[tokio::test]
async fn without_its_column_a_file_is_refused() {
    let expected = "FILE has no column customerId: its header line must name one";
    assert_eq!(read(b"id,name\n1,a\n").await, Err(expected.into()));
    assert_eq!(read(b"").await, Err(expected.into()));
}

#[tokio::test]
async fn a_column_that_stands_twice_is_ambiguous() {
    let expected = "FILE has the column customerId twice";
    assert_eq!(read(b"customerId,CUSTOMERID\n1,2\n").await, Err(expected.into()));
}

#[tokio::test]
async fn a_file_in_another_encoding_is_refused() {
    assert!(read(b"customerId,\xff\n1,2\n").await.is_err());
}
