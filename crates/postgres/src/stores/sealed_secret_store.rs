use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::ports::{SealedSecretStore, StoreError};
use cardlift_core::sealed::{SealedSecret, SecretLabel, SecretName};
use cardlift_sql::corrupt;
use cardlift_sql::row::{SECRETS_AT_ONCE, SealedColumns, SealedSecretRow, sealed, sealed_after};
use cardlift_sql::schema::sealed_secret;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::from_diesel;

#[async_trait]
impl SealedSecretStore for Postgres {
    async fn sealed(&self, label: SecretLabel) -> Result<Option<SealedSecret>, StoreError> {
        self.call("get_secret", async { find(&mut *self.connection().await?, label).await }).await
    }

    async fn sealed_for(
        &self,
        name: SecretName,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError> {
        let accounts: Vec<_> = accounts.iter().map(|account| account.get()).collect();
        self.call("accounts_with_secret", async {
            let mut connection = self.connection().await?;
            let of_name = sealed_secret::table.filter(sealed_secret::name.eq(name.name()));
            let there = of_name.filter(sealed_secret::account_id.eq_any(accounts));
            let ids = there.select(sealed_secret::account_id).load::<i64>(&mut connection).await;
            let ids = ids.map_err(from_diesel)?.into_iter().map(AccountId::try_from);
            ids.collect::<Result<_, _>>().map_err(|why| corrupt("sealed_secret", why))
        })
        .await
    }

    async fn put_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<(), StoreError> {
        self.call("put_secret", async {
            let mut connection = self.connection().await?;
            diesel::insert_into(sealed_secret::table)
                .values(SealedSecretRow::new(label, secret))
                .on_conflict((sealed_secret::account_id, sealed_secret::name))
                .do_update()
                .set(SealedColumns::from(secret))
                .execute(&mut connection)
                .await
                .map_err(from_diesel)?;
            Ok(())
        })
        .await
    }

    async fn add_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<SealedSecret, StoreError> {
        self.call("add_secret", async {
            let mut connection = self.connection().await?;
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
            let mut connection = self.connection().await?;
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
            let mut connection = self.connection().await?;
            let delete = diesel::delete(sealed(label));
            Ok(delete.execute(&mut connection).await.map_err(from_diesel)? > 0)
        })
        .await
    }

    async fn list_sealed(
        &self,
        after: Option<SecretLabel>,
    ) -> Result<Vec<(SecretLabel, SealedSecret)>, StoreError> {
        self.call("list_secrets", async {
            let mut connection = self.connection().await?;
            let query = sealed_after(after).limit(SECRETS_AT_ONCE);
            let query = query.select(SealedSecretRow::as_select());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(TryInto::try_into).collect()
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
