//! What is measured on: the cluster, its two databases, and a place for logs.

use std::path::Path;

use tempfile::TempDir;

use crate::database::{Database, Server};
use crate::figures::Figures;
use crate::load::{Load, Outcome, Pair, Template};
use crate::servers;
use crate::settings::Settings;
use crate::usage::{Meter, peak};
use crate::window::Window;

/// What the program and pgbench are measured on.
pub(crate) struct Bed {
    pub(crate) settings: Settings,
    pub(crate) server: Server,
    /// The program's own.
    pub(crate) ours: Database,
    /// The same for pgbench.
    pub(crate) theirs: Database,
    pub(crate) folder: TempDir,
}

impl Bed {
    pub(crate) async fn make(settings: Settings) -> Self {
        let server = Server::start(&settings.postgres).await;
        println!("the program serves as {:?}, pgbench as the owner of the tables", settings.role);
        let ours = server.database("ours", settings.customers).await;
        let theirs = server.database("theirs", settings.customers).await;
        Self { settings, server, ours, theirs, folder: servers::scratch() }
    }

    pub(crate) fn vault(&self, latency: u32) -> servers::Server {
        servers::Server::vault(self.folder.path(), latency)
    }

    /// Starts the program before this vault; it may not listen yet.
    pub(crate) fn program(&self, vault: &servers::Server) -> servers::Server {
        self.build(&cardlift_tests::binary(), &self.ours, vault)
    }

    /// The same of any build of it, on any database.
    fn build(
        &self,
        binary: &Path,
        database: &Database,
        vault: &servers::Server,
    ) -> servers::Server {
        let Settings { role, passed_on, .. } = &self.settings;
        let url = database.url_as(*role);
        servers::Server::program(self.folder.path(), binary, (&url, vault.address), passed_on)
    }

    pub(crate) fn import(&self) -> Template {
        Template::import(&self.ours.key, self.settings.customers)
    }

    /// The program, on its own database without new rows.
    pub(crate) async fn measure_program(&self, latency: u32, connections: u32) -> Figures {
        self.measure_build(&cardlift_tests::binary(), &self.ours, latency, connections).await
    }

    /// Any build of it, on any database without new rows.
    pub(crate) async fn measure_build(
        &self,
        binary: &Path,
        database: &Database,
        latency: u32,
        connections: u32,
    ) -> Figures {
        database.reset().await;
        let vault = self.vault(latency);
        let program = self.build(binary, database, &vault).listening();
        let template = Template::import(&database.key, self.settings.customers);
        let load = Load::new(program.address, template, connections);
        let postmaster = Some(self.server.postmaster);
        let (outcome, figures) =
            load_program(&self.settings, load, (&program, &vault), postmaster).await;
        program.stop();
        vault.stop();
        check(&outcome, self.settings.customers, &database.pairs().await);
        figures
    }

    /// The vault by itself, asked for the same cards.
    pub(crate) async fn measure_vault(&self, latency: u32, connections: u32) -> Figures {
        let vault = self.vault(latency);
        let load = Load::new(vault.address, Template::vault(), connections);
        let meter = Meter { vault: Some(vault.process()), ..Meter::default() };
        let window = Window::after(self.settings.warm, self.settings.lasting);
        let (outcome, spent) = tokio::join!(load.run(window), window.pass(meter));
        assert!(outcome.others.is_empty(), "{:?}: {}", outcome.others, vault.written());
        vault.stop();
        Figures::new(&outcome.latencies, &window, spent)
    }

    /// pgbench, on a table without new rows.
    pub(crate) async fn measure_pgbench(&self, database: &Database, clients: u32) -> Figures {
        database.reset().await;
        crate::pgbench::measure(&self.server, database, clients, &self.settings).await
    }

    /// Each good answer has its row, and each row its good answer.
    pub(crate) async fn check(&self, outcome: &Outcome) {
        check(outcome, self.settings.customers, &self.ours.pairs().await);
    }
}

/// Each good answer has its row, and each row its good answer.
pub(crate) fn check(outcome: &Outcome, customers: u32, rows: &[Pair]) {
    let pair = |number: &u32| Pair::of(*number, customers);
    let mut answered: Vec<_> = outcome.good.iter().map(pair).collect();
    answered.sort_unstable();
    let counts = (answered.len(), rows.len());
    assert!(answered == rows, "good answers and rows differ, of which there are {counts:?}");
}

/// Loads a program that runs before this vault, and on this Postgres. Every answer must be good.
pub(crate) async fn load_program(
    settings: &Settings,
    load: Load,
    (program, vault): (&servers::Server, &servers::Server),
    postmaster: Option<u32>,
) -> (Outcome, Figures) {
    let meter = meter((program, vault), postmaster);
    let window = Window::after(settings.warm, settings.lasting);
    let (outcome, spent) = tokio::join!(load.run(window), window.pass(meter));
    assert!(outcome.others.is_empty(), "{:?}: {}", outcome.others, program.written());
    let peak = peak(program.process());
    let figures = Figures { peak, ..Figures::new(&outcome.latencies, &window, spent) };
    (outcome, figures)
}

/// Reads what these take, and the load from this process.
pub(crate) fn meter(
    (program, vault): (&servers::Server, &servers::Server),
    postmaster: Option<u32>,
) -> Meter {
    let (program, vault) = (Some(program.process()), Some(vault.process()));
    Meter { program, vault, postmaster, load: None }
}
