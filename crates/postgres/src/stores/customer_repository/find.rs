//! Finding the customers that several callers ask for at the same time.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{Customer, CustomerId};
use cardlift_core::ports::StoreError;
use cardlift_sql::row::CustomerRow;
use cardlift_sql::{Statement, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::database::{Connections, FirstStatement, Whose};
use crate::error::LotError;

/// Those of a customer, `there`. A prepared statement names its columns: another one must not change
/// what it returns.
macro_rules! columns {
    () => {
        "there.account_id, there.id, there.first_name, there.middle_name, there.last_name,
        there.company_name, there.suffix, there.title, there.primary_email, there.primary_phone,
        there.secondary_email, there.secondary_phone, there.reference, there.currency,
        there.parent_id, there.status, there.standing, there.created_at, there.updated_at"
    };
}

/// Key by key, whatever the planner takes the accounts for.
struct Find;

impl Statement for Find {
    const TEXT: &'static str = concat!(
        "
    SELECT asked.place - 1 AS place, ",
        columns!(),
        "
    FROM unnest($1, $2) WITH ORDINALITY AS asked (account_id, id, place)
    CROSS JOIN LATERAL (
        SELECT * FROM customer
        WHERE account_id = asked.account_id AND id = asked.id
        OFFSET 0
    ) AS there"
    );
}

/// A query of diesel's own would have its text built each time.
struct FindOne;

impl Statement for FindOne {
    const TEXT: &'static str = concat!(
        "SELECT ",
        columns!(),
        " FROM customer AS there WHERE there.account_id = $1 AND there.id = $2"
    );
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(embed)]
    customer: CustomerRow,
}

type Found = Result<Option<Customer>, StoreError>;

/// What there is of these, in their order. Nothing where one of them can't be read, say: each caller
/// asks for its own by itself then.
pub(crate) async fn find(
    connections: &Connections,
    asked: Vec<(AccountId, CustomerId)>,
) -> Vec<Found> {
    let mut found: Vec<Found> = asked.iter().map(|_| Ok(None)).collect();
    match load(connections, &asked).await {
        Ok(rows) => {
            for There { place, customer } in rows {
                let slot = usize::try_from(place).ok().and_then(|place| found.get_mut(place));
                if let Some(slot) = slot {
                    *slot = Customer::try_from(customer).map(Some);
                }
            }
        }
        Err(LotError::Gone(error)) => found.fill_with(|| Err(error.clone().into())),
        Err(LotError::OneOfThem) => found.clear(),
    }
    found
}

/// The one customer, if it is there.
pub(super) async fn one(
    mut connection: &AsyncPgConnection,
    account: AccountId,
    id: CustomerId,
) -> QueryResult<Option<CustomerRow>> {
    let find = prepared::<FindOne>();
    let find = find.bind::<BigInt, _>(account.get()).bind::<BigInt, _>(id.get());
    find.get_result(&mut connection).await.optional()
}

async fn load(
    connections: &Connections,
    asked: &[(AccountId, CustomerId)],
) -> Result<Vec<There>, LotError> {
    let whose = Whose::of_ids(asked.iter().map(|(account, _)| account.get()));
    let found = connections.beginning_with(whose, Asked(asked)).await;
    let (_connection, found) = found.map_err(LotError::from_pool)?;
    found.map_err(LotError::from_diesel)
}

/// The customers that are asked for.
struct Asked<'a>(&'a [(AccountId, CustomerId)]);

impl FirstStatement for Asked<'_> {
    type Answer = Vec<There>;

    async fn run(self, mut connection: &AsyncPgConnection) -> QueryResult<Vec<There>> {
        let Self(asked) = self;
        // For one the server has less work with a statement that is for one.
        if let [(account, id)] = *asked {
            let customer = one(connection, account, id).await?;
            return Ok(customer.map(|customer| There { place: 0, customer }).into_iter().collect());
        }
        let (accounts, ids): (Vec<i64>, Vec<i64>) =
            asked.iter().map(|(account, id)| (account.get(), id.get())).unzip();
        let find = prepared::<Find>();
        let find = find.bind::<Array<BigInt>, _>(accounts).bind::<Array<BigInt>, _>(ids);
        find.load(&mut connection).await
    }
}
