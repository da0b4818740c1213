//! `cardlift serve`.

mod demo;
mod edge;
mod housekeeping;
mod metrics_endpoint;
mod open_files;
mod opened;
mod shutdown;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::middleware::from_fn;
use cardlift_core::use_cases::Admission;
use cardlift_engine::{Stopper, stop_signal};
use cardlift_http::Stopping;
use clap::Args;
use tokio::task::JoinSet;

use crate::commands::start;
use crate::database::Database;
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{
    Bounds, DatabaseArgs, JobsArgs, LogArgs, ServeArgs, ServeSettings, StripeArgs, StripeSettings,
    Tls,
};
use crate::tls::{PairFiles, Served, keep_current, server_config};
use crate::vaults::Vaults;
use crate::workers::Workers;

use self::demo::Demo;
use self::edge::Edge;
use self::opened::{Opened, SealedKeys};
pub(crate) use self::shutdown::told_to_stop;

/// What to do where there is neither a key nor a sandbox.
const NO_KEY_TO_SERVE_WITH: &str = "must be set to a Stripe API key (sk_.. or rk_..), which Stripe's dashboard shows under \
     Developers, API keys; or keep one in the database: `cardlift account set-key`; or try Cardlift \
     without one: cardlift serve --sandbox";

#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "a text of --help, which is not Markdown")]
pub(crate) struct ServeCommand {
    /// Serve a demonstration: made-up cards, an account of their own, a key and a curl to paste.
    /// Without DATABASE_URL its data is in a temporary file and gone with it
    #[arg(long)]
    sandbox: bool,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    stripe: StripeArgs,
    #[command(flatten)]
    jobs: JobsArgs,
}

impl ServeCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        if self.sandbox { self.serve_demo(log).await } else { self.serve_cards(log).await }
    }

    async fn serve_cards(&self, log: &LogArgs) -> Result<(), Failure> {
        let (serve, database, stripe, jobs) = start(log, |problems| {
            let serve = self.serve.parse(problems);
            let database = self.database.parse(problems);
            let stripe = self.stripe.parse(problems, database.as_ref(), NO_KEY_TO_SERVE_WITH);
            let jobs = self.jobs.parse(problems);
            Some((serve?, database?, stripe?, jobs?))
        })?;
        let stores = Database::open_migrated(&database).await?;
        let sealer = master_keys::open_to_seal(&stripe.master_key, &stores).await?;
        let vaults = Vaults::open(&stripe, &stores, sealer.clone()).await?;
        vaults.require_any(NO_KEY_TO_SERVE_WITH).await?;
        let keys = SealedKeys::open(sealer, &stores).await?;
        let opened = Opened::new(vaults, stores, keys, stripe.rates, jobs);
        let server = Server::bind(serve, opened, Admission::EveryAccount)?;
        println!("Cardlift is listening on {}", server.base());
        server.run().await
    }

    async fn serve_demo(&self, log: &LogArgs) -> Result<(), Failure> {
        let demo = Demo::start()?;
        let (serve, database, stripe, jobs) = start(log, |problems| {
            let serve = self.serve.parse(problems);
            let database = self.database.parse(problems);
            let database = database.map(|there| demo.database_settings(&self.database, there));
            let stripe = demo.vault_settings(&self.stripe, database.as_ref(), problems);
            let jobs = self.jobs.parse(problems);
            Some((serve?, database?, stripe?, jobs?))
        })?;
        let jobs = Demo::jobs_settings(&self.database, jobs);
        let stores = Database::open_migrated(&database).await?;
        let sealer = master_keys::open_to_seal(&stripe.master_key, &stores).await?;
        let keys = SealedKeys::open(sealer.clone(), &stores).await?;
        let visitor = demo.prepare(&stores, &keys.hash).await?;
        let stripe = StripeSettings { key_of: visitor.account, ..stripe };
        let vaults = Vaults::open(&stripe, &stores, sealer).await?;
        let opened = Opened::new(vaults, stores, keys, stripe.rates, jobs);
        let admission = Admission::Only(visitor.account);
        let server = Server::bind(serve, opened, admission)?;
        println!("{}", visitor.welcome(&server.base(), jobs));
        let ended = server.run().await;
        demo.stop().await;
        ended
    }
}

/// A server that has its address, and does not serve yet.
struct Server {
    address: SocketAddr,
    http: actix_web::dev::Server,
    /// Ends when it is told to stop.
    told: Pin<Box<dyn Future<Output = ()> + Send>>,
    opened: Opened,
    metrics_listen: Option<SocketAddr>,
    bounds: Bounds,
    shutdown_timeout: Duration,
    /// The certificate that is served, where TLS is, and where the next one will be.
    certificate: Option<(PairFiles, Arc<Served>)>,
    /// Tells those answers to end that would go on for as long as somebody listens.
    answers: Stopper,
}

impl Server {
    fn bind(
        settings: ServeSettings,
        opened: Opened,
        admission: Admission,
    ) -> Result<Self, Failure> {
        let (answers, mut stop) = stop_signal();
        let stopping = Stopping::when(async move { stop.told().await });
        let api = opened.api(admission, &settings, stopping);
        let concurrency = Some(api.concurrency.clone());
        let ServeSettings {
            listen, tls, bounds, shutdown_timeout, workers, metrics_listen, ..
        } = settings;
        let app = move || {
            App::new()
                .wrap(from_fn(cardlift_http::request_log))
                .wrap(from_fn(cardlift_http::shed))
                .configure(cardlift_http::routes(api.clone()))
                .default_service(cardlift_http::not_found())
        };
        let certificate = match tls {
            Tls::Off => None,
            Tls::On(files, pair) => Some((files, Arc::new(Served::new(pair)))),
        };
        let tls = certificate.as_ref().map(|(_, served)| server_config(served.clone()));
        open_files::allow(bounds.connections);
        let listener = edge::listen(listen).map_err(|error| cannot_listen(listen, &error))?;
        let address = listener.local_addr()?;
        let edge = Edge {
            name: "api",
            listener,
            tls: tls.transpose()?.map(Arc::new),
            bounds,
            concurrency,
            workers: workers.unwrap_or_else(half_of_the_cores),
            shutdown_timeout,
        };
        let http = edge.serve(app)?;
        Ok(Self {
            address,
            http,
            told: Box::pin(told_to_stop()),
            opened,
            metrics_listen,
            bounds,
            shutdown_timeout,
            certificate,
            answers,
        })
    }

    /// The URL that it is reached at.
    fn base(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves, and works on jobs, until it is told to stop, every request in flight has its answer
    /// and every job is given back.
    async fn run(self) -> Result<(), Failure> {
        let recorder = metrics_endpoint::install()?;
        let metrics = self
            .metrics_listen
            .map(|listen| metrics_endpoint::serve(listen, self.bounds, recorder.clone()));
        let metrics = metrics.transpose()?;
        let Opened { stores, work, uses, chain, .. } = self.opened;
        let workers = Workers::start(&stores, &work, None);
        let mut chores = JoinSet::new();
        chores.spawn(housekeeping::run(stores.clone(), uses.clone(), recorder));
        chores.spawn(housekeeping::chain(chain.clone()));
        if let Some((files, served)) = self.certificate {
            chores.spawn(keep_current(files, served));
        }
        let (http, stopper) = (self.http.handle(), workers.stopper());
        chores.spawn(shutdown::stop_when_told(self.told, http, stopper, self.answers));
        tracing::info!(address = %self.address, "listening");
        self.http.await?;
        workers.stop(self.shutdown_timeout).await;
        chores.shutdown().await;
        housekeeping::write_uses(stores.as_ref(), &uses).await;
        housekeeping::chain_the_rest(&chain).await;
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// The fewer serve, the less they have to hand over to each other; what is left of the machine the
/// kernel, the jobs and often the database make use of.
fn half_of_the_cores() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    (cores / 2).max(1)
}

/// The failure to listen on an address, and what to do.
fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::because(format!(
        "can't listen on {address}: {error}; set CARDLIFT_LISTEN or --listen to an address and \
         port of this machine that are free"
    ))
}
