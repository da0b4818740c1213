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
use cardlift_sql::Instant;
use cardlift_sql::row::{
    AccountRow, ApiKeyRow, NewApiKeyRow, SealedColumns, SealedSecretRow, key_of_account, page,
    sealed,
};
use cardlift_sql::schema::{account, api_key, sealed_secret};
use diesel::prelude::*;
use futures_util::FutureExt as _;

use super::audit_trail;
use crate::Sqlite;
use crate::error::corrupt_row;

#[async_trait]
impl ApiKeyStore for Sqlite {
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError> {
        let row = NewApiKeyRow::from(key);
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(api_key::table).values(row);
            let row = insert.returning(ApiKeyRow::as_returning()).get_result(connection)?;
            let key = ApiKey::try_from(row).map_err(corrupt_row)?;
            audit_trail::write(connection, &told::api_key_created(&key))?;
            Ok(key)
        };
        self.change_keys("add_api_key", work).await
    }

    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.keys.find(digest, || self.ask_for_key(*digest.as_bytes()).boxed()).await
    }

    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let keys = api_key::table.filter(api_key::account_id.eq(account.get()));
            let total = keys.count().get_result(connection)?;
            let rows = keys.select(ApiKeyRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(api_key::id.asc()),
                SortOrder::Descending => rows.order(api_key::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset());
            Ok((rows.load(connection)?, total))
        };
        let (rows, total) = self.read("list_api_keys", work).await?;
        self::page::<ApiKeyRow, _>(rows, total)
    }

    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let key = api_key::table.find((account.get(), id.get()));
            let live = key.filter(api_key::revoked_at.is_null());
            let update = diesel::update(live).set(api_key::revoked_at.eq(Instant(at)));
            let was_live = update.execute(connection)? > 0;
            let row = key.select(ApiKeyRow::as_select()).get_result(connection).optional()?;
            let key = row.map(ApiKey::try_from).transpose().map_err(corrupt_row)?;
            if let Some(key) = key.as_ref().filter(|_| was_live) {
                audit_trail::write(connection, &told::api_key_revoked(key, at))?;
            }
            Ok(key)
        };
        self.change_keys("revoke_api_key", work).await
    }

    async fn adopt_hash_key(
        &self,
        new: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        let new = SealedSecretRow::new(SecretLabel::API_KEY_HASH, new);
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(sealed_secret::table).values(new);
            if insert.on_conflict_do_nothing().execute(connection)? > 0 {
                rehash_all(connection, &rehash)?;
            }
            let there = sealed(SecretLabel::API_KEY_HASH).select(SealedColumns::as_select());
            there.get_result(connection)
        };
        self.change_keys("adopt_hash_key", work).await?.try_into()
    }

    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError> {
        let uses = uses.to_vec();
        let work = move |connection: &mut SqliteConnection| {
            for KeyUse { account, key, at } in uses {
                let key = api_key::table.find((account.get(), key.get()));
                let last = api_key::last_used_at;
                let earlier = key.filter(last.is_null().or(last.lt(Instant(at))));
                diesel::update(earlier).set(last.eq(Instant(at))).execute(connection)?;
            }
            Ok(())
        };
        self.write("note_key_uses", work).await
    }
}

/// Makes the digests of all keys into keyed ones.
fn rehash_all(connection: &mut SqliteConnection, rehash: &Rehash) -> QueryResult<()> {
    let keys = api_key::table.select((api_key::account_id, api_key::id, api_key::digest));
    for (account, id, digest) in keys.load::<(i64, i64, Vec<u8>)>(connection)? {
        let plain = digest.as_slice().try_into().map(KeyDigest::from_bytes);
        let plain =
            plain.map_err(|why| diesel::result::Error::DeserializationError(Box::new(why)))?;
        let digest = rehash(&plain);
        let update = diesel::update(api_key::table.find((account, id)));
        update.set(api_key::digest.eq(digest.as_bytes().as_slice())).execute(connection)?;
    }
    Ok(())
}

impl Sqlite {
    async fn ask_for_key(&self, digest: [u8; 32]) -> Result<Option<KeyOfAccount>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let key = api_key::table.inner_join(account::table);
            let key = key.filter(api_key::digest.eq(digest.as_slice()));
            let rows = key.select((ApiKeyRow::as_select(), AccountRow::as_select()));
            rows.get_result(connection).optional()
        };
        self.read("find_api_key", work).await?.map(key_of_account).transpose()
    }
}
