//! A vault that has nothing, and notes with which key it was asked.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A vault that answers that there is no such customer. It ends when dropped.
#[derive(Debug)]
pub struct RecordingVault {
    /// Its base URL.
    pub url: String,
    keys: Keys,
    serving: JoinHandle<()>,
}

type Keys = Arc<Mutex<Vec<String>>>;

const BODY: &str = r#"{"error":{"type":"invalid_request_error","code":"resource_missing","param":"customer","message":"No such customer: 'cus_1'"}}"#;

impl RecordingVault {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let keys = Keys::default();
        let noted = keys.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, noted.clone()));
            }
        });
        Self { url, keys, serving }
    }

    /// The keys it was asked with since it was asked last, in order.
    #[must_use]
    pub fn take_keys(&self) -> Vec<String> {
        std::mem::take(&mut *self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for RecordingVault {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers one request.
async fn answer(stream: TcpStream, keys: Keys) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let read = stream.read_line(&mut line).await;
        if read.is_err() || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.trim().split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            let key = value.trim_start_matches("Bearer ").to_owned();
            keys.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        }
    }
    let head = format!(
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let _gone_or_not = stream.write_all(head.as_bytes()).await;
}
