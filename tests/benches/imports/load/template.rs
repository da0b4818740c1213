//! Requests whose bytes are made once: only numbers change, and these have one width.

use crate::servers::VAULT_CUSTOMERS;

/// The customers are numbered from here, all in seven digits.
pub(crate) const FIRST_CUSTOMER: u32 = 1_000_000;

/// What the number of the customer, and that of the card, stand in for.
const CUSTOMER: &str = "@@@@@@@";
const CARD: &str = "#######";

/// Without a common factor with the numbers of cards and customers, so that neighbours in time are
/// none in an index.
pub(crate) const CARD_STEP: u64 = 6_700_417;
pub(crate) const CUSTOMER_STEP: u64 = 2_654_435_761;

/// A request that is sent again and again, for another customer and card each time.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    customers: Vec<usize>,
    cards: Vec<usize>,
    count: u32,
}

/// A customer of the billing system, and the number of a customer and card of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    pub(crate) customer: u32,
    pub(crate) card: u32,
}

impl Pair {
    /// The pair of request `number`, with so many customers. No two numbers up to ten million have
    /// the same card.
    pub(crate) fn of(number: u32, customers: u32) -> Self {
        let card = u64::from(number) * CARD_STEP % u64::from(VAULT_CUSTOMERS);
        let customer = u64::from(number) * CUSTOMER_STEP % u64::from(customers);
        let narrow = |number| u32::try_from(number).expect("a remainder");
        Self { customer: FIRST_CUSTOMER + narrow(customer), card: narrow(card) }
    }
}

impl Template {
    /// The import of a card.
    pub(crate) fn import(key: &str, customers: u32) -> Self {
        let body = format!(
            r#"{{"customerId":{CUSTOMER},"stripeCustomerId":"cus_Synthetic{CARD}","stripeCardId":"card_Synthetic{CARD}"}}"#
        );
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            cardlift_tests::PATH,
            body.len()
        );
        Self::new(&(head + &body), customers)
    }

    /// What the program asks the vault for.
    pub(crate) fn vault() -> Self {
        let request = format!(
            "GET /v1/customers/cus_Synthetic{CARD}/sources/card_Synthetic{CARD} HTTP/1.1\r\n\
             Host: localhost\r\nAuthorization: Bearer sk_test_bench\r\n\
             Accept: application/json\r\n\r\n"
        );
        Self::new(&request, 1)
    }

    fn new(text: &str, count: u32) -> Self {
        let places = |mark: &str| text.match_indices(mark).map(|(at, _)| at).collect();
        let (customers, cards) = (places(CUSTOMER), places(CARD));
        Self { bytes: text.as_bytes().to_owned(), customers, cards, count }
    }

    /// The bytes of request `number`.
    pub(crate) fn numbered(&mut self, number: u32) -> &[u8] {
        let pair = Pair::of(number, self.count);
        for at in &self.customers {
            write(&mut self.bytes, *at, pair.customer);
        }
        for at in &self.cards {
            write(&mut self.bytes, *at, pair.card);
        }
        &self.bytes
    }
}

fn write(bytes: &mut [u8], at: usize, mut number: u32) {
    for digit in bytes.iter_mut().skip(at).take(CARD.len()).rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}
