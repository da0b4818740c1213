//! What a server stands on, and the API over it.

use std::sync::Arc;

use cardlift_core::api_key::HashKey;
use cardlift_core::audit::ChainKey;
use cardlift_core::job::Rates;
use cardlift_core::ports::{Sealer, Stores};
use cardlift_core::use_cases::{
    Accounts, Admission, ApiKeys, AuditChain, Authenticate, CreateApiKey, Customers, ImportCard,
    ImportJobs, KeyUses, PaymentMethods, PlanImport, ReadAudit, VaultKeys,
};
use cardlift_http::{Admin, Api, ConcurrencyLimit, RateLimiter, Stopping, WrongKeys};
use cardlift_stripe::StripeVaults;

use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{JobsSettings, ServeSettings};
use crate::system::{SystemClock, SystemEntropy};
use crate::vaults::Vaults;
use crate::workers::Work;

/// What a server stands on.
pub(super) struct Opened {
    vault: Arc<StripeVaults>,
    vault_keys: Arc<VaultKeys>,
    pub(super) stores: Arc<dyn Stores>,
    pub(super) work: Work,
    hash: HashKey,
    pub(super) uses: KeyUses,
    pub(super) chain: AuditChain,
}

/// What is sealed in the database and used all the time.
pub(super) struct SealedKeys {
    pub(super) hash: HashKey,
    chain: ChainKey,
}

impl SealedKeys {
    /// Opens them; makes those that there are not.
    pub(super) async fn open(
        sealer: Arc<dyn Sealer>,
        stores: &Arc<dyn Stores>,
    ) -> Result<Self, Failure> {
        // First, since it is refused where it was taken away: nothing else is made then.
        let chain = master_keys::chain_keys(sealer.clone(), stores).open().await?;
        Ok(Self { hash: master_keys::hash_key(sealer, stores).await?, chain })
    }
}

impl Opened {
    pub(super) fn new(
        vaults: Vaults,
        stores: Arc<dyn Stores>,
        keys: SealedKeys,
        rates: Rates,
        settings: JobsSettings,
    ) -> Self {
        let (vault, vault_keys) = (Arc::new(vaults.stripe), vaults.keys);
        let bulk = Arc::new(vault.for_bulk());
        let work = Work { vault: bulk, rates, settings };
        let SealedKeys { hash, chain: key } = keys;
        let chain = AuditChain { trail: stores.clone(), key };
        Self { vault, vault_keys, stores, work, hash, uses: KeyUses::default(), chain }
    }

    pub(super) fn api(
        &self,
        admission: Admission,
        settings: &ServeSettings,
        stopping: Stopping,
    ) -> Api {
        let Self { vault, stores, work, hash, uses, .. } = self;
        let clock = Arc::new(SystemClock);
        Api {
            import_card: ImportCard {
                accounts: stores.clone(),
                customers: stores.clone(),
                vault: vault.clone(),
                payment_methods: stores.clone(),
                clock: clock.clone(),
            },
            import_jobs: ImportJobs {
                accounts: stores.clone(),
                jobs: stores.clone(),
                clock: clock.clone(),
            },
            plan_import: PlanImport {
                jobs: stores.clone(),
                // Somebody waits for the answer.
                catalog: vault.clone(),
                rates: work.rates,
            },
            customers: Customers { customers: stores.clone(), clock: clock.clone() },
            payment_methods: PaymentMethods {
                customers: stores.clone(),
                payment_methods: stores.clone(),
                clock: clock.clone(),
            },
            read_audit: ReadAudit { trail: stores.clone() },
            authenticate: Authenticate {
                keys: stores.clone(),
                admission,
                hash: hash.clone(),
                uses: uses.clone(),
                clock: clock.clone(),
            },
            admin: self.admin(),
            idempotency: stores.clone(),
            readiness: stores.clone(),
            rate_limiter: RateLimiter::default(),
            wrong_keys: WrongKeys::new(settings.wrong_keys),
            concurrency: ConcurrencyLimit::new(settings.requests_at_once),
            clock,
            stopping,
        }
    }

    fn admin(&self) -> Admin {
        let Self { vault_keys, stores, hash, .. } = self;
        let clock = Arc::new(SystemClock);
        Admin {
            accounts: Accounts { accounts: stores.clone(), secrets: stores.clone() },
            vault_keys: vault_keys.clone(),
            create_key: CreateApiKey {
                accounts: stores.clone(),
                keys: stores.clone(),
                hash: hash.clone(),
                entropy: Arc::new(SystemEntropy),
                clock: clock.clone(),
            },
            keys: ApiKeys { accounts: stores.clone(), keys: stores.clone(), clock },
        }
    }
}
