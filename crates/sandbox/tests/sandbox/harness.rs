//! A sandbox, and a client of it.

use cardlift_sandbox::{RunningSandbox, Sandbox, SandboxBuilder};
use reqwest::StatusCode;
use serde_json::Value;

pub(crate) struct Visit {
    pub(crate) sandbox: RunningSandbox,
    client: reqwest::Client,
}

impl Visit {
    /// To a sandbox with so many made-up customers.
    pub(crate) fn to(synthetic_customers: usize) -> Self {
        Self::with(Sandbox::builder().synthetic_customers(synthetic_customers))
    }

    /// To a sandbox of these settings.
    pub(crate) fn with(builder: SandboxBuilder) -> Self {
        // A second time in one process it is there already.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { sandbox: builder.start().expect("it starts"), client }
    }

    pub(crate) fn request(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.base_url());
        self.client.get(url).bearer_auth("sk_test_sandbox")
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) async fn answer(&self, path: &str) -> (StatusCode, Value) {
        let response = self.request(path).send().await.expect("an answer");
        (response.status(), response.json().await.expect("JSON"))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.answer(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

/// The ids of a list.
pub(crate) fn ids(list: &Value) -> Vec<&str> {
    let data = list["data"].as_array().expect("a list");
    data.iter().map(|object| object["id"].as_str().expect("an id")).collect()
}
