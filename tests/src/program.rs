//! The program as a process.

use std::ffi::OsStr;
use std::io::{Seek as _, Write as _};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::client;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, built if need be. `CARDLIFT_BIN` names one that is built already.
#[must_use]
pub fn binary() -> PathBuf {
    if let Some(built) = std::env::var_os("CARDLIFT_BIN") {
        return built.into();
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = std::process::Command::new(cargo)
        .args(["build", "--quiet", "--package", "cardlift"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .status();
    assert!(build.expect("cargo runs").success(), "the program does not build");
    // This test stands in target/debug/deps.
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("the folder of the build");
    folder.join("cardlift")
}

/// A command that is being put together. It inherits nothing of the environment but `PATH`.
#[derive(Debug)]
pub struct Run {
    command: Command,
    patience: Duration,
}

/// A command that ran to its end.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

/// A command that goes on until it is told to stop. It is killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: Lines,
    readers: Vec<JoinHandle<()>>,
}

/// What a program has written so far, to stdout and stderr alike.
type Lines = Arc<Mutex<String>>;

impl Run {
    /// The program with these arguments.
    #[must_use]
    pub fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(binary());
        command.args(arguments).env_clear().kill_on_drop(true).stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        // Nobody's working folder gets a file of ours.
        command.current_dir(std::env::temp_dir());
        Self { command, patience: PATIENCE }
    }

    /// Which may take as long as a benchmark.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patience = PATIENCE * 20;
        self
    }

    /// With this environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With these arguments besides.
    #[must_use]
    pub fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Without this environment variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// With this on stdin.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(text.as_bytes()).and_then(|()| file.rewind()).expect("it is written");
        self.command.stdin(file);
        self
    }

    /// In this folder.
    #[must_use]
    pub fn folder(mut self, folder: &std::path::Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs to the end.
    pub async fn finish(mut self) -> Finished {
        let output = tokio::time::timeout(self.patience, self.command.output()).await;
        let Output { status, stdout, stderr } = output.expect("it ends").expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
        Finished { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs to the end, which must be a good one, and gives what it wrote to stdout.
    pub async fn succeed(self) -> String {
        let Finished { code, stdout, stderr } = self.finish().await;
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        stdout
    }

    /// Starts, and waits until it has written a line with this text; gives all it wrote.
    pub async fn start(mut self, until: &str) -> (Program, String) {
        let mut child =
            self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let lines = Lines::default();
        let (seen, mut on_seen) = watch::channel(false);
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let until = until.to_owned();
        let (out, err) = (lines.clone(), lines.clone());
        let reader = tokio::spawn(async move {
            collect(stdout, &out, |line| {
                if line.contains(&until) {
                    seen.send_replace(true);
                }
            })
            .await;
        });
        let readers =
            vec![reader, tokio::spawn(async move { collect(stderr, &err, |_| ()).await })];
        let waited = tokio::time::timeout(PATIENCE, on_seen.wait_for(|seen| *seen)).await;
        let program = Program { child, lines, readers };
        assert!(matches!(waited, Ok(Ok(_))), "it did not start: {}", program.written());
        let written = program.written();
        (program, written)
    }
}

async fn collect(stream: impl AsyncRead + Unpin, lines: &Lines, mut each: impl FnMut(&str)) {
    let mut reader = BufReader::new(stream).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        let mut written = lines.lock().unwrap_or_else(PoisonError::into_inner);
        written.push_str(&line);
        written.push('\n');
        drop(written);
        each(&line);
    }
}

impl Program {
    /// Starts a server, and gives its base URL: `http://127.0.0.1:PORT`, or with `https`.
    pub async fn serve(run: Run) -> (Self, String) {
        let (program, written) = run.start("listening on http").await;
        let at = written.find("listening on http").expect("it says where it listens");
        let at = at + "listening on ".len();
        let url: String = written.chars().skip(at).take_while(|c| !c.is_whitespace()).collect();
        (program, url)
    }

    /// What it has written so far.
    #[must_use]
    pub fn written(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where a server says in its log, in either form, that its metrics are.
    pub async fn metrics(&self) -> String {
        let told = async {
            loop {
                let written = self.written();
                let mut lines = written.lines();
                let line = lines.find(|line| line.contains("metrics are served"));
                if let Some((_, rest)) = line.and_then(|line| line.split_once("127.0.0.1:")) {
                    return rest.chars().take_while(char::is_ascii_digit).collect::<String>();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let port = tokio::time::timeout(PATIENCE, told).await.expect("it says where they are");
        format!("http://127.0.0.1:{port}/metrics")
    }

    /// All metrics, as they are now.
    pub async fn counted(&self) -> String {
        let answer = client().get(self.metrics().await).send().await;
        answer.expect("an answer").text().await.expect("text")
    }

    /// The number of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Sends it a signal, by name: `TERM`, `INT`.
    pub async fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().await;
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for its end and for all it wrote, and gives its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        for reader in self.readers.drain(..) {
            reader.await.expect("what it writes is read");
        }
        ended.expect("it ends").expect("it is waited for").code()
    }

    /// Tells it to stop, and waits for it; gives its exit code.
    pub async fn stop(mut self) -> Option<i32> {
        self.signal("TERM").await;
        self.ended().await
    }
}
