//! `cardlift sandbox`.

use std::time::Duration;

use clap::Args;

use cardlift_sandbox::Sandbox;

use crate::failure::Failure;
use crate::serve::told_to_stop;

#[derive(Debug, Args)]
pub(crate) struct SandboxCommand {
    /// Where it listens: a loopback address; port 0 takes a free one
    #[arg(
        long,
        env = "CARDLIFT_SANDBOX_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:12111"
    )]
    listen: String,
    /// How many made-up customers there are besides the documented ones
    #[arg(long, env = "CARDLIFT_SANDBOX_CUSTOMERS", value_name = "COUNT", default_value = "10000")]
    customers: usize,
    /// How long each answer takes at least
    #[arg(
        long,
        env = "CARDLIFT_SANDBOX_LATENCY_MS",
        value_name = "MILLISECONDS",
        default_value = "0"
    )]
    latency_ms: u64,
    /// How many requests it takes in a second; more get 429 [default: as many as come]
    #[arg(long, env = "CARDLIFT_SANDBOX_CALLS_PER_SECOND", value_name = "COUNT")]
    calls_per_second: Option<u32>,
}

impl SandboxCommand {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let builder = Sandbox::builder()
            .synthetic_customers(self.customers)
            .latency(Duration::from_millis(self.latency_ms))
            .calls_per_second(self.calls_per_second);
        let told = told_to_stop();
        let sandbox = builder.listen(&self.listen).start()?;
        println!("A Stripe-shaped sandbox is listening on {}", sandbox.base_url());
        println!("Use it: STRIPE_API_BASE={} STRIPE_API_KEY=sk_test_sandbox", sandbox.base_url());
        println!("Its customers, cards and faults are told in the README of cardlift-sandbox.");
        told.await;
        sandbox.stop().await;
        Ok(())
    }
}
