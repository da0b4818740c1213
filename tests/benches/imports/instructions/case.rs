//! What is counted: imports of one kind, on one database.

use std::path::Path;

use cardlift_tests::Backend;

use super::callgrind::Callgrind;
use crate::database::furnish;
use crate::load::{Template, send_all};
use crate::servers::{Server, scratch};

/// Imports of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) name: &'static str,
    store: Store,
    cards: Cards,
    /// How many are in flight.
    at_once: usize,
}

#[derive(Debug, Clone, Copy)]
enum Store {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone, Copy)]
enum Cards {
    /// Each was never imported before.
    New,
    /// The same each time, which is there already.
    Same,
}

/// None has many at once on Postgres: how many of them go to the database together depends on how
/// fast it is, and with that the count.
pub(super) const CASES: [Case; 4] = [
    Case { name: "new-card-sqlite", store: Store::Sqlite, cards: Cards::New, at_once: 1 },
    Case { name: "same-card-sqlite", store: Store::Sqlite, cards: Cards::Same, at_once: 1 },
    Case { name: "32-new-cards-sqlite", store: Store::Sqlite, cards: Cards::New, at_once: 32 },
    Case { name: "new-card-postgres", store: Store::Postgres, cards: Cards::New, at_once: 1 },
];

/// How many imports the shorter run has, and how many more the longer one: the difference leaves out
/// what starts, warms up and stops the program.
const SHORTER: u32 = 192;
const MORE: u32 = 1_024;

const CUSTOMERS: u32 = 1_000;

/// So that nothing depends on the machine's cores, nor on how long it takes: threads that have
/// nothing to do look for work of others, and workers look for jobs again and again.
const SETTINGS: [(&str, &str); 3] =
    [("CARDLIFT_WORKERS", "1"), ("TOKIO_WORKER_THREADS", "1"), ("CARDLIFT_JOBS_AT_ONCE", "0")];

impl Case {
    /// The instructions of one import; by function, those of the longer run are in a file of the
    /// case's name in this folder.
    pub(super) async fn count(self, out: &Path) -> u32 {
        let shorter = self.run(SHORTER, out).await;
        let longer = self.run(SHORTER + MORE, out).await;
        let more = longer.checked_sub(shorter).expect("a longer run");
        u32::try_from(more / u64::from(MORE)).expect("less than four thousand million")
    }

    /// The instructions of a program that carries out so many.
    async fn run(self, imports: u32, out: &Path) -> u64 {
        let backend = match self.store {
            Store::Sqlite => Backend::sqlite(),
            Store::Postgres => Backend::postgres().await,
        };
        let (database, folder) = (backend.url(), scratch());
        let key = furnish(&database, CUSTOMERS).await;
        let vault = Server::vault(folder.path(), 0);
        let callgrind = Callgrind::new(out, self.name);
        let command = callgrind.command(&cardlift_tests::binary());
        let on = (database.as_str(), vault.address);
        let program = Server::serve(folder.path(), command, on, &settings()).listening();
        let template = Template::import(&key, CUSTOMERS);
        let number = |number| match self.cards {
            Cards::New => number,
            Cards::Same => 0,
        };
        let numbers: Vec<_> = (0..imports).map(number).collect();
        send_all(program.address, &template, self.at_once, &numbers).await;
        program.stop();
        vault.stop();
        callgrind.total()
    }
}

fn settings() -> Vec<(String, String)> {
    // On which the valgrind is that runs the program.
    let path = std::env::var("PATH").unwrap_or_default();
    let all = SETTINGS.into_iter().chain([("PATH", path.as_str())]);
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
