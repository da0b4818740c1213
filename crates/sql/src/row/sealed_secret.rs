#![expect(missing_docs, reason = "the macro names the function's type, and gives it no doc")]

use cardlift_core::account::AccountId;
use cardlift_core::ports::StoreError;
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel, SecretName};
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::sealed_secret;

/// How many secrets are listed at once.
pub const SECRETS_AT_ONCE: i64 = 100;

/// A sealed secret, read or to be kept.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sealed_secret)]
pub struct SealedSecretRow {
    account_id: i64,
    name: String,
    #[diesel(embed)]
    sealed: SealedColumns,
}

/// What is sealed.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sealed_secret)]
pub struct SealedColumns {
    master_key: String,
    key: Vec<u8>,
    secret: Vec<u8>,
}

impl SealedSecretRow {
    /// A secret to be kept.
    #[must_use]
    pub fn new(label: SecretLabel, sealed: &SealedSecret) -> Self {
        let SecretLabel { account, name } = label;
        Self { account_id: account.get(), name: name.name().to_owned(), sealed: sealed.into() }
    }
}

impl From<&SealedSecret> for SealedColumns {
    fn from(SealedSecret { master_key, key, secret }: &SealedSecret) -> Self {
        let (key, secret) = (key.clone(), secret.clone());
        Self { master_key: master_key.to_string(), key, secret }
    }
}

impl TryFrom<SealedColumns> for SealedSecret {
    type Error = StoreError;

    fn try_from(
        SealedColumns { master_key, key, secret }: SealedColumns,
    ) -> Result<Self, StoreError> {
        let id = MasterKeyId::parse(&master_key);
        let master_key = id.ok_or_else(|| corrupt("sealed_secret", "no id of a master key"))?;
        Ok(Self { master_key, key, secret })
    }
}

impl TryFrom<SealedSecretRow> for (SecretLabel, SealedSecret) {
    type Error = StoreError;

    fn try_from(row: SealedSecretRow) -> Result<Self, StoreError> {
        let name = SecretName::from_name(&row.name);
        let label = SecretLabel {
            account: AccountId::try_from(row.account_id)
                .map_err(|why| corrupt("sealed_secret", why))?,
            name: name.ok_or_else(|| corrupt("sealed_secret", "no name of a secret"))?,
        };
        Ok((label, row.sealed.try_into()?))
    }
}

/// The secret of this label.
#[must_use]
#[diesel::dsl::auto_type]
pub fn sealed(label: SecretLabel) -> _ {
    let account: i64 = label.account.get();
    let name: &'static str = label.name.name();
    sealed_secret::table.find((account, name))
}

/// The secrets after this one, in the order of their labels.
#[must_use]
#[diesel::dsl::auto_type]
pub fn sealed_after(after: Option<SecretLabel>) -> _ {
    let account: i64 = after.map_or(0, |after| after.account.get());
    let name: &'static str = after.map_or("", |after| after.name.name());
    let later = sealed_secret::account_id.eq(account).and(sealed_secret::name.gt(name));
    sealed_secret::table
        .filter(sealed_secret::account_id.gt(account).or(later))
        .order((sealed_secret::account_id, sealed_secret::name))
}
