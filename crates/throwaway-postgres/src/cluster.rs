//! A cluster of our own.

mod user;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

use self::user::User;
use crate::ThrowawayError;
use crate::programs;

/// How often a port is tried that somebody else took in between.
const TRIES: usize = 5;

/// Runs the server until its own stdin is at an end: that is when whoever started it is gone,
/// however that went. Then the server stops, and the folder goes.
const SUPERVISOR: &str = r#"
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
( while kill -0 $server 2>/dev/null; do
      if grep -q "database system is ready to accept connections" "$folder/log"; then
          echo ready; exit
      fi
      sleep 0.02
  done
  cat "$folder/log"; echo failed ) &
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$folder"
"#;

/// What a cluster is started with.
#[derive(Debug, Clone, Default)]
pub struct ClusterOptions {
    /// Serves TLS with this certificate.
    pub tls: Option<ServerTls>,
    /// More settings, as `postgresql.conf` has them.
    pub settings: Vec<(String, String)>,
}

/// A server's certificate and key, as PEM.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

/// A cluster that is running on the loopback address. It stops when dropped, and when the process
/// is gone that started it.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    /// What the supervisor waits for the end of.
    leash: Option<ChildStdin>,
    supervisor: Child,
    _folder: TempDir,
}

impl Cluster {
    /// Makes and starts a cluster: a second or so. What it stores does not survive a power cut.
    ///
    /// # Errors
    /// Each kind of [`ThrowawayError`] that is about programs.
    pub fn start(options: &ClusterOptions) -> Result<Self, ThrowawayError> {
        let programs = programs::find()?;
        let user = user::to_run_as()?;
        let folder = tempfile::Builder::new().prefix("pg").tempdir()?;
        own(folder.path(), user)?;
        let data = folder.path().join("data");
        let mut initdb = Command::new(programs.join("initdb"));
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]);
        initdb.args(["--locale=C", "--pgdata"]).arg(&data);
        let made = run_as(&mut initdb, user).current_dir(folder.path()).output()?;
        if !made.status.success() {
            let output = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(ThrowawayError::Program { what: "initdb failed", output });
        }
        if let Some(tls) = &options.tls {
            place(&data, "server.crt", &tls.certificate, user)?;
            place(&data, "server.key", &tls.key, user)?;
        }
        let mut failure = String::new();
        for _ in 0..TRIES {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut server = Command::new("sh");
            server.args(["-c", SUPERVISOR, "supervisor"]).arg(folder.path());
            server.arg(programs.join("postgres")).arg("-D").arg(&data);
            for (name, value) in settings(options, port, folder.path()) {
                server.arg("-c").arg(format!("{name}={value}"));
            }
            let server = run_as(&mut server, user).current_dir(folder.path()).process_group(0);
            let mut supervisor = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let leash = supervisor.stdin.take();
            match ready(&mut supervisor) {
                Ok(()) => return Ok(Self { port, leash, supervisor, _folder: folder }),
                Err(output) => failure = output,
            }
            if !failure.contains("could not bind") {
                break;
            }
        }
        Err(ThrowawayError::Program { what: "postgres did not start", output: failure })
    }

    /// The URL of one of its databases.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.leash.take());
        let _ended = self.supervisor.wait();
    }
}

fn settings(options: &ClusterOptions, port: u16, folder: &Path) -> Vec<(String, String)> {
    let folder = folder.display().to_string();
    let port = port.to_string();
    let mut settings = vec![
        ("listen_addresses", "127.0.0.1"),
        ("port", &port),
        ("unix_socket_directories", &folder),
        ("fsync", "off"),
        ("full_page_writes", "off"),
        ("synchronous_commit", "off"),
        ("max_connections", "300"),
        ("shared_buffers", "64MB"),
    ];
    if options.tls.is_some() {
        settings.push(("ssl", "on"));
    }
    let ours = settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    ours.chain(options.settings.iter().cloned()).collect()
}

/// Waits until the server takes connections, or is gone: then this is what it wrote.
fn ready(supervisor: &mut Child) -> Result<(), String> {
    let Some(stdout) = supervisor.stdout.take() else { return Err(String::new()) };
    let mut reader = BufReader::new(stdout);
    let mut written = String::new();
    loop {
        let start = written.len();
        match reader.read_line(&mut written) {
            Ok(length) if length > 0 => {}
            _ => return Err(written),
        }
        match written.get(start..).map(str::trim_end) {
            Some("ready") => return Ok(()),
            Some("failed") => return Err(written),
            _ => {}
        }
    }
}

fn place(folder: &Path, name: &str, text: &str, user: Option<User>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let path = folder.join(name);
    std::fs::write(&path, text)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    own(&path, user)
}

fn own(path: &Path, user: Option<User>) -> std::io::Result<()> {
    user.map_or(Ok(()), |user| chown(path, Some(user.id), Some(user.group)))
}

fn run_as(command: &mut Command, user: Option<User>) -> &mut Command {
    if let Some(user) = user {
        command.uid(user.id).gid(user.group);
    }
    command
}
