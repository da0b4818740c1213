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
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

use super::account_repository::bind;
use super::audit_trail::{self, now};
use crate::Postgres;
use crate::error::{Abort, from_diesel};

#[async_trait]
impl SealedSecretStore for Postgres {
    async fn sealed(&self, label: SecretLabel) -> Result<Option<SealedSecret>, StoreError> {
        self.call("get_secret", async {
            find(&mut *self.connection_for(label.account).await?, label).await
        })
        .await
    }

    async fn sealed_for(
        &self,
        name: SecretName,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError> {
        let of = accounts.iter().copied();
        let accounts: Vec<_> = accounts.iter().map(|account| account.get()).collect();
        self.call("accounts_with_secret", async {
            let mut connection = self.connection_for_each(of).await?;
            let of_name = sealed_secret::table.filter(sealed_secret::name.eq(name.name()));
            let there = of_name.filter(sealed_secret::account_id.eq_any(accounts));
            let ids = there.select(sealed_secret::account_id).load::<i64>(&mut connection).await;
            let ids = ids.map_err(from_diesel)?.into_iter().map(AccountId::try_from);
            ids.collect::<Result<_, _>>().map_err(|why| corrupt("sealed_secret", why))
        })
        .await
    }

    async fn put_vault_key(
        &self,
        account: AccountId,
        mode: VaultMode,
        secret: &SealedSecret,
    ) -> Result<ModeBinding, StoreError> {
        self.changing_keys("put_vault_key", async {
            let mut connection = self.connection_for(account).await?;
            let put = connection.transaction(async |connection| {
                let (binding, bound) = bind(connection, account, mode).await?;
                if !matches!(binding, ModeBinding::Bound(_)) {
                    return Ok(binding);
                }
                diesel::insert_into(sealed_secret::table)
                    .values(SealedSecretRow::new(SecretLabel::vault_key(account), secret))
                    .on_conflict((sealed_secret::account_id, sealed_secret::name))
                    .do_update()
                    .set(SealedColumns::from(secret))
                    .execute(connection)
                    .await?;
                let set = told::vault_key_set(account, secret, now(connection).await?);
                audit_trail::write_joined(connection, bound.into_iter().chain([set])).await?;
                Ok(binding)
            });
            put.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn add_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<SealedSecret, StoreError> {
        self.call("add_secret", async {
            let mut connection = self.connection_for(label.account).await?;
            diesel::insert_into(sealed_secret::table)
                .values(SealedSecretRow::new(label, secret))
                .on_conflict_do_nothing()
                .execute(&mut connection)
                .await
                .map_err(from_diesel)?;
            let there = find(&mut connection, label).await?;
            there.ok_or_else(|| corrupt("sealed_secret", "it is gone as soon as it was added"))
        })
        .await
    }

    async fn replace_sealed(
        &self,
        label: SecretLabel,
        old: &SealedSecret,
        new: &SealedSecret,
    ) -> Result<bool, StoreError> {
        self.call("replace_secret", async {
            let mut connection = self.connection_for(label.account).await?;
            let there = sealed(label)
                .filter(sealed_secret::key.eq(&old.key))
                .filter(sealed_secret::secret.eq(&old.secret));
            let update = diesel::update(there).set(SealedColumns::from(new));
            Ok(update.execute(&mut connection).await.map_err(from_diesel)? > 0)
        })
        .await
    }

    async fn remove_sealed(&self, label: SecretLabel) -> Result<bool, StoreError> {
        self.call("remove_secret", async {
            let mut connection = self.connection_for(label.account).await?;
            let removed = connection.transaction(async |connection| {
                let removed = diesel::delete(sealed(label)).execute(connection).await? > 0;
                if removed && label.name == SecretName::VaultKey {
                    let told = told::vault_key_removed(label.account, now(connection).await?);
                    audit_trail::write(connection, &told).await?;
                }
                Ok(removed)
            });
            removed.await.map_err(from_diesel)
        })
        .await
    }

    async fn list_sealed(
        &self,
        after: Option<SecretLabel>,
    ) -> Result<Vec<(SecretLabel, SealedSecret)>, StoreError> {
        self.call("list_secrets", async {
            // Secrets are checked, and sealed anew, whoever has them.
            let mut connection = self.connection_across().await?;
            let query = sealed_after(after).limit(SECRETS_AT_ONCE);
            let query = query.select(SealedSecretRow::as_select());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(TryInto::try_into).collect()
        })
        .await
    }

    async fn tell_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        self.call("tell_rotation", async {
            let mut connection = self.connection_for(AccountId::DEFAULT).await?;
            let at = now(&mut connection).await.map_err(from_diesel)?;
            let told = told::master_key_rotated(rotation, at);
            audit_trail::write(&mut connection, &told).await.map_err(from_diesel)
        })
        .await
    }
}

async fn find(
    connection: &mut AsyncPgConnection,
    label: SecretLabel,
) -> Result<Option<SealedSecret>, StoreError> {
    let query = sealed(label).select(SealedColumns::as_select());
    let row = query.first(connection).await.optional().map_err(from_diesel)?;
    row.map(TryInto::try_into).transpose()
}
