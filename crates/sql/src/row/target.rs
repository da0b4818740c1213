use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::job::RowTarget;
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::import_row;

/// The columns that hold what a row asks for: all of them or none.
#[derive(Clone, Default, Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = import_row, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns say what they are")]
pub struct TargetColumns {
    pub customer_id: Option<i64>,
    pub customer_as_given: Option<String>,
    pub external_customer_id: Option<String>,
    /// Empty where the card is left to the customer.
    pub external_card_id: Option<String>,
}

impl From<&RowTarget> for TargetColumns {
    fn from(target: &RowTarget) -> Self {
        let card = target.external_card.as_ref();
        Self {
            customer_id: Some(target.customer.get()),
            customer_as_given: Some(target.customer_as_given.clone()),
            external_customer_id: Some(target.external_customer.as_str().to_owned()),
            external_card_id: Some(card.map_or("", ExternalCardId::as_str).to_owned()),
        }
    }
}

impl TargetColumns {
    /// What the row asks for; `None` where that can't be told.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for columns that are none.
    pub fn into_target(self) -> Result<Option<RowTarget>, StoreError> {
        let Self { customer_id, customer_as_given, external_customer_id, external_card_id } = self;
        let ids = customer_id.zip(external_customer_id).zip(external_card_id);
        let target = match (ids, customer_as_given) {
            (Some(((customer, external_customer), external_card)), Some(customer_as_given)) => {
                RowTarget {
                    external_customer: ExternalCustomerId::parse(&external_customer)
                        .map_err(wrong)?,
                    external_card: match external_card.as_str() {
                        "" => None,
                        card => Some(ExternalCardId::parse(card).map_err(wrong)?),
                    },
                    customer: CustomerId::try_from(customer).map_err(wrong)?,
                    customer_as_given,
                }
            }
            (None, None) => return Ok(None),
            _ => return Err(wrong("it asks for something by halves")),
        };
        Ok(Some(target))
    }
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("import_row", why)
}
