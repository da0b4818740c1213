use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::audit::told;
use cardlift_core::ports::{ModeBinding, SealedSecretStore, StoreError};
use cardlift_core::sealed::{Rotation, SealedSecret, SecretLabel, SecretName};
use cardlift_core::vault::VaultMode;
use cardlift_sql::corrupt;
use cardlift_sql::row::{SECRETS_AT_ONCE, SealedColumns, SealedSecretRow, sealed, sealed_after};
use cardlift_sql::schema::sealed_secret;
use diesel::prelude::*;

use super::account_repository::bind;
use super::audit_trail;
use crate::Sqlite;

#[async_trait]
impl SealedSecretStore for Sqlite {
    async fn sealed(&self, label: SecretLabel) -> Result<Option<SealedSecret>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            sealed(label).select(SealedColumns::as_select()).get_result(connection).optional()
        };
        self.read("get_secret", work).await?.map(TryInto::try_into).transpose()
    }

    async fn sealed_for(
        &self,
        name: SecretName,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError> {
        let accounts: Vec<_> = accounts.iter().map(|account| account.get()).collect();
        let work = move |connection: &mut SqliteConnection| {
            let of_name = sealed_secret::table.filter(sealed_secret::name.eq(name.name()));
            let there = of_name.filter(sealed_secret::account_id.eq_any(accounts));
            there.select(sealed_secret::account_id).load::<i64>(connection)
        };
        let found = self.read("accounts_with_secret", work).await?.into_iter();
        let found = found.map(AccountId::try_from).collect::<Result<_, _>>();
        found.map_err(|why| corrupt("sealed_secret", why))
    }

    async fn put_vault_key(
        &self,
        account: AccountId,
        mode: VaultMode,
        secret: &SealedSecret,
    ) -> Result<ModeBinding, StoreError> {
        let secret = secret.clone();
        let work = move |connection: &mut SqliteConnection| {
            let (binding, bound) = bind(connection, account, mode)?;
            if !matches!(binding, ModeBinding::Bound(_)) {
                return Ok(binding);
            }
            diesel::insert_into(sealed_secret::table)
                .values(SealedSecretRow::new(SecretLabel::vault_key(account), &secret))
                .on_conflict((sealed_secret::account_id, sealed_secret::name))
                .do_update()
                .set(SealedColumns::from(&secret))
                .execute(connection)?;
            let set = told::vault_key_set(account, &secret, audit_trail::now(connection)?);
            audit_trail::write_joined(connection, bound.into_iter().chain([set]))?;
            Ok(binding)
        };
        self.change_keys("put_vault_key", work).await
    }

    async fn add_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<SealedSecret, StoreError> {
        let row = SealedSecretRow::new(label, secret);
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(sealed_secret::table).values(row);
            insert.on_conflict_do_nothing().execute(connection)?;
            sealed(label).select(SealedColumns::as_select()).get_result(connection)
        };
        self.write("add_secret", work).await?.try_into()
    }

    async fn replace_sealed(
        &self,
        label: SecretLabel,
        old: &SealedSecret,
        new: &SealedSecret,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.clone(), SealedColumns::from(new));
        let work = move |connection: &mut SqliteConnection| {
            let there = sealed(label)
                .filter(sealed_secret::key.eq(&old.key))
                .filter(sealed_secret::secret.eq(&old.secret));
            diesel::update(there).set(new).execute(connection)
        };
        Ok(self.write("replace_secret", work).await? > 0)
    }

    async fn remove_sealed(&self, label: SecretLabel) -> Result<bool, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let was_there = diesel::delete(sealed(label)).execute(connection)? > 0;
            if was_there && label.name == SecretName::VaultKey {
                let at = audit_trail::now(connection)?;
                audit_trail::write(connection, &told::vault_key_removed(label.account, at))?;
            }
            Ok(was_there)
        };
        self.write("remove_secret", work).await
    }

    async fn list_sealed(
        &self,
        after: Option<SecretLabel>,
    ) -> Result<Vec<(SecretLabel, SealedSecret)>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let query = sealed_after(after).limit(SECRETS_AT_ONCE);
            query.select(SealedSecretRow::as_select()).load(connection)
        };
        let rows = self.read("list_secrets", work).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn tell_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        let rotation = rotation.clone();
        let work = move |connection: &mut SqliteConnection| {
            let at = audit_trail::now(connection)?;
            audit_trail::write(connection, &told::master_key_rotated(&rotation, at))
        };
        self.write("tell_rotation", work).await
    }
}
