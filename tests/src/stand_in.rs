//! A Stripe stand-in that others wrote: `stripe-stateful-mock`.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::client;

/// Listens on a free port of the loopback address, and says which.
const SERVER: &str = "
    const server = require('stripe-stateful-mock').createExpressApp().listen(0, '127.0.0.1', () => {
        console.log('PORT ' + server.address().port);
    });
";

/// The stand-in as a process. It is killed when dropped.
#[derive(Debug)]
pub struct StandIn {
    _child: Child,
    base: String,
}

impl StandIn {
    /// Starts it.
    pub async fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stand-ins");
        assert!(
            folder.join("node_modules/stripe-stateful-mock").is_dir(),
            "stripe-stateful-mock is not installed: run scripts/test, or `npm ci` in {}",
            folder.display()
        );
        let mut child = Command::new("node")
            .args(["-e", SERVER])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines();
        let port = loop {
            let line = lines.next_line().await.expect("it writes text").expect("it starts");
            if let Some(port) = line.strip_prefix("PORT ") {
                break port.to_owned();
            }
        };
        // What it goes on to write is read, or it would have to wait.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { _child: child, base: format!("http://127.0.0.1:{port}") }
    }

    /// What `STRIPE_API_BASE` is set to.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Posts a form to it, with the key it takes, and gives what it made.
    pub async fn post(&self, path: &str, form: &str) -> Value {
        let request = client()
            .post(format!("{}{path}", self.base))
            .bearer_auth("sk_test_standin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        let answer = request.send().await.expect("it answers");
        let text = answer.text().await.expect("it answers with text");
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
    }
}
