//! The program and the vault, each a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How many made-up customers the vault has, each with a card: all that seven digits number.
pub(crate) const VAULT_CUSTOMERS: u32 = 10_000_000;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server on a free port of the loopback address. It is killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// When its process was started.
    pub(crate) started: Instant,
    log: PathBuf,
}

impl Server {
    /// Starts the vault, and waits until it listens.
    pub(crate) fn vault(folder: &Path, latency: u32) -> Self {
        let (count, latency) = (VAULT_CUSTOMERS.to_string(), latency.to_string());
        let mut command = Command::new(cardlift_tests::binary());
        command.args(["sandbox", "--customers", &count, "--latency-ms", &latency]);
        Self::start(folder, "vault", command, &[]).listening()
    }

    /// Starts the program; it may not listen yet.
    pub(crate) fn program(
        folder: &Path,
        binary: &Path,
        on: (&str, SocketAddr),
        settings: &[(String, String)],
    ) -> Self {
        Self::serve(folder, Command::new(binary), on, settings)
    }

    /// Starts the program as this command runs it; it may not listen yet.
    pub(crate) fn serve(
        folder: &Path,
        mut command: Command,
        (database, vault): (&str, SocketAddr),
        settings: &[(String, String)],
    ) -> Self {
        command.arg("serve");
        let base = format!("http://{vault}");
        let own = [
            ("DATABASE_URL", database),
            ("STRIPE_API_BASE", &base),
            ("STRIPE_API_KEY", "sk_test_bench"),
            ("CARDLIFT_MASTER_KEY", cardlift_tests::MASTER_KEY),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self::start(folder, "program", command, &[&own, settings].concat())
    }

    fn start(
        folder: &Path,
        name: &str,
        mut command: Command,
        settings: &[(String, String)],
    ) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        let log = folder.join(format!("{name}.log"));
        command.args(["--listen", &address.to_string()]);
        command.env_clear().envs(settings.iter().cloned()).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(File::create(&log).expect("a log"));
        let started = Instant::now();
        let child = command.spawn().expect("it starts");
        Self { child, address, started, log }
    }

    /// Once it listens.
    pub(crate) fn listening(mut self) -> Self {
        while let Err(error) = TcpStream::connect(self.address) {
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{}", self.written());
            let ended = self.child.try_wait().expect("it is waited for");
            assert!(ended.is_none(), "it ended: {}", self.written());
            assert!(self.started.elapsed() < PATIENCE, "it never listens: {}", self.written());
            std::thread::sleep(Duration::from_millis(1));
        }
        self
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to its log.
    pub(crate) fn written(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How many lines of its log hold this.
    pub(crate) fn lines_with(&self, text: &str) -> usize {
        let lines = BufReader::new(File::open(&self.log).expect("a log")).lines();
        lines.filter(|line| line.as_ref().expect("text").contains(text)).count()
    }

    /// Tells it to stop, and waits for its end, which must be a good one.
    pub(crate) fn stop(mut self) {
        let process = self.process().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.expect("kill runs").success());
        let ended = self.child.wait().expect("it ends");
        assert!(ended.success(), "{}", self.written());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _killed = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// A folder in memory where there is one, so that logs are no load on the disk.
pub(crate) fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder")
}
