//! The use cases, over the stores and the vault of a world.

use std::collections::HashMap;
use std::sync::Arc;

use cardlift_core::job::Rates;
use cardlift_core::use_cases::{
    Accounts, Admission, ApiKeys, Authenticate, CreateApiKey, Customers, ImportCard, ImportJobs,
    PaymentMethods, PlanImport, ReadAudit, VaultKeys,
};
use cardlift_http::{Admin, Api};

use super::sealer::{Prefixes, Reversed};
use super::{World, hash};

impl World {
    pub(crate) fn api(&self) -> Api {
        Api {
            import_card: ImportCard {
                accounts: self.stores.clone(),
                customers: self.stores.clone(),
                vault: self.vault.clone(),
                payment_methods: self.stores.clone(),
                clock: self.clock.clone(),
            },
            import_jobs: ImportJobs {
                accounts: self.stores.clone(),
                jobs: self.stores.clone(),
                clock: self.clock.clone(),
            },
            plan_import: PlanImport {
                jobs: self.stores.clone(),
                catalog: self.vault.clone(),
                rates: Rates::STRIPE,
            },
            customers: Customers { customers: self.stores.clone(), clock: self.clock.clone() },
            payment_methods: PaymentMethods {
                customers: self.stores.clone(),
                payment_methods: self.stores.clone(),
                clock: self.clock.clone(),
            },
            read_audit: ReadAudit { trail: self.stores.clone() },
            authenticate: Authenticate {
                hash: hash(),
                keys: self.keys.clone(),
                admission: Admission::EveryAccount,
                uses: self.uses.clone(),
                clock: self.clock.clone(),
            },
            admin: self.admin(),
            idempotency: self.stores.clone(),
            readiness: self.ready.clone(),
            rate_limiter: self.rate_limiter.clone(),
            wrong_keys: self.wrong_keys.clone(),
            concurrency: self.concurrency.clone(),
            clock: self.clock.clone(),
            stopping: self.stopping.clone(),
        }
    }

    fn admin(&self) -> Admin {
        let (accounts, secrets) = (self.stores.clone(), self.stores.clone());
        Admin {
            accounts: Accounts { accounts: accounts.clone(), secrets: secrets.clone() },
            vault_keys: Arc::new(VaultKeys {
                accounts: accounts.clone(),
                secrets,
                sealer: Arc::new(Reversed),
                format: Arc::new(Prefixes),
                given: HashMap::new(),
            }),
            create_key: CreateApiKey {
                accounts: accounts.clone(),
                keys: self.stores.clone(),
                hash: hash(),
                entropy: self.entropy.clone(),
                clock: self.clock.clone(),
            },
            keys: ApiKeys { accounts, keys: self.stores.clone(), clock: self.clock.clone() },
        }
    }
}
