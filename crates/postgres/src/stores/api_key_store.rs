use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{
    ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, KeyUse, NewApiKey, Rehash,
};
use cardlift_core::audit::told;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ApiKeyStore, StoreError};
use cardlift_core::sealed::{SealedSecret, SecretLabel};
use cardlift_sql::row::{
    AccountRow, ApiKeyRow, NewApiKeyRow, SealedColumns, SealedSecretRow, key_of_account, page,
    sealed,
};
use cardlift_sql::schema::{account, api_key, sealed_secret};
use cardlift_sql::{Instant, InstantSql, Statement, prepared};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt as _;

use super::audit_trail;
use crate::Postgres;
use crate::error::{Abort, from_diesel};

/// The rows are locked in the order of their keys, so that replicas which tell of the same keys wait for
/// each other in one direction.
struct NoteUses;

impl Statement for NoteUses {
    const TEXT: &'static str = "
    WITH used AS (
        SELECT account_id, id, max(at) AS at FROM unnest($1, $2, $3) AS told (account_id, id, at)
        GROUP BY account_id, id
    ), locked AS (
        SELECT account_id, id, used.at FROM api_key JOIN used USING (account_id, id)
        WHERE last_used_at IS NULL OR last_used_at < used.at
        ORDER BY account_id, id
        FOR NO KEY UPDATE OF api_key
    )
    UPDATE api_key SET last_used_at = locked.at FROM locked
    WHERE api_key.account_id = locked.account_id AND api_key.id = locked.id
        AND (last_used_at IS NULL OR last_used_at < locked.at)";
}

#[async_trait]
impl ApiKeyStore for Postgres {
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError> {
        self.changing_keys("add_api_key", async {
            let mut connection = self.connection_for(key.account).await?;
            let added = connection.transaction(async |connection| {
                let insert = diesel::insert_into(api_key::table).values(NewApiKeyRow::from(key));
                let insert = insert.returning(ApiKeyRow::as_returning());
                let row = insert.get_result(connection).await?;
                let key = ApiKey::try_from(row).map_err(Abort::Port)?;
                audit_trail::write(connection, &told::api_key_created(&key)).await?;
                Ok(key)
            });
            added.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.keys.find(digest, || self.ask_for_key(digest).boxed()).await
    }

    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        self.call("list_api_keys", async {
            let mut connection = self.connection_for(account).await?;
            let keys = api_key::table.filter(api_key::account_id.eq(account.get()));
            let total = keys.count().get_result(&mut connection).await.map_err(from_diesel)?;
            let query = keys.select(ApiKeyRow::as_select()).into_boxed();
            let query = match order {
                SortOrder::Ascending => query.order(api_key::id.asc()),
                SortOrder::Descending => query.order(api_key::id.desc()),
            };
            let query = query.limit(page.size().into()).offset(page.offset());
            let rows = query.load::<ApiKeyRow>(&mut connection).await.map_err(from_diesel)?;
            self::page(rows, total)
        })
        .await
    }

    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        self.changing_keys("revoke_api_key", async {
            let mut connection = self.connection_for(account).await?;
            let revoked = connection.transaction(async |connection| {
                let key = api_key::table.find((account.get(), id.get()));
                let live = key.filter(api_key::revoked_at.is_null());
                let update = diesel::update(live).set(api_key::revoked_at.eq(Instant(at)));
                let was_good = update.execute(connection).await? > 0;
                let query = key.select(ApiKeyRow::as_select());
                let row = query.first(connection).await.optional()?;
                let key = row.map(ApiKey::try_from).transpose().map_err(Abort::Port)?;
                if let Some(key) = key.as_ref().filter(|_| was_good) {
                    audit_trail::write(connection, &told::api_key_revoked(key, at)).await?;
                }
                Ok(key)
            });
            revoked.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn adopt_hash_key(
        &self,
        new: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        self.changing_keys("adopt_hash_key", async {
            // The keys of all accounts are hashed with the one.
            let mut connection = self.connection_across().await?;
            let adopted = connection.transaction(async |connection| {
                // Whoever comes second waits here for the first.
                let insert = diesel::insert_into(sealed_secret::table)
                    .values(SealedSecretRow::new(SecretLabel::API_KEY_HASH, new))
                    .on_conflict_do_nothing();
                if insert.execute(connection).await? > 0 {
                    rehash_all(connection, &rehash).await?;
                }
                let there = sealed(SecretLabel::API_KEY_HASH).select(SealedColumns::as_select());
                Ok(there.first(connection).await?)
            });
            adopted.await.map_err(Abort::into_port)?.try_into()
        })
        .await
    }

    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError> {
        let accounts: Vec<i64> = uses.iter().map(|used| used.account.get()).collect();
        let keys: Vec<i64> = uses.iter().map(|used| used.key.get()).collect();
        let times: Vec<Instant> = uses.iter().map(|used| Instant(used.at)).collect();
        self.call("note_key_uses", async {
            let update = prepared::<NoteUses>()
                .bind::<Array<BigInt>, _>(accounts)
                .bind::<Array<BigInt>, _>(keys)
                .bind::<Array<InstantSql>, _>(times);
            let mut connection =
                self.connection_for_each(uses.iter().map(|used| used.account)).await?;
            update.execute(&mut connection).await.map(|_| ()).map_err(from_diesel)
        })
        .await
    }
}

/// Makes the digests of all keys into keyed ones.
async fn rehash_all(
    connection: &mut AsyncPgConnection,
    rehash: &Rehash,
) -> Result<(), Abort<StoreError>> {
    let keys = api_key::table.select(ApiKeyRow::as_select()).for_update();
    for row in keys.load(connection).await? {
        let key = ApiKey::try_from(row).map_err(Abort::Port)?;
        let digest = rehash(&key.digest);
        let update = diesel::update(api_key::table.find((key.account.get(), key.id.get())));
        let update = update.set(api_key::digest.eq(digest.as_bytes().as_slice()));
        update.execute(connection).await?;
    }
    Ok(())
}

impl Postgres {
    async fn ask_for_key(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.call("find_api_key", async {
            // Whose it is, is what is asked.
            let mut connection = self.connection_across().await?;
            let key = api_key::table.inner_join(account::table);
            let key = key.filter(api_key::digest.eq(digest.as_bytes().as_slice()));
            let query = key.select((ApiKeyRow::as_select(), AccountRow::as_select()));
            let rows = query.first(&mut connection).await.optional().map_err(from_diesel)?;
            rows.map(key_of_account).transpose()
        })
        .await
    }
}
